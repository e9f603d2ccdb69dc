using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Api;

/// <summary>Writes what was asked for over HTTP as rows and runs; the engine that holds the lease finds them within a second.</summary>
internal sealed class WorkRequests(Platform platform)
{
    /// <summary>Asks for a sweep, see <see cref="SweepStarting"/>.</summary>
    public async Task<SweepBegun> SweepAsync(ModelRecord model, JsonObject request, SweepPlan plan, Plan userPlan, string requestedBy, CancellationToken ct)
    {
        SweepWork work = await platform.SweepWorks.PrepareAsync(plan.Request, model.UserId, userPlan, snapshot: null, lastSession: null, ct);
        work.RequireBars();
        SweepBegun begun = await platform.Sweeps.Store.BeginAsync(work, requestedBy, request.Truth("force") == true, ct);
        if (begun.NeedsRun)
        {
            await RunAsync("sweep", requestedBy, new()
            {
                ["sweep"] = begun.SweepId,
                ["user"] = model.UserId,
                ["plan"] = EnumWords<Plan>.Text(userPlan),
                ["snapshot"] = work.DataSnapshotId,
                ["request"] = request.DeepClone(),
            }, ct);
        }

        return begun;
    }

    /// <summary>Starts a training that has its job, see <see cref="TrainingStarting"/>. One that a command runs meanwhile is followed by the run, and
    /// gone on with where that command dies.</summary>
    public async Task TrainAsync(TrainingJob job, JsonObject parameters, string requestedBy, CancellationToken ct)
    {
        // One at 'training' has a run, or a command that lives or was killed; one that waits has none, or one that is being cancelled.
        if (job.Status != "training" || (await WorkRuns.UnderWayAsync(platform, "training", "job", job.JobId, ct)).Count == 0)
        {
            await RunAsync("training", requestedBy, new()
            {
                ["job"] = job.JobId,
                ["sweep"] = job.SweepId,
                ["combo"] = job.ComboId,
                ["parameters"] = parameters.DeepClone(),
            }, ct);
        }
    }

    /// <summary>Ends the run behind a sweep or training that was asked for over HTTP; one that was run by command has none.</summary>
    /// <param name="workflow"><c>sweep</c> or <c>training</c>.</param>
    /// <param name="parameter">The parameter that names the work.</param>
    /// <param name="id">Its value.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="ct">Cancels before the request is written.</param>
    public Task CancelAsync(string workflow, string parameter, string id, string by, CancellationToken ct) =>
        WorkRuns.CancelAsync(platform, workflow, parameter, id, by, ct);

    /// <summary>Keeps what a cancelled sweep had evaluated, see <see cref="PartKeeping"/>.</summary>
    public Task KeepCancelledAsync(string sweepId, CancellationToken ct) => platform.Sweeps.KeepCancelledAsync(
        sweepId, () => platform.SweepWorks.OfAsync(sweepId, platform.Sweeps.Store, ct), ct);

    private Task RunAsync(string workflow, string requestedBy, JsonObject parameters, CancellationToken ct) =>
        platform.Engine.Requests.StartAsync(new RunOrder(platform.Workflows.Load(workflow), parameters, requestedBy), ct);
}
