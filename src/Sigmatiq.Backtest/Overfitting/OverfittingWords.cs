using System.Globalization;
using Sigmatiq.Backtest.Trials;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>The figures of overfitting in plain words, the same on page, in files and in the terminal.</summary>
public static class OverfittingWords
{
    /// <summary>What every leaderboard says under its rows.</summary>
    public const string Legend =
        "Deflated Sharpe is the chance that a Sharpe ratio is above what the best of all trials on the idea would show without skill; 0.95 is asked for. The "
        + "probability of overfitting says how often the combo that is best on one half of the days is in the lower half on the other; 0.2 is allowed, and noise "
        + "alone stays under 0.5 in about half of all sweeps. Break-even is the extra cost a side, in basis points, that would leave no return.";

    /// <summary>A probability of overfitting as a doubt.</summary>
    public static string Of(OverfitProbability overfit)
    {
        if (overfit.Value is not { } value)
        {
            return $"The probability of overfitting cannot be said. {overfit.Reason}";
        }

        string flag = overfit.IsFlagged
            ? Text($" A block has {overfit.BlockDays} days and the longest position {overfit.LongestHoldDays}, so trades lie in both halves and it may read too low.")
            : "";
        return Text($"Probability of overfitting {value:0.00}: in so many of {overfit.Splits:N0} ways to halve the days, the combo that was best on one half came out in the lower half of {overfit.Combos} on the other. Noise alone stays under 0.5 in about half of all sweeps.{flag}");
    }

    /// <summary>A deflated Sharpe ratio as a doubt.</summary>
    /// <param name="deflated">The ratio.</param>
    /// <param name="count">The trials it counts.</param>
    /// <param name="periodsPerYear">Returns a year.</param>
    public static string Of(DeflatedSharpe deflated, TrialCount count, double periodsPerYear) => deflated is { Value: { } value, Floor: { } floor }
        ? Text($"Deflated Sharpe {value:0.00}: the chance that the Sharpe ratio of the selection window is above {floor * Math.Sqrt(periodsPerYear):0.00}, which the best of {count.Different} different trials on this idea ({count.Raw} in all) would show without skill.")
        : Text($"Deflated Sharpe cannot be said. {deflated.Reason} There are {count.Different} different trials on this idea ({count.Raw} in all).");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
