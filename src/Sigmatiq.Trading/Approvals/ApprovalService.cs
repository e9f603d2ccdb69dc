using System.Text.Json.Nodes;
using System.Text.Json;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.Trading.Approvals;

/// <summary>Effects inside the transaction of a decision, e.g. waking the run that waits for it.</summary>
public delegate Task OnDecided(IRowTransaction tx, Approval decided, CancellationToken ct);

/// <summary>Which of some runs were cancelled or are asked to be.</summary>
public delegate Task<IReadOnlyList<string>> FindCancelled(IRows from, IReadOnlyList<string> runs, CancellationToken ct);

/// <summary>Requests for votes and the votes on them, at rest. The only way to change an approval: page, command and API call it.</summary>
/// <param name="rows">The store.</param>
/// <param name="data">Where the evidence lies.</param>
/// <param name="audit">The chain that every decision is appended to, in the transaction of the decision.</param>
/// <param name="clock">The clock.</param>
/// <param name="findVoter">Who somebody is at the moment of their vote.</param>
/// <param name="onDecided">Further effects of a decision, in its transaction.</param>
public sealed class ApprovalService(IRowStore rows, DataDirectory data, AuditChain audit, TimeProvider clock, FindVoter findVoter, OnDecided onDecided)
{
    /// <summary>Which runs need no vote any more; by default none.</summary>
    public FindCancelled Cancelled { private get; init; } = (_, _, _) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Kind of the outbox messages that remind of a pending request.</summary>
    public const string NoticeKind = "approval.reminder";

    private const string Asked = "approval.asked";

    // Those who wait for a request are told what became of it; single votes of a quorum are nobody's news.
    private static readonly string[] Announced = [Asked, "approval.approved", "approval.rejected", "approval.expired", "approval.withdrawn", "approval.delegated", "approval.reset", "approval.promoted"];
    private readonly OutboxQueue outbox = new(rows, clock);
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

                approval = approval with { Parties = await NamedAsync(tx, approval, ct) };
                AuditRecord record = await audit.AppendAsync(tx, new(approval.RequestedBy, Asked, SubjectOf(approval.Id), null, Facts(approval)), ct);
                await tx.ExecuteAsync(
                    """
                    insert into approvals (id, run_id, strategy_id, digest, status, body, created_utc, expires_utc, record_seq)
                    values (@Id, @RunId, @StrategyId, @Digest, @Status, @Body, @CreatedUtc, @ExpiresUtc, @RecordSeq)
                    """,
                    Row.Of(approval, record.Seq), ct);
                await AnnounceAsync(tx, approval, approval.RequestedBy, Asked, null, record.Seq, ct);
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

