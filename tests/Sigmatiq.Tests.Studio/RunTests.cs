using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>A run: its graph, its timeline, the log of a step, and the decisions about it.</summary>
[Collection(nameof(ServedStudio))]
public sealed class RunTests(ServedStudio studio)
{
    [Fact]
    public async Task A_run_is_found_in_the_list_and_shows_its_graph_its_timeline_and_the_log_of_the_chosen_step()
    {
        await using Tab tab = await studio.OpenAsync("/runs?view=table&f=workflow:lifecycle&f=status:waiting");
        IPage page = tab.Page;
        await page.Locator("table.runs tbody tr").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/runs/{studio.Run}$"));
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(10); // nine steps, of which the training has two items
        await Expect(page.Locator(".react-flow__node[data-id='approve'] .is-waiting")).ToHaveCountAsync(1);
        await Expect(page.Locator(".react-flow__node[data-id='deploy'] .is-pending")).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "approve", Level = 2 })).ToBeVisibleAsync();

        await page.Locator(".react-flow__node[data-id='bootstrap']").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "bootstrap", Level = 2 })).ToBeVisibleAsync();
        await Expect(page.Locator(".tl-row.on")).ToContainTextAsync("bootstrap", new() { UseInnerText = true });
        ILocator log = page.GetByRole(AriaRole.Log);
        await Expect(log).ToContainTextAsync("PCK-2003");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Find in the log" }).FillAsync("trail");
        await Expect(log.Locator("mark").First).ToHaveTextAsync(new Regex("trail", RegexOptions.IgnoreCase));
        await Expect(log).Not.ToContainTextAsync("PCK-2003");

        await page.Locator(".react-flow__node[data-id='bootstrap']").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page).ToHaveURLAsync(new Regex("sel=align"));
        await page.Keyboard.PressAsync("3");
        await Expect(page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("snapshot");
        await page.Keyboard.PressAsync("5");
        await Expect(page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("uses: market.align");

        // What cancelling would do to the vote that it waits for; nothing is sent.
        await page.Locator("body").PressAsync("Shift+C");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("approve waits no longer; its request for a vote is rejected at once, with the reason that its run was cancelled.");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_run_is_started_from_its_workflow_seen_live_and_cancelled_with_what_that_stops()
    {
        await using Tab tab = await studio.OpenAsync("/workflows");
        IPage page = tab.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Trigger… lifecycle" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("with 9 steps");
        await dialog.GetByLabel("select").FillAsync("9");
        await Expect(dialog).ToContainTextAsync("At most 5.");
        await dialog.GetByLabel("select").FillAsync("1");
        await dialog.GetByLabel("ticker").FillAsync("TECH.SYN");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/run_"));
        await Expect(page.Locator(".react-flow__node[data-id='bootstrap'] .is-succeeded")).ToHaveCountAsync(1);

        await page.Locator("body").PressAsync("Shift+C");
        await Expect(dialog).ToContainTextAsync("never begins");
        ILocator confirm = dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel the run" });
        await Expect(confirm).ToBeDisabledAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("only a look <script>alert(1)</script> \u202Egnp");
        await confirm.ClickAsync();
        await Expect(page.Locator(".hd [data-state='cancelled']")).ToBeVisibleAsync();
        await Expect(page.Locator(".met")).ToContainTextAsync(new Regex("Step [1-8] of 9"));
        await Expect(page.Locator(".why")).ToContainTextAsync("only a look <script>alert(1)</script> \\u{202e}gnp");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Rerun…" })).ToBeVisibleAsync();

        // Against the run before it: what was asked stands apart from what any two runs differ in.
        await page.Locator("body").PressAsync("c");
        await Expect(page).ToHaveURLAsync(new Regex("/runs/diff\\?a=run_[0-9a-f]+&b=run_[0-9a-f]+$"));
        ILocator asked = page.GetByRole(AriaRole.Region, new() { Name = "Parameters" });
        await Expect(asked.GetByRole(AriaRole.Row).Filter(new() { HasText = "ticker" })).ToContainTextAsync("TECH.SYN");
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "differ" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Names and times")).ToBeVisibleAsync();
        await page.GetByLabel("Compare the other").SelectOptionAsync(new SelectOptionValue { Value = studio.Run });
        await page.GetByLabel("Compare one").SelectOptionAsync(new SelectOptionValue { Value = studio.Run });
        await Expect(page.GetByText("Both did and gave the same")).ToBeVisibleAsync();
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Two_browsers_see_one_change()
    {
        await using Tab home = await studio.OpenAsync("/runs?view=table"), other = await studio.OpenAsync("/workflows?sel=lifecycle&do=trigger");
        await Expect(home.Page.Locator("table.runs tbody tr").First).ToBeVisibleAsync();
        int before = await home.Page.Locator("table.runs tbody tr").CountAsync();
        ILocator dialog = other.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("ticker").FillAsync("FINA.SYN");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(home.Page.Locator("table.runs tbody tr")).ToHaveCountAsync(before + 1);
        await Expect(other.Page).ToHaveURLAsync(new Regex("/runs/run_"));
        await other.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Cancel…") }).ClickAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("seen");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel the run" }).ClickAsync();
        await Expect(home.Page.Locator("table.runs tbody tr").First.Locator("[data-state='cancelled']")).ToBeVisibleAsync();
    }
}
