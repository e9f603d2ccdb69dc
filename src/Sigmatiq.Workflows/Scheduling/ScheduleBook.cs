using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>A person's pause of a schedule.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Reason">Why.</param>
/// <param name="PausedBy">Who.</param>
/// <param name="PausedAtUtc">Since when.</param>
public sealed record SchedulePause(string WorkflowId, string Reason, string PausedBy, DateTimeOffset PausedAtUtc);

/// <summary>A fire with what became of it.</summary>
/// <param name="FireUtc">Its instant.</param>
/// <param name="Outcome"><c>started, skipped, paused, dropped, refused</c>.</param>
/// <param name="RunId">The run that it started.</param>
/// <param name="Reason">Why it came late or not at all.</param>
/// <param name="DecidedAtUtc">When that was decided.</param>
public sealed record DecidedFire(DateTimeOffset FireUtc, string Outcome, string? RunId, string? Reason, DateTimeOffset DecidedAtUtc);

/// <summary>What became of a fire, with the run that came of it.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="FireUtc">Its instant.</param>
/// <param name="Outcome"><c>started, skipped, paused, dropped, refused</c>, or <c>made_up</c> by a backfill.</param>
/// <param name="RunId">The run that it started.</param>
/// <param name="RunStatus">The state of that run.</param>
/// <param name="Reason">Why it came late or not at all.</param>
public sealed record SettledFire(string WorkflowId, DateTimeOffset FireUtc, string Outcome, string? RunId, string? RunStatus, string? Reason);

/// <summary>The rows about schedules: pauses, how far fires have been decided, and what became of each.</summary>
public sealed class ScheduleBook(IRowStore rows, AuditChain audit, TimeProvider clock)
{
    /// <summary>Name of a workflow's own schedule in the key of a fire.</summary>
    public const string Own = "schedule";

    /// <summary>Kind of the message that a workflow cannot fire.</summary>
    public const string Alert = "alert.schedule";

    // A dropped fire is a note: another expression may well fire at its instant.
    private const string Notes = "note";
    private const string Mark = "select decided_until_utc from schedule_marks where workflow_id = @workflow";

    /// <summary>All pauses.</summary>
    public async Task<IReadOnlyDictionary<string, SchedulePause>> PausesAsync(CancellationToken ct) =>
        (await rows.QueryAsync<SchedulePause>("select workflow_id, reason, paused_by, paused_at_utc from schedule_pauses", null, ct)).ToDictionary(p => p.WorkflowId, StringComparer.Ordinal);

    /// <summary>The newest decided fires of a workflow first.</summary>
    public Task<IReadOnlyList<DecidedFire>> FiresAsync(string workflow, int limit, CancellationToken ct) => rows.QueryAsync<DecidedFire>(
        "select fire_utc, outcome, run_id, reason, decided_at_utc from schedule_fires where workflow_id = @workflow order by fire_utc desc, schedule desc limit @limit",
        new { workflow, limit }, ct);

    /// <summary>What became of the fires of all workflows in a stretch, oldest first; a fire that was made up for names the run of its backfill.</summary>
    public Task<IReadOnlyList<SettledFire>> SettledAsync(DateTimeOffset fromUtc, DateTimeOffset toUtc, CancellationToken ct) => rows.QueryAsync<SettledFire>(
        """
        select f.workflow_id, f.fire_utc, f.outcome, f.run_id, r.status as run_status, f.reason
          from schedule_fires f left join runs r on r.run_id = f.run_id where f.fire_utc >= @fromUtc and f.fire_utc < @toUtc
        union all
        select b.workflow_id, b.fire_utc, 'made_up' as outcome, b.run_id, coalesce(r.status, 'queued') as run_status, case when 1 = 0 then b.outcome end as reason
          from backfill_fires b left join runs r on r.run_id = b.run_id
         where b.fire_utc >= @fromUtc and b.fire_utc < @toUtc and (b.outcome is null or b.outcome <> 'not_started')
         order by 2, 1, 3
        """,
        new { fromUtc, toUtc }, ct);

