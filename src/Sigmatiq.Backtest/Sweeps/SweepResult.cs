using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>One combo after its backtest.</summary>
/// <param name="Config">What was run.</param>
/// <param name="ConfigHash">Its identity (02 §2.5).</param>
/// <param name="Account">Trades and their money.</param>
/// <param name="DailyReturns">Returns by trading day from the sweep's start on, shape [days]; what the overfitting statistics are made of.</param>
/// <param name="Metrics">Figures on the selection window.</param>
/// <param name="Gate">What the quality gates say.</param>
public sealed record ComboResult(
    EffectiveConfig Config, ContentHash ConfigHash, AccountPath Account, double[] DailyReturns, MetricSet Metrics, GateResult Gate)
{
    /// <summary>The combo's id, from 1.</summary>
    public int ComboId => Config.Combo.Id;

    /// <summary>The lowest id with the same entry and exit bars, prices and reasons; null where that is this one.</summary>
    public int? DuplicateOf { get; init; }

    /// <summary>Break-even cost, ambiguous bars, and the combo as a trial.</summary>
    public RobustFigures Robust { get; init; } = RobustFigures.None;
}

/// <summary>One entry of the execution log (02 §2.11).</summary>
/// <param name="Timestamp">When.</param>
/// <param name="Status">started, processing, completed, failed or cancelled.</param>
/// <param name="Message">What happened.</param>
public sealed record LogEntry(DateTimeOffset Timestamp, string Status, string Message)
{
    /// <summary>The entry as JSON.</summary>
    public JsonObject ToJson() => new() { ["timestamp"] = UtcText.Format(Timestamp), ["status"] = Status, ["message"] = Message };
}

/// <summary>What a sweep gave: every combo with its figures, and where they were made.</summary>
/// <param name="Work">What was asked for.</param>
/// <param name="Inputs">Bars and window.</param>
/// <param name="Start">First bar of the metrics: the first at which every set has a confidence.</param>
/// <param name="ScoreSource"><c>rule</c>, <c>classifier</c>, or <c>none</c> where rules alone decide.</param>
/// <param name="Skill">What is known of the confidence's skill, or null.</param>
/// <param name="Days">The dates of the daily returns, shape [days].</param>
/// <param name="Combos">The combos in the order of their ids.</param>
/// <param name="Log">The four stages with their times.</param>
public sealed record SweepResult(
    SweepWork Work, SweepInputs Inputs, int Start, string ScoreSource, JsonObject? Skill, DateOnly[] Days, IReadOnlyList<ComboResult> Combos,
    IReadOnlyList<LogEntry> Log)
{
    /// <summary>The combos by rank.</summary>
    public LeaderboardFile Leaderboard { get; } = LeaderboardFile.Of(Work.Plan.Model.Id, Combos, ScoreSource);

    /// <summary>Probability of overfitting over the daily returns of the different combos, one size each, before anything is pruned.</summary>
    public OverfitProbability Overfit(int threads, CancellationToken ct) => OverfitProbability.Of(
        [.. Combos.Where(c => c.DuplicateOf is null).Select(c => c.DailyReturns)], Combos.Select(c => c.Robust.LongestHoldDays).DefaultIfEmpty().Max(), threads, ct);

    /// <summary>The bars traded on.</summary>
    public FillBars Fills => Inputs.Bars.Fills;
}
