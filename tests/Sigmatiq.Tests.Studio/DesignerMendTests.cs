using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Sigmatiq.Tests.Studio.DesignerPage;

namespace Sigmatiq.Tests.Studio;

/// <summary>A workflow whose newest file holds nothing is opened in the designer all the same: with its text, what is wrong at its place, and the last graph that held.</summary>
[Collection(nameof(DesignedStudio))]
public sealed class DesignerMendTests(DesignedStudio studio)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_newest_file_that_does_not_parse_is_mended_over_the_last_graph_and_saved_as_the_version_after_it()
    {
        await using Tab tab = await SavedAsync(studio, "torn");
        IPage page = tab.Page;
        string broken = Small.Replace("NAME", "torn").Replace("1.0.0", "1.1.0").Replace("timeout: 10m", "timeout: [10m");
        await File.WriteAllTextAsync(Path.Combine(studio.Files, "torn.1.1.0.yaml"), broken, Ct);

        await OpenAsync(page, "/workflows/torn/edit");
        ILocator banner = page.GetByRole(AriaRole.Status, new() { Name = "Broken file" });
        await Expect(banner).ToContainTextAsync("torn.1.1.0.yaml is no workflow: 1 problem.");
        await Expect(banner).ToContainTextAsync("The last that could be read is 1.0.0.");
        await Expect(page.Locator(".fc.stale")).ToHaveCountAsync(1);
        await Expect(page.GetByText("The graph is that of 1.0.0.")).ToBeVisibleAsync();
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Be(broken, "the text is there as it lies in the file"));
        await Expect(page.Locator(".cm-lintRange-error").First).ToBeVisibleAsync();
        ILocator save = page.Locator(".tb").GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") });
        await Expect(save).ToBeDisabledAsync();
        await PictureAsync(page, "designer-broken");
        await banner.GetByRole(AriaRole.Button, new() { Name = "Compare with 1.0.0" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".yd-l.add").Filter(new() { HasText = "timeout" })).ToContainTextAsync("timeout: [10m");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Back" }).Last.ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);

        // Beginning from what held and going back loses nothing.
        await banner.GetByRole(AriaRole.Button, new() { Name = "Begin from 1.0.0" }).ClickAsync();
        await Expect(page.Locator(".fc.stale")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Be(broken));

        await page.Locator(".cm-line", new() { HasText = "timeout: [10m" }).ClickAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Shift+Home");
        await page.Keyboard.TypeAsync("timeout: 20m");
        await Expect(page.Locator(".fc.stale")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "No problems" })).ToBeVisibleAsync();
        await Expect(save).ToBeEnabledAsync();
        await save.ClickAsync();
        await Expect(dialog).ToContainTextAsync("timeout");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save 1.2.0" }).ClickAsync();
        await Expect(page.GetByText("Saved torn 1.2.0.")).ToBeVisibleAsync();
        await Expect(banner).ToHaveCountAsync(0);
        (await File.ReadAllTextAsync(Path.Combine(studio.Files, "torn.1.1.0.yaml"), Ct)).Should().Be(broken, "nothing is overwritten");
        (await File.ReadAllTextAsync(Path.Combine(studio.Files, "torn.1.2.0.yaml"), Ct)).Should().Contain("timeout: 20m").And.Contain("# above align");
    }

    [Fact]
    public async Task A_file_that_was_edited_under_its_published_version_says_so_and_either_content_becomes_a_version_of_its_own()
    {
        await using Tab tab = await SavedAsync(studio, "edited");
        IPage page = tab.Page;
        string edited = Small.Replace("NAME", "edited").Replace("timeout: 10m", "timeout: 45m");
        await File.WriteAllTextAsync(Path.Combine(studio.Files, "edited.1.0.0.yaml"), edited, Ct);
        await OpenAsync(page, "/workflows/edited/edit");
        ILocator banner = page.GetByRole(AriaRole.Status, new() { Name = "Edited after it was published" });
        await Expect(banner).ToContainTextAsync("edited.1.0.0.yaml was edited after 1.0.0 was published.");
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Be(edited));
        await PictureAsync(page, "designer-edited");
        await banner.GetByRole(AriaRole.Button, new() { Name = "Take what was published" }).ClickAsync();
        await Expect(page.Locator(".cm-content")).ToContainTextAsync("timeout: 10m");
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator(".cm-content")).ToContainTextAsync("timeout: 45m");
        ILocator save = page.Locator(".tb").GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") });
        await Expect(save).ToBeEnabledAsync();
        await save.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("timeout");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save 1.1.0" }).ClickAsync();
        await Expect(page.GetByText("Saved edited 1.1.0.")).ToBeVisibleAsync();
        await Expect(banner).ToHaveCountAsync(0);
        (await File.ReadAllTextAsync(Path.Combine(studio.Files, "edited.1.1.0.yaml"), Ct)).Should().Contain("timeout: 45m");
    }

    [Fact]
    public async Task A_file_without_a_version_before_it_says_that_there_is_no_graph_and_one_that_is_no_text_that_it_stays_as_it_is()
    {
        await File.WriteAllTextAsync(Path.Combine(studio.Files, "alone.1.0.0.yaml"), "workflow: alone\nversion: 1.0.0\nsteps: {\n", Ct);
        await File.WriteAllBytesAsync(Path.Combine(studio.Files, "bytes.1.0.0.yaml"), [0x77, 0xff, 0xfe, 0x0a], Ct);
        await using Tab tab = await studio.OpenAsync("/workflows/alone/edit");
        await Expect(tab.Page.GetByText("No version before it could be read.").First).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("No graph", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(tab.Page.Locator(".cm-content")).ToContainTextAsync("workflow: alone");
        (await YamlAsync(tab.Page)).Should().StartWith("workflow: alone\nversion: 1.0.0\nsteps: {");
        await tab.Page.GotoAsync("/workflows/bytes/edit");
        await Expect(tab.Page.GetByText("bytes.1.0.0.yaml cannot be read")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("The file stays as it is")).ToBeVisibleAsync();
        (await File.ReadAllBytesAsync(Path.Combine(studio.Files, "bytes.1.0.0.yaml"), Ct)).Should().Equal(0x77, 0xff, 0xfe, 0x0a);

        // A text of another workflow is not saved here.
        await using Tab other = await SavedAsync(studio, "named_so");
        await other.Page.Locator(".cm-line", new() { HasText = "workflow: named_so" }).ClickAsync();
        await other.Page.Keyboard.PressAsync("End");
        await other.Page.Keyboard.TypeAsync("_not");
        await Expect(other.Page.Locator(".tb").GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") })).ToBeDisabledAsync();
        await other.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^1 problem") }).ClickAsync();
        await Expect(other.Page.GetByRole(AriaRole.Region, new() { Name = "Problems" })).ToContainTextAsync("WFL-1016");
        foreach (string file in Directory.GetFiles(studio.Files, "alone.*").Concat(Directory.GetFiles(studio.Files, "bytes.*")))
        {
            File.Delete(file);
        }
    }
}
