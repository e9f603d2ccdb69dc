using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq training run / list / show / cancel</c>: trainings and how far their five steps are (spec 03 §3.1, §3.8).</summary>
internal static class TrainingCommands
{
    private const int CombosByDefault = 2;

    public static Command Create(CommandHost host) => new("training", "Trainings of selected combos") { Run(host), List(host), Show(host), Cancel(host) };

    private static Command Run(CommandHost host)
    {
        var sweep = new Option<string?>("--sweep") { Description = "Sweep (default: the newest completed one)" };
        var combos = new Option<int[]>("--combo") { Description = "Combos by id (default: those ticked, else the two best)", AllowMultipleArgumentsPerToken = true };
        var set = new Option<string[]>("--set") { Description = "training_params, e.g. n_estimators=100 calibration=none tune=true", AllowMultipleArgumentsPerToken = true };
        var evidenceOnly = new Option<bool>("--evidence-only") { Description = "Train also what failed its gates: marked gate_failed, never for live" };
        Command run = new("run", "Train combos of a sweep; the same training again shows what is there") { sweep, combos, set, evidenceOnly };
        host.Run(run, async (parse, context, ct) =>
        {
            TrainingParameters parameters = TrainingParameters.Parse(Pairs(parse.GetValue(set) ?? [], "--set"));
            Platform platform = await context.PlatformAsync(ct);
            StoredSweep swept = await SweepAsync(platform, parse.GetValue(sweep), ct);
            int[] ids = parse.GetValue(combos) is { Length: > 0 } given ? [.. given.Distinct()] : [.. swept.Chosen(CombosByDefault).Select(c => c.Row.ComboId)];
            List<(TrainingPlan Plan, TrainingData Data)> work = [];
            foreach (int id in ids)
            {
                SweptCombo combo = await platform.Combos.LoadAsync(swept.SweepId, id, ct);
                work.Add((combo.Plan(parameters, parse.GetValue(evidenceOnly)), combo.Training.Data));
            }

            // Known by content: the same command again, also after a kill, goes on with the same training.
            var (jobs, warnings) = await platform.Trainings.QueueAsync([.. work.Select(w => (w.Plan.Key, w.Plan))], (await context.ActorAsync(Right.Run, ct)).Id, ct);
            foreach (string warning in warnings)
            {
                context.Output.Warning(warning);
            }

            List<TrainingJob> done = [];
            foreach (var (job, (plan, data)) in jobs.Zip(work))
            {
                using ProgressLine progress = context.Output.Progress($"{job.JobId}, combo {Text(job.ComboId)}");
                await platform.Engine.AsCommandAsync(
                    Platform.Owner, context.Output.Note,
                    stop => platform.Trainings.RunAsync(job.JobId, plan, data, steps => progress.Report(
                        steps.Count(s => s.Status == "complete"), steps.Count, steps.FirstOrDefault(s => s.Status == "in_progress")?.Step ?? ""), stop),
                    ct);
                done.Add(await platform.Trainings.FindAsync(job.JobId, ct));
            }

            Print(context, [.. done]);
            return ExitCode.Ok;
        });
        return run;
    }

