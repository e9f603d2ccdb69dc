namespace Sigmatiq.Trading.Approvals;

/// <summary>How what lies in the store at this moment compares with what a request was made for.</summary>
/// <param name="Digest">Digest recomputed from the store; null where the evidence no longer matches.</param>
/// <param name="Difference">What no longer matches, e.g. <c>sweeps/s/evidence.json has changed</c>; null where all does.</param>
public sealed record EvidenceNow(string? Digest, string? Difference)
{
    /// <summary>Everything is there; this is its digest.</summary>
    public static EvidenceNow Of(string digest) => new(digest, null);

    /// <summary>Something is not what it was.</summary>
    public static EvidenceNow Differs(string difference) => new(null, difference);

    /// <summary>What no longer matches a request, or null where nothing differs from it.</summary>
    public string? DifferenceFrom(Approval approval) => Difference ?? (Digest == approval.Digest ? null : "the request's content is not what its digest says");
}
