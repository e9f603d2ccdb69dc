using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Runs a sweep in its two phases: first what combos share (hold-out cut off, indicators, confidence, signals), then the combos chunk
/// by chunk: walk every distinct path, measure every combo, hold it against the gates (spec 02 §2.4 to §2.11). The result does not depend on
/// threads, interruptions or the clock, the log's times apart.</summary>
/// <param name="clock">For the times in the execution log.</param>
/// <param name="classifier">What thresholds are compared with where a request asks for a classifier; the rule score where null.</param>
public sealed class SweepRunner(TimeProvider clock, IConfidenceSource? classifier = null)
{
    /// <summary>Runs all combos of a plan in memory.</summary>
    /// <param name="work">What to run on what.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told how far it is, from any thread; null if nobody asks.</param>
    /// <param name="ct">Stops between combos, and inside a fit.</param>
    /// <exception cref="ProblemException">SWS-2001, SWS-2002, SWS-2003: the data do not carry the sweep.</exception>
    public SweepResult Run(SweepWork work, int threads, Action<SweepProgress>? progress, CancellationToken ct)
    {
        List<LogEntry> log = [];
        SweepSetup setup = Prepare(work, SourceOf(work), threads, log, progress, ct);
        var done = new Count(progress, work.Plan.Total, IsFitted(work));
        return Close(Evaluate(setup, new ChunksInMemory((s, chunk) => s.Evaluate(chunk, threads, done.Next, ct)), ct), log);
    }

    /// <summary>Runs all combos of a plan, keeping every confidence column and chunk as soon as it is finished, and not doing again what is
    /// kept.</summary>
    /// <remarks>Spread over others are the fitted columns and the chunks of the plan. Chunks of a sweep that may end early, and those around its
    /// best, follow from the ones before: this process evaluates them.</remarks>
    /// <exception cref="ProblemException">As <see cref="Run(SweepWork, int, Action{SweepProgress}?, CancellationToken)"/>, and those of
    /// <see cref="ISpread.Do"/>.</exception>
    internal SweepResult Run(
        string sweepId, SweepWork work, int threads, SweepFolder folder, ISpread? spread, Action<SweepProgress>? progress, CancellationToken ct)
    {
        List<LogEntry> log = [];
        ContentHash id = work.Hash;
        StoredConfidence source = new(SourceOf(work), folder, id);
        SpreadSweep? others = spread is null ? null : new(sweepId, id, folder, spread);
        if (IsFitted(work))
        {
            others?.HaveColumns(SweepConfidences.PairsOf(work.Plan.Configs(threads), SweepInputs.Prepare(work), source, work.Plan.Request.Seed, ct), source, progress, ct);
        }

        SweepSetup setup = Prepare(work, source, threads, log, progress, ct);
        if (!work.Plan.Request.EarlyStop)
        {
            others?.HaveChunks(setup, now => progress?.Invoke(SweepProgress.OfCombo(now, work.Plan.Total, IsFitted(work))), ct);
        }

        var done = new Count(progress, work.Plan.Total, IsFitted(work));
        return Close(Evaluate(setup, new ChunksInFolder(folder, id, (s, chunk) => s.Evaluate(chunk, threads, done.Next, ct), done.Skip, others), ct), log);
    }

    /// <summary>What confidences of a sweep come from, kept in its folder.</summary>
    internal StoredConfidence SourceOf(SweepWork work, SweepFolder folder) => new(SourceOf(work), folder, work.Hash);

    /// <summary>The result of the chunks that are kept; null where there is none.</summary>
    internal SweepResult? Gather(SweepWork work, SweepFolder folder, CancellationToken ct)
    {
        if (!folder.HasChunks)
        {
            return null;
        }

        ContentHash id = work.Hash;
        SweepSetup setup = Prepare(work, new StoredConfidence(SourceOf(work), folder, id), 1, [], null, ct);
        SweepResult part = Evaluate(setup, new ChunksInFolder(folder, id, evaluate: null, skipped: null, others: null), ct);
        return part.Combos.Count == 0 ? null : part;
    }

