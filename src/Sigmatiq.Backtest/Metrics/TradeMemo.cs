using System.Runtime.Intrinsics;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>What a trade does to four accounts of 1 each, marked from its entry to its exit.</summary>
/// <param name="ExitBar">Bar of the exit fill; -1 while open.</param>
/// <param name="ExitPrice">Fill price.</param>
/// <param name="Marks">Marks at which equity can have moved.</param>
/// <param name="Sum">Σ r.</param>
/// <param name="Squares">Σ r².</param>
/// <param name="Highest">Highest equity, the start among it.</param>
/// <param name="Lowest">Lowest equity, the start among it.</param>
/// <param name="DeepestFall">Least equity over the highest before it.</param>
internal readonly record struct TradeSummary(
    int ExitBar, double ExitPrice, int Marks, Vector256<double> Sum, Vector256<double> Squares, Vector256<double> Highest, Vector256<double> Lowest,
    Vector256<double> DeepestFall);

/// <summary>Trades that were summed up before, by decision bar and exit: in a sweep most trades stand in many paths.</summary>
internal sealed class TradeMemo
{
    // Bounds the memory; beyond it the oldest are forgotten all at once, which costs time and changes nothing else.
    private const int CountMax = 1 << 15;

    // Small enough for the youngest generation: memory that grows as one list is copied and, being large, fetched anew from the system.
    private const int PageBits = 7, PageSize = 1 << PageBits;

    private readonly int[] first;
    private readonly List<Place[]> pages = [];
    private int count;

    /// <summary>An empty memo for decision bars below an end and the sizes of four lanes.</summary>
    public TradeMemo(int to, Vector256<double> shares)
    {
        first = new int[to];
        Shares = shares;
        Array.Fill(first, -1);
    }

    /// <summary>The sizes as shares of the cash, one a lane.</summary>
    public Vector256<double> Shares { get; }

    /// <summary>Finds a trade; -1 where it is unknown.</summary>
    public int Find(int decisionBar, int exitBar, double exitPrice)
    {
        int at = first[decisionBar];
        while (at >= 0)
        {
            ref readonly Place place = ref Of(at);
            if (place.Trade.ExitBar == exitBar && place.Trade.ExitPrice == exitPrice)
            {
                break;
            }

            at = place.Next;
        }

        return at;
    }

    /// <summary>Keeps a trade that was not found.</summary>
    /// <returns>Where it stands.</returns>
    public int Add(int decisionBar, in TradeSummary trade)
    {
        if (count == CountMax)
        {
            count = 0;
            Array.Fill(first, -1);
        }

        if (count >> PageBits == pages.Count)
        {
            pages.Add(GC.AllocateUninitializedArray<Place>(PageSize));
        }

        ref Place place = ref Of(count);
        place.Trade = trade;
        place.Next = first[decisionBar];
        return first[decisionBar] = count++;
    }

    /// <summary>The trade at a place.</summary>
    public ref readonly TradeSummary At(int place) => ref Of(place).Trade;

    private ref Place Of(int place) => ref pages[place >> PageBits][place & (PageSize - 1)];

    private struct Place
    {
        public TradeSummary Trade;
        public int Next;
    }
}
