using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq workflows list / show / validate / test / trigger / next / pause / unpause / backfill / schema / kinds</c>, also under the name <c>dags</c>.</summary>
internal static class WorkflowsCommands
{
    public static Command Create(CommandHost host)
    {
        Command workflows = new("workflows", "Workflow files, their fire times, and runs of them by hand")
        {
            List(host), Show(host), Validate(host), Test(host), Trigger(host), WorkflowTimesCommands.Next(host),
            WorkflowTimesCommands.Pause(host), WorkflowTimesCommands.Unpause(host), BackfillCommand.Create(host), WorkflowVersionCommands.Publish(host), WorkflowVersionCommands.Diff(host), WorkflowKindsCommands.Schema(host), WorkflowKindsCommands.Kinds(host),
        };
        workflows.Aliases.Add("dags");
        return workflows;
    }

    private const int FiresShown = 10;

    private static Command List(CommandHost host)
    {
        Command list = new("list", "List the workflow files");
        host.Run(list, async (_, context, ct) =>
        {
            // The files belong to the program and can be listed before there is any store; whoever names a folder means one that is there.
            if (context.IsDataNamed)
            {
                context.RefuseNoStore();
            }

            Platform platform = await context.PlatformAsync(ct);
            IReadOnlyList<ListedWorkflow> rows = await ListedWorkflow.AllAsync(platform, FolderOf(platform), ct);
            context.Output.List(
                rows,
                rows.Select(r => new
                {
                    r.File.Id, r.File.Version, Summary = r.Parsed.IsOk ? r.Parsed.Value.Summary : null, Steps = r.Parsed.IsOk ? r.Parsed.Value.Steps.Count : 0,
                    WorkflowHash = r.Parsed.IsOk ? r.Parsed.Value.Hash.Hex : null, Schedule = r.Schedule?.Summary, Zone = r.Schedule?.Zone.Id, Calendar = r.Schedule?.Calendar?.Id,
                    NextFireUtc = r.Next is { } next ? WorkflowTimesCommands.Instant(next) : null, Paused = r.Paused is not null, PausedReason = r.Paused, r.Problems,
                }).ToArray(),
                new("workflow", r => r.File.Id, Weight: Weight.Key), new("version", r => r.File.Version),
                new("steps", r => r.Parsed.IsOk ? r.Parsed.Value.Steps.Count.ToString(CultureInfo.InvariantCulture) : "", Right: true),
                new("state", r => r.State, Tone: r => r.Problems.Count > 0 ? Tone.Bad : r.Paused is null ? Tone.Ok : Tone.Waiting, Weight: Weight.Key),
                new("schedule", r => r.Schedule is { } schedule ? $"{schedule.Summary} {schedule.Zone.Id}" : r.Parsed.IsOk ? "by hand" : null, Tone: _ => Tone.Quiet),
                new("next fire", r => r.Next is { } next ? WorkflowTimesCommands.Instant(next) : null),
                new("summary", r => r.Parsed.IsOk ? r.Parsed.Value.Summary : null, Weight: Weight.Detail));
            foreach (ListedWorkflow bad in rows.Where(r => r.Problems.Count > 0))
            {
                context.Output.Note($"{bad.File.Name} cannot run: {bad.Problems[0]}");
            }

            foreach (IGrouping<string?, ListedWorkflow> paused in rows.Where(r => r.Paused is not null && !r.IsAwaiting).GroupBy(r => r.Paused))
            {
                context.Output.Note($"Paused: {string.Join(", ", paused.Select(r => r.File.Id))}: {paused.Key}.");
            }

            foreach (string stray in FolderOf(platform).Strays())
            {
                context.Output.Note($"{stray} is found by nothing: name it ID.VERSION.yaml, e.g. lifecycle.1.0.0.yaml.");
            }

            if (rows.Count(r => r.IsAwaiting) is > 0 and var awaiting)
            {
                context.Output.Note(string.Create(CultureInfo.InvariantCulture, $"{awaiting} are paused until a later release brings their steps; 'sigmatiq workflows show ID' names them."));
            }

            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Show(CommandHost host)
    {
        Argument<string> id = Name();
        Command show = new("show", "Show a workflow with its parameters and steps") { id };
        host.Run(show, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            WorkflowDefinition workflow = Load(platform, parse.GetRequiredValue(id));
            SchedulePause? pause = (await platform.Schedules.PausesAsync(ct)).GetValueOrDefault(workflow.Id);
            Problem? changed = WorkflowVersions.Changed(workflow, await platform.Engine.Versions.HashAsync(workflow.Id, workflow.Version, ct));
            IReadOnlyList<DecidedFire> fires = await platform.Schedules.FiresAsync(workflow.Id, FiresShown, ct);
            IReadOnlyList<BackfillView> backfills = await platform.Backfill.ListAsync(workflow.Id, ct);
            if (context.Output.AsJson)
            {
                context.Output.Value(new
                {
                    workflow.Id, workflow.Version, workflow.Summary, WorkflowHash = workflow.Hash.Hex,
                    Schedule = workflow.Schedule is { } times ? new
                    {
                        Zone = times.Zone.Id, Calendar = times.Calendar?.Id, Paused = times.Paused ?? pause?.Reason, PausedBy = pause?.PausedBy, PausedAtUtc = pause?.PausedAtUtc,
                        Fires = times.Lines.Select(l => new { Cron = l.Cron.Text, l.Cron.Form, l.Holiday }),
                    } : null,
                    Awaits = workflow.Awaits, Changed = changed,
                    LatestFires = fires, Backfills = backfills,
                    Parameters = workflow.Parameters.Select(p => new { Id = p.Name, p.Type, p.Required, p.Default, p.Min, p.Max, p.Help }),
                    Steps = workflow.Steps.Select(s => new
                    {
                        Id = s.Name, s.Uses, s.Needs, When = s.WhenText, ForEach = s.ForEach is { } each ? new { each.As, each.MaxParallel } : null,
                        Attempts = s.Retry.Attempts, TimeoutSeconds = s.Timeout?.TotalSeconds,
                    }),
                });
                return ExitCode.Ok;
            }

            context.Output.Item(workflow, ("workflow", $"{workflow.Id} {workflow.Version}"), ("summary", workflow.Summary), ("hash", workflow.Hash.Hex),
                ("schedule", workflow.Schedule is { } schedule ? $"{schedule.Summary}, {schedule.Zone.Id}{(schedule.Calendar is { } days ? $", days of {days.Id}" : "")}" : "by hand"),
                ("paused", workflow.Awaits ?? workflow.Schedule?.Paused ?? (pause is null ? null : $"{pause.Reason} ({pause.PausedBy}, {WorkflowTimesCommands.Instant(pause.PausedAtUtc)})")),
                ("cannot run", changed?.ToString()));
            context.Output.Line();
            context.Output.List(
                workflow.Parameters,
                new("parameter", p => p.Name), new("type", p => p.Type.ToString().ToLowerInvariant(), Tone: _ => Tone.Quiet),
                new("default", p => p.Required ? "(required)" : p.Default?.ToJsonString() ?? "(not set)"), new("help", p => p.Help));
            context.Output.Line();
            context.Output.List(
                workflow.Steps,
                new("step", s => s.Name), new("kind", s => s.Uses), new("needs", s => string.Join(", ", s.Needs)),
                new("per item", s => s.ForEach is { } each ? $"{each.As}, {each.MaxParallel} at a time" : null),
                new("when", s => s.WhenText), new("attempts", s => s.Retry.Attempts.ToString(CultureInfo.InvariantCulture), Right: true));
            if (backfills.Count > 0)
            {
                context.Output.Line();
                context.Output.List(
                    backfills,
                    new("backfill", b => b.Token, Weight: Weight.Key), new("state", b => b.State, Weight: Weight.Key),
                    new("ended", b => $"{b.Ended} of {b.Fires}", Right: true), new("by", b => b.RequestedBy), new("reason", b => b.Reason));
            }

            if (fires.Count > 0)
            {
                context.Output.Line();
                context.Output.List(
                    fires,
                    new("fire", f => WorkflowTimesCommands.Instant(f.FireUtc), Weight: Weight.Key),
                    new("outcome", f => f.Outcome, Tone: f => f.Outcome switch { "started" => Tone.Ok, "refused" => Tone.Bad, _ => Tone.Quiet }, Weight: Weight.Key),
                    new("run", f => f.RunId), new("reason", f => f.Reason));
            }

            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Validate(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = "A workflow file, or the id of one in workflows/" };
        Command validate = new("validate", "Check a workflow file and say all that is wrong with it") { file };
        host.Run(validate, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string given = parse.GetRequiredValue(file);
            ParseResult<WorkflowDefinition> parsed = File.Exists(given) || given.EndsWith(".yaml", StringComparison.Ordinal)
                ? FolderOf(platform).Parse(given)
                : ParseResult<WorkflowDefinition>.Ok(Load(platform, given));
            if (!parsed.IsOk)
            {
                context.Output.Problems(parsed.Problems);
                return parsed.Problems[0].Exit;
            }

            WorkflowDefinition workflow = parsed.Value;
            if (WorkflowVersions.Changed(workflow, await platform.Engine.Versions.HashAsync(workflow.Id, workflow.Version, ct), File.Exists(given) ? given : null) is { } changed)
            {
                context.Output.Problems([changed]);
                return changed.Exit;
            }

            context.Output.Item(
                new { workflow.Id, workflow.Version, WorkflowHash = workflow.Hash.Hex, Steps = workflow.Steps.Count, Valid = true, workflow.Warnings },
                ("workflow", $"{workflow.Id} {workflow.Version}"), ("hash", workflow.Hash.Hex), ("steps", workflow.Steps.Count.ToString(CultureInfo.InvariantCulture)),
                ("state", workflow.Warnings.Count == 0 ? "valid" : "valid, with warnings"));
            foreach (Problem warning in workflow.Warnings)
            {
                context.Output.Note($"{warning.Where}: warning {warning.Code}: {warning.Message} {warning.Remedy}");
            }

            return ExitCode.Ok;
        });
        return validate;
    }

    private static Command Test(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = "A workflow file, or the id or id@version of one in workflows/" };
        var only = new Option<string?>("--case") { Description = "Only cases whose name holds these words" };
        Command test = new("test", "Play the cases of a workflow, those in its file and those beside it in tests/; no step runs, and weeks pass at once") { file, only };
        host.Run(test, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string given = parse.GetRequiredValue(file);
            (string path, WorkflowDefinition workflow) = File.Exists(given) || given.EndsWith(".yaml", StringComparison.Ordinal)
                ? (given, FolderOf(platform).Parse(given).Value) : FileOf(platform, Load(platform, given));
            WorkflowTest[] cases = [.. workflow.Tests.Concat(WorkflowFolder.TestsBeside(path, workflow, platform.Engine.Kinds)).Where(t => t.Name.Contains(parse.GetValue(only) ?? "", StringComparison.OrdinalIgnoreCase))];
            if (cases.Length == 0)
            {
                throw new ProblemException(WorkflowCodes.NoCase, parse.GetValue(only) is { } words ? $"{workflow.Id} has no case with '{words}' in its name." : $"{workflow.Id} has no cases.", path,
                    $"Write them under tests: in the file, or in {WorkflowTestYaml.Folder}/{Path.GetFileName(path)} beside it.", ExitCode.BadUsage);
            }

            RehearsalResult[] results = [.. cases.Select(t => Rehearsal.Play(workflow, platform.Engine.Kinds, t))];
            context.Output.List(
                results, results.Select(r => new { Id = r.Test, r.Passed, TookSeconds = r.Took.TotalSeconds, Events = r.Events.Count, r.Differences }).ToArray(),
                new("case", r => r.Test, Weight: Weight.Key), new("state", r => r.Passed ? "passed" : "failed", Tone: r => r.Passed ? Tone.Ok : Tone.Bad, Weight: Weight.Key),
                new("took", r => r.Took.ToString("c", CultureInfo.InvariantCulture), Right: true, Tone: _ => Tone.Quiet),
                new("difference", r => string.Join("; ", r.Differences)));
            return results.All(r => r.Passed) ? ExitCode.Ok : ExitCode.Error;
        });
        return test;
    }

    private static (string Path, WorkflowDefinition Workflow) FileOf(Platform platform, WorkflowDefinition workflow) =>
        (FolderOf(platform).List().First(f => f.Id == workflow.Id && f.Version == workflow.Version).Path, workflow);

    /// <summary>Starts a run.</summary>
    internal static Command Trigger(CommandHost host, string verb = "trigger", string what = "Start a run and bring it to rest")
    {
        Argument<string> id = Name();
        var set = new Option<string[]>("--param") { Description = "Parameters, e.g. --param ticker=SPY", AllowMultipleArgumentsPerToken = true };
        var until = new Option<string?>("--until") { Description = "Last step to run" };
        var detach = new Option<bool>("--detach") { Description = "Ask for the run and leave; an engine picks it up" };
        Option<string?> key = RunsControlCommands.Key();
        Command trigger = new(verb, what) { id, set, until, detach, key };
        host.Run(trigger, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            WorkflowDefinition workflow = Load(platform, parse.GetRequiredValue(id));
            RunId run = await platform.Engine.Requests.StartAsync(
                new(workflow, Parameters(workflow, parse.GetValue(set) ?? []), (await context.ActorAsync(Right.Run, ct)).Id) { Until = parse.GetValue(until) }, parse.GetValue(key), ct);
            if (parse.GetValue(detach))
            {
                string state = (await platform.Engine.Views.SummaryAsync(run, ct)).Status;
                context.Output.Item(new { Id = run.Value, Status = state }, ("run", run.Value), ("state", state));
                return ExitCode.Ok;
            }

            RunView view = await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct);
            return RunWatch.Close(context, view);
        });
        return trigger;
    }

    /// <summary>Parameters of a command line, read by the types of the workflow.</summary>
    /// <exception cref="ProblemException">WFL-1006: there is no such parameter. WFL-1013: not <c>name=value</c>, or no value of its type.</exception>
    internal static JsonObject Parameters(WorkflowDefinition workflow, IReadOnlyList<string> pairs)
    {
        JsonObject given = [];
        List<Problem> problems = [];
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=');
            string name = equals < 0 ? pair : pair[..equals];
            try
            {
                ParameterSpec? parameter = workflow.Parameters.FirstOrDefault(p => p.Name == name);
                given[name] = parameter is null ? null
                    : equals >= 0 ? RunParameters.FromText(parameter, pair[(equals + 1)..])
                    : throw new ProblemException(WorkflowCodes.BadParameter, $"'{pair}' gives no value.", name, "Write name=value.", ExitCode.BadUsage);
            }
            catch (ProblemException refused)
            {
                problems.AddRange(refused.All);
            }
        }

        // What can be read but does not fit is told along with what cannot; what is missing is for the one who starts a run.
        try
        {
            RunParameters.Complete(workflow, given);
        }
        catch (ProblemException refused)
        {
            problems.AddRange(refused.All.Where(p => given.ContainsKey(p.Where ?? "")));
        }

        return problems.Count == 0 ? given : throw new ProblemException(problems);
    }

    /// <summary>The workflow that a command means.</summary>
    internal static Argument<string> Name() => new("workflow") { Description = "Id, or id@version (default: the newest version)" };

    private static WorkflowFolder FolderOf(Platform platform) => platform.Workflows;

    /// <summary>The workflow of an id or <c>id@version</c>.</summary>
    internal static WorkflowDefinition Load(Platform platform, string name) =>
        name.Split('@', 2) is [var id, var version] ? FolderOf(platform).Load(id, version) : FolderOf(platform).Load(name);
}
