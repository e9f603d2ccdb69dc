using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Backtest.Pictures;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.App.Api;

/// <summary>Puts what a trained model says of itself into the order of its page. It forms three figures out of stored ones, and says so: the interval of retention, the
/// Brier score of the base rate, and the interval of each share in the reliability diagram.</summary>
internal static partial class TrainedReportReader
{
    private static readonly string[] Metrics = ["accuracy", "precision", "recall", "f1_score", "auc_roc"];

    /// <summary>The report.</summary>
    /// <param name="record">The trained model.</param>
    /// <param name="sweepId">The sweep of its training.</param>
    /// <param name="isSynthetic">Whether the simulator made its bars; null where the sweep is gone.</param>
    /// <param name="files">Its files with their hashes.</param>
    /// <param name="use">Who needs it; null where nobody does.</param>
    public static TrainedModelReport Read(TrainedModelRecord record, string sweepId, bool? isSynthetic, IReadOnlyList<(string Name, string Sha256)> files, ArtifactUse? use)
    {
        JsonObject meta = record.MetaJson;
        TrainedModelReview review = TrainedModelReview.Of(record);
        JsonNode? metrics = meta["metrics"], rows = meta["rows"], permuted = JsonReading.Field(meta, "permutation_importance");
        Dictionary<string, JsonNode> worth = permuted.List("features").OfType<JsonNode>().ToDictionary(f => f.Text("feature")!, StringComparer.Ordinal);
        return new(
            Shown(record, review, use), record.Flags.Contains(TrainingFlags.GateFailed), meta.Text("gate") ?? "", meta.Number("threshold"), record.CreatedAtUtc, record.DecidedAtUtc, Verdict(record, review),
            new(
                sweepId, record.ComboId, (int)(meta.Number("rank") ?? 0), JsonReading.Field(meta, "combo")?.DeepClone() as JsonObject ?? [], meta.Text("pack") ?? "", record.DataSnapshotId, isSynthetic,
                meta.Text("engine_version") ?? "", record.ConfigHash, record.ArtifactHash, meta.Text("refit_of"), (int)(meta.Number("seed") ?? 0), [.. files.Select(f => new TrainedFile(f.Name, f.Sha256))]),
            new(Whole(rows, "training"), rows.Number("effective"), Whole(rows, "gains"), Whole(rows, "out_of_fold"), Whole(rows, "validation")),
            [.. Metrics.Select(m => Score(m, metrics))],
            [
                new("backtest", metrics.Number("sharpe_backtest"), null, null, (int?)metrics.Number("trades_backtest"), null, null, null),
                Outcome("out_of_fold", JsonReading.Field(metrics, "sharpe_oof")), Outcome("holdout", JsonReading.Field(metrics, "sharpe_validation")),
            ],
            Calibration(meta), [.. meta.List("importance").Select(i => Input(i, worth))], permuted.Text("loss"), (int?)permuted.Number("rows"), meta.List("tuning").Count,
            JsonReading.Field(meta, "hyperparameters")?.DeepClone() as JsonObject ?? []);
    }

    /// <summary>A trained model with its review.</summary>
    public static TrainedModelShown Shown(TrainedModelRecord r, TrainedModelReview review, ArtifactUse? use) => new(
        r.TrainedModelId, r.ModelId, r.JobId, r.ComboId, r.ConfigHash, r.DataSnapshotId, r.ArtifactHash, r.State,
        new(
            review.SharpeBacktest, review.SharpeOof, review.SharpeValidation, review.Interval is { } i ? [i.Low, i.High] : null, review.Trades, review.Retention, review.Suggestion, review.Sentence,
            review.HoldoutLook, review.Obstacles, review.PublishGate),
        r.Flags, r.State == "trained" ? null : r.State == "published" ? "publish" : "discard", r.DecidedBy, r.DecisionReason,
        use is null ? null : new(use.Standing.ToString().ToLowerInvariant(), use.Approval, use.Deployment));

