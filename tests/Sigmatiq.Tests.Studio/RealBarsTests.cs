using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>The way from a file of real bars to paper trading, through pages alone, in a store that nothing was put into beforehand.</summary>
public sealed class RealBarsTests(EmptyStudio studio) : IClassFixture<EmptyStudio>
{
    private static readonly TimeSpan WorkMax = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Real_bars_are_imported_modelled_swept_trained_judged_approved_and_shown_in_production()
    {
        string file = Checkout.Material("market/bars/equity/hour/MSFT.parquet");
        await using Tab tab = await studio.OpenAsync("/data/import");
        IPage page = tab.Page;
        ILocator dialog = page.GetByRole(AriaRole.Dialog);

        await Expect(page.Locator("input[type=file]")).ToBeEnabledAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(file);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Report" })).ToContainTextAsync("3,505 added");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("history of the desk");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "The bars are in the store." })).ToBeVisibleAsync();
        await page.GotoAsync("/data/MSFT/1h?day=2024-08-30");
        await Expect(page.GetByRole(AriaRole.Slider, new() { Name = "Day" })).ToHaveAttributeAsync("aria-valuetext", "30 Aug 2024: 7 of 7 bars");

        await page.GotoAsync("/models/new");
        ILocator next = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Next") });
        await next.ClickAsync();
        await page.GetByLabel("Ticker").FillAsync("MSFT");
        await Expect(page.GetByLabel("Id", new() { Exact = true })).ToHaveValueAsync(new Regex("^msft-"));
        await next.ClickAsync();
        await next.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the model" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/models/msft-[a-z-]+$"));

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Plan a sweep W") }).ClickAsync();
        await Expect(page.GetByTestId("combos")).ToHaveTextAsync("45");
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync();
        await Expect(page.Locator(".top [data-state='completed']")).ToBeVisibleAsync(Within(WorkMax));
        await Expect(page.GetByTestId("data-label")).ToHaveCountAsync(0);

        await page.GotoAsync("/workflows");
        await page.GetByRole(AriaRole.Button, new() { Name = "Trigger… lifecycle" }).ClickAsync();
        await dialog.GetByLabel("ticker").FillAsync("MSFT");
        await dialog.GetByLabel("select").FillAsync("1");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(page.Locator(".react-flow__node[data-id='approve'] .is-waiting")).ToHaveCountAsync(1, new() { Timeout = (float)WorkMax.TotalMilliseconds });
        string run = new Uri(page.Url).Segments[^1], approval = $"apr_{run[^12..]}";

        // The bootstrap step makes the sample market; what rests on real bars is not labelled with it.
        await page.GotoAsync($"/dashboard/{approval}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("on MSFT");
        await Expect(page.Locator(".candles-box canvas").First).ToBeVisibleAsync();
        await Expect(page.GetByTestId("data-label")).ToHaveCountAsync(0);
        JsonNode stored = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/approvals/{approval}')).text()"))!["state"]!;
        double made = stored["backtest_metrics"]!["return_pct"]!.GetValue<double>();
        await Expect(page.Locator(".kpi5").First).ToContainTextAsync(made.ToString("+0.00;−0.00", System.Globalization.CultureInfo.InvariantCulture) + "%");
        await page.GetByRole(AriaRole.Textbox, new() { NameRegex = new("^Reason") }).FillAsync("For paper alone: two years of hourly bars and few trades say little yet.");
        if (await page.GetByRole(AriaRole.Checkbox).CountAsync() > 0)
        {
            await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        }

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve") }).First.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Approved", Exact = true })).ToBeVisibleAsync();

        await page.GotoAsync($"/runs/{run}");
        await Expect(page.Locator(".hd [data-state='completed']")).ToBeVisibleAsync(Within(WorkMax));
        await page.GotoAsync("/production");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Strategy" })).ToContainTextAsync("on MSFT");
        await Expect(page.Locator(".standing")).Not.ToContainTextAsync("synthetic");
        await page.GotoAsync("/data/MKT.SYN/1h");
        await Expect(page.GetByTestId("data-label")).ToBeVisibleAsync();
        tab.Complaints.Should().BeEmpty();
    }

    private static LocatorAssertionsToBeVisibleOptions Within(TimeSpan patience) => new() { Timeout = (float)patience.TotalMilliseconds };
}

/// <summary>A store that nothing was put into.</summary>
public sealed class EmptyStudio : ServedStudio
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Tickers => [];
}
