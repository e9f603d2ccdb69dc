using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Benchmarks;

/// <summary><c>sweep</c>: the workload "rsi-ema-stops" as the pack in <c>packs/</c>, by the code that runs every sweep, beside a plain loop.</summary>
/// <remarks>Timed is what the workload's definition calls B: from bars in memory to trade list and four metrics of every combo, indicators,
/// rules, signals and the resolving of configs included. docs/benchmarks.md says how to read the line and what is shared.</remarks>
internal static class SweepBenchmark
{
    private const double Tolerance = 1e-9, WarmUpSeconds = 3;
    private const int WarmUpRuns = 100;

    public static int Run(string[] args)
    {
        try
        {
            return Run(SweepArguments.Parse(args));
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine(e.Message);
            Console.Error.WriteLine(SweepArguments.Usage);
        }
        catch (ProblemException e)
        {
            Console.Error.WriteLine(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
        }

        return 2;
    }

    private static int Run(SweepArguments asked)
    {
        BarColumns bars = SweepBars.Read(asked.Bars);
        SweepGrid grid = SweepGrid.Of(asked.Grid, bars);
        if (asked.Ids?.FirstOrDefault(id => id >= grid.Combos.Length, -1) is >= 0 and var beyond)
        {
            throw new UsageException($"There is no combo {beyond}: the grid {asked.Grid} has the ids 0 to {grid.Combos.Length - 1}.");
        }

        SweepWork work = new(grid.Plan, bars, NyseCalendar.Instance, new string('0', 64), "bench");
        var plain = new PlainLoop(bars, grid.Combos);
        WarmUp(work, asked.Threads, plain);
        Timing engine = new(asked.Reps), alone = new(asked.Reps), loop = new(asked.Reps);
        SweepOutcome outcome = null!;
        PlainScore[] expected = [];
        for (int r = 0; r < asked.Reps; r++)
        {
            outcome = engine.Of(() => Sweep(work, asked.Threads).Outcome);
            if (asked.Threads > 1)
            {
                alone.Of(() => Sweep(work, 1));
            }

            expected = loop.Of(plain.Run);
        }

        PlainScore[] scores = [.. grid.Rows.Select(row => SweepTables.OfScore(outcome.Scores[row]))];
        JsonObject line = Line(asked, bars.Count, scores, outcome.DistinctPaths, engine, loop, expected);
        if (asked.Threads > 1)
        {
            line["seconds_1_thread"] = alone.Median;
            line["seconds_1_thread_min"] = alone.Least;
            line["times_1_thread"] = alone.Median / engine.Median;
        }

        WriteTables(asked, work, grid, outcome);
        if (asked.Runner)
        {
            TimeRunner(work, asked.Threads, line);
        }

        Console.WriteLine(line.ToJsonString());
        return Disagreement(scores, expected) is { } what ? Fail(what) : 0;
    }

    private static JsonObject Line(
        SweepArguments asked, int bars, PlainScore[] scores, int distinctPaths, Timing engine, Timing loop, PlainScore[] expected)
    {
        double evaluations = (double)bars * scores.Length;
        return new()
        {
            ["benchmark"] = "sweep", ["grid"] = asked.Grid, ["bars"] = bars, ["combos"] = scores.Length, ["threads"] = asked.Threads, ["reps"] = asked.Reps,
            ["seconds"] = engine.Median, ["seconds_min"] = engine.Least, ["cpu_seconds"] = engine.MedianCpu, ["bar_evals_per_s"] = evaluations / engine.Median,
            ["trades"] = scores.Sum(s => s.Trades), ["peak_bytes"] = Process.GetCurrentProcess().PeakWorkingSet64, ["allocated_bytes"] = engine.Allocated,
            ["distinct_paths"] = distinctPaths, ["plain_seconds"] = loop.Median, ["plain_seconds_min"] = loop.Least,
            ["plain_bar_evals_per_s"] = evaluations / loop.Median, ["plain_trades"] = expected.Sum(s => s.Trades), ["times_plain"] = loop.Median / engine.Median,
            ["check"] = scores.Sum(s => s.TotalReturn), ["plain_check"] = expected.Sum(s => s.TotalReturn), ["check_sum"] = CheckSum(scores) + CheckSum(expected),
        };
    }

    // Every figure of every combo is in it, so nothing can be left out by the compiler.
    private static double CheckSum(PlainScore[] scores) => scores.Sum(s => s.Trades + s.Wins + s.TotalReturn + s.MaxDrawdown + s.Sharpe);

    private static string? Disagreement(PlainScore[] scores, PlainScore[] expected)
    {
        for (int id = 0; id < scores.Length; id++)
        {
            PlainScore a = scores[id], b = expected[id];
            if (a.Trades != b.Trades || a.Wins != b.Wins || !Near(a.TotalReturn, b.TotalReturn) || !Near(a.MaxDrawdown, b.MaxDrawdown) || !Near(a.Sharpe, b.Sharpe))
            {
                return $"Engine and plain loop disagree on combo {id}: {a} against {b}.";
            }
        }

        return null;
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) <= Tolerance;

    private static int Fail(string what)
    {
        Console.Error.WriteLine(what);
        return 1;
    }

    // The window is stated, not cut, so that any number of bars will do; all else is what every sweep does.
    private static SweepInputs InputsOf(SweepWork work) =>
        new(new ModelBars(work.Plan.Pack, work.Plan.Model, work.Bars, work.Calendar), new(0, work.Bars.Count, work.Bars.Count, work.Bars.Count));

    private static (SweepCombos Combos, SweepInputs Inputs, SweepOutcome Outcome) Sweep(SweepWork work, int threads)
    {
        SweepInputs inputs = InputsOf(work);
        SweepCombos combos = SweepCombos.Prepare(work.Plan, inputs, new RuleScoreConfidence(), threads, CancellationToken.None);
        var engine = new SweepEngine(inputs.Bars.Fills, inputs.Bars.Options, combos.Start, inputs.Window.To);
        return (combos, inputs, engine.Run(combos.Signals, combos.Work, threads, null, CancellationToken.None));
    }

    // Untimed, until the compiler's last tier has had its time.
    private static void WarmUp(SweepWork work, int threads, PlainLoop plain)
    {
        plain.Run();
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < WarmUpRuns || watch.Elapsed.TotalSeconds < WarmUpSeconds; i++)
        {
            Sweep(work, i % 2 == 0 ? threads : 1);
        }

        plain.Run();
    }

