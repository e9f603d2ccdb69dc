using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Costs;

/// <summary>A path with the money of one size: quantities, cash, profit and loss.</summary>
/// <remarks>Columns of shape [path.Count]. <see cref="Path"/> is the shared path, or an own one where money changed it.</remarks>
public sealed class AccountPath
{
    internal AccountPath(TradePath path, bool isOwnPath, PositionSize size, double[] quantity, double[] cashAfterEntry, double[] cashAfterExit, double[] profit, double[] tradeReturn)
    {
        Path = path;
        IsOwnPath = isOwnPath;
        Size = size;
        Quantity = quantity;
        CashAfterEntry = cashAfterEntry;
        CashAfterExit = cashAfterExit;
        Profit = profit;
        TradeReturn = tradeReturn;
    }

    /// <summary>Entries and exits.</summary>
    public TradePath Path { get; }

    /// <summary>Whether money refused an order, so that this size has a path of its own.</summary>
    public bool IsOwnPath { get; }

    /// <summary>The share of the account that was wanted.</summary>
    public PositionSize Size { get; }

    /// <summary>Shares bought.</summary>
    public double[] Quantity { get; }

    /// <summary>Cash after the entry fill.</summary>
    public double[] CashAfterEntry { get; }

    /// <summary>Cash after the exit fill; for a position still open, that after its entry.</summary>
    public double[] CashAfterExit { get; }

    /// <summary>Net profit or loss; NaN for a position still open.</summary>
    public double[] Profit { get; }

    /// <summary>Net profit or loss over quantity times entry price (02 §2.8, ρ); NaN for a position still open.</summary>
    public double[] TradeReturn { get; }

    /// <summary>Works out the money of one size.</summary>
    /// <param name="bars">The bars traded on.</param>
    /// <param name="signals">The signals, for an own path.</param>
    /// <param name="barriers">The barriers, for an own path.</param>
    /// <param name="options">The engine's options.</param>
    /// <param name="shared">The path without money.</param>
    /// <param name="size">The share of the account.</param>
    /// <param name="from">First bar that may decide.</param>
    /// <param name="to">End of the bars in use, exclusive.</param>
    public static AccountPath Run(
        FillBars bars, SignalSet signals, Barriers barriers, EngineOptions options, TradePath shared, PositionSize size, int from, int to)
    {
        MoneyColumns money = MoneyColumns.ForThread();
        TradePath path = Fill(bars, signals, barriers, options, shared, size, from, to, money);
        return money.ToAccountPath(path, !ReferenceEquals(path, shared), size);
    }

    /// <summary>The same into columns that the thread keeps: the inner loop of a sweep.</summary>
    internal static TradePath Fill(
        FillBars bars, SignalSet signals, Barriers barriers, EngineOptions options, TradePath shared, PositionSize size, int from, int to, MoneyColumns money)
    {
        if (money.TryFollow(shared, bars, options, size))
        {
            return shared;
        }

        var own = new SizedMoney(bars, options, size, money);
        return PathFinder.Find(bars, signals, barriers, options, from, to, ref own, null);
    }
}

/// <summary>The money columns of the path in hand, reused from path to path.</summary>
internal sealed class MoneyColumns
{
    [ThreadStatic]
    private static MoneyColumns? ofThread;

    public double[] Quantity = [], CashAfterEntry = [], CashAfterExit = [], Profit = [];

    public int Count;

    public static MoneyColumns ForThread() => ofThread ??= new();

    /// <summary>Follows a path as long as every order can be sent; false where one cannot.</summary>
    public bool TryFollow(TradePath path, FillBars bars, EngineOptions options, PositionSize size)
    {
        Reserve(path.Count);
        var money = new SizedMoney(bars, options, size, this);
        int expired = 0;
        for (int i = 0; i <= path.Count; i++)
        {
            // Orders that expired before this entry had to be sent with the cash of then.
            for (; expired < path.ExpiredDecisionBar.Length && (i == path.Count || path.ExpiredDecisionBar[expired] < path.DecisionBar[i]); expired++)
            {
                if (!money.Orders(path.ExpiredDecisionBar[expired]))
                {
                    return false;
                }
            }

            if (i == path.Count)
            {
                break;
            }

            if (!money.Orders(path.DecisionBar[i]) || !money.Fills(path.DecisionBar[i], path.EntryBar[i], path.EntryPrice[i]))
            {
                return false;
            }

            money.Closes(new(path.ExitBar[i], path.ExitPrice[i], path.Reason[i], 0));
        }

        return true;
    }

