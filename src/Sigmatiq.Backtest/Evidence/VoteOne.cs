using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Indicators.Statistics;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>Vote 1 of a pack model: the pack's quality gates in percent on the selection window, significance on the hold-out (spec 04
/// §4.8, §4.21).</summary>
/// <param name="Gates">The gates, in order.</param>
/// <param name="Recommendation">What they come to.</param>
public sealed record VoteOne(IReadOnlyList<VoteGate> Gates, Recommendation Recommendation)
{
    /// <summary>Level of the significance gate.</summary>
    public const double SignificanceLevel = 0.05;

    /// <summary>Least deflated Sharpe ratio (08 §8.10).</summary>
    public const double DeflatedSharpeMin = 0.95;

    /// <summary>Highest probability of overfitting (08 §8.10).</summary>
    public const double OverfitMax = 0.2;

    /// <summary>Share of gates passed, 0 to 1: <c>backtest_confidence</c> of 04 §4.7.</summary>
    public double Confidence => Gates.Count == 0 ? 0 : (double)Gates.Count(g => g.Passed) / Gates.Count;

    /// <summary>The gates as JSON, in order.</summary>
    public JsonArray GatesJson() => new([.. Gates.Select(g => (JsonNode?)g.ToJson())]);

    /// <summary>Casts the vote.</summary>
    /// <param name="limits">Effective quality gates.</param>
    /// <param name="selection">Metrics on the selection window.</param>
    /// <param name="periodsPerYear">Returns a year of those metrics.</param>
    /// <param name="noSkillRate">Win rate without skill on that window; NaN where unknown.</param>
    /// <param name="holdoutTrades">Closed trades of the hold-out.</param>
    /// <param name="holdout">Bootstrap of the hold-out's trades; null without a trade.</param>
    /// <param name="calibrationSlope">Slope of the trained model's calibration, fitted on out-of-fold scores; null without a trained model.</param>
    /// <param name="overfit">Probability of overfitting of the sweep that chose the combo; null where no sweep did.</param>
    public static VoteOne Cast(
        QualityGates limits, MetricSet selection, double periodsPerYear, double noSkillRate, int holdoutTrades, WeekBootstrap? holdout,
        double? calibrationSlope = null, OverfitProbability? overfit = null)
    {
        List<VoteGate> gates = [];
        if (limits.MinTrades is { } trades)
        {
            gates.Add(new("min_trades", "Minimum trades", ">=", trades, selection.TotalTrades, false, "selection", selection.TotalTrades));
        }

        if (limits.MinSharpe is { } sharpe)
        {
            gates.Add(new("min_sharpe_ratio", "Minimum Sharpe", ">=", sharpe, selection.SharpeRatio, false, "selection", selection.Periods)
            {
                Interval = selection is { SharpeLow: { } low, SharpeHigh: { } high } ? (low, high) : null,
                FalsePass = selection.Periods > 1 ? 1 - Probability.NormalCdf(sharpe / Math.Sqrt(periodsPerYear) * Math.Sqrt(selection.Periods - 1)) : null,
            });
        }

        if (limits.MaxDrawdownPct is { } drawdown)
        {
            gates.Add(new(
                "max_drawdown_pct", "Max drawdown", "<=", drawdown, selection.MaxDrawdown is { } fall ? Percent.OfFraction(Math.Abs(fall)) : null, true, "selection",
                selection.Periods));
        }

        if (limits.MinWinRatePct is { } winRate)
        {
            int won = (int)Math.Round((selection.WinRate ?? 0) * selection.TotalTrades);
            gates.Add(new("min_win_rate_pct", "Minimum win rate", ">=", winRate, selection.WinRate is { } share ? Percent.OfFraction(share) : null, false, "selection", selection.TotalTrades)
            {
                Interval = Proportion.Wilson(won, selection.TotalTrades) is { } w ? (w.Low * 100, w.High * 100) : null,
                FalsePass = selection.TotalTrades > 0 && !double.IsNaN(noSkillRate)
                    ? Proportion.ChanceToReach(Percent.ToFraction(winRate), selection.TotalTrades, noSkillRate)
                    : null,
            });
        }

        gates.Add(new("statistical_significance", "Significance (p<0.05)", "<", SignificanceLevel, holdout?.PValue, false, "holdout", holdoutTrades)
        {
            FalsePass = SignificanceLevel,
        });
        if (calibrationSlope is { } slope)
        {
            // A score without a forward slope says nothing of the outcome: its probability is the base rate (03 §3.5).
            gates.Add(new("classifier_skill", "Trained classifier ranks outcomes (calibration slope)", ">", 0, slope, false, "selection", selection.TotalTrades));
        }

        if (overfit is not null)
        {
            gates.Add(new("max_pbo", "Probability of overfitting", "<=", OverfitMax, overfit.Value, false, "selection", overfit.Combos));
        }

        return new(gates, Recommend(gates, GateResult.Of(limits, selection).Status));
    }

    /// <summary>The same vote with the gate that reads the trial ledger: what it says changes with every trial on the idea, so it is cast when a
    /// person is asked, and is no part of the evidence, which must come out the same in an empty store.</summary>
    /// <param name="deflated">Deflated Sharpe ratio of the combo as the ledger stands.</param>
    /// <param name="periods">Number of its returns.</param>
    public VoteOne WithTrials(DeflatedSharpe deflated, int periods)
    {
        VoteGate gate = new("min_deflated_sharpe", "Deflated Sharpe", ">=", DeflatedSharpeMin, deflated.Value, false, "selection", periods)
        {
            FalsePass = 1 - DeflatedSharpeMin,
        };
        return new([.. Gates, gate], Recommendation == Recommendation.Promote && !gate.Passed ? Recommendation.Review : Recommendation);
    }

    /// <summary>REJECT if a critical gate fails or the combo failed its quality gates (08 §8.12); PROMOTE if every gate passes; else REVIEW.</summary>
    public static Recommendation Recommend(IReadOnlyList<VoteGate> gates, GateStatus quality) =>
        quality == GateStatus.Fail || gates.Any(g => g.IsCritical && !g.Passed) ? Recommendation.Reject
        : gates.All(g => g.Passed) ? Recommendation.Promote
        : Recommendation.Review;
}
