using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Ends the run of a sweep that somebody cancelled, whichever way they did: a run whose work was cancelled is cancelled, not failed.</summary>
/// <param name="cancel">Asks for the cancelling of a run, with who and why.</param>
public sealed class CancelledSweep(Func<RunId, string, string, CancellationToken, Task> cancel)
{
    internal async Task<StoredSweep> OrEndRunAsync(StepContext context, Func<Task<StoredSweep>> run, CancellationToken ct)
    {
        try
        {
            return await run();
        }
        catch (ProblemException e) when (e.Problem.Code == "SWS-4001")
        {
            await cancel(context.Run, context.RequestedBy, e.Problem.Message, ct);

            // The engine answers by stopping this step; failing before would make it a failed run.
            var stopped = new TaskCompletionSource<StoredSweep>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration registration = ct.Register(() => stopped.TrySetCanceled(ct));
            return await stopped.Task;
        }
    }
}
