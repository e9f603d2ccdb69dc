using Sigmatiq.Packs;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Finds who had a part in what is voted on: who asked, trained, will deploy, wrote or published the pack version.</summary>
public sealed class Makers(IRowStore rows, PackLibrary packs)
{
    /// <summary>The parties of a request, as the store knows them.</summary>
    /// <param name="subject">What is voted on.</param>
    /// <param name="requestedBy">Who asked for the run, which deploys too.</param>
    /// <param name="ct">Cancels the look.</param>
    public async Task<IReadOnlyList<Party>> OfAsync(ApprovalSubject subject, string requestedBy, CancellationToken ct)
    {
        List<Party> parties = [new("requester", requestedBy), new("deployer", requestedBy)];
        parties.AddRange((await rows.QueryAsync<string>(
            """
            select distinct j.created_by from trained_models m join training_jobs j on j.job_id = m.job_id
             where m.artifact_hash in @Hashes order by 1
            """, new { Hashes = subject.ArtifactHashes }, ct)).Select(by => new Party("trainer", by)));

        // A version is published by the first run that uses it, so its publisher is an author only where the pack names them.
        try
        {
            parties.Add(new("author", packs.Load(subject.Pack).Author));
        }
        catch (ProblemException)
        {
            // The files are gone since; the deployment refuses what it cannot load.
        }

        return parties;
    }
}
