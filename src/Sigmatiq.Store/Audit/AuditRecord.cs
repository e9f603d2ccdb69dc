using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Audit;

/// <summary>What is to be recorded.</summary>
/// <param name="Actor">Who: a user, or <c>system:…</c> for the product itself.</param>
/// <param name="Action">What was done, as a dotted verb: <c>approval.approve</c>, <c>deployment.create</c>.</param>
/// <param name="Subject">To what, with its kind: <c>run:…</c>, <c>approval:…</c>.</param>
/// <param name="Reason">Why, in the actor's words.</param>
/// <param name="Payload">The exact content it was about; hashes rather than bulk.</param>
public sealed record AuditEntry(string Actor, string Action, string Subject, string? Reason, JsonNode? Payload);

/// <summary>One link of the chain.</summary>
/// <param name="Seq">1, 2, 3 … without a gap.</param>
/// <param name="AtUtc">When, as <see cref="UtcText"/> wrote it.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What was done.</param>
/// <param name="Subject">To what.</param>
/// <param name="Reason">Why.</param>
/// <param name="Payload">Canonical JSON.</param>
/// <param name="PrevHash">The hash of the record before; 64 zeros for the first.</param>
/// <param name="Hash">The hash over all of the above.</param>
/// <param name="Mac">The signature over number and hash, by a key outside the store; null in an unsigned chain.</param>
public sealed record AuditRecord(
    long Seq, string AtUtc, string Actor, string Action, string Subject, string? Reason, string Payload, string PrevHash, string Hash, string? Mac = null)
{
    /// <summary>The hash this record must have.</summary>
    public ContentHash ExpectedHash() => ContentHash.OfJson(new JsonObject
    {
        ["seq"] = Seq,
        ["at_utc"] = AtUtc,
        ["actor"] = Actor,
        ["action"] = Action,
        ["subject"] = Subject,
        ["reason"] = Reason,
        ["payload"] = Payload,
        ["prev_hash"] = PrevHash,
    });

    /// <summary>The record as one line of JSON.</summary>
    public string ToJsonLine() => CanonicalJson.Text(new JsonObject
    {
        ["seq"] = Seq,
        ["at_utc"] = AtUtc,
        ["actor"] = Actor,
        ["action"] = Action,
        ["subject"] = Subject,
        ["reason"] = Reason,
        ["payload"] = JsonNode.Parse(Payload),
        ["prev_hash"] = PrevHash,
        ["hash"] = Hash,
        ["mac"] = Mac,
    });
}

/// <summary>The newest record's number and hash: whoever keeps it elsewhere can tell later that nothing before it was changed.</summary>
public sealed record AuditHead(long Seq, string Hash)
{
    /// <summary>The head of an empty chain.</summary>
    public static AuditHead Empty { get; } = new(0, new string('0', 64));
}