    /// <summary>Keeps a schedule from firing until it is unpaused.</summary>
    /// <exception cref="ProblemException">WFL-1025: it has no schedule or is paused already.</exception>
    public async Task PauseAsync(WorkflowDefinition workflow, string by, string reason, CancellationToken ct)
    {
        Scheduled(workflow);
        Reasoned(reason);
        await rows.InTransactionAsync(async tx =>
        {
            int added = await tx.ExecuteAsync(
                "insert into schedule_pauses (workflow_id, reason, paused_by, paused_at_utc) values (@Id, @reason, @by, @Now) on conflict do nothing",
                new { workflow.Id, reason, by, Now = clock.GetUtcNow() }, ct);
            if (added == 0)
            {
                throw Refused($"{workflow.Id} is paused already.", workflow.Id, "See 'sigmatiq workflows show'.");
            }

            await audit.AppendAsync(tx, new(by, "schedule.paused", workflow.Id, reason, null), ct);
        }, ct);
    }

    /// <summary>Lets a schedule fire again, from now on: what came due in the pause is not made up for.</summary>
    /// <exception cref="ProblemException">WFL-1025: nobody has paused it, or it has no schedule.</exception>
    public async Task UnpauseAsync(WorkflowDefinition workflow, string by, string reason, CancellationToken ct)
    {
        string? kept = Scheduled(workflow);
        Reasoned(reason);
        await rows.InTransactionAsync(async tx =>
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (await tx.FirstOrDefaultAsync<string>("delete from schedule_pauses where workflow_id = @Id returning reason", new { workflow.Id }, ct) is not { } pause)
            {
                throw kept is null
                    ? Refused($"{workflow.Id} is not paused.", workflow.Id, "Nothing needs to be done.")
                    : Refused($"Nobody has paused {workflow.Id}: {kept}.", workflow.Id, "Use a version of the file that is not paused and whose steps are built.");
            }

            // No engine may have been there to note what came due in the pause.
            if (await tx.FirstOrDefaultAsync<DateTimeOffset?>(Mark, new { workflow = workflow.Id }, ct) is { } mark)
            {
                await PassAsync(tx, workflow.Id, DueFires.Of(workflow.Schedule!, mark, pause, now).Passed, ct);
            }

            await MarkAsync(tx, workflow.Id, now, ct);
            await audit.AppendAsync(tx, new(by, "schedule.unpaused", workflow.Id, reason, null), ct);
        }, ct);
    }

    /// <summary>Whether fires of a workflow have ever been decided.</summary>
    internal async Task<bool> HasMarkAsync(string workflow, CancellationToken ct) => await rows.FirstOrDefaultAsync<DateTimeOffset?>(Mark, new { workflow }, ct) is not null;

    /// <summary>Alerts that a workflow cannot fire until its file is mended: once a day for as long as that lasts, however many processes see it.</summary>
    internal Task AlertAsync(WorkflowFile file, Problem held, DateOnly day, CancellationToken ct) => rows.InTransactionAsync(async tx =>
    {
        // The mark stands still while a workflow is held, so it names this hold among all that the same fault may cause on a day.
        DateTimeOffset? mark = await tx.FirstOrDefaultAsync<DateTimeOffset?>(Mark, new { workflow = file.Id }, ct);
        string key = string.Create(CultureInfo.InvariantCulture, $"schedule:{file.Name}:{held.Code}:{(mark is { } at ? UtcText.Format(at) : "never")}:{day:yyyy-MM-dd}");
        await new OutboxQueue(rows, clock).EnqueueAsync(tx, key, Alert, new JsonObject
        {
            ["title"] = $"{file.Id} {file.Version} does not fire: {held.Message}",
            ["workflow"] = file.Id,
            ["version"] = file.Version,
            ["code"] = held.Code,
            ["message"] = held.Message,
            ["where"] = held.Where,
            ["remedy"] = held.Remedy,
        }, ct, $"schedule:{file.Id}");
    }, ct);

    /// <summary>Until when fires have been decided; the first question makes it now, so that nothing before is caught up.</summary>
    internal async Task<DateTimeOffset> MarkOfAsync(string workflow, CancellationToken ct)
    {
        await rows.ExecuteAsync("insert into schedule_marks (workflow_id, decided_until_utc) values (@workflow, @Now) on conflict do nothing", new { workflow, Now = clock.GetUtcNow() }, ct);
        return await rows.FirstOrDefaultAsync<DateTimeOffset>(Mark, new { workflow }, ct);
    }

    /// <summary>Moves the mark on, never back.</summary>
    internal Task MarkAsync(string workflow, DateTimeOffset untilUtc, CancellationToken ct) => MarkAsync(rows, workflow, untilUtc, ct);

    /// <summary>The fires after an instant that somebody has decided already.</summary>
    internal async Task<IReadOnlySet<DateTimeOffset>> DecidedSinceAsync(string workflow, DateTimeOffset afterUtc, CancellationToken ct) =>
        (await rows.QueryAsync<DateTimeOffset>("select fire_utc from schedule_fires where workflow_id = @workflow and schedule = @Own and fire_utc > @afterUtc",
            new { workflow, Own, afterUtc }, ct)).ToHashSet();

    /// <summary>Claims a fire for a run, in the transaction that creates the run.</summary>
    /// <returns>Whether the fire was still free.</returns>
    internal async Task<bool> ClaimAsync(IRowTransaction tx, string workflow, DateTimeOffset fireUtc, RunId run, string? reason, CancellationToken ct) =>
        await NoteAsync(tx, workflow, Own, fireUtc, "started", run.Value, reason, ct) == 1;

    /// <summary>Writes down fires that start nothing; those already decided stay as they are.</summary>
    internal Task PassAsync(string workflow, IReadOnlyList<NotedFire> fires, CancellationToken ct) =>
        fires.Count == 0 ? Task.CompletedTask : rows.InTransactionAsync(tx => PassAsync(tx, workflow, fires, ct), ct);

    private async Task PassAsync(IRowTransaction tx, string workflow, IReadOnlyList<NotedFire> fires, CancellationToken ct)
    {
        foreach (NotedFire fire in fires)
        {
            await NoteAsync(tx, workflow, fire.Outcome == "dropped" ? Notes : Own, fire.AtUtc, fire.Outcome, null, fire.Reason, ct);
        }
    }

    private Task<int> NoteAsync(IRowTransaction tx, string workflow, string schedule, DateTimeOffset fireUtc, string outcome, string? run, string? reason, CancellationToken ct) =>
        tx.ExecuteAsync(
            """
            insert into schedule_fires (workflow_id, schedule, fire_utc, outcome, run_id, reason, decided_at_utc)
            values (@workflow, @schedule, @fireUtc, @outcome, @run, @reason, @Now) on conflict do nothing
            """,
            new { workflow, schedule, fireUtc, outcome, run, reason, Now = clock.GetUtcNow() }, ct);

    private static Task MarkAsync(IRows into, string workflow, DateTimeOffset untilUtc, CancellationToken ct) => into.ExecuteAsync(
        """
        insert into schedule_marks (workflow_id, decided_until_utc) values (@workflow, @untilUtc)
        on conflict (workflow_id) do update set decided_until_utc = excluded.decided_until_utc where schedule_marks.decided_until_utc < excluded.decided_until_utc
        """,
        new { workflow, untilUtc }, ct);

    private static string? Scheduled(WorkflowDefinition workflow) => workflow.Schedule is { } schedule
        ? workflow.Awaits ?? schedule.Paused
        : throw Refused($"{workflow.Id} has no schedule.", workflow.Id, "It starts by hand alone: 'sigmatiq workflows trigger'.");

    private static void Reasoned(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new ProblemException(WorkflowCodes.ReasonMissing, "There is no reason.", "--reason", "Say why, for the record.", ExitCode.BadUsage);
        }
    }

    private static ProblemException Refused(string message, string where, string remedy) => new(WorkflowCodes.SchedulePause, message, where, remedy, ExitCode.BadUsage);
}
