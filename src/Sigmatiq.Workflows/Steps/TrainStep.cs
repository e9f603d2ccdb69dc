using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Workflows.Shards;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Which combo to train.</summary>
/// <param name="Sweep">Sweep it comes from.</param>
/// <param name="Combo">Its id.</param>
/// <param name="Selected">All combos that the run trains, best first; numbers of trainings and looks follow this order, not the order in
/// which threads arrive. Null trains this one alone.</param>
/// <param name="Parameters">The <c>training_params</c> of spec 03 §3.1; null takes the defaults.</param>
public sealed record TrainInput(string Sweep, int Combo, IReadOnlyList<int>? Selected = null, JsonObject? Parameters = null);

/// <summary>What training gave.</summary>
/// <param name="TrainedModel">Id of the trained model.</param>
/// <param name="Job">Id of the training.</param>
/// <param name="ComboId">The combo.</param>
/// <param name="Rank">Its rank on the leaderboard.</param>
/// <param name="Gate">What the quality gates said of it.</param>
/// <param name="EvidenceOnly">Trained although they refused it.</param>
/// <param name="Flags">What a reader must know.</param>
/// <param name="Auc">Area under the curve on the hold-out; null where it has one kind of outcome only.</param>
/// <param name="SharpeValidation">Sharpe of the combo on the hold-out with this model; null without trades.</param>
/// <param name="HoldoutLook">The how-manieth look at the sweep's hold-out it was; null where nothing is held out.</param>
/// <param name="BrierBefore">Brier score on the hold-out before calibration; null without labelled rows.</param>
/// <param name="BrierAfter">The same after.</param>
/// <param name="ArtifactHash">Hash of what was learned, without ids and times.</param>
public sealed record TrainOutput(
    string TrainedModel, string Job, int ComboId, int Rank, string Gate, bool EvidenceOnly, IReadOnlyList<string> Flags, double? Auc, double? SharpeValidation,
    int? HoldoutLook, double? BrierBefore, double? BrierAfter, string ArtifactHash);

/// <summary>Stage 2, second half: trains one combo's classifier, calibrates it, and judges it on the hold-out that chose nothing.</summary>
public sealed class TrainStep(SweptCombos combos, TrainingJobs jobs, Func<ShardPool> pool) : StepKind<TrainInput, TrainOutput>
{
    /// <inheritdoc/>
    public override string Name => "learning.train";

    /// <inheritdoc/>
    public override bool IsReusable => true;

    /// <inheritdoc/>
    public override string Summary => "Train and calibrate the classifier of one combo, judged on the hold-out";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, TrainInput input, CancellationToken ct)
    {
        context.Report(0, TrainingSteps.All.Count, $"combo {input.Combo}: reading bars");
        SweptCombo combo = await combos.LoadAsync(input.Sweep, input.Combo, ct);
        bool evidenceOnly = combo.Gate == GateStatus.Fail;
        TrainingPlan plan = PlanOf(combo, input);
        TrainingJob job = await QueueAsync(context, input, combo, plan, ct);
        TrainedModelRecord trained = await jobs.RunAsync(
            job.JobId, plan, combo.Training.Data, PoolSpread.Of(pool(), context),
            steps => context.Report(steps.Count(s => s.Status == "complete"), steps.Count, $"combo {input.Combo}: {steps.FirstOrDefault(s => s.Status == "in_progress")?.Step ?? "done"}"),
            ct);
        HoldoutLook? look = await jobs.LookAsync(plan, combo.Training.Data, trained.TrainedModelId, context.EffectKey, ct);
        if (look is { Number: > 1 })
        {
            context.Log(string.Create(CultureInfo.InvariantCulture, $"this is look {look.Number} at the same hold-out: the best of several looks better than it is"));
        }

        var meta = trained.MetaJson;
        return Done(new TrainOutput(
            trained.TrainedModelId, trained.JobId, trained.ComboId, combo.Combo.Row.Rank, combo.Gate.ToString().ToUpperInvariant(), evidenceOnly, trained.Flags,
            meta["metrics"]?["validation"]?["auc_roc"]?.GetValue<double?>(), meta["metrics"]?["sharpe_validation"]?["sharpe_ratio"]?.GetValue<double?>(),
            look?.Number, meta["calibration_report"]?["brier_before"]?.GetValue<double?>(), meta["calibration_report"]?["brier_after"]?.GetValue<double?>(),
            trained.ArtifactHash));
    }

    private static TrainingPlan PlanOf(SweptCombo combo, TrainInput input) => combo.Plan(TrainingParameters.Parse(input.Parameters ?? []), combo.Gate == GateStatus.Fail);

    // Whichever item comes first asks for all of them, in the order of selection: numbers and looks must not depend on the threads' race.
    private async Task<TrainingJob> QueueAsync(StepContext context, TrainInput input, SweptCombo own, TrainingPlan plan, CancellationToken ct)
    {
        IReadOnlyList<int> selected = input.Selected ?? [input.Combo];
        string[] keys = [.. selected.Select((_, i) => context.EffectKeyOf(input.Selected is null ? context.Index : i))];
        List<TrainingJob> queued = [];
        foreach (string key in keys)
        {
            if (await jobs.FindByKeyAsync(key, ct) is { } known)
            {
                queued.Add(known);
            }
        }

        if (queued.Count < keys.Length)
        {
            List<(string Key, TrainingPlan Plan)> requests = [];
            for (int i = 0; i < keys.Length; i++)
            {
                requests.Add((keys[i], selected[i] == input.Combo ? plan : PlanOf(await combos.LoadAsync(input.Sweep, selected[i], ct), input)));
            }

            (IReadOnlyList<TrainingJob> made, IReadOnlyList<string> warnings) = await jobs.QueueAsync(requests, context.RequestedBy, ct);
            queued = [.. made];
            foreach (string warning in warnings)
            {
                context.Log(warning);
            }
        }

        // Entered before the result is known: a training that is given up leaves its look counted, never the other way round.
        for (int i = 0; i < keys.Length; i++)
        {
            await jobs.LookAsync(plan with { ConfigHash = own.Sweep.Combo(selected[i]).Row.ConfigHash }, own.Training.Data, queued[i].TrainedModelId, keys[i], ct);
        }

        return queued.Single(j => j.Key == context.EffectKey);
    }
}