    public void Reserve(int count)
    {
        if (count > Quantity.Length)
        {
            int size = Math.Max(Math.Max(count, 16), Quantity.Length * 2);
            Array.Resize(ref Quantity, size);
            Array.Resize(ref CashAfterEntry, size);
            Array.Resize(ref CashAfterExit, size);
            Array.Resize(ref Profit, size);
        }
    }

    /// <summary>The columns of an account that was worked out before.</summary>
    public void Take(AccountPath account)
    {
        (Quantity, CashAfterEntry, CashAfterExit, Profit) = (account.Quantity, account.CashAfterEntry, account.CashAfterExit, account.Profit);
        Count = account.Path.Count;
    }

    /// <summary>How many of the first trades gained.</summary>
    public int Wins(int trades)
    {
        int wins = 0;
        foreach (double profit in Profit.AsSpan(0, trades))
        {
            wins += profit > 0 ? 1 : 0;
        }

        return wins;
    }

    public AccountPath ToAccountPath(TradePath path, bool isOwnPath, PositionSize size)
    {
        double[] tradeReturn = new double[Count];
        for (int i = 0; i < tradeReturn.Length; i++)
        {
            tradeReturn[i] = Profit[i] / (Quantity[i] * path.EntryPrice[i]);
        }

        return new(path, isOwnPath, size, Quantity[..Count], CashAfterEntry[..Count], CashAfterExit[..Count], Profit[..Count], tradeReturn);
    }
}

/// <summary>Money of one size as a path meets it.</summary>
internal struct SizedMoney : IOrderMoney
{
    private readonly double[] close, volume;
    private readonly double[]? volatility;
    private readonly int[] dayOf;
    private readonly MoneyColumns columns;
    private readonly bool kelly, atFill, limited, whole, partial;
    private readonly double share, volumeShare, volTarget;
    private Account account;
    private KellyRecord record;
    private double size, wanted, entryValue;

    public SizedMoney(FillBars bars, EngineOptions options, PositionSize size, MoneyColumns columns)
    {
        close = bars.Close;
        volume = bars.Volume;
        this.columns = columns;
        columns.Count = 0;
        dayOf = bars.DayOf;
        kelly = size.Method == SizingMethod.KellyFraction;
        volatility = size.Method == SizingMethod.VolTarget ? bars.DayVolatility : null;
        volTarget = Percent.ToFraction(size.VolTargetPct);
        atFill = options.SizePrice == SizePrice.Fill;
        limited = options.Order == OrderType.Limit;
        whole = options.Quantity == QuantityKind.Whole;
        partial = options.PartialFills;
        volumeShare = options.VolumeShareMax;
        share = size.Share;
        account = new(options);
    }

    public bool Orders(int decisionBar)
    {
        size = kelly ? record.Share(share) : volatility is null ? share : PositionSize.OfVolatility(volTarget, volatility[dayOf[decisionBar]], share);
        if (atFill)
        {
            return size > 0;
        }

        wanted = account.QuantityFor(size, close[decisionBar]);
        return wanted > 0;
    }

    public bool Fills(int decisionBar, int entryBar, double entryPrice)
    {
        if (atFill)
        {
            wanted = account.QuantityFor(size, entryPrice);
        }

        double spent = size;
        if (limited && volume[entryBar] > 0 && wanted > volumeShare * volume[entryBar])
        {
            double part = volumeShare * volume[entryBar];
            wanted = !partial ? 0 : whole ? Math.Floor(part) : part;
            spent = double.NaN;
        }

        double quantity = wanted > 0 ? account.Buy(spent, wanted, entryPrice) : 0;
        if (quantity <= 0)
        {
            return false;
        }

        int i = columns.Count;
        columns.Reserve(i + 1);
        columns.Quantity[i] = quantity;
        columns.CashAfterEntry[i] = account.Cash;
        entryValue = quantity * entryPrice;
        return true;
    }

    public void Closes(in PositionEnd end)
    {
        int i = columns.Count++;
        if (end.Reason == ExitReason.Open)
        {
            columns.CashAfterExit[i] = account.Cash;
            columns.Profit[i] = double.NaN;
            return;
        }

        double profit = account.Sell(columns.Quantity[i], end.Price);
        columns.CashAfterExit[i] = account.Cash;
        columns.Profit[i] = profit;
        if (kelly)
        {
            record.Add(profit / entryValue);
        }
    }
}
