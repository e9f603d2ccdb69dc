using System.Text.Json.Nodes;
using System.Text.Json;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store;

namespace Sigmatiq.Trading.Approvals;

/// <summary>Effects inside the transaction of a decision, e.g. waking the run that waits for it.</summary>
public delegate Task OnDecided(IRowTransaction tx, Approval decided, CancellationToken ct);

/// <summary>Requests for votes and the votes on them, at rest. The only way to change an approval: page, command and API call it.</summary>
/// <param name="rows">The store.</param>
/// <param name="data">Where the evidence lies.</param>
/// <param name="audit">The chain that every decision is appended to, in the transaction of the decision.</param>
/// <param name="clock">The clock.</param>
/// <param name="onDecided">Further effects of a decision, in its transaction.</param>
public sealed class ApprovalService(IRowStore rows, DataDirectory data, AuditChain audit, TimeProvider clock, OnDecided onDecided)
{
    private const string Asked = "approval.asked";
    private const string ApprovedAction = "approval.approved";
    private const int FilesNamed = 3;

    /// <summary>Asks for a vote, once per run: asking again returns the first request as it stands now.</summary>
    public async Task<Approval> AskAsync(Approval approval, CancellationToken ct)
    {
        Approval stored = await rows.InTransactionAsync(
            async tx =>
            {
                if (await LoadOfRunAsync(tx, approval.RunId, ct) is { } earlier)
                {
                    return earlier;
                }

                await tx.ExecuteAsync(
                    """
                    insert into approvals (id, run_id, strategy_id, digest, status, body, created_utc, expires_utc)
                    values (@Id, @RunId, @StrategyId, @Digest, @Status, @Body, @CreatedUtc, @ExpiresUtc)
                    """,
                    Row.Of(approval), ct);
                await audit.AppendAsync(
                    tx,
                    new(approval.RequestedBy, Asked, SubjectOf(approval.Id), null, Facts(approval)), ct);
                return approval;
            }, ct);
        ApprovalStateFile.Write(data, stored);
        return stored;
    }

    /// <summary>All requests, newest first; those whose time is up are rejected on the way.</summary>
    public async Task<IReadOnlyList<Approval>> ListAsync(CancellationToken ct)
    {
        await ExpireAsync(ct);
        return [.. (await rows.QueryAsync<string>("select body from approvals order by created_utc desc, id desc", null, ct)).Select(Parse)];
    }

    /// <summary>One request: by its id, else by the digest of what was looked at, else the one that is pending, else the latest.</summary>
    /// <exception cref="ProblemException">APR-1001: unknown. APR-1010: several are pending, and neither id nor digest says which is meant.</exception>
    public async Task<Approval> GetAsync(string? id, CancellationToken ct, string? digest = null)
    {
        await ExpireAsync(ct);
        if (id is null)
        {
            IReadOnlyList<Approval> pending = [.. (await rows.QueryAsync<string>(
                "select body from approvals where status = 'PENDING_APPROVAL' order by created_utc desc, id desc", null, ct)).Select(Parse)];
            Approval[] meant = digest is null ? [] : [.. pending.Where(a => a.Digest == digest)];
            if (meant.Length == 1)
            {
                return meant[0];
            }

            if (pending.Count > 1)
            {
                throw new ProblemException(
                    "APR-1010", $"{pending.Count} requests are pending: {string.Join(", ", pending.Select(a => $"{a.Id} ({a.Subject.StrategyName})"))}.", "approval",
                    "Say which one is meant by its id, or by --digest with the digest of what you looked at.", ExitCode.BadUsage);
            }
        }

        string? body = id is null
            ? await rows.FirstOrDefaultAsync<string>(
                "select body from approvals order by case status when 'PENDING_APPROVAL' then 0 else 1 end, created_utc desc, id desc limit 1", null, ct)
            : await rows.FirstOrDefaultAsync<string>("select body from approvals where id = @id", new { id }, ct);
        return body is not null
            ? Parse(body)
            : throw new ProblemException(
                "APR-1001", id is null ? "No approval has been asked for yet." : $"There is no approval '{id}'.", "approval",
                "See 'sigmatiq approvals list'.", ExitCode.BadUsage);
    }

    /// <summary>The request of a run, or null.</summary>
    public async Task<Approval?> OfRunAsync(string runId, CancellationToken ct)
    {
        await ExpireAsync(ct);
        return await LoadOfRunAsync(rows, runId, ct);
    }

    /// <summary>The digest as the store stands at this moment, or what no longer matches: a file of the evidence that is missing or differs
    /// by one bit, recommendation, gates or figures that are not those of the subject, or a request that is no longer the one that the
    /// audit chain recorded.</summary>
    public async Task<EvidenceNow> EvidenceNowAsync(IRows from, Approval approval, CancellationToken ct)
    {
        if (await RecordedDigestAsync(from, approval.Id, Asked, ct) != approval.Digest)
        {
            return EvidenceNow.Differs("the request is not the one that the audit chain recorded");
        }

        if (approval.Subject.ShownHash is { } shown && shown != Approval.HashOfShown(approval.Recommendation, approval.Gates, approval.Metrics).Hex)
        {
            return EvidenceNow.Differs("recommendation, gates or figures are not those that were asked with");
        }

        string[] differences = [.. approval.Subject.Evidence.Select(DifferenceOf).OfType<string>()];
        return differences.Length switch
        {
            0 => EvidenceNow.Of(approval.Subject.Digest().Hex),
            <= FilesNamed => EvidenceNow.Differs(string.Join("; ", differences)),
            _ => EvidenceNow.Differs($"{string.Join("; ", differences.Take(FilesNamed))}; and {differences.Length - FilesNamed} more files"),
        };
    }

