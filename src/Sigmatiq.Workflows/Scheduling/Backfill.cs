using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>What a backfill would create.</summary>
/// <param name="Token">Bound to the workflow's content, the fires and what a failure does: committing it creates exactly these.</param>
/// <param name="Fires">The fires, oldest first.</param>
/// <param name="AlreadyRun">Fires of the stretch that are left out, since their run is under way or completed.</param>
public sealed record BackfillPreview(string Token, IReadOnlyList<FireTime> Fires, int AlreadyRun);

/// <summary>A committed backfill.</summary>
/// <param name="Token">Its token.</param>
/// <param name="State"><c>active, done, stopped</c>.</param>
/// <param name="Fires">Fires in all.</param>
/// <param name="Ended">Of these with an outcome.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Reason">Why.</param>
/// <param name="CommittedAtUtc">When.</param>
public sealed record BackfillView(string Token, string State, int Fires, int Ended, string RequestedBy, string Reason, DateTimeOffset CommittedAtUtc);

/// <summary>A backfill that is under way.</summary>
/// <param name="Token">Its token.</param>
/// <param name="Version">The version that its fires run; null where it is not known any more.</param>
/// <param name="Fires">Fires in all.</param>
/// <param name="Ended">Of these with an outcome.</param>
/// <param name="RequestedBy">Who asked.</param>
public sealed record ActiveBackfill(string Token, string? Version, int Fires, int Ended, string RequestedBy);

/// <summary>A fire with its run.</summary>
/// <param name="FireUtc">Its instant.</param>
/// <param name="RunId">The run; null before it starts.</param>
/// <param name="Status">The run's state; <c>pending</c> before it starts, <c>not_started</c> where a stop came first.</param>
public sealed record FireRun(DateTimeOffset FireUtc, string? RunId, string Status);

/// <summary>Past fires run after all: previewed, then committed as a whole or not at all, then started one after the other, oldest first,
/// whenever no fresh run of the workflow is under way. The schedule itself stays paused or not as it was.</summary>
public sealed class Backfill(IRowStore rows, RunRequests requests, WorkflowVersions versions, AuditChain audit, TimeProvider clock)
{
    /// <summary>Most fires in one backfill.</summary>
    public const int FiresMax = 10_000;

    /// <summary>The fires of a stretch that have no run yet; nothing is written.</summary>
    /// <exception cref="ProblemException">WFL-1024: the workflow cannot run yet. WFL-1026: it has no schedule, or the stretch is open, holds no
    /// fire or too many, or reaches into the future.</exception>
    public async Task<BackfillPreview> PreviewAsync(WorkflowDefinition workflow, Stretch stretch, bool stopOnFailure, CancellationToken ct)
    {
        if (workflow.Schedule is not { } schedule)
        {
            throw Refused($"{workflow.Id} has no schedule whose fires could be made up for.", workflow.Id, "Start it by 'sigmatiq workflows trigger'.");
        }

        if (workflow.Awaits is { } awaits)
        {
            throw new ProblemException(WorkflowCodes.NotBuilt, $"{workflow.Id} cannot run yet: {awaits}.", workflow.Id, "See its fire times with 'sigmatiq workflows next'.", ExitCode.BadUsage);
        }

        if (stretch.ToUtc is not { } to || to > clock.GetUtcNow())
        {
            throw Refused("A backfill ends in the past.", "to", "Give an end that is over; what comes due later fires by itself.");
        }

        HashSet<DateTimeOffset> run = [.. await rows.QueryAsync<DateTimeOffset>(
            """
            select f.fire_utc from schedule_fires f join runs r on r.run_id = f.run_id where f.workflow_id = @Id and r.status not in ('failed', 'cancelled')
            union
            select fire_utc from backfill_fires where workflow_id = @Id and (outcome is null or outcome = 'completed')
            """,
            new { workflow.Id }, ct)];
        IReadOnlyList<FireTime> all = stretch.Of(schedule, int.MaxValue);
        List<FireTime> fires = [.. all.Where(f => !run.Contains(f.AtUtc))];
        if (fires.Count is 0 or > FiresMax)
        {
            throw Refused(fires.Count == 0 ? "No fire of the stretch is without its run." : $"The stretch holds {fires.Count} fires.", "from",
                fires.Count == 0 ? "Look at 'sigmatiq workflows next' for the fires and at 'runs list' for the runs." : $"Ask for at most {FiresMax} at once.");
        }

        JsonArray set = [workflow.Hash.Hex, stopOnFailure, .. fires.Select(f => (JsonNode)UtcText.Format(f.AtUtc))];
        return new($"bf_{ContentHash.OfJson(set).Hex[..24]}", fires, all.Count - fires.Count);
    }

    /// <summary>Creates exactly what was previewed, or nothing. The same token again changes nothing.</summary>
    /// <exception cref="ProblemException">As for the preview. WFL-1027: the stretch no longer holds what the token stands for. WFL-2205: there is
    /// no reason.</exception>
    public async Task CommitAsync(WorkflowDefinition workflow, Stretch stretch, bool stopOnFailure, string token, string by, string reason, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new ProblemException(WorkflowCodes.ReasonMissing, "A backfill needs a reason.", "--reason", "Say why; it is kept.", ExitCode.BadUsage);
        }

