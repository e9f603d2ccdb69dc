using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Momentum;
using Sigmatiq.Indicators.Volatility;
using static Sigmatiq.Indicators.Catalog.CatalogParameters;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>Indicators of speed and of too far, too fast.</summary>
internal static class MomentumIndicators
{
    internal static readonly IReadOnlyList<IndicatorSpec> All =
    [
        new("rsi", "Relative Strength Index", "momentum",
            [
                Period(14, "Number of changes averaged."),
                Constant("overbought", 70, 100, "Above this a market counts as bought too far."),
                Constant("oversold", 30, 100, "Below this a market counts as sold too far."),
                Choice(
                    "seed", "How the averages of gains and losses begin.",
                    ("mean", "with the mean of the first n changes (Wilder's book, Stock Indicators, Tulip, TA-Lib)"),
                    ("zero", "with 0 before the first change (the StockCharts sheets)")),
            ],
            ["rsi"], s => s.Whole(0),
            "100·G/(G + L); G, L = Wilder's means of gains and losses (Wilder 1978); 50 where both are 0",
            (b, s, o) => Rsi.Compute(b.Close, s.Whole(0), o[0], (RsiSeed)s.Whole(3)),
            s => new RsiStream(s.Whole(0), (RsiSeed)s.Whole(3)))
        {
            Meaning = "How much of the recent movement went up, from 0 (none of it) to 100 (all of it).",
            Sources = [StockIndicators, Tulip, StockCharts],
        },
        new("macd", "Moving Average Convergence/Divergence", "momentum",
            [
                Period("fast_period", 12, "Length of the fast average."),
                Period("slow_period", 26, "Length of the slow average."),
                Period("signal_period", 9, "Length of the average of the line."),
                SeedOfEma,
                Choice(
                    "constants", "Smoothing constants of the averages of 12 and 26.",
                    ("exact", "2/13 and 2/27, as for every other length (Stock Indicators, StockCharts, TA-Lib)"),
                    ("rounded", "0.15 and 0.075, as Appel first gave them (Tulip; TA-Lib's fixed MACD)")),
            ],
            ["macd_line", "signal_line", "histogram"], s => s.Whole(1) - 1 + (s.Whole(3) == 0 ? s.Whole(2) - 1 : 0),
            "EMA(fast) − EMA(slow); its EMA(signal); their difference (Appel)",
            (b, s, o) => Macd.Compute(b.Close, s.Whole(0), s.Whole(1), s.Whole(2), o[0], o[1], o[2], (EmaSeed)s.Whole(3), s.Whole(4) == 1),
            s => new MacdStream(s.Whole(0), s.Whole(1), s.Whole(2), (EmaSeed)s.Whole(3), s.Whole(4) == 1))
        {
            Aliases = new Dictionary<string, string> { ["macd"] = "macd_line" },
            Conflict = s => s.Whole(0) < s.Whole(1) ? null : $"macd.fast_period must be below slow_period, was {s.Whole(0)} against {s.Whole(1)}.",
            Meaning = "How far a fast average has run from a slow one, and whether it is still running.",
            Sources = [StockIndicators, Tulip, StockCharts],
        },
        new("stochastic", "Stochastic Oscillator", "momentum",
            [
                Period("k_period", 14, "Bars of the range."),
                Period("d_period", 3, "Length of the average of %K."),
                Period("smooth_k", 3, "Length of the average of raw %K; 1 leaves it raw."),
                Number("flat", 50, 0, 100, "Raw %K where the range is empty; Stock Indicators, Tulip and TA-Lib have 0."),
            ],
            ["stochastic", "stoch_d"], s => s.Whole(0) + s.Whole(1) + s.Whole(2) - 3,
            "100·(C − LL)/(HH − LL), 50 where HH = LL, averaged over smooth_k; %D averages that over d_period (Lane)",
            (b, s, o) => Stochastic.Compute(b.High, b.Low, b.Close, s.Whole(0), s.Whole(1), s.Whole(2), o[0], o[1], s.Values[3]),
            s => new StochasticStream(s.Whole(0), s.Whole(1), s.Whole(2), s.Values[3]))
        {
            Aliases = new Dictionary<string, string> { ["stoch_k"] = "stochastic" },
            Meaning = "Where the close stands in the recent range, from 0 (at its low) to 100 (at its high).",
            Sources = [StockIndicators, Tulip],
        },
        new("roc", "Rate of Change", "momentum",
            [
                Period(14, "How many bars back."),
                Choice(
                    "form", "How the change is told.",
                    ("percent", "100·(C − C₋ₙ)/C₋ₙ (Stock Indicators, StockCharts, TA-Lib)"),
                    ("fraction", "(C − C₋ₙ)/C₋ₙ (Tulip's roc)"),
                    ("ratio", "C/C₋ₙ (Tulip's rocr)"),
                    ("difference", "C − C₋ₙ, also called momentum (Tulip's mom, the momentum of Stock Indicators)")),
            ],
            ["roc"], s => s.Whole(0),
            "100·(C − C₋ₙ)/C₋ₙ",
            (b, s, o) => Roc.Compute(b.Close, s.Whole(0), (RocForm)s.Whole(1), o[0]),
            s => new WindowStream(s.Whole(0) + 1, WindowStream.Close, w => Roc.Of(w[0], w[^1], (RocForm)s.Whole(1))))
        {
            Meaning = "How far the price has moved since some bars ago.",
            Sources = [StockIndicators, Tulip, StockCharts],
        },
        new("cci", "Commodity Channel Index", "momentum",
            [Period(20, "Length of the window.", 2)],
            ["cci"], s => s.Whole(0) - 1,
            "(TP − mean)/(0.015·mean |TP − mean|), TP = (H + L + C)/3 (Lambert 1980); undefined where nothing moved",
            (b, s, o) => Cci.Compute(b.High, b.Low, b.Close, s.Whole(0), o[0]),
            s => new WindowStream(s.Whole(0), TypicalPrice.Of, Cci.Of))
        {
            Meaning = "How unusual the price is, measured in its own usual distance from its average.",
            Sources = [StockCharts],
        },
        new("williams_r", "Williams %R", "momentum",
            [
                Period(14, "Bars of the range."),
                Number("flat", -50, -100, 0, "Value where the range is empty; Stock Indicators has −100, Tulip and TA-Lib have 0."),
            ],
            ["williams_r"], s => s.Whole(0) - 1,
            "−100·(HH − C)/(HH − LL), −50 where HH = LL (Williams 1973)",
            (b, s, o) => WilliamsR.Compute(b.High, b.Low, b.Close, s.Whole(0), s.Values[1], o[0]),
            s => new WilliamsRStream(s.Whole(0), s.Values[1]))
        {
            Meaning = "How far the close is below the recent high, from 0 (at it) to −100 (at the recent low).",
            Sources = [StockIndicators],
        },
        new("zscore", "Z-Score", "momentum",
            [Period(14, "Length of the window.", 2), Divisor],
            ["zscore"], s => s.Whole(0) - 1,
            "(C − mean)/standard deviation of the last n closes; undefined where nothing moved",
            (b, s, o) => StandardDeviation.ComputeZScore(b.Close, s.Whole(0), (DeviationKind)s.Whole(1), o[0]),
            s => new WindowStream(s.Whole(0), WindowStream.Close, w => StandardDeviation.ScoreOf(w, (DeviationKind)s.Whole(1))))
        {
            Meaning = "How many standard deviations the price is away from its average.",
            Sources = [StockIndicators],
        },
    ];
}
