using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>A sweep as lists show it, whatever its state.</summary>
/// <param name="SweepId">Its id, <c>sweep_yyyyMMdd_HHmmss</c>.</param>
/// <param name="UserId">Whose model.</param>
/// <param name="ModelId">The model.</param>
/// <param name="Pack">The pack, <c>swingsigma@1.1.0</c>.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="Synthetic">Whether the simulator made them.</param>
/// <param name="Tag">Word to find it by, or null.</param>
/// <param name="Total">Combos that run.</param>
/// <param name="Evaluated">Combos evaluated so far.</param>
/// <param name="GridSize">Combos of the whole grid.</param>
/// <param name="Cap">The plan's cap, or null.</param>
/// <param name="Status">queued, running, completed, failed or cancelled.</param>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="EtaSeconds">How long it still takes while it runs; null where nobody can tell yet, and in every other state.</param>
/// <param name="ProblemJson">Why it failed, or null.</param>
/// <param name="LogJson">The execution log.</param>
/// <param name="CreatedBy">Who asked.</param>
/// <param name="CreatedAtUtc">When.</param>
/// <param name="StartedAtUtc">When it began, or null.</param>
/// <param name="FinishedAtUtc">When it ended, or null.</param>
public sealed record SweepRecord(
    string SweepId, string UserId, string ModelId, string Pack, string DataSnapshotId, bool Synthetic, string? Tag, int Total, int Evaluated, long GridSize, int? Cap,
    string Status, double Progress, double? EtaSeconds, string? ProblemJson, string LogJson, string CreatedBy, DateTimeOffset CreatedAtUtc, DateTimeOffset? StartedAtUtc,
    DateTimeOffset? FinishedAtUtc)
{
    internal const string Columns = """
        sweep_id, user_id, model_id, pack, data_snapshot_id, synthetic, tag, total, evaluated, grid_size, cap, status, progress, case when status = 'running' then eta_seconds end as eta_seconds, problem as problem_json, log as log_json,
        created_by, created_at_utc, started_at_utc, finished_at_utc
        """;

    /// <summary>Whether all of its combos are evaluated.</summary>
    public bool IsCompleted => Status == "completed";

    /// <summary>Why it failed, or null.</summary>
    public Problem? Problem => ProblemJson is null ? null : JsonNode.Parse(ProblemJson) switch
    {
        { } p => new(p["code"]!.GetValue<string>(), p["message"]!.GetValue<string>(), p["where"]?.GetValue<string>(), p["remedy"]?.GetValue<string>()),
        null => null,
    };

    /// <summary>The execution log (02 §2.11).</summary>
    public IReadOnlyList<LogEntry> Log =>
        [.. JsonNode.Parse(LogJson)!.AsArray().Select(e => new LogEntry(
            UtcText.Parse(e!["timestamp"]!.GetValue<string>()), e["status"]!.GetValue<string>(), e["message"]!.GetValue<string>()))];

    /// <summary>The response of <c>GET /sweeps/{id}</c>.</summary>
    public JsonObject ToJson() => new()
    {
        ["id"] = SweepId, ["sweep_id"] = SweepId, ["model_id"] = ModelId, ["pack"] = Pack, ["data_snapshot_id"] = DataSnapshotId, ["synthetic"] = Synthetic,
        ["tag"] = Tag, ["status"] = Status, ["progress"] = Progress, ["eta_seconds"] = EtaSeconds, ["total_combinations"] = Total, ["evaluated"] = Evaluated, ["grid_size"] = GridSize, ["cap"] = Cap,
        ["created_by"] = CreatedBy, ["created_at"] = UtcText.Format(CreatedAtUtc), ["started_at"] = StartedAtUtc is { } s ? UtcText.Format(s) : null,
        ["finished_at"] = FinishedAtUtc is { } f ? UtcText.Format(f) : null, ["problem"] = ProblemJson is null ? null : JsonNode.Parse(ProblemJson),
    };
}
