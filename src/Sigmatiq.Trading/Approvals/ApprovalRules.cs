using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Trading.Approvals;

/// <summary>Outcome of a decision: the approval as it stands now, or the problem that kept it as it was.</summary>
public sealed record ApprovalDecision(Approval Approval, Problem? Problem)
{
    /// <summary>Whether the decision took effect.</summary>
    public bool Accepted => Problem is null;
}

/// <summary>What must be true of the world before live trading, beside the votes (spec 04 §4.7).</summary>
/// <param name="IsDeployed">Whether its deployment is complete.</param>
/// <param name="MeetsPaperCriteria">Whether its paper session has met the criteria.</param>
public sealed record LiveFacts(bool IsDeployed, bool MeetsPaperCriteria);

/// <summary>The approval machine: every change of an approval, as pure functions of the approval, the event and the clock. Every way to
/// vote (page, command, API) comes through here.</summary>
public static class ApprovalRules
{
    /// <summary>Who rejects what nobody voted on in time.</summary>
    public const string Clock = "clock";

    /// <summary>Who rejects what needs no vote any more.</summary>
    public const string Engine = "engine";

    /// <summary>Counts a vote, or says why it does not count. The order of the checks is the order in which a voter can mend them.</summary>
    /// <param name="approval">The request as it stands.</param>
    /// <param name="vote">The vote.</param>
    /// <param name="evidence">What lies in the store at this moment.</param>
    /// <param name="nowUtc">The clock.</param>
    public static ApprovalDecision Cast(Approval approval, Vote vote, EvidenceNow evidence, DateTimeOffset nowUtc)
    {
        if ((Closed(approval, nowUtc) ?? ReasonMissing(approval, vote) ?? Differing(approval, vote, evidence)) is { } problem)
        {
            return new(approval, problem);
        }

        (string? on, Problem? refusal) = Entitlement(approval, vote.Voter, vote.Delegators);
        if (refusal is not null)
        {
            return new(approval, refusal);
        }

        Voter voter = vote.Voter;
        Approval counted = approval with
        {
            Votes = [.. approval.Votes, new(vote.Choice, voter.Id, voter.Name, voter.Role, vote.Reason.Trim(), vote.Digest, nowUtc, on)],
            SelfApproved = approval.SelfApproved || (vote.Choice == VoteChoice.Approve && approval.PartOf(voter) is not null),
        };
        bool isDecided = vote.Choice == VoteChoice.Reject || counted.Votes.Count >= approval.Quorum;
        return new(
            !isDecided ? counted : counted with
            {
                Status = vote.Choice == VoteChoice.Approve ? ApprovalStatus.Approved : ApprovalStatus.Rejected,
                DecidedBy = voter.Id,
                DecidedUtc = nowUtc,
                Reason = vote.Reason.Trim(),
            },
            null);
    }

    /// <summary>Hands one's vote on a request to somebody else, or says why not. Whoever has no vote has none to hand over.</summary>
    /// <param name="approval">The request as it stands.</param>
    /// <param name="from">Whose vote.</param>
    /// <param name="to">To whom.</param>
    /// <param name="reason">Why; required.</param>
    /// <param name="nowUtc">The clock.</param>
    public static ApprovalDecision Delegate(Approval approval, Voter from, Voter to, string reason, DateTimeOffset nowUtc)
    {
        string place = PlaceOf(approval);
        Problem? problem = Closed(approval, nowUtc)
            ?? (string.IsNullOrWhiteSpace(reason) ? new Problem("APR-1004", "Handing over a vote needs a reason.", place, "Give one with --reason.", ExitCode.BadUsage) : null)
            ?? Entitlement(approval, from, []).Refusal
            ?? (!to.IsActive ? new Problem("APR-1013", $"The account of {to.Id} is disabled.", place, "Choose somebody who can sign in.") : null)
            ?? (!to.MayHoldVote ? new Problem("APR-1013", $"{to.Id} has the role {to.Role}, which may not vote for another either.", place, "Choose an approver, an operator or an admin.") : null)
            ?? (to.Is(from.Id, from.Name) ? new Problem("APR-1013", $"{to.Id} is {from.Id}.", place, "Vote yourself.") : null)
            ?? (approval.FourEyes == FourEyes.Strict && approval.PartOf(to) is { } party ? FourEyesRefusal(approval, to, party) : null)
            ?? (approval.Votes.Any(v => to.Is(v.Voter, v.VoterName)) || approval.Delegations.Any(d => to.Is(d.From, d.FromName) || to.Is(d.To, d.ToName))
                ? new Problem("APR-1013", $"{to.Id} has voted on it, has handed over a vote or holds one already.", place, "Choose somebody else.") : null);
        return problem is not null
            ? new(approval, problem)
            : new(approval with { Delegations = [.. approval.Delegations, new(from.Id, from.Name, to.Id, to.Name, reason.Trim(), nowUtc)] }, null);
    }

