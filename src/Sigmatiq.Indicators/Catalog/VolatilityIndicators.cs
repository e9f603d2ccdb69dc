using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Volatility;
using static Sigmatiq.Indicators.Catalog.CatalogParameters;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>Indicators of how much prices move, and channels as wide as that.</summary>
internal static class VolatilityIndicators
{
    internal static readonly IReadOnlyList<IndicatorSpec> All =
    [
        new("bollinger_bands", "Bollinger Bands", "volatility",
            [
                Period(20, "Length of the average."),
                Number("std_dev", 2, 0.01, 100, "Standard deviations between the middle and an outer band."),
                Divisor,
            ],
            ["upper", "middle", "lower"], s => s.Whole(0) - 1,
            "mean of the last n closes ± std_dev standard deviations of them (Bollinger)",
            (b, s, o) => BollingerBands.Compute(b.Close, s.Whole(0), s.Values[1], o[0], o[1], o[2], (DeviationKind)s.Whole(2)),
            s => new BollingerBandsStream(s.Whole(0), s.Values[1], (DeviationKind)s.Whole(2)))
        {
            RulePrefix = "bb_",
            Conflict = s => SampleOfOne("bollinger_bands", s.Whole(0), s.Values[2]),
            Meaning = "The average price, and how far from it prices usually are.",
            Sources = [StockIndicators, Tulip],
        },
        new("atr", "Average True Range", "volatility",
            [Period(14, "Number of ranges averaged."), FirstBarsRange],
            ["atr"], s => s.Whole(0) - s.Whole(1),
            "Wilder's mean of max(H − L, |H − C₋₁|, |L − C₋₁|), from bar 1 (Wilder 1978)",
            (b, s, o) => Atr.Compute(b.High, b.Low, b.Close, s.Whole(0), o[0], (FirstRange)s.Whole(1)),
            s => new AtrStream(s.Whole(0), (FirstRange)s.Whole(1)))
        {
            Meaning = "How far the price usually travels in one bar, gaps included.",
            Sources = [StockIndicators, Tulip, StockCharts],
        },
        new("donchian", "Donchian Channel", "volatility",
            [
                Period(20, "Bars of the channel."),
                Choice(
                    "window", "Whether the running bar is one of the n.",
                    ("before", "it is not: the n bars before it, so that it can break out (Stock Indicators)"),
                    ("with_this_bar", "it is (the StockCharts sheet, Tulip's max and min, TA-Lib's MAX and MIN)")),
            ],
            ["upper", "middle", "lower"], s => s.Whole(0) - s.Whole(1),
            "highest high and lowest low of n bars, and (upper + lower)/2 (Donchian)",
            (b, s, o) => Donchian.Compute(b.High, b.Low, s.Whole(0), s.Whole(1) == 1, o[0], o[1], o[2]),
            s => new DonchianStream(s.Whole(0), s.Whole(1) == 1))
        {
            RulePrefix = "donchian_",
            Meaning = "The highest and the lowest price of the last bars, and the middle between them.",
            Sources = [StockIndicators, Tulip, StockCharts],
        },
        new("keltner", "Keltner Channel", "volatility",
            [
                Period(20, "Length of the exponential average."),
                Number("multiplier", 2, 0.01, 100, "Average true ranges between the middle and an outer line."),
                Period("atr_period", 10, "Number of ranges averaged."),
                SeedOfEma,
                FirstBarsRange,
            ],
            ["upper", "middle", "lower"], s => Math.Max(s.Whole(3) == 0 ? s.Whole(0) - 1 : 0, s.Whole(2) - s.Whole(4)),
            "EMA(n) of the close ± multiplier·ATR(atr_period) (Keltner 1960, in Raschke's form)",
            (b, s, o) => Keltner.Compute(
                b.High, b.Low, b.Close, s.Whole(0), s.Whole(2), s.Values[1], (EmaSeed)s.Whole(3), (FirstRange)s.Whole(4), o[0], o[1], o[2]),
            s => new KeltnerStream(s.Whole(0), s.Whole(2), s.Values[1], (EmaSeed)s.Whole(3), (FirstRange)s.Whole(4)))
        {
            RulePrefix = "keltner_",
            Meaning = "The average price, and a band around it as wide as the price usually travels.",
            Sources = [StockIndicators, StockCharts],
        },
        new("stdev", "Standard Deviation", "volatility",
            [Period(14, "Length of the window."), Divisor],
            ["stdev"], s => s.Whole(0) - 1,
            "√(Σ(C − mean)²/n) of the last n closes",
            (b, s, o) => StandardDeviation.Compute(b.Close, s.Whole(0), (DeviationKind)s.Whole(1), o[0]),
            s => new WindowStream(s.Whole(0), WindowStream.Close, w => StandardDeviation.Of(w, (DeviationKind)s.Whole(1))))
        {
            Conflict = s => SampleOfOne("stdev", s.Whole(0), s.Values[1]),
            Meaning = "How far prices usually are from their average.",
            Sources = [StockIndicators, Tulip],
        },
    ];
}
