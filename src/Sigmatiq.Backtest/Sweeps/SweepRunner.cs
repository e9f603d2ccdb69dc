using System.Runtime.CompilerServices;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Runs a sweep: cut the hold-out off, decide entries once per signal set, walk every distinct path, measure every combo, hold it
/// against the gates (spec 02 §2.4 to §2.11). Nothing is stored here. The result does not depend on threads or the clock, the log's times
/// apart.</summary>
/// <param name="clock">For the times in the execution log.</param>
/// <param name="classifier">What thresholds are compared with where a request asks for a classifier; the rule score where null.</param>
public sealed class SweepRunner(TimeProvider clock, IConfidenceSource? classifier = null)
{
    /// <summary>Runs all combos of a plan.</summary>
    /// <param name="work">What to run on what.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told how far it is, from any thread; null if nobody asks.</param>
    /// <param name="ct">Stops between combos, and inside a fit.</param>
    /// <exception cref="ProblemException">SWS-2001, SWS-2002, SWS-2003: the data do not carry the sweep.</exception>
    public SweepResult Run(SweepWork work, int threads, Action<SweepProgress>? progress, CancellationToken ct)
    {
        List<LogEntry> log = [Entry("started", "Loading data matrix")];
        SweepInputs inputs = SweepInputs.Prepare(work);
        log.Add(Entry("processing", "Calculating indicators"));
        IConfidenceSource source = work.Plan.Request.Confidence == ConfidenceKind.Classifier && classifier is not null ? classifier : new RuleScoreConfidence();
        EffectiveConfig[] configs = [.. work.Plan.Configs()];
        bool isFitted = inputs.Bars.Options.UsesConfidence && source == classifier;
        SweepConfidences confidences = SweepConfidences.Compute(
            configs, inputs, source, work.Plan.Request.Seed, threads, isFitted ? (n, total) => progress?.Invoke(SweepProgress.OfConfidence(n, total)) : null, ct);
        if (confidences.FellBack)
        {
            log.Add(Entry("processing", "Too little data to fit a classifier: thresholds compare with the rule score"));
        }

        SweepCombos combos = SweepCombos.Prepare(configs, inputs, confidences, ct);
        log.Add(Entry("processing", "Running backtest simulation"));
        ModelBars bars = inputs.Bars;
        var engine = new SweepEngine(bars.Fills, bars.Options, combos.Start, inputs.Window.To);
        SweepOutcome outcome = engine.Run(combos.Signals, combos.Work, threads, null, ct);
        log.Add(Entry("completed", "Backtest complete, calculating metrics"));
        var days = new MarkGrid(bars.Fills, ReturnSeries.Day, combos.Start, inputs.Window.To);
        ComboResult[] results = Measure(work, bars, engine.Marks, days, combos, outcome, threads,
            progress is null ? null : n => progress(SweepProgress.OfCombo(n, configs.Length, isFitted)), ct);
        return new(
            work, inputs, combos.Start, confidences.Source, confidences.Skill,
            [.. Enumerable.Range(0, days.Count).Select(days.Date)], results, log);
    }

    private static ComboResult[] Measure(
        SweepWork work, ModelBars bars, MarkGrid marks, MarkGrid days, SweepCombos combos, SweepOutcome outcome, int threads, Action<int>? done,
        CancellationToken ct)
    {
        var results = new ComboResult[combos.Work.Length];
        int finished = 0;
        void Take(int i)
        {
            ComboWork combo = combos.Work[i];
            AccountPath account = AccountPath.Run(
                bars.Fills, combos.Signals[combo.SignalSet], combo.Barriers.Effective(), bars.Options, outcome.Paths[i], combo.Size, marks.From, marks.To);
            BacktestResult run = BacktestResult.Of(bars.Fills, bars.Options, account, marks, riskFree: 0);
            results[i] = new(
                combos.Configs[i], bars.ConfigHash(combos.Configs[i]), account, DailyReturns(bars, account, run, days), run.Metrics,
                GateResult.Of(work.Plan.Gates, run.Metrics))
            {
                Robust = RobustFigures.Of(
                    new(bars.Fills, bars.Options, combos.Signals[combo.SignalSet], combo.Barriers, combo.Size, marks.From, marks.To), run, combos.OwnStart[i]),
            };
            done?.Invoke(Interlocked.Increment(ref finished));
        }

        if (threads == 1)
        {
            for (int i = 0; i < results.Length; i++)
            {
                ct.ThrowIfCancellationRequested();
                Take(i);
            }
        }
        else
        {
            Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = ct }, Take);
        }

        return MarkDuplicates(results, outcome.Paths);
    }

    private static double[] DailyReturns(ModelBars bars, AccountPath account, BacktestResult run, MarkGrid days)
    {
        double[] equity = run.Marks.By == ReturnSeries.Day ? run.Equity : EquityCurve.Of(account, days, bars.Options.StartingCash);
        double[] returns = new double[days.Count];
        for (int d = 0; d < returns.Length; d++)
        {
            returns[d] = (equity[d + 1] / equity[d]) - 1;
        }

        return returns;
    }

    // In the order of the ids, so that the first of each kind is the one with the lowest.
    private static ComboResult[] MarkDuplicates(ComboResult[] results, TradePath[] paths)
    {
        var known = new Dictionary<TradePath, int>(new SameTrades());
        for (int i = 0; i < results.Length; i++)
        {
            if (!known.TryAdd(paths[i], results[i].ComboId))
            {
                results[i] = results[i] with { DuplicateOf = known[paths[i]] };
            }
        }

        return results;
    }

    private LogEntry Entry(string status, string message) => new(clock.GetUtcNow(), status, message);

    private sealed class SameTrades : IEqualityComparer<TradePath>
    {
        public bool Equals(TradePath? x, TradePath? y) => ReferenceEquals(x, y) || x!.SameTrades(y!);

        public int GetHashCode(TradePath path)
        {
            HashCode hash = default;
            for (int i = 0; i < path.Count; i++)
            {
                hash.Add(path.EntryBar[i]);
                hash.Add(path.ExitBar[i]);
                hash.Add(path.ExitPrice[i]);
            }

            return hash.ToHashCode();
        }
    }
}
