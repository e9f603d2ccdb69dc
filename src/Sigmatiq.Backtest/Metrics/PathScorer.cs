using System.Runtime.Intrinsics;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>Scores accounts that follow one path, four at a time. Marks without a position are only counted, because their return is exactly
/// zero: a score costs the bars held, not the bars there are.</summary>
/// <remarks>
/// <para>Where the money of a trade is in proportion to the cash before it and every bar is marked (<see cref="IsProportional"/>), its
/// returns follow from the trade alone. Then a trade is summed up once from one unit of cash, and paths add such sums; else equity is
/// followed from mark to mark. Which of the two is a matter of the options and the size alone, never of what else is in the sweep.</para>
/// <para>For one thread at a time.</para>
/// </remarks>
internal sealed class PathScorer(FillBars bars, EngineOptions options, MarkGrid marks)
{
    // A memo may grow to some megabytes, and there is one for each four sizes; beyond so many, trades are summed up each time.
    private const int MemosMax = 8;

    private readonly List<TradeMemo> memos = [];

    /// <summary>Money of accounts that are not in proportion, one a lane, for the caller to fill.</summary>
    public MoneyColumns[] Money { get; } = [new(), new(), new(), new()];

    /// <summary>Whether an account of this size needs no money columns: trades are summed up.</summary>
    public bool IsProportional(PositionSize size) => options.Returns == ReturnSeries.Bar && LaneAccount.Fits(options, size);

    /// <summary>Scores accounts that all follow this path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="sizes">The size of each lane, 1 to 4: all in proportion, or none and then <see cref="Money"/> is theirs.</param>
    /// <param name="riskFree">Risk-free rate a year.</param>
    /// <param name="scores">Receives the score of each lane.</param>
    public void Follow(TradePath path, ReadOnlySpan<PositionSize> sizes, double riskFree, Span<Score> scores) => Follow(path, sizes, riskFree, scores, true);

    private void Follow(TradePath path, ReadOnlySpan<PositionSize> sizes, double riskFree, Span<Score> scores, bool remembers)
    {
        bool proportional = IsProportional(sizes[0]);
        Sums sums = proportional ? OfTrades(path, SharesOf(sizes), remembers) : OfMarks(path, sizes.Length, Vector256<double>.Zero);
        Vector256<double> mean = sums.Sum / Vector256.Create((double)marks.Count), squares = sums.Squares - (sums.Sum * mean);

        // Where the returns hardly differ from their mean, the difference of two large sums says little about it; then they are taken anew
        // from their mean.
        Vector256<double> isClose = Vector256.LessThan(squares, sums.Squares * Vector256.Create(0.01));
        if (isClose != Vector256<double>.Zero)
        {
            for (int lane = 0; proportional && lane < sizes.Length; lane++)
            {
                Money[lane].TryFollow(path, bars, options, sizes[lane]);
            }

            Sums around = OfMarks(path, sizes.Length, mean);
            Vector256<double> anew = around.Squares + (Vector256.Create((double)(marks.Count - around.Marks)) * mean * mean);

            // Only where it is so: a lane's score must not depend on what stands in the others.
            squares = Vector256.ConditionalSelect(isClose, anew, squares);
        }

        for (int lane = 0; lane < sizes.Length; lane++)
        {
            int wins = proportional ? -(int)sums.Wins[lane] : Money[lane].Wins(path.Closed);
            scores[lane] = Score.Of(
                marks.Count, (sums.Final[lane] / options.StartingCash) - 1, sums.DeepestFall[lane] - 1, mean[lane], squares[lane], options.PeriodsPerYear, riskFree,
                path.Closed, wins);
        }
    }

    /// <summary>Scores one account: the same bits as among others.</summary>
    public Score Alone(AccountPath account, double riskFree)
    {
        Score score = default;
        if (!IsProportional(account.Size))
        {
            Money[0].Take(account);
        }

        Follow(account.Path, [account.Size], riskFree, new(ref score), false);
        return score;
    }

    // Lanes without an account repeat the first.
    private static Vector256<double> SharesOf(ReadOnlySpan<PositionSize> sizes)
    {
        double first = sizes[0].Share;
        return Vector256.Create(first, sizes.Length > 1 ? sizes[1].Share : first, sizes.Length > 2 ? sizes[2].Share : first, sizes.Length > 3 ? sizes[3].Share : first);
    }

