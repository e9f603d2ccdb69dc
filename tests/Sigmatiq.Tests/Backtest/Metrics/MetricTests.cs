using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Indicators.Statistics;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Backtest.Metrics;

/// <summary>Metrics on series small enough to be worked by hand, and every null rule of 02 §2.8.</summary>
[Trait("Row", "S1-44")]
public sealed class MetricTests
{
    [Fact]
    public void A_hand_worked_series_gives_its_metrics()
    {
        // Equity 100, 110, 99, 99, 118.8; returns 0.1, −0.1, 0, 0.2; mean 0.05; deviations 0.05, −0.15, −0.05, 0.15; squares sum to 0.05.
        MetricSet m = Of([0.1, -0.1, 0, 0.2]);
        Near(m.TotalReturn, 0.188);
        Near(m.AnnualVolatility, Math.Sqrt(0.05 / 3) * Math.Sqrt(252));
        Near(m.SharpeRatio, 0.05 / Math.Sqrt(0.05 / 3) * Math.Sqrt(252));
        Near(m.SharpePerPeriod, 0.05 / Math.Sqrt(0.05 / 3));
        Near(m.DownsideDeviation, Math.Sqrt(0.01 / 4));
        Near(m.SortinoRatio, 0.05 / 0.05 * Math.Sqrt(252));
        Near(m.MaxDrawdown, -0.1);

        // Cubes 0.000125 − 0.003375 − 0.000125 + 0.003375 = 0; fourths 2·0.05⁴ + 2·0.15⁴ = 0.001025.
        Near(m.Skewness, 0);
        Near(m.Kurtosis, 0.001025 / 4 / Math.Pow(0.0125, 2));

        // Down on the second mark, back above 110 on the fourth: three marks, three days.
        (m.MaxDrawdownDurationBars, m.MaxDrawdownDurationDays, m.Recovered).Should().Be((3, 3, true));
    }

    [Fact]
    public void A_fall_that_never_ends_is_not_called_recovered()
    {
        MetricSet m = Of([0.1, -0.1, 0.05, -0.02]);
        (m.MaxDrawdownDurationBars, m.MaxDrawdownDurationDays, m.Recovered).Should().Be((3, 3, false));
    }

    [Fact]
    public void Nothing_gives_counts_of_zero_and_null_ratios()
    {
        MetricSet m = MetricMaker.Make(MetricInput.OfReturns([], [], 252, 0));
        (m.Periods, m.TotalTrades, m.MaxDrawdownDurationBars).Should().Be((0, 0, 0));
        double?[] ratios =
        [
            m.TotalReturn, m.AnnualizedReturn, m.AnnualVolatility, m.SharpeRatio, m.SharpeLow, m.DownsideDeviation, m.SortinoRatio, m.MaxDrawdown, m.CalmarRatio,
            m.WinRate, m.ProfitFactor, m.BestTrade, m.WorstTrade, m.AvgWinner, m.AvgLoser, m.AvgTradeReturn, m.AvgTradeDurationDays, m.Beta, m.Alpha,
            m.InformationRatio, m.Var95, m.Cvar95, m.Exposure, m.Turnover, m.TStatistic, m.PValue, m.Skewness, m.Kurtosis, m.SharpePerPeriod,
        ];
        ratios.Should().OnlyContain(r => r == null);
    }

    [Fact]
    public void Returns_that_do_not_vary_have_no_sharpe_and_gains_alone_no_sortino_calmar_or_profit_factor()
    {
        MetricSet flat = Of([.. Enumerable.Repeat(0.01, 50)]);
        (flat.SharpeRatio, flat.SortinoRatio, flat.CalmarRatio).Should().Be((null, null, null));
        MetricSet gains = Make([0.01, 0.02], [1, 2]);
        (gains.ProfitFactor, gains.AvgLoser, gains.WinRate).Should().Be((null, null, 1));
        MetricSet zero = Make([0.0, 0.0], [0, 0]);
        (zero.ProfitFactor, zero.WinRate, zero.TStatistic).Should().Be((null, 0, null));
    }

