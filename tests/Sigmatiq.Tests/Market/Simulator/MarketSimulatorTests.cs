using System.Text.Json;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Market.Simulator;

public sealed class MarketSimulatorTests
{
    private static readonly MarketSimulator Market = MarketSimulator.Default;
    private static readonly DateOnly End = new(2025, 12, 31);
    private static readonly Lazy<BarColumns[]> Daily = new(() => [.. Market.Symbols.Select(s => Market.Bars(s, Interval.Day1, null, End))]);
    private static readonly Lazy<BarColumns> MarketHours = new(() => Market.Bars(Market.Symbols[0], Interval.Hour1, null, End));

    [Fact]
    public void There_are_eight_symbols_that_say_they_are_synthetic_and_start_between_40_and_150()
    {
        Market.Symbols.Select(s => s.Value).Should().Equal(
            "MKT.SYN", "TECH.SYN", "FINA.SYN", "HLTH.SYN", "ENRG.SYN", "CONS.SYN", "UTIL.SYN", "SMAL.SYN");
        Market.Symbols.Should().OnlyContain(s => s.IsSynthetic);
        Daily.Value.Should().OnlyContain(d => d.Open[0] >= 40 && d.Open[0] <= 150);
    }

    [Fact]
    public void Bars_lie_on_every_session_of_the_calendar_and_nowhere_else()
    {
        long[] grid = [.. NyseCalendar.Instance.Sessions(new(2018, 1, 2), End).SelectMany(s => s.BarStarts(Interval.Hour1))];
        MarketHours.Value.StartUtcUs.Should().Equal(grid);
        Market.Bars(Market.Symbols[3], Interval.Minute5, new(2025, 7, 3), new(2025, 7, 3)).Count.Should().Be(42, "the third of July is a half day");
    }

    [Fact]
    public void Every_bar_is_a_possible_one()
    {
        foreach (BarColumns bars in Daily.Value.Append(MarketHours.Value).Append(Market.Bars(Market.Symbols[4], Interval.Minute5, new(2025, 1, 2), End)))
        {
            for (int t = 0; t < bars.Count; t++)
            {
                bool possible = bars.Low[t] > 0 && bars.Low[t] <= Math.Min(bars.Open[t], bars.Close[t])
                    && bars.High[t] >= Math.Max(bars.Open[t], bars.Close[t]) && bars.Volume[t] >= 100
                    && bars.Volume[t] == Math.Round(bars.Volume[t]) && bars.Close[t] == Math.Round(bars.Close[t], 2);
                possible.Should().BeTrue($"{bars.Symbol} {bars.StartUtc(t):u}");
            }
        }
    }

    [Fact]
    public void A_later_end_changes_no_earlier_bar()
    {
        foreach (Interval interval in new[] { Interval.Minute5, Interval.Hour1, Interval.Day1 })
        {
            BarColumns early = Market.Bars(Market.Symbols[1], interval, null, new(2019, 3, 29)), late = Market.Bars(Market.Symbols[1], interval, null, new(2019, 9, 30));
            late.Count.Should().BeGreaterThan(early.Count);
            AssertSame(late.Slice(0, early.Count), early);
        }
    }

    [Fact]
    public void A_later_start_changes_no_later_bar()
    {
        BarColumns all = Market.Bars(Market.Symbols[1], Interval.Hour1, null, new(2019, 3, 29)), part = Market.Bars(Market.Symbols[1], Interval.Hour1, new(2019, 1, 2), new(2019, 3, 29));
        AssertSame(all.Slice(all.Count - part.Count, all.Count), part);
    }

    [Fact]
    public void The_same_seed_gives_the_same_market_and_another_seed_another()
    {
        SimulatorSettings settings = SimulatorSettings.Default;
        BarColumns Of(long seed) => new MarketSimulator(settings with { Seed = seed }).Bars(Market.Symbols[0], Interval.Day1, null, new(2018, 12, 31));
        AssertSame(Of(1), Of(1));
        Of(1).Close.Should().NotEqual(Of(2).Close);
        (settings with { Seed = settings.Seed + 1 }).SourceVersion.Should().NotBe(settings.SourceVersion);
    }

    [Fact]
    public void Hours_are_the_five_minute_bars_put_together()
    {
        BarColumns fine = Market.Bars(Market.Symbols[2], Interval.Minute5, new(2024, 6, 3), new(2024, 7, 12));
        AssertSame(Resample.To(fine, Interval.Hour1, NyseCalendar.Instance), Market.Bars(Market.Symbols[2], Interval.Hour1, new(2024, 6, 3), new(2024, 7, 12)));
        AssertSame(Resample.To(fine, Interval.Day1, NyseCalendar.Instance), Market.Bars(Market.Symbols[2], Interval.Day1, new(2024, 6, 3), new(2024, 7, 12)));
    }

    [Fact]
    public void Returns_have_fat_tails()
    {
        Kurtosis(Returns(MarketHours.Value.Close)).Should().BeGreaterThan(4, "a normal distribution has 3");
        Kurtosis(Returns(Daily.Value[0].Close)).Should().BeGreaterThan(4);
    }

