using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq trained-models list / show / publish / discard</c>: the review of spec 03 §3.10.</summary>
internal static class TrainedModelsCommands
{
    public static Command Create(CommandHost host) =>
        new("trained-models", "Trained models: review, publish, discard") { List(host), Show(host), Publish(host), Discard(host) };

    private static Command List(CommandHost host)
    {
        var model = new Option<string?>("--model") { Description = "Only those of this model" };
        Command list = new("list", "List trained models with both Sharpe ratios and a suggestion") { model };
        host.RunOnStore(list, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            IReadOnlyDictionary<string, ArtifactUse> uses = await ArtifactUse.ReadAsync(platform.Rows, ct);
            (TrainedModelRecord Record, TrainedModelReview Review, ArtifactUse? Use)[] rows =
                [.. (await platform.Trained.ListAsync(parse.GetValue(model), ct)).Select(r => (r, TrainedModelReview.Of(r), uses.GetValueOrDefault(r.ArtifactHash)))];
            context.Output.List(
                rows, rows.Select(r => TrainedModelWords.Json(r.Record, r.Review, r.Use)).ToArray(),
                new("trained model", r => r.Record.TrainedModelId, Weight: Weight.Key),
                new("combo", r => r.Record.ComboId.ToString(CultureInfo.InvariantCulture), Right: true, Weight: Weight.Detail),
                new("sharpe backtest", r => Number(r.Review.SharpeBacktest), Right: true),
                new("out of fold", r => Number(r.Review.SharpeOof), Right: true),
                new("validation", r => Number(r.Review.SharpeValidation), Right: true, Weight: Weight.Key),
                new("interval", r => Interval(r.Review)),
                new("trades", r => r.Review.Trades.ToString(CultureInfo.InvariantCulture), Right: true),
                new("retention", r => Number(r.Review.Retention), Right: true, Weight: Weight.Detail),
                new("look", r => r.Review.HoldoutLook?.ToString(CultureInfo.InvariantCulture), Right: true, Weight: Weight.Detail),
                new("suggestion", r => r.Review.Suggestion, Tone: r => ToneOf(r.Review.Suggestion), Weight: Weight.Key),
                new("state", r => r.Record.State, Weight: Weight.Key),
                new("used", r => r.Use?.Words, Weight: Weight.Detail),
                new("flags", r => string.Join(" ", r.Record.Flags), Tone: _ => Tone.Caution, Weight: Weight.Detail));
            if (rows.Length > 0)
            {
                context.Output.Line("Models whose intervals overlap cannot be told apart, and the suggestion decides nothing.");
            }

            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Show(CommandHost host)
    {
        Argument<string?> id = Id();
        var picture = new Option<string?>("--picture") { Description = "Draw how far its probabilities can be believed into this file (.svg or .png)" };
        Command show = new("show", "Show one trained model: metrics, reliability, importance, review") { id, picture };
        host.RunOnStore(show, async (parse, context, ct) =>
        {
            OutFile? file = OutFile.Of(parse, context, picture);
            Platform platform = await context.PlatformAsync(ct);
            TrainedModelRecord record = await FindAsync(platform.Trained, parse.GetValue(id), ct);
            ArtifactUse? use = (await ArtifactUse.ReadAsync(platform.Rows, ct)).GetValueOrDefault(record.ArtifactHash);
            TrainedModelReview review = TrainedModelReview.Of(record);
            JsonObject meta = record.MetaJson;
            if (file is not null)
            {
                TrainingReport.WritePicture(file, record.TrainedModelId, meta);
            }

            context.Output.Item(
                TrainedModelWords.Json(record, review, use, meta),
                [
                    ("trained model", record.TrainedModelId), ("state", record.State), ("job", record.JobId),
                    ("combo", $"{record.ComboId} {meta["combo"]!.ToJsonString()}"), ("artifact", record.ArtifactHash),
                    ("training", Scores(meta["metrics"]!["training"]!)), ("validation", Scores(meta["metrics"]!["validation"]!)),
                    ("sharpe", $"backtest {Number(review.SharpeBacktest)}, out of fold {Number(review.SharpeOof)}, validation {Number(review.SharpeValidation)} {Interval(review)}, {review.Trades} trades"),
                    ("retention", Number(review.Retention)), ("suggestion", review.Suggestion), ("", review.Sentence),
                    .. TrainingReport.Lines(meta),
                    ("flags", string.Join(" ", record.Flags)), ("obstacles", string.Join(" ", review.Obstacles)),
                    ("publish gate", review.PublishGate.Count == 0 ? "passes" : string.Join(" ", review.PublishGate)), ("decided", Decision(record)), ("used", use?.Words),
                ]);
            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Publish(CommandHost host) => Decide(
        host, "publish", "Vouch for a trained model; what does not pass its review needs a reason", (models, id, by, reason, ct) =>
            models.PublishAsync(id, by, reason, ct));

    private static Command Discard(CommandHost host) => Decide(
        host, "discard", "Delete a trained model's files; record and history stay", (models, id, by, reason, ct) =>
            models.DiscardAsync(id, by, reason, ct));

    private static Command Decide(
        CommandHost host, string verb, string help, Func<TrainedModels, string, string, string?, CancellationToken, Task<TrainedModelRecord>> decide)
    {
        var id = new Argument<string>("id") { Description = "Id of the trained model" };
        var reason = new Option<string?>("--reason") { Description = "Why; it is kept in the audit chain" };
        Command command = new(verb, help) { id, reason };
        host.RunOnStore(command, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            TrainedModelRecord record = await decide(platform.Trained, parse.GetRequiredValue(id), (await context.ActorAsync(Right.Operate, ct)).Id, parse.GetValue(reason), ct);
            context.Output.Item(
                TrainedModelWords.Json(record, TrainedModelReview.Of(record), (await ArtifactUse.ReadAsync(platform.Rows, ct)).GetValueOrDefault(record.ArtifactHash)), ("trained model", record.TrainedModelId), ("state", record.State), ("decided", Decision(record)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string?> Id() => new("id")
    {
        Description = "Id of the trained model; the newest where it is left out", Arity = ArgumentArity.ZeroOrOne,
    };

    private static async Task<TrainedModelRecord> FindAsync(TrainedModels models, string? id, CancellationToken ct) =>
        id is not null ? await models.FindAsync(id, ct)
        : (await models.ListAsync(null, ct)).FirstOrDefault()
            ?? throw new ProblemException("TRN-3001", "There is no trained model yet.", null, "Train one: sigmatiq training run.", ExitCode.BadUsage);

    private static string Scores(JsonNode scores) => string.Join(", ", scores.AsObject().Select(s =>
        $"{s.Key} {(s.Value is null ? "–" : s.Value.GetValueKind() == System.Text.Json.JsonValueKind.Number && s.Key != "rows" ? Number(s.Value.GetValue<double>()) : s.Value.ToJsonString())}"));

    private static string? Decision(TrainedModelRecord record) =>
        record.DecidedBy is null ? null : string.Create(CultureInfo.InvariantCulture, $"{record.State} by {record.DecidedBy} at {record.DecidedAtUtc:yyyy-MM-dd HH:mm}Z: {record.DecisionReason}");

    private static string Interval(TrainedModelReview review) =>
        review.Interval is { } i ? string.Create(CultureInfo.InvariantCulture, $"{i.Low:0.0} … {i.High:0.0}") : "";

    private static string Number(double? value) => value is { } v ? v.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static Tone ToneOf(string suggestion) => suggestion switch { "publish" => Tone.Ok, "review" => Tone.Caution, _ => Tone.Bad };
}
