using System.CommandLine;
using System.Globalization;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq workflows next / pause / unpause</c>: when a workflow starts by itself.</summary>
internal static class WorkflowTimesCommands
{
    /// <summary>Fire times, holidays and changes of the clock applied.</summary>
    public static Command Next(CommandHost host)
    {
        Argument<string> id = WorkflowsCommands.Name();
        var from = new Option<string?>("--from") { Description = "First instant: a date or local time of the schedule's clock, or ISO 8601 with offset (default: now)" };
        var to = new Option<string?>("--to") { Description = "End, itself left out; a date means the whole of its day (default: the next ones)" };
        var limit = new LimitOption("So many where there is no --to", 10);
        Command next = new("next", "Show when a workflow fires, holidays applied; by hand alone gives none") { id, from, to };
        limit.AddTo(next);
        host.Run(next, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            WorkflowDefinition workflow = WorkflowsCommands.Load(platform, parse.GetRequiredValue(id));
            Stretch stretch = Stretch.Read(parse.GetValue(from), parse.GetValue(to), workflow.Schedule?.Zone ?? TimeZoneInfo.Utc, platform.Clock.GetUtcNow());
            IReadOnlyList<FireTime> fires = workflow.Schedule is { } schedule ? stretch.Of(schedule, limit.Read(parse)) : [];
            context.Output.List(
                fires, fires.Select(f => Instant(f.AtUtc)).ToArray(),
                new("fires", f => Instant(f.AtUtc), Weight: Weight.Key),
                new($"in {workflow.Schedule?.Zone.Id ?? "UTC"}", f => f.Local.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                new("note", f => f.MovedFrom is { } moved ? $"moved from {moved.ToString("ddd yyyy-MM-dd", CultureInfo.InvariantCulture)}" : null, Tone: _ => Tone.Quiet));
            NoteWhatIsDropped(context.Output, workflow, stretch, fires);
            return ExitCode.Ok;
        });
        return next;
    }

    /// <summary>Keeps a workflow's schedule from firing.</summary>
    public static Command Pause(CommandHost host) => Decide(host, "pause", "Keep a workflow's schedule from firing; runs under way go on", pause: true);

    /// <summary>Lets a schedule fire again.</summary>
    public static Command Unpause(CommandHost host) => Decide(host, "unpause", "Let a paused schedule fire again, from now on", pause: false);

    private static Command Decide(CommandHost host, string verb, string what, bool pause)
    {
        Argument<string> id = WorkflowsCommands.Name();
        var reason = new Option<string>("--reason") { Description = "Why, for the record", Required = true };
        Command command = new(verb, what) { id, reason };
        host.Run(command, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            WorkflowDefinition workflow = WorkflowsCommands.Load(platform, parse.GetRequiredValue(id));
            string why = parse.GetRequiredValue(reason), by = (await context.ActorAsync(Right.Operate, ct)).Id;
            await (pause ? platform.Schedules.PauseAsync(workflow, by, why, ct) : platform.Schedules.UnpauseAsync(workflow, by, why, ct));
            context.Output.Item(new { workflow.Id, Paused = pause, Reason = why }, ("workflow", workflow.Id), ("schedule", pause ? "paused" : "fires again"), ("reason", why));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>An instant in ISO 8601.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void NoteWhatIsDropped(Output output, WorkflowDefinition workflow, Stretch stretch, IReadOnlyList<FireTime> fires)
    {
        if (workflow.Schedule is not { } schedule)
        {
            output.Note($"{workflow.Id} is started by hand alone.");
            return;
        }

        if ((stretch.ToUtc ?? fires.LastOrDefault()?.AtUtc) is { } until)
        {
            // Days that a rule simply skips are many and expected; what a convention could not keep is worth a line.
            foreach (DroppedFire dropped in FireTimes.DroppedBetween(schedule, stretch.FromUtc, until).Where(d => d.ByConvention).Take(20))
            {
                output.Note($"{dropped.Local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} is dropped: {dropped.Reason}.");
            }
        }

        if ((workflow.Awaits ?? schedule.Paused) is { } reason)
        {
            output.Note($"{workflow.Id} is paused: {reason}.");
        }
    }
}
