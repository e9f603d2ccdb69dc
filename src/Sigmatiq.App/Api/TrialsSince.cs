using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Api;

/// <summary>What was tried on an idea since a vote on it was asked for.</summary>
/// <param name="Combos">Different combos since.</param>
/// <param name="Deflated">Deflated Sharpe ratio as the trial ledger stands now; null where it cannot be said.</param>
internal sealed record TrialsSince(int Combos, double? Deflated);

/// <summary>Reads the trial ledger again for a request that waits: its evidence is of the day that it was made on, and every trial since makes luck likelier.</summary>
internal sealed class TrialsSinceReader(IRowStore rows, SweepStore sweeps, TrialLedger trials)
{
    /// <summary>What was tried since; null where nothing was, where the request is decided, or where its sweep is gone.</summary>
    public async Task<TrialsSince?> ReadAsync(Approval approval, CancellationToken ct)
    {
        if (approval.Status != ApprovalStatus.PendingApproval || approval.Subject.SelectionNote.Number("trials") is not { } then || approval.Subject.ArtifactHashes is not [var artifact, ..])
        {
            return null;
        }

        Origin? origin = await rows.FirstOrDefaultAsync<Origin>(
            "select j.sweep_id, t.combo_id from trained_models t join training_jobs j on j.job_id = t.job_id where t.artifact_hash = @artifact order by t.created_at_utc, t.trained_model_id limit 1",
            new { artifact }, ct);
        if (origin is null)
        {
            return null;
        }

        try
        {
            StoredSweep sweep = await sweeps.LoadComboAsync(origin.SweepId, (int)origin.ComboId, ct);
            Deflation now = await trials.DeflationAsync(sweep, ct);
            return now.Count.Different > then ? new(now.Count.Different - (int)then, now.Of(sweep.Combo((int)origin.ComboId)).Value) : null;
        }
        catch (ProblemException e) when (e.Problem.Code is "SWS-3003" or "SWS-3005")
        {
            return null;
        }
    }

    private sealed record Origin(string SweepId, long ComboId);
}
