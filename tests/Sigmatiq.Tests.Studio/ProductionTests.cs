using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>What the models say, and whether what runs is healthy.</summary>
[Collection(nameof(BuiltStudio))]
public sealed class ProductionTests(BuiltStudio studio)
{
    [Fact]
    public async Task Production_shows_what_was_approved_by_whom_and_how_far_its_guardrails_are()
    {
        await studio.DeployAsync();
        await using Tab tab = await studio.OpenAsync("/production");
        IPage page = tab.Page;
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Strategy" })).ToContainTextAsync("on MKT.SYN");
        await Expect(page.Locator(".standing")).ToContainTextAsync("Paper");
        await Expect(page.Locator(".standing")).ToContainTextAsync("synthetic bars");
        await Expect(page.Locator(".standing")).ToContainTextAsync("self approved, not enough for live");

        // The figures are those of the evidence that was voted on, and say so.
        JsonNode stored = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/approvals/{studio.Approval}')).text()"))!["state"]!;
        await Expect(page.Locator(".kpis")).ToContainTextAsync("On the hold-out, simulated");
        await Expect(page.Locator(".kpi5").First).ToContainTextAsync(stored["backtest_metrics"]!["return_pct"]!.GetValue<double>().ToString("+0.00;−0.00", CultureInfo.InvariantCulture) + "%");
        await Expect(page.Locator(".equity svg")).ToBeVisibleAsync();
        ILocator guards = page.Locator("#guardrails .guard");
        await Expect(guards).ToHaveCountAsync(4);
        await Expect(guards.Nth(0)).ToContainTextAsync("no closed trade yet; trips at 5");
        await Expect(guards.Nth(3)).ToContainTextAsync(new Regex("of 12\\.00%, .*% left"));
        await Expect(page.Locator("#positions")).ToContainTextAsync("No open position");
        await Expect(page.Locator("#positions")).ToContainTextAsync("It begins");
        await Expect(page.Locator("#deploy .phases li[data-state='completed']")).ToHaveCountAsync(5);
        await Expect(page.Locator("#who")).ToContainTextAsync("Paper only, look again after 30 trades.");
        await Expect(page.Locator("#who")).ToContainTextAsync("operator");
        await page.GetByRole(AriaRole.Link, new() { Name = "The evidence" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/dashboard/{studio.Approval}"));
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_an_approved_strategy_or_a_forecast_the_page_names_the_stage_that_fills_it()
    {
        await using Tab tab = await studio.OpenAsync("/");
        IPage page = tab.Page;
        foreach (string list in (string[])["**/api/production/standings", "**/api/forecasts"])
        {
            await page.RouteAsync(list, route => route.FulfillAsync(new() { ContentType = "application/json", Body = "[]" }));
        }

        await page.GotoAsync("/production");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("No approved strategy");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the review" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/dashboard$"));
        await page.GotoAsync("/forecasting");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Stage 3 of a lifecycle writes");
        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { NameRegex = new("^run_") })).ToHaveAttributeAsync("href", new Regex("sel=forecast"));
    }

    [Fact]
    public async Task Forecasts_are_ranked_against_the_base_rate_and_shown_bar_by_bar()
    {
        await using Tab tab = await studio.OpenAsync("/forecasting");
        IPage page = tab.Page;
        JsonNode[] said = [.. JsonNode.Parse(await page.EvaluateAsync<string>("async () => await (await fetch('/api/forecasts')).text()"))!.AsArray().Select(f => f!)];
        said.Should().HaveCountGreaterThanOrEqualTo(2);
        ILocator rows = page.Locator("table.fore-t tbody tr");
        await Expect(rows).ToHaveCountAsync(said.Length);
        await Expect(rows.Nth(0)).ToContainTextAsync((100 * said[0]["base_rate"]!.GetValue<double>()).ToString("0.0", CultureInfo.InvariantCulture) + "%");
        await Expect(rows.Nth(0)).ToContainTextAsync(said[0]["probability"]!.GetValue<double>().ToString("0.00", CultureInfo.InvariantCulture));
        await Expect(page.Locator("#forward")).ToContainTextAsync("nothing is traded on it");
        await Expect(page.Locator("#forward")).ToContainTextAsync("at most 10 trading days");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        string second = said[1]["trained_model_id"]!.GetValue<string>();
        await Expect(page).ToHaveURLAsync(new Regex($"sel={second}"));
        await Expect(page.Locator("#forward a[href^='/trained-models/']")).ToHaveAttributeAsync("href", $"/trained-models/{second}");
        await Expect(page.Locator(".fline")).ToHaveAttributeAsync("d", new Regex("^M.*L"));
        await page.Locator("#forward summary").ClickAsync();
        await Expect(page.Locator("#forward tbody tr")).ToHaveCountAsync(said[1]["rows"]!.GetValue<int>());
        tab.Complaints.Should().BeEmpty();
    }
}
