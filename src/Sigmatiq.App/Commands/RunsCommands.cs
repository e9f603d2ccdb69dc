using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq runs list / show / logs / watch / cancel</c>; what else steers a run is in <see cref="RunsControlCommands"/>.</summary>
internal static class RunsCommands
{
    public static Command Create(CommandHost host) =>
        new("runs", "Executions of workflows: what they did and what they wait for")
        {
            List(host), Show(host), Logs(host), Watch(host), RunsControlCommands.Pause(host), RunsControlCommands.Resume(host), Cancel(host),
            RunsControlCommands.Retry(host), RunsControlCommands.Rerun(host), RunsDiffCommand.Create(host),
        };

    /// <summary>Colour of a state's word.</summary>
    public static Tone ToneOf(string status) => status switch
    {
        "completed" or "succeeded" => Tone.Ok,
        "failed" or "lost" or "crashed" or "set_aside" => Tone.Bad,
        "waiting" => Tone.Waiting,
        "retrying" or "paused" or "stopped" => Tone.Caution,
        "skipped" or "cancelled" or "pending" or "queued" => Tone.Quiet,
        _ => Tone.Plain,
    };

    private static Command List(CommandHost host)
    {
        var workflow = new Option<string?>("--workflow") { Description = "Only runs of this workflow" };
        var limit = new LimitOption("At most so many", 20);
        Option<string?> Only(string name, string of) => new($"--{name}") { Description = of };
        Option<string?>[] others =
        [
            Only("status", "Only runs in one of these states, separated by commas"), Only("by", "Only runs that this person or program asked for"), Only("ticker", "Only runs of this instrument"),
            Only("from", "Only runs asked for from this day or instant on, in UTC"), Only("to", "Only runs asked for up to this day or instant"),
            Only("before", "Only runs asked for before this one"),
        ];
        Command list = new("list", "List the newest runs") { workflow };
        foreach (Option<string?> option in others)
        {
            list.Add(option);
        }

        limit.AddTo(list);
        host.RunOnStore(list, async (parse, context, ct) =>
        {
            int most = limit.Read(parse);
            Platform platform = await context.PlatformAsync(ct);
            RunFilter filter = RunFilterQuery.Read(name => parse.GetValue(others.FirstOrDefault(o => o.Name == $"--{name}") ?? workflow), platform.Clock.GetUtcNow());
            IReadOnlyList<RunSummary> runs = await platform.Engine.Views.FindAsync(filter, most, ct);
            if (runs.Count == 0 && parse.GetValue(workflow) is { } named)
            {
                // Refuses a name that nothing has.
                platform.Workflows.Load(named);
            }

            bool isDriven = await IsDrivenAsync(platform, runs, ct);
            context.Output.List(
                runs,
                runs.Select(r => new
                {
                    r.Id, r.Workflow, r.Version, r.Status, r.Reason, r.RequestedBy, r.RequestedAtUtc, r.ChangedAtUtc, r.EndedAtUtc,
                    Driven = r.EndedAtUtc is null ? isDriven : (bool?)null, Parameters = JsonNode.Parse(r.Parameters),
                }).ToArray(),
                new("run", r => r.Id, Weight: Weight.Key),
                new("workflow", r => $"{r.Workflow} {r.Version}"),
                new("state", r => Seen(r, isDriven), Tone: r => ToneOf(Seen(r, isDriven)), Weight: Weight.Key),
                new("requested", r => Time(r.RequestedAtUtc)),
                new("took", r => r.EndedAtUtc is { } end ? Took(end - r.RequestedAtUtc) : null, Right: true),
                new("reason", r => r.Reason, Weight: Weight.Detail),
                new("parameters", r => InWords(r.Parameters), Tone: _ => Tone.Quiet, Weight: Weight.Detail));
            NoteStopped(context, isDriven, [.. runs]);
            if (runs.Count == most)
            {
                context.Output.Note(string.Create(CultureInfo.InvariantCulture, $"The newest {most}; --limit shows more."));
            }

            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Show(CommandHost host)
    {
        Argument<string?> id = Id();
        Command show = new("show", "Show a run with its steps") { id };
        host.RunOnStore(show, async (parse, context, ct) =>
        {
            (Platform platform, RunId run) = await MeantAsync(context, parse.GetValue(id), ct);
            RunView view = await platform.Engine.Views.ShowAsync(run, ct);
            bool isDriven = await IsDrivenAsync(platform, [view.Summary], ct);
            Print(context, view, isDriven);
            NoteStopped(context, isDriven, view.Summary);
            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Logs(CommandHost host)
    {
        Argument<string?> id = Id();
        var step = new Option<string?>("--step") { Description = "Only lines of this step" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on printing until the run rests; with --output json one object a line" };
        Command logs = new("logs", "Print what the steps of a run wrote") { id, step, follow };
        host.RunOnStore(logs, async (parse, context, ct) =>
        {
            (Platform platform, RunId run) = await MeantAsync(context, parse.GetValue(id), ct);
            await platform.Engine.Views.RefuseUnknownStepAsync(run, parse.GetValue(step), ct);
            if (parse.GetValue(follow))
            {
                await RunWatch.WhileDrivenAsync(platform, run, async inner =>
                {
                    await foreach (LogLine line in platform.Engine.Follower.LogAsync(run, parse.GetValue(step), inner))
                    {
                        context.Output.Text((context.Output.AsJson
                            ? StepJson.ToObject(new StreamedLine(line.LineId, line.Step, line.Item, line.Attempt, line.AtUtc, line.Line)).ToJsonString()
                            : $"{Time(line.AtUtc)}  {NameOf(line)} #{line.Attempt}  {line.Line}") + "\n");
                    }
                }, ct);
                NoteRest(context, await platform.Engine.Views.SummaryAsync(run, ct));
                return ExitCode.Ok;
            }

            IReadOnlyList<LogLine> lines = await platform.Engine.Views.LogAsync(run, parse.GetValue(step), 0, ct);
            context.Output.List(
                lines, lines.Select(l => new { Id = l.LineId, l.Step, l.Item, l.Attempt, l.AtUtc, l.Line }).ToArray(),
                new("time", l => Time(l.AtUtc)), new("step", NameOf, Weight: Weight.Key),
                new("attempt", l => l.Attempt.ToString(CultureInfo.InvariantCulture), Right: true, Weight: Weight.Detail), new("line", l => l.Line, Weight: Weight.Key));
            return ExitCode.Ok;
        });
        return logs;
    }

    private static string NameOf(LogLine line) => line.Item > 0 ? $"{line.Step}[{line.Item}]" : line.Step;

    private static Command Watch(CommandHost host)
    {
        Argument<string?> id = Id();
        Command watch = new("watch", "Follow a run until it ends or waits; starts and drives nothing") { id };
        host.RunOnStore(watch, async (parse, context, ct) =>
        {
            (Platform platform, RunId run) = await MeantAsync(context, parse.GetValue(id), ct);
            RunView? last = null;
            using (ProgressLine progress = context.Output.Progress(run.Value))
            {
                await RunWatch.WhileDrivenAsync(platform, run, async inner =>
                {
                    await foreach (RunView view in platform.Engine.Follower.FollowAsync(run, pastWaits: false, waitsFrom: 0, inner))
                    {
                        RunWatch.Show(progress, last = view, platform.Clock.GetUtcNow());
                    }
                }, ct);
            }

            return RunWatch.Close(context, last!);
        });
        return watch;
    }

    private static Command Cancel(CommandHost host)
    {
        Argument<string?> id = Id();
        var reason = new Option<string>("--reason") { Description = "Why, for the record", DefaultValueFactory = _ => "cancelled by command" };
        Option<string?> key = RunsControlCommands.Key();
        Command cancel = new("cancel", "End a run; what it has finished stays") { id, reason, key };
        host.RunOnStore(cancel, async (parse, context, ct) =>
        {
            (Platform platform, RunId run) = await MeantAsync(context, parse.GetValue(id), ct);
            RunSummary before = await platform.Engine.Views.SummaryAsync(run, ct);
            await platform.Engine.Requests.CancelAsync(run, await DeciderAsync(context, platform, run, ct), parse.GetRequiredValue(reason), parse.GetValue(key), ct);
            RunView view = await RunWatch.BringToRestAsync(context, run, before.Seq, ct);
            ExitCode exit = RunWatch.Close(context, view);
            return view.State.Status == RunStatus.Cancelled ? ExitCode.Ok : exit;
        });
        return cancel;
    }

    // A stored state cannot know that its process has died.
    private static async Task<bool> IsDrivenAsync(Platform platform, IReadOnlyList<RunSummary> runs, CancellationToken ct) =>
        runs.Any(r => r.EndedAtUtc is null) && await platform.Engine.IsDrivenAsync(ct);

    private static string Seen(RunSummary run, bool isDriven) => run.Status == "running" && !isDriven ? "stopped" : run.Status;

    private static void NoteStopped(CommandContext context, bool isDriven, params RunSummary[] runs)
    {
        string[] stopped = [.. runs.Where(r => Seen(r, isDriven) == "stopped").Select(r => r.Id)];
        if (stopped.Length > 0)
        {
            context.Output.Note(stopped.Length == 1
                ? $"{stopped[0]} is stopped: its process is gone. It goes on with 'sigmatiq runs resume {stopped[0]}', every run with 'sigmatiq serve'."
                : $"{stopped.Length} runs are stopped: their process is gone. 'sigmatiq runs resume RUN' brings one on here, 'sigmatiq serve' every run.");
        }
    }

    // Why nothing more comes, where the run has not ended.
    private static void NoteRest(CommandContext context, RunSummary run)
    {
        if (run.EndedAtUtc is null)
        {
            context.Output.Note(run.Status is "paused" or "set_aside" ? $"{run.Id} is {run.Reason}. 'sigmatiq runs resume {run.Id} --reason TEXT' lets it go on."
                : $"{run.Id} is {run.Status}: see 'sigmatiq runs show {run.Id}'.");
        }
    }

    /// <summary>Prints a run with its steps.</summary>
    /// <param name="context">The command.</param>
    /// <param name="view">The run.</param>
    /// <param name="isDriven">Whether a living process drives the runs of the store.</param>
    public static void Print(CommandContext context, RunView view, bool isDriven = true)
    {
        if (context.Output.AsJson)
        {
            JsonObject json = view.ToJson();
            if (!isDriven && view.Summary.EndedAtUtc is null)
            {
                json["driven"] = false;
            }

            context.Output.Value(json);
            return;
        }

        RunSummary run = view.Summary;
        context.Output.Item(
            run, ("run", run.Id), ("workflow", $"{run.Workflow} {run.Version} ({view.State.Definition.Hash.Short})"), ("state", Seen(run, isDriven)),
            ("reason", view.State.Reason), ("rerun of", view.State.Request.Rerun is { } rerun ? rerun.From is null ? $"{rerun.Of}" : $"{rerun.Of} from {rerun.From}" : null), ("parameters", InWords(run.Parameters)), ("requested", $"{Time(run.RequestedAtUtc)} by {run.RequestedBy}"),
            ("as of", Time(view.State.Request.AsOfUtc)), ("works for", view.Parent is { } parent ? $"{parent.Run} step {parent.Step}{(parent.Item > 0 ? $"[{parent.Item}]" : "")}" : null));
        context.Output.Line();
        context.Output.List(
            view.State.Steps,
            new("step", s => s.Spec.Name),
            new("kind", s => s.Spec.Uses, Tone: _ => Tone.Quiet, Weight: Weight.Detail),
            new("state", StatusOf, Tone: s => ToneOf(StatusOf(s))),
            new("attempts", s => s.Instances.Sum(i => i.Attempts).ToString(CultureInfo.InvariantCulture), Right: true, Weight: Weight.Detail),
            new("took", s => TookOf(view, s), Right: true),
            new("reused from", s => s.Instances.FirstOrDefault(i => i.ReusedFrom is not null)?.ReusedFrom?.Value, Tone: _ => Tone.Quiet, Weight: Weight.Detail),
            new("note", s => RunStages.ReasonOf(view.State, s) ?? view.Attempts.LastOrDefault(a => a.Step == s.Spec.Name)?.ProgressText + RunWatch.Silence(view, s.Spec.Name, context.Clock.GetUtcNow()), Weight: Weight.Key));
        if (view.Children.Count > 0)
        {
            context.Output.Line();
            context.Output.List(
                view.Children,
                new("child run", c => c.Id, Weight: Weight.Key), new("of step", c => c.Item > 0 ? $"{c.Step}[{c.Item}]" : c.Step), new("workflow", c => $"{c.Workflow} {c.Version}"),
                new("state", c => c.Status, Tone: c => ToneOf(c.Status), Weight: Weight.Key));
        }
    }

    private static string StatusOf(StepRun step)
    {
        string status = step.Status.ToString().ToLowerInvariant();
        return step.Instances.Length > 1 && !step.Status.IsFinal()
            ? $"{status} {step.Instances.Count(i => i.Status.IsFinal())}/{step.Instances.Length}"
            : status;
    }

    private static string? TookOf(RunView view, StepRun step)
    {
        AttemptView[] attempts = [.. view.Attempts.Where(a => a.Step == step.Spec.Name)];
        return attempts.Length > 0 && attempts.All(a => a.EndedAtUtc is not null)
            ? Took(attempts.Max(a => a.EndedAtUtc!.Value) - attempts.Min(a => a.StartedAtUtc)) : null;
    }

    // What was left out says nothing about the run.
    private static string InWords(string parameters) => string.Join(' ', JsonNode.Parse(parameters)!.AsObject()
        .Where(p => p.Value is not null and not JsonObject { Count: 0 })
        .Select(p => $"{p.Key}={(p.Value is JsonValue ? p.Value.ToString() : p.Value!.ToJsonString())}"));

    internal static Argument<string?> Id() => new("id") { Description = "The run (default: the latest)", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>The id of whoever decides about a run.</summary>
    /// <exception cref="ProblemException">APP-1162: it is another's. Else as <see cref="CommandContext.ActorAsync"/>.</exception>
    internal static async Task<string> DeciderAsync(CommandContext context, Platform platform, RunId run, CancellationToken ct) =>
        await context.DeciderAsync((await platform.Engine.Views.SummaryAsync(run, ct)).RequestedBy, run.Value, ct);

    internal static async Task<(Platform Platform, RunId Run)> MeantAsync(CommandContext context, string? id, CancellationToken ct)
    {
        Platform platform = await context.PlatformAsync(ct);
        return (platform, await platform.Engine.Views.MeantAsync(id, workflow: null, ct));
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Took(TimeSpan span) => span.ToString(span.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss\.f", CultureInfo.InvariantCulture);

    private sealed record StreamedLine(long Id, string Step, int Item, int Attempt, DateTimeOffset AtUtc, string Line);
}
