using Sigmatiq.Store.Rows;

namespace Sigmatiq.Trading.Approvals;

/// <summary>A person as the store knows them at this moment.</summary>
/// <param name="Id">Stable id; renaming does not change it.</param>
/// <param name="Name">Name on screen.</param>
/// <param name="Role">Role of spec 08 §8.7, as it stands now.</param>
/// <param name="IsActive">Whether the account is enabled.</param>
public sealed record Voter(string Id, string Name, string Role, bool IsActive = true)
{
    /// <summary>Whether the role may vote: approver and admin; where four eyes are relaxed, the one operator of a local store too.</summary>
    public bool MayVote(FourEyes fourEyes) => IsActive && (Role is "approver" or "admin" || (fourEyes == FourEyes.Relaxed && Role == "operator"));

    /// <summary>Whether the role may cast a vote that somebody handed over.</summary>
    public bool MayHoldVote => IsActive && Role is ("approver" or "admin" or "operator");

    /// <summary>Whether an account is this person's: the same id, or the same name, in whatever case and spacing.</summary>
    public bool Is(string id, string? name) => AreOne(Id, id) || AreOne(Name, name) || AreOne(Name, id) || AreOne(Id, name);

    // Marks that no reader sees do not make another person of the same name.
    private static bool AreOne(string one, string? other) => other is not null && Bare(one) is { Length: > 0 } bare && bare.Equals(Bare(other), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string name) => string.Concat(name.Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c)
        && char.GetUnicodeCategory(c) is not (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.NonSpacingMark)));
}

/// <summary>Looks a person up by id, inside the transaction in which their vote is counted; null where nobody has it.</summary>
public delegate Task<Voter?> FindVoter(IRows rows, string id, CancellationToken ct);

/// <summary>A person who had a part in what is voted on; under strict four eyes they have no vote on it.</summary>
/// <param name="Part">What they did: <c>requester</c>, <c>trainer</c>, <c>deployer</c>, <c>author</c>.</param>
/// <param name="Id">Their id, or the name that the content gives.</param>
/// <param name="Name">Their name at that time, so that a later account of the same name is known.</param>
public sealed record Party(string Part, string Id, string? Name = null);

/// <summary>A vote that was counted.</summary>
/// <param name="Choice">Approve or reject.</param>
/// <param name="Voter">Who voted.</param>
/// <param name="VoterName">Their name at that time.</param>
/// <param name="Role">Their role at that time.</param>
/// <param name="Reason">Why.</param>
/// <param name="Digest">Of exactly what.</param>
/// <param name="AtUtc">When.</param>
/// <param name="For">Whose vote it was, where it had been delegated; null for their own.</param>
public sealed record CountedVote(VoteChoice Choice, string Voter, string VoterName, string Role, string Reason, string Digest, DateTimeOffset AtUtc, string? For);

/// <summary>A vote handed to somebody else, for one request.</summary>
/// <param name="From">Whose vote.</param>
/// <param name="FromName">Their name.</param>
/// <param name="To">To whom.</param>
/// <param name="ToName">Their name.</param>
/// <param name="Reason">Why.</param>
/// <param name="AtUtc">When.</param>
public sealed record Delegation(string From, string FromName, string To, string ToName, string Reason, DateTimeOffset AtUtc);
