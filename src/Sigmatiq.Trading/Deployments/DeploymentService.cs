using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Trading.Deployments;

/// <summary>Deployments at rest. Publishing checks the vote and the audit chain again, in the transaction that publishes.</summary>
public sealed class DeploymentService(IRowStore rows, AuditChain audit, ApprovalService approvals)
{
    /// <summary>Publishes in paper mode, once per approval: publishing again returns the first deployment. A strategy has one active deployment in a
    /// mode, so what it had until now retires in the same transaction.</summary>
    /// <exception cref="ProblemException">A DEP code of <see cref="DeployRules"/>; nothing was published.</exception>
    public async Task<Deployment> PublishAsync(Deployment deployment, CancellationToken ct)
    {
        return await rows.InTransactionAsync(
            async tx =>
            {
                // First, also for what was deployed before: an approval that was reset since deploys nothing, and hands out nothing.
                if (await RefusalAsync(tx, deployment.ApprovalId, deployment.Mode, ct) is { } refusal)
                {
                    throw new ProblemException(refusal);
                }

                if (await tx.FirstOrDefaultAsync<string>("select body from deployments where approval_id = @ApprovalId", new { deployment.ApprovalId }, ct) is { } body)
                {
                    return Parse(body);
                }

                await audit.AppendAsync(
                    tx,
                    new("system:engine", "deployment.published", $"deployment:{deployment.Id}", null, new JsonObject
                    {
                        ["approval"] = deployment.ApprovalId,
                        ["digest"] = deployment.ApprovalDigest,
                        ["artifact_hash"] = deployment.ArtifactHash,
                        ["mode"] = deployment.Mode,
                        ["gate_failed"] = deployment.GateFailed,
                    }), ct);
                await tx.ExecuteAsync(
                    """
                    insert into deployments (id, approval_id, run_id, strategy_id, mode, status, body, created_utc)
                    values (@Id, @ApprovalId, @RunId, @StrategyId, @Mode, @Status, @Body, @CreatedUtc)
                    """,
                    new
                    {
                        deployment.Id,
                        deployment.ApprovalId,
                        deployment.RunId,
                        deployment.StrategyId,
                        deployment.Mode,
                        deployment.Status,
                        Body = JsonSerializer.Serialize(deployment, ApprovalJson.Options),
                        deployment.CreatedUtc,
                    },
                    ct);
                await RetireOthersAsync(tx, deployment, ct);
                return deployment;
            }, ct);
    }

    /// <summary>Throws where the approval, its evidence or the audit chain do not allow a deployment now; for a look before other work.</summary>
    /// <exception cref="ProblemException">A DEP code of <see cref="DeployRules"/>.</exception>
    public async Task EnsureAllowedAsync(string approvalId, string mode, CancellationToken ct)
    {
        if (await RefusalAsync(rows, approvalId, mode, ct) is { } problem)
        {
            throw new ProblemException(problem);
        }
    }

    /// <summary>One deployment.</summary>
    /// <exception cref="ProblemException">DEP-1005: unknown.</exception>
    public async Task<Deployment> GetAsync(string id, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<string>("select body from deployments where id = @id", new { id }, ct) is { } body
            ? Parse(body)
            : throw new ProblemException("DEP-1005", $"There is no deployment '{id}'.", "deployment", null, ExitCode.BadUsage);

    /// <summary>All deployments, newest first.</summary>
    public async Task<IReadOnlyList<Deployment>> ListAsync(CancellationToken ct) =>
        [.. (await rows.QueryAsync<string>("select body from deployments order by created_utc desc, id desc", null, ct)).Select(Parse)];

    /// <summary>Stores one evaluation of the guardrails; the same instant again replaces nothing.</summary>
    public Task RecordReadingAsync(string deploymentId, DateTimeOffset evaluatedUtc, JsonNode readings, CancellationToken ct) =>
        rows.ExecuteAsync(
            "insert into guardrail_readings (deployment_id, evaluated_utc, body) values (@deploymentId, @evaluatedUtc, @body) on conflict do nothing",
            new { deploymentId, evaluatedUtc, body = readings.ToJsonString() }, ct);

    private async Task RetireOthersAsync(IRowTransaction tx, Deployment newest, CancellationToken ct)
    {
        foreach (string body in await tx.QueryAsync<string>(
            "select body from deployments where strategy_id = @StrategyId and mode = @Mode and id <> @Id order by created_utc, id", new { newest.StrategyId, newest.Mode, newest.Id }, ct))
        {
            Deployment before = Parse(body);
            if (!before.IsActive)
            {
                continue;
            }

            await audit.AppendAsync(tx, new("system:engine", "deployment.retired", $"deployment:{before.Id}", null, new JsonObject { ["replaced_by"] = newest.Id }), ct);
            await tx.ExecuteAsync(
                "update deployments set status = @Retired, body = @Body where id = @Id",
                new { Deployment.Retired, before.Id, Body = JsonSerializer.Serialize(before with { Status = Deployment.Retired }, ApprovalJson.Options) }, ct);
        }
    }

    private async Task<Problem?> RefusalAsync(IRows from, string approvalId, string mode, CancellationToken ct)
    {
        if (await ApprovalService.FindAsync(from, approvalId, ct) is not { } approval)
        {
            return new("DEP-1001", $"There is no approval '{approvalId}'.", $"approval {approvalId}", "Only an approved request deploys.", ExitCode.ApprovalMissing);
        }

        AuditVerdict chain = await audit.VerifyAsync(from, ct);
        EvidenceNow evidence = await approvals.EvidenceNowAsync(from, approval, ct);
        return DeployRules.Refusal(approval, evidence, chain.Intact && await ApprovalService.IsRecordedAsync(from, approval, ct), mode);
    }

    private static Deployment Parse(string body) => JsonSerializer.Deserialize<Deployment>(body, ApprovalJson.Options)!;
}
