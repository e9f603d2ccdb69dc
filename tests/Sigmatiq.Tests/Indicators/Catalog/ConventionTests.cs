using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using static Sigmatiq.Tests.Indicators.Vectors.VectorBars;

namespace Sigmatiq.Tests.Indicators.Catalog;

/// <summary>Figures worked by hand: the shortest series that tells one convention from another, and markets that stand still.</summary>
public sealed class ConventionTests
{
    private const double U = double.NaN;

    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32.
    private static readonly double[] Textbook = [2, 4, 4, 4, 5, 5, 7, 9];

    [Fact]
    public void The_deviation_of_a_population_divides_by_n_and_of_a_sample_by_one_less()
    {
        Last("stdev", "period=8", Textbook).Should().Be(2);
        Last("stdev", "period=8 deviation=sample", Textbook).Should().BeApproximately(Math.Sqrt(32.0 / 7), 1e-15);
        Last("zscore", "period=8", Textbook).Should().Be(2);
        Last("zscore", "period=8 deviation=sample", Textbook).Should().BeApproximately(4 / Math.Sqrt(32.0 / 7), 1e-15);
        Output(Of(Textbook), "bollinger_bands", "upper", "period=8 std_dev=1 deviation=sample")[^1].Should().BeApproximately(5 + Math.Sqrt(32.0 / 7), 1e-14);
        Output(Of(Textbook), "bollinger_bands", "lower", "period=8 std_dev=1")[^1].Should().Be(3);
    }

    [Fact]
    public void A_change_is_told_in_percent_as_a_fraction_a_ratio_or_a_difference()
    {
        double[] close = [10, 11, 12, 0, 5];
        Output(Of(close), "roc", "roc", "period=2").Should().Equal(U, U, 20, -100, 100 * (5 - 12) / 12.0);
        Output(Of(close), "roc", "roc", "period=2 form=fraction").Should().Equal(U, U, 0.2, -1, -7 / 12.0);
        Output(Of(close), "roc", "roc", "period=2 form=ratio").Should().Equal(U, U, 1.2, 0, 5 / 12.0);
        Output(Of(close), "roc", "roc", "period=2 form=difference").Should().Equal(U, U, 2, -11, -7);
        Output(Of(close), "roc", "roc", "period=1").Should().Equal([U, 10, 100 / 11.0, -100, U], "no change is a share of nothing");
    }

    [Fact]
    public void On_balance_volume_begins_with_nothing_or_with_the_first_volume()
    {
        BarColumns bars = Of([5, 6, 6, 4], volume: [10, 20, 30, 40]);
        Output(bars, "obv", "obv", "").Should().Equal(0, 20, 20, -20);
        Output(bars, "obv", "obv", "start=first_volume").Should().Equal(10, 30, 30, -10);
        Output(bars, "obv", "obv", "start=first_volume cumulative=false").Should().Equal(10, 20, 0, -40);
    }