    /// <summary>A page of requests, newest first.</summary>
    /// <param name="after">The last request of the page before, null begins; one that is not there has nothing after it.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels the read.</param>
    public async Task<IReadOnlyList<Approval>> ListAsync(string? after, int limit, CancellationToken ct)
    {
        await ExpireAsync(ct);
        return [.. (await rows.QueryAsync<string>(
            $"select body from approvals {(after is null ? "" : "where (created_utc, id) < (select created_utc, id from approvals where id = @After)")} order by created_utc desc, id desc limit @Limit",
            new { After = after, Limit = limit }, ct)).Select(Parse)];
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
        return body is not null ? Parse(body) : throw Unknown(id);
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
        if (await RecordedStateAsync(from, approval.Id, ct) != approval.StateHash().Hex)
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
    /// <param name="id">The request; null takes the one that is pending, else the latest.</param>
    /// <param name="choice">Approve or reject.</param>
    /// <param name="voter">Id of who votes.</param>
    /// <param name="reason">Why.</param>
    /// <param name="digest">Digest of what the voter was shown; null binds what stands now.</param>
    /// <param name="ct">Cancels before the vote is counted.</param>
    /// <returns>The approval as it now stands: with a quorum it may still be pending.</returns>
    /// <exception cref="ProblemException">An APR code of <see cref="ApprovalRules"/>; nothing was changed.</exception>
    public async Task<Approval> CastAsync(string? id, VoteChoice choice, string voter, string reason, string? digest, CancellationToken ct) =>
        await ChangeAsync((await GetAsync(id, ct)).Id, voter, null, async (tx, approval) =>
        {
            Voter person = await VoterAsync(tx, voter, approval.Id, ct);
            return ApprovalRules.Cast(
                approval, new(choice, person, reason, digest ?? approval.Digest) { Delegators = await DelegatorsAsync(tx, approval, person, ct) }, await EvidenceNowAsync(tx, approval, ct),
                clock.GetUtcNow());
        }, ct);

    /// <summary>Why somebody has no vote on a request, and what in the store is no longer what it was made for; both null where nothing is in the way.</summary>
    /// <param name="approval">The request.</param>
    /// <param name="voter">Id of who asks.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<(Problem? Barrier, string? Difference)> BarrierAsync(Approval approval, string voter, CancellationToken ct)
    {
        Voter person = await VoterAsync(rows, voter, approval.Id, ct);
        EvidenceNow now = await EvidenceNowAsync(rows, approval, ct);
        return (ApprovalRules.Barrier(approval, person, await DelegatorsAsync(rows, approval, person, ct), now, clock.GetUtcNow()), now.DifferenceFrom(approval));
    }

    /// <summary>Whether somebody has a vote on a request at this moment, whatever became of its evidence; nobody has who is no user.</summary>
    /// <param name="approval">The request.</param>
    /// <param name="voter">Id of who asks.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<bool> HasVoteAsync(Approval approval, string voter, CancellationToken ct) =>
        await findVoter(rows, voter, ct) is { } person && ApprovalRules.HasVote(approval, person, await DelegatorsAsync(rows, approval, person, ct), clock.GetUtcNow());

    /// <summary>Hands one's vote on a request to somebody else.</summary>
    /// <exception cref="ProblemException">An APR code of <see cref="ApprovalRules.Delegate"/>; nothing was changed.</exception>
    public async Task<Approval> DelegateAsync(string? id, string from, string to, string reason, CancellationToken ct) =>
        await ChangeAsync((await GetAsync(id, ct)).Id, from, "approval.delegated", async (tx, approval) => ApprovalRules.Delegate(
            approval, await VoterAsync(tx, from, approval.Id, ct), await VoterAsync(tx, to, approval.Id, ct), reason, clock.GetUtcNow()), ct);

    /// <summary>Sets a decided request aside and stops what it deployed (spec 04 §4.10).</summary>
    /// <exception cref="ProblemException">An APR code of <see cref="ApprovalRules.Reset"/>; nothing was changed.</exception>
    public async Task<Approval> ResetAsync(string id, string by, string reason, CancellationToken ct) =>
        await ChangeAsync(id, by, "approval.reset", async (tx, approval) =>
        {
            ApprovalDecision reset = ApprovalRules.Reset(approval, await VoterAsync(tx, by, approval.Id, ct), reason, clock.GetUtcNow());
            if (reset.Accepted)
            {
                foreach (string body in await tx.QueryAsync<string>("select body from deployments where approval_id = @id", new { id }, ct))
                {
                    JsonNode stopped = JsonNode.Parse(body)!;
                    stopped["status"] = Deployment.Stopped;
                    await tx.ExecuteAsync(
                        "update deployments set status = @Stopped, body = @body where approval_id = @id", new { id, Deployment.Stopped, body = stopped.ToJsonString(ApprovalJson.Options) }, ct);
                }
            }

            return reset;
        }, ct);

    /// <summary>Takes an approved strategy live (spec 04 §4.7).</summary>
    /// <exception cref="ProblemException">APR-1004: no reason. APR-1016: what is missing; nothing was changed.</exception>
    public async Task<Approval> PromoteAsync(string id, string by, string reason, LiveFacts facts, CancellationToken ct) => string.IsNullOrWhiteSpace(reason)
        ? throw new ProblemException("APR-1004", "A promotion needs a reason.", $"approval {id}", "Give one with --reason.", ExitCode.BadUsage)
        : await ChangeAsync(id, by, "approval.promoted", async (tx, approval) =>
        {
            ApprovalDecision live = ApprovalRules.Promote(approval, await VoterAsync(tx, by, approval.Id, ct), facts, clock.GetUtcNow());
            return live.Accepted ? live with { Approval = live.Approval with { Reason = $"live: {reason.Trim()}" } } : live;
        }, ct);

    /// <summary>Puts the reminders of a request that are due into the outbox, each once.</summary>
    /// <returns>Those that are new.</returns>
    public Task<IReadOnlyList<ApprovalNotice>> RemindAsync(Approval approval, CancellationToken ct) => rows.InTransactionAsync<IReadOnlyList<ApprovalNotice>>(
        async tx =>
        {
            List<ApprovalNotice> sent = [];
            foreach (ApprovalNotice notice in ApprovalNotices.Due(approval, clock.GetUtcNow()))
            {
                if (await outbox.EnqueueAsync(tx, notice.Key, NoticeKind, JsonSerializer.SerializeToNode(notice, ApprovalJson.Options), ct, SubjectOf(approval.Id)))
                {
                    sent.Add(notice);
                }
            }

            return sent;
        }, ct);

    /// <summary>Rejects every request whose time is up or whose run was cancelled.</summary>
    /// <returns>How many were.</returns>
    public async Task<int> ExpireAsync(CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if ((await OverAsync(rows, now, ct)).Count == 0)
        {
            return 0;
        }

        IReadOnlyList<Approval> over = await rows.InTransactionAsync(
            async tx =>
            {
                IReadOnlyList<Approval> found = await OverAsync(tx, now, ct);
                foreach (Approval approval in found)
                {
                    await SaveAsync(tx, approval, approval.DecidedBy!, approval.DecidedBy == ApprovalRules.Clock ? "approval.expired" : "approval.withdrawn", ct);
                }

                return found;
            }, ct);
        foreach (Approval approval in over)
        {
            ApprovalStateFile.Write(data, approval);
        }

        return over.Count;
    }

    // Pending requests that nobody needs to vote on any more, as they are to stand.
    private async Task<IReadOnlyList<Approval>> OverAsync(IRows from, DateTimeOffset now, CancellationToken ct)
    {
        Approval[] pending = [.. (await from.QueryAsync<string>("select body from approvals where status = 'PENDING_APPROVAL'", null, ct)).Select(Parse)];
        IReadOnlyList<string> cancelled = pending.Length == 0 ? [] : await Cancelled(from, [.. pending.Select(a => a.RunId)], ct);
        return [.. pending.Select(a => cancelled.Contains(a.RunId) ? ApprovalRules.Withdraw(a, now) : ApprovalRules.Expire(a, now)).Where(a => a.Status != ApprovalStatus.PendingApproval)];
    }

    /// <summary>Whether the approval is, to the last vote, the one that the newest record of the audit chain about it left behind.</summary>
    public static async Task<bool> IsRecordedAsync(IRows from, Approval approval, CancellationToken ct) =>
        await RecordedStateAsync(from, approval.Id, ct) == approval.StateHash().Hex;

    /// <summary>Requests that are not as the newest record of the audit chain about them left them: somebody wrote them into the database by hand.</summary>
    /// <returns>Their ids; without those of an earlier release, whose records did not bind the state.</returns>
    public static async Task<IReadOnlyList<string>> UnrecordedAsync(IRows from, CancellationToken ct)
    {
        List<string> unrecorded = [];
        foreach (string body in await from.QueryAsync<string>("select body from approvals order by created_utc, id", null, ct))
        {
            Approval approval = Parse(body);
            IReadOnlyList<AuditRecord> records = await AuditChain.OfSubjectAsync(from, SubjectOf(approval.Id), ct);
            if (records.Count == 0 || (StateOf(records[^1]) is { } state && state != approval.StateHash().Hex))
            {
                unrecorded.Add(approval.Id);
            }
        }

        return unrecorded;
    }

    /// <summary>A request as its row says, inside a transaction.</summary>
    internal static async Task<Approval?> FindAsync(IRows from, string id, CancellationToken ct) =>
        await from.FirstOrDefaultAsync<string>("select body from approvals where id = @id", new { id }, ct) is { } body ? Parse(body) : null;

    private static async Task<string?> RecordedStateAsync(IRows from, string id, CancellationToken ct) =>
        (await AuditChain.OfSubjectAsync(from, SubjectOf(id), ct)).LastOrDefault() is { } record ? StateOf(record) : null;

    private static string? StateOf(AuditRecord record) => JsonNode.Parse(record.Payload)?["state_hash"]?.GetValue<string>();

    private async Task<Approval> ChangeAsync(
        string id, string actor, string? action, Func<IRowTransaction, Approval, Task<ApprovalDecision>> decide, CancellationToken ct)
    {
        ApprovalDecision decision = await rows.InTransactionAsync(
            async tx =>
            {
                ApprovalDecision made = await decide(tx, await FindAsync(tx, id, ct) ?? throw Unknown(id));
                if (made.Accepted)
                {
                    await SaveAsync(tx, made.Approval, actor, action ?? ActionOf(made.Approval), ct);
                }

                return made;
            }, ct);
        if (decision.Problem is { } problem)
        {
            throw new ProblemException(problem);
        }

        ApprovalStateFile.Write(data, decision.Approval);
        return decision.Approval;
    }

    private async Task<IReadOnlyList<Voter>> DelegatorsAsync(IRows from, Approval approval, Voter person, CancellationToken ct)
    {
        List<Voter> delegators = [];
        foreach (Delegation handed in approval.Delegations.Where(d => d.To == person.Id))
        {
            delegators.Add(await VoterAsync(from, handed.From, approval.Id, ct));
        }

        return delegators;
    }

    private async Task<Voter> VoterAsync(IRows from, string id, string approvalId, CancellationToken ct) => await findVoter(from, id, ct)
        ?? throw new ProblemException("APR-1020", $"There is no user '{id}'.", $"approval {approvalId}", "Votes are cast and handed over by users of this store.", ExitCode.BadUsage);

    // The names of this moment, so that an account of the same name made later is known for theirs.
    private async Task<IReadOnlyList<Party>> NamedAsync(IRows from, Approval approval, CancellationToken ct)
    {
        List<Party> named = [];
        foreach (Party party in approval.Parties.Prepend(new("requester", approval.RequestedBy)).DistinctBy(p => (p.Part, p.Id)))
        {
            named.Add(party with { Name = (await findVoter(from, party.Id, ct))?.Name });
        }

        return named;
    }

    private static string ActionOf(Approval after) => after.Status switch
    {
        ApprovalStatus.Approved => "approval.approved",
        ApprovalStatus.Rejected => "approval.rejected",
        _ => "approval.voted",
    };

    private static ProblemException Unknown(string? id) => new(
        "APR-1001", id is null ? "No approval has been asked for yet." : $"There is no approval '{id}'.", "approval", "See 'sigmatiq approvals list'.", ExitCode.BadUsage);

    private string? DifferenceOf(EvidenceFile file)
    {
        string path = Path.Combine(data.Root, file.Path);
        return !File.Exists(path) ? $"{file.Path} is missing" : ContentHash.OfFile(path).Hex != file.Sha256 ? $"{file.Path} has changed" : null;
    }

    private static string SubjectOf(string id) => $"approval:{id}";

    private async Task SaveAsync(IRowTransaction tx, Approval changed, string actor, string action, CancellationToken ct)
    {
        string was = await tx.FirstAsync<string>("select body from approvals where id = @Id", new { changed.Id }, ct);
        // The record first: the schema lets an approval change only together with its record.
        string? reason = action is "approval.voted" ? changed.Votes[^1].Reason : action == "approval.delegated" ? changed.Delegations[^1].Reason : changed.Reason;
        AuditRecord record = await audit.AppendAsync(tx, new(actor, action, SubjectOf(changed.Id), reason, Facts(changed)), ct);

        // Guarded: of two votes at one instant, the later one is decided anew.
        Row row = Row.Of(changed, record.Seq);
        int rowsChanged = await tx.ExecuteAsync(
            "update approvals set status = @Status, body = @Body, decided_utc = @DecidedUtc, record_seq = @RecordSeq where id = @Id and body = @was",
            new { row.Status, row.Body, row.DecidedUtc, row.RecordSeq, row.Id, was }, ct);
        if (rowsChanged != 1)
        {
            throw new ProblemException("APR-1002", "Another vote was counted first.", $"approval {changed.Id}", "See 'sigmatiq approvals show'.");
        }

        await AnnounceAsync(tx, changed, actor, action, reason, record.Seq, ct);
        if (changed.Status != ApprovalStatus.PendingApproval && action is not ("approval.reset" or "approval.promoted"))
        {
            await onDecided(tx, changed, ct);
        }
    }

    // The number of the record makes the key: whatever was decided is told once.
    private async Task AnnounceAsync(IRowTransaction tx, Approval approval, string actor, string action, string? reason, long record, CancellationToken ct)
    {
        if (Announced.Contains(action))
        {
            await outbox.EnqueueAsync(tx, $"{SubjectOf(approval.Id)}:record:{record}", action, new JsonObject
            {
                ["title"] = $"{approval.Subject.StrategyName}: {action["approval.".Length..]} by {actor}",
                ["approval"] = approval.Id,
                ["strategy"] = approval.Subject.StrategyName,
                ["run"] = approval.RunId,
                ["digest"] = approval.Digest,
                ["recommendation"] = JsonSerializer.SerializeToNode(approval.Recommendation, ApprovalJson.Options),
                ["by"] = actor,
                ["reason"] = reason,
                ["expires_utc"] = UtcText.Format(approval.Subject.ExpiresUtc),
            }, ct, SubjectOf(approval.Id));
        }
    }

    private static JsonObject Facts(Approval approval) => new()
    {
        ["run_id"] = approval.RunId,
        ["digest"] = approval.Digest,
        ["state_hash"] = approval.StateHash().Hex,
        ["strategy_id"] = approval.Subject.StrategyId,
        ["bundle_hash"] = approval.Subject.BundleHash,
        ["recommendation"] = JsonSerializer.SerializeToNode(approval.Recommendation, ApprovalJson.Options),
        ["target"] = approval.Subject.Target,
        ["four_eyes"] = JsonSerializer.SerializeToNode(approval.FourEyes, ApprovalJson.Options),
        ["quorum"] = approval.Quorum,
        ["self_approved"] = approval.SelfApproved,
        ["against_recommendation"] = approval.Status == ApprovalStatus.Approved && approval.Recommendation == Recommendation.Reject,
    };

    private static async Task<Approval?> LoadOfRunAsync(IRows rows, string runId, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<string>("select body from approvals where run_id = @runId", new { runId }, ct) is { } body ? Parse(body) : null;

    private static Approval Parse(string body) => JsonSerializer.Deserialize<Approval>(body, ApprovalJson.Options)!;

    private sealed record Row(
        string Id, string RunId, string StrategyId, string Digest, string Status, string Body, DateTimeOffset CreatedUtc, DateTimeOffset ExpiresUtc,
        DateTimeOffset? DecidedUtc, long RecordSeq)
    {
        public static Row Of(Approval a, long recordSeq) => new(
            a.Id, a.RunId, a.Subject.StrategyId, a.Digest, JsonSerializer.SerializeToNode(a.Status, ApprovalJson.Options)!.GetValue<string>(),
            JsonSerializer.Serialize(a, ApprovalJson.Options), a.CreatedUtc, a.Subject.ExpiresUtc, a.DecidedUtc, recordSeq);
    }
}
