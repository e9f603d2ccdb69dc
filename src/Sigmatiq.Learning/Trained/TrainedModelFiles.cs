using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Importance;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning.Trained;

/// <summary>The bytes of a trained model's files (spec 03 §3.9). JSON that runs nothing when it is read.</summary>
internal static class TrainedModelFiles
{
    private const string Format = "sigmatiq.trained/2", OwnTrees = "sigmatiq.trained/1";

    /// <summary>The model as the learner wrote it, byte for byte, with the calibration and the inputs in order as further keys: the
    /// learner's own tools load the file as it is and pass over ours.</summary>
    public static byte[] Model(string algorithm, IReadOnlyList<string> features, PlattMap calibration, byte[] trees)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("format", Format);
            writer.WriteString("algorithm", algorithm);
            writer.WritePropertyName("features");
            JsonSerializer.Serialize(writer, features);
            writer.WritePropertyName("calibration");
            CalibrationJson(calibration).WriteTo(writer);
            using JsonDocument own = JsonDocument.Parse(trees);
            foreach (JsonProperty part in own.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(part.Name);
                writer.WriteRawValue(part.Value.GetRawText());
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Model"/> wrote, and files of the first format, in which the learner's part stood apart.</summary>
    /// <exception cref="ProblemException">TRN-3002: not such a file.</exception>
    public static (string Algorithm, IReadOnlyList<string> Features, PlattMap Calibration, byte[] Trees) ReadModel(byte[] bytes, string path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes);
            JsonElement root = json.RootElement;
            string? format = root.GetProperty("format").GetString();
            if (format is not (Format or OwnTrees))
            {
                throw new JsonException($"format is {format}");
            }

            JsonElement map = root.GetProperty("calibration");
            return (
                root.GetProperty("algorithm").GetString()!, [.. root.GetProperty("features").EnumerateArray().Select(f => f.GetString()!)],
                new(map.GetProperty("A").GetDouble(), map.GetProperty("B").GetDouble(), map.GetProperty("fitted").GetBoolean(), map.GetProperty("n").GetInt32(),
                    map.GetProperty("no_skill").GetBoolean()),
                format == OwnTrees ? Encoding.UTF8.GetBytes(root.GetProperty("trees").GetRawText()) : bytes);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ProblemException(new Problem("TRN-3002", $"This is no trained model: {e.Message}", path, "Train the combo again."), e);
        }
    }

    /// <summary>The calibration map, <c>{A, B, fitted, n}</c> and whether it found no skill.</summary>
    public static JsonObject CalibrationJson(PlattMap map) => new()
    {
        ["A"] = map.A, ["B"] = map.B, ["fitted"] = map.Fitted, ["n"] = map.N, ["no_skill"] = map.NoSkill,
    };

    /// <summary>Mean and deviation per column.</summary>
    public static byte[] Scaler(FeatureScaler scaler) => CanonicalJson.Write(new JsonObject
    {
        ["columns"] = new JsonArray([.. scaler.Names.Select((name, c) => (JsonNode)new JsonObject { ["name"] = name, ["mean"] = scaler.Mean[c], ["std"] = scaler.Std[c] })]),
    });

    /// <summary>Reads what <see cref="Scaler"/> wrote.</summary>
    /// <exception cref="ProblemException">TRN-3002: not such a file.</exception>
    public static FeatureScaler ReadScaler(byte[] bytes, string path)
    {
        try
        {
            JsonArray columns = JsonNode.Parse(bytes)!["columns"]!.AsArray();
            return new(
                [.. columns.Select(c => c!["name"]!.GetValue<string>())], [.. columns.Select(c => c!["mean"]!.GetValue<double>())],
                [.. columns.Select(c => c!["std"]!.GetValue<double>())]);
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            throw new ProblemException(new Problem("TRN-3002", $"This is no scaler: {e.Message}", path, "Train the combo again."), e);
        }
    }

    /// <summary>What a training found, without ids, times and file names: the content that <c>artifact_hash</c> covers.</summary>
    public static JsonObject Content(TrainingPlan plan, TrainingResult result, ContentHash modelFile, ContentHash scalerFile) => new()
    {
        ["combo"] = plan.ComboConfig.DeepClone(),
        ["config_hash"] = plan.ConfigHash,
        ["data_snapshot_id"] = plan.DataSnapshotId,
        ["pack"] = plan.Pack,
        ["engine_version"] = Backtest.Fills.EngineOptions.EngineVersion,
        ["refit_of"] = plan.RefitOf,
        ["gate"] = plan.Gate.ToString().ToUpperInvariant(),
        ["threshold"] = plan.Threshold,
        ["barriers"] = plan.Barriers.ToJson(),
        ["features"] = new JsonArray([.. result.Scaler.Names.Select(n => (JsonNode)n)]),
        ["training_params"] = plan.Parameters.ToJson(),
        ["hyperparameters"] = result.Hyperparameters.ToJson(),
        ["tuning"] = new JsonArray([.. result.Tuning.Select(r => (JsonNode)new JsonObject
        {
            ["hyperparameters"] = r.Hyperparameters.ToJson(), ["log_loss"] = r.LogLoss, ["sharpe_ratio"] = r.Outcome.Sharpe, ["total_trades"] = r.Outcome.Trades,
            ["chosen"] = r.Hyperparameters == result.Hyperparameters,
        })]),
        ["seed"] = result.Hyperparameters.Seed,
        ["rows"] = new JsonObject
        {
            ["training"] = result.Rows.Training, ["effective"] = result.Rows.Effective, ["gains"] = result.Rows.Gains,
            ["out_of_fold"] = result.Rows.OutOfFold, ["validation"] = result.Rows.Validation,
        },
        ["metrics"] = new JsonObject
        {
            ["training"] = ScoresJson(result.Training),
            ["validation"] = ScoresJson(result.Validation),
            ["cross_validation"] = new JsonObject(result.CrossValidation.Select(m => KeyValuePair.Create(m.Key,
                (JsonNode?)new JsonObject { ["mean"] = m.Value.Mean, ["std"] = m.Value.Std, ["folds"] = m.Value.Folds }))),
            ["sharpe_backtest"] = plan.SharpeBacktest is { } sharpe && double.IsFinite(sharpe) ? sharpe : null,
            ["trades_backtest"] = plan.TradesBacktest,
            ["sharpe_validation"] = result.SharpeValidation.ToJson(),
            ["sharpe_oof"] = result.SharpeOof.ToJson(),
            ["mean_gain"] = result.MeanGain,
            ["mean_loss"] = result.MeanLoss,
        },
        ["calibration"] = CalibrationJson(result.Calibration),
        ["calibration_report"] = new JsonObject
        {
            ["brier_before"] = result.CalibrationReport.BrierBefore, ["brier_after"] = result.CalibrationReport.BrierAfter,
            ["reliability_before"] = TableJson(result.CalibrationReport.ReliabilityBefore), ["reliability_after"] = TableJson(result.CalibrationReport.ReliabilityAfter),
        },
        ["importance"] = new JsonArray([.. result.Importance.Select(i => (JsonNode)new JsonObject { ["feature"] = i.Feature, ["importance"] = i.Importance })]),
        ["permutation_importance"] = result.Permutation is not { } permuted ? null : new JsonObject
        {
            ["loss"] = permuted.Loss, ["rows"] = permuted.Rows, ["repeats"] = PermutationImportance.Repeats,
            ["features"] = new JsonArray([.. permuted.Features.Select(f => (JsonNode)new JsonObject
            {
                ["feature"] = f.Feature, ["importance"] = f.Importance, ["std"] = f.Std,
            })]),
        },
        ["flags"] = new JsonArray([.. result.Flags.Select(f => (JsonNode)f)]),
        ["hashes"] = new JsonObject { ["model"] = modelFile.Hex, ["scaler"] = scalerFile.Hex },
    };

    /// <summary>The metadata file: the content, and which model and combo it speaks of. What belongs to one store's history (job, sweep,
    /// time, look) is in the row: a vote binds the bytes of this file, and the same training in another store must give the same.</summary>
    public static JsonObject Meta(TrainingJob job, ContentHash artifact, JsonObject content)
    {
        JsonObject meta = new() { ["model_id"] = job.ModelId, ["combo_id"] = job.ComboId, ["rank"] = job.ComboRank, ["artifact_hash"] = artifact.Hex };
        foreach (var (key, value) in content)
        {
            meta[key] = value?.DeepClone();
        }

        return meta;
    }

    private static JsonObject ScoresJson(ClassScores scores) => new()
    {
        ["rows"] = scores.Rows, ["accuracy"] = scores.Accuracy, ["precision"] = scores.Precision, ["recall"] = scores.Recall, ["f1_score"] = scores.F1Score,
        ["auc_roc"] = scores.AucRoc,
    };

    private static JsonArray TableJson(IReadOnlyList<ReliabilityBin> table) => new([.. table.Select(b => (JsonNode)new JsonObject
    {
        ["from"] = b.From, ["to"] = b.To, ["count"] = b.Count, ["mean_probability"] = b.MeanProbability, ["share_of_gains"] = b.ShareOfGains,
    })]);
}