    private static Command List(CommandHost host)
    {
        var model = new Option<string?>("--model") { Description = "Only those of this model" };
        Command list = new("list", "List trainings, newest first") { model };
        host.RunOnStore(list, async (parse, context, ct) =>
        {
            TrainingJobs jobs = (await context.PlatformAsync(ct)).Trainings;
            IReadOnlyList<TrainingJob> all = await jobs.ListAsync(parse.GetValue(model), ct);
            TrainingJob[] full = await Task.WhenAll(all.Select(async j => await jobs.SeenAsync(await jobs.FindAsync(j.JobId, ct), ct)));
            Print(context, full);
            NoteStopped(context, full);
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Show(CommandHost host)
    {
        Argument<string?> id = Id();
        Command show = new("show", "Show one training with its steps, hyperparameters and results") { id };
        host.RunOnStore(show, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            TrainingJob job = await platform.Trainings.SeenAsync(await FindAsync(platform.Trainings, parse.GetValue(id), ct), ct);
            NoteStopped(context, job);
            JsonObject json = job.ToJson();
            JsonObject? meta = job.Status == "completed" ? (await platform.Trained.FindAsync(job.TrainedModelId, ct)).MetaJson : null;
            json["results"] = meta;
            context.Output.Item(
                json,
                [
                    ("training", job.JobId), ("model", job.ModelId), ("sweep", job.SweepId), ("combo", $"{job.ComboId}, rank {job.ComboRank}"), ("status", job.Status),
                    .. job.Progress.Select(p => (p.Step, (string?)$"{p.Status}{(p.Duration is { } s ? string.Create(CultureInfo.InvariantCulture, $", {s:0.0} s") : "")}")),
                    ("hyperparameters", string.Join(" ", JsonNode.Parse(job.Hyperparameters)!.AsObject().Select(h => $"{h.Key}={h.Value}"))),
                    ("problem", job.Problem is null ? null : $"{JsonNode.Parse(job.Problem)!["code"]}: {JsonNode.Parse(job.Problem)!["message"]}"),
                    ("trained model", job.Status == "completed" ? job.TrainedModelId : null),
                    .. meta is null ? [] : TrainingReport.Lines(meta),
                ]);
            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Cancel(CommandHost host)
    {
        Argument<string?> id = Id();
        Command cancel = new("cancel", "Give up a training that has not ended") { id };
        host.RunOnStore(cancel, async (parse, context, ct) =>
        {
            TrainingJobs jobs = (await context.PlatformAsync(ct)).Trainings;
            TrainingJob job = await FindAsync(jobs, parse.GetValue(id), ct);
            string by = await context.DeciderAsync(job.CreatedBy, job.JobId, ct);
            await jobs.CancelAsync(job.JobId, ct);
            await WorkRuns.CancelAsync(await context.PlatformAsync(ct), "training", "job", job.JobId, by, ct);
            job = await jobs.FindAsync(job.JobId, ct);
            context.Output.Item(job.ToJson(), ("training", job.JobId), ("status", job.Status));
            return ExitCode.Ok;
        });
        return cancel;
    }

    private static void NoteStopped(CommandContext context, params TrainingJob[] jobs)
    {
        foreach (TrainingJob stopped in jobs.Where(j => j.Status == TrainingJobs.Stopped))
        {
            context.Output.Note($"{stopped.JobId} is stopped: its process is gone. It goes on when it is asked for again: "
                + $"'sigmatiq training run --sweep {stopped.SweepId} --combo {Text(stopped.ComboId)}' with the same --set.");
        }
    }

    private static void Print(CommandContext context, TrainingJob[] jobs) => context.Output.List(
        jobs, jobs.Select(j => j.ToJson()).ToArray(),
        new("training", j => j.JobId, Weight: Weight.Key),
        new("model", j => j.ModelId, Weight: Weight.Detail),
        new("combo", j => Text(j.ComboId), Right: true),
        new("rank", j => Text(j.ComboRank), Right: true),
        new("status", j => j.Status, Tone: j => ToneOf(j.Status), Weight: Weight.Key),
        new("steps", j => $"{j.Progress.Count(p => p.Status == "complete")}/{j.Progress.Count}", Right: true),
        new("trained model", j => j.Status == "completed" ? j.TrainedModelId : null),
        new("note", j => j.EvidenceOnly ? TrainingFlags.GateFailed : null, Tone: _ => Tone.Caution));

    private static async Task<StoredSweep> SweepAsync(Platform platform, string? id, CancellationToken ct)
    {
        id ??= (await platform.Sweeps.Store.ListAsync(null, null, ct)).FirstOrDefault(s => s.IsCompleted)?.SweepId
            ?? throw new ProblemException("SWS-3003", "There is no completed sweep yet.", null, "Run one: sigmatiq sweeps run.", ExitCode.BadUsage);
        return await platform.Sweeps.Store.LoadAsync(id, ct);
    }

    /// <summary>Pairs of <c>key=value</c> as JSON: numbers, true and false are what they look like; everything else is a word.</summary>
    /// <exception cref="ProblemException">TRN-1003: a text without key or sign.</exception>
    internal static JsonObject Pairs(string[] texts, string option)
    {
        JsonObject pairs = [];
        foreach (string text in texts)
        {
            int at = text.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw new ProblemException("TRN-1003", $"'{text}' is not a setting.", option, "Write key=value, e.g. n_estimators=100.", ExitCode.BadUsage);
            }

            string value = text[(at + 1)..].Trim();
            pairs[text[..at].Trim()] = value is "true" or "false" ? value == "true"
                : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? Number(value, number)
                : value;
        }

        return pairs;
    }

    private static JsonNode Number(string text, double number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole : number;

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
