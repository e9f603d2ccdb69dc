using System.Text.Json.Nodes;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Forecasts;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Which trained models speak.</summary>
/// <param name="Sweep">Sweep that their combos come from.</param>
/// <param name="Models">Ids of the trained models.</param>
public sealed record ForecastInput(string Sweep, IReadOnlyList<string> Models);

/// <summary>What they said.</summary>
/// <param name="Files">One file of rows a model, below the data directory.</param>
/// <param name="Rows">Rows in each.</param>
/// <param name="ForecastHash">Hash over all of them, without ids and times.</param>
public sealed record ForecastOutput(IReadOnlyList<string> Files, int Rows, string ForecastHash);

/// <summary>Stage 3: shadow predictions of the trained models on the newest bars, written before their outcome is known.</summary>
public sealed class ForecastStep(SweptCombos combos, TrainedModels models, DataDirectory data) : StepKind<ForecastInput, ForecastOutput>
{
    // A trading week of hourly bars.
    private const int NewestBars = 35;

    /// <inheritdoc/>
    public override string Name => "learning.forecast";

    /// <inheritdoc/>
    public override bool IsReusable => true;

    /// <inheritdoc/>
    public override string Summary => "Write what the trained models say of the newest bars";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, ForecastInput input, CancellationToken ct)
    {
        List<string> files = [];
        JsonArray hashes = [];
        int rows = 0;
        foreach (string id in input.Models)
        {
            context.Report(files.Count, input.Models.Count, $"model {files.Count + 1} of {input.Models.Count}");
            TrainedModelRecord record = await models.FindAsync(id, ct);
            SweptCombo combo = await combos.LoadAsync(input.Sweep, record.ComboId, ct);
            using TrainedModel model = await models.OpenAsync(id, ct);
            ShadowForecast forecast = combo.Training.Forecast(model, record, NewestBars);
            ForecastFiles written = forecast.Write(data, record, ct);
            files.Add(written.Parquet);
            hashes.Add(written.Hash.Hex);
            rows = forecast.Count;
            context.Log($"combo {record.ComboId}: {forecast.Summary()["newest"]?.ToJsonString()}");
        }

        return Done(new ForecastOutput(files, rows, ContentHash.OfJson(hashes).Hex));
    }
}