    [Fact]
    public void Volume_weighted_prices_start_anew_where_they_are_anchored()
    {
        // 30 and 31 December in New York: the third bar is 31 December in UTC, still the 30th there. Prices 10, 20, 40, 30.
        long[] start = [.. new[] { "2024-12-30T15:30Z", "2024-12-30T20:30Z", "2024-12-31T00:30Z", "2024-12-31T15:30Z" }
            .Select(t => DateTimeOffset.Parse(t, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() * 1000)];
        double[] price = [10, 20, 40, 30], volume = [100, 300, 100, 500];
        BarColumns bars = new(Symbol.Parse("VECTOR"), Interval.Hour1, start, price, price, price, price, volume);
        Output(bars, "vwap", "vwap", "anchor=session").Should().Equal(10, 7000.0 / 400, 11000.0 / 500, 30);
        Output(bars, "vwap", "vwap", "").Should().Equal(10, 7000.0 / 400, 11000.0 / 500, 26000.0 / 1000);
        Output(bars, "vwap", "vwap", "anchor=window period=2").Should().Equal(10, 7000.0 / 400, 10000.0 / 400, 19000.0 / 600);
        Output(Of(price), "vwap", "vwap", "").Should().Equal([U, U, U, U], "nothing was traded");
    }

    [Fact]
    public void Williams_R_counts_down_from_the_high_of_the_range()
    {
        // Bars 1 to 3: highest 12, lowest 7, close 8: −100·4/5. Bars 2 to 4: 13 and 7, close 13: 0.
        BarColumns bars = Of([9, 11, 8, 13], [10, 12, 11, 13], [8, 9, 7, 10]);
        Output(bars, "williams_r", "williams_r", "period=3").Should().Equal(U, U, -80, 0);
        Output(Of([5, 5]), "williams_r", "williams_r", "period=2").Should().Equal(U, -50);
        Output(Of([5, 5]), "williams_r", "williams_r", "period=2 flat=0").Should().Equal(U, 0);
        Output(Of([5, 5]), "stochastic", "stochastic", "k_period=2 smooth_k=1 flat=0").Should().Equal(U, 0);
    }

    [Fact]
    public void A_channel_of_the_bars_before_can_be_broken_and_one_that_holds_the_bar_cannot()
    {
        BarColumns bars = Of([1, 2, 3, 9], [1.5, 2.5, 3.5, 9.5], [0.5, 1.5, 2.5, 8.5]);
        Output(bars, "donchian", "upper", "period=2").Should().Equal(U, U, 2.5, 3.5);
        Output(bars, "donchian", "upper", "period=2 window=with_this_bar").Should().Equal(U, 2.5, 3.5, 9.5);
        Output(bars, "donchian", "middle", "period=2").Should().Equal(U, U, 1.5, 2.5);
    }

    [Fact]
    public void An_ema_begins_with_a_mean_or_with_the_first_close()
    {
        // k = 2/4.
        Output(Of([1, 2, 3, 6]), "ema", "ema", "period=3").Should().Equal(U, U, 2, 4);
        Output(Of([1, 2, 3, 6]), "ema", "ema", "period=3 seed=first_value").Should().Equal(1, 1.5, 2.25, 4.125);
    }

    [Fact]
    public void Rounded_constants_replace_those_of_12_and_26_and_no_others()
    {
        Output(Of([10, 20]), "macd", "macd_line", "seed=first_value constants=rounded")[1].Should().BeApproximately((10 + (0.15 * 10)) - (10 + (0.075 * 10)), 1e-14);
        Output(Of([10, 20]), "macd", "macd_line", "seed=first_value")[1].Should().BeApproximately(20.0 / 13 - 20.0 / 27, 1e-14);
        Output(Of([10, 20]), "macd", "macd_line", "fast_period=11 seed=first_value constants=rounded")[1].Should().BeApproximately(20.0 / 12 - 20.0 / 27, 1e-14);
    }

    [Fact]
    public void Weighted_averages_slopes_and_channel_indices_are_those_of_the_hand()
    {
        Last("wma", "period=3", [1, 2, 4]).Should().Be((1 + 4 + 12) / 6.0);
        Last("slope", "period=3", [1, 2, 4]).Should().Be(1.5, "the line through 1, 2, 4 rises by (4 − 1)/2");
        Last("slope", "period=4", [1, 2, 4, 4]).Should().Be(((-1.5 * 1) + (-0.5 * 2) + (0.5 * 4) + (1.5 * 4)) / 5);
        Last("cci", "period=3", [1, 2, 6]).Should().BeApproximately((6 - 3) / (0.015 * 2), 1e-12, "mean 3, mean deviation (2 + 1 + 3)/3");
    }

    [Fact]
    public void A_market_that_stands_still_has_no_deviation_no_slope_and_no_score()
    {
        // The mean of equal numbers such as 0.1 is not always that number in binary.
        double[] still = [.. Enumerable.Repeat(0.1, 40)];
        foreach (var (indicator, value) in new[] { ("stdev", 0.0), ("slope", 0.0), ("zscore", U), ("cci", U), ("roc", 0.0), ("atr", 0.0), ("williams_r", -50.0) })
        {
            Output(Of(still), indicator, indicator, "")[30..].Should().OnlyContain(x => x.Equals(value), indicator);
        }
    }

    private static double Last(string indicator, string settings, double[] close) => Output(Of(close), indicator, indicator, settings)[^1];
}
