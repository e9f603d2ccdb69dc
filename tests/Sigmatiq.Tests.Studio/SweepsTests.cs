using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>A sweep from its plan to the combos that are trained.</summary>
[Collection(nameof(SweptStudio))]
public sealed class SweepsTests(SweptStudio studio)
{
    [Fact]
    public async Task A_sweep_is_planned_with_its_exact_count_run_watched_filtered_compared_and_sent_to_training()
    {
        await using Tab tab = await studio.OpenAsync("/sweeps");
        IPage page = tab.Page;
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^New sweep") }).ClickAsync();
        ILocator count = page.GetByTestId("combos");
        await Expect(count).ToHaveTextAsync("45");
        await page.GetByRole(AriaRole.Button, new() { Name = "Custom" }).ClickAsync();
        await page.GetByLabel("Threshold", new() { Exact = false }).First.FillAsync("0.40..0.60 by 0.05");
        await page.GetByLabel("Do not vary Hours").ClickAsync();
        await page.GetByLabel("Vary another").SelectOptionAsync("stop_loss_pct");
        await page.Locator("#sw-stop_loss_pct").FillAsync("3, 4, 5, 6, 400");
        await Expect(page.Locator("#sw-stop_loss_pct-h")).ToHaveTextAsync("400 is above 100.");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Launch…" })).ToBeDisabledAsync();
        await page.Locator("#sw-stop_loss_pct").FillAsync("3, 4, 5, 6, none");
        await page.GetByLabel("Thresholds compare with").SelectOptionAsync("rule");
        await page.Locator("#sw-from").FillAsync("2020-01-01");
        await page.Locator("#sw-to").FillAsync("2023-12-31");
        await page.Locator("#sw-tag").FillAsync("<b>by hand</b>");
        await Expect(count).ToHaveTextAsync("75");
        await Expect(page.Locator(".nsw-facts")).ToContainTextAsync("cut off before");
        await Expect(page.Locator(".nsw-combos").Last).ToContainTextAsync("75 Threshold 0.6, Size 3%, Stop off");
        string planned = page.Url;
        await page.ReloadAsync();
        page.Url.Should().Be(planned);
        await Expect(count).ToHaveTextAsync("75");
        ILocator launch = page.GetByRole(AriaRole.Button, new() { Name = "Launch…" });
        await Expect(launch).ToBeEnabledAsync();
        await launch.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("75 combos of mkt_swing run on MKT.SYN");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/sweeps/sweep_"));
        await Expect(page.Locator(".top [data-state='completed']")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        string id = new Uri(page.Url).Segments[^1];

        // Sizes are one row each; apart there are all of them.
        ILocator grid = page.GetByRole(AriaRole.Grid);
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", "26");
        await Expect(page.Locator(".lb-n")).ToContainTextAsync("Size is a risk choice");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sizes together" }).ClickAsync();
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", "76");
        await Expect(page.Locator(".sum")).ToContainTextAsync("want at most 20%");
        await Expect(page.Locator(".sum")).ToContainTextAsync("tried");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("<b>by hand</b>");

        // What is filtered is what the server's figures say, and the address keeps it.
        JsonNode table = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/sweeps/{id}/leaderboard?columns=combo_id,total_trades,total_return,gate')).text()"))!["columns"]!;
        (int Combo, double Trades, double Return, string Gate)[] stored = [.. Enumerable.Range(0, 75).Select(i => (
            table["combo_id"]![i]!.GetValue<int>(), table["total_trades"]![i]!.GetValue<double>(), table["total_return"]![i]!.GetValue<double>(), table["gate"]![i]!.GetValue<string>()))];
        double limit = stored.Select(s => s.Trades).Order().ElementAt(40);
        int[] wanted = [.. stored.Where(s => s.Trades >= limit).OrderBy(s => s.Gate == "FAIL").ThenByDescending(s => s.Return).ThenBy(s => Array.IndexOf(stored, s)).Select(s => s.Combo)];
        await page.Locator("body").PressAsync("f");
        await page.Locator(".fform select").First.SelectOptionAsync("trades");
        await page.Locator(".fform select").Nth(1).SelectOptionAsync(">=");
        await page.Locator(".fform .fnum").FillAsync(limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await page.Keyboard.PressAsync("Enter");
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{wanted.Length + 1}");
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Return" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("sort=-return"));
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Return" })).ToHaveAttributeAsync("aria-sort", "descending");
        await Tab.HoldsAsync(async () => (await CombosAsync(page)).Should().Equal(wanted.Take(5)));
        string filtered = page.Url;
        await page.ReloadAsync();
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{wanted.Length + 1}");
        page.Url.Should().Be(filtered);
        await Tab.HoldsAsync(async () => (await CombosAsync(page)).Should().Equal(wanted.Take(5), "a link shows the same"));

        // Keys alone: down, choose, down, choose, compare.
        foreach (string key in (string[])["j", " ", "j", " "])
        {
            await page.Locator("body").PressAsync(key);
        }

        await Expect(page.Locator(".act")).ToContainTextAsync("2 selected");
        await page.Locator("body").PressAsync("c");
        await Expect(page.Locator(".cmp-t thead")).ToContainTextAsync($"Combo {wanted[0]}");
        await Expect(page.Locator(".cmp-t thead")).ToContainTextAsync($"Combo {wanted[1]}");
        await Expect(page.Locator(".cmp-a svg[role='img']")).ToBeVisibleAsync();
        await page.Locator("body").PressAsync("c");

        bool isFailed = stored.Where(s => wanted.Take(2).Contains(s.Combo)).Any(s => s.Gate == "FAIL");
        await page.Locator("body").PressAsync("t");
        await Expect(dialog).ToContainTextAsync($"Combo {wanted[0]}");
        await Expect(dialog).ToContainTextAsync("looks at the hold-out once");
        await Tab.HoldsAsync(async () => (await dialog.InnerTextAsync()).Contains("evidence only", StringComparison.Ordinal).Should().Be(isFailed));
        await dialog.GetByRole(AriaRole.Button, new() { NameRegex = new("^Train 2 combos") }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/training"));
        JsonArray jobs = JsonNode.Parse(await page.EvaluateAsync<string>("async () => await (await fetch('/api/training')).text()"))!.AsArray();
        jobs.Where(j => j!["sweep_id"]!.GetValue<string>() == id).Select(j => j!["combo_id"]!.GetValue<int>()).Should().BeEquivalentTo(wanted.Take(2));
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_viewer_reads_the_leaderboard_and_sees_why_they_cannot_launch_or_train()
    {
        await using Tab tab = await studio.OpenAsViewerAsync("/sweeps");
        IPage page = tab.Page;
        ILocator begin = page.GetByRole(AriaRole.Button, new() { Name = "New sweep" });
        await Expect(begin).ToBeDisabledAsync();
        await Expect(begin).ToHaveAttributeAsync("title", new Regex("Your role viewer may not"));
        await page.GotoAsync($"/sweeps/{studio.Simple}?sel=23");
        ILocator train = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Train 1 combo") });
        await Expect(train).ToBeDisabledAsync();
        await Expect(train).ToHaveAttributeAsync("title", new Regex("Your role viewer may not"));
        await page.GotoAsync("/sweeps/new");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Launch…" })).ToBeDisabledAsync();
        await Expect(page.Locator(".nsw-go")).ToContainTextAsync("Your role viewer may not");
    }

    [Fact]
    public async Task Where_no_combo_passes_that_is_told_as_a_result_and_training_is_for_evidence_only()
    {
        await using Tab tab = await studio.OpenAsync($"/sweeps/{studio.Failing}");
        IPage page = tab.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No combo passes its gates" })).ToBeVisibleAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("at least 500 trades");
        await page.Locator(".lb-tick input").First.CheckAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Train 1 combo, evidence only") })).ToBeEnabledAsync();

        // An empty table names the filter that took most.
        await page.GotoAsync($"/sweeps/{studio.Failing}?f=gate:pass&f=trades:>=1");
        await Expect(page.Locator(".empty")).ToContainTextAsync("“Gates Pass” alone takes away 4 of 4");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it away" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Grid)).ToBeVisibleAsync();
        await page.GotoAsync($"/sweeps/{studio.Failing}?f=wibble:1");
        await Expect(page.GetByText("“wibble:1”")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Ticks_set_in_one_breath_all_hold_at_once_and_no_letter_of_a_fast_typist_is_lost()
    {
        await using Tab tab = await studio.OpenAsync($"/sweeps/{studio.Simple}");
        IPage page = tab.Page;
        await Expect(page.Locator(".lb-tick input").Nth(2)).ToBeVisibleAsync();
        (await page.EvaluateAsync<string>("() => [...document.querySelectorAll('.lb-tick input')].slice(0, 3).map(t => { t.click(); return t.checked; }).join()")).Should().Be("true,true,true");
        await Expect(page.GetByText("3 selected")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"sel=\d+(,|%2C)\d+(,|%2C)\d+$"));

        await page.GotoAsync("/models");
        ILocator filter = page.GetByRole(AriaRole.Searchbox).First;
        await filter.PressSequentiallyAsync("no model has such a name");
        await Expect(filter).ToHaveValueAsync("no model has such a name");
        await Expect(page).ToHaveURLAsync(new Regex(@"q=no\+model\+has\+such\+a\+name"));
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_combo_shows_its_trades_on_the_candles_it_was_chosen_on_and_the_hold_out_nowhere()
    {
        await using Tab tab = await studio.OpenAsync($"/sweeps/{studio.Simple}?focus=combo:23");
        IPage page = tab.Page;
        await Expect(page.Locator(".sum")).ToContainTextAsync("45");
        await Expect(page.Locator("h1 + .sub")).ToContainTextAsync("hold-out cut off before");
        await Expect(page.Locator(".hm-c.at")).ToHaveCountAsync(1);
        await page.Locator("body").PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/combos/23$"));
        await Expect(page.Locator(".candles-box canvas").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Trade 2", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("focus=trade(:|%3A)2"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Gates" })).ToBeVisibleAsync();
        JsonNode bars = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/sweeps/{studio.Simple}/bars?columns=start')).text()"))!;
        JsonNode window = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/sweeps/{studio.Simple}/leaderboard?limit=1&columns=rank')).text()"))!["about"]!["window"]!;
        string.CompareOrdinal(bars["columns"]!["start"]!.AsArray()[^1]!.GetValue<string>(), window["holdout"]!["start"]!.GetValue<string>()).Should().BeNegative();
        await page.Locator("body").PressAsync("Escape");
        await Expect(page).ToHaveURLAsync(new Regex($"/sweeps/{studio.Simple}\\?focus=combo"));
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_long_sweep_fills_its_leaderboard_and_is_cancelled_with_what_that_stops_and_keeps()
    {
        await using Tab tab = await studio.OpenAsync("/sweeps/new?kind=custom&v=thresholds:0.01..0.99 by 0.01&v=position_size_pct:0.5..5 by 0.5&v=stop_loss_pct:2..16 by 0.5&confidence=rule&from=2019-01-01&to=2023-12-31");
        IPage page = tab.Page;
        await Expect(page.GetByTestId("combos")).ToHaveTextAsync("28,710");
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch…" }).ClickAsync(new() { Timeout = 60_000 });
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync();
        await Expect(page.Locator(".pieces i.done").First).ToBeAttachedAsync(new() { Timeout = 90_000 });
        await Expect(page.GetByRole(AriaRole.Row).Nth(1)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel…" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("stay as its leaderboard");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel the sweep" }).ClickAsync();
        await Expect(page.Locator(".top [data-state='cancelled']")).ToBeVisibleAsync(new() { Timeout = 90_000 });

        // What was evaluated is put together first, and then stands there as the leaderboard.
        await Expect(page.Locator(".sum")).ToContainTextAsync("of a grid of 28,710", new() { Timeout = 90_000 });
        await Expect(page.GetByRole(AriaRole.Grid)).ToBeVisibleAsync();
    }

    private static async Task<int[]> CombosAsync(IPage page)
    {
        await Expect(page.Locator(".swp[data-complete='true'] .lb-open").First).ToBeVisibleAsync();
        return [.. (await page.Locator(".lb-open").AllInnerTextsAsync()).Take(5).Select(t => int.Parse(t, System.Globalization.CultureInfo.InvariantCulture))];
    }
}
