namespace Sigmatiq.Backtest.Fills;

/// <summary>What became of each entry decision under one set of barriers: where the order filled, and how far the position was walked.</summary>
/// <remarks>Fill and protective end follow from bar, options and barriers alone, so paths of other signals that decide on the same bar walk on
/// where the last one stopped instead of walking again. Kept per thread; the results are those of a walk of one's own, to the bit.</remarks>
internal sealed class WalkMemo
{
    [ThreadStatic]
    private static WalkMemo? ofThread;

    private Entry[] entries = [];
    private int generation;
    private (long Run, int Barriers) of;

    /// <summary>The thread's memo for bars below an end: empty, unless the thread was last at the same barriers of the same run.</summary>
    /// <param name="to">End of the bars.</param>
    /// <param name="run">Which run over some bars it is, a number that no other has.</param>
    /// <param name="barriers">Which of the run's barriers they are.</param>
    public static WalkMemo ForThread(int to, long run, int barriers)
    {
        WalkMemo memo = ofThread ??= new();
        if (memo.entries.Length < to)
        {
            memo.entries = new Entry[to];
        }

        if (memo.of != (run, barriers))
        {
            memo.of = (run, barriers);
            memo.generation++;
        }

        return memo;
    }

    /// <summary>The place of a decision bar, and whether anything stands there.</summary>
    public ref Entry Of(int decisionBar, out bool isKnown)
    {
        ref Entry entry = ref entries[decisionBar];
        isKnown = entry.Generation == generation;
        entry.Generation = generation;
        return ref entry;
    }

    /// <summary>One decision.</summary>
    internal struct Entry
    {
        public int Generation, Bar;
        public double Price;
        public EntryMoment Moment;
        public bool HasFilled;
        public HeldPosition Position;
    }
}
