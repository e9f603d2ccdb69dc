using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Benchmarks;

/// <summary><c>sweep --bars FILE --grid large|sizefree|small --threads N --reps R [--out metrics.csv] [--trades DIR]</c>: the workload
/// "rsi-ema-stops" as the pack in <c>packs/</c>, by the code that runs every sweep.</summary>
/// <remarks>Timed is what the workload's definition calls B: from bars in memory to trade list and four metrics of every combo, indicators,
/// rules, signals and the resolving of configs included. <c>runner_seconds</c> is the whole runner: all metrics, gates, hashes, duplicates.
/// Three of the twelve pairs of stop and trail have a stop that never fires; their paths are shared, as are those of equal signals.</remarks>
internal static class SweepBenchmark
{
    private static readonly string[] LargeOrder =
        ["rsi_period", "rsi_oversold", "stop_loss_pct", "take_profit_pct", "trailing_stop_pct", "position_size_pct", "allowed_hours"];

    private static readonly string[] SmallOrder =
        ["rsi_period", "stop_loss_pct", "take_profit_pct", "trailing_stop_pct", "rsi_oversold", "allowed_hours", "position_size_pct"];

    public static int Run(string[] args)
    {
        Dictionary<string, string> options = [];
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            options[args[i]] = args[i + 1];
        }

        if (!options.TryGetValue("--bars", out string? file) || args.Length % 2 != 0)
        {
            Console.Error.WriteLine("sweep --bars FILE --grid large|sizefree|small --threads N --reps R [--out metrics.csv] [--trades DIR]");
            return 2;
        }

        string grid = options.GetValueOrDefault("--grid", "large");
        int threads = int.Parse(options.GetValueOrDefault("--threads", "1"), CultureInfo.InvariantCulture);
        int reps = int.Parse(options.GetValueOrDefault("--reps", "5"), CultureInfo.InvariantCulture);
        SweepWork work = WorkOf(BarsOf(file), grid);
        (SweepCombos combos, SweepOutcome outcome) = Sweep(work, threads);
        double[] seconds = new double[reps], cpu = new double[reps];
        for (int r = 0; r < reps; r++)
        {
            TimeSpan cpuFrom = Process.GetCurrentProcess().TotalProcessorTime;
            long from = Stopwatch.GetTimestamp();
            (combos, outcome) = Sweep(work, threads);
            seconds[r] = Stopwatch.GetElapsedTime(from).TotalSeconds;
            cpu[r] = (Process.GetCurrentProcess().TotalProcessorTime - cpuFrom).TotalSeconds;
        }

        long whole = Stopwatch.GetTimestamp();
        SweepResult result = new SweepRunner(TimeProvider.System).Run(work, threads, null, CancellationToken.None);
        double runner = Stopwatch.GetElapsedTime(whole).TotalSeconds;
        int[] rows = RowsInDefinitionOrder(work.Plan, grid == "small" ? SmallOrder : LargeOrder);
        if (options.GetValueOrDefault("--out") is { } metrics)
        {
            File.WriteAllText(metrics, MetricsCsv(combos, outcome, rows));
        }

        if (options.GetValueOrDefault("--trades") is { } folder)
        {
            WriteTrades(folder, result, rows);
        }

