using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Trend;
using static Sigmatiq.Indicators.Catalog.CatalogParameters;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>Indicators of direction.</summary>
internal static class TrendIndicators
{
    internal static readonly IReadOnlyList<IndicatorSpec> All =
    [
        new("ema", "Exponential Moving Average", "trend",
            [Period(20, "Length of the average."), SeedOfEma],
            ["ema"], s => s.Whole(1) == 0 ? s.Whole(0) - 1 : 0,
            "e + 2/(n + 1)·(C − e), seeded by the mean of the first n",
            (b, s, o) => Ema.Compute(b.Close, s.Whole(0), o[0], (EmaSeed)s.Whole(1)),
            s => new EmaStream(s.Whole(0), (EmaSeed)s.Whole(1)))
        {
            Meaning = "The average price, in which recent bars count more and old ones are never quite forgotten.",
            Sources = [StockIndicators, Tulip, StockCharts],
        },
        new("adx", "Average Directional Index", "trend",
            [
                Period(14, "Length of every average."),
                Constant("threshold", 25, 100, "Above this a market counts as trending."),
                Choice(
                    "first_bar", "Whether the first bar, which has no bar before it, counts as one.",
                    ("skipped", "it does not (Wilder's book, Stock Indicators, TA-Lib)"),
                    ("still", "it counts as a bar without range and movement, so every value comes one bar earlier (Tulip)")),
            ],
            ["adx", "plus_di", "minus_di"], s => (2 * s.Whole(0)) - 1 - (s.Whole(2) == 1 ? 1 : 0),
            "Wilder's mean of 100·|+DI − −DI|/(+DI + −DI), 0 where the sum is 0 (Wilder 1978)",
            (b, s, o) => Adx.Compute(b.High, b.Low, b.Close, s.Whole(0), o[0], o[1], o[2], (FirstMovement)s.Whole(2)),
            s => new AdxStream(s.Whole(0), (FirstMovement)s.Whole(2)))
        {
            Meaning = "How strong the trend is, whichever way it goes, and which way that is.",
            Sources = [StockIndicators, Tulip],
        },
        new("sma", "Simple Moving Average", "trend",
            [Period(20, "Length of the average.")],
            ["sma"], s => s.Whole(0) - 1,
            "mean of the last n closes",
            (b, s, o) => Sma.Compute(b.Close, s.Whole(0), o[0]),
            s => new SmaStream(s.Whole(0), ofVolume: false))
        {
            Meaning = "The average price of the last bars, each counting the same.",
            Sources = [StockIndicators, Tulip, StockCharts],
        },
        new("wma", "Weighted Moving Average", "trend",
            [Period(14, "Length of the average.")],
            ["wma"], s => s.Whole(0) - 1,
            "(1·x₁ + 2·x₂ + … + n·xₙ)/(n(n + 1)/2), xₙ the newest close",
            (b, s, o) => Wma.Compute(b.Close, s.Whole(0), o[0]),
            s => new WindowStream(s.Whole(0), WindowStream.Close, Wma.Of))
        {
            Meaning = "The average price of the last bars, in which each counts more than the one before it.",
            Sources = [StockIndicators, Tulip],
        },
        new("slope", "Linear-Regression Slope", "trend",
            [Period(14, "Bars in the line.", 2)],
            ["slope"], s => s.Whole(0) - 1,
            "Σ(i − m)·xᵢ/Σ(i − m)², m the middle of the last n bars (least squares), in price per bar",
            (b, s, o) => Slope.Compute(b.Close, s.Whole(0), o[0]),
            s => new WindowStream(s.Whole(0), WindowStream.Close, Slope.Of))
        {
            Meaning = "How much the straight line through the last closes rises or falls with each bar.",
            Sources = [StockIndicators, Tulip],
        },
    ];
}
