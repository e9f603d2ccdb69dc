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
/// <param name="Voter">Who votes, as the store knows them at this moment.</param>
/// <param name="Reason">Why; required.</param>
/// <param name="Digest">Digest of what the voter was shown.</param>
public sealed record Vote(VoteChoice Choice, Voter Voter, string Reason, string Digest)
{
    /// <summary>Those who handed this voter their vote on the request, as the store knows them at this moment.</summary>
    public IReadOnlyList<Voter> Delegators { get; init; } = [];
}
