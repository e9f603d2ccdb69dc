using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>Equity at the marks where it can have moved; marks without a position are only counted, because their return is exactly
/// zero. This is what makes a score cost the bars held, not the bars there are.</summary>
/// <remarks>Kept per thread and refilled.</remarks>
internal sealed class EquityTrace
{
    [ThreadStatic]
    private static EquityTrace? ofThread;

    private double[] equity = new double[1024], returns = new double[1024];
    private int count;

    public static EquityTrace ForThread() => ofThread ??= new();

    /// <summary>Starting money and the equity at each moving mark, in order.</summary>
    public ReadOnlySpan<double> Equity => equity.AsSpan(0, count);

    /// <summary>Returns of the moving marks.</summary>
    public ReadOnlySpan<double> Returns => returns.AsSpan(0, count - 1);

    /// <summary>Marks without a position and without a change.</summary>
    public int Idle { get; private set; }

    public void Fill(TradePath path, MoneyColumns money, MarkGrid marks, double startingCash) =>
        Fill(path, money.Quantity, money.CashAfterEntry, money.CashAfterExit, marks, startingCash);

    public void Fill(AccountPath account, MarkGrid marks, double startingCash) =>
        Fill(account.Path, account.Quantity, account.CashAfterEntry, account.CashAfterExit, marks, startingCash);

    /// <summary>From equity of which it is not known where it could move: every mark counts.</summary>
    public void FillFrom(ReadOnlySpan<double> marked, ReadOnlySpan<double> between)
    {
        Reserve(between.Length);
        marked.CopyTo(equity);
        between.CopyTo(returns);
        count = between.Length + 1;
        Idle = 0;
    }

    private void Fill(TradePath path, double[] quantity, double[] cashAfterEntry, double[] cashAfterExit, MarkGrid marks, double startingCash)
    {
        Reserve(marks.Count);
        double[] e = equity, close = marks.Close;
        int m = 0, n = path.Count;
        e[m++] = startingCash;
        for (int i = 0; i < n; i++)
        {
            int first = marks.FirstAtOrAfter(path.EntryBar[i]);
            int last = path.ExitBar[i] < 0 ? marks.Count : marks.FirstAtOrAfter(path.ExitBar[i]);
            Hold(close.AsSpan(first, last - first), quantity[i], cashAfterEntry[i], e.AsSpan(m));
            m += last - first;

            // The mark at or after the exit shows the cash, unless the next position is already in it.
            if (path.ExitBar[i] >= 0 && last < marks.Count && (i + 1 == n || marks.FirstAtOrAfter(path.EntryBar[i + 1]) > last))
            {
                e[m++] = cashAfterExit[i];
            }
        }

        count = m;
        Idle = marks.Count - (m - 1);
        TakeReturns();
    }

    private static void Hold(ReadOnlySpan<double> close, double quantity, double cash, Span<double> equity)
    {
        Vector512<double> q = Vector512.Create(quantity), c = Vector512.Create(cash);
        ReadOnlySpan<Vector512<double>> blocks = MemoryMarshal.Cast<double, Vector512<double>>(close);
        Span<Vector512<double>> into = MemoryMarshal.Cast<double, Vector512<double>>(equity);
        for (int i = 0; i < blocks.Length; i++)
        {
            into[i] = c + (q * blocks[i]);
        }

        for (int i = blocks.Length * 8; i < close.Length; i++)
        {
            equity[i] = cash + (quantity * close[i]);
        }
    }

    private void TakeReturns()
    {
        int n = count - 1, i = 0;
        ref double e = ref MemoryMarshal.GetArrayDataReference(equity);
        ref double r = ref MemoryMarshal.GetArrayDataReference(returns);
        Vector512<double> one = Vector512.Create(1.0);
        for (; i + 8 <= n; i += 8)
        {
            Vector512<double> before = Vector512.LoadUnsafe(ref e, (nuint)i), after = Vector512.LoadUnsafe(ref e, (nuint)(i + 1));
            ((after / before) - one).StoreUnsafe(ref r, (nuint)i);
        }

        for (; i < n; i++)
        {
            returns[i] = (equity[i + 1] / equity[i]) - 1;
        }
    }

    private void Reserve(int marks)
    {
        if (marks + 9 > equity.Length)
        {
            equity = new double[marks + 9];
            returns = new double[marks + 9];
        }
    }
}
