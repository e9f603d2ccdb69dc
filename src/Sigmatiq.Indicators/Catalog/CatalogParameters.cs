namespace Sigmatiq.Indicators.Catalog;

/// <summary>Settings that several indicators of the catalog share.</summary>
internal static class CatalogParameters
{
    private const int LongestPeriod = 5000;

    internal const string StockIndicators = "stock-indicators", Tulip = "tulip", StockCharts = "stockcharts";

    internal static readonly IndicatorParameter SeedOfEma = Choice(
        "seed", "How the average begins.",
        ("mean", "with the mean of the first n values, at bar n − 1 (Stock Indicators, TA-Lib)"),
        ("first_value", "with the first value itself, at bar 0 (Tulip, the StockCharts sheets, pandas)"));

    internal static readonly IndicatorParameter FirstBarsRange = Choice(
        "first_bar", "Whether the first bar, which has no close before it, has a true range.",
        ("skipped", "it has none, so the first value comes at bar n (Wilder's book, Stock Indicators, TA-Lib)"),
        ("counted", "its own, H − L, so the first value comes at bar n − 1 (Tulip, the StockCharts sheets)"));

    internal static readonly IndicatorParameter Divisor = Choice(
        "deviation", "What the squares are divided by.",
        ("population", "n (Stock Indicators, Tulip, TA-Lib, Bollinger)"),
        ("sample", "n − 1 (Excel's STDEV.S, pandas)"));

    internal static IndicatorParameter Period(double value, string help, int min = 1) => Period("period", value, help, min);

    internal static IndicatorParameter Period(string name, double value, string help, int min = 1) => new(name, value, min, LongestPeriod, Help: help);

    internal static IndicatorParameter Number(string name, double value, double min, double max, string help) => new(name, value, min, max, IsWhole: false, Help: help);

    internal static IndicatorParameter Constant(string name, double value, double max, string help) =>
        new(name, value, 0, max, IsWhole: false, IsConstant: true, Help: help);

    /// <summary>A setting that is one of several words; the first is the default.</summary>
    internal static IndicatorParameter Choice(string name, string help, params (string Name, string Meaning)[] choices) =>
        new(name, 0, 0, choices.Length - 1, Help: help) { Choices = [.. choices.Select(c => new IndicatorChoice(c.Name, c.Meaning))] };

    /// <summary>A sample of one value has no deviation.</summary>
    internal static string? SampleOfOne(string indicator, int period, double kind) =>
        period == 1 && kind == 1 ? $"{indicator}.period must be at least 2 for the deviation of a sample, was 1." : null;
}
