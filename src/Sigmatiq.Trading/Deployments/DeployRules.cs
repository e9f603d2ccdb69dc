using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Trading.Deployments;

/// <summary>What must hold before a deployment's first effect; decided again at that moment, whatever was decided before.</summary>
public static class DeployRules
{
    /// <summary>The first reason not to deploy, or null.</summary>
    /// <param name="approval">The vote, read again from the store.</param>
    /// <param name="evidence">What lies in the store at this moment.</param>
    /// <param name="isVoteInIntactChain">Whether the audit chain, its signatures and its end verify, and its newest record about the approval left
    /// it exactly as it is.</param>
    /// <param name="mode"><c>paper</c> or <c>live</c>.</param>
    public static Problem? Refusal(Approval approval, EvidenceNow evidence, bool isVoteInIntactChain, string mode)
    {
        string place = $"approval {approval.Id}";
        if (approval.Status != ApprovalStatus.Approved)
        {
            return new("DEP-1001", $"It stands at {approval.Status}, not at Approved.", place, "Only an approved request deploys.", ExitCode.ApprovalMissing);
        }

        if (!isVoteInIntactChain)
        {
            return new(
                "DEP-1004", "The audit chain is broken or does not hold this vote, so the vote cannot be trusted.", place, "Run 'audit verify' and restore the store.");
        }

        if (ApprovalRules.Standing(approval) is { } lacking)
        {
            return new("DEP-1006", $"Its votes are not enough: {lacking.Message}", place, "Ask for the votes that are missing.", ExitCode.ApprovalMissing);
        }

        if (evidence.DifferenceFrom(approval) is { } difference)
        {
            return new(
                "DEP-1002", $"The evidence in the store is no longer what was approved: {difference}.", place,
                "Nothing was deployed and this run has ended. Run the lifecycle again; it asks for a new vote.");
        }

        if (DeployManifest.Refusal(approval.Subject.Manifest, place) is { } manifest)
        {
            return manifest;
        }

        return mode == approval.Subject.Target && mode == "paper"
            ? null
            : new Problem("DEP-1003", $"The vote was on {approval.Subject.Target} trading, not on {mode}.", place, "Deploy to paper; live trading has votes of its own.");
    }
}
