using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Pages;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App.Api;

/// <summary>Puts a request for a vote and the evidence that it binds into the order of the review page. It forms no figure that decides anything.</summary>
/// <param name="data">Where the evidence lies.</param>
/// <param name="approvals">The requests.</param>
/// <param name="deployments">What votes started; null where nothing is deployed.</param>
/// <param name="trials">Says what was tried since a request; null where there is no ledger.</param>
internal sealed class ReviewReader(DataDirectory data, ApprovalService approvals, DeploymentService? deployments, TrialsSinceReader? trials)
{

    // What stands beside the label says the rest: limit, window and sample.
    private static readonly Dictionary<string, string> ShortLabels = new(StringComparer.Ordinal)
    {
        ["statistical_significance"] = "Significance", ["max_pbo"] = "Overfitting, PBO", ["classifier_skill"] = "Classifier slope",
    };

    private readonly EvidenceFiles files = new(data);

    /// <summary>The inbox of a person: what waits, by expiry, then what was decided, newest first.</summary>
    public async Task<IReadOnlyList<ReviewListed>> ListAsync(string voter, int most, CancellationToken ct)
    {
        IReadOnlyList<Approval> all = await approvals.ListAsync(ct);
        List<ReviewListed> listed = [];
        foreach (Approval approval in all.Where(IsPending).OrderBy(a => a.Subject.ExpiresUtc).Concat(all.Where(a => !IsPending(a)).OrderByDescending(a => a.DecidedUtc)).Take(most))
        {
            listed.Add(await HeadAsync(approval, voter, ct));
        }

        return listed;
    }

    /// <summary>All that a person reads before a vote.</summary>
    public async Task<ReviewShown> ReadAsync(string id, string voter, CancellationToken ct)
    {
        Approval approval = await approvals.GetAsync(id, ct);
        ApprovalSubject subject = approval.Subject;
        JsonNode? evidence = files.Json(approval, f => f == "evidence.json");
        JsonNode? summary = files.Json(approval, f => f.StartsWith("summary_", StringComparison.Ordinal) && f.EndsWith(".json", StringComparison.Ordinal));
        ColumnSet? equity = files.Columns(approval, "equity.parquet", ct), trades = files.Columns(approval, "trades.parquet", ct);
        List<string> missing = [.. new[] { ("evidence.json", evidence is null), ("summary", summary is null), ("equity.parquet", equity is null), ("trades.parquet", trades is null) }
            .Where(f => f.Item2).Select(f => f.Item1)];
        Approval? last = await ApprovedBeforeAsync(approval, ct);
        IReadOnlyList<Deployment> deployed = deployments is null ? [] : await deployments.ListAsync(ct);
        string? deployment = deployed.FirstOrDefault(d => d.RunId == approval.RunId)?.Id;
        string? replaces = IsPending(approval) ? deployed.FirstOrDefault(d => d.IsActive && d.StrategyId == subject.StrategyId && d.Mode == subject.Target)?.Id : null;
        TrialsSince? since = trials is null ? null : await trials.ReadAsync(approval, ct);
        return new(
            await HeadAsync(approval, voter, ct), approval.RunId, (int?)JsonReading.Field(evidence, "lineage").Number("combo_id"), subject.StrategyId, approval.Digest, subject.BundleHash, StepJson.NameOf(approval.FourEyes.ToString()), approval.Quorum,
            VoteReason.LeastOf(approval.Recommendation, VoteChoice.Approve),
            JsonReading.Field(evidence, "lineage").Truth("synthetic") ?? subject.StrategyName.EndsWith(".SYN", StringComparison.Ordinal), missing,
            evidence is null ? null : Figures(approval.Metrics, equity, trades), Gates(approval), LuckReader.Cards(approval, evidence, trades, since), LuckReader.Further(approval.Metrics),
            last is null ? null : SettingChanges.Between(last, approval, ConfigOf(last), JsonReading.Field(evidence, "config")), Content(approval),
            [.. approval.Parties.DistinctBy(p => (p.Part, p.Id)).Select(p => new PartyShown(p.Part, p.Name ?? p.Id))],
            [.. approval.Votes.Select(v => new VoteShown(v.Choice == VoteChoice.Approve ? "approve" : "reject", v.VoterName, v.Role, v.Reason, v.AtUtc, v.For))],
            evidence is null ? null : Rules(evidence), Months(summary), Reasons(evidence), [.. JsonReading.Field(evidence, "training").List("flags").Select(f => f!.ToString())], deployment, replaces);
    }

