using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Which trained models the evidence is chosen from.</summary>
/// <param name="Sweep">Sweep that their combos come from.</param>
/// <param name="Models">Ids of the trained models.</param>
/// <param name="Target">Where an approval leads: <c>paper</c>.</param>
public sealed record EvidenceStepInput(string Sweep, IReadOnlyList<string> Models, string Target);

/// <summary>What a person will be shown.</summary>
/// <param name="TrainedModel">The model it speaks of: the best-ranked combo's. The hold-out chooses nothing.</param>
/// <param name="Bundle">Folder of the evidence, below the data directory.</param>
/// <param name="Request">File of the request for a vote.</param>
/// <param name="Recommendation">Vote 1.</param>
/// <param name="GatesPassed">Gates of vote 1 that pass.</param>
/// <param name="Gates">Gates of vote 1.</param>
/// <param name="TradesHash">Hash of the table of trades.</param>
/// <param name="EquityHash">Hash of the table of equity.</param>
/// <param name="BundleHash">Hash over the evidence, without ids and times.</param>
public sealed record EvidenceOutput(
    string TrainedModel, string Bundle, string Request, Recommendation Recommendation, int GatesPassed, int Gates, string TradesHash, string EquityHash, string BundleHash);

/// <summary>Stage 4: the hold-out backtest of the best-ranked combo with its trained model, as files, and the request for a vote on them.</summary>
public sealed class EvidenceStep(SweptCombos combos, TrainedModels models, BarStore bars, TrialLedger trials, HoldoutLooks looks, DataDirectory data,
    IConfidenceSource classifier) : StepKind<EvidenceStepInput, EvidenceOutput>
{
    /// <summary>Pin of a run that asks for no pictures (<c>--no-png</c>).</summary>
    public const string NoPicturesPin = "no_png";

    /// <inheritdoc/>
    public override string Name => "backtest.evidence";

    /// <inheritdoc/>
    public override string Summary => "Backtest the best-ranked combo on the hold-out and write the evidence for a vote";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, EvidenceStepInput input, CancellationToken ct)
    {
        if (input.Target != "paper")
        {
            return new StepOutcome.Failed(
                new("DEP-1003", $"The target is '{input.Target}'.", $"step {context.Step}", "This workflow leads to paper; live trading has votes of its own."),
                FailureCategories.Refused);
        }

        (TrainedModelRecord record, SweptCombo combo) = await BestRankedAsync(input, ct);
        using TrainedModel model = await models.OpenAsync(record.TrainedModelId, ct);
        SweepInputs inputs = combo.Inputs;
        SweepWindow window = inputs.Window;
        double[] probability = combo.Training.Confidence(model, window.HoldoutFrom, window.HoldoutTo);
        BarSnapshot snapshot = await bars.FindAsync(ContentHash.Parse(combo.Sweep.DataSnapshotId), ct);
        string ticker = combo.Config.Model.Instrument.Ticker;
        EvidenceBundle bundle = EvidenceMaker.Make(new()
        {
            StrategyId = $"{combo.Pack.Id}-{combo.Config.Model.Strategy.Id}-{ticker.ToLowerInvariant()}",
            StrategyName = $"{combo.Pack.Name} {combo.Config.Model.Strategy.Id} on {ticker}", Config = combo.Config, Bars = inputs.Bars, Window = window,
            SelectionStart = Array.BinarySearch(inputs.Bars.Bars.StartUtcUs, combo.Sweep.StartUtcUs),
            SelectionConfidence = SelectionConfidence(combo, ct),
            HoldoutConfidence = new(probability, ConfidenceColumn.Classifier), Gates = combo.Limits, DataSnapshotId = combo.Sweep.DataSnapshotId,
            ArtifactHashes = [record.ArtifactHash], QualityFlags = FlagsOf(combo, snapshot, context), Training = TrainingOf(record),
            CalibrationSlope = -record.MetaJson["calibration"]!["A"]!.GetValue<double>(), Overfit = combo.Sweep.Overfit,
        });
        Deflation deflation = await trials.DeflationAsync(combo.Sweep, ct);
        VoteOne vote = bundle.Vote.WithTrials(deflation.Of(combo.Combo), combo.Combo.Robust.Trial?.Periods ?? 0);
        EvidenceStore store = new(data);
        StoredEvidence stored = store.Write(bundle, ct);
        store.Publish(bundle, stored, "PENDING_APPROVAL", context.AsOfUtc, context.Pins[NoPicturesPin]?.GetValue<bool>() != true);
        JsonObject skill = combo.Training.SkillOf(probability, window.HoldoutTo, combo.Sweep.Request.Seed, ct).ToJson();
        string request = data.File("approvals", $"{context.Run.Value}.json");
        AtomicFile.Write(request, JsonSerializer.Serialize(RequestOf(bundle, vote, stored, combo, record, deflation, await NoteAsync(combo, record, deflation, ct), skill, input.Target), ApprovalJson.File) + "\n");
        context.Log($"combo {record.ComboId}: {bundle.Holdout.Result.Metrics.TotalTrades} trades on the hold-out, vote 1 says {vote.Recommendation}");
        return Done(new EvidenceOutput(
            record.TrainedModelId, stored.Folder, data.Relative(request), vote.Recommendation, vote.Gates.Count(g => g.Passed), vote.Gates.Count,
            stored.File("trades.parquet").Sha256.Hex, stored.File("equity.parquet").Sha256.Hex, stored.BundleHash.Hex));
    }

    // The column that the sweep compared its threshold with, made again.
    private ConfidenceColumn? SelectionConfidence(SweptCombo combo, CancellationToken ct) => combo.Sweep.ConfidenceSource(classifier)?.For(
        new(combo.Config, combo.Inputs.Bars.Rules(combo.Config), combo.Inputs, combo.Sweep.Request.Seed), ct);

    // By rank on the selection window alone: choosing by the hold-out would use it up.
    private async Task<(TrainedModelRecord Record, SweptCombo Combo)> BestRankedAsync(EvidenceStepInput input, CancellationToken ct)
    {
        List<(TrainedModelRecord Record, SweptCombo Combo)> all = [];
        foreach (string id in input.Models)
        {
            TrainedModelRecord record = await models.FindAsync(id, ct);
            all.Add((record, await combos.LoadAsync(input.Sweep, record.ComboId, ct)));
        }

        return all.MinBy(c => c.Combo.Combo.Row.Rank);
    }

    // Stale bars are a flag like any other: shown, and no reason to stop.
    private static Dictionary<string, int> FlagsOf(SweptCombo combo, BarSnapshot snapshot, StepContext context)
    {
        Dictionary<string, int> flags = snapshot.Findings.ToDictionary(f => f.Key, f => f.Value);
        if (combo.Sweep.Request.To is null)
        {
            var fills = combo.Training.Data.Fills;
            flags["stale_sessions"] = combo.Calendar.Sessions(fills.DateOfDay(fills.Days - 1).AddDays(1), combo.Calendar.LastCompletedSession(context.AsOfUtc).Date).Count;
        }

        return flags;
    }

    private static JsonObject TrainingOf(TrainedModelRecord record)
    {
        JsonObject meta = record.MetaJson;
        JsonObject kept = [];
        foreach (string key in (string[])["hyperparameters", "rows", "metrics", "calibration", "calibration_report", "importance", "permutation_importance", "tuning", "flags"])
        {
            kept[key] = meta[key]?.DeepClone();
        }

        return kept;
    }

    // What the store's history says of the choice; the evidence itself knows no history, so that it can be made again.
    private async Task<JsonObject> NoteAsync(SweptCombo combo, TrainedModelRecord record, Deflation deflation, CancellationToken ct)
    {
        TrialCount counted = deflation.Count;
        DeflatedSharpe deflated = deflation.Of(combo.Combo);
        IReadOnlyList<HoldoutLook> seen = await looks.ListAsync(combo.HoldoutId, ct);
        return new()
        {
            ["trials"] = counted.Different, ["trials_raw"] = counted.Raw, ["holdout_look"] = seen.FirstOrDefault(l => l.SourceId == record.TrainedModelId)?.Number,
            ["holdout_looks"] = seen.Count, ["sharpe_variance"] = counted.SharpeVariance, ["sr0_per_period"] = deflated.Floor, ["deflated_sharpe"] = deflated.Value,
            ["pbo"] = combo.Sweep.Overfit?.Value,
        };
    }

    private VoteRequest RequestOf(
        EvidenceBundle bundle, VoteOne vote, StoredEvidence stored, SweptCombo combo, TrainedModelRecord record, Deflation deflation, JsonObject note, JsonObject skill, string target)
    {
        List<EvidenceFile> files = [.. stored.Files.Append(stored.Manifest).Select(f => new EvidenceFile(f.Path, f.Sha256.Hex))];
        files.AddRange(models.FilesOf(record).Select(f => new EvidenceFile($"models/{f.Name}", f.Sha256)));
        JsonObject parameters = combo.Combo.Row.Config.DeepClone().AsObject();
        foreach (var (key, value) in combo.Combo.Exits)
        {
            parameters.TryAdd(key, value?.DeepClone());
        }

        ApprovalSubject subject = new(
            bundle.StrategyId, bundle.StrategyName, combo.Pack.Reference, combo.Pack.Hash.Hex, combo.Combo.Row.ConfigHash, parameters, combo.Sweep.DataSnapshotId,
            $"{combo.Sweep.Window["selection"]!["start"]} to {bundle.Holdout.Dates[^10..]}", [record.ArtifactHash], stored.BundleHash.Hex, files, note,
            new JsonObject
            {
                ["max_position_pct"] = combo.Config.Model.Risk.MaxPositionPct, ["max_positions"] = combo.Config.MaxPositions,
                ["losing_streak"] = MonitorStep.Policy.LosingStreak, ["drawdown_limit"] = MonitorStep.Policy.DrawdownLimit,
            },
            target, bundle.IsGateFailed, DateTimeOffset.UnixEpoch)
        {
            Manifest = DeployManifest.ForPack,
        };
        JsonObject metrics = bundle.Metrics.DeepClone().AsObject();
        metrics["trials"] = note["trials"]!.DeepClone();
        metrics["holdout_look"] = note["holdout_look"]?.DeepClone();
        metrics["deflated_sharpe"] = note["deflated_sharpe"]?.DeepClone();
        metrics["holdout_skill"] = skill.DeepClone();
        JsonArray cautions = metrics["cautions"]!.AsArray();
        if (!ConfidenceSkills.HasSkill(skill))
        {
            cautions.Add($"On the hold-out the trained classifier shows no skill. {ConfidenceSkills.Words(skill, "AUC")}");
        }

        cautions.Add(FormattableString.Invariant($"Chosen from {note["trials"]} different trials on this idea ({note["trials_raw"]} in all); the selection window's figures are the best of them and biased upward."));
        cautions.Add(OverfittingWords.Of(deflation.Of(combo.Combo), deflation.Count, combo.Inputs.Bars.Options.PeriodsPerYear));
        if (note["holdout_looks"]!.GetValue<int>() > 1)
        {
            cautions.Add(FormattableString.Invariant($"{note["holdout_looks"]} trained models have been judged on this hold-out; each look makes it a little less untouched."));
        }

        return new(subject, vote.Recommendation, vote.GatesJson(), metrics);
    }
}
