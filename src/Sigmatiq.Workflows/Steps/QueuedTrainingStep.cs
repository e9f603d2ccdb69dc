using System.Text.Json.Nodes;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Shards;

namespace Sigmatiq.Workflows.Steps;

/// <summary>A training that was asked for by itself.</summary>
/// <param name="Job">Id that the request was given.</param>
/// <param name="Sweep">Sweep that the combo comes from.</param>
/// <param name="Combo">The combo.</param>
/// <param name="Parameters">The <c>training_params</c> of spec 03 §3.1.</param>
public sealed record QueuedTrainingInput(string Job, string Sweep, int Combo, JsonObject Parameters);

/// <summary>What it gave.</summary>
/// <param name="TrainedModel">The trained model.</param>
/// <param name="ArtifactHash">Hash of what was learned, without ids and times.</param>
public sealed record QueuedTrainingOutput(string TrainedModel, string ArtifactHash);

/// <summary>Runs a training that was asked for over HTTP. A combo that failed its gates gets here for evidence alone.</summary>
public sealed class QueuedTrainingStep(SweptCombos combos, TrainingJobs jobs, Func<ShardPool> pool, TimeProvider clock) : StepKind<QueuedTrainingInput, QueuedTrainingOutput>
{
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override string Name => "learning.queued_training";

    /// <inheritdoc/>
    public override string Summary => "Run a training that was asked for by itself";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, QueuedTrainingInput input, CancellationToken ct)
    {
        context.Report(0, TrainingSteps.All.Count, "reading bars");
        SweptCombo combo = await combos.LoadAsync(input.Sweep, input.Combo, ct);
        TrainingPlan plan = combo.Plan(TrainingParameters.Parse(input.Parameters), (await jobs.FindAsync(input.Job, ct)).EvidenceOnly);
        try
        {
            TrainedModelRecord trained = await jobs.RunAsync(
                input.Job, plan, combo.Training.Data, PoolSpread.Of(pool(), context),
                steps => context.Report(steps.Count(s => s.Status == "complete"), steps.Count, steps.FirstOrDefault(s => s.Status == "in_progress")?.Step ?? "done"), ct);
            return Done(new QueuedTrainingOutput(trained.TrainedModelId, trained.ArtifactHash));
        }
        catch (ProblemException e) when (e.Problem.Code == "TRN-3010")
        {
            // Who cancels a training cancels its run too; the row of the job is only seen sooner. The run shall end cancelled, not failed.
            await Task.Delay(CancelPatience, clock, ct);
            throw;
        }
    }
}