        if (await rows.FirstOrDefaultAsync<string>("select token from backfills where token = @token and workflow_id = @Id", new { token, workflow.Id }, ct) is not null)
        {
            return;
        }

        BackfillPreview preview = await PreviewAsync(workflow, stretch, stopOnFailure, ct);
        if (preview.Token != token)
        {
            throw Changed(token);
        }

        await versions.PublishAsync(workflow, ct);
        await rows.InTransactionAsync(async tx =>
        {
            int mine = await tx.ExecuteAsync(
                """
                insert into backfills (token, workflow_id, workflow_hash, stop_on_failure, requested_by, reason, committed_at_utc, state)
                values (@token, @Id, @Hash, @stopOnFailure, @by, @reason, @Now, 'active') on conflict do nothing
                """,
                new { token, workflow.Id, workflow.Hash, stopOnFailure = stopOnFailure ? 1 : 0, by, reason, Now = clock.GetUtcNow() }, ct);
            if (mine == 0)
            {
                return;
            }

            foreach (FireTime fire in preview.Fires)
            {
                if (await tx.ExecuteAsync("insert into backfill_fires (token, workflow_id, fire_utc) values (@token, @Id, @AtUtc) on conflict do nothing", new { token, workflow.Id, fire.AtUtc }, ct) == 0)
                {
                    // Another backfill has taken one of the fires since the preview: all or nothing.
                    throw Changed(token);
                }
            }

            await audit.AppendAsync(tx, new(by, "backfill.committed", workflow.Id, reason, new JsonObject { ["token"] = token, ["fires"] = preview.Fires.Count }), ct);
        }, ct);
    }

    /// <summary>The newest backfills of a workflow first.</summary>
    public Task<IReadOnlyList<BackfillView>> ListAsync(string workflow, CancellationToken ct) => rows.QueryAsync<BackfillView>(
        """
        select b.token, b.state, count(f.fire_utc) as fires, count(f.outcome) as ended, b.requested_by, b.reason, b.committed_at_utc
          from backfills b join backfill_fires f on f.token = b.token where b.workflow_id = @workflow
         group by b.token, b.state, b.requested_by, b.reason, b.committed_at_utc order by b.committed_at_utc desc
        """,
        new { workflow }, ct);

    /// <summary>The backfills of a workflow that are under way, newest first, each with the version that it stays on.</summary>
    public Task<IReadOnlyList<ActiveBackfill>> ActiveAsync(string workflow, CancellationToken ct) => rows.QueryAsync<ActiveBackfill>(
        """
        select b.token, v.version, count(f.fire_utc) as fires, count(f.outcome) as ended, b.requested_by
          from backfills b join backfill_fires f on f.token = b.token left join workflow_versions v on v.workflow_hash = b.workflow_hash
         where b.workflow_id = @workflow and b.state = 'active'
         group by b.token, v.version, b.requested_by, b.committed_at_utc order by b.committed_at_utc desc
        """,
        new { workflow }, ct);

    /// <summary>The fires of a committed backfill, oldest first.</summary>
    /// <exception cref="ProblemException">WFL-1026: the workflow has no such backfill.</exception>
    public async Task<IReadOnlyList<FireRun>> FiresAsync(string workflow, string token, CancellationToken ct)
    {
        IReadOnlyList<FireRun> fires = await rows.QueryAsync<FireRun>(
            """
            select f.fire_utc, f.run_id, coalesce(r.status, f.outcome, 'pending') as status
              from backfill_fires f left join runs r on r.run_id = f.run_id where f.workflow_id = @workflow and f.token = @token order by f.fire_utc
            """,
            new { workflow, token }, ct);
        return fires.Count > 0 ? fires : throw Refused($"{workflow} has no backfill '{token}'.", "token", "See 'sigmatiq workflows show'.");
    }

    /// <summary>Fires of a stretch whose run is under way or completed, oldest first: what a preview leaves out.</summary>
    public Task<IReadOnlyList<FireRun>> AlreadyAsync(string workflow, Stretch stretch, CancellationToken ct) => rows.QueryAsync<FireRun>(
        """
        select f.fire_utc, f.run_id, r.status from schedule_fires f join runs r on r.run_id = f.run_id
         where f.workflow_id = @workflow and f.fire_utc >= @FromUtc and f.fire_utc < @To and r.status not in ('failed', 'cancelled')
        union
        select f.fire_utc, f.run_id, coalesce(r.status, 'pending') as status from backfill_fires f left join runs r on r.run_id = f.run_id
         where f.workflow_id = @workflow and f.fire_utc >= @FromUtc and f.fire_utc < @To and (f.outcome is null or f.outcome = 'completed')
         order by 1
        """,
        new { workflow, stretch.FromUtc, To = stretch.ToUtc ?? clock.GetUtcNow() }, ct);

    /// <summary>How long the newest completed runs of a workflow took, from request to end; empty where none has completed.</summary>
    public async Task<IReadOnlyList<TimeSpan>> TookAsync(string workflow, CancellationToken ct) =>
        [.. (await rows.QueryAsync<(DateTimeOffset From, DateTimeOffset To)>(
            "select requested_at_utc, ended_at_utc from runs where workflow_id = @workflow and status = 'completed' and ended_at_utc is not null order by ended_at_utc desc limit 20",
            new { workflow }, ct)).Select(r => r.To - r.From)];

    /// <summary>Takes note of runs that have ended and starts what may start now; any number of processes may do so.</summary>
    public async Task AdvanceAsync(CancellationToken ct)
    {
        foreach (Active active in await rows.QueryAsync<Active>("select token, workflow_id, workflow_hash, stop_on_failure, requested_by from backfills where state = 'active' order by committed_at_utc", null, ct))
        {
            await rows.ExecuteAsync(
                """
                update backfill_fires set outcome = (select r.status from runs r where r.run_id = backfill_fires.run_id)
                 where token = @Token and outcome is null and run_id in (select run_id from runs where status in ('completed', 'failed', 'cancelled'))
                """,
                active, ct);
            if (active.StopOnFailure != 0 && await CountAsync("outcome in ('failed', 'cancelled')", active, ct) > 0)
            {
                await rows.ExecuteAsync("update backfill_fires set outcome = 'not_started' where token = @Token and run_id is null and outcome is null", active, ct);
                await CloseAsync(active, "stopped", ct);
            }
            else if (await CountAsync("outcome is null", active, ct) == 0)
            {
                await CloseAsync(active, "done", ct);
            }
            else if (await CountAsync("run_id is not null and outcome is null", active, ct) == 0 && !await FreshRunsAsync(active, ct))
            {
                await StartNextAsync(active, ct);
            }
        }
    }

    private async Task StartNextAsync(Active active, CancellationToken ct)
    {
        DateTimeOffset fire = await rows.FirstAsync<DateTimeOffset>("select min(fire_utc) from backfill_fires where token = @Token and run_id is null and outcome is null", active, ct);
        WorkflowDefinition workflow = await versions.LoadAsync(ContentHash.Parse(active.WorkflowHash), ct);
        try
        {
            await requests.StartAsync(
                new(workflow, [], active.RequestedBy)
                {
                    AsOfUtc = fire,
                    Pins = new JsonObject { ["scheduled_for"] = UtcText.Format(fire), ["backfill"] = active.Token },
                    Alongside = async (tx, run, token) =>
                    {
                        // Another process may have started a fire since this one looked: never two of them at once.
                        if (await tx.ExecuteAsync(
                            """
                            update backfill_fires set run_id = @Run where token = @Token and fire_utc = @fire and run_id is null and outcome is null
                               and not exists (select 1 from backfill_fires o where o.token = @Token and o.run_id is not null and o.outcome is null)
                            """,
                            new { Run = run.Value, active.Token, fire }, token) != 1)
                        {
                            throw new FireTakenException();
                        }
                    },
                }, ct);
        }
        catch (FireTakenException)
        {
            // Another process has started it.
        }
        catch (ProblemException e) when (!e.Problem.IsOfStore)
        {
            // A store that is locked or cannot be reached refuses nothing: the next look starts the fire.
            await rows.ExecuteAsync("update backfill_fires set outcome = 'failed' where token = @Token and fire_utc = @fire and run_id is null", new { active.Token, fire }, ct);
        }
    }

    // Runs of the same workflow that are no part of a backfill go first; one that waits for a person holds nothing up.
    private async Task<bool> FreshRunsAsync(Active active, CancellationToken ct) => await rows.FirstAsync<int>(
        """
        select count(*) from runs r where r.workflow_id = @WorkflowId and r.ended_at_utc is null and r.status in ('queued', 'running')
           and not exists (select 1 from backfill_fires f where f.run_id = r.run_id)
        """,
        active, ct) > 0;

    private Task<int> CountAsync(string condition, Active active, CancellationToken ct) =>
        rows.FirstAsync<int>($"select count(*) from backfill_fires where token = @Token and {condition}", active, ct);

    private Task<int> CloseAsync(Active active, string state, CancellationToken ct) =>
        rows.ExecuteAsync("update backfills set state = @state where token = @Token and state = 'active'", new { state, active.Token }, ct);

    private static ProblemException Refused(string message, string where, string remedy) => new(WorkflowCodes.BadBackfill, message, where, remedy, ExitCode.BadUsage);

    private static ProblemException Changed(string token) => new(WorkflowCodes.BackfillChanged, $"The stretch no longer holds what {token} stands for.", token,
        "Preview it again: the workflow, its runs or the options have changed.", ExitCode.BadUsage);

    private sealed record Active(string Token, string WorkflowId, string WorkflowHash, int StopOnFailure, string RequestedBy);
}

/// <summary>Rolls back the transaction of a run whose fire somebody else has taken.</summary>
internal sealed class FireTakenException : Exception;
