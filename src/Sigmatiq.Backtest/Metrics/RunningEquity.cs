using System.Runtime.Intrinsics;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>Equity from mark to mark for four accounts at once, one a lane, and what scores need of it: sums of the returns and of their squares,
/// the deepest fall, the highest and the lowest.</summary>
/// <remarks>Each lane is plain double arithmetic in the order of the marks, without fused multiply-add: the same bits on any vector width, any
/// thread, and whatever stands in the other lanes.</remarks>
internal struct RunningEquity
{
    /// <summary>Accounts side by side.</summary>
    public const int Lanes = 4;

    private static readonly double[] One = [1];

    private Vector256<double> before, peak, low;

    /// <summary>Accounts with so much money and no past.</summary>
    public RunningEquity(Vector256<double> start)
    {
        before = peak = low = Lowest = start;
        Fall = Vector256.Create(1.0);
    }

    /// <summary>Σ (r − center).</summary>
    public Vector256<double> Sum { get; private set; }

    /// <summary>Σ (r − center)².</summary>
    public Vector256<double> Squares { get; private set; }

    /// <summary>Least equity over the highest before it, at peaks that have been left behind.</summary>
    public Vector256<double> Fall { get; private set; }

    /// <summary>Equity at the last mark.</summary>
    public readonly Vector256<double> Last => before;

    /// <summary>Highest equity, the start among it.</summary>
    public readonly Vector256<double> Highest => peak;

    /// <summary>Lowest equity, the start among it.</summary>
    public Vector256<double> Lowest { get; private set; }

    /// <summary>Least equity over the highest before it.</summary>
    public readonly Vector256<double> DeepestFall => Least(Fall, low / peak);

    /// <summary>A mark without a position.</summary>
    public void Flat(Vector256<double> cash, Vector256<double> center) => Hold(One, Vector256<double>.Zero, cash, center);

    /// <summary>Marks at which a position is held: equity is cash + quantity · close.</summary>
    public void Hold(ReadOnlySpan<double> close, Vector256<double> quantity, Vector256<double> cash, Vector256<double> center)
    {
        Vector256<double> one = Vector256.Create(1.0), sum = Sum, squares = Squares, last = before, top = peak, least = low, lowest = Lowest;
        foreach (double price in close)
        {
            Vector256<double> equity = cash + (quantity * Vector256.Create(price));
            Vector256<double> r = (equity / last) - one - center;
            sum += r;
            squares += r * r;

            // The least equity under one peak gives the least ratio to it, so one division per peak is enough.
            Vector256<double> higher = Vector256.GreaterThan(equity, top);
            if (higher != Vector256<double>.Zero)
            {
                Fall = Least(Fall, least / top);
                top = Vector256.ConditionalSelect(higher, equity, top);
                least = Vector256.ConditionalSelect(higher, equity, least);
            }

            least = Least(equity, least);
            lowest = Least(equity, lowest);
            last = equity;
        }

        Sum = sum;
        Squares = squares;
        before = last;
        peak = top;
        low = least;
        Lowest = lowest;
    }

    // As comparisons, since the minimum instructions of different machines treat NaN differently.
    public static Vector256<double> Least(Vector256<double> a, Vector256<double> b) => Vector256.ConditionalSelect(Vector256.LessThan(a, b), a, b);
}
