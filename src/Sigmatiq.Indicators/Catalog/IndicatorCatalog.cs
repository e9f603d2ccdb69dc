using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Momentum;
using Sigmatiq.Indicators.Trend;
using Sigmatiq.Indicators.Volatility;
using Sigmatiq.Indicators.Volume;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>All indicators offered, by name: the door of this project.</summary>
/// <remarks>
/// <para><b>Batch and stream.</b> Each indicator has a batch kernel on columns and a streaming twin; they agree bit for bit. A stream can be
/// asked what it would say of a bar (<see cref="IIndicatorStream.Peek"/>) without keeping anything of it.</para>
/// <para><b>Warm-up.</b> Before an output is defined it is NaN, never a number that merely looks like one.</para>
/// <para><b>Missing numbers.</b> A bar is not seen by an indicator if a field that the indicator reads is NaN, infinite or larger than 1e300
/// in magnitude. Its outputs are NaN, nothing of it is kept, and the bars on both sides are treated as neighbours: the values at all other
/// bars are those of the series without it (<see cref="Gaps"/>).</para>
/// <para><b>Conventions.</b> Those of spec 01 §1.3, which are those of Stock Indicators: EMA seeded by the mean of its first n values, Wilder's
/// means by the mean of the first n, no true range at the first bar, population deviation for the bands, OBV 0 at the first bar.</para>
/// </remarks>
public static class IndicatorCatalog
{
    private const int LongestPeriod = 5000;