    /// <summary>The version of the same strategy that was approved last: before a request was decided, and while it waits the one that is approved now; null where none was.</summary>
    public async Task<Approval?> ApprovedBeforeAsync(Approval approval, CancellationToken ct) => (await approvals.ListAsync(ct))
        .Where(a => a.Status is ApprovalStatus.Approved or ApprovalStatus.Live)
        .Where(a => a.Subject.StrategyId == approval.Subject.StrategyId && a.Id != approval.Id && (IsPending(approval) || a.DecidedUtc < approval.DecidedUtc))
        .MaxBy(a => a.DecidedUtc);

    private JsonNode? ConfigOf(Approval approval) => JsonReading.Field(files.Json(approval, f => f == "evidence.json"), "config");

    private static bool IsPending(Approval approval) => approval.Status == ApprovalStatus.PendingApproval;

    private async Task<ReviewListed> HeadAsync(Approval approval, string voter, CancellationToken ct)
    {
        // What is decided binds what it bound; only what waits can still go wrong.
        (Problem? barrier, string? difference) = IsPending(approval) ? await approvals.BarrierAsync(approval, voter, ct) : (null, null);
        JsonObject metrics = approval.Metrics;
        return new(
            approval.Id, approval.RunId, approval.Subject.StrategyName, approval.Subject.Pack, approval.Subject.Target, StepJson.NameOf(approval.Status.ToString()),
            StepJson.NameOf(approval.Recommendation.ToString()), approval.Gates.Count(g => g.Truth("passed") == true), approval.Gates.Count, metrics.Number("return_pct") / 100,
            metrics.Number("sharpe"), metrics.Number("sharpe_low"), metrics.Number("sharpe_high"), approval.CreatedUtc, approval.Subject.ExpiresUtc, approval.RequestedBy, approval.DecidedBy,
            approval.DecidedUtc, approval.Reason, approval.SelfApproved, approval.Subject.GateFailed, difference, barrier is null ? null : Answers.LineOf(barrier));
    }

    private static ReviewFigures Figures(JsonObject m, ColumnSet? equity, ColumnSet? trades)
    {
        (string? start, string? end) = Ends(m.Text("window"));
        (string? selectionStart, string? selectionEnd) = Ends(m.Text("selection_window"));
        double? held = equity?.Find("buy_and_hold_drawdown") is { Type: ColumnType.Double } falls && falls.Count > 0 ? -falls.Doubles.Where(double.IsFinite).DefaultIfEmpty(0).Min() : null;
        int? wins = trades?.Find("return") is { Type: ColumnType.Double } returns ? returns.Doubles.Count(r => r > 0) : null;
        return new(
            start, end, selectionStart, selectionEnd, m.Number("return_pct") / 100, m.Number("selection_return_pct") / 100, m.Number("buy_and_hold_return_pct") / 100, m.Number("sharpe"),
            m.Number("sharpe_low"), m.Number("sharpe_high"), m.Number("win_rate_pct") / 100, wins, (int?)m.Number("trades"), m.Number("max_dd_pct") / 100, held, m.Number("p_value"),
            VoteOne.SignificanceLevel);
    }

    // 2025-02-12 to 2026-11-20.
    private static (string? From, string? To) Ends(string? window) => window is { Length: 24 } ? (window[..10], window[^10..]) : (null, null);

    private static IReadOnlyList<ReviewGate> Gates(Approval approval) =>
        [.. approval.Gates.Select(GateOf).OrderBy(g => g.Status == "pass" ? 1 : 0).ThenBy(g => g.Critical ? 0 : 1)];

    private static ReviewGate GateOf(JsonNode? gate)
    {
        string name = gate.Text("gate") ?? "";
        bool isPercent = name.EndsWith("_pct", StringComparison.Ordinal);
        double? Scaled(double? value) => isPercent ? value / 100 : value;
        string unit = name switch
        {
            "max_pbo" => "whole_share",
            "statistical_significance" => "p",
            "min_deflated_sharpe" => "probability",
            _ when name.Contains("drawdown", StringComparison.Ordinal) => "drawdown",
            _ when isPercent => "share",
            _ when name.EndsWith("_trades", StringComparison.Ordinal) => "count",
            _ => "ratio",
        };
        JsonArray interval = gate.List("interval");
        double? actual = gate.Number("value"), chance = gate.Number("false_pass");
        return new(
            name, ShortLabels.GetValueOrDefault(name) ?? gate.Text("label") ?? name, actual is null ? "no_value" : gate.Truth("passed") == true ? "pass" : "fail", gate.Truth("critical") == true, gate.Text("comparator") ?? "", unit,
            Scaled(gate.Number("threshold")), Scaled(actual), gate.Text("window"), (int?)gate.Number("sample"), Scaled(End(interval, 0)), Scaled(End(interval, 1)), chance,
            chance is not null ? "chance" : name switch { "min_trades" => "count", "max_drawdown_pct" or "min_return_pct" => "damage", _ => "unknown" });
    }

