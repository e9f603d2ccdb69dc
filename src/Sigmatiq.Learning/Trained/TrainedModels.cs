using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Learning.Trained;

/// <summary>Trained models: written once, checked by hash whenever they are read, published or discarded by a person (spec 03 §3.9,
/// §3.10).</summary>
/// <param name="rows">Where the records are.</param>
/// <param name="data">Where the files are.</param>
/// <param name="audit">Where decisions are recorded.</param>
/// <param name="openLearner">Opens what predicts.</param>
/// <param name="clock">Stamps decisions.</param>
/// <param name="neededBy">Says who needs a trained model's files, by the hash of what it learned, as a sentence goes on after "it"; null where nobody does. Asked in the
/// transaction that would discard it.</param>
public sealed class TrainedModels(
    IRowStore rows, DataDirectory data, AuditChain audit, Func<ILearner> openLearner, TimeProvider clock, Func<IRows, string, CancellationToken, Task<string?>>? neededBy = null)
{
    private const string Discarded = "discarded";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The id of a model's nth trained model.</summary>
    public static string IdOf(string modelId, int number) => string.Create(CultureInfo.InvariantCulture, $"{modelId}_trained_{number:000}");

    /// <summary>Writes the files of a finished training, then its rows: the job is complete when they are there.</summary>
    /// <remarks>The files have the same bytes whoever writes them; the rows are refused where another has taken over.</remarks>
    internal async Task<TrainedModelRecord> SaveAsync(
        IWorkClaim held, TrainingJob job, TrainingPlan plan, TrainingResult result, HoldoutLook? look, CancellationToken ct)
    {
        byte[] model = TrainedModelFiles.Model(result.Hyperparameters.Algorithm, result.Scaler.Names, result.Calibration, result.Trees);
        byte[] scaler = TrainedModelFiles.Scaler(result.Scaler);
        JsonObject content = TrainedModelFiles.Content(plan, result, ContentHash.Of(model), ContentHash.Of(scaler));
        ContentHash artifact = ContentHash.OfJson(content);
        FileNames names = FileNames.Of(job);
        string metaText = TrainedModelFiles.Meta(job, artifact, content).ToJsonString(Indented) + "\n";
        JsonObject meta = new()
        {
            ["trained_model_id"] = job.TrainedModelId, ["model_id"] = job.ModelId, ["job_id"] = job.JobId, ["sweep_id"] = job.SweepId,
            ["combo_id"] = job.ComboId, ["rank"] = job.ComboRank, ["artifact_hash"] = artifact.Hex, ["created_at"] = UtcText.Format(job.CreatedAtUtc),
            ["files"] = new JsonObject { ["model"] = names.Model, ["scaler"] = names.Scaler, ["meta"] = names.Meta },
            ["holdout"] = look is null ? null : new JsonObject { ["id"] = look.HoldoutId, ["look"] = look.Number },
        };
        foreach (var (key, value) in content)
        {
            meta[key] = value?.DeepClone();
        }

        await held.WriteAsync(rows, _ => Task.FromResult(true), ct);
        AtomicFile.Write(data.File("models", names.Model), model);
        AtomicFile.Write(data.File("models", names.Scaler), scaler);
        AtomicFile.Write(data.File("models", names.Meta), metaText);
        try
        {
            await EnterAsync(held, job, plan, result, artifact, names.ToJson(ContentHash.Of(model), ContentHash.Of(scaler), ContentHash.Of(metaText)), meta, ct);
        }
        catch (Exception e) when (e is OperationCanceledException or ProblemException { Problem.Code: "TRN-3010" })
        {
            // Given up at the last moment: without its row a file would be nobody's. Where another has taken over, it is that one's.
            await held.WriteAsync(rows, _ => Task.FromResult(true), CancellationToken.None);
            names.All.ToList().ForEach(n => File.Delete(data.File("models", n)));
            throw;
        }

        return await FindAsync(job.TrainedModelId, ct);
    }

    // Model, trials and end of the job are one fact.
    private Task EnterAsync(
        IWorkClaim held, TrainingJob job, TrainingPlan plan, TrainingResult result, ContentHash artifact, string files, JsonObject meta, CancellationToken ct) =>
        held.WriteAsync(rows, async tx =>
        {
            DateTimeOffset now = clock.GetUtcNow();
            await tx.ExecuteAsync(
                """
                insert into trained_models (trained_model_id, job_id, model_id, combo_id, config_hash, data_snapshot_id, artifact_hash, files, meta, state, created_at_utc)
                values (@TrainedModelId, @JobId, @ModelId, @ComboId, @ConfigHash, @DataSnapshotId, @Artifact, @Files, @Meta, 'trained', @CreatedAtUtc)
                on conflict (trained_model_id) do update set artifact_hash = excluded.artifact_hash, files = excluded.files, meta = excluded.meta
                """,
                new
                {
                    job.TrainedModelId, job.JobId, job.ModelId, job.ComboId, job.ConfigHash, job.DataSnapshotId, Artifact = artifact.Hex,
                    Files = files, Meta = meta.ToJsonString(), job.CreatedAtUtc,
                }, ct);
            if (plan.CountedWith is { } sweep)
            {
                await TrialLedger.AddTuningAsync(
                    tx, sweep, result.Tuning.Select((r, i) => new TuningTrial(r.ConfigHash(plan.ConfigHash).Hex, i + 1, r.Outcome.Figures)), job.JobId, now, ct);
            }

            int ended = await tx.ExecuteAsync(
                "update training_jobs set status = 'completed', hyperparameters = @Used, finished_at_utc = @Now where job_id = @JobId and status <> 'cancelled'",
                new { job.JobId, Used = result.Hyperparameters.ToJson().ToJsonString(), Now = now }, ct);
            return ended > 0 ? ended : throw TrainingJob.WasCancelled(job.JobId);
        }, ct);

    /// <summary>A trained model's record.</summary>
    /// <exception cref="ProblemException">TRN-3001: there is none.</exception>
    public async Task<TrainedModelRecord> FindAsync(string id, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<TrainedModelRecord>(
            $"select {TrainedModelRecord.Columns} from trained_models where trained_model_id = @Id", new { Id = id }, ct)
        ?? throw new ProblemException("TRN-3001", $"There is no trained model '{id}'.", id, "See 'sigmatiq trained-models list'.", ExitCode.BadUsage);

    /// <summary>All trained models, or those of a model, newest first.</summary>
    public Task<IReadOnlyList<TrainedModelRecord>> ListAsync(string? modelId, CancellationToken ct) =>
        rows.QueryAsync<TrainedModelRecord>(
            $"select {TrainedModelRecord.Columns} from trained_models where @Model is null or model_id = @Model order by created_at_utc desc, trained_model_id desc",
            new { Model = modelId }, ct);

    /// <summary>Opens a trained model to predict with, after checking its files.</summary>
    /// <exception cref="ProblemException">TRN-3001: there is none. TRN-3003: a file is missing or has other bytes. TRN-3002: a file cannot be
    /// read.</exception>
    public async Task<TrainedModel> OpenAsync(string id, CancellationToken ct)
    {
        TrainedModelRecord record = await FindAsync(id, ct);
        VerifyFiles(record);
        FileNames names = FileNames.Parse(record.Files);
        (string modelPath, byte[] modelBytes) = await ReadAsync(record, names.Model, ct);
        (string scalerPath, byte[] scalerBytes) = await ReadAsync(record, names.Scaler, ct);
        var (_, features, calibration, trees) = TrainedModelFiles.ReadModel(modelBytes, modelPath);
        FeatureScaler scaler = TrainedModelFiles.ReadScaler(scalerBytes, scalerPath);
        IFittedModel fitted = openLearner().Load(trees);
        if (!features.SequenceEqual(scaler.Names) || features.Count != fitted.Columns)
        {
            fitted.Dispose();
            throw new ProblemException("TRN-3002", $"Model and scaler of {id} do not name the same inputs in the same order.", scalerPath, "Train the combo again.");
        }

        return new(id, features, scaler, calibration, fitted);
    }

    // The bytes that are hashed are the bytes that are used: the file may change between two readings.
    private async Task<(string Path, byte[] Bytes)> ReadAsync(TrainedModelRecord record, string name, CancellationToken ct)
    {
        string path = data.File("models", name);
        byte[] bytes = await File.ReadAllBytesAsync(path, ct);
        return ContentHash.Of(bytes).Hex == FileNames.Hashes(record.Files).Single(f => f.Name == name).Hash ? (path, bytes) : throw OtherBytes(record, path);
    }

    /// <summary>The files of a trained model below <c>models/</c>, each with the hash of its bytes.</summary>
    public IReadOnlyList<(string Name, string Sha256)> FilesOf(TrainedModelRecord record) => [.. FileNames.Hashes(record.Files).Select(f => (f.Name, f.Hash))];

    /// <summary>Checks every file against the hash in its row.</summary>
    /// <exception cref="ProblemException">TRN-3003: a file is missing or has other bytes.</exception>
    public void VerifyFiles(TrainedModelRecord record)
    {
        foreach (var (name, hash) in FileNames.Hashes(record.Files))
        {
            string path = data.File("models", name);
            if (!File.Exists(path))
            {
                throw new ProblemException("TRN-3003", $"A file of {record.TrainedModelId} is missing ({record.State}).", path, "Train the combo again.");
            }

            if (ContentHash.OfFile(path).Hex != hash)
            {
                throw OtherBytes(record, path);
            }
        }
    }

    private static ProblemException OtherBytes(TrainedModelRecord record, string path) =>
        new("TRN-3003", $"A file of {record.TrainedModelId} has other bytes than were trained.", path, "Restore it from a backup, or train the combo again.");

    /// <summary>Publishes: a person vouches for the model. The files are checked first.</summary>
    /// <param name="id">Which.</param>
    /// <param name="actor">Who.</param>
    /// <param name="reason">Why; required where the suggestion is not to publish, and as the note that overrides the publish gate.</param>
    /// <param name="ct">Stops the writing.</param>
    /// <exception cref="ProblemException">TRN-3001; TRN-3003; GATE_FAILED: trained for evidence only; TRN-3005: contaminated or without skill;
    /// TRN-3006: a reason is missing; TRN-3011: the publish gate fails and there is no note; TRN-3007: already decided.</exception>
    public async Task<TrainedModelRecord> PublishAsync(string id, string actor, string? reason, CancellationToken ct)
    {
        TrainedModelRecord record = await FindAsync(id, ct);
        TrainedModelReview review = TrainedModelReview.Of(record);
        if (record.Flags.Contains(TrainingFlags.GateFailed))
        {
            throw new ProblemException("GATE_FAILED", $"{id} was trained for evidence only: its combo failed its gates.", id,
                "Train a combo with PASS or MARGINAL. An approval of the run can still lead to paper.");
        }

        if (review.Obstacles.Count > 0)
        {
            throw new ProblemException("TRN-3005", $"{id} cannot be published. {string.Join(" ", review.Obstacles)}", id, "Discard it, or train another combo.");
        }

        if (review.Suggestion != "publish" && string.IsNullOrWhiteSpace(reason))
        {
            throw new ProblemException("TRN-3006", $"The suggestion for {id} is to {review.Suggestion}; publishing it needs a reason.", id,
                "Give one with --reason.", ExitCode.BadUsage);
        }

        if (review.PublishGate.Count > 0 && string.IsNullOrWhiteSpace(reason))
        {
            throw new ProblemException("TRN-3011", $"{id} does not pass the publish gate. {string.Join(" ", review.PublishGate)}", id,
                "Publish it all the same with a note: --reason.", ExitCode.BadUsage);
        }

        VerifyFiles(record);
        return await DecideAsync(record, "published", "trained_model.publish", actor, reason, review, ct);
    }

    /// <summary>Discards: the files go, the record and its history stay. Discarding again finishes what a kill left.</summary>
    /// <exception cref="ProblemException">TRN-3001: there is none; TRN-3007: it is published; TRN-3014: somebody is asked to vote on it, it is approved, or it trades.</exception>
    public async Task<TrainedModelRecord> DiscardAsync(string id, string actor, string? reason, CancellationToken ct)
    {
        TrainedModelRecord record = await FindAsync(id, ct);
        if (record.State != Discarded)
        {
            record = await DecideAsync(record, Discarded, "trained_model.discard", actor, reason, TrainedModelReview.Of(record), ct);
        }

        // After the decision is written: a kill in between leaves files without use, never a use without files.
        foreach (var (name, _) in FileNames.Hashes(record.Files))
        {
            File.Delete(data.File("models", name));
        }

        return record;
    }

    /// <summary>The record where it is there and its files are whole, else null.</summary>
    internal async Task<TrainedModelRecord?> FindIntactAsync(string id, CancellationToken ct)
    {
        try
        {
            TrainedModelRecord record = await FindAsync(id, ct);
            if (record.State != Discarded)
            {
                VerifyFiles(record);
            }

            return record;
        }
        catch (ProblemException e) when (e.Problem.Code is "TRN-3001" or "TRN-3003")
        {
            return null;
        }
    }

    private async Task<TrainedModelRecord> DecideAsync(
        TrainedModelRecord record, string state, string action, string actor, string? reason, TrainedModelReview review, CancellationToken ct)
    {
        await rows.InTransactionAsync(async tx =>
        {
            if (state == Discarded && neededBy is not null && await neededBy(tx, record.ArtifactHash, ct) is { } need)
            {
                throw new ProblemException("TRN-3014", $"{record.TrainedModelId} cannot be discarded: it {need}.", record.TrainedModelId,
                    "Reject the request or cancel its run first; what trades stays until another version replaces it.");
            }

            int decided = await tx.ExecuteAsync(
                "update trained_models set state = @State, decided_by = @Actor, decided_at_utc = @Now, decision_reason = @Reason "
                + "where trained_model_id = @Id and state = 'trained'",
                new { State = state, Actor = actor, Now = clock.GetUtcNow(), Reason = reason, Id = record.TrainedModelId }, ct);
            if (decided == 0)
            {
                throw new ProblemException("TRN-3007", $"{record.TrainedModelId} is already {record.State}.", record.TrainedModelId,
                    "A decision is taken once; train the combo again for another.");
            }

            JsonObject payload = review.ToJson();
            payload["artifact_hash"] = record.ArtifactHash;
            payload["config_hash"] = record.ConfigHash;
            payload["decision"] = state;
            await audit.AppendAsync(tx, new(actor, action, $"trained_model:{record.TrainedModelId}", reason, payload), ct);
        }, ct);
        return await FindAsync(record.TrainedModelId, ct);
    }

    private sealed record FileNames(string Model, string Scaler, string Meta)
    {
        public static FileNames Of(TrainingJob job)
        {
            string number = job.TrainedModelId[(job.TrainedModelId.LastIndexOf('_') + 1)..];
            return new($"{job.TrainedModelId}.model", $"{job.ModelId}_scaler_{number}.json", $"{job.ModelId}_meta_{number}.json");
        }

        public IEnumerable<string> All => [Model, Scaler, Meta];

        public static FileNames Parse(string files)
        {
            JsonNode json = JsonNode.Parse(files)!;
            return new(json["model"]!["name"]!.GetValue<string>(), json["scaler"]!["name"]!.GetValue<string>(), json["meta"]!["name"]!.GetValue<string>());
        }

        public static IEnumerable<(string Name, string Hash)> Hashes(string files) =>
            JsonNode.Parse(files)!.AsObject().Select(f => (f.Value!["name"]!.GetValue<string>(), f.Value["sha256"]!.GetValue<string>()));

        public string ToJson(ContentHash model, ContentHash scaler, ContentHash meta) => new JsonObject
        {
            ["model"] = new JsonObject { ["name"] = Model, ["sha256"] = model.Hex },
            ["scaler"] = new JsonObject { ["name"] = Scaler, ["sha256"] = scaler.Hex },
            ["meta"] = new JsonObject { ["name"] = Meta, ["sha256"] = meta.Hex },
        }.ToJsonString();
    }
}
