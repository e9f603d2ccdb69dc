using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Market.Import;

namespace Sigmatiq.Tests.Backtest.Metrics;

/// <summary>The metrics of a report on one series worked by hand (spec 02 §2.8).</summary>
/// <remarks>r = 0.02, −0.01, 0.03, −0.02, 0.01. Mean 0.006. Around it: 0.014, −0.016, 0.024, −0.026, 0.004; squares 0.000196, 0.000256, 0.000576,
/// 0.000676, 0.000016, sum 0.00172; σ = √(0.00172/4) = √0.00043. Below 0: 0.01² + 0.02² = 0.0005 over 5 is 0.01².
/// b = 0.01, −0.02, 0.02, −0.01, 0. Mean 0, squares sum to 0.001; products with r around its mean 0.00014 + 0.00032 + 0.00048 + 0.00026 = 0.0012.
/// r − b = 0.01, 0.01, 0.01, −0.01, 0.01: mean 0.006, squares around it 4·0.004² + 0.016² = 0.00032, σ = √0.00008.</remarks>
public sealed class GoldenMetricTests
{
    private static readonly double[] R = [0.02, -0.01, 0.03, -0.02, 0.01], B = [0.01, -0.02, 0.02, -0.01, 0];
    private static readonly DateOnly[] Dates = [new(2023, 1, 2), new(2023, 4, 3), new(2023, 7, 3), new(2023, 10, 2), new(2024, 1, 2)];

    [Theory]
    [Trait("Row", "S4-16")]
    [InlineData(12, 1.002322883501468, 0.07183313998427189, 2.0784609690826525)]
    [InlineData(52, 2.0865014670718596, 0.14953260514014996, 4.326661530556787)]
    [InlineData(252, 4.593220484431882, 0.3291808013842849, 9.524704719832526)]
    [InlineData(252 * 7, 12.152519118694384, 0.8709305368397644, 25.2)]
    [InlineData(252 * 390, 90.70883652244589, 6.50079995077529, 188.0978468776291)]
    public void Sharpe_volatility_and_sortino_are_annual_by_the_frequency_of_the_bars(double perYear, double sharpe, double volatility, double sortino)
    {
        // 0.006/√0.00043·√P, √0.00043·√P, 0.006/0.01·√P: months, weeks, days, seven hours a day, 390 minutes a day.
        MetricSet m = Of(R, perYear);
        Near(m.SharpeRatio, sharpe);
        Near(m.AnnualVolatility, volatility);
        Near(m.SortinoRatio, sortino);

        // Depth, years and shares do not depend on how often equity is marked.
        Near(m.MaxDrawdown, -0.02);
        Near(m.AnnualizedReturn, 0.029505531482468594);
        Near(m.CalmarRatio, 1.4752765741234284);
        Near(m.SharpePerPeriod, 0.28934569330224724);
    }

    [Fact]
    [Trait("Row", "S4-16")]
    public void The_win_rate_is_the_share_of_trades_whatever_the_frequency()
    {
        TradeColumns trades = new([0.02, -0.01, 0.0, 0.03], [20, -10, 0, 30], [.. Dates[..4]], new double[4], new double[4]);
        foreach (double perYear in new[] { 252.0, 252 * 7 })
        {
            MetricMaker.Make(MetricInput.OfReturns(R, Dates, perYear, 0) with { Trades = trades }).WinRate.Should().Be(0.5, "no gain is a loss");
        }
    }

    [Fact]
    [Trait("Row", "S4-40")]
    public void Sharpe_with_and_without_a_risk_free_rate()
    {
        Near(Of(R).SharpeRatio, 4.593220484431882);

        // 0.0252 a year is 0.0001 a day: (0.006 − 0.0001)/√0.00043·√252.
        Near(Of(R, riskFree: 0.0252).SharpeRatio, 0.0059 / Math.Sqrt(0.00043) * Math.Sqrt(252));
    }

    [Fact]
    [Trait("Row", "S4-41")]
    public void Sortino_takes_the_downside_over_all_periods()
    {
        Near(Of(R).DownsideDeviation, 0.01);
        Near(Of(R).SortinoRatio, 9.524704719832526);

        // With 0.0001 a day required: 0.0101² + 0.0201² = 0.00050602, over 5.
        Near(Of(R, riskFree: 0.0252).SortinoRatio, 0.0059 / Math.Sqrt(0.00050602 / 5) * Math.Sqrt(252));
        Of([0.01, 0.02]).SortinoRatio.Should().BeNull("nothing is below");
    }

    [Fact]
    [Trait("Row", "S4-42")]
    public void Calmar_is_the_annual_return_over_the_depth()
    {
        // E = 1.02·0.99·1.03·0.98·1.01 = 1.0294850412 in 365 days; the deepest fall is the fourth day's 2 %.
        Near(Of(R).CalmarRatio, (Math.Pow(1.0294850412, 365.25 / 365) - 1) / 0.02);
        Of([0.01, 0.02]).CalmarRatio.Should().BeNull("it never fell");
    }

