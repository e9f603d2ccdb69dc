using System.Text.Json;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Trading.Deployments;

/// <summary>How far a trained model has come on its way to trading.</summary>
public enum ArtifactStanding
{
    /// <summary>A request for a vote on it waits.</summary>
    Asked,

    /// <summary>It is approved and was not deployed yet.</summary>
    Approved,

    /// <summary>It, or what was fitted from it after the approval, trades.</summary>
    Deployed,
}

/// <summary>Who needs the files of a trained model.</summary>
/// <param name="Standing">How far it has come.</param>
/// <param name="Approval">The request.</param>
/// <param name="Deployment">What trades; null before.</param>
public sealed record ArtifactUse(ArtifactStanding Standing, string Approval, string? Deployment)
{
    /// <summary>What needs each trained model, by the hash of what it learned; those that nobody needs are not in it.</summary>
    public static IReadOnlyDictionary<string, ArtifactUse> Of(IEnumerable<Approval> approvals, IEnumerable<Deployment> deployments)
    {
        ILookup<string, Deployment> deployed = deployments.ToLookup(d => d.ApprovalId);
        Dictionary<string, ArtifactUse> uses = new(StringComparer.Ordinal);
        foreach (Approval approval in approvals)
        {
            Deployment? active = deployed[approval.Id].FirstOrDefault(d => d.IsActive);
            ArtifactUse? use = (approval.Status, active) switch
            {
                (ApprovalStatus.PendingApproval, _) => new(ArtifactStanding.Asked, approval.Id, null),
                (ApprovalStatus.Approved or ApprovalStatus.Live, not null) => new(ArtifactStanding.Deployed, approval.Id, active.Id),
                (ApprovalStatus.Approved, null) when !deployed[approval.Id].Any() => new(ArtifactStanding.Approved, approval.Id, null),
                _ => null,
            };
            foreach (string artifact in use is null ? [] : active is null ? approval.Subject.ArtifactHashes : approval.Subject.ArtifactHashes.Append(active.ArtifactHash))
            {
                if (!uses.TryGetValue(artifact, out ArtifactUse? other) || other.Standing < use!.Standing)
                {
                    uses[artifact] = use!;
                }
            }
        }

        return uses;
    }

    /// <summary>The same as the store has it now.</summary>
    public static async Task<IReadOnlyDictionary<string, ArtifactUse>> ReadAsync(IRows from, CancellationToken ct) => Of(
        (await from.QueryAsync<string>("select body from approvals where status <> 'REJECTED' order by created_utc desc, id desc", null, ct)).Select(b => JsonSerializer.Deserialize<Approval>(b, ApprovalJson.Options)!),
        (await from.QueryAsync<string>("select body from deployments order by created_utc desc, id desc", null, ct)).Select(b => JsonSerializer.Deserialize<Deployment>(b, ApprovalJson.Options)!));

    /// <summary>Who needs it, as a sentence goes on after "it".</summary>
    public string Words => Standing switch
    {
        ArtifactStanding.Asked => $"is asked to be voted on in {Approval}",
        ArtifactStanding.Approved => $"is approved in {Approval}",
        _ => $"trades as {Deployment}, approved in {Approval}",
    };
}
