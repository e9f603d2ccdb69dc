using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>What fires when, and past fires made up for.</summary>
[Collection(nameof(OperatedStudio))]
public sealed class SchedulesTests(OperatedStudio studio)
{
    [Fact]
    public async Task The_week_shows_what_fires_what_was_missed_and_which_rule_keeps_a_schedule_from_ever_firing()
    {
        await using Tab tab = await studio.OpenAsync("/schedules");
        IPage page = tab.Page;
        ILocator week = page.GetByRole(AriaRole.Region, new() { Name = "Week" });
        await Expect(week.Locator("thead th")).ToHaveCountAsync(8);
        await Expect(week.Locator("tbody tr").First).ToContainTextAsync("end_of_february");
        await Expect(page.Locator("#s-end_of_february")).ToContainTextAsync("no such day exists");
        await Expect(page.Locator("#s-end_of_february")).ToContainTextAsync("WFL-1021");
        await Expect(page.Locator("#s-nightly_report .wk-next li")).ToHaveCountAsync(3);
        await Expect(page.Locator("#s-nightly_report")).ToContainTextAsync("at 17:30, Mon to Fri");
        await Expect(page.Locator("#s-forecast_h1_l5_daily_inference")).ToContainTextAsync("later release");

        // The week before today was spent without an engine.
        await page.GetByRole(AriaRole.Button, new() { Name = "Week before" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"week=\d{4}-\d\d-\d\d"));
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Came to nothing this week" })).ToContainTextAsync("no engine was there");
        await Expect(week.Locator("tr:has-text('nightly_report') .wk-fire.is-skipped").First).ToBeVisibleAsync();
        await page.GotoAsync("/schedules?week=2026-01-12&tz=exchange");
        await Expect(week.Locator("tr:has-text('peso_every_5_min') td.wk-shut")).ToContainTextAsync("Epiphany");
        await Expect(week.Locator("tr:has-text('weekly_digest') td.wk-shut")).ToHaveCountAsync(0);
        await Expect(week.Locator("tr:has-text('peso_every_5_min')")).ToContainTextAsync("60 not set up");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(week.Locator("tr:has-text('nightly_report') td.wk-shut")).ToContainTextAsync("Martin Luther King");
    }

