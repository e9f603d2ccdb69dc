using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Sigmatiq.Tests.Studio.DesignerPage;

namespace Sigmatiq.Tests.Studio;

/// <summary>Two people at one workflow, each in a browser of their own: they see each other, and neither loses anything.</summary>
[Collection(nameof(DesignedStudio))]
public sealed class DesignerOthersTests(DesignedStudio studio)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_people_see_each_other_and_a_version_of_the_one_is_compared_with_and_taken_under_the_changes_of_the_other()
    {
        await using Tab tab = await SavedAsync(studio, "shared");
        IPage mine = tab.Page;
        await using Tab theirs = await studio.OpenAsync("/", person: await PersonAsync("olga"));
        await OpenAsync(theirs.Page, "/workflows/shared/edit");
        await Expect(mine.Locator(".others")).ToContainTextAsync("olga edits too");
        await Expect(theirs.Page.Locator(".others")).ToContainTextAsync("edits too");

        // She saves while I change something else.
        await Node(mine, "align").ClickAsync();
        await mine.Locator("#f-steps-align-timeout").FillAsync("20m");
        await Node(theirs.Page, "report").ClickAsync();
        await theirs.Page.Locator("#f-steps-report-when").FillAsync("params.pack != \"\"");
        await theirs.Page.Locator("#f-steps-report-when").FillAsync("");
        await theirs.Page.Locator("#f-steps-report-timeout").FillAsync("1h");
        await SaveByKeysAsync(theirs.Page, "shared", "1.1.0", "an hour for the report");
        ILocator banner = mine.GetByRole(AriaRole.Status, new() { Name = "A newer version" });
        await Expect(banner).ToContainTextAsync("olga saved 1.1.0");
        await Expect(banner).ToContainTextAsync("an hour for the report");
        await Expect(mine.Locator("#f-steps-align-timeout")).ToHaveValueAsync("20m");
        await Expect(mine.Locator(".tb").GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") })).ToBeInViewportAsync(new() { Ratio = 1 });
        await PictureAsync(mine, "designer-newer");

        await banner.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        ILocator dialog = mine.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".yd-l.add").Filter(new() { HasText = "timeout: 20m" })).ToHaveCountAsync(1);
        await Expect(dialog.Locator(".yd-l.del").Filter(new() { HasText = "timeout: 1h" })).ToHaveCountAsync(1);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Back" }).Last.ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);

        await banner.GetByRole(AriaRole.Button, new() { Name = "Put mine onto 1.1.0…" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("are in different lines: both stand.");
        await PictureAsync(mine, "designer-rebase");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Take it onto 1.1.0" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(banner).ToHaveCountAsync(0);
        await Tab.HoldsAsync(async () => (await YamlAsync(mine)).Should().Contain("timeout: 20m").And.Contain("timeout: 1h").And.Contain("version: 1.1.0"));
        await SaveByKeysAsync(mine, "shared", "1.2.0", "both");
        string both = await File.ReadAllTextAsync(Path.Combine(studio.Files, "shared.1.2.0.yaml"), Ct);
        both.Should().Contain("timeout: 20m").And.Contain("timeout: 1h").And.Contain("# above align");

        // She has changed nothing since: she goes on from mine by one press.
        ILocator hers = theirs.Page.GetByRole(AriaRole.Status, new() { Name = "A newer version" });
        await hers.GetByRole(AriaRole.Button, new() { Name = "Go on from 1.2.0" }).ClickAsync();
        await Expect(theirs.Page.Locator(".cm-content")).ToContainTextAsync("timeout: 20m");
        await Expect(hers).ToHaveCountAsync(0);

        // Whoever leaves is no longer named.
        await theirs.Page.GotoAsync("/workflows");
        await Expect(mine.Locator(".others")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Where_both_changed_one_line_the_one_who_comes_second_chooses_and_nothing_is_taken_unseen()
    {
        await using Tab tab = await SavedAsync(studio, "same_line");
        IPage page = tab.Page;
        await Node(page, "align").ClickAsync();
        await page.Locator("#f-steps-align-timeout").FillAsync("20m");
        (await SaveAsync(page, Small.Replace("NAME", "same_line").Replace("1.0.0", "1.1.0").Replace("timeout: 10m", "timeout: 1h"), "1.0.0")).Should().Be(201);
        ILocator banner = page.GetByRole(AriaRole.Status, new() { Name = "A newer version" });
        await banner.GetByRole(AriaRole.Button, new() { Name = "Put mine onto 1.1.0…" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog), take = dialog.GetByRole(AriaRole.Button, new() { Name = "Take it onto 1.1.0" });
        await Expect(dialog).ToContainTextAsync("1 place was changed by both.");
        await Expect(take).ToBeDisabledAsync();
        await dialog.Locator(".rb label").Filter(new() { HasText = "timeout: 1h" }).ClickAsync();
        await Expect(take).ToBeEnabledAsync();
        await PictureAsync(page, "designer-rebase-conflict");
        await take.ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Locator("#f-steps-align-timeout")).ToHaveValueAsync("1h");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator("#f-steps-align-timeout")).ToHaveValueAsync("20m");
    }

    private static async Task SaveByKeysAsync(IPage page, string id, string version, string note)
    {
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "No problems" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+s");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Note").FillAsync(note);
        await dialog.GetByRole(AriaRole.Button, new() { Name = $"Save {version}" }).ClickAsync();
        await Expect(page.GetByText($"Saved {id} {version}.")).ToBeVisibleAsync();
    }

    private async Task<string> PersonAsync(string id)
    {
        await studio.CommandAsync("users", "add", id, "--role", "operator", "--reason", "a test");
        string link = await studio.CommandAsync("users", "link", id, "--reason", "a test", "--output", "json");
        return await studio.SignInAsync(new Uri(studio.Address, $"/sign-in?token={Regex.Match(link, "token=([0-9A-Za-z_-]+)").Groups[1].Value}").AbsoluteUri);
    }
}
