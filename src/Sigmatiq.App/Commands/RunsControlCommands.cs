using System.CommandLine;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq runs pause / resume / retry / rerun</c>: a person's decisions about a run, kept with their reason.</summary>
internal static class RunsControlCommands
{
    public static Command Pause(CommandHost host)
    {
        Argument<string?> id = RunsCommands.Id();
        Option<string> reason = Reason();
        Option<string?> key = Key();
        Command pause = new("pause", "Start nothing more in a run until it is resumed; steps under way end") { id, reason, key };
        host.RunOnStore(pause, async (parse, context, ct) =>
        {
            (Platform platform, RunId run) = await RunsCommands.MeantAsync(context, parse.GetValue(id), ct);
            await platform.Engine.Requests.PauseAsync(run, await RunsCommands.DeciderAsync(context, platform, run, ct), parse.GetRequiredValue(reason), parse.GetValue(key), ct);
            RunView view = await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct);
            if (view.State.Status != RunStatus.Paused)
            {
                return RunWatch.Close(context, view);
            }

            RunsCommands.Print(context, view);
            return ExitCode.Ok;
        });
        return pause;
    }

    public static Command Resume(CommandHost host)
    {
        Argument<string?> id = RunsCommands.Id();
        var reason = new Option<string>("--reason") { Description = "Why, for the record; needed where it was paused or set aside", DefaultValueFactory = _ => "" };
        Option<string?> key = Key();
        Command resume = new("resume", "Let a run go on that was paused or set aside, or bring one on whose process is gone") { id, reason, key };
        host.RunOnStore(resume, async (parse, context, ct) =>
        {
            (Platform platform, RunId run) = await RunsCommands.MeantAsync(context, parse.GetValue(id), ct);
            if (await IsLeftAsync(platform, run, ct))
            {
                context.Output.Note($"{run} is brought on here: its process is gone.");
                return RunWatch.Close(context, await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct));
            }

            await platform.Engine.Requests.ResumeAsync(run, await RunsCommands.DeciderAsync(context, platform, run, ct), parse.GetRequiredValue(reason), parse.GetValue(key), ct);
            return RunWatch.Close(context, await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct));
        });
        return resume;
    }

    // Nobody paused it, something is to be done about it, and no engine does it.
    private static async Task<bool> IsLeftAsync(Platform platform, RunId run, CancellationToken ct)
    {
        RunSummary summary = await platform.Engine.Views.SummaryAsync(run, ct);
        return summary is { EndedAtUtc: null, Status: not ("paused" or "set_aside") }
            && await platform.Engine.Views.IsFamilyAtWorkAsync(run, platform.Clock.GetUtcNow() + RunFollower.Patience, ct)
            && !await platform.Engine.IsDrivenAsync(ct);
    }

    public static Command Retry(CommandHost host)
    {
        Argument<string?> id = RunsCommands.Id();
        var step = new Option<string?>("--step") { Description = "Only this failed step (default: every failed one)" };
        var reason = new Option<string>("--reason") { Description = "Why, for the record", DefaultValueFactory = _ => "tried again by command" };
        Option<string?> key = Key();
        Command retry = new("retry", "Try again what failed in a run, and what was skipped for its sake; what succeeded is kept") { id, step, reason, key };
        host.RunOnStore(retry, async (parse, context, ct) =>
        {
            (Platform platform, RunId run) = await RunsCommands.MeantAsync(context, parse.GetValue(id), ct);
            await platform.Engine.Requests.RetryAsync(
                run, parse.GetValue(step), await RunsCommands.DeciderAsync(context, platform, run, ct), parse.GetRequiredValue(reason), parse.GetValue(key), ct);
            return RunWatch.Close(context, await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct));
        });
        return retry;
    }

    public static Command Rerun(CommandHost host)
    {
        Argument<string?> id = RunsCommands.Id();
        var from = new Option<string?>("--from") { Description = "This step and all that need it run again in any case" };
        var version = new Option<string>("--version") { Description = "original, latest or a version such as 1.2.0", DefaultValueFactory = _ => RunVersions.Original };
        var set = new Option<string[]>("--set") { Description = "Parameters that differ, e.g. --set select=3", AllowMultipleArgumentsPerToken = true };
        var reason = new Option<string>("--reason") { Description = "Why, for the record", DefaultValueFactory = _ => "run again by command" };
        var detach = new Option<bool>("--detach") { Description = "Ask for the run and leave; an engine picks it up" };
        Option<string?> key = Key();
        Command rerun = new("rerun", "Go over an ended run again as a new run; what was made from the same input is taken over")
        {
            id, from, version, set, reason, detach, key,
        };
        host.RunOnStore(rerun, async (parse, context, ct) =>
        {
            (Platform platform, RunId of) = await RunsCommands.MeantAsync(context, parse.GetValue(id), ct);
            RunState earlier = (await platform.Engine.Journal.LoadAsync(of, ct)).State;
            WorkflowDefinition workflow = await RunVersions.OfAsync(earlier, parse.GetRequiredValue(version), platform.Engine.Versions, platform.Workflows, ct);
            RunId run = await platform.Engine.Requests.RerunAsync(
                new(of, workflow, WorkflowsCommands.Parameters(workflow, parse.GetValue(set) ?? []), parse.GetValue(from), (await context.ActorAsync(Right.Run, ct)).Id, parse.GetRequiredValue(reason)),
                parse.GetValue(key), ct);
            if (parse.GetValue(detach))
            {
                context.Output.Item(new { Id = run.Value, RerunOf = of.Value, Status = "queued" }, ("run", run.Value), ("rerun of", of.Value), ("state", "queued"));
                return ExitCode.Ok;
            }

            return RunWatch.Close(context, await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct));
        });
        return rerun;
    }

    /// <summary>The key under which a request happens once.</summary>
    internal static Option<string?> Key() => new("--key") { Description = "Asking again under the same key asks for nothing more" };

    private static Option<string> Reason() => new("--reason") { Description = "Why, for the record", Required = true };
}
