using System.Globalization;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>Bars of a vector, and our indicators on them.</summary>
internal static class VectorBars
{
    /// <summary>Daily bars from columns; a missing column takes the closes (or zeros, for volume).</summary>
    public static BarColumns Of(double[] close, double[]? high = null, double[]? low = null, double[]? volume = null)
    {
        long[] start = [.. Enumerable.Range(0, close.Length).Select(i => i * 86_400_000_000L)];
        return new(Symbol.Parse("VECTOR"), Interval.Day1, start, close, high ?? close, low ?? close, close, volume ?? new double[close.Length]);
    }

    /// <summary>One output of an indicator by name.</summary>
    public static double[] Output(BarColumns bars, string indicator, string output, params (string Name, double Value)[] settings) => Output(
        bars, indicator, output, string.Join(' ', settings.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name}={s.Value}"))));

    /// <summary>One output of an indicator by name, its settings as on the command line: <c>period=14 seed=zero</c>.</summary>
    public static double[] Output(BarColumns bars, string indicator, string output, string settings)
    {
        IndicatorSpec spec = IndicatorCatalog.Get(indicator);
        double[][] outputs = [.. spec.Outputs.Select(_ => new double[bars.Count])];
        spec.Batch(bars, Settings(spec, settings), outputs);
        return outputs[spec.OutputIndex(output)];
    }

    /// <summary>Settings as on the command line.</summary>
    public static IndicatorSettings Settings(IndicatorSpec spec, string settings) => IndicatorSettings.Parse(
        spec, settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]));
}
