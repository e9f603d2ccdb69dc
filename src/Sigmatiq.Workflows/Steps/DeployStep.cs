using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Trading.Paper;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What to deploy on which vote.</summary>
/// <param name="Approval">Id of the request that was approved.</param>
/// <param name="Sweep">Sweep that the model's combo comes from.</param>
/// <param name="Model">Id of the trained model that was approved.</param>
/// <param name="Mode"><c>paper</c>.</param>
public sealed record DeployInput(string Approval, string Sweep, string Model, [Words("paper")] string Mode);

/// <summary>What runs now.</summary>
/// <param name="Deployment">Id of the deployment.</param>
/// <param name="Mode"><c>paper</c>.</param>
/// <param name="RefittedModel">Id of the model refitted on all bars.</param>
/// <param name="PaperStartUtc">First session open of the paper session.</param>
/// <param name="PaperEndUtc">Its end.</param>
/// <param name="LiveDateUtc">Earliest live date.</param>
/// <param name="ArtifactHash">Hash of what the refit learned, without ids and times.</param>
public sealed record DeployOutput(
    string Deployment, string Mode, string RefittedModel, DateTimeOffset PaperStartUtc, DateTimeOffset PaperEndUtc, DateTimeOffset LiveDateUtc, string ArtifactHash);

/// <summary>Stage 6: checks vote and audit chain again, refits the approved config on all labelled bars and publishes it in paper mode.</summary>
public sealed class DeployStep(SweptCombos combos, TrainedModels models, TrainingJobs jobs, ApprovalService approvals, DeploymentService deployments, DataDirectory data,
    TimeProvider clock)
    : StepKind<DeployInput, DeployOutput>
{
    /// <inheritdoc/>
    public override string Name => "trading.deploy";

    /// <inheritdoc/>
    public override string Summary => "Refit the approved model on all bars and publish it in paper mode";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, DeployInput input, CancellationToken ct)
    {
        DeployStatusFile status = new(data, clock, context.Run.Value);
        try
        {
            return await DeployAsync(context, input, status, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            status.Fail(e is ProblemException refused ? refused.Problem.ToString() : e.Message);
            throw;
        }
    }

    private async Task<StepOutcome> DeployAsync(StepContext context, DeployInput input, DeployStatusFile status, CancellationToken ct)
    {
        // Before the first effect; publishing checks once more in its own transaction.
        status.Enter("validate", 0, $"checks votes, audit chain and evidence of {input.Approval}");
        await deployments.EnsureAllowedAsync(input.Approval, input.Mode, ct);
        Approval approval = await approvals.GetAsync(input.Approval, ct);
        TrainedModelRecord approved = await models.FindAsync(input.Model, ct);
        SweptCombo combo = await combos.LoadAsync(input.Sweep, approved.ComboId, ct);
        TrainingPlan refit = combo.Plan(approved.Parameters, combo.Gate == GateStatus.Fail).ForRefit(approved.ArtifactHash, approved.Hyperparameters);
        var (queued, _) = await jobs.QueueAsync([(context.EffectKey, refit)], context.RequestedBy, ct);
        TrainedModelRecord fitted = await jobs.RunAsync(
            queued[0].JobId, refit, combo.Training.Data,
            steps =>
            {
                int done = steps.Count(s => s.Status == "complete");
                context.Report(done, steps.Count, $"refit: {steps.FirstOrDefault(s => s.Status == "in_progress")?.Step ?? "done"}");
                status.Enter("train", (double)done / Math.Max(1, steps.Count), null);
            }, ct);
        status.Enter("export", 0, $"refitted {fitted.TrainedModelId}");

        DateTimeOffset now = clock.GetUtcNow();
        status.Enter("seed_db", 0, $"wrote {string.Join(", ", ProductionFiles.Write(data, approval, now))}");
        PublishSettings settings = new(approval.Subject.StrategyName, $"{approval.Subject.Pack}, approved by {approval.DecidedBy}: {approval.Reason}");
        PaperWindow window = PaperWindow.After(now, settings.PaperTradeDurationDays, combo.Calendar);
        Deployment deployment = await deployments.PublishAsync(
            new(
                $"pub_{approval.Id["apr_".Length..]}", approval.Id, approval.Digest, context.Run.Value, approval.Subject.StrategyId, combo.Config.Model.Instrument.Ticker,
                input.Mode, "paper_trading", fitted.ArtifactHash, combo.Combo.Row.ConfigHash, combo.Pack.Reference, combo.Sweep.DataSnapshotId, settings,
                approval.Subject.Limits, approval.Subject.GateFailed, approval.SelfApproved, window.StartUtc, window.EndUtc, window.EarliestLiveUtc, now),
            ct);
        status.Complete($"registered {deployment.Id}");
        context.Log($"{deployment.Id} trades on paper from {deployment.PaperStartUtc:u} to {deployment.PaperEndUtc:u}");
        return Done(new DeployOutput(
            deployment.Id, deployment.Mode, fitted.TrainedModelId, deployment.PaperStartUtc, deployment.PaperEndUtc, deployment.LiveDateUtc, fitted.ArtifactHash));
    }
}
