using System.CommandLine;
using System.Globalization;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq workflows backfill</c>: a preview with a token, then exactly that or nothing.</summary>
internal static class BackfillCommand
{
    public static Command Create(CommandHost host)
    {
        Argument<string> id = WorkflowsCommands.Name();
        var from = new Option<string>("--from") { Description = "First instant: a date or local time of the schedule's clock, or ISO 8601 with offset", Required = true };
        var to = new Option<string>("--to") { Description = "End in the past, itself left out; a date means the whole of its day", Required = true };
        var keepGoing = new Option<bool>("--keep-going") { Description = "Go on after a failed run (default: stop)" };
        var commit = new Option<string?>("--commit") { Description = "Token of the preview: create exactly that, or nothing" };
        var reason = new Option<string>("--reason") { Description = "Why, for the record; needed with --commit", DefaultValueFactory = _ => "" };
        Command backfill = new("backfill", "Show which past fires have no run, or run them, oldest first, behind fresh runs") { id, from, to, keepGoing, commit, reason };
        host.Run(backfill, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            WorkflowDefinition workflow = WorkflowsCommands.Load(platform, parse.GetRequiredValue(id));
            Stretch stretch = Stretch.Read(parse.GetRequiredValue(from), parse.GetRequiredValue(to), workflow.Schedule?.Zone ?? TimeZoneInfo.Utc, platform.Clock.GetUtcNow());
            bool stop = !parse.GetValue(keepGoing);
            if (parse.GetValue(commit) is { } token)
            {
                await platform.Backfill.CommitAsync(workflow, stretch, stop, token, (await context.ActorAsync(Right.Operate, ct)).Id, parse.GetRequiredValue(reason), ct);
                BackfillView view = (await platform.Backfill.ListAsync(workflow.Id, ct)).First(b => b.Token == token);
                context.Output.Item(view, ("backfill", view.Token), ("state", view.State), ("ended", $"{view.Ended} of {view.Fires}"));
                context.Output.Note("A serving engine runs them; 'sigmatiq workflows show' says how far it is.");
                return ExitCode.Ok;
            }

            BackfillPreview preview = await platform.Backfill.PreviewAsync(workflow, stretch, stop, ct);
            context.Output.Item(
                new
                {
                    workflow.Id, preview.Token, Count = preview.Fires.Count, preview.AlreadyRun, StopOnFailure = stop,
                    Fires = preview.Fires.Select(f => WorkflowTimesCommands.Instant(f.AtUtc)),
                },
                ("workflow", $"{workflow.Id} {workflow.Version}"), ("fires", preview.Fires.Count.ToString(CultureInfo.InvariantCulture)),
                ("first", WorkflowTimesCommands.Instant(preview.Fires[0].AtUtc)), ("last", WorkflowTimesCommands.Instant(preview.Fires[^1].AtUtc)),
                ("left out", preview.AlreadyRun > 0 ? $"{preview.AlreadyRun} that have run" : null), ("on failure", stop ? "stop" : "keep going"), ("token", preview.Token));
            context.Output.Note($"Nothing is created yet: add --commit {preview.Token} --reason TEXT.");
            return ExitCode.Ok;
        });
        return backfill;
    }
}
