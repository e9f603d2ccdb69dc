using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>A run that has ended and goes on.</summary>
[Collection(nameof(DesignedStudio))]
public sealed class RunAgainTests(DesignedStudio studio)
{
    private const string Text = """
        workflow: no_bars
        version: 1.0.0
        summary: Aligns what has no bars
        steps:
          align: { uses: market.align, with: { ticker: NOBARS, pack: swingsigma@1.1.0 } }
        """;

    [Fact]
    public async Task A_failed_run_that_is_retried_is_followed_again_without_a_reload_as_often_as_it_is_retried()
    {
        await File.WriteAllTextAsync(Path.Combine(studio.Files, "no_bars.1.0.0.yaml"), Text, TestContext.Current.CancellationToken);
        await using Tab mine = await studio.OpenAsync("/workflows?sel=no_bars&do=trigger"), other = await studio.OpenAsync("/");
        IPage page = mine.Page;
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/run_"));
        await Expect(page).Not.ToHaveURLAsync(new Regex("sel="));
        ILocator failed = page.Locator(".hd [data-state='failed']");
        await Expect(failed).ToBeVisibleAsync();
        page.Url.Should().MatchRegex("/runs/run_[0-9a-f]+$", "what chose the workflow is no choice of a step");
        await other.Page.GotoAsync(page.Url);

        for (int attempt = 2; attempt <= 3; attempt++)
        {
            await Expect(failed).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Retry…" }).ClickAsync();
            ILocator dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByRole(AriaRole.Textbox).FillAsync($"once more, attempt {attempt}");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
            foreach (Tab tab in (Tab[])[mine, other])
            {
                await Expect(tab.Page.Locator(".react-flow__node[data-id='align']")).ToContainTextAsync($"after {attempt} attempts");
                await Expect(tab.Page.Locator(".hd [data-state='failed']")).ToBeVisibleAsync();
            }
        }
    }
}
