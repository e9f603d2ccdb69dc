using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary><c>/forecasts</c>: what trained models said of the newest bars (stage 3). Nothing is computed here: the newest file of each is read.</summary>
internal sealed class ForecastsApi(DataDirectory data, TrainedModels trained, ModelStore models, TimeProvider clock)
{
    // As stages that trade on forecasts hold it (03 §3.13): older ones are warned of, then passed over.
    private const double AgingDays = 7, StaleDays = 14;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/forecasts", ListAsync)
            .Operation("listForecasts", "training", "The newest forecast of each trained model, the best ranking first", "Ranked by accuracy above the base rate of the hold-out, then by Sharpe ratio.")
            .Takes("model", "Only of this model.").Needs(Right.Read);
        routes.MapGet("/forecasts/{id}", ShowAsync)
            .Operation("getForecast", "training", "The newest forecast of a trained model, bar by bar, as columns", "Columns: ts, close, probability, predicted_return, threshold, rules_hold, enters.").Needs(Right.Read);
    }

    private async Task<Answer<IReadOnlyList<ForecastListed>>> ListAsync(string? model, CancellationToken ct)
    {
        Dictionary<string, string> tickers = new(StringComparer.Ordinal);
        foreach (ModelRecord record in await models.ListAsync(ct))
        {
            tickers[record.Id] = (await models.LoadAsync(record.UserId, record.Id, ct)).Instrument.Ticker;
        }

        return new(Ranked((await trained.ListAsync(model, ct)).Where(r => r.State != "discarded").Select(r => Read(r, tickers.GetValueOrDefault(r.ModelId, ""))).OfType<ForecastListed>()));
    }

    private async Task<ColumnsAnswer> ShowAsync(string id, CancellationToken ct)
    {
        TrainedModelRecord record = await trained.FindAsync(id, ct);
        JsonNode summary = Newest(record) ?? throw new ProblemException("TRN-3013", $"{id} has made no forecast.", id, "Stage 3 of a lifecycle writes them: 'sigmatiq lifecycle run'.", ExitCode.BadUsage);
        JsonObject about = new() { ["trained_model_id"] = record.TrainedModelId, ["forecast_hash"] = summary.Text("forecast_hash"), ["data_snapshot_id"] = summary.Text("data_snapshot_id") };

        // The file beside the summary, by the name of its content: no path of the summary is followed.
        string parquet = data.File("forecasts", record.TrainedModelId, DataDirectory.HashedName("shadow", Store.Content.ContentHash.Parse(summary.Text("forecast_hash")!), ".parquet"));
        return new(data, ParquetFile.Read(parquet, null, ct), about);
    }

    /// <summary>Those that were right most often beyond what one answer for all would get come first, then by Sharpe ratio; what has neither comes last.</summary>
    internal static IReadOnlyList<ForecastListed> Ranked(IEnumerable<ForecastListed> forecasts) =>
        [.. forecasts.OrderByDescending(f => f.Accuracy - f.BaseRate ?? double.MinValue).ThenByDescending(f => f.Sharpe ?? double.MinValue).ThenBy(f => f.TrainedModelId, StringComparer.Ordinal)];

    // The one that speaks of the newest bars; of those the one written last.
    private JsonNode? Newest(TrainedModelRecord record)
    {
        string folder = Path.Combine(data.Root, "forecasts", record.TrainedModelId);
        return !Directory.Exists(folder) ? null
            : new DirectoryInfo(folder).GetFiles("shadow-*.json").OrderBy(f => f.LastWriteTimeUtc).Select(f => JsonReading.File(f.FullName))
                .Where(s => s.Text("last_bar") is not null && s.Text("forecast_hash") is not null).OrderBy(s => s.Text("last_bar"), StringComparer.Ordinal).LastOrDefault();
    }

    private ForecastListed? Read(TrainedModelRecord record, string ticker)
    {
        if (Newest(record) is not { } summary)
        {
            return null;
        }

        JsonObject meta = record.MetaJson;
        JsonNode? metrics = meta["metrics"], newest = JsonReading.Field(summary, "newest"), held = JsonReading.Field(metrics, "sharpe_validation");
        JsonArray interval = held.List("sharpe_interval");
        DateTimeOffset last = At(summary, "last_bar");
        double days = (clock.GetUtcNow() - last).TotalDays;
        double? gains = GainsOf(meta);
        return new(
            record.TrainedModelId, record.ModelId, record.ComboId, record.State, record.Flags.Contains(TrainingFlags.GateFailed), ticker, ticker.Length > 0 && Symbol.Parse(ticker).IsSynthetic,
            Horizon(JsonReading.Field(meta, "barriers")), At(summary, "first_bar"), last, (int)(summary.Number("rows") ?? 0), summary.Number("threshold") ?? 0, newest.Number("probability"),
            newest.Number("predicted_return"), newest.Truth("rules_hold") ?? false, newest.Truth("enters") ?? false, (int)(summary.Number("enters") ?? 0),
            JsonReading.Field(metrics, "validation").Number("accuracy"), gains is { } share ? Math.Max(share, 1 - share) : null, JsonReading.Field(metrics, "validation").Number("auc_roc"),
            held.Number("total_return"), held.Number("sharpe_ratio"), interval.Count == 2 ? interval[0]?.GetValue<double>() : null, interval.Count == 2 ? interval[1]?.GetValue<double>() : null,
            days > StaleDays ? "stale" : days > AgingDays ? "aging" : "fresh", days, summary.Text("forecast_hash")!);
    }

    // Share of gains on the hold-out, out of the reliability table.
    private static double? GainsOf(JsonObject meta)
    {
        JsonNode[] bins = [.. JsonReading.Field(meta, "calibration_report").List("reliability_after").OfType<JsonNode>()];
        double rows = bins.Sum(b => b.Number("count") ?? 0);
        return rows == 0 ? null : bins.Sum(b => (b.Number("count") ?? 0) * (b.Number("share_of_gains") ?? 0)) / rows;
    }

    private static DateTimeOffset At(JsonNode summary, string key) => DateTimeOffset.Parse(summary.Text(key)!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string Horizon(JsonNode? barriers)
    {
        string? Of(string key, string words) => barriers.Number(key) is { } value ? string.Create(CultureInfo.InvariantCulture, $"{words} {value:0.##}") : null;
        string[] parts = [.. new[] { Of("take_profit_pct", "target") + "%", Of("stop_loss_pct", "stop") + "%", Of("trailing_stop_pct", "trail") + "%" }.Where(p => p.Length > 1)];
        string? days = barriers.Number("time_stop_days") is { } n ? string.Create(CultureInfo.InvariantCulture, $"{n:0} trading days") : null;
        return string.Join(", ", [.. parts, .. days is null ? [] : new[] { $"at most {days}" }]) is { Length: > 0 } text ? text : "without barriers";
    }
}