    [Fact]
    public void Agitated_days_follow_agitated_days()
    {
        double[] size = [.. Returns(Daily.Value[0].Close).Select(r => Math.Abs(r))];
        Correlation(size[..^1], size[1..]).Should().BeGreaterThan(0.1);
        double[] returns = Returns(Daily.Value[0].Close);
        double foretold = Correlation(returns[..^1], returns[1..]);
        (foretold * foretold).Should().BeLessThan(0.03, "a single day tells next to nothing of the next: of its variance, less than three hundredths");
    }

    [Fact]
    public void Symbols_move_together_but_not_as_one()
    {
        double[][] returns = [.. Daily.Value.Select(d => Returns(d.Close))];
        for (int i = 0; i < returns.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Correlation(returns[i], returns[j]).Should().BeInRange(0.25, 0.97, $"{Market.Symbols[i]} and {Market.Symbols[j]}");
            }
        }
    }

    [Fact]
    public void Volume_is_high_at_both_ends_of_the_day()
    {
        BarColumns bars = MarketHours.Value;
        double[] mean = new double[7];
        int days = 0;
        for (int t = 0; t + 6 < bars.Count; t++)
        {
            if (SessionDates.DateOf(bars.StartUtcUs[t], NyseCalendar.Instance.Zone) is var date
                && NyseCalendar.Instance.SessionOn(date) is { IsHalfDay: false } session && bars.StartUtcUs[t] == SessionDates.MicrosecondsOf(session.OpenUtc))
            {
                days++;
                for (int h = 0; h < 7; h++)
                {
                    mean[h] += bars.Volume[t + h];
                }
            }
        }

        days.Should().BeGreaterThan(1900);
        mean[0].Should().BeGreaterThan(1.5 * mean[3]);
        // The last bar has half the time of the others.
        (2 * mean[6]).Should().BeGreaterThan(1.5 * mean[3]);
    }

    [Fact]
    public void A_night_moves_the_price_too()
    {
        BarColumns days = Daily.Value[0];
        double[] gaps = [.. Enumerable.Range(1, days.Count - 1).Select(t => Math.Log(days.Open[t] / days.Close[t - 1]))];
        double share = Variance(gaps) / Variance(Returns(days.Close));
        share.Should().BeInRange(0.15, 0.45);
    }

    [Fact]
    public void The_planted_effect_is_there_weeks_that_rose_are_followed_by_weeks_that_rise()
    {
        double[] log = [.. Daily.Value[0].Close.Select(price => Math.Log(price))];
        double[] past = [.. Enumerable.Range(20, log.Length - 30).Select(t => log[t] - log[t - 20])];
        double[] next = [.. Enumerable.Range(20, log.Length - 30).Select(t => log[t + 10] - log[t])];
        Correlation(past, next).Should().BeGreaterThan(0.08);
        IReadOnlyList<(DateOnly Date, string Regime)> regimes = Market.Regimes(End);
        int changes = regimes.Zip(regimes.Skip(1)).Count(pair => pair.First.Regime != pair.Second.Regime);
        (regimes.Count / (double)changes).Should().BeInRange(15, 60, "a regime lasts for weeks");
    }

    [Fact]
    public void A_symbol_that_it_does_not_have_is_refused_by_name() =>
        Code(() => Market.Bars(Symbol.Parse("SPY"), Interval.Hour1, null, End)).Should().Be("MKT-3001");

    [Fact]
    public void Minute_bars_are_refused() => Code(() => Market.Bars(Market.Symbols[0], Interval.Minute1, null, End)).Should().Be("MKT-3002");

    [Fact]
    public void Settings_with_a_key_too_many_are_refused()
    {
        string text = File.ReadAllText(Path.Combine(Checkout.Root, "data", "simulator.json"));
        SimulatorSettings.Parse(text).SourceVersion.Should().Be(SimulatorSettings.Default.SourceVersion, "the program carries the file");
        ((Func<object>)(() => SimulatorSettings.Parse(text.Replace("\"seed\"", "\"sede\"", StringComparison.Ordinal)))).Should().Throw<JsonException>();
    }

    internal static void AssertSame(BarColumns actual, BarColumns expected)
    {
        actual.StartUtcUs.Should().Equal(expected.StartUtcUs);
        actual.Open.Should().Equal(expected.Open);
        actual.High.Should().Equal(expected.High);
        actual.Low.Should().Equal(expected.Low);
        actual.Close.Should().Equal(expected.Close);
        actual.Volume.Should().Equal(expected.Volume);
    }

    private static string Code(Func<object> act) => act.Should().Throw<ProblemException>().Which.Problem.Code;

    private static double[] Returns(double[] close) => [.. close.Zip(close.Skip(1)).Select(p => Math.Log(p.Second / p.First))];

    private static double Variance(double[] x)
    {
        double mean = x.Average();
        return x.Average(v => (v - mean) * (v - mean));
    }

    private static double Kurtosis(double[] x)
    {
        double mean = x.Average(), variance = x.Average(v => (v - mean) * (v - mean));
        return x.Average(v => Math.Pow(v - mean, 4)) / (variance * variance);
    }

    private static double Correlation(double[] x, double[] y)
    {
        double mx = x.Average(), my = y.Average();
        double xy = x.Zip(y).Average(p => (p.First - mx) * (p.Second - my));
        return xy / Math.Sqrt(x.Average(v => (v - mx) * (v - mx)) * y.Average(v => (v - my) * (v - my)));
    }
}
