using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>Runs over time: steps down, runs across, in step with the address and with the run.</summary>
[Collection(nameof(OverTimeStudio))]
public sealed class RunGridTests(OverTimeStudio studio)
{
    private static readonly Regex Approve = new("^approve, Waiting");

    [Fact]
    public async Task Runs_stand_side_by_side_with_the_newest_at_the_right_and_a_cell_leads_to_its_run_with_that_step_chosen_everywhere()
    {
        await using Tab tab = await studio.OpenAsync("/runs?f=workflow:lifecycle");
        IPage page = tab.Page;
        ILocator grid = page.GetByRole(AriaRole.Grid, new() { NameRegex = new Regex("^Runs over time") });
        await Expect(grid).ToHaveAttributeAsync("aria-colcount", "26");
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", "11"); // the runs, nine steps, and a row for the stage that has two of them
        ILocator heads = grid.GetByRole(AriaRole.Columnheader);
        await Expect(heads).ToHaveCountAsync(26);
        await Expect(heads.Last.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", $"/runs/{OverTimeStudio.Id(OverTimeStudio.Count - 1)}");
        await Expect(heads.Last).ToBeInViewportAsync();
        await Expect(grid.GetByRole(AriaRole.Link, new() { NameRegex = Approve })).ToHaveCountAsync(1);
        await Expect(grid.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^align, Succeeded, 2 attempts") })).ToHaveCountAsync(2);

        // What went wrong is said as soon as it is pointed at.
        ILocator failed = grid.Locator($"a[href='/runs/{OverTimeStudio.Id(33)}?sel=train'][data-state='failed']").Last;
        await failed.HoverAsync();
        ILocator facts = page.GetByRole(AriaRole.Complementary, new() { Name = "The chosen run" });
        await Expect(facts).ToContainTextAsync("TRN-3004");
        await Expect(facts).ToContainTextAsync("There are 212 rows");
        await failed.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/runs/{OverTimeStudio.Id(33)}\\?sel=train$"));
        await Expect(page.Locator(".react-flow__node.selected")).ToContainTextAsync("train");
        await Expect(page.Locator(".tl-row.on")).ToContainTextAsync("train", new() { UseInnerText = true });
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^train"), Level = 2 })).ToBeVisibleAsync();

        // A row of the timeline chooses in the graph and the panel too.
        await page.Locator(".tl-row").Filter(new() { HasText = "sweep" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "sweep", Level = 2 })).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex("sel=sweep"));
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Arrows_walk_the_grid_the_address_follows_and_enter_opens()
    {
        await using Tab tab = await studio.OpenAsync("/runs?f=workflow:lifecycle");
        IPage page = tab.Page;
        ILocator newest = page.GetByRole(AriaRole.Columnheader).Last.GetByRole(AriaRole.Link);
        await newest.FocusAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"sel={OverTimeStudio.Id(OverTimeStudio.Count - 1)}$"));
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("a:focus")).ToHaveAttributeAsync("aria-label", new Regex("^bootstrap, Succeeded"));
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("PageDown");
        await Expect(page.Locator("a:focus")).ToHaveAttributeAsync("aria-label", new Regex("^monitor, "));
        await Expect(page).ToHaveURLAsync(new Regex($"sel={OverTimeStudio.Id(38)}%2Fmonitor$"));
        await page.Keyboard.PressAsync("Home");
        await Expect(page.Locator("a:focus")).ToBeInViewportAsync();
        await Expect(page.Locator(".rg a[tabindex='0']")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex($"/runs/{OverTimeStudio.Id(15)}\\?sel=deploy$"));
        await page.GoBackAsync();
        await Expect(page.Locator(".rg a[tabindex='0']")).ToHaveAttributeAsync("aria-label", new Regex("^deploy, "));
        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "The chosen run" })).ToContainTextAsync("evidence failed");
    }

    [Fact]
    public async Task Older_runs_come_at_the_left_with_the_steps_that_their_version_had_and_filters_choose_columns()
    {
        await using Tab tab = await studio.OpenAsync("/runs?f=workflow:lifecycle");
        IPage page = tab.Page;
        ILocator heads = page.GetByRole(AriaRole.Columnheader);
        await Expect(heads).ToHaveCountAsync(26);
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "check" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Expect(heads).ToHaveCountAsync(OverTimeStudio.Count + 1);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Older" })).ToHaveCountAsync(0);
        await Expect(heads.Last).ToBeInViewportAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "check" })).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^check, not in version 1.0.0") })).ToHaveCountAsync(28);
        await Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^forecast, not in version 0.9.0") })).ToHaveCountAsync(12);

        // A folded stage says the worst of its steps.
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Train") }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("fold=Train"));
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "sweep" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Train, Failed") })).ToHaveCountAsync(2);

        await page.GetByRole(AriaRole.Group, new() { Name = "State" }).GetByRole(AriaRole.Button, new() { Name = "Failed" }).ClickAsync();
        await Expect(heads).ToHaveCountAsync(5); // 5, 15, 22, 33
        await page.GetByLabel("Instrument").SelectOptionAsync("TECH.SYN");
        await Expect(heads).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Group, new() { Name = "View" }).GetByRole(AriaRole.Button, new() { Name = "Table" }).ClickAsync();
        await Expect(page.Locator("table.runs tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("table.runs tbody tr")).ToContainTextAsync("TECH.SYN");
        await page.Locator("body").PressAsync("Escape");
        await Expect(page.Locator("table.runs tbody tr")).Not.ToHaveCountAsync(1);
        await page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-10-02");
        await Expect(page.Locator("table.runs tbody tr")).ToHaveCountAsync(5);
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_run_that_begins_stands_in_its_column_at_once_and_its_steps_change_in_place()
    {
        await using Tab tab = await studio.OpenAsync("/workflows/reapproval?tab=runs");
        IPage page = tab.Page;
        await Expect(page.GetByText("No run", new() { Exact = false }).First).ToBeVisibleAsync();
        string run = await page.EvaluateAsync<string>(
            """
            async () => (await (await fetch("/api/workflows/reapproval/trigger", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ parameters: { sweep: "no_such_sweep", model: "none" } }) })).json()).id
            """);
        ILocator head = page.GetByRole(AriaRole.Columnheader).Last.GetByRole(AriaRole.Link);
        await Expect(head).ToHaveAttributeAsync("href", $"/runs/{run}");
        await Expect(head).ToHaveAttributeAsync("data-state", "failed");
        await Expect(page.GetByRole(AriaRole.Gridcell).Locator("a[data-state='failed']")).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Gridcell).Locator("a[data-state='skipped']").First).ToBeVisibleAsync();

        // Where no workflow is chosen, it is the one that ran last.
        await page.GotoAsync("/runs");
        await Expect(page.GetByLabel("Workflow")).ToHaveValueAsync("reapproval");
        await Expect(page.GetByRole(AriaRole.Columnheader).Last.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", $"/runs/{run}");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task On_a_phone_the_grid_scrolls_alone_and_the_newest_runs_are_listed_below()
    {
        await using Tab tab = await studio.OpenAsync("/runs?f=workflow:lifecycle", width: 390, height: 844);
        IPage page = tab.Page;
        await Expect(page.GetByRole(AriaRole.Columnheader).Last).ToBeInViewportAsync();
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).Should().BeLessThanOrEqualTo(0);
        (await page.Locator(".rg-scroll").EvaluateAsync<bool>("e => e.scrollWidth > e.clientWidth && e.scrollLeft > 0")).Should().BeTrue();
        ILocator listed = page.Locator(".rg-list a");
        await Expect(listed).ToHaveCountAsync(8);
        (await listed.First.BoundingBoxAsync())!.Height.Should().BeGreaterThanOrEqualTo(44);
        await listed.Nth(3).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/run_[0-9a-f]+$"));
    }
}

/// <summary>Runs over time, looked at as <see cref="LookTests"/> looks at the others.</summary>
[Collection(nameof(OverTimeStudio))]
public sealed class RunGridLookTests(OverTimeStudio studio)
{
    public static TheoryData<string, string> Pages => new()
    {
        { "runs", $"/runs?f=workflow:lifecycle&sel={OverTimeStudio.Id(33)}%2Ftrain" }, { "runs-table", "/runs?view=table" }, { "workflow-runs", "/workflows/lifecycle?tab=runs&fold=Train" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_page_is_well_in_both_themes_and_at_both_widths(string name, string path) => LookTests.LookAsync(studio, name, path);
}