    /// <summary>Why somebody has no vote on a request, before they say anything; null where they have one.</summary>
    /// <param name="approval">The request as it stands.</param>
    /// <param name="voter">Who asks.</param>
    /// <param name="delegators">Those who handed them their vote on it.</param>
    /// <param name="evidence">What lies in the store at this moment.</param>
    /// <param name="nowUtc">The clock.</param>
    public static Problem? Barrier(Approval approval, Voter voter, IReadOnlyList<Voter> delegators, EvidenceNow evidence, DateTimeOffset nowUtc) =>
        Closed(approval, nowUtc) ?? Entitlement(approval, voter, delegators).Refusal ?? Differing(approval, new(VoteChoice.Reject, voter, "", approval.Digest), evidence);

    /// <summary>Whether somebody has a vote on a request that waits, whatever became of its evidence.</summary>
    /// <param name="approval">The request as it stands.</param>
    /// <param name="voter">Who asks.</param>
    /// <param name="delegators">Those who handed them their vote on it.</param>
    /// <param name="nowUtc">The clock.</param>
    public static bool HasVote(Approval approval, Voter voter, IReadOnlyList<Voter> delegators, DateTimeOffset nowUtc) =>
        (Closed(approval, nowUtc) ?? Entitlement(approval, voter, delegators).Refusal) is null;

    /// <summary>Turns silence into a rejection once the time is up; unchanged before that or when it is decided.</summary>
    public static Approval Expire(Approval approval, DateTimeOffset nowUtc) =>
        approval.Status == ApprovalStatus.PendingApproval && nowUtc >= approval.Subject.ExpiresUtc
            ? approval with { Status = ApprovalStatus.Rejected, DecidedBy = Clock, DecidedUtc = approval.Subject.ExpiresUtc, Reason = "expired" }
            : approval;

    /// <summary>Rejects a pending request whose run was cancelled: a vote on it could lead nowhere.</summary>
    public static Approval Withdraw(Approval approval, DateTimeOffset nowUtc) => approval.Status == ApprovalStatus.PendingApproval
        ? approval with { Status = ApprovalStatus.Rejected, DecidedBy = Engine, DecidedUtc = nowUtc, Reason = "its run was cancelled" }
        : approval;

    /// <summary>Sets a decided request aside for good (spec 04 §4.10); the strategy is pending again with a request of its own, on gates
    /// evaluated anew. No vote of this one counts there.</summary>
    public static ApprovalDecision Reset(Approval approval, Voter by, string reason, DateTimeOffset nowUtc)
    {
        string place = PlaceOf(approval);
        if (approval.Status == ApprovalStatus.PendingApproval || approval.ResetUtc is not null)
        {
            return new(approval, new("APR-1015", approval.ResetUtc is null ? "It is pending already." : "It was reset before.", place, "Vote on the request that is pending."));
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            return new(approval, new("APR-1004", "A reset needs a reason.", place, "Give one with --reason.", ExitCode.BadUsage));
        }

        return !by.IsActive || by.Role is not ("operator" or "approver" or "admin")
            ? new(approval, new("APR-1020", $"{by.Id} has the role {by.Role}, which may not reset an approval.", place, "Ask an operator, an approver or an admin."))
            : new(approval with { Status = ApprovalStatus.Rejected, DecidedBy = by.Id, DecidedUtc = nowUtc, Reason = $"reset: {reason.Trim()}", ResetUtc = nowUtc }, null);
    }

    /// <summary>Promotes an approved strategy to live trading, or says what is missing (spec 04 §4.7, 08 §8.7, §8.12).</summary>
    public static ApprovalDecision Promote(Approval approval, Voter by, LiveFacts facts, DateTimeOffset nowUtc)
    {
        string? missing = approval.Status != ApprovalStatus.Approved ? $"it stands at {Word(approval.Status)}"
            : Standing(approval) is { } lacking ? lacking.Message
            : approval.Subject.Target != "live" ? $"the votes were on {approval.Subject.Target} trading"
            : approval.SelfApproved ? "it is self-approved"
            : approval.FourEyes != FourEyes.Strict ? "its votes were cast under relaxed four eyes"
            : approval.Subject.GateFailed ? "a quality gate failed"
            : !facts.IsDeployed ? "its deployment is not complete"
            : !facts.MeetsPaperCriteria ? "its paper session has not met the criteria"
            : !by.IsActive || by.Role is not ("operator" or "admin") ? $"{by.Id} has the role {by.Role}"
            : null;
        return missing is null
            ? new(approval with { Status = ApprovalStatus.Live, DecidedUtc = nowUtc }, null)
            : new(approval, new("APR-1016", $"It cannot go live: {missing}.", PlaceOf(approval), "Live trading needs strict votes on live, a complete deployment and a paper session that passed."));
    }

