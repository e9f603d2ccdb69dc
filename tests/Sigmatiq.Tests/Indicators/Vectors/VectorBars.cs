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
    public static double[] Output(BarColumns bars, string indicator, string output, params (string Name, double Value)[] settings)
    {
        IndicatorSpec spec = IndicatorCatalog.Get(indicator);
        double[][] outputs = [.. spec.Outputs.Select(_ => new double[bars.Count])];
        spec.Batch(bars, IndicatorSettings.Of(spec, settings.ToDictionary(s => s.Name, s => s.Value)), outputs);
        return outputs[spec.OutputIndex(output)];
    }

    /// <summary>An output on the bars with copies of the first bar before them, cut back to the bars' own length.</summary>
    /// <remarks>Some sources start a recursion on the first value itself, or count the first bar's own range. That is our convention on a
    /// series in which the first bar stood still for a while before.</remarks>
    public static double[] AfterStandingStill(
        BarColumns bars, int copies, string indicator, string output, params (string Name, double Value)[] settings)
    {
        double[] Led(double[] column) => [.. Enumerable.Repeat(column[0], copies), .. column];
        return Output(Of(Led(bars.Close), Led(bars.High), Led(bars.Low), Led(bars.Volume)), indicator, output, settings)[copies..];
    }
}
