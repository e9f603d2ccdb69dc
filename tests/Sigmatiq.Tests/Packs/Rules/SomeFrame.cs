using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs.Rules;

/// <summary>Bars and frames of which a test says only what matters.</summary>
internal static class SomeFrame
{
    /// <summary>Hourly bars of New York sessions from 2018-01-02; open, high and low are the close.</summary>
    public static BarColumns Bars(double[] close, double[]? volume = null) => Bars(close, close, close, close, volume ?? Filled(close.Length, 1000));

    public static BarColumns Bars(double[] open, double[] high, double[] low, double[] close, double[] volume) =>
        new(Symbol.Parse("TEST.SYN"), Interval.Hour1, Starts(close.Length), open, high, low, close, volume);

    /// <summary>A random walk in hourly bars.</summary>
    public static BarColumns Walk(int count, long seed)
    {
        Rng rng = Rng.From(seed);
        double[] open = new double[count], high = new double[count], low = new double[count], close = new double[count], volume = new double[count];
        double price = 100;
        for (int t = 0; t < count; t++)
        {
            open[t] = price;
            price *= Math.Exp(0.01 * rng.NextGaussian());
            close[t] = price;
            high[t] = Math.Max(open[t], close[t]) * (1 + (0.002 * rng.NextDouble()));
            low[t] = Math.Min(open[t], close[t]) * (1 - (0.002 * rng.NextDouble()));
            volume[t] = Math.Round(1000 * Math.Exp(rng.NextGaussian()));
        }

        return Bars(open, high, low, close, volume);
    }

    public static FrameColumns Columns(BarColumns bars, RuleScope? scope = null) =>
        new(RuleFrame.OfBars(bars), NyseCalendar.Instance, scope ?? RuleScope.OfPack(SomePack.Swing));

    public static double[] Evaluate(string rule, BarColumns bars, RuleScope? scope = null)
    {
        FrameColumns columns = Columns(bars, scope);
        return RuleProgram.Compile(rule, columns.Scope).Value.Evaluate(columns);
    }

    /// <summary>A scope of indicators with defaults and features by expression.</summary>
    public static RuleScope Scope(string[] indicators, params (string Id, string Calculation)[] features) => RuleScope.Build(
        [.. indicators.Select(i => new IndicatorInstance(i, []))], [.. features.Select(f => new PackFeature(f.Id, f.Id, f.Calculation))]);

    public static double[] Filled(int count, double value)
    {
        double[] column = new double[count];
        Array.Fill(column, value);
        return column;
    }

    private static long[] Starts(int count)
    {
        List<long> starts = [];
        foreach (Session session in NyseCalendar.Instance.Sessions(new(2018, 1, 2), new(2024, 12, 31)))
        {
            for (DateTimeOffset at = session.OpenUtc; at < session.CloseUtc && starts.Count < count; at = at.AddHours(1))
            {
                starts.Add((at - DateTimeOffset.UnixEpoch).Ticks / 10);
            }
        }

        return [.. starts];
    }
}
