using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Sigmatiq.Tests.Studio.DesignerPage;

namespace Sigmatiq.Tests.Studio;

/// <summary>What was begun is not lost, also by whoever leaves the page in the same breath, and can be found again.</summary>
[Collection(nameof(DesignedStudio))]
public sealed class DesignerDraftTests(DesignedStudio studio)
{
    [Fact]
    public async Task An_edit_is_kept_although_the_page_is_left_at_once_and_a_workflow_that_was_never_saved_is_found_and_discarded()
    {
        await using Tab tab = await studio.OpenAsync("/workflows/new");
        IPage page = tab.Page;
        await page.GetByLabel("Id", new() { Exact = true }).FillAsync("left_at_once");
        await page.GetByLabel("Summary").FillAsync("Before");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open the designer" }).ClickAsync();
        await page.Locator(".cm-line", new() { HasText = "summary: Before" }).ClickAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.TypeAsync(" and after");
        // Another page of the same server, loaded anew: nothing of the old page goes on.
        await page.GotoAsync("/workflows");

        ILocator drafts = page.GetByRole(AriaRole.Region, new() { Name = "Drafts of yours" });
        await Expect(drafts).ToContainTextAsync("left_at_once new, kept");
        await PictureAsync(page, "workflow-drafts");
        await page.GotoAsync("/workflows/new");
        await page.GetByLabel("Id", new() { Exact = true }).FillAsync("left_at_once");
        await Expect(page.Locator("#wf-why")).ToContainTextAsync("You have a draft of left_at_once");
        await page.GetByRole(AriaRole.Link, new() { Name = "Go on with the draft" }).ClickAsync();
        await Expect(page.Locator(".cm-content")).ToContainTextAsync("Before and after");

        await page.GotoAsync("/workflows");
        await drafts.GetByRole(AriaRole.Button, new() { Name = "Discard the draft of left_at_once" }).ClickAsync();
        await Expect(page.GetByText("Discarded your draft of left_at_once.")).ToBeVisibleAsync();
        await Expect(drafts.GetByText("left_at_once")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(drafts.GetByText("left_at_once")).ToHaveCountAsync(1);
        await drafts.GetByRole(AriaRole.Link, new() { Name = "left_at_once" }).ClickAsync();
        await Expect(page.Locator(".cm-content")).ToContainTextAsync("Before and after");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Who_saves_what_has_not_changed_is_told_so()
    {
        await using Tab tab = await SavedAsync(studio, "as_it_is");
        await tab.Page.Keyboard.PressAsync("Control+s");
        await Expect(tab.Page.GetByText("Nothing has changed: it is saved as it is.")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }
}