    [Fact]
    public void The_annual_return_counts_calendar_days_and_is_null_under_thirty()
    {
        DateOnly[] days = [new(2023, 1, 2), new(2024, 1, 2)];
        Near(MetricMaker.Make(MetricInput.OfReturns([0.1, 0.1], days, 252, 0)).AnnualizedReturn, Math.Pow(1.21, 365.25 / 365) - 1);
        MetricMaker.Make(MetricInput.OfReturns([0.1, 0.1], [new(2023, 1, 2), new(2023, 1, 31)], 252, 0)).AnnualizedReturn.Should().BeNull();
        MetricMaker.Make(MetricInput.OfReturns([0.1, 0.1], [new(2023, 1, 2), new(2023, 2, 1)], 252, 0)).AnnualizedReturn.Should().NotBeNull();
        MetricMaker.Make(MetricInput.OfReturns([-1, 0], days, 252, 0)).AnnualizedReturn.Should().Be(-1);
    }

    [Fact]
    public void A_trade_without_gain_is_a_loss_and_expectancy_is_the_mean()
    {
        MetricSet m = Make([0.028, -0.013, 0, 0.01], [28, -13, 0, 10]);
        (m.TotalTrades, m.WinRate, m.BestTrade, m.WorstTrade).Should().Be((4, 0.5, 0.028, -0.013));
        Near(m.AvgWinner, 0.019);
        Near(m.AvgLoser, -0.0065);
        Near(m.ProfitFactor, 38.0 / 13);
        Near(m.AvgTradeReturn, 0.5 * m.AvgWinner!.Value + 0.5 * m.AvgLoser!.Value);
    }

    [Fact]
    public void The_sharpe_interval_is_that_of_the_formula_and_wide_on_short_samples()
    {
        // Normal returns: g₃ = 0, g₄ = 3, SR small: ± 1.96/√years. Two years: ± 1.39.
        Near(MetricFormulas.SharpeHalfWidth(0, 0, 3, 505, 252), 1.96 * Math.Sqrt(252.0 / 504));
        MetricFormulas.SharpeHalfWidth(0, 0, 3, 11, 252).Should().BeApproximately(9.84, 0.01, "two weeks say ± 10");
    }

    [Fact]
    public void Value_at_risk_is_the_five_percent_quantile_and_its_tail_mean()
    {
        // 0 … 300: position 0.05 · 300 = 15, so the quantile is the 16th smallest, −0.0285; the 16 at or below it average −0.02925.
        double[] r = [.. Enumerable.Range(0, 301).Select(i => (i - 300) / 10_000.0)];
        (double var, double cvar, bool parametric) = MetricFormulas.ValueAtRisk(r);
        Near(var, 0.0285);
        Near(cvar, 0.02925);
        parametric.Should().BeFalse();
        (double few, double parametricTail, bool isParametric) = MetricFormulas.ValueAtRisk(r[..100]);
        (isParametric, few > 0, parametricTail > few).Should().Be((true, true, true));
        MetricFormulas.ValueAtRisk([.. Enumerable.Repeat(0.01, 300)]).Var.Should().Be(0, "there is no loss");
    }

    [Fact]
    public void The_t_test_equals_the_textbook()
    {
        // 1, 2, 3, 4, 5 per cent: mean 3, s 1.5811, t = 3/(1.5811/√5) = 4.2426; one-sided p at 4 degrees of freedom 0.0066 (tables: t 3.747 ↔ 0.01, 4.604 ↔ 0.005).
        (double t, double p) = MetricFormulas.MeanAboveZero([0.01, 0.02, 0.03, 0.04, 0.05]);
        Near(t, 3 / (Math.Sqrt(2.5) / Math.Sqrt(5)));
        p.Should().BeInRange(0.005, 0.01);
        Near(Probability.StudentUpperTail(4.604, 4), 0.005, 1e-5);
        Near(Probability.NormalQuantile(0.975), 1.959963984540054, 1e-9);
    }

