using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Volume;
using static Sigmatiq.Indicators.Catalog.CatalogParameters;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>Indicators of how much was traded.</summary>
internal static class VolumeIndicators
{
    internal static readonly IReadOnlyList<IndicatorSpec> All =
    [
        new("obv", "On-Balance Volume", "volume",
            [
                new("cumulative", 1, 0, 1, Help: "Whether to add up; if not, each bar has its own signed volume.", IsFlag: true),
                Choice(
                    "start", "With what the balance begins.",
                    ("zero", "with 0, since the first bar has no change (Stock Indicators, Tulip, the StockCharts sheet)"),
                    ("first_volume", "with the first bar's volume (TA-Lib)")),
            ],
            ["obv"], _ => 0,
            "Σ ±volume by the sign of the close's change (Granville)",
            (b, s, o) => Obv.Compute(b.Close, b.Volume, s.Values[0] != 0, o[0], (ObvStart)s.Whole(1)),
            s => new ObvStream(s.Values[0] != 0, (ObvStart)s.Whole(1)))
        {
            Meaning = "The volume of rising bars less the volume of falling ones, added up.",
            Sources = [StockIndicators, Tulip, StockCharts],
        },
        new("volume_ma", "Volume Moving Average", "volume",
            [Period(20, "Length of the average.")],
            ["volume_ma"], s => s.Whole(0) - 1,
            "mean of the last n volumes",
            (b, s, o) => Sma.Compute(b.Volume, s.Whole(0), o[0]),
            s => new SmaStream(s.Whole(0), ofVolume: true))
        {
            Meaning = "The usual volume of the last bars.",
            Sources = [StockIndicators, Tulip],
        },
        new("vwap", "Volume-Weighted Average Price", "volume",
            [
                Period(14, "Bars of the window; says nothing for the other anchors."),
                Choice(
                    "anchor", "From where on is added up.",
                    ("start", "from the first bar on (Stock Indicators)"),
                    ("session", "from the first bar of the running session on, as trading screens show it"),
                    ("window", "over the last n bars, fewer at the beginning (the StockCharts sheet as kept by ta)")),
            ],
            ["vwap"], _ => 0,
            "Σ TP·volume/Σ volume, TP = (H + L + C)/3; undefined while no volume was traded",
            (b, s, o) => Vwap.Compute(
                b.High, b.Low, b.Close, b.Volume, s.Whole(1) == (int)VwapAnchor.Session ? BarSessions.Of(b) : [], (VwapAnchor)s.Whole(1), s.Whole(0), o[0]),
            s => new VwapStream((VwapAnchor)s.Whole(1), s.Whole(0)))
        {
            Meaning = "The average price paid per share.",
            Sources = [StockIndicators, StockCharts],
        },
    ];
}