    private static RetentionVerdict Verdict(TrainedModelRecord record, TrainedModelReview review)
    {
        (double Low, double High)? interval = review.SharpeBacktest is > 0 and var swept && review.Interval is { } ends ? (ends.Low / swept, ends.High / swept) : null;
        string words = review.Retention is not { } retention || review.SharpeBacktest is not { } before
            ? review.SharpeBacktest is > 0 ? "The hold-out gives no Sharpe ratio, so nothing is retained or lost." : "The backtest it was chosen by has no Sharpe ratio above 0, so there is nothing to retain."
            : Text($"Sharpe {before:0.00} when selected, {review.SharpeValidation:0.00} on the hold-out: {100 * retention:0}% is left. ")
                + (interval is { } i
                    ? Text($"With {review.Trades} trades it may be anywhere from {100 * i.Low:0}% to {100 * i.High:0}%{(i.Low <= 0 ? ", so it cannot be told apart from no edge" : "")}.")
                    : Text($"{review.Trades} trades give no interval, so it proves nothing."));
        return new(
            review.Retention, interval?.Low, interval?.High, review.Suggestion, words, review.Suggestion != "publish" || review.PublishGate.Count > 0,
            record.State == "trained" && review.Obstacles.Count == 0);
    }

    private static TrainedScore Score(string metric, JsonNode? metrics)
    {
        JsonNode? folds = JsonReading.Field(JsonReading.Field(metrics, "cross_validation"), metric);
        return new(
            metric, JsonReading.Field(metrics, "training").Number(metric), JsonReading.Field(metrics, "validation").Number(metric), folds.Number("mean"), folds.Number("std"), Whole(folds, "folds"));
    }

    private static TrainedOutcome Outcome(string window, JsonNode? outcome) => new(
        window, outcome.Number("sharpe_ratio"), End(outcome, 0), End(outcome, 1), (int?)outcome.Number("total_trades"), outcome.Number("total_return"), outcome.Number("max_drawdown"), outcome.Number("p_value"));

    private static double? End(JsonNode? outcome, int at) => outcome.List("sharpe_interval") is { Count: 2 } ends ? ends[at]?.GetValue<double>() : null;

    private static TrainedCalibration Calibration(JsonObject meta)
    {
        JsonNode? report = JsonReading.Field(meta, "calibration_report"), map = JsonReading.Field(meta, "calibration");
        IReadOnlyList<ReliabilityShown> after = [.. report.List("reliability_after").Select(Bin)];
        int rows = after.Sum(b => b.Count);
        double? gains = rows == 0 ? null : after.Sum(b => b.Count * (b.Came ?? 0)) / rows;
        return new(
            map.Truth("fitted") ?? false, map.Truth("no_skill") ?? false, Whole(map, "n"), report.Number("brier_before"), report.Number("brier_after"), gains * (1 - gains),
            [.. report.List("reliability_before").Select(Bin)], after);
    }

    private static ReliabilityShown Bin(JsonNode? bin)
    {
        int n = Whole(bin, "count");
        (double Low, double High)? interval = bin.Number("share_of_gains") is { } came && n > 0 ? ReliabilityPicture.Interval(came, n) : null;
        return new(bin.Number("from") ?? 0, bin.Number("to") ?? 0, n, bin.Number("mean_probability"), bin.Number("share_of_gains"), interval?.Low, interval?.High);
    }

    private static TrainedInput Input(JsonNode? input, Dictionary<string, JsonNode> worth)
    {
        string name = input.Text("feature") ?? "";
        JsonNode? shuffled = worth.GetValueOrDefault(name);
        return new(name, input.Number("importance") ?? 0, shuffled.Number("importance"), shuffled.Number("std"));
    }

    private static int Whole(JsonNode? node, string key) => (int)(node.Number(key) ?? 0);

    // A true minus before figures, as screens write them; hyphens of words stay.
    private static string Text(FormattableString text) => Negative().Replace(text.ToString(CultureInfo.InvariantCulture), "−");

    [GeneratedRegex("(?<![A-Za-z0-9])-(?=[0-9])")]
    private static partial Regex Negative();
}