    /// <summary>Casts a vote.</summary>
    /// <returns>The approval as it now stands.</returns>
    /// <exception cref="ProblemException">An APR code of <see cref="ApprovalRules"/>; nothing was changed.</exception>
    public async Task<Approval> CastAsync(string? id, VoteChoice choice, string voter, string reason, string? digest, CancellationToken ct)
    {
        string approvalId = (await GetAsync(id, ct)).Id;
        ApprovalDecision decision = await rows.InTransactionAsync(
            async tx =>
            {
                Approval approval = Parse(await tx.FirstAsync<string>("select body from approvals where id = @approvalId", new { approvalId }, ct));
                EvidenceNow now = await EvidenceNowAsync(tx, approval, ct);
                ApprovalDecision cast = ApprovalRules.Cast(approval, new(choice, voter, reason, digest ?? approval.Digest), now, clock.GetUtcNow());
                if (cast.Accepted)
                {
                    await SaveAsync(tx, cast.Approval, ct);
                }

                return cast;
            }, ct);
        if (decision.Problem is { } problem)
        {
            throw new ProblemException(problem);
        }

        ApprovalStateFile.Write(data, decision.Approval);
        return decision.Approval;
    }

    /// <summary>Rejects every request whose time is up.</summary>
    /// <returns>How many were.</returns>
    public async Task<int> ExpireAsync(CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        const string due = "select body from approvals where status = 'PENDING_APPROVAL' and expires_utc <= @now";
        if ((await rows.QueryAsync<string>(due, new { now }, ct)).Count == 0)
        {
            return 0;
        }

        IReadOnlyList<Approval> expired = await rows.InTransactionAsync(
            async tx =>
            {
                IReadOnlyList<Approval> late = [.. (await tx.QueryAsync<string>(due, new { now }, ct)).Select(b => ApprovalRules.Expire(Parse(b), now))];
                foreach (Approval approval in late)
                {
                    await SaveAsync(tx, approval, ct);
                }

                return late;
            }, ct);
        foreach (Approval approval in expired)
        {
            ApprovalStateFile.Write(data, approval);
        }

        return expired.Count;
    }

    /// <summary>Whether the audit chain holds an approval of exactly this digest.</summary>
    public static async Task<bool> IsApprovalRecordedAsync(IRows from, Approval approval, CancellationToken ct) =>
        await RecordedDigestAsync(from, approval.Id, ApprovedAction, ct) == approval.Digest;

    private static async Task<string?> RecordedDigestAsync(IRows from, string id, string action, CancellationToken ct) =>
        (await AuditChain.OfSubjectAsync(from, SubjectOf(id), ct)).LastOrDefault(r => r.Action == action) is { } record
            ? JsonNode.Parse(record.Payload)?["digest"]?.GetValue<string>()
            : null;

    private string? DifferenceOf(EvidenceFile file)
    {
        string path = Path.Combine(data.Root, file.Path);
        return !File.Exists(path) ? $"{file.Path} is missing" : ContentHash.OfFile(path).Hex != file.Sha256 ? $"{file.Path} has changed" : null;
    }

    private static string SubjectOf(string id) => $"approval:{id}";

    private async Task SaveAsync(IRowTransaction tx, Approval decided, CancellationToken ct)
    {
        // Guarded: of two votes at one instant, one counts.
        int changed = await tx.ExecuteAsync(
            "update approvals set status = @Status, body = @Body, decided_utc = @DecidedUtc where id = @Id and status = 'PENDING_APPROVAL'",
            Row.Of(decided), ct);
        if (changed != 1)
        {
            throw new ProblemException("APR-1002", "Another vote was counted first.", $"approval {decided.Id}", "See 'sigmatiq approvals show'.");
        }

        string action = decided is { Reason: "expired", DecidedBy: "clock" } ? "approval.expired"
            : decided.Status == ApprovalStatus.Approved ? ApprovedAction : "approval.rejected";
        await audit.AppendAsync(tx, new(decided.DecidedBy!, action, SubjectOf(decided.Id), decided.Reason, Facts(decided)), ct);
        await onDecided(tx, decided, ct);
    }

    private static JsonObject Facts(Approval approval) => new()
    {
        ["run_id"] = approval.RunId,
        ["digest"] = approval.Digest,
        ["strategy_id"] = approval.Subject.StrategyId,
        ["bundle_hash"] = approval.Subject.BundleHash,
        ["recommendation"] = JsonSerializer.SerializeToNode(approval.Recommendation, ApprovalJson.Options),
        ["target"] = approval.Subject.Target,
        ["self_approved"] = approval.SelfApproved,
        ["against_recommendation"] = approval.Status == ApprovalStatus.Approved && approval.Recommendation == Recommendation.Reject,
    };

    private static async Task<Approval?> LoadOfRunAsync(IRows rows, string runId, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<string>("select body from approvals where run_id = @runId", new { runId }, ct) is { } body ? Parse(body) : null;

    private static Approval Parse(string body) => JsonSerializer.Deserialize<Approval>(body, ApprovalJson.Options)!;

    private sealed record Row(
        string Id, string RunId, string StrategyId, string Digest, string Status, string Body, DateTimeOffset CreatedUtc, DateTimeOffset ExpiresUtc,
        DateTimeOffset? DecidedUtc)
    {
        public static Row Of(Approval a) => new(
            a.Id, a.RunId, a.Subject.StrategyId, a.Digest, JsonSerializer.SerializeToNode(a.Status, ApprovalJson.Options)!.GetValue<string>(),
            JsonSerializer.Serialize(a, ApprovalJson.Options), a.CreatedUtc, a.Subject.ExpiresUtc, a.DecidedUtc);
    }
}
