using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.App.Api;

/// <summary>Reads what runs, or may run, out of the store: the vote it rests on, its deployment, its guardrails with their distance to the trigger.</summary>
internal sealed class ProductionReader(DataDirectory data, IRowStore rows, ApprovalService approvals, DeploymentService deployments)
{
    private sealed record Reading(string Body, DateTimeOffset EvaluatedUtc);

    /// <summary>Every strategy that was approved, the one decided last first.</summary>
    public async Task<IReadOnlyList<ProductionStanding>> ReadAsync(CancellationToken ct)
    {
        IReadOnlyList<Deployment> all = await deployments.ListAsync(ct);
        JsonNode? progress = JsonReading.File(Path.Combine(data.Public, "data", "production", "deploy_status.json"));
        List<ProductionStanding> standings = [];
        foreach (Approval approval in (await approvals.ListAsync(ct)).Where(a => a.Status is ApprovalStatus.Approved or ApprovalStatus.Live)
            .OrderByDescending(a => a.DecidedUtc).DistinctBy(a => a.Subject.StrategyId))
        {
            Deployment? deployment = all.FirstOrDefault(d => d.ApprovalId == approval.Id);
            standings.Add(await OfAsync(approval, deployment, progress.Text("runner") == approval.RunId ? progress : null, ct));
        }

        return standings;
    }

    private async Task<ProductionStanding> OfAsync(Approval approval, Deployment? deployment, JsonNode? progress, CancellationToken ct)
    {
        ApprovalSubject subject = approval.Subject;
        string symbol = deployment?.Symbol ?? subject.Parameters.Text("ticker") ?? subject.StrategyName.Split(' ')[^1];
        Reading? read = deployment is null ? null : await rows.FirstOrDefaultAsync<Reading>(
            "select body, evaluated_utc from guardrail_readings where deployment_id = @Id order by evaluated_utc desc limit 1", new { deployment.Id }, ct);
        JsonNode? body = read is null ? null : JsonNode.Parse(read.Body);
        JsonArray paper = body as JsonArray ?? body.List("readings"), held = body.List("hold_out_readings");
        IReadOnlyList<JsonNode> trades = deployment is null ? [] : TradesSince(deployment);
        return new(
            subject.StrategyId, subject.StrategyName, symbol, symbol.EndsWith(".SYN", StringComparison.Ordinal), deployment?.Mode ?? subject.Target, deployment?.Status ?? "approved",
            new(
                approval.Id, approval.RunId, approval.DecidedBy, approval.DecidedUtc, approval.Reason, approval.Digest, approval.SelfApproved, subject.GateFailed,
                [.. approval.Votes.Where(v => v.Choice == VoteChoice.Approve).Select(v => v.VoterName)]),
            deployment is null ? null : new(
                deployment.Id, deployment.RunId, deployment.CreatedUtc, deployment.PaperStartUtc, deployment.PaperEndUtc, deployment.LiveDateUtc, deployment.PackVersion, deployment.ArtifactHash,
                deployment.ConfigHash, deployment.DataSnapshotId, [.. deployment.Limits.Select(l => Limit(l.Key, deployment.Limits.Number(l.Key)))]),
            [.. paper.OfType<JsonNode>().Select(g => Guardrail(g, "paper")), .. held.OfType<JsonNode>().Select(g => Guardrail(g, "holdout"))], read?.EvaluatedUtc,
            [.. trades.Where(t => t.Text("exit_timestamp") is null).Select(t => new PositionShown(
                symbol, t.Text("side") ?? "LONG", At(t.Text("timestamp")!), t.Number("entry_price") ?? 0, t.Number("quantity") ?? 0))],
            trades.Count(t => t.Text("exit_timestamp") is not null),
            progress is null ? null : new DeployProgress(
                progress.Text("status") ?? "idle", progress.Text("phase"), progress.Number("progress"), progress.Text("started_at"), progress.Text("finished_at"), progress.Text("runner"),
                JsonReading.Field(progress, "log_tail")?.DeepClone(), progress.Text("error")));
    }

    // What was traded before is the evidence's simulation and stands on the review page.
    private IReadOnlyList<JsonNode> TradesSince(Deployment deployment)
    {
        JsonNode? file = JsonReading.File(Path.Combine(data.Public, "data", "production", "trades", $"{ApprovalStateFile.SafeName(deployment.StrategyId)}.json"));
        return [.. file.List("trades").OfType<JsonNode>().Where(t => t.Text("timestamp") is { } at && At(at) >= deployment.PaperStartUtc)];
    }

    private static GuardrailShown Guardrail(JsonNode reading, string window)
    {
        string id = reading.Text("guardrail") ?? "";
        double? value = reading.Number("value");
        double limit = reading.Number("limit") ?? 0;
        (string label, string unit) = id switch
        {
            "circuit_breaker_losses" => ("Losses in a row", "count"),
            "circuit_breaker_drawdown" => ("Fall from the peak", "drawdown"),
            _ => (id.Replace('_', ' '), "ratio"),
        };
        return new(id, label, window, unit, value, limit, limit - value, limit > 0 ? value / limit : null, reading.Truth("tripped") ?? false, reading.Text("action") ?? "");
    }

    private static LimitShown Limit(string key, double? value)
    {
        string text = value is not { } v ? "none" : key.EndsWith("_pct", StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"{v:0.##}%")
            : key == "drawdown_limit" ? string.Create(CultureInfo.InvariantCulture, $"{100 * v:0.##}%") : v.ToString("0.##", CultureInfo.InvariantCulture);
        return new(
            key switch
            {
                "max_position_pct" => "Position, of equity at most",
                "max_positions" => "Open positions at most",
                "losing_streak" => "Losses in a row that stop it",
                "drawdown_limit" => "Fall from the peak that stops it",
                _ => key.Replace('_', ' '),
            }, text);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