    private Sums OfMarks(TradePath path, int lanes, Vector256<double> center)
    {
        Columns money = new(Money[0], Money[lanes > 1 ? 1 : 0], Money[lanes > 2 ? 2 : 0], Money[lanes > 3 ? 3 : 0]);
        var equity = new RunningEquity(Vector256.Create(options.StartingCash));
        int moving = 0, n = path.Count;
        for (int i = 0; i < n; i++)
        {
            int first = marks.FirstAtOrAfter(path.EntryBar[i]);
            int last = path.ExitBar[i] < 0 ? marks.Count : marks.FirstAtOrAfter(path.ExitBar[i]);
            equity.Hold(marks.Close.AsSpan(first, last - first), money.Quantity(i), money.CashAfterEntry(i), center);
            moving += last - first;

            // The mark at or after the exit shows the cash, unless the next position is already in it.
            if (path.ExitBar[i] >= 0 && last < marks.Count && (i + 1 == n || marks.FirstAtOrAfter(path.EntryBar[i + 1]) > last))
            {
                equity.Flat(money.CashAfterExit(i), center);
                moving++;
            }
        }

        return new(moving, equity.Sum, equity.Squares, equity.DeepestFall, equity.Last, default);
    }

    private Sums OfTrades(TradePath path, Vector256<double> shares, bool remembers)
    {
        TradeMemo? memo = remembers ? MemoOf(shares) : null;
        var account = new LaneAccount(options, shares, options.StartingCash);
        Vector256<double> peak = account.Cash, fall = Vector256.Create(1.0), sum = default, squares = default, final = peak;
        Vector256<long> wins = default;
        int moving = 0;
        for (int i = 0; i < path.Count; i++)
        {
            TradeSummary own = default;
            ref readonly TradeSummary trade = ref own;
            if (memo is null)
            {
                own = SumUp(path, i, shares);
            }
            else
            {
                int place = memo.Find(path.DecisionBar[i], path.ExitBar[i], path.ExitPrice[i]);
                trade = ref memo.At(place >= 0 ? place : memo.Add(path.DecisionBar[i], SumUp(path, i, shares)));
            }

            moving += trade.Marks;
            sum += trade.Sum;
            squares += trade.Squares;
            fall = RunningEquity.Least(RunningEquity.Least(trade.DeepestFall, account.Cash * trade.Lowest / peak), fall);
            Vector256<double> highest = account.Cash * trade.Highest;
            peak = Vector256.ConditionalSelect(Vector256.GreaterThan(highest, peak), highest, peak);
            account.Buy(path.EntryPrice[i]);
            if (path.ExitBar[i] >= 0)
            {
                wins += account.Sell(path.ExitPrice[i]).AsInt64();
                final = account.Cash;
            }
            else
            {
                final = account.Cash + (account.Quantity * Vector256.Create(path.ExitPrice[i]));
            }
        }

        return new(moving, sum, squares, fall, final, wins);
    }

    private TradeSummary SumUp(TradePath path, int trade, Vector256<double> shares)
    {
        var account = new LaneAccount(options, shares, 1);
        var equity = new RunningEquity(account.Cash);
        account.Buy(path.EntryPrice[trade]);
        int first = marks.FirstAtOrAfter(path.EntryBar[trade]);
        int last = path.ExitBar[trade] < 0 ? marks.Count : marks.FirstAtOrAfter(path.ExitBar[trade]), moving = last - first;
        equity.Hold(marks.Close.AsSpan(first, moving), account.Quantity, account.Cash, default);
        if (path.ExitBar[trade] >= 0)
        {
            account.Sell(path.ExitPrice[trade]);
            equity.Flat(account.Cash, default);
            moving++;
        }

        return new(path.ExitBar[trade], path.ExitPrice[trade], moving, equity.Sum, equity.Squares, equity.Highest, equity.Lowest, equity.DeepestFall);
    }

    private TradeMemo? MemoOf(Vector256<double> shares)
    {
        foreach (TradeMemo memo in memos)
        {
            if (memo.Shares == shares)
            {
                return memo;
            }
        }

        if (memos.Count == MemosMax)
        {
            return null;
        }

        var made = new TradeMemo(marks.To, shares);
        memos.Add(made);
        return made;
    }

    private readonly record struct Sums(
        int Marks, Vector256<double> Sum, Vector256<double> Squares, Vector256<double> DeepestFall, Vector256<double> Final, Vector256<long> Wins);

    private readonly struct Columns(MoneyColumns a, MoneyColumns b, MoneyColumns c, MoneyColumns d)
    {
        public Vector256<double> Quantity(int i) => Vector256.Create(a.Quantity[i], b.Quantity[i], c.Quantity[i], d.Quantity[i]);

        public Vector256<double> CashAfterEntry(int i) => Vector256.Create(a.CashAfterEntry[i], b.CashAfterEntry[i], c.CashAfterEntry[i], d.CashAfterEntry[i]);

        public Vector256<double> CashAfterExit(int i) => Vector256.Create(a.CashAfterExit[i], b.CashAfterExit[i], c.CashAfterExit[i], d.CashAfterExit[i]);
    }
}