    /// <summary>Counts the votes of an approved request once more by its own policy; null where they are enough.</summary>
    public static Problem? Standing(Approval approval)
    {
        List<CountedVote> approving = [.. approval.Votes.Where(v => v.Choice == VoteChoice.Approve && v.Digest == approval.Digest)];
        int persons = 0;
        for (int i = 0; i < approving.Count; i++)
        {
            CountedVote vote = approving[i];
            Voter voter = new(vote.Voter, vote.VoterName, vote.Role);
            bool isAnother = approving.Take(i).All(v => !voter.Is(v.Voter, v.VoterName));
            bool hasVote = vote.For is null ? voter.MayVote(approval.FourEyes) : approval.Delegations.Any(d => d.From == vote.For && d.To == vote.Voter);
            persons += isAnother && hasVote && (approval.FourEyes == FourEyes.Relaxed || approval.PartOf(voter) is null) ? 1 : 0;
        }

        return approval.Votes.Count == approving.Count && persons >= Math.Max(1, approval.Quorum) && approval.ResetUtc is null
            ? null
            : new("APR-1018", $"Of {Math.Max(1, approval.Quorum)} votes that it needs, {persons} count.", PlaceOf(approval), "Ask for the votes that are missing.", ExitCode.ApprovalMissing);
    }

    private static Problem? Closed(Approval approval, DateTimeOffset nowUtc) =>
        approval.Status != ApprovalStatus.PendingApproval
            ? new Problem("APR-1002", approval.DecidedBy == Engine ? $"It was withdrawn: {approval.Reason}." : $"It is already {Word(approval.Status)} by {approval.DecidedBy}.", PlaceOf(approval), "A new run asks for a new vote.")
        : nowUtc >= approval.Subject.ExpiresUtc
            ? new Problem("APR-1007", $"It expired at {approval.Subject.ExpiresUtc:u}, which is a rejection.", PlaceOf(approval), "Run the lifecycle again.")
        : null;

    private static Problem? ReasonMissing(Approval approval, Vote vote) =>
        !string.IsNullOrWhiteSpace(vote.Reason) ? null
        : vote.Choice == VoteChoice.Approve && approval.Recommendation == Recommendation.Reject
            ? new Problem("APR-1012", "Vote 1 says REJECT; approving against it needs notes.", PlaceOf(approval), "Say with --reason why the gates are wrong here.", ExitCode.BadUsage)
        : new("APR-1004", "A vote needs a reason.", PlaceOf(approval), "Give one with --reason.", ExitCode.BadUsage);

    private static Problem? Differing(Approval approval, Vote vote, EvidenceNow evidence) =>
        evidence.DifferenceFrom(approval) is { } difference
            ? new Problem(
                "APR-1003", $"The evidence in the store is not what the request was made for: {difference}.", PlaceOf(approval),
                "Nothing was decided. Restore the files from a backup, or reject and run the lifecycle again.")
        : vote.Digest != approval.Digest
            ? new Problem(
                "APR-1005", $"The vote is on digest {Head(vote.Digest)}, the request stands at {Head(approval.Digest)}.", PlaceOf(approval),
                "Look at the evidence again with 'approvals show' and vote on what it prints.")
        : null;

    // Whose vote it would be: null for the voter's own, else the id of the one who handed it over.
    private static (string? For, Problem? Refusal) Entitlement(Approval approval, Voter voter, IReadOnlyList<Voter> delegators)
    {
        string place = PlaceOf(approval);
        if (approval.FourEyes == FourEyes.Strict && approval.PartOf(voter) is { } party)
        {
            return (null, FourEyesRefusal(approval, voter, party));
        }

        if (approval.Votes.Any(v => voter.Is(v.Voter, v.VoterName)))
        {
            return (null, new("APR-1011", $"{voter.Id} has voted on it.", place, "One person has one vote."));
        }

        if (approval.Delegations.Any(d => voter.Is(d.From, d.FromName)))
        {
            return (null, new("APR-1011", $"{voter.Id} has handed their vote to somebody else.", place, "See 'sigmatiq approvals show'."));
        }

        if (voter.MayVote(approval.FourEyes))
        {
            return (null, null);
        }

        // What was handed over counts only while the one who did so could vote themselves.
        Voter? from = !voter.MayHoldVote ? null : delegators.FirstOrDefault(f => f.MayVote(approval.FourEyes)
            && approval.Delegations.Any(d => d.From == f.Id && d.To == voter.Id) && (approval.FourEyes == FourEyes.Relaxed || approval.PartOf(f) is null));
        return from is not null ? (from.Id, null) : (null, new("APR-1020",
            voter.IsActive ? $"{voter.Id} has the role {voter.Role}, which has no vote here." : $"The account of {voter.Id} is disabled.", place,
            approval.FourEyes == FourEyes.Strict ? "Ask an approver or an admin." : "Ask an approver, an operator or an admin."));
    }

    private static Problem FourEyesRefusal(Approval approval, Voter voter, Party party) => new(
        "APR-1006", $"{voter.Id} is the {party.Part} of what is voted on, and under strict four eyes has no vote on it.", PlaceOf(approval),
        "Ask another approver; to withdraw a request of your own, cancel its run.");

    private static string PlaceOf(Approval approval) => $"approval {approval.Id}";

    private static string Head(string digest) => digest.Length <= 12 ? digest : digest[..12];

    private static string Word(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Approved => "approved",
        ApprovalStatus.Rejected => "rejected",
        ApprovalStatus.Live => "live",
        _ => "pending",
    };
}