    [Fact]
    public async Task A_pause_is_seen_in_another_browser_without_loading_anew_and_stays_after_a_reload()
    {
        await using Tab mine = await studio.OpenAsync("/schedules?sel=weekly_digest"), other = await studio.OpenAsync("/schedules");
        await Expect(other.Page.Locator("#s-weekly_digest")).ToContainTextAsync("Pause…");
        await Expect(mine.Page.Locator("#s-weekly_digest")).ToContainTextAsync("Pause…");
        await mine.Page.Locator("body").PressAsync("p");
        ILocator dialog = mine.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("It starts nothing by itself until it is resumed.");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true })).ToBeDisabledAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("the desk is closed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await Expect(other.Page.Locator("#s-weekly_digest")).ToContainTextAsync("the desk is closed");
        await Expect(other.Page.Locator("#s-weekly_digest")).ToContainTextAsync("by operator");
        await mine.Page.ReloadAsync();
        await Expect(mine.Page.Locator("#s-weekly_digest")).ToContainTextAsync("the desk is closed");
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Resume… weekly_digest" }).ClickAsync();
        await other.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync("it is open again");
        await other.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(mine.Page.Locator("#s-weekly_digest")).Not.ToContainTextAsync("the desk is closed");
    }

    [Fact]
    public async Task A_backfill_is_previewed_run_exactly_so_and_followed_until_it_is_done()
    {
        await using Tab tab = await studio.OpenAsync("/schedules?sel=nightly_report");
        IPage page = tab.Page;
        await Expect(page.Locator("#s-nightly_report")).ToBeVisibleAsync();
        await page.Locator("body").PressAsync("b");
        await Expect(page).ToHaveURLAsync(new Regex("/schedules/nightly_report/backfill$"));

        await page.GetByLabel("From").FillAsync("2026-01-06");
        await page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-01-05");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Preview" })).ToBeDisabledAsync();
        await Expect(page.Locator("#bf-why")).ToHaveTextAsync("From is after To.");

        // New Year week of 2026: Thursday the first is a holiday, so Wednesday, Friday and Monday are left.
        await page.GetByLabel("From").FillAsync("2025-12-31");
        await page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-01-05");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        ILocator fires = page.GetByRole(AriaRole.Region, new() { Name = "Would run" });
        await Expect(fires.Locator("li")).ToHaveCountAsync(3);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Excluded by the calendar" })).ToContainTextAsync("no trading on 2026-01-01");
        await Expect(page).ToHaveURLAsync(new Regex("from=2025-12-31&to=2026-01-05"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Run exactly these 3 fires…" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("3 runs of 1 step each");
        await LookTests.SeeAsync(page, "backfill-confirm");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("the store was new");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Run them" }).ClickAsync();
        ILocator made = page.GetByRole(AriaRole.Region, new() { Name = "Backfills" });
        await Expect(made).ToContainTextAsync("the store was new");
        await Expect(made.Locator(".bf-progress [data-state='completed']")).ToHaveCountAsync(3, new() { Timeout = 90_000 });
        await Expect(made).ToContainTextAsync("3 of 3 fires");
        await Expect(made).ToContainTextAsync("Done");

        // The same stretch again has nothing left; a longer one leaves them out by name.
        await page.GetByLabel("From").FillAsync("2025-12-30");
        await page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-01-05");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(fires.Locator("li")).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Have run or are under way" }).Locator("li")).ToHaveCountAsync(3);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Preview" })).ToContainTextAsync("median of");
        await page.GotoAsync("/schedules?week=2025-12-29");
        await Expect(page.Locator(".wk-grid tr:has-text('nightly_report') a.wk-fire")).ToHaveCountAsync(2);
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_viewer_reads_why_they_can_neither_pause_nor_backfill()
    {
        await using Tab tab = await studio.OpenAsAsync("viewer", "/schedules?sel=nightly_report");
        IPage page = tab.Page;
        ILocator pause = page.GetByRole(AriaRole.Button, new() { Name = "Pause… nightly_report" });
        await Expect(pause).ToBeDisabledAsync();
        await Expect(pause).ToHaveAttributeAsync("title", "Your role viewer may not. An operator or an admin may.");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Backfill… nightly_report" })).ToBeDisabledAsync();
        await page.Locator("body").PressAsync("p");
        await page.Locator("body").PressAsync("b");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.GotoAsync("/schedules/nightly_report/backfill?from=2026-01-05&to=2026-01-06");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Your role viewer may not. A researcher, an operator or an admin may.");
    }

    [Fact]
    public async Task A_lost_connection_says_so_lets_nothing_be_sent_and_catches_up()
    {
        await using Tab tab = await studio.OpenAsync("/schedules?sel=peso_every_5_min");
        IPage page = tab.Page;
        await Expect(page.Locator("#s-peso_every_5_min")).ToContainTextAsync("Pause…");
        await page.Locator("body").PressAsync("p");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("while nobody listens");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true })).ToBeEnabledAsync();
        await studio.WithoutServerAsync(async () =>
        {
            await Expect(page.Locator("p.offline")).ToContainTextAsync("nothing can be sent");
            await Expect(dialog).ToContainTextAsync("The server does not answer.");
            await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true })).ToBeDisabledAsync();
            await Expect(page.Locator("#s-peso_every_5_min")).ToBeVisibleAsync();
            await studio.CommandAsync("workflows", "pause", "peso_every_5_min", "--reason", "paused by a command meanwhile");
        });
        await Expect(page.Locator("#s-peso_every_5_min")).ToContainTextAsync("paused by a command meanwhile");
        await Expect(page.Locator("p.offline")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_page_first_visited_while_the_server_is_down_says_so_and_draws_itself_once_it_is_back()
    {
        await using Tab waiting = await studio.OpenAsync("/"), coming = await studio.OpenAsync("/");
        ILocator Link(Tab tab, string name) => tab.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = name, Exact = true });
        ILocator Heading(Tab tab, string name) => tab.Page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1, Exact = true });
        await Expect(Link(waiting, "Data")).ToBeVisibleAsync();
        await Expect(Link(coming, "Packs")).ToBeVisibleAsync();
        await studio.WithoutServerAsync(async () =>
        {
            await Link(waiting, "Data").ClickAsync();
            await Link(coming, "Packs").ClickAsync();
            await Expect(Heading(waiting, "The server does not answer")).ToBeVisibleAsync();
            await Expect(Heading(coming, "The server does not answer")).ToBeVisibleAsync();
            await Link(coming, "Home").ClickAsync();
            await Expect(Heading(coming, "The server does not answer")).ToHaveCountAsync(0);
        });
        await Expect(Heading(waiting, "Data")).ToBeVisibleAsync();
        await Expect(waiting.Page).ToHaveURLAsync(new Regex("/data$"));
        await Link(coming, "Packs").ClickAsync();
        await Expect(Heading(coming, "Packs")).ToBeVisibleAsync();
    }
}
