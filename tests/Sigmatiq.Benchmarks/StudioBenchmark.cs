using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Sigmatiq.Benchmarks;

/// <summary><c>studio [--combos 100000] [--data DIR] [--reps 5]</c>: a sweep of so many combos by the program itself, served by it and looked at in Debian's Chromium: first paint, sort and filter,
/// heat map, panning of 10,000 bars, dragging and panning in the designer with 100 steps, and the main bundle. Without combos the designer alone. A data directory that is named is kept, and used as it is where it has such a sweep. Ends with 1 where
/// the main bundle is too large and for no other figure: they are those of the machine.</summary>
internal static class StudioBenchmark
{
    private const int MainBytesMax = 400_000, BarsMin = 10_000;

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    // Whatever a change of the page brings is painted two frames after it stands in the document.
    private const string UntilPainted = """
        async ([act, done]) => {
          const frame = () => new Promise(r => requestAnimationFrame(() => r()));
          const isDone = new Function('return ' + done);
          const from = performance.now();
          new Function(act)();
          while (!isDone()) {
            if (performance.now() - from > 20000) throw new Error('Nothing changed within 20 s: ' + act);
            await frame();
          }
          await frame();
          return performance.now() - from;
        }
        """;

    public static int Run(string[] args)
    {
        string Text(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
        int Given(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        string named = Text("--data", "");
        string data = named.Length > 0 ? Directory.CreateDirectory(named).FullName : Directory.CreateTempSubdirectory("sigmatiq-studio-bench-").FullName;
        try
        {
            int main = MainBytes();
            Say("main_bundle_bytes", main, MainBytesMax);
            RunAsync(data, Given("--combos", 100_000), Given("--reps", 5)).GetAwaiter().GetResult();
            return main <= MainBytesMax ? 0 : 1;
        }
        catch (Exception e) when (e is PlaywrightException or InvalidOperationException or TimeoutException)
        {
            // A machine without a browser, or too busy for one, says nothing about the bundle.
            Console.Error.WriteLine($"Not measured: {e.Message}");
            return MainBytes() <= MainBytesMax ? 0 : 1;
        }
        finally
        {
            if (named.Length == 0)
            {
                Directory.Delete(data, recursive: true);
            }
        }
    }

    private static async Task RunAsync(string data, int combos, int reps)
    {
        (string Large, string Long)? swept = combos == 0 ? null : await SweptAsync(data, combos);
        using BenchmarkProgram served = BenchmarkProgram.StartWith("SIGMATIQ_WORKFLOWS", Directory.CreateDirectory(Path.Combine(data, "workflow-files")).FullName, "serve", "--data", data, "--urls", "http://127.0.0.1:0", "--output", "json");
        string link = await served.SaysAsync("\"sign_in\": \"([^\"]+)\"");
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("SIGMATIQ_CHROMIUM") is { Length: > 0 } other ? other : "/usr/bin/chromium", Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        IBrowserContext context = await browser.NewContextAsync(new() { BaseURL = new Uri(link).GetLeftPart(UriPartial.Authority), ViewportSize = new() { Width = 1440, Height = 900 } });
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout((float)Soon.TotalMilliseconds);
        await page.GotoAsync(link);
        await page.Locator("h1").First.WaitForAsync();
        await DesignerBenchmark.MeasureAsync(page);
        if (swept is not var (sweep, candles))
        {
            return;
        }

        JsonNode about = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/sweeps/{sweep}/leaderboard?limit=1')).text()"))!;
        Say("combos", about["about"]!["evaluated"]!.GetValue<int>(), null);
        Say("columns", about["columns"]!.AsObject().Count, null);

        await MeasureOpeningAsync(context, sweep, reps);
        await page.GotoAsync($"/sweeps/{sweep}?sizes=apart");
        await page.Locator(".swp[data-complete='true']").WaitForAsync();
        await page.WaitForTimeoutAsync(1_500);
        await MeasureTableAsync(page, reps);
        await MeasureHeatAsync(page, reps);
        await MeasurePanAsync(page, candles);
    }

    private static async Task MeasureOpeningAsync(IBrowserContext context, string sweep, int reps)
    {
        List<double> contents = [], rows = [], all = [];
        for (int i = 0; i < reps; i++)
        {
            IPage page = await context.NewPageAsync();
            page.SetDefaultTimeout((float)Soon.TotalMilliseconds);
            await page.GotoAsync($"/sweeps/{sweep}", new() { WaitUntil = WaitUntilState.Commit });
            await page.WaitForFunctionAsync("() => document.querySelector('.lb-r') !== null", null, new() { PollingInterval = 8 });
            rows.Add(await page.EvaluateAsync<double>("() => new Promise(r => requestAnimationFrame(() => r(performance.now())))"));
            contents.Add(await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"));
            await page.WaitForFunctionAsync("() => document.querySelector('.swp[data-complete=\"true\"]') !== null", null, new() { PollingInterval = 8 });
            all.Add(await page.EvaluateAsync<double>("() => performance.now()"));
            await page.CloseAsync();
        }

        Say("first_paint_ms", contents, 1_000);
        Say("first_rows_ms", rows, 1_000);
        Say("all_rows_sortable_ms", all, null);
    }

    private static async Task MeasureTableAsync(IPage page, int reps)
    {
        List<double> sorts = [], filters = [];
        string[] headers = ["Return", "Trades", "Max DD", "Threshold", "Sharpe"];
        for (int i = 0; i < reps; i++)
        {
            foreach (string header in headers)
            {
                string find = $"[...document.querySelectorAll('[role=columnheader]')].find(h => h.textContent.startsWith('{header}'))";
                // Done once the header says so and other rows stand there.
                sorts.Add(await page.EvaluateAsync<double>(UntilPainted, new[]
                {
                    $"window.wasOrder = document.querySelector('.lb-b').textContent; {find}.querySelector('button').click()",
                    $"{find}.hasAttribute('aria-sort') && document.querySelector('.lb-b').textContent !== window.wasOrder",
                }));
            }

            await page.GotoAsync(page.Url.Split('?')[0] + "?sizes=apart");
            await page.Locator(".swp[data-complete='true'] .lb-open").First.WaitForAsync();
            await page.WaitForTimeoutAsync(1_500);
            foreach (string gate in (string[])["Pass", "Any gate"])
            {
                filters.Add(await page.EvaluateAsync<double>(UntilPainted, new[]
                {
                    $"window.wasRows = document.querySelector('.lb-n p').textContent; [...document.querySelectorAll('.filters .seg button')].find(b => b.textContent === '{gate}').click()",
                    "document.querySelector('.lb-n p').textContent !== window.wasRows",
                }));
            }
        }

        Say("sort_ms", sorts, 200);
        Say("filter_ms", filters, 200);
    }

    private static async Task MeasureHeatAsync(IPage page, int reps)
    {
        List<double> maps = [];
        Say("heat_cells", await page.Locator(".hm").GetAttributeAsync("data-cells") is { } cells ? int.Parse(cells, CultureInfo.InvariantCulture) : 0, null);
        for (int i = 0; i < reps; i++)
        {
            foreach (string metric in (string[])["return", "trades", "sharpe"])
            {
                maps.Add(await page.EvaluateAsync<double>(UntilPainted, new[]
                {
                    $$"""
                    const pick = document.querySelector('#heat-h').closest('section').querySelector('select');
                    window.wasHeat = document.querySelector('#heat-h').textContent;
                    Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(pick, '{{metric}}');
                    pick.dispatchEvent(new Event('change', { bubbles: true }));
                    """,
                    "document.querySelector('#heat-h').textContent !== window.wasHeat && document.querySelector('.hm[aria-busy]') === null && document.querySelector('.hm-p, .hm-t') !== null",
                }));
            }
        }

        Say("heat_map_ms", maps, 500);
    }

    private static async Task MeasurePanAsync(IPage page, string sweep)
    {
        int combo = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/sweeps/{sweep}/leaderboard?columns=combo_id&limit=1')).text()"))!["columns"]!["combo_id"]![0]!.GetValue<int>();
        int bars = await page.EvaluateAsync<int>($"async () => (await (await fetch('/api/sweeps/{sweep}/bars?columns=start')).json()).rows");
        Say("bars", bars, null);
        await page.GotoAsync($"/sweeps/{sweep}/combos/{combo}");
        ILocator box = page.Locator(".candles-box");
        await box.Locator("canvas").First.WaitForAsync();
        await box.ScrollIntoViewIfNeededAsync();
        await page.WaitForTimeoutAsync(1_000);
        Say("pan_worst_frame_ms", await PanAsync(page, box), bars >= BarsMin ? 50 : null);
        LocatorBoundingBoxResult at = (await box.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(at.X + (at.Width / 2), at.Y + (at.Height / 2));
        for (int i = 0; i < 60; i++)
        {
            await page.Mouse.WheelAsync(0, 240);
        }

        await page.WaitForTimeoutAsync(1_000);
        Say("pan_zoomed_out_worst_frame_ms", await PanAsync(page, box), bars >= BarsMin ? 50 : null);
    }

    // The longest time between two frames while the chart is dragged to and fro.
    private static async Task<List<double>> PanAsync(IPage page, ILocator box)
    {
        LocatorBoundingBoxResult at = (await box.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(at.X + (at.Width / 2), at.Y + 100);
        await page.Mouse.DownAsync();
        await page.EvaluateAsync("() => { window.frames_ = []; window.isPanning = true; let last = performance.now(); const tick = now => { window.frames_.push(now - last); last = now; if (window.isPanning) requestAnimationFrame(tick); }; requestAnimationFrame(tick); }");
        for (int i = 0; i < 120; i++)
        {
            await page.Mouse.MoveAsync(at.X + (at.Width / 2) + (float)(300 * Math.Sin(i / 10.0)), at.Y + 100);
        }

        double[] frames = await page.EvaluateAsync<double[]>("() => { window.isPanning = false; return window.frames_.slice(2); }");
        await page.Mouse.UpAsync();
        return [.. frames];
    }

    // By the program's own way from plan to files and rows.
    private static async Task<(string Large, string Long)> SweptAsync(string data, int combos)
    {
        if (!Directory.Exists(Path.Combine(data, "sweeps")))
        {
            await CommandAsync(data, "bootstrap");
            await CommandAsync(data, "models", "create", "--id", "bench", "--ticker", "MKT.SYN", "--pack", "swingsigma");
        }

        // Up to fifty thresholds, ten sets of hours, ten sizes, and as many stops as it takes; on two years, since the returns of each combo and day are stored.
        int stops = Math.Max(1, combos / 5_000), thresholds = combos >= 5_000 ? 50 : Math.Max(1, combos / 100);
        string large = await SweepAsync(data, "2022-01-01", "2023-12-31", new()
        {
            ["thresholds"] = new JsonArray([.. Enumerable.Range(0, thresholds).Select(i => (JsonNode)Math.Round(0.3 + (0.01 * i), 2))]),
            ["allowed_hours"] = JsonNode.Parse("""["all_day", "morning_only", "afternoon_only", [9], [10], [11], [13], [9, 10], [10, 11, 12], [12, 13, 14, 15]]"""),
            ["position_size_pct"] = new JsonArray([.. Enumerable.Range(1, 10).Select(i => (JsonNode)(0.5 * i))]),
            ["stop_loss_pct"] = new JsonArray([.. Enumerable.Range(0, stops).Select(i => (JsonNode)(2 + (0.5 * i)))]),
        });
        return (large, await SweepAsync(data, "2018-01-02", "2025-12-31", new() { ["thresholds"] = new JsonArray(0.5), ["stop_loss_pct"] = new JsonArray(4, 8) }));
    }

    // The same again is there already.
    private static async Task<string> SweepAsync(string data, string start, string end, JsonObject parameters)
    {
        string file = Path.Combine(data, "request.json");
        await File.WriteAllTextAsync(file, new JsonObject
        {
            ["model_id"] = "bench", ["sweep_type"] = "custom", ["confidence"] = "rule", ["date_range"] = new JsonObject { ["start"] = start, ["end"] = end }, ["parameters"] = parameters,
        }.ToJsonString());
        await CommandAsync(data, "sweeps", "run", "--request", file, "--quiet");
        JsonArray all = JsonNode.Parse(await CommandAsync(data, "sweeps", "list", "--output", "json"))!.AsArray();
        int total = parameters.Aggregate(1, (n, p) => n * p.Value!.AsArray().Count);
        return all.First(s => s!["status"]!.GetValue<string>() == "completed" && s["total_combinations"]!.GetValue<int>() == total)!["id"]!.GetValue<string>();
    }

    private static Task<string> CommandAsync(string data, params string[] args) => BenchmarkProgram.RunAsync([.. args, "--data", data]);

    // What the page names is loaded before anything is shown.
    private static int MainBytes()
    {
        string root = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        string page = File.ReadAllText(Path.Combine(root, "index.html"));
        return Directory.EnumerateFiles(Path.Combine(root, "assets")).Where(f => Path.GetExtension(f) is ".js" or ".css" or ".svg" && page.Contains(Path.GetFileName(f), StringComparison.Ordinal)).Sum(f =>
        {
            using MemoryStream packed = new();
            using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                gzip.Write(File.ReadAllBytes(f));
            }

            return (int)packed.Length;
        });
    }

    internal static void Say(string figure, List<double> values, double? wanted)
    {
        values.Sort();
        Write(new() { ["figure"] = figure, ["median"] = Math.Round(values[values.Count / 2], 1), ["least"] = Math.Round(values[0], 1), ["most"] = Math.Round(values[^1], 1), ["wanted_below"] = wanted });
    }

    internal static void Say(string figure, double value, double? wanted) => Write(new() { ["figure"] = figure, ["value"] = value, ["wanted_below"] = wanted });

    private static void Write(JsonObject line) => Console.WriteLine(line.ToJsonString(new JsonSerializerOptions()));
}
