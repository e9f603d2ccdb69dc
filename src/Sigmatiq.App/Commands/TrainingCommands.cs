using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq training list / show / cancel</c>: trainings and how far their five steps are (spec 03 §3.8).</summary>
internal static class TrainingCommands
{
    public static Command Create(CommandHost host) => new("training", "Trainings of selected combos") { List(host), Show(host), Cancel(host) };

    /// <summary>The trainings of the store that a command works on.</summary>
    public static async Task<TrainingJobs> OpenAsync(CommandContext context, CancellationToken ct) =>
        new(await context.RowsAsync(ct), await TrainedModelsCommands.OpenAsync(context, ct), () => new XgBoost(), context.Clock);

    private static Command List(CommandHost host)
    {
        var model = new Option<string?>("--model") { Description = "Only those of this model" };
        Command list = new("list", "List trainings, newest first") { model };
        host.Run(list, async (parse, context, ct) =>
        {
            TrainingJobs jobs = await OpenAsync(context, ct);
            IReadOnlyList<TrainingJob> all = await jobs.ListAsync(parse.GetValue(model), ct);
            TrainingJob[] full = await Task.WhenAll(all.Select(j => jobs.FindAsync(j.JobId, ct)));
            context.Output.List(
                full, full.Select(j => j.ToJson()).ToArray(),
                new("training", j => j.JobId),
                new("model", j => j.ModelId),
                new("combo", j => Text(j.ComboId), Right: true),
                new("rank", j => Text(j.ComboRank), Right: true),
                new("status", j => j.Status, Tone: j => ToneOf(j.Status)),
                new("steps", j => $"{j.Progress.Count(p => p.Status == "complete")}/{j.Progress.Count}", Right: true),
                new("trained model", j => j.Status == "completed" ? j.TrainedModelId : null),
                new("note", j => j.EvidenceOnly ? TrainingFlags.GateFailed : null, Tone: _ => Tone.Caution));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Show(CommandHost host)
    {
        Argument<string?> id = Id();
        Command show = new("show", "Show one training with its steps and hyperparameters") { id };
        host.Run(show, async (parse, context, ct) =>
        {
            TrainingJob job = await FindAsync(await OpenAsync(context, ct), parse.GetValue(id), ct);
            context.Output.Item(
                job.ToJson(),
                [
                    ("training", job.JobId), ("model", job.ModelId), ("sweep", job.SweepId), ("combo", $"{job.ComboId}, rank {job.ComboRank}"), ("status", job.Status),
                    .. job.Progress.Select(p => (p.Step, (string?)$"{p.Status}{(p.Duration is { } s ? string.Create(CultureInfo.InvariantCulture, $", {s:0.0} s") : "")}")),
                    ("hyperparameters", string.Join(" ", JsonNode.Parse(job.Hyperparameters)!.AsObject().Select(h => $"{h.Key}={h.Value}"))),
                    ("problem", job.Problem is null ? null : $"{JsonNode.Parse(job.Problem)!["code"]}: {JsonNode.Parse(job.Problem)!["message"]}"),
                    ("trained model", job.Status == "completed" ? job.TrainedModelId : null),
                ]);
            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Cancel(CommandHost host)
    {
        Argument<string?> id = Id();
        Command cancel = new("cancel", "Give up a training that has not ended") { id };
        host.Run(cancel, async (parse, context, ct) =>
        {
            TrainingJobs jobs = await OpenAsync(context, ct);
            TrainingJob job = await FindAsync(jobs, parse.GetValue(id), ct);
            await jobs.CancelAsync(job.JobId, ct);
            job = await jobs.FindAsync(job.JobId, ct);
            context.Output.Item(job.ToJson(), ("training", job.JobId), ("status", job.Status));
            return ExitCode.Ok;
        });
        return cancel;
    }

    private static Argument<string?> Id() => new("id") { Description = "Id of the training; the newest where it is left out", Arity = ArgumentArity.ZeroOrOne };

    private static async Task<TrainingJob> FindAsync(TrainingJobs jobs, string? id, CancellationToken ct) =>
        await jobs.FindAsync(
            id ?? (await jobs.ListAsync(null, ct)).FirstOrDefault()?.JobId
                ?? throw new ProblemException("TRN-3008", "There is no training yet.", null, "Start one: sigmatiq training run.", ExitCode.BadUsage),
            ct);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static Tone ToneOf(string status) => status switch
    {
        "completed" => Tone.Ok, "failed" => Tone.Bad, "cancelled" => Tone.Quiet, _ => Tone.Waiting,
    };
}
