using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;

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
}

/// <summary>Runs many combos over the same bars: one path for all combos of the same signals and effective barriers, money per size.
/// The result does not depend on the number of threads.</summary>
public sealed class SweepEngine
{
    private readonly FillBars bars;
    private readonly EngineOptions options;
    private readonly MarkGrid marks;
    private readonly int from, to;

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
        int[][] groups = Group(combos);
        var outcome = new SweepOutcome(combos.Count, groups.Length);
        int done = 0;
        void Walk(int g)
        {
            int[] group = groups[g];
            Take(signals, combos, group, outcome);
            if (scored is not null)
            {
                scored(Interlocked.Add(ref done, group.Length));
            }
        }

        if (threads == 1)
        {
            for (int g = 0; g < groups.Length; g++)
            {
                ct.ThrowIfCancellationRequested();
                Walk(g);
            }
        }
        else
        {
            Parallel.For(0, groups.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = ct }, Walk);
        }

        return outcome;
    }

    private void Take(IReadOnlyList<SignalSet> signals, IReadOnlyList<ComboWork> combos, int[] group, SweepOutcome outcome)
    {
        ComboWork first = combos[group[0]];
        SignalSet signal = signals[first.SignalSet];
        Barriers barriers = first.Barriers.Effective();
        TradePath shared = PathFinder.Find(bars, signal, barriers, options, from, to);
        MoneyColumns money = MoneyColumns.ForThread();
        EquityTrace trace = EquityTrace.ForThread();
        foreach (int i in group)
        {
            TradePath path = AccountPath.Fill(bars, signal, barriers, options, shared, combos[i].Size, from, to, money);
            trace.Fill(path, money, marks, options.StartingCash);
            outcome.Paths[i] = path;
            outcome.Scores[i] = Score.Of(trace, options.PeriodsPerYear, 0, money.Return.AsSpan(0, path.Closed));
        }
    }

    // Combos of one path stay in the order of the list, so groups and their results do not depend on threads.
    private static int[][] Group(IReadOnlyList<ComboWork> combos)
    {
        var groups = new Dictionary<(int, Barriers), List<int>>();
        var order = new List<List<int>>();
        for (int i = 0; i < combos.Count; i++)
        {
            (int, Barriers) key = (combos[i].SignalSet, combos[i].Barriers.Effective());
            if (!groups.TryGetValue(key, out List<int>? group))
            {
                order.Add(groups[key] = group = []);
            }

            group.Add(i);
        }

        return [.. order.Select(g => g.ToArray())];
    }
}
