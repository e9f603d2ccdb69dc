using Sigmatiq.Backtest.Fills;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning.Splits;

public sealed class TimeSeriesSplitTests
{
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    [Fact]
    public void Days_are_read_in_exchange_time_across_the_clock_change()
    {
        // 2024-03-08 and 2024-03-11 straddle the change: 14:30 UTC, then 13:30 UTC, are both 09:30 in New York.
        TradingDays days = Days((2024, 3, 8, 14), (2024, 3, 11, 13), (2024, 3, 12, 13));
        days.Count.Should().Be(3);
        days.DayOf.Should().Equal(0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2);
        days.OneDayBefore(7 + 3).Should().Be(3);
        days.OneDayBefore(2).Should().Be(-1);
        days.LastBar(1).Should().Be(13);
    }

    [Fact]
    public void One_day_before_the_late_bar_of_a_full_day_is_the_last_bar_of_a_half_day()
    {
        long[] starts = [.. Starts((2024, 7, 3, 13), 4), .. Starts((2024, 7, 5, 13), 7)];
        TradingDays days = Traded(Bars(starts, Interval.Hour1));
        days.OneDayBefore(4 + 6).Should().Be(3);
    }

    [Fact]
    public void A_row_is_dropped_when_its_label_ends_later_than_one_trading_day_before_the_block()
    {
        TradingDays days = Days((2024, 3, 4, 14), (2024, 3, 5, 14), (2024, 3, 6, 14));
        // The block starts at bar 16, two bars into the third day: one trading day before is bar 9.
        int[] decision = [0, 1, 2, 3, 12], end = [9, 10, 4, 15, 13];
        TimeSeriesSplit.Purged(decision, end, days, 0, 16).Should().Equal(0, 2);
        TimeSeriesSplit.Purged(decision, end, days, 2, 16).Should().Equal([2], "rows before the window do not train");
    }

    [Fact]
    public void The_hold_out_is_the_last_fifth_of_the_days()
    {
        TradingDays days = Days((2024, 3, 11, 13), (2024, 3, 12, 13), (2024, 3, 13, 13), (2024, 3, 14, 13), (2024, 3, 15, 13), (2024, 3, 18, 13));
        TimeSeriesSplit.HoldoutStart(days, 0, 0.2).Should().Be(35, "a fifth of six days is one whole day");
        TimeSeriesSplit.HoldoutStart(days, 7, 0.2).Should().Be(35);
        TimeSeriesSplit.HoldoutStart(days, 0, 0.34).Should().Be(28);
        TimeSeriesSplit.HoldoutStart(days, 0, 0.1).Should().Be(42, "nothing is held out of too few days");
    }

    [Fact]
    [Trait("Row", "S1-54")]
    public void No_training_row_reaches_into_what_is_scored()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            Rng rng = Rng.From(seed);
            (TradingDays days, int[] decision, int[] end, int bars) = Some(rng);
            int from = rng.NextInt(bars / 4);
            IReadOnlyList<Fold> folds = TimeSeriesSplit.Folds(decision, end, days, from, bars);
            folds.Should().HaveCount(5, $"seed {seed}");
            foreach (Fold fold in folds)
            {
                int firstScored = fold.Score.Length == 0 ? bars : fold.Score.Min(r => decision[r]);
                foreach (int row in fold.Train)
                {
                    (decision[row] >= from).Should().BeTrue($"seed {seed}");
                    (end[row] < firstScored && days.DayOf[end[row]] < days.DayOf[Math.Min(firstScored, bars - 1)]).Should().BeTrue($"seed {seed}, row {row}");
                }
            }

            int[] scored = [.. folds.SelectMany(f => f.Score)];
            scored.Should().OnlyHaveUniqueItems($"seed {seed}").And.BeInAscendingOrder($"seed {seed}");
            scored.Should().Equal(Enumerable.Range(0, decision.Length).Where(r => decision[r] >= from + ((bars - from) / 6)), $"seed {seed}");
        }
    }

    [Fact]
    public void Rows_of_the_future_move_no_row_of_the_past()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Rng rng = Rng.From(1000 + seed);
            (TradingDays days, int[] decision, int[] end, int bars) = Some(rng);
            int block = (bars / 2) + rng.NextInt(bars / 4);
            int[] altered = [.. end];
            for (int row = 0; row < altered.Length; row++)
            {
                if (end[row] >= block)
                {
                    altered[row] = Math.Max(block, decision[row] + 1) + rng.NextInt(50);
                }
            }

            TimeSeriesSplit.Purged(decision, altered, days, 0, block).Should().Equal(TimeSeriesSplit.Purged(decision, end, days, 0, block), $"seed {seed}");
        }
    }

    private static (TradingDays Days, int[] Decision, int[] End, int Bars) Some(Rng rng)
    {
        List<long> starts = [];
        for (int day = 0; day < 30; day++)
        {
            starts.AddRange(Starts((2024, 1, 1 + day, 14), rng.NextInt(5) == 0 ? 4 : 7));
        }

        TradingDays days = Traded(Bars([.. starts], Interval.Hour1));
        List<int> decision = [], end = [];
        for (int t = 0; t < starts.Count - 1; t++)
        {
            int closed = t + 1 + rng.NextInt(40);
            if (closed < starts.Count)
            {
                decision.Add(t);
                end.Add(closed);
            }
        }

        return (days, [.. decision], [.. end], starts.Count);
    }

    private static TradingDays Days(params (int Year, int Month, int Day, int OpenHourUtc)[] days) =>
        Traded(Bars([.. days.SelectMany(d => Starts(d, 7))], Interval.Hour1));

    private static IEnumerable<long> Starts((int Year, int Month, int Day, int OpenHourUtc) day, int bars) =>
        Enumerable.Range(0, bars).Select(i =>
            new DateTimeOffset(day.Year, day.Month, day.Day, day.OpenHourUtc + i, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000);

    private static TradingDays Traded(BarColumns bars) => new(FillBars.From(bars, NewYork, PriceKind.Raw));

    private static BarColumns Bars(long[] starts, Interval interval)
    {
        double[] flat = [.. Enumerable.Repeat(100.0, starts.Length)];
        return new(Symbol.Parse("MKT.SYN"), interval, starts, flat, flat, flat, flat, flat);
    }
}
