using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.App;

/// <summary>Takes an approved strategy live, or says what is missing: the one way of commands and requests.</summary>
internal static class Promotion
{
    /// <summary>Promotes an approval to live trading.</summary>
    /// <param name="approvals">The requests.</param>
    /// <param name="deployments">What was deployed.</param>
    /// <param name="id">The approval.</param>
    /// <param name="by">Who promotes.</param>
    /// <param name="reason">Why; it is kept.</param>
    /// <param name="ct">Stops before anything is written.</param>
    /// <exception cref="ProblemException">Whatever <see cref="ApprovalService.PromoteAsync"/> finds missing.</exception>
    public static async Task<Approval> RunAsync(ApprovalService approvals, DeploymentService deployments, string id, string by, string reason, CancellationToken ct)
    {
        bool isDeployed = (await deployments.ListAsync(ct)).Any(d => d.ApprovalId == id && d.IsActive);

        // A paper session is judged by what it traded, and nothing trades on paper in this release: no session has passed.
        return await approvals.PromoteAsync(id, by, reason, new(isDeployed, MeetsPaperCriteria: false), ct);
    }
}