    [Fact]
    public void The_bootstrap_draws_whole_weeks_repeats_with_its_seed_and_is_never_zero()
    {
        // Two trades a week that cancel: every week sums to 0, so every resampled mean is 0 and p is 1.
        DateOnly[] dates = [.. Enumerable.Range(0, 40).Select(i => new DateOnly(2024, 1, 1).AddDays((i / 2 * 7) + (i % 2)))];
        double[] cancelling = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 0.01 : -0.01)];
        WeekBootstrap zero = WeekBootstrap.Of(cancelling, dates)!;
        (zero.PValue, zero.Weeks, zero.Low, zero.High).Should().Be((1, 20, 0, 0));
        WeekBootstrap gains = WeekBootstrap.Of([.. Enumerable.Repeat(0.01, 40)], dates)!;
        gains.PValue.Should().Be(1.0 / 10_001);
        WeekBootstrap.Of(cancelling, dates).Should().Be(zero);
        WeekBootstrap.Of([], []).Should().BeNull();

        // Independent trades, one a week: the bootstrap's p is near the t-test's.
        Rng rng = Rng.From(7);
        double[] r = [.. Enumerable.Range(0, 200).Select(_ => 0.001 + (0.01 * rng.NextGaussian()))];
        DateOnly[] weekly = [.. Enumerable.Range(0, 200).Select(i => new DateOnly(2020, 1, 6).AddDays(7 * i))];
        WeekBootstrap.Of(r, weekly)!.PValue.Should().BeApproximately(MetricFormulas.MeanAboveZero(r).P, 0.02);
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(4, 0.0625)]
    [InlineData(5, 0.03125)]
    public void Weeks_that_all_gained_are_no_better_than_as_many_coins_that_all_fell_on_one_side(int weeks, double expected)
    {
        // By hand: w weeks, each a gain or a loss with chance one half, all gain with chance 1/2^w. Three trades a week, so that it is not their number that counts.
        DateOnly[] dates = [.. Enumerable.Range(0, 3 * weeks).Select(i => new DateOnly(2024, 1, 1).AddDays((i / 3 * 7) + (i % 3)))];
        WeekBootstrap.Of([.. dates.Select((_, i) => 0.01 + (0.001 * i))], dates)!.PValue.Should().Be(expected);
    }

    [Fact]
    public void A_mean_that_is_below_zero_in_most_draws_keeps_its_share_of_them()
    {
        // Two weeks, −2 and +1 per cent: three of the four equally likely draws (−2, −2), (−2, 1), (1, −2), (1, 1) have a mean at or below zero.
        WeekBootstrap.Of([-0.02, 0.01], [new(2024, 1, 1), new(2024, 1, 8)])!.PValue.Should().BeApproximately(0.75, 0.02);
    }

    [Fact]
    public void Wilsons_interval_is_the_published_one_and_the_binomial_chance_exact()
    {
        // 5 of 8: 31 % to 86 % (05 §5.14).
        (double low, double high) = Proportion.Wilson(5, 8)!.Value;
        (Math.Round(low, 2), Math.Round(high, 2)).Should().Be((0.31, 0.86));
        Proportion.Wilson(0, 0).Should().BeNull();

        // At least 2 of 4 heads: 1 − (1 + 4)/16.
        Near(Proportion.ChanceToReach(0.5, 4, 0.5), 11.0 / 16);
    }

    [Fact]
    public void Sums_in_lanes_depend_on_neither_vector_width_nor_length()
    {
        Rng rng = Rng.From(3);
        for (int n = 0; n < 200; n++)
        {
            double[] x = [.. Enumerable.Range(0, n).Select(_ => rng.NextGaussian())];
            double[] lane = new double[8];
            for (int i = 0; i < n; i++)
            {
                lane[i % 8] += x[i];
            }

            LaneSum.Of(x).Should().Be((lane[0] + lane[4] + (lane[2] + lane[6])) + (lane[1] + lane[5] + (lane[3] + lane[7])), $"n = {n}");
            double mean = n == 0 ? 0 : LaneSum.Of(x) / n;
            double two = LaneSum.Deviations(x, mean, out double three, out double four);
            two.Should().Be(LaneSum.Squares(x, mean));
            Near(three, x.Sum(v => Math.Pow(v - mean, 3)), 1e-9);
            Near(four, x.Sum(v => Math.Pow(v - mean, 4)), 1e-9);
        }
    }

    private static MetricSet Of(double[] returns) =>
        MetricMaker.Make(MetricInput.OfReturns(returns, [.. Enumerable.Range(0, returns.Length).Select(i => new DateOnly(2024, 1, 1).AddDays(i))], 252, 0));

    private static MetricSet Make(double[] tradeReturns, double[] profits)
    {
        int n = tradeReturns.Length;
        TradeColumns trades = new(tradeReturns, profits, [.. Enumerable.Repeat(new DateOnly(2024, 1, 1), n)], new double[n], new double[n]);
        return MetricMaker.Make(MetricInput.OfReturns([0.01, 0.02], [new(2024, 1, 1), new(2024, 1, 2)], 252, 0) with { Trades = trades });
    }

    private static void Near(double? got, double want, double within = 1e-12) => got!.Value.Should().BeApproximately(want, within * Math.Max(1, Math.Abs(want)));
}