        Array.Sort(seconds);
        Array.Sort(cpu);
        double median = seconds[reps / 2];
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = "sweep", grid, bars = work.Bars.Count, combos = rows.Length, threads, reps, seconds = median, seconds_min = seconds[0], cpu_seconds = cpu[reps / 2],
            bar_evaluations_per_second = work.Bars.Count * (double)rows.Length / median, distinct_paths = outcome.DistinctPaths, runner_seconds = runner,
            check = outcome.Scores.Sum(s => s.TotalReturn), leaderboard_hash = result.Leaderboard.Hash.Hex,
        }));
        return 0;
    }

    private static (SweepCombos Combos, SweepOutcome Outcome) Sweep(SweepWork work, int threads)
    {
        SweepInputs inputs = SweepInputs.Prepare(work);
        SweepCombos combos = SweepCombos.Prepare(work.Plan, inputs, new RuleScoreConfidence(), CancellationToken.None);
        var engine = new SweepEngine(inputs.Bars.Fills, inputs.Bars.Options, combos.Start, inputs.Window.To);
        return (combos, engine.Run(combos.Signals, combos.Work, threads, null, CancellationToken.None));
    }

    private static SweepWork WorkOf(BarColumns bars, string grid)
    {
        Pack pack = new PackLibrary(Path.Combine(Home(), "packs")).Load("rsi-ema-stops@1.0.0");
        ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(pack, bars.Symbol.Value, "operator", []), pack, DateTimeOffset.UnixEpoch).Value.Config;
        string parameters = grid switch
        {
            "small" => """
                { "rsi_period": [14], "rsi_oversold": [40,45,50,55,60], "stop_loss_pct": [1], "take_profit_pct": [2], "trailing_stop_pct": ["none"],
                  "position_size_pct": [20,60,100], "allowed_hours": ["all_day",[13,14,15],[16,17]] }
                """,
            "large" or "sizefree" => $$"""
                { "rsi_period": [14,21,28], "rsi_oversold": [30,35,40,45,50,55,60], "stop_loss_pct": ["none",0.5,1,2], "take_profit_pct": ["none",1,2],
                  "trailing_stop_pct": ["none",0.75,1.5], "position_size_pct": {{(grid == "large" ? "[20,40,60,80,100]" : "[100]")}},
                  "allowed_hours": ["all_day",[13,14,15],[16,17],[18,19,20],[15,16,17,18,19]] }
                """,
            _ => throw new ArgumentException($"There is no grid '{grid}'; use large, sizefree or small."),
        };
        SweepRequest request = SweepRequest.Parse(new JsonObject
        {
            ["model_id"] = model.Id, ["sweep_type"] = "custom", ["holdout"] = 0, ["parameters"] = JsonNode.Parse(parameters),
        }).Value;
        SweepPlan plan = SweepPlan.Of(request, pack, model, Plan.Unlimited, NyseCalendar.Instance).Value;
        return new(plan, bars, NyseCalendar.Instance, new string('0', 64), "bench");
    }

    private static BarColumns BarsOf(string file)
    {
        ColumnSet set = ParquetFile.Read(file, ["ts", "open", "high", "low", "close", "volume"], CancellationToken.None);
        return new(
            Symbol.Parse(Path.GetFileNameWithoutExtension(file)), Interval.Hour1, set["ts"].TimestampsUtcUs, set["open"].Doubles, set["high"].Doubles, set["low"].Doubles,
            set["close"].Doubles, new double[set.Rows]);
    }

    // The definition's ids count from 0 in its own nesting; row r of the answer is where combo r of the definition stands in the plan.
    private static int[] RowsInDefinitionOrder(SweepPlan plan, string[] order)
    {
        IReadOnlyList<GridAxis> axes = plan.Grid.Axes;
        int[] axisOf = [.. order.Select(key => axes.Index().First(a => a.Item.Key == key).Index)];
        int[] rows = new int[(int)plan.Grid.Size], at = new int[axes.Count];
        for (int id = 0; id < rows.Length; id++)
        {
            int rest = id;
            for (int a = order.Length - 1; a >= 0; a--)
            {
                int count = axes[axisOf[a]].Values.Count;
                at[axisOf[a]] = rest % count;
                rest /= count;
            }

            rows[id] = plan.Grid.IdOf(at) - 1;
        }

        return rows;
    }

    // The benchmark writes drawdown as a positive number and a Sharpe without variance as 0.
    private static string MetricsCsv(SweepCombos combos, SweepOutcome outcome, int[] rows)
    {
        var csv = new StringBuilder("id,trades,wins,total_return,max_drawdown,sharpe\n");
        for (int id = 0; id < rows.Length; id++)
        {
            Score s = outcome.Scores[rows[id]];
            csv.Append(CultureInfo.InvariantCulture, $"{id},{s.Trades},{s.Wins},{s.TotalReturn:R},{-s.MaxDrawdown:R},{(double.IsNaN(s.Sharpe) ? 0 : s.Sharpe):R}\n");
        }

        return csv.ToString();
    }

    private static void WriteTrades(string folder, SweepResult result, int[] rows)
    {
        Directory.CreateDirectory(folder);
        for (int id = 0; id < rows.Length; id++)
        {
            ComboResult combo = result.Combos[rows[id]];
            TradePath path = combo.Account.Path;
            var csv = new StringBuilder("entry_bar,entry_price,exit_bar,exit_price,reason,qty\n");
            for (int i = 0; i < path.Count; i++)
            {
                csv.Append(CultureInfo.InvariantCulture,
                    $"{path.EntryBar[i]},{path.EntryPrice[i]:R},{path.ExitBar[i]},{path.ExitPrice[i]:R},{path.Reason[i].Text()},{combo.Account.Quantity[i]:R}\n");
            }

            File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"trades_{id:00000}.csv")), csv.ToString());
        }
    }

    private static string Home()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sigmatiq.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Sigmatiq.sln is in no folder above the program.");
    }
}
