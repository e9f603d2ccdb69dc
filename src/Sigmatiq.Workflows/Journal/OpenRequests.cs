using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Journal;

/// <summary>A request row that nobody has answered.</summary>
/// <param name="RequestId">Its number.</param>
/// <param name="Kind">One of the kinds of <see cref="RunRequests"/>.</param>
/// <param name="Subject">The wake key, or the run.</param>
/// <param name="RequestedBy">Who asks.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">The step of a retry; null takes every failed one.</param>
public sealed record OpenRequest(long RequestId, string Kind, string Subject, string RequestedBy, string Reason, string? Detail);

/// <summary>A run that wants a job.</summary>
/// <param name="Run">The run.</param>
/// <param name="Status">Its status.</param>
/// <param name="Group">Its concurrency group; null without.</param>
/// <param name="Limit">Runs of the group that may work at once; 0 without bound.</param>
/// <param name="IsAsked">Whether somebody asked something of it.</param>
public sealed record RunWanted(RunId Run, string Status, string? Group, int Limit, bool IsAsked);

/// <summary>What the engine finds to do when it looks.</summary>
public sealed class OpenRequests(IRowStore rows)
{
    /// <summary>Runs that are queued or running, that somebody asked something of, or that wait while what they wait for has happened,
    /// oldest first.</summary>
    public async Task<IReadOnlyList<RunWanted>> RunsAsync(DateTimeOffset nowUtc, CancellationToken ct)
    {
        IReadOnlyList<WantedRow> found = await rows.QueryAsync<WantedRow>(
            """
            select run_id, status, concurrency_group, concurrency_limit, is_asked from
              (select r.*, exists (select 1 from run_requests q where q.kind in ('cancel', 'pause', 'resume', 'retry') and q.subject = r.run_id
                                      and q.handled_at_utc is null) as is_asked from runs r) r
             where is_asked
                or ended_at_utc is null and (
                   status in ('queued', 'running')
                or exists (select 1 from run_waits w where w.run_id = r.run_id and w.expires_at_utc <= @nowUtc)
                or exists (select 1 from run_waits w join run_requests q on q.kind = 'wake' and q.subject = w.wake_key and q.handled_at_utc is null
                            where w.run_id = r.run_id))
             order by run_id
            """,
            new { nowUtc }, ct);
        return [.. found.Select(r => new RunWanted(new(r.RunId), r.Status, r.ConcurrencyGroup, r.ConcurrencyLimit, r.IsAsked))];
    }

    /// <summary>The same of one run and of the runs that work for its steps, and for theirs.</summary>
    /// <param name="run">The run.</param>
    /// <param name="byUtc">Waits that end by then count as having ended.</param>
    /// <param name="ct">Cancels the read.</param>
    public async Task<IReadOnlyList<RunWanted>> OfFamilyAsync(RunId run, DateTimeOffset byUtc, CancellationToken ct)
    {
        IReadOnlyList<RunWanted> wanted = await RunsAsync(byUtc, ct);
        if (wanted.Count == 0)
        {
            return [];
        }

        HashSet<string> family = (await RunFamilies.FamilyAsync(rows, run, ct)).ToHashSet(StringComparer.Ordinal);
        return [.. wanted.Where(w => family.Contains(w.Run.Value))];
    }

    /// <summary>Open requests that concern a run, oldest first.</summary>
    public Task<IReadOnlyList<OpenRequest>> OfAsync(RunId run, CancellationToken ct) => rows.QueryAsync<OpenRequest>(
        """
        select request_id, kind, subject, requested_by, reason, detail from run_requests
         where handled_at_utc is null
           and ((kind in ('cancel', 'pause', 'resume', 'retry') and subject = @Run) or (kind = 'wake' and subject in (select wake_key from run_waits where run_id = @Run)))
         order by request_id
        """,
        new { Run = run.Value }, ct);

    /// <summary>Runs that a full disk has paused.</summary>
    public Task<IReadOnlyList<string>> HeldByStoreAsync(CancellationToken ct) =>
        rows.QueryAsync<string>("select run_id from runs where status = 'paused' and ended_at_utc is null and reason like @Held order by run_id", new { Held }, ct);

    /// <summary>Asks the runs that a full disk has paused to go on.</summary>
    public Task<int> GoOnAsync(DateTimeOffset nowUtc, CancellationToken ct) => rows.ExecuteAsync(
        """
        insert into run_requests (kind, subject, requested_by, reason, requested_at_utc)
        select 'resume', r.run_id, @By, 'there is room again', @nowUtc from runs r
         where r.status = 'paused' and r.ended_at_utc is null and r.reason like @Held
           and not exists (select 1 from run_requests q where q.kind = 'resume' and q.subject = r.run_id and q.handled_at_utc is null)
        """,
        new { By = RunHold.ByStore, Held, nowUtc }, ct);

    private const string Held = $"paused by {RunHold.ByStore}: %";

    private sealed record WantedRow(string RunId, string Status, string? ConcurrencyGroup, int ConcurrencyLimit, bool IsAsked);
}