    private static double? End(JsonArray interval, int at) => interval.Count == 2 && interval[at] is JsonValue value && value.TryGetValue(out double end) ? end : null;

    private static IReadOnlyList<ContentLine> Content(Approval approval)
    {
        ApprovalSubject subject = approval.Subject;
        return
        [
            .. subject.ArtifactHashes.Select((h, i) => new ContentLine(i == 0 ? "Trained model" : $"Trained model {i + 1}", null, h)),
            new("Pack", subject.Pack, subject.PackHash), new("Config", null, subject.ConfigHash), new("Data snapshot", PageText.Dates(subject.DataRange), subject.DataSnapshotId),
            new("Evidence", $"{subject.Evidence.Count} files", subject.BundleHash),
            .. subject.SelectionNote.Number("holdout_looks") is { } looks
                ? [new("Look at the hold-out", FormattableString.Invariant($"{subject.SelectionNote.Number("holdout_look") ?? looks:0} of {looks:0}"), null)] : Array.Empty<ContentLine>(),
            new("Limits", string.Join(", ", subject.Limits.Select(LimitOf)), null),
            .. subject.Parameters.Select(p => new ContentLine(SettingChanges.NameOf(p.Key), SettingChanges.Value(p.Key, p.Value) ?? "none", null)),
            new("Target", subject.Target == "paper" ? "Paper" : subject.Target == "live" ? "Live" : subject.Target, null),
        ];
    }

    private static string LimitOf(KeyValuePair<string, JsonNode?> limit)
    {
        string value = SettingChanges.Value(limit.Key, limit.Value) ?? "none";
        return limit.Key switch
        {
            "max_position_pct" => $"{value} a position",
            "max_positions" => $"{value} open",
            "losing_streak" => $"stops after {value} losses",
            "drawdown_limit" => $"stops at {value} drawdown",
            _ => $"{SettingChanges.NameOf(limit.Key)} {value}",
        };
    }

    private static ReviewRules Rules(JsonNode evidence)
    {
        JsonNode? config = JsonReading.Field(evidence, "config"), strategy = JsonReading.Field(config, "strategy"), risk = JsonReading.Field(config, "risk_management");
        bool trails = risk.Truth("trailing_stop") != false;
        return new(
            Texts(strategy.List("entry_rules")), Texts(strategy.List("exit_rules")), JsonReading.Field(config, "combo").Number("threshold"), risk.Number("stop_loss_pct") / 100,
            risk.Number("take_profit_pct") / 100, trails ? risk.Number("trailing_stop_pct") / 100 : null, (int?)risk.Number("time_stop_days"), Texts(config.List("features")),
            JsonReading.Field(config, "engine").Text("interval"), JsonReading.Field(evidence, "lineage").Text("symbol"));
    }

    private static string[] Texts(JsonArray list) => [.. list.Select(t => t?.ToString() ?? "")];

    private static IReadOnlyList<MonthShown> Months(JsonNode? summary)
    {
        JsonNode? monthly = JsonReading.Field(summary, "monthly");
        JsonArray names = monthly.List("months"), returns = monthly.List("pnl_pct"), trades = monthly.List("trades");
        return [.. names.Select((n, i) => new MonthShown(n!.ToString(), At(returns, i) / 100, (int?)At(trades, i)))];
    }

    private static double? At(JsonArray list, int i) =>
        i < list.Count && list[i] is JsonValue value && double.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out double number) ? number : null;

    private static Dictionary<string, int> Reasons(JsonNode? evidence) =>
        (JsonReading.Field(JsonReading.Field(JsonReading.Field(evidence, "holdout"), "execution"), "exit_reasons") as JsonObject ?? [])
        .ToDictionary(r => r.Key, r => int.TryParse(r.Value?.ToJsonString(), out int n) ? n : 0);
}
