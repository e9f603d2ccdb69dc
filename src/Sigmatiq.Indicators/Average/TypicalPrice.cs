using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Average;

/// <summary>The typical price of a bar: (H + L + C)/3.</summary>
internal static class TypicalPrice
{
    internal static double Of(double high, double low, double close) => (high + low + close) / 3;

    /// <summary>The typical price; NaN where the bar is not seen.</summary>
    internal static double Of(in Bar bar) =>
        Gaps.IsSeen(bar.High) && Gaps.IsSeen(bar.Low) && Gaps.IsSeen(bar.Close) ? Of(bar.High, bar.Low, bar.Close) : double.NaN;
}
