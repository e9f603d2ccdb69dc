using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>Which bars there are, what is wrong with them, and how more come in.</summary>
[Collection(nameof(OperatedStudio))]
public sealed class DataTests(OperatedStudio studio)
{
    [Fact]
    public async Task The_coverage_leads_to_a_series_whose_missing_day_and_jump_are_named_and_whose_days_are_walked_by_the_arrows()
    {
        await using Tab tab = await studio.OpenAsync("/data?q=spy");
        IPage page = tab.Page;
        await Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("^SPY 1h\\. .*1 month with gaps, the newest Jan 2026") })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Snapshots" })).ToContainTextAsync("SPY 1h");
        await page.GetByRole(AriaRole.Region, new() { Name = "Coverage by month" }).GetByRole(AriaRole.Link, new() { Name = "SPY 1h" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/data/SPY/1h"));
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "State" })).ToContainTextAsync("Flagged");
        ILocator findings = page.GetByRole(AriaRole.Region, new() { Name = "Findings" });
        await Expect(findings).ToContainTextAsync("gap");
        await Expect(findings).ToContainTextAsync("Import the sessions that are missing");
        await findings.Locator("li").Filter(new() { HasText = "jump over 25pct" }).GetByRole(AriaRole.Button, new() { Name = "8 Jan 2026" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("day=2026-01-08"));
        ILocator bars = page.GetByRole(AriaRole.Region, new() { Name = "Bars of the day" }).First;
        await Expect(bars).ToContainTextAsync("8 Jan 2026: 7 of 7 bars");
        await Expect(bars.Locator("canvas").First).ToBeVisibleAsync();
        ILocator day = page.GetByRole(AriaRole.Slider, new() { Name = "Day" });
        await day.PressAsync("ArrowUp");
        await Expect(day).ToHaveAttributeAsync("aria-valuetext", "7 Jan 2026: 0 of 7 bars, 7 missing");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("No bar on this day.");
        await day.PressAsync("ArrowLeft");
        await Expect(page).ToHaveURLAsync(new Regex("day=2025-12-31"));

        // Fourteen days of seven bars and a header.
        IDownload file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "CSV: SPY-1h" }).ClickAsync());
        file.SuggestedFilename.Should().Be("SPY-1h.csv");
        string[] lines = await File.ReadAllLinesAsync((await file.PathAsync())!, TestContext.Current.CancellationToken);
        lines[0].Should().StartWith("start,open,high,low,close,volume");
        lines.Should().HaveCount(99);
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_bad_import_names_line_and_rule_and_changes_nothing_and_a_good_one_shows_in_the_calendar()
    {
        await using Tab tab = await studio.OpenAsync("/data"), other = await studio.OpenAsync("/data?q=qqq");
        IPage page = tab.Page;
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Coverage by month" })).ToBeVisibleAsync();
        await page.Locator("body").PressAsync("i");
        await Expect(page).ToHaveURLAsync(new Regex("/data/import$"));
        await page.GetByLabel("Symbol").FillAsync("QQQ");
        await SendAsync(page, "qqq <bad>.csv", OperatedStudio.Hours(new DateOnly(2026, 2, 2), 5, broken: new DateOnly(2026, 2, 4)));

        // Two days of seven bars lie before it, and the header is line 1.
        ILocator refused = page.GetByRole(AriaRole.Alert, new() { Name = "Refused rows, QQQ 1h" });
        await Expect(refused.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(refused.Locator("tbody tr td").First).ToHaveTextAsync("16");
        await Expect(refused).ToContainTextAsync("high_below_body");
        await Expect(refused).ToContainTextAsync("the high is below the open or the close");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Import…" })).ToBeDisabledAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("1 row is refused");
        await LookTests.SeeAsync(page, "import-refused");
        (await studio.CommandAsync("data", "list", "-o", "json")).Should().NotContain("QQQ");

        await SendAsync(page, "notes.csv", "hello\nthere\n");
        await Expect(page.GetByRole(AriaRole.Alert, new() { Name = "Report" })).ToContainTextAsync("MKT-2003");

        await SendAsync(page, "qqq.csv", OperatedStudio.Hours(new DateOnly(2026, 2, 2), 5));
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Report" })).ToContainTextAsync("35 added");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import…" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("QQQ 1h: 35 bars are added");
        await LookTests.SeeAsync(page, "import-preview");
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("history of the desk");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "The bars are in the store." })).ToBeVisibleAsync();
        await Expect(other.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("^QQQ 1h\\. Complete from Feb 2026") })).ToBeVisibleAsync();
        await page.GotoAsync("/data/QQQ/1h?day=2026-02-04");
        await Expect(page.GetByRole(AriaRole.Slider, new() { Name = "Day" })).ToHaveAttributeAsync("aria-valuetext", "4 Feb 2026: 7 of 7 bars");
    }

    [Fact]
    public async Task A_broken_fact_is_let_pass_in_an_import_with_a_reason_and_waived_for_the_series()
    {
        await using Tab tab = await studio.OpenAsync("/data/import");
        IPage page = tab.Page;
        await page.GetByLabel("Symbol").FillAsync("IWM");
        await SendAsync(page, "iwm.csv", OperatedStudio.Hours(new DateOnly(2026, 2, 2), 5, broken: new DateOnly(2026, 2, 4)));
        await page.GetByLabel("high_below_body").CheckAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Report" })).ToContainTextAsync("Would be taken in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import…" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("high_below_body: let pass in this import.");
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("the vendor confirmed it");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "The bars are in the store." })).ToBeVisibleAsync();
        await page.GotoAsync("/data/IWM/1h");
        ILocator findings = page.GetByRole(AriaRole.Region, new() { Name = "Findings" });
        await Expect(findings).ToContainTextAsync("high below body");
        await Expect(findings).ToContainTextAsync("the vendor confirmed it");
    }

    [Fact]
    public async Task Series_are_brought_up_to_date_and_bars_that_nothing_names_go_as_they_were_shown()
    {
        await using Tab tab = await studio.OpenAsync("/data/import");
        IPage page = tab.Page;
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        foreach (int days in (int[])[5, 8])
        {
            await page.GetByLabel("Symbol").FillAsync("DIA");
            await SendAsync(page, $"dia{days}.csv", OperatedStudio.Hours(new DateOnly(2026, 2, 2), days));
            await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Report" })).ToContainTextAsync("added");
            await page.GetByRole(AriaRole.Button, new() { Name = "Import…" }).ClickAsync();
            await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("history of the desk");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
            await Expect(dialog).ToHaveCountAsync(0);
            await Expect(page.GetByText("Nothing is checked yet")).ToBeVisibleAsync();
        }

        await page.GotoAsync("/data");
        await page.GetByRole(AriaRole.Button, new() { Name = "Bring up to date…" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("filled up to the last completed session");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("before the sweep");
        await LookTests.SeeAsync(page, "align-preview");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Bring them up to date" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "no feed" })).ToBeVisibleAsync();

        // What the first import had is in the second, so its snapshot goes; the record says why.
        await page.GetByRole(AriaRole.Button, new() { Name = "See what could go" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Let them go…" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("go for good");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("room for the others");
        await LookTests.SeeAsync(page, "prune-preview");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Let them go", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Everything is in use.")).ToBeVisibleAsync();
        (await page.EvaluateAsync<string>("async () => await (await fetch('/api/audit?order=newest&limit=20')).text()")).Should().Contain("room for the others").And.Contain("data.pruned");
        (await studio.CommandAsync("data", "check", "DIA")).Should().NotContain("refused");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_viewer_sees_the_bars_and_why_they_cannot_import()
    {
        await using Tab tab = await studio.OpenAsAsync("viewer", "/data?q=SPY");
        IPage page = tab.Page;
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Import a file…" })).ToBeDisabledAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Import a file…" })).ToHaveAttributeAsync("title", "Your role viewer may not. A researcher, an operator or an admin may.");
        await page.Locator("body").PressAsync("i");
        await page.GotoAsync("/data/import");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Your role viewer may not.");
        await Expect(page.Locator("input[type=file]")).ToBeDisabledAsync();
        await page.GotoAsync("/data/MKT.SYN/1h");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "State" })).ToContainTextAsync("Well");
    }

    private static async Task SendAsync(IPage page, string name, string text)
    {
        ILocator file = page.Locator("input[type=file]");
        await Expect(file).ToBeEnabledAsync();
        await file.SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
    }
}
