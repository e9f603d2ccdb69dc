using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>Turns fires that have come due into runs. Any number of desks may decide the same fires at the same time: the key of a fire
/// is written in the transaction that creates its run, so it has one run at most.</summary>
/// <param name="folder">The workflow files; of several versions the newest fires.</param>
/// <param name="versions">What was published: a file that says something else under its version does not fire.</param>
/// <param name="book">Pauses, marks and decided fires.</param>
/// <param name="requests">Starts runs.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">For files that cannot fire and fires that are refused.</param>
public sealed class ScheduleDesk(WorkflowFolder folder, WorkflowVersions versions, ScheduleBook book, RunRequests requests, TimeProvider clock, ILogger log)
{
    /// <summary>Who asks for a run that a schedule starts.</summary>
    public const string Requester = "schedule";

    // What was held at the look before, by workflow, and the day on which it was told.
    private readonly ConcurrentDictionary<string, (Problem Problem, DateOnly? Told)> held = new(StringComparer.Ordinal);

    /// <summary>Decides on everything that has come due.</summary>
    /// <returns>The next fire of each workflow that has a schedule and could run.</returns>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> DecideAllAsync(CancellationToken ct)
    {
        Dictionary<string, DateTimeOffset> next = new(StringComparer.Ordinal);
        foreach (WorkflowDefinition workflow in await ScheduledAsync(null, ct))
        {
            if (await DecideAsync(workflow, ct) is { } fire)
            {
                next[workflow.Id] = fire;
            }
        }

        return next;
    }

    /// <summary>Decides on what has come due of one workflow.</summary>
    /// <returns>Its next fire; null where it has none.</returns>
    public async Task<DateTimeOffset?> DecideAsync(string id, CancellationToken ct) =>
        await ScheduledAsync(id, ct) is [var workflow] ? await DecideAsync(workflow, ct) : null;

    /// <summary>Decides on what has come due of a workflow.</summary>
    /// <returns>Its next fire; null where it has none.</returns>
    public async Task<DateTimeOffset?> DecideAsync(WorkflowDefinition workflow, CancellationToken ct)
    {
        Schedule schedule = workflow.Schedule ?? throw new ArgumentException("The workflow has no schedule.", nameof(workflow));
        DateTimeOffset mark = await book.MarkOfAsync(workflow.Id, ct), now = clock.GetUtcNow();
        if (mark < now)
        {
            await DecideAsync(workflow, schedule, mark, now, ct);
            await book.MarkAsync(workflow.Id, now, ct);
        }

        return FireTimes.After(schedule, now)?.AtUtc;
    }

    private async Task DecideAsync(WorkflowDefinition workflow, Schedule schedule, DateTimeOffset markUtc, DateTimeOffset nowUtc, CancellationToken ct)
    {
        string? pause = (await book.PausesAsync(ct)).GetValueOrDefault(workflow.Id)?.Reason;
        DueFires due = DueFires.Of(schedule, markUtc, pause, nowUtc);
        if (due.Older > 0)
        {
            log.LogWarning("{Older} fires of {Workflow} were missed beyond the newest {Most} and are not noted one by one", due.Older, workflow.Id, DueFires.Most);
        }

        List<NotedFire> passed = [.. due.Passed];
        if (due.Decisions.Any(d => d.Starts))
        {
            IReadOnlySet<DateTimeOffset> decided = await book.DecidedSinceAsync(workflow.Id, markUtc, ct);
            foreach (FireDecision decision in due.Decisions.Where(d => d.Starts && !decided.Contains(d.Fire.AtUtc)))
            {
                if (await StartAsync(workflow, decision, ct) is { } refusal)
                {
                    passed.Add(new(decision.Fire.AtUtc, "refused", refusal));
                }
            }
        }

        await book.PassAsync(workflow.Id, passed, ct);
    }

    // Gives why the run was refused; null where it started or another desk had started it.
    private async Task<string?> StartAsync(WorkflowDefinition workflow, FireDecision decision, CancellationToken ct)
    {
        DateTimeOffset fire = decision.Fire.AtUtc;
        using RunTraces.Span span = RunTraces.Fire(workflow.Id, fire, clock);
        try
        {
            RunId run = await requests.StartAsync(
                new(workflow, [], Requester)
                {
                    AsOfUtc = fire,
                    Pins = new JsonObject { ["scheduled_for"] = UtcText.Format(fire) },
                    Alongside = async (tx, id, token) =>
                    {
                        if (!await book.ClaimAsync(tx, workflow.Id, fire, id, decision.Reason, token))
                        {
                            throw new FireTakenException();
                        }
                    },
                }, ct);
            span.Say(run);
            log.LogInformation("The fire of {Workflow} at {Fire} started {Run}", workflow.Id, fire, run);
            return null;
        }
        catch (FireTakenException)
        {
            return null;
        }
        catch (ProblemException e) when (!e.Problem.IsOfStore)
        {
            // A store that is locked or cannot be reached refuses nothing: the next look finds the fire as due as it was.
            log.LogWarning("The fire of {Workflow} at {Fire} was refused: {Code} {Message}", workflow.Id, fire, e.Problem.Code, e.Problem.Message);
            return $"{e.Problem.Code}: {e.Problem.Message}";
        }
    }

    // A workflow whose steps are not built yet has no marks either: once they are, nothing of the time before is caught up. One that is held keeps
    // its mark: once the file is mended, the policy decides on what came due meanwhile as after an outage.
    private async Task<IReadOnlyList<WorkflowDefinition>> ScheduledAsync(string? only, CancellationToken ct)
    {
        List<WorkflowDefinition> scheduled = [];
        IReadOnlyDictionary<string, ContentHash> published = await versions.HashesAsync(ct);
        foreach (WorkflowFile file in folder.List().DistinctBy(f => f.Id).Where(f => only is null || f.Id == only))
        {
            FiringFile found = FiringFile.Of(file, folder.Read(file), published.TryGetValue(file.Name, out ContentHash hash) ? hash : null);
            await TellAsync(found, ct);
            if (found.Fires is { } workflow)
            {
                scheduled.Add(workflow);
            }
        }

        return scheduled;
    }

    // An editor may be in the midst of saving: the second look that finds the same alerts. The log hears of each change once.
    private async Task TellAsync(FiringFile found, CancellationToken ct)
    {
        if (found.Held is not { } problem)
        {
            if (held.TryRemove(found.File.Id, out _))
            {
                log.LogInformation("{Path} is held no longer", found.File.Path);
            }

            return;
        }

        if (!held.TryGetValue(found.File.Id, out var before) || before.Problem != problem)
        {
            held[found.File.Id] = (problem, null);
            log.LogWarning("{Path} does not fire: {Problem}", found.File.Path, problem);
            return;
        }

        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (before.Told != today && await WouldFireAsync(found.File, ct))
        {
            await book.AlertAsync(found.File, problem, today, ct);
            held[found.File.Id] = (problem, today);
        }
    }

    // What is started by hand or paused by a person misses nothing.
    private async Task<bool> WouldFireAsync(WorkflowFile file, CancellationToken ct) =>
        !(await book.PausesAsync(ct)).ContainsKey(file.Id) && (WorkflowFolder.SaysSchedule(file) || await book.HasMarkAsync(file.Id, ct));
}