    private static void WriteTables(SweepArguments asked, SweepWork work, SweepGrid grid, SweepOutcome outcome)
    {
        if (asked.Out is { } metrics)
        {
            File.WriteAllText(metrics, SweepTables.Metrics(grid.Combos, id => outcome.Scores[grid.Rows[id]]));
        }

        if (asked.Trades is { } folder)
        {
            Directory.CreateDirectory(folder);
            int[] ids = [.. asked.Ids ?? grid.OracleIds];
            (SweepCombos combos, SweepInputs inputs, SweepOutcome kept) = Sweep(work, 1);
            foreach (int id in ids)
            {
                int row = grid.Rows[id];
                ComboWork combo = combos.Work[row];
                AccountPath account = AccountPath.Run(
                    inputs.Bars.Fills, combos.Signals[combo.SignalSet], combo.Barriers.Effective(), inputs.Bars.Options, kept.Paths[row], combo.Size, combos.Start,
                    inputs.Window.To);
                File.WriteAllText(Path.Combine(folder, $"trades_{id:00000}.csv"), SweepTables.Trades(account));
            }
        }
    }

    // All metrics, gates, hashes and duplicates of every combo: what `sweeps run` waits for before it stores anything.
    private static void TimeRunner(SweepWork work, int threads, JsonObject line)
    {
        var runner = new SweepRunner(TimeProvider.System);
        runner.Run(work, threads, null, CancellationToken.None);
        var timing = new Timing(3);
        SweepResult result = null!;
        for (int r = 0; r < 3; r++)
        {
            result = timing.Of(() => runner.Run(work, threads, null, CancellationToken.None));
        }

        line["runner_seconds"] = timing.Median;
        line["runner_allocated_bytes"] = timing.Allocated;
        line["leaderboard_hash"] = result.Leaderboard.Hash.Hex;
    }

    /// <summary>Wall and CPU time of several runs of one thing, and what it allocates.</summary>
    private sealed class Timing(int runs)
    {
        private readonly List<double> seconds = new(runs), cpu = new(runs);

        public long Allocated { get; private set; }

        public double Median => seconds.Order().ElementAt(seconds.Count / 2);

        public double Least => seconds.Min();

        public double MedianCpu => cpu.Order().ElementAt(cpu.Count / 2);

        public T Of<T>(Func<T> run)
        {
            // What the one before left behind is not charged to this one.
            GC.Collect();
            long before = GC.GetTotalAllocatedBytes(true);
            TimeSpan cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
            long from = Stopwatch.GetTimestamp();
            T result = run();
            seconds.Add(Stopwatch.GetElapsedTime(from).TotalSeconds);
            cpu.Add((Process.GetCurrentProcess().TotalProcessorTime - cpuBefore).TotalSeconds);
            Allocated = GC.GetTotalAllocatedBytes(true) - before;
            return result;
        }
    }
}