    // Ends with the first chunk that is not to be had: what follows it may depend on it.
    private static SweepResult Evaluate(SweepSetup setup, IChunkKeeper keeper, CancellationToken ct)
    {
        SweepPlan plan = setup.Work.Plan;
        List<ComboFigures> evaluated = new(setup.Count);
        EarlyStop? stop = plan.Request.EarlyStop ? new(plan.Gates) : null;
        int number = 0;
        bool isStopped = false;
        bool Take(int[] chunk)
        {
            ct.ThrowIfCancellationRequested();
            if (keeper.Take(setup, number, chunk) is not { } figures)
            {
                return false;
            }

            number++;
            evaluated.AddRange(figures);
            return true;
        }

        foreach (int[] chunk in setup.Chunks)
        {
            if (!Take(chunk))
            {
                return SweepResult.Of(setup, evaluated, keeper.Returns, new(evaluated.Count, 0, false, stop?.Agreements ?? []));
            }

            stop?.Add(evaluated.TakeLast(chunk.Length));
            if (stop is { IsReached: true } && evaluated.Count < setup.Count)
            {
                isStopped = true;
                break;
            }
        }

        int drawn = evaluated.Count;
        while (drawn + plan.RefineBudget - evaluated.Count is > 0 and var left)
        {
            LeaderboardOrder.Entry[] entries = [.. evaluated.Select(f => new LeaderboardOrder.Entry(f.ComboId, GateResult.Of(plan.Gates, f.Metrics).Status, f.Metrics))];
            IReadOnlyList<int> next = Refinement.Around(plan.Grid, entries, left, setup.HasConfidenceOf);
            setup = next.Count == 0 ? setup : setup.With(next, ct);
            if (next.Count == 0 || !setup.Chunks.All(Take))
            {
                break;
            }
        }

        return SweepResult.Of(setup, evaluated, keeper.Returns, new(drawn, evaluated.Count - drawn, isStopped, stop?.Agreements ?? []));
    }

    private SweepSetup Prepare(
        SweepWork work, IConfidenceSource source, int threads, List<LogEntry> log, Action<SweepProgress>? progress, CancellationToken ct)
    {
        log.Add(Entry("started", "Loading data matrix"));
        SweepInputs inputs = SweepInputs.Prepare(work);
        log.Add(Entry("processing", "Calculating indicators"));
        SweepSetup setup = SweepSetup.Prepare(
            work, inputs, source, threads, IsFitted(work) ? (n, total) => progress?.Invoke(SweepProgress.OfConfidence(n, total)) : null, ct);
        if (setup.FellBack)
        {
            log.Add(Entry("processing", "Too little data to fit a classifier: thresholds compare with the rule score"));
        }

        log.Add(Entry("processing", "Running backtest simulation"));
        return setup;
    }

    private SweepResult Close(SweepResult result, List<LogEntry> log)
    {
        log.Add(Entry("completed", "Backtest complete, calculating metrics"));
        return result with { Log = log };
    }

    private IConfidenceSource SourceOf(SweepWork work) =>
        work.Plan.Request.Confidence == ConfidenceKind.Classifier && classifier is not null ? classifier : new RuleScoreConfidence();

    private bool IsFitted(SweepWork work) => work.Plan.Request.Confidence == ConfidenceKind.Classifier && classifier is not null
        && ModelBars.OptionsOf(work.Plan.Pack, work.Plan.Model).UsesConfidence;

    private LogEntry Entry(string status, string message) => new(clock.GetUtcNow(), status, message);

    // Combos done, counted from several threads.
    private sealed class Count(Action<SweepProgress>? progress, int total, bool isFitted)
    {
        private int done;

        public void Next() => Skip(1);

        public void Skip(int combos)
        {
            int now = Interlocked.Add(ref done, combos);
            progress?.Invoke(SweepProgress.OfCombo(now, total, isFitted));
        }
    }
}
