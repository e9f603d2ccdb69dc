using System.Text.Json.Nodes;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

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
        var returns = new ReturnsInMemory();
        List<ComboFigures> evaluated = new(setup.Count);
        var done = new Count(progress, setup.Count, IsFitted(work));
        foreach (int[] chunk in setup.Chunks)
        {
            foreach (ComboFigures figures in setup.Evaluate(chunk, threads, done.Next, ct))
            {
                returns.Add(figures);
                evaluated.Add(figures with { DailyReturns = [] });
            }
        }

        return Close(setup, evaluated, returns, log);
    }

    /// <summary>Runs all combos of a plan, keeping every confidence column and chunk as soon as it is finished, and not doing again what is
    /// kept. Figures count as they were read back, so that an interruption cannot change them.</summary>
    /// <exception cref="ProblemException">As <see cref="Run(SweepWork, int, Action{SweepProgress}?, CancellationToken)"/>.</exception>
    internal SweepResult Run(SweepWork work, int threads, SweepFolder folder, Action<SweepProgress>? progress, CancellationToken ct)
    {
        List<LogEntry> log = [];
        ContentHash id = work.Hash;
        SweepSetup setup = Prepare(work, new StoredConfidence(SourceOf(work), folder, id), threads, log, progress, ct);
        var returns = new ReturnsInChunks(folder, setup.Days.Length);
        List<ComboFigures> evaluated = new(setup.Count);
        var done = new Count(progress, setup.Count, IsFitted(work));
        for (int n = 0; n < setup.Chunks.Count; n++)
        {
            ct.ThrowIfCancellationRequested();
            ContentHash key = KeyOf(id, setup, setup.Chunks[n]);
            ComboFigures[]? figures = folder.FindChunk(n, key);
            if (figures is null)
            {
                folder.PutChunk(n, key, setup.Evaluate(setup.Chunks[n], threads, done.Next, ct));
                figures = folder.FindChunk(n, key)!;
            }
            else
            {
                done.Skip(figures.Length);
            }

            returns.Add(n, figures);
            evaluated.AddRange(figures);
        }

        return Close(setup, evaluated, returns, log);
    }

    /// <summary>The result of the chunks that are kept; null where there is none.</summary>
    internal SweepResult? Gather(SweepWork work, SweepFolder folder, CancellationToken ct)
    {
        if (!folder.HasChunks)
        {
            return null;
        }

        ContentHash id = work.Hash;
        SweepSetup setup = Prepare(work, new StoredConfidence(SourceOf(work), folder, id), 1, [], null, ct);
        var returns = new ReturnsInChunks(folder, setup.Days.Length);
        List<ComboFigures> evaluated = [];
        for (int n = 0; n < setup.Chunks.Count; n++)
        {
            if (folder.FindChunk(n, KeyOf(id, setup, setup.Chunks[n])) is { } figures)
            {
                returns.Add(n, figures);
                evaluated.AddRange(figures);
            }
        }

        return evaluated.Count == 0 ? null : SweepResult.Of(setup, evaluated, returns, []);
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

    private SweepResult Close(SweepSetup setup, List<ComboFigures> evaluated, IDailyReturns returns, List<LogEntry> log)
    {
        log.Add(Entry("completed", "Backtest complete, calculating metrics"));
        return SweepResult.Of(setup, evaluated, returns, log);
    }

    private IConfidenceSource SourceOf(SweepWork work) =>
        work.Plan.Request.Confidence == ConfidenceKind.Classifier && classifier is not null ? classifier : new RuleScoreConfidence();

    private bool IsFitted(SweepWork work) => work.Plan.Request.Confidence == ConfidenceKind.Classifier && classifier is not null
        && ModelBars.OptionsOf(work.Plan.Pack, work.Plan.Model).UsesConfidence;

    private static ContentHash KeyOf(ContentHash work, SweepSetup setup, int[] chunk) => ContentHash.OfJson(new JsonObject
    {
        ["work"] = work.Hex, ["start"] = setup.Start, ["score_source"] = setup.ScoreSource,
        ["combos"] = new JsonArray([.. setup.IdsOf(chunk).Select(i => (JsonNode?)i)]),
    });

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