    [Fact]
    [Trait("Row", "S4-43")]
    [Trait("Row", "S4-44")]
    public void Beta_is_covariance_over_variance_and_alpha_what_it_leaves()
    {
        MetricSet m = Of(R, benchmark: B);
        Near(m.Beta, 1.2);
        Near(m.Alpha, 0.006 * 252);

        // (0.006 − 0.0001 − 1.2·(0 − 0.0001))·252.
        Near(Of(R, riskFree: 0.0252, benchmark: B).Alpha, 0.00602 * 252);
        Near(Of(R, riskFree: 0.0252, benchmark: B).Beta, 1.2);
        Near(Of(B, benchmark: B).Beta, 1);
        Of(R, benchmark: new double[5]).Beta.Should().BeNull("the benchmark does not move");
    }

    [Fact]
    [Trait("Row", "S4-45")]
    public void The_information_ratio_is_that_of_the_difference()
    {
        Near(Of(R, benchmark: B).InformationRatio, 0.006 / Math.Sqrt(0.00008) * Math.Sqrt(252));
        Near(Of(R, benchmark: B).InformationRatio, 10.648943609579309);
        Of(R, benchmark: R).InformationRatio.Should().BeNull("there is no difference");
    }

    [Fact]
    [Trait("Row", "S4-46")]
    public void The_profit_factor_is_null_without_a_loss()
    {
        MetricSet Trades(params double[] profits) => MetricMaker.Make(MetricInput.OfReturns(R, Dates, 252, 0) with
        {
            Trades = new([.. profits.Select(p => p / 1000)], profits, [.. profits.Select(_ => Dates[0])], new double[profits.Length], new double[profits.Length]),
        });
        Near(Trades(30, -10, 20, -15).ProfitFactor, 2);
        Trades(30, 20).ProfitFactor.Should().BeNull();
        Trades(30, 0).ProfitFactor.Should().BeNull("a trade without gain lost no money");
        Trades().ProfitFactor.Should().BeNull();
        Trades(-5).ProfitFactor.Should().Be(0);
    }

    [Fact]
    [Trait("Row", "S4-47")]
    [Trait("Row", "S4-48")]
    public void The_deepest_fall_and_the_longest_one_in_calendar_days_from_peak_to_recovery()
    {
        // 100, 120, 90, 110, 120, 114, 119: down a quarter from the peak of 5 January, back at 120 on 20 January, 15 days and 3 marks. The
        // second fall, from 20 January on, has lasted 12 days when the data end, and is shallower.
        double[] equity = [100, 120, 90, 110, 120, 114, 119];
        DateOnly[] dates = [new(2024, 1, 2), new(2024, 1, 5), new(2024, 1, 8), new(2024, 1, 12), new(2024, 1, 20), new(2024, 1, 22), new(2024, 2, 1)];
        MetricSet m = MetricMaker.Make(new MetricInput(equity, [.. dates.Select(d => d.DayNumber)], 252, 0, TradeColumns.None, double.NaN, double.NaN, []));
        Near(m.MaxDrawdown, -0.25);
        (m.MaxDrawdownDurationDays, m.MaxDrawdownDurationBars, m.Recovered).Should().Be((15, 3, true));
        MetricSet open = MetricMaker.Make(new MetricInput(equity[..4], [.. dates[..4].Select(d => d.DayNumber)], 252, 0, TradeColumns.None, double.NaN, double.NaN, []));
        (open.MaxDrawdownDurationDays, open.Recovered).Should().Be((7, false), "it had not come back when the data ended");
    }

    [Fact]
    [Trait("Row", "S4-49")]
    public void A_benchmark_is_joined_by_date_and_where_it_has_a_gap_both_are_left_out_of_what_compares()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["returns.csv"],
            """
            ts,return,benchmark
            2023-01-02,0.02,0.01
            2023-02-01,0.5,
            2023-04-03,-0.01,-0.02
            2023-07-03,0.03,0.02
            2023-10-02,-0.02,-0.01
            2023-12-01,-0.3,
            2024-01-02,0.01,0
            """);
        PublishedReturns read = ReturnsFile.Read(folder["returns.csv"], TimeZoneInfo.Utc, TestContext.Current.CancellationToken);
        MetricSet gapped = MetricMaker.Make(MetricInput.OfReturns(read.Returns, read.Dates, 252, 0, read.Benchmark)), whole = Of(R, benchmark: B);
        (gapped.Beta, gapped.Alpha, gapped.InformationRatio).Should().Be((whole.Beta, whole.Alpha, whole.InformationRatio));
        Near(gapped.TotalReturn, (1.0294850412 * 1.5 * 0.7) - 1);
    }

    [Fact]
    public void Under_250_returns_cvar_is_parametric()
    {
        // 1.645: φ = 0.10311081; √0.00043·φ/0.05 − 0.006.
        MetricSet m = Of(R);
        Near(m.Cvar95, 0.03676302574205853);
        m.Cvar95IsParametric.Should().BeTrue();

        // Position 0.05·4 = 0.2 between −0.02 and −0.01.
        Near(m.Var95, 0.018);
        MetricFormulas.ValueAtRisk(new double[250]).Parametric.Should().BeFalse();
        MetricFormulas.ValueAtRisk(new double[249]).Parametric.Should().BeTrue();
    }

    private static MetricSet Of(double[] returns, double perYear = 252, double riskFree = 0, double[]? benchmark = null) =>
        MetricMaker.Make(MetricInput.OfReturns(returns, Dates[..returns.Length], perYear, riskFree, benchmark));

    private static void Near(double? got, double want) => got!.Value.Should().BeApproximately(want, 1e-9 * Math.Max(1, Math.Abs(want)));
}
