using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>One combo as the store has it.</summary>
/// <param name="Row">Its row on the leaderboard.</param>
/// <param name="Exits">Its effective exits and size beside the swept parameters.</param>
/// <param name="Metrics">The keys of 02 §2.8.</param>
/// <param name="GateResults">The checks of 02 §2.9.</param>
/// <param name="TradesSample">Its first trades (02 §2.10); null where another combo beats it and its trades are not stored (02 §2.4).</param>
public sealed record StoredCombo(LeaderboardRow Row, JsonObject Exits, JsonObject Metrics, JsonObject GateResults, JsonArray? TradesSample)
{
    /// <summary>Break-even cost, ambiguous bars, and the combo as a trial.</summary>
    public RobustFigures Robust { get; init; } = RobustFigures.None;
}

/// <summary>A completed or cancelled sweep as the store has it: everything that a page, a training or an evidence needs of it, or finds it by.</summary>
public sealed record StoredSweep
{
    /// <summary>The sweep.</summary>
    public required string SweepId { get; init; }

    /// <summary><c>completed</c>, or <c>cancelled</c>: then it holds the combos that were evaluated by then.</summary>
    public required string Status { get; init; }

    /// <summary>What was asked for.</summary>
    public required SweepRequest Request { get; init; }

    /// <summary>Whose model.</summary>
    public required string UserId { get; init; }

    /// <summary>The pack, <c>swingsigma@1.1.0</c>.</summary>
    public required string Pack { get; init; }

    /// <summary>Its hash.</summary>
    public required string PackHash { get; init; }

    /// <summary>Hash of the bars.</summary>
    public required string DataSnapshotId { get; init; }

    /// <summary>Version of where they come from.</summary>
    public required string DataSourceVersion { get; init; }

    /// <summary>Bars of later sessions were not seen.</summary>
    public required DateOnly? LastSession { get; init; }

    /// <summary>What its trials count against.</summary>
    public required Hypothesis Hypothesis { get; init; }

    /// <summary>Whether the simulator made the bars.</summary>
    public required bool IsSynthetic { get; init; }

    /// <summary>Combos that were asked for.</summary>
    public required int Total { get; init; }

    /// <summary>Combos of the whole grid.</summary>
    public required long GridSize { get; init; }

    /// <summary>The plan's cap, or null.</summary>
    public required int? Cap { get; init; }

    /// <summary>Selection window and hold-out, to the bar.</summary>
    public required SweepSpan Span { get; init; }

    /// <summary>First bar of the metrics, microseconds since 1970 UTC.</summary>
    public required long StartUtcUs { get; init; }

    /// <summary>When the figures begin: the first bar that can be traded. It is later than the window's, since indicators need bars before they say anything and a classifier learns first.</summary>
    public DateTimeOffset FiguresFrom => DateTimeOffset.UnixEpoch.AddTicks(StartUtcUs * 10);

    /// <summary>Dates, bars and trading days of window and hold-out, as files and screens show them.</summary>
    public required JsonObject Window { get; init; }

    /// <summary>The share that was asked to be held out; where that was <c>after</c>, the hold-out's trading days over all.</summary>
    public required double HoldoutShare { get; init; }

    /// <summary>The effective gates.</summary>
    public required QualityGates Gates { get; init; }

    /// <summary>What is known of the confidence's skill, or null.</summary>
    public required JsonObject? Skill { get; init; }

    /// <summary>Probability of overfitting; null in sweeps of before.</summary>
    public OverfitProbability? Overfit { get; init; }

    /// <summary>How the combos came to be evaluated (<see cref="SweepCourse"/>); null in sweeps of before.</summary>
    public JsonObject? Course { get; init; }

    /// <summary>Whether it ended before its last combo because its ranking had settled.</summary>
    public bool IsStoppedEarly => Course?["stopped_early"]?.GetValue<bool>() == true;

    /// <summary>Warnings of the plan, with their codes.</summary>
    public required JsonArray Warnings { get; init; }

    /// <summary>The combos by rank.</summary>
    public required LeaderboardFile Leaderboard { get; init; }

    /// <summary>Hash of the leaderboard's content, without ids and times.</summary>
    public required string LeaderboardHash { get; init; }

