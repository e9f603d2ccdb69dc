using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Trading.Approvals;

/// <summary>Where an approval stands (spec 04 §4.7).</summary>
public enum ApprovalStatus
{
    /// <summary>Waits for a person.</summary>
    PendingApproval,

    /// <summary>A person approved the exact content.</summary>
    Approved,

    /// <summary>A person rejected it, or nobody answered in time.</summary>
    Rejected,

    /// <summary>Promoted to live trading.</summary>
    Live,
}

/// <summary>Whether the one who made the content may vote on it (spec 08 §8.7).</summary>
public enum FourEyes
{
    /// <summary>They may not.</summary>
    Strict,

    /// <summary>They may; it is recorded as self-approved and never enough for live trading.</summary>
    Relaxed,
}

/// <summary>One request for a person's vote, and what became of it.</summary>
/// <param name="Id">Id of the request.</param>
/// <param name="RunId">Run that waits for it.</param>
/// <param name="Subject">What is voted on.</param>
/// <param name="Digest">Hash over the subject, 64 hex digits.</param>
/// <param name="Recommendation">Vote 1, by the gates.</param>
/// <param name="Gates">The gates with required and actual, as shown.</param>
/// <param name="Metrics">The figures of spec 04 §4.7 <c>backtest_metrics</c>.</param>
/// <param name="RequestedBy">Who started the run.</param>
/// <param name="FourEyes">Policy on self-approval.</param>
/// <param name="CreatedUtc">When it was asked.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="DecidedBy">Who decided, with a quorum the last of them, or <c>clock</c> on expiry; null while pending.</param>
/// <param name="DecidedUtc">When.</param>
/// <param name="Reason">Why, in the voter's words, or <c>expired</c>.</param>
/// <param name="SelfApproved">Whether somebody approved it who had a part in it.</param>
public sealed record Approval(
    string Id, string RunId, ApprovalSubject Subject, string Digest, Recommendation Recommendation, JsonArray Gates, JsonObject Metrics,
    string RequestedBy, FourEyes FourEyes, DateTimeOffset CreatedUtc, ApprovalStatus Status = ApprovalStatus.PendingApproval,
    string? DecidedBy = null, DateTimeOffset? DecidedUtc = null, string? Reason = null, bool SelfApproved = false)
{
    /// <summary>How many persons must approve; one who rejects is enough.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>Who had a part in what is voted on; the requester is one of them without being listed.</summary>
    public IReadOnlyList<Party> Parties { get; init; } = [];

    /// <summary>The votes counted so far, in order.</summary>
    public IReadOnlyList<CountedVote> Votes { get; init; } = [];

    /// <summary>Votes handed to others.</summary>
    public IReadOnlyList<Delegation> Delegations { get; init; } = [];

    /// <summary>How long after asking a reminder is due, each.</summary>
    public IReadOnlyList<TimeSpan> RemindAfter { get; init; } = [];

    /// <summary>Role or person that the last reminder goes to as well; null escalates to nobody.</summary>
    public string? EscalateTo { get; init; }

    /// <summary>When it was set aside for a new request, and cannot be used any more; null where it was not.</summary>
    public DateTimeOffset? ResetUtc { get; init; }

    /// <summary>Hash over everything above: each record of the audit chain about this request holds it, as it was after that record.</summary>
    public ContentHash StateHash() => ContentHash.OfValue(this, ApprovalJson.Options);

    /// <summary>The part somebody had in what is voted on, or null.</summary>
    public Party? PartOf(Voter voter) => Parties.Prepend(new("requester", RequestedBy)).FirstOrDefault(p => voter.Is(p.Id, p.Name));

    /// <summary>Hash over what a voter reads first: a vote must not be had by gates that say what the evidence does not.</summary>
    /// <param name="recommendation">Vote 1.</param>
    /// <param name="gates">The gates, as shown.</param>
    /// <param name="metrics">The figures, as shown.</param>
    public static ContentHash HashOfShown(Recommendation recommendation, JsonArray gates, JsonObject metrics) => ContentHash.OfJson(new JsonObject
    {
        ["recommendation"] = JsonSerializer.SerializeToNode(recommendation, ApprovalJson.Options), ["gates"] = gates.DeepClone(), ["metrics"] = metrics.DeepClone(),
    });
}
