using System.Collections.Concurrent;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>One combo as the engine sees it.</summary>
/// <param name="SignalSet">Index of its signal set.</param>
/// <param name="Barriers">Its protective exits.</param>
/// <param name="Size">Its size.</param>
public readonly record struct ComboWork(int SignalSet, Barriers Barriers, PositionSize Size);

/// <summary>Paths and scores of all combos, in the order of the work list.</summary>
public sealed class SweepOutcome
{
    internal SweepOutcome(int combos, int distinctPaths)
    {
        Paths = new TradePath[combos];
        Scores = new Score[combos];
        DistinctPaths = distinctPaths;
    }

    /// <summary>The trades of each combo; combos that differ only in size hold the same object unless money changed the path.</summary>
    public TradePath[] Paths { get; }

    /// <summary>How many paths were walked without money.</summary>
    public int DistinctPaths { get; }

    internal Score[] Scores { get; }

    /// <summary>Closed trades of a combo.</summary>
    public int Trades(int combo) => Scores[combo].Trades;

    internal void Keep(int combo, TradePath path, in Score score)
    {
        Scores[combo] = score;
        Paths[combo] = path;
    }
}

/// <summary>Runs many combos over the same bars: one path for all combos of the same signals and effective barriers, money per size. Any part of
/// a list of combos can be run on its own; no result depends on what else is run or on the number of threads.</summary>
/// <remarks>Shared besides: fills and protective ends among paths under the same barriers (<see cref="WalkMemo"/>), and, where money is in
/// proportion, the equity of a trade among all paths it stands in (<see cref="PathScorer"/>). docs/benchmarks.md measures both.</remarks>
public sealed class SweepEngine
{
    // Few enough that threads end together.
    private const int PathsAtOnce = 16;

    private static long runs;

    private readonly FillBars bars;
    private readonly EngineOptions options;
    private readonly MarkGrid marks;
    private readonly int from, to;

    // What a scorer has summed up serves every later run of the engine.
    private readonly ConcurrentBag<PathScorer> scorers = [];

    /// <summary>Prepares a window of the bars.</summary>
    /// <param name="bars">The bars traded on.</param>
    /// <param name="options">The engine's options.</param>
    /// <param name="from">First bar on whose close an entry may be decided; equity is marked from here.</param>
    /// <param name="to">End of the window, exclusive.</param>
    public SweepEngine(FillBars bars, EngineOptions options, int from, int to)
    {
        this.bars = bars;
        this.options = options;
        this.from = from;
        this.to = to;
        marks = new(bars, options.Returns, from, to);
    }

    /// <summary>The marks that scores are made at.</summary>
    public MarkGrid Marks => marks;

    /// <summary>Walks every distinct path and scores every combo.</summary>
    /// <param name="signals">The distinct signal sets.</param>
    /// <param name="combos">The combos.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="scored">Told how many combos are done, from any thread; null if nobody asks.</param>
    /// <param name="ct">Stops between paths.</param>
    public SweepOutcome Run(IReadOnlyList<SignalSet> signals, IReadOnlyList<ComboWork> combos, int threads, Action<int>? scored, CancellationToken ct)
    {
        ComboWork[] work = combos as ComboWork[] ?? [.. combos];
        SharedPaths paths = SharedPaths.Of(work, signals.Count);
        var outcome = new SweepOutcome(work.Length, paths.Count);
        long run = Interlocked.Increment(ref runs);
        int done = 0;
        void Take(int turn)
        {
            PathScorer scorer = scorers.TryTake(out PathScorer? spare) ? spare : new(bars, options, marks);
            for (int path = turn * PathsAtOnce; path < Math.Min(paths.Count, (turn + 1) * PathsAtOnce); path++)
            {
                ct.ThrowIfCancellationRequested();
                WalkMemo walks = WalkMemo.ForThread(to, run, paths.BarriersNumberOf(path));
                ReadOnlySpan<int> group = paths.CombosOf(path);
                Follow(signals, work, paths.BarriersOf(path), group, walks, scorer, outcome);
                scored?.Invoke(Interlocked.Add(ref done, group.Length));
            }

            scorers.Add(scorer);
        }

        SharedLoop.Run((paths.Count + PathsAtOnce - 1) / PathsAtOnce, threads, Take, ct);
        return outcome;
    }

    private void Follow(
        IReadOnlyList<SignalSet> signals, ComboWork[] combos, Barriers barriers, ReadOnlySpan<int> group, WalkMemo walks, PathScorer scorer, SweepOutcome outcome)
    {
        SignalSet signal = signals[combos[group[0]].SignalSet];
        TradePath shared = PathFinder.Find(bars, signal, barriers, options, from, to, walks);
        Span<PositionSize> sizes = stackalloc PositionSize[RunningEquity.Lanes];
        Span<int> ids = stackalloc int[RunningEquity.Lanes];
        Span<Score> scores = new Score[RunningEquity.Lanes];
        int lanes = 0;
        foreach (int i in group)
        {
            PositionSize size = combos[i].Size;
            bool proportional = scorer.IsProportional(size);
            if (lanes > 0 && (lanes == RunningEquity.Lanes || proportional != scorer.IsProportional(sizes[0])))
            {
                Score(shared, sizes[..lanes], ids[..lanes], scorer, scores, outcome);
                lanes = 0;
            }

            TradePath path = proportional ? shared : AccountPath.Fill(bars, signal, barriers, options, shared, size, from, to, scorer.Money[lanes]);
            if (!ReferenceEquals(path, shared))
            {
                // Money refused an order: this size has a path of its own, and its lane is free again.
                (scorer.Money[0], scorer.Money[lanes]) = (scorer.Money[lanes], scorer.Money[0]);
                Score(path, [size], [i], scorer, scores, outcome);
                (scorer.Money[0], scorer.Money[lanes]) = (scorer.Money[lanes], scorer.Money[0]);
                continue;
            }

            sizes[lanes] = size;
            ids[lanes++] = i;
        }

        if (lanes > 0)
        {
            Score(shared, sizes[..lanes], ids[..lanes], scorer, scores, outcome);
        }
    }

    private static void Score(
        TradePath path, ReadOnlySpan<PositionSize> sizes, ReadOnlySpan<int> ids, PathScorer scorer, Span<Score> scores, SweepOutcome outcome)
    {
        scorer.Follow(path, sizes, 0, scores);
        for (int lane = 0; lane < ids.Length; lane++)
        {
            outcome.Keep(ids[lane], path, scores[lane]);
        }
    }
}