    /// <summary>Every indicator, in the order of spec 01 §1.3.</summary>
    public static IReadOnlyList<IndicatorSpec> All { get; } =
    [
        new("rsi", "Relative Strength Index", "momentum",
            [
                Period(14, "Number of changes averaged."),
                Constant("overbought", 70, 100, "Above this a market counts as bought too far."),
                Constant("oversold", 30, 100, "Below this a market counts as sold too far."),
            ],
            ["rsi"], s => s.Whole(0),
            "100·G/(G + L); G, L = Wilder's means of gains and losses (Wilder 1978); 50 where both are 0",
            (b, s, o) => Rsi.Compute(b.Close, s.Whole(0), o[0]),
            s => new RsiStream(s.Whole(0))),
        new("macd", "Moving Average Convergence/Divergence", "momentum",
            [
                Period("fast_period", 12, "Length of the fast average."),
                Period("slow_period", 26, "Length of the slow average."),
                Period("signal_period", 9, "Length of the average of the line."),
            ],
            ["macd_line", "signal_line", "histogram"], s => s.Whole(1) + s.Whole(2) - 2,
            "EMA(fast) − EMA(slow); its EMA(signal); their difference (Appel)",
            (b, s, o) => Macd.Compute(b.Close, s.Whole(0), s.Whole(1), s.Whole(2), o[0], o[1], o[2]),
            s => new MacdStream(s.Whole(0), s.Whole(1), s.Whole(2)))
        {
            Aliases = new Dictionary<string, string> { ["macd"] = "macd_line" },
            Conflict = s => s.Whole(0) < s.Whole(1) ? null : $"macd.fast_period must be below slow_period, was {s.Whole(0)} against {s.Whole(1)}.",
        },
        new("stochastic", "Stochastic Oscillator", "momentum",
            [
                Period("k_period", 14, "Bars of the range."),
                Period("d_period", 3, "Length of the average of %K."),
                Period("smooth_k", 3, "Length of the average of raw %K; 1 leaves it raw."),
            ],
            ["stochastic", "stoch_d"], s => s.Whole(0) + s.Whole(1) + s.Whole(2) - 3,
            "100·(C − LL)/(HH − LL), 50 where HH = LL, averaged over smooth_k; %D averages that over d_period (Lane)",
            (b, s, o) => Stochastic.Compute(b.High, b.Low, b.Close, s.Whole(0), s.Whole(1), s.Whole(2), o[0], o[1]),
            s => new StochasticStream(s.Whole(0), s.Whole(1), s.Whole(2)))
        {
            Aliases = new Dictionary<string, string> { ["stoch_k"] = "stochastic" },
        },
        new("ema", "Exponential Moving Average", "trend",
            [Period(20, "Length of the average.")],
            ["ema"], s => s.Whole(0) - 1,
            "e + 2/(n + 1)·(C − e), seeded by the mean of the first n",
            (b, s, o) => Ema.Compute(b.Close, s.Whole(0), o[0]),
            s => new EmaStream(s.Whole(0))),
        new("adx", "Average Directional Index", "trend",
            [Period(14, "Length of every average."), Constant("threshold", 25, 100, "Above this a market counts as trending.")],
            ["adx", "plus_di", "minus_di"], s => (2 * s.Whole(0)) - 1,
            "Wilder's mean of 100·|+DI − −DI|/(+DI + −DI), 0 where the sum is 0 (Wilder 1978)",
            (b, s, o) => Adx.Compute(b.High, b.Low, b.Close, s.Whole(0), o[0], o[1], o[2]),
            s => new AdxStream(s.Whole(0))),
        new("bollinger_bands", "Bollinger Bands", "volatility",
            [
                Period(20, "Length of the average."),
                new("std_dev", 2, 0.01, 100, IsWhole: false, Help: "Standard deviations between the middle and an outer band."),
            ],
            ["upper", "middle", "lower"], s => s.Whole(0) - 1,
            "mean of the last n closes ± std_dev population standard deviations of them (Bollinger)",
            (b, s, o) => BollingerBands.Compute(b.Close, s.Whole(0), s.Values[1], o[0], o[1], o[2]),
            s => new BollingerBandsStream(s.Whole(0), s.Values[1]))
        {
            RulePrefix = "bb_",
        },
        new("atr", "Average True Range", "volatility",
            [Period(14, "Number of ranges averaged.")],
            ["atr"], s => s.Whole(0),
            "Wilder's mean of max(H − L, |H − C₋₁|, |L − C₋₁|), from bar 1 (Wilder 1978)",
            (b, s, o) => Atr.Compute(b.High, b.Low, b.Close, s.Whole(0), o[0]),
            s => new AtrStream(s.Whole(0))),
        new("obv", "On-Balance Volume", "volume",
            [new("cumulative", 1, 0, 1, Help: "Whether to add up; if not, each bar has its own signed volume.", IsFlag: true)],
            ["obv"], _ => 0,
            "Σ ±volume by the sign of the close's change (Granville)",
            (b, s, o) => Obv.Compute(b.Close, b.Volume, s.Values[0] != 0, o[0]),
            s => new ObvStream(s.Values[0] != 0)),
        new("volume_ma", "Volume Moving Average", "volume",
            [Period(20, "Length of the average.")],
            ["volume_ma"], s => s.Whole(0) - 1,
            "mean of the last n volumes",
            (b, s, o) => Sma.Compute(b.Volume, s.Whole(0), o[0]),
            s => new SmaStream(s.Whole(0), ofVolume: true)),
        new("sma", "Simple Moving Average", "trend",
            [Period(20, "Length of the average.")],
            ["sma"], s => s.Whole(0) - 1,
            "mean of the last n closes",
            (b, s, o) => Sma.Compute(b.Close, s.Whole(0), o[0]),
            s => new SmaStream(s.Whole(0), ofVolume: false)),
    ];

    /// <summary>Finds an indicator by its catalog name.</summary>
    public static IndicatorSpec? Find(string name) => All.FirstOrDefault(i => i.Name == name);

    /// <summary>Finds an indicator or refuses the name.</summary>
    /// <exception cref="ProblemException">IND-1001: unknown indicator.</exception>
    public static IndicatorSpec Get(string name) => Find(name) ?? throw new ProblemException(
        "IND-1001", $"There is no indicator '{name}'.", "indicator", $"Use one of: {string.Join(", ", All.Select(i => i.Name))}.", ExitCode.BadUsage);

    private static IndicatorParameter Period(double value, string help) => Period("period", value, help);

    private static IndicatorParameter Period(string name, double value, string help) => new(name, value, 1, LongestPeriod, Help: help);

    private static IndicatorParameter Constant(string name, double value, double max, string help) =>
        new(name, value, 0, max, IsWhole: false, IsConstant: true, Help: help);
}
