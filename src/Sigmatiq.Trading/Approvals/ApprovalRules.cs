using Sigmatiq.Store.Errors;

namespace Sigmatiq.Trading.Approvals;

/// <summary>Outcome of a decision: the approval as it stands now, or the problem that kept it as it was.</summary>
public sealed record ApprovalDecision(Approval Approval, Problem? Problem)
{
    /// <summary>Whether the decision took effect.</summary>
    public bool Accepted => Problem is null;
}

/// <summary>All decisions on an approval, as pure functions. Every way to vote (page, command, API) comes through here.</summary>
public static class ApprovalRules
{
    /// <summary>Counts a vote, or says why it does not count. The order of the checks is the order in which a voter can mend them.</summary>
    /// <param name="approval">The request as it stands.</param>
    /// <param name="vote">The vote.</param>
    /// <param name="evidence">What lies in the store at this moment.</param>
    /// <param name="nowUtc">The clock.</param>
    public static ApprovalDecision Cast(Approval approval, Vote vote, EvidenceNow evidence, DateTimeOffset nowUtc)
    {
        if (Refusal(approval, vote, evidence, nowUtc) is { } problem)
        {
            return new(approval, problem);
        }

        bool approved = vote.Choice == VoteChoice.Approve;
        return new(
            approval with
            {
                Status = approved ? ApprovalStatus.Approved : ApprovalStatus.Rejected,
                DecidedBy = vote.Voter,
                DecidedUtc = nowUtc,
                Reason = vote.Reason.Trim(),
                SelfApproved = approved && IsOwn(approval, vote.Voter),
            },
            null);
    }

    /// <summary>Turns silence into a rejection once the time is up; unchanged before that or when it is decided.</summary>
    public static Approval Expire(Approval approval, DateTimeOffset nowUtc) =>
        approval.Status == ApprovalStatus.PendingApproval && nowUtc >= approval.Subject.ExpiresUtc
            ? approval with { Status = ApprovalStatus.Rejected, DecidedBy = "clock", DecidedUtc = approval.Subject.ExpiresUtc, Reason = "expired" }
            : approval;

    private static Problem? Refusal(Approval approval, Vote vote, EvidenceNow evidence, DateTimeOffset nowUtc)
    {
        string place = $"approval {approval.Id}";
        if (approval.Status != ApprovalStatus.PendingApproval)
        {
            return new("APR-1002", $"It is already {Word(approval.Status)} by {approval.DecidedBy}.", place, "A new run asks for a new vote.");
        }

        if (nowUtc >= approval.Subject.ExpiresUtc)
        {
            return new("APR-1007", $"It expired at {approval.Subject.ExpiresUtc:u}, which is a rejection.", place, "Run the lifecycle again.");
        }

        if (string.IsNullOrWhiteSpace(vote.Reason))
        {
            return new("APR-1004", "A vote needs a reason.", place, "Give one with --reason.", ExitCode.BadUsage);
        }

        if (evidence.DifferenceFrom(approval) is { } difference)
        {
            return new(
                "APR-1003", $"The evidence in the store is not what the request was made for: {difference}.", place,
                "Nothing was decided. Restore the files from a backup, or reject and run the lifecycle again.");
        }

        if (vote.Digest != approval.Digest)
        {
            return new(
                "APR-1005", $"The vote is on digest {Head(vote.Digest)}, the request stands at {Head(approval.Digest)}.", place,
                "Look at the evidence again with 'approvals show' and vote on what it prints.");
        }

        return vote.Choice == VoteChoice.Approve && approval.FourEyes == FourEyes.Strict && IsOwn(approval, vote.Voter)
            ? new Problem("APR-1006", $"{vote.Voter} started the run and may not approve it.", place, "Ask another approver.")
            : null;
    }

    private static bool IsOwn(Approval approval, string voter) => string.Equals(approval.RequestedBy, voter, StringComparison.Ordinal);

    private static string Head(string digest) => digest.Length <= 12 ? digest : digest[..12];

    private static string Word(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Approved => "approved",
        ApprovalStatus.Rejected => "rejected",
        ApprovalStatus.Live => "live",
        _ => "pending",
    };
}
