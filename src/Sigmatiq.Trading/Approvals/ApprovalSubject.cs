using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sigmatiq.Store.Content;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.Trading.Approvals;

/// <summary>One file of the evidence, with the hash it had when it was shown.</summary>
/// <param name="Path">Path below the data directory, with forward slashes.</param>
/// <param name="Sha256">64 lower-case hex digits of the file's bytes.</param>
public sealed record EvidenceFile(string Path, string Sha256);

/// <summary>Everything a person is asked to vote on. The vote binds <see cref="Digest"/>, so nothing in here can change between
/// showing and deciding (spec 08 §8.7).</summary>
/// <param name="StrategyId">Stable id of what would be deployed.</param>
/// <param name="StrategyName">Its name for people.</param>
/// <param name="Pack">Pack as <c>id@version</c>.</param>
/// <param name="PackHash">Content hash of that pack version.</param>
/// <param name="ConfigHash">Hash of model config and combo.</param>
/// <param name="Parameters">The effective parameters, in full.</param>
/// <param name="DataSnapshotId">The bars that all of it was computed from.</param>
/// <param name="DataRange">First and last session of those bars, as text.</param>
/// <param name="ArtifactHashes">Content hashes of the trained models.</param>
/// <param name="BundleHash">Hash over the evidence as a whole.</param>
/// <param name="Evidence">The evidence's files with their hashes.</param>
/// <param name="SelectionNote">How much choosing stands behind it: trials on the idea so far, the how-manieth look at the hold-out. Facts of the
/// store's history, so not part of the evidence itself.</param>
/// <param name="Limits">Limits that a deployment would run under.</param>
/// <param name="Target"><c>paper</c> or <c>live</c>.</param>
/// <param name="GateFailed">Whether a quality gate refused the combo: then paper is all an approval can lead to (08 §8.12).</param>
/// <param name="ExpiresUtc">When silence becomes a rejection.</param>
public sealed record ApprovalSubject(
    string StrategyId, string StrategyName, string Pack, string PackHash, string ConfigHash, JsonObject Parameters, string DataSnapshotId,
    string DataRange, IReadOnlyList<string> ArtifactHashes, string BundleHash, IReadOnlyList<EvidenceFile> Evidence, JsonObject SelectionNote, JsonObject Limits,
    string Target, bool GateFailed, DateTimeOffset ExpiresUtc)
{
    /// <summary>Hash over recommendation, gates and figures, which stand beside the subject and are shown with it
    /// (<see cref="Approval.HashOfShown"/>); null in requests of before they were bound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ShownHash { get; init; }

    /// <summary>How it would be deployed; null in requests of before manifests, which deploy no more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DeployManifest? Manifest { get; init; }

    /// <summary>The hash that a vote binds: canonical JSON over every field of the subject.</summary>
    public ContentHash Digest() => ContentHash.OfValue(this, ApprovalJson.Options);
}
