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
/// <param name="Behaviour">Hash of its entries and exits, prices and reasons.</param>
/// <param name="Metrics">Figures on the selection window.</param>
/// <param name="Gate">What the quality gates say.</param>
public sealed record ComboResult(EffectiveConfig Config, ContentHash ConfigHash, string Behaviour, MetricSet Metrics, GateResult Gate)
{
    /// <summary>The combo's id, from 1.</summary>
    public int ComboId => Config.Combo.Id;

    /// <summary>The lowest id with the same entry and exit bars, prices and reasons; null where that is this one.</summary>
    public int? DuplicateOf { get; init; }

    /// <summary>Break-even cost, ambiguous bars, and the combo as a trial.</summary>
    public RobustFigures Robust { get; init; } = RobustFigures.None;

    /// <summary>Trades and their money, walked again at each call.</summary>
    public AccountPath Account => Setup.AccountOf(ComboId);

    /// <summary>Returns by trading day from the sweep's start on, shape [days]; what the overfitting statistics are made of. Read at each call,
    /// so that a large sweep need not hold them.</summary>
    public double[] DailyReturns => Returns.Of(ComboId);

    internal SweepSetup Setup { get; init; } = null!;

    internal IDailyReturns Returns { get; init; } = null!;
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

/// <summary>What a sweep gave: its evaluated combos with their figures, and where they were made.</summary>
/// <param name="Setup">What the combos share.</param>
/// <param name="Combos">The evaluated combos in the order of their ids.</param>
/// <param name="Course">How they came to be evaluated.</param>
public sealed record SweepResult(SweepSetup Setup, IReadOnlyList<ComboResult> Combos, SweepCourse Course)
{
    private readonly Lazy<HashSet<int>?> detailed = new(() => Setup.Work.Plan.Detail == SweepDetail.All ? null : ParetoFront.Of(Combos));

    /// <summary>The stages with their times.</summary>
    public IReadOnlyList<LogEntry> Log { get; init; } = [];

    /// <summary>Whether the trades of a combo are stored.</summary>
    public bool IsDetailed(int comboId) => detailed.Value?.Contains(comboId) ?? true;

    /// <summary>The combos by rank.</summary>
    public LeaderboardFile Leaderboard { get; } = LeaderboardFile.Of(Setup.Work.Plan.Model.Id, Combos, Setup.ScoreSource);

    /// <summary>Probability of overfitting over the daily returns of the different combos, before anything is pruned; see <see cref="DifferentCombos"/>.</summary>
    public OverfitProbability Overfit(int threads, CancellationToken ct) => OverfitProbability.Of(
        [.. DifferentCombos.Of(Combos, c => c.ComboId, c => c.DuplicateOf, c => c.Metrics.SharpeRatio).Select(c => c.DailyReturns)], Combos.Select(c => c.Robust.LongestHoldDays).DefaultIfEmpty().Max(), threads, ct);

    /// <summary>What was asked for.</summary>
    public SweepWork Work => Setup.Work;

    /// <summary>Bars and window.</summary>
    public SweepInputs Inputs => Setup.Inputs;

    /// <summary>First bar of the metrics: the first at which every set has a confidence.</summary>
    public int Start => Setup.Start;

    /// <summary><c>rule</c>, <c>classifier</c>, or <c>none</c> where rules alone decide.</summary>
    public string ScoreSource => Setup.ScoreSource;

    /// <summary>What is known of the confidence's skill, or null.</summary>
    public JsonObject? Skill => Setup.Skill;

    /// <summary>The dates of the daily returns, shape [days].</summary>
    public DateOnly[] Days => Setup.Days;

    /// <summary>The bars traded on.</summary>
    public FillBars Fills => Inputs.Bars.Fills;

    /// <summary>Judges and marks evaluated combos: gates, and in the order of ids the first of those that trade alike.</summary>
    internal static SweepResult Of(SweepSetup setup, IEnumerable<ComboFigures> evaluated, IDailyReturns returns, SweepCourse course)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        return new(
            setup,
            [
                .. evaluated.OrderBy(f => f.ComboId).Select(f => new ComboResult(
                    setup.ConfigOf(f.ComboId), ContentHash.Parse(f.ConfigHash), f.Behaviour, f.Metrics, GateResult.Of(setup.Work.Plan.Gates, f.Metrics))
                {
                    Setup = setup, Returns = returns, Robust = f.Robust, DuplicateOf = first.TryAdd(f.Behaviour, f.ComboId) ? null : first[f.Behaviour],
                }),
            ],
            course);
    }
}
