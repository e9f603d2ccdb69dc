namespace Sigmatiq.Trading.Approvals;

/// <summary>What a voter says.</summary>
public enum VoteChoice
{
    /// <summary>Deploy it.</summary>
    Approve,

    /// <summary>Do not.</summary>
    Reject,
}

/// <summary>A person's vote on exact content.</summary>
/// <param name="Choice">Approve or reject.</param>
/// <param name="Voter">Who votes.</param>
/// <param name="Reason">Why; required.</param>
/// <param name="Digest">Digest of what the voter was shown.</param>
public sealed record Vote(VoteChoice Choice, string Voter, string Reason, string Digest);