    /// <summary>SHA-256 of each file below <c>sweeps/{id}/</c>, by name.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>The execution log (02 §2.11).</summary>
    public required IReadOnlyList<LogEntry> Log { get; init; }

    /// <summary>The combos by id.</summary>
    public required IReadOnlyDictionary<int, StoredCombo> Combos { get; init; }

    /// <summary>Combos evaluated; fewer than <see cref="Total"/> where it was cancelled.</summary>
    public int Evaluated => Leaderboard.Rows.Count;

    /// <summary>The model.</summary>
    public string ModelId => Leaderboard.ModelId;

    /// <summary>What thresholds were compared with.</summary>
    public string ScoreSource => Leaderboard.ScoreSource;

    /// <summary>Where its confidences came from, to make one of them again; null where rules alone decided.</summary>
    /// <param name="classifier">The source of classifiers' probabilities.</param>
    public IConfidenceSource? ConfidenceSource(IConfidenceSource classifier) => ScoreSource switch
    {
        ConfidenceColumn.Classifier => classifier,
        ConfidenceColumn.Rule => new RuleScoreConfidence(),
        _ => null,
    };

    /// <summary>First bar of the hold-out, microseconds since 1970 UTC, or null.</summary>
    public long? HoldoutFirstUtcUs => Span.HoldoutFirstUtcUs;

    /// <summary>A combo by its id.</summary>
    /// <exception cref="ProblemException">SWS-3003: the sweep has none of that id.</exception>
    public StoredCombo Combo(int comboId) => Combos.GetValueOrDefault(comboId) ?? throw new ProblemException(
        "SWS-3003", $"{SweepId} has no combo {comboId}.", SweepId, "Use a combo id of its leaderboard.", ExitCode.BadUsage);

    /// <summary>The combos to go on with: those a person ticked, by rank, else the best ones.</summary>
    /// <param name="count">How many, at most, where nobody ticked any.</param>
    public IReadOnlyList<BestCombo> Chosen(int count)
    {
        LeaderboardRow[] ticked = [.. Leaderboard.Rows.Where(r => r.IsSelected)];
        return ticked.Length == 0 ? Leaderboard.Best(count) : [.. ticked.Select(r => new BestCombo(r, r.Gate == GateStatus.Fail))];
    }

    /// <summary>How a combo trades, made again from pack, model and its values.</summary>
    /// <exception cref="ProblemException">SWS-3003: no such combo. SWS-3004: pack or model give another config than the sweep ran.</exception>
    public EffectiveConfig ConfigOf(int comboId, Pack pack, ModelConfig model, ISessionCalendar calendar)
    {
        StoredCombo combo = Combo(comboId);
        SweepPlan plan = SweepPlan.Of(Request, pack, model, Plan.Unlimited, calendar).Value;
        EffectiveConfig config = new ComboResolver(pack, model, plan.SessionHours, Request.Confidence).Resolve(plan.Grid.Combo(comboId));
        string hash = ModelBars.ConfigHash(config, ModelBars.OptionsOf(pack, model)).Hex;
        return hash == combo.Row.ConfigHash
            ? config
            : throw new ProblemException(
                "SWS-3004", $"Combo {comboId} of {SweepId} ran the config {combo.Row.ConfigHash[..12]}, pack and model now give {hash[..12]}.", SweepId,
                "Use the pack version and the model that the sweep names, or sweep again.");
    }

