using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Market.Bars;

namespace Sigmatiq.Tests.Market.Quality;

public sealed class QualityGatesTests
{
    private static readonly NyseCalendar Nyse = NyseCalendar.Instance;

    [Theory]
    [InlineData("null_price", "MKT-2101")]
    [InlineData("nonpositive_price", "MKT-2102")]
    [InlineData("high_below_body", "MKT-2103")]
    [InlineData("low_above_body", "MKT-2104")]
    [InlineData("duplicate_ts", "MKT-2105")]
    [InlineData("unordered_ts", "MKT-2106")]
    [InlineData("negative_volume", "MKT-2107")]
    [InlineData("wrong_zone", "MKT-2120")]
    [InlineData("scale_slip", "MKT-2121")]
    public void A_broken_fact_refuses_the_bars_with_its_row_unless_it_is_waived(string rule, string code)
    {
        BarColumns bars = Broken(rule);
        QualityReport report = QualityGates.Check(bars, Nyse);

        Action accept = () => report.Accept([], t => $"row {t + 2}");
        ProblemException refusal = accept.Should().Throw<ProblemException>().Which;
        refusal.Problem.Code.Should().Be(code);
        refusal.Problem.Exit.Should().Be(ExitCode.DataRefused);
        refusal.Problem.Where.Should().StartWith("row ");
        refusal.Problem.Remedy.Should().Contain($"--waive {rule}");

        BarColumns taken = report.Accept([QualityWaiver.Of(rule, "known and looked at")], t => "");
        taken.StartUtcUs.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        taken.Count.Should().Be(rule is "null_price" or "duplicate_ts" ? bars.Count - 1 : bars.Count);
        QualityGates.Check(taken, Nyse).Findings.Where(f => f.Rule.IsBroken && f.Rule.Name != rule).Should().BeEmpty();
    }

    [Fact]
    public void A_waiver_of_one_rule_does_not_cover_another()
    {
        QualityReport report = QualityGates.Check(Broken("nonpositive_price"), Nyse);
        ((Action)(() => report.Accept([QualityWaiver.Of("null_price", "x")], _ => ""))).Should().Throw<ProblemException>();
    }

    [Fact]
    public void A_waiver_needs_a_known_rule_and_a_reason()
    {
        Code(() => QualityWaiver.Of("null_price", " ")).Should().Be("MKT-2111");
        Code(() => QualityWaiver.Of("zero_volume", "a flag")).Should().Be("MKT-2110");
        Code(() => QualityWaiver.Of("nothing", "x")).Should().Be("MKT-2110");
    }

    [Fact]
    public void Stretches_without_an_adjustment_factor_are_told_where_other_bars_have_one()
    {
        BarColumns bars = MadeBars.OnSessions(Interval.Day1, new(2024, 7, 1), new(2024, 7, 31), Rng.From(3));
        (int, string)[] Found(double[]? factor) =>
        [
            .. QualityGates.Check(new(bars.Symbol, bars.Interval, bars.StartUtcUs, bars.Open, bars.High, bars.Low, bars.Close, bars.Volume, factor), Nyse)
                .Findings.Where(f => f.Rule == QualityRule.FactorMissing).Select(f => (f.Bar, f.Detail)),
        ];
        double[] known = [.. Enumerable.Repeat(0.5, bars.Count)];
        Found(null).Should().BeEmpty("a source without factors has none to miss");
        Found(known).Should().BeEmpty();
        double[] holed = [.. known];
        (holed[0], holed[1], holed[7], holed[^1]) = (double.NaN, double.NaN, double.NaN, double.NaN);
        Found(holed).Should().Equal((0, "bars=2"), (7, "bars=1"), (bars.Count - 1, "bars=1"));
    }

    [Fact]
    public void Flags_are_told_and_stop_nothing()
    {
        BarColumns clean = MadeBars.OnSessions(Interval.Hour1, new(2024, 7, 1), new(2024, 7, 12), Rng.From(3));
        double[] volume = [.. clean.Volume], high = [.. clean.High], close = [.. clean.Close], open = [.. clean.Open];
        volume[3] = 0;
        volume[4] = double.NaN;
        high[5] = Math.Max(clean.Open[5], clean.Close[5]) * 1.06;
        close[^1] = clean.Close[^2] * 1.3;
        high[^1] = close[^1];
        long[] starts = [.. clean.StartUtcUs];
        BarColumns flagged = new(clean.Symbol, clean.Interval, starts, open, high, clean.Low, close, volume);
        BarColumns holed = MadeBars.At(Interval.Hour1, [.. starts.Where((_, t) => t is not (10 or 11 or 30))], Rng.From(3));

        QualityReport report = QualityGates.Check(flagged, Nyse);
        report.Counts.Should().Equal(new Dictionary<string, int> { ["jump_over_25pct"] = 1, ["null_volume"] = 1, ["wick_over_5pct_intraday"] = 1, ["zero_volume"] = 1 });
        report.Accept([], _ => "").Should().BeSameAs(flagged);
        QualityGates.Check(holed, Nyse).Findings.Where(f => f.Rule == QualityRule.Gap).Select(f => f.Detail[..6]).Should().Equal("bars=2", "bars=1");
        QualityGates.Check(clean, Nyse).Findings.Should().BeEmpty();
    }

    [Fact]
    public void A_bar_outside_regular_hours_is_a_flag()
    {
        Session session = Nyse.SessionOn(new(2024, 7, 2))!.Value;
        long open = SessionDates.MicrosecondsOf(session.OpenUtc);
        BarColumns bars = MadeBars.At(Interval.Hour1, [open - 3_600_000_000, open, open + 3_600_000_000], Rng.From(1));
        QualityGates.Check(bars, Nyse).Counts.Should().Equal(new Dictionary<string, int> { ["outside_session"] = 1 });
    }

    private static BarColumns Broken(string rule)
    {
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2024, 7, 1), new(2024, 7, 5), Rng.From(2));
        long[] start = [.. bars.StartUtcUs];
        double[] open = [.. bars.Open], high = [.. bars.High], low = [.. bars.Low], close = [.. bars.Close], volume = [.. bars.Volume];
        switch (rule)
        {
            case "null_price":
                close[4] = double.NaN;
                break;
            case "nonpositive_price":
                low[4] = -1;
                break;
            case "high_below_body":
                high[4] = Math.Max(open[4], close[4]) - 0.01;
                break;
            case "low_above_body":
                low[4] = Math.Min(open[4], close[4]) + 0.01;
                high[4] += 1;
                break;
            case "duplicate_ts":
                start[5] = start[4];
                break;
            case "unordered_ts":
                (start[5], start[4]) = (start[4], start[5]);
                break;
            case "negative_volume":
                volume[4] = -5;
                break;
            case "wrong_zone":
                start = [.. start.Select(at => at - (4 * 3_600_000_000L))];
                break;
            case "scale_slip":
                foreach (double[] price in new[] { open, high, low, close })
                {
                    price[4] *= 100;
                    price[5] *= 100;
                }

                break;
        }

        return new(Symbol.Parse("TEST"), Interval.Hour1, start, open, high, low, close, volume);
    }

    private static string Code(Action act) => act.Should().Throw<ProblemException>().Which.Problem.Code;
}
