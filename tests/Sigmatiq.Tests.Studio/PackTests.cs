using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>What a pack trades, and when: read, compared, checked, published.</summary>
[Collection(nameof(BuiltStudio))]
public sealed class PackTests(BuiltStudio studio)
{
    [Fact]
    public async Task A_pack_is_read_with_its_rules_as_sentences_and_the_expression_beneath()
    {
        await using Tab tab = await studio.OpenAsync("/packs");
        IPage page = tab.Page;
        await page.Locator("table.packs-t").GetByRole(AriaRole.Link, new() { Name = "Swing Sigma", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/packs/swingsigma/1\\.1\\.0"));
        ILocator momentum = page.GetByRole(AriaRole.Article, new() { Name = "Momentum Swing" });
        await Expect(momentum.Locator(".says").First).ToContainTextAsync("Relative Strength Index is above 50 and below 70");
        await Expect(momentum.Locator(".says code").First).ToHaveTextAsync("rsi > 50 AND rsi < 70");
        await Expect(momentum).ToContainTextAsync("long only");
        await Expect(page.Locator("#gates")).ToContainTextAsync("at least 40.0%");
        await Expect(page.Locator("#features")).ToContainTextAsync("detect_divergence(price, rsi)");
        await Expect(page.Locator("#policies")).ToContainTextAsync("A trail ends it 5% behind the best price since the entry.");
        await Expect(page.Locator("#parameters tr", new() { HasText = "rsi_period" })).ToContainTextAsync("2 to 500, whole");
        await Expect(page.Locator("#lint")).ToContainTextAsync("PCK-2006");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("d");
        await Expect(page.Locator("#diff")).ToContainTextAsync("From swingsigma@1.0.0 to swingsigma@1.1.0");
        await Expect(page.Locator("#diff tr", new() { HasText = "pack.version" })).ToContainTextAsync("1.0.0");
        await Expect(page).ToHaveURLAsync(new Regex("diff=1\\.0\\.0"));
        await LookTests.SeeAsync(page, "pack-diff-dark-1440");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_broken_text_is_told_with_its_path_its_code_and_what_to_do()
    {
        await using Tab tab = await studio.OpenAsync("/packs/swingsigma/1.1.0?do=check");
        IPage page = tab.Page;
        ILocator text = page.GetByRole(AriaRole.Textbox, new() { Name = "Text of strategies.yaml" });
        await Expect(page.Locator("#check .findings")).ToContainTextAsync("PCK-2006");
        string sound = await text.InputValueAsync();
        await text.FillAsync(sound.Replace("adx > 25", "wibble > 25", StringComparison.Ordinal));
        ILocator finding = page.Locator("#check .findings li[data-level='error']", new() { HasText = "PCK-1006" });
        await Expect(finding).ToContainTextAsync("PCK-1006");
        await Expect(finding).ToContainTextAsync("wibble");
        await LookTests.SeeAsync(page, "pack-check-dark-1440");
        ILocator place = finding.GetByRole(AriaRole.Button);
        await Expect(place).ToHaveTextAsync(new Regex("^strategies\\.yaml:\\d+:\\d+$"));
        await page.GetByRole(AriaRole.Group, new() { Name = "File" }).GetByRole(AriaRole.Button, new() { Name = "gates" }).ClickAsync();
        await place.ClickAsync();
        await Expect(text).ToBeFocusedAsync();
        string line = await text.EvaluateAsync<string>("t => t.value.slice(t.selectionStart).split('\\n')[0]");
        line.Should().Contain("wibble > 25", "the caret stands where the fault is");
        await text.FillAsync(sound);
        await Expect(finding).ToHaveCountAsync(0);
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_version_is_published_after_its_preview_and_a_viewer_sees_why_they_cannot()
    {
        // The lifecycle of this store has published every pack, so the page is told once that this one is not.
        static async Task UnpublishedAsync(IPage page)
        {
            bool isFirst = true;
            await page.RouteAsync("**/document", async route =>
            {
                IAPIResponse answer = await route.FetchAsync();
                JsonNode body = JsonNode.Parse(await answer.TextAsync())!;
                body["published"] = isFirst ? null : body["published"]?.DeepClone();
                isFirst = false;
                await route.FulfillAsync(new() { Response = answer, Body = body.ToJsonString() });
            });
            await page.GotoAsync("/packs/swingsigma/1.0.0");
        }

        await using (Tab looker = await studio.OpenAsAsync("viewer", "/packs"))
        {
            await UnpublishedAsync(looker.Page);
            await Expect(looker.Page.GetByRole(AriaRole.Button, new() { Name = "Publish…" })).ToBeDisabledAsync();
            await Expect(looker.Page.Locator("#publish-why")).ToContainTextAsync("Your role viewer may not. An operator or an admin may.");
        }

        await using Tab tab = await studio.OpenAsync("/packs");
        await UnpublishedAsync(tab.Page);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Publish…" }).ClickAsync();
        ILocator dialog = tab.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("can never change again");
        await Expect(dialog).ToContainTextAsync("packs publish swingsigma@1.0.0");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Digest" })).ToContainTextAsync("This version is published");
        tab.Complaints.Should().BeEmpty();
    }
}