    /// <summary>The object of 02 §2.12, with where it was made.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = Leaderboard.ToJson(SweepId, Total);
        json["status"] = Status;
        json["grid_size"] = GridSize;
        json["cap"] = Cap;
        json["pack"] = Pack;
        json["data_snapshot_id"] = DataSnapshotId;
        json["synthetic"] = IsSynthetic;
        json["tag"] = Request.Tag;
        json["selection_window"] = WindowText(Window);
        json["window"] = Window.DeepClone();
        json["figures_from_utc"] = FiguresFrom.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        json["quality_gates"] = StoredCombos.GatesJson(Gates);
        json["skill"] = Skill?.DeepClone();
        json["overfit"] = Overfit?.ToJson();
        json["course"] = Course?.DeepClone();
        json["warnings"] = Warnings.DeepClone();
        return json;
    }

    /// <summary>The result of one combo (02 §2.10).</summary>
    /// <exception cref="ProblemException">SWS-3003: no such combo.</exception>
    public JsonObject ResultJson(int comboId)
    {
        StoredCombo combo = Combo(comboId);
        JsonObject config = combo.Row.Config.DeepClone().AsObject();
        foreach (var (key, value) in combo.Exits)
        {
            config.TryAdd(key, value?.DeepClone());
        }

        return new()
        {
            ["combo_id"] = comboId, ["model_id"] = ModelId, ["rank"] = combo.Row.Rank, ["config"] = config, ["metrics"] = combo.Metrics.DeepClone(),
            ["gate_results"] = combo.GateResults.DeepClone(), ["trades_sample"] = combo.TradesSample?.DeepClone(), ["config_hash"] = combo.Row.ConfigHash,
            ["data_snapshot_id"] = DataSnapshotId, ["score_source"] = ScoreSource, ["duplicate_of"] = combo.Row.DuplicateOf,
            ["exceeds_model_cap"] = combo.Row.ExceedsModelCap, ["selection_checkbox"] = combo.Row.IsSelected,
            ["equity_curve_uri"] = $"sweeps/{SweepId}/{SweepFiles.Returns}", ["pruned"] = combo.TradesSample is null,
            ["trades_uri"] = combo.TradesSample is null ? null : $"sweeps/{SweepId}/{SweepFiles.Trades}",
            ["execution_log"] = new JsonArray([.. Log.Select(e => (JsonNode?)e.ToJson())]),
        };
    }

    /// <summary>The sweep of a result.</summary>
    internal static StoredSweep Of(string sweepId, string status, SweepResult result, IReadOnlyDictionary<string, string> files, OverfitProbability overfit)
    {
        SweepWork work = result.Work;
        SweepPlan plan = work.Plan;
        var rows = result.Leaderboard.Rows.ToDictionary(r => r.ComboId);
        var combos = result.Combos.ToDictionary(c => c.ComboId);
        return new()
        {
            SweepId = sweepId, Status = status, Request = plan.Request, UserId = plan.Model.UserId, Pack = plan.Pack.Reference, PackHash = plan.Pack.Hash.Hex,
            DataSnapshotId = work.DataSnapshotId, DataSourceVersion = work.DataSourceVersion, LastSession = work.LastSession, Hypothesis = work.Hypothesis,
            IsSynthetic = work.IsSynthetic, Total = plan.Total, GridSize = plan.Grid.Size, Cap = plan.Cap, Span = SweepSpan.Of(result.Inputs),
            StartUtcUs = result.Fills.StartUtcUs[result.Start], Window = result.Inputs.Window.ToJson(result.Fills),
            HoldoutShare = plan.Request.HoldoutShare ?? ShareOf(result), Gates = plan.Gates, Skill = result.Skill, Overfit = overfit, Course = result.Course.ToJson(),
            Warnings = new JsonArray([.. plan.Warnings.Select(w => (JsonNode)new JsonObject { ["code"] = w.Code, ["message"] = w.Message, ["where"] = w.Where })]),
            Leaderboard = result.Leaderboard, LeaderboardHash = result.Leaderboard.Hash.Hex, Files = files, Log = result.Log,
            Combos = new CombosOnDemand([.. result.Combos.Select(c => c.ComboId)], id => StoredCombos.Of(combos[id], rows[id], result)),
        };
    }

    private static double ShareOf(SweepResult result)
    {
        SweepWindow window = result.Inputs.Window;
        int[] day = result.Fills.DayOf;
        return (day[window.HoldoutTo - 1] - day[window.HoldoutFrom] + 1) / (double)(day[window.HoldoutTo - 1] - day[window.From] + 1);
    }

    private static string WindowText(JsonObject window)
    {
        JsonNode selection = window["selection"]!;
        return $"{selection["start"]} to {selection["end"]}, {(window["holdout"] is { } held ? $"hold-out {held["start"]} to {held["end"]} never seen" : "nothing held out")}";
    }
}
