using System.Text.Json.Nodes;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Learning.Forecasts;

/// <summary>What a trained model says of the newest bars, written down before their outcome is known; nothing is traded on it.</summary>
/// <remarks>All columns have the shape [rows], oldest first. Flags are three-valued as everywhere: 1, 0, NaN.</remarks>
public sealed record ShadowForecast
{
    /// <summary>Bar starts, microseconds since 1970 UTC.</summary>
    public required long[] StartUtcUs { get; init; }

    /// <summary>Closes of the decision bars.</summary>
    public required double[] Close { get; init; }

    /// <summary>Calibrated probability of a gain.</summary>
    public required double[] Probability { get; init; }

    /// <summary>probability · mean gain + (1 − probability) · mean loss (spec 05 §5.4); NaN where the training had no such mean.</summary>
    public required double[] PredictedReturn { get; init; }

    /// <summary>What the probability is compared with.</summary>
    public required double Threshold { get; init; }

    /// <summary>Whether every entry rule holds at the bar's close.</summary>
    public required bool[] RulesHold { get; init; }

    /// <summary>Whether an entry would be decided: rules, hour, gates and threshold together.</summary>
    public required bool[] Enters { get; init; }

    /// <summary>Number of rows.</summary>
    public int Count => StartUtcUs.Length;

    /// <summary>Speaks of the newest bars.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="record">Its record: threshold and means.</param>
    /// <param name="bars">The bars.</param>
    /// <param name="features">Features over them.</param>
    /// <param name="rulesHold">1 where every entry rule holds, shape [bars].</param>
    /// <param name="entriesOf">Bars whose close decides an entry, given a confidence column of shape [bars].</param>
    /// <param name="newest">How many bars, counted from the end.</param>
    public static ShadowForecast Make(
        TrainedModel model, TrainedModelRecord record, BarColumns bars, FeatureColumns features, double[] rulesHold, Func<double[], int[]> entriesOf, int newest)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(newest);
        int[] rows = [.. Enumerable.Range(Math.Max(0, bars.Count - newest), Math.Min(newest, bars.Count))];
        double[] probability = model.Probabilities(features, rows), confidence = new double[bars.Count];
        Array.Fill(confidence, double.NaN);
        for (int i = 0; i < rows.Length; i++)
        {
            confidence[rows[i]] = probability[i];
        }

        HashSet<int> entries = [.. entriesOf(confidence)];
        JsonObject meta = record.MetaJson;
        double gain = meta["metrics"]!["mean_gain"]?.GetValue<double>() ?? double.NaN, loss = meta["metrics"]!["mean_loss"]?.GetValue<double>() ?? double.NaN;
        return new()
        {
            StartUtcUs = [.. rows.Select(t => bars.StartUtcUs[t])],
            Close = [.. rows.Select(t => bars.Close[t])],
            Probability = probability,
            PredictedReturn = [.. probability.Select(p => (p * gain) + ((1 - p) * loss))],
            Threshold = meta["threshold"]!.GetValue<double>(),
            RulesHold = [.. rows.Select(t => rulesHold[t] == 1)],
            Enters = [.. rows.Select(entries.Contains)],
        };
    }

    /// <summary>Writes the rows as Parquet and a summary as JSON, named by content, below <c>forecasts/{trained model}/</c>.</summary>
    /// <returns>Both files and the hash of the rows, in which no id and no time of writing takes part.</returns>
    public ForecastFiles Write(DataDirectory data, TrainedModelRecord record, CancellationToken ct)
    {
        ColumnSet columns = new(
            Column.OfTimestamps("ts", StartUtcUs), Column.Of("close", Close), Column.Of("probability", Probability), Column.Of("predicted_return", PredictedReturn),
            Column.Of("threshold", [.. Enumerable.Repeat(Threshold, Count)]), Column.Of("rules_hold", RulesHold), Column.Of("enters", Enters));
        (string parquet, ContentHash hash) = ParquetFile.WriteHashed(data.Folder("forecasts", record.TrainedModelId), "shadow", columns, ct);
        string json = data.File("forecasts", record.TrainedModelId, DataDirectory.HashedName("shadow", hash, ".json"));
        JsonObject summary = Summary();
        summary["trained_model_id"] = record.TrainedModelId;
        summary["artifact_hash"] = record.ArtifactHash;
        summary["data_snapshot_id"] = record.DataSnapshotId;
        summary["parquet"] = data.Relative(parquet);
        summary["forecast_hash"] = hash.Hex;
        AtomicFile.Write(json, CanonicalJson.Write(summary));
        return new(data.Relative(parquet), data.Relative(json), hash);
    }

    /// <summary>The newest statement and counts, as JSON.</summary>
    public JsonObject Summary() => new()
    {
        ["rows"] = Count,
        ["first_bar"] = Count == 0 ? null : Instant(StartUtcUs[0]),
        ["last_bar"] = Count == 0 ? null : Instant(StartUtcUs[^1]),
        ["threshold"] = Threshold,
        ["rules_hold"] = RulesHold.Count(h => h),
        ["passes_threshold"] = Probability.Count(p => p >= Threshold),
        ["enters"] = Enters.Count(e => e),
        ["newest"] = Count == 0 ? null : new JsonObject
        {
            ["close"] = Close[^1],
            ["probability"] = Number(Probability[^1]),
            ["predicted_return"] = Number(PredictedReturn[^1]),
            ["passes_threshold"] = Probability[^1] >= Threshold,
            ["rules_hold"] = RulesHold[^1],
            ["enters"] = Enters[^1],
        },
    };

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;

    private static string Instant(long utcUs) => UtcText.Format(DateTimeOffset.UnixEpoch.AddTicks(utcUs * 10));
}

/// <summary>Where a forecast lies, relative to the data directory, and the hash of its rows.</summary>
public sealed record ForecastFiles(string Parquet, string Json, ContentHash Hash);
