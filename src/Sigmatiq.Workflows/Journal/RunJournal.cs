using System.Text.Json;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Retention;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Journal;

/// <summary>A run with the number of its last event: who appends next must append after this one.</summary>
public sealed record JournalledRun(RunState State, long Seq);

/// <summary>The append-only record of runs. Events and the rows that lists read change in one transaction, guarded by the
/// fencing number of the writer's claim: one that lost its claim without noticing cannot write.</summary>
public sealed class RunJournal(IRowStore rows, WorkflowVersions versions, OutboxQueue outbox, RunArchive? archive = null)
{
    /// <summary>Writes the first event of a new run.</summary>
    /// <param name="id">The run.</param>
    /// <param name="requested">What was asked for.</param>
    /// <param name="claim">Written in the same transaction; where it says no, nothing is written. Null writes nothing more.</param>
    /// <param name="ct">Cancels before anything is written.</param>
    /// <returns>The run; null where the claim said no.</returns>
    /// <exception cref="ProblemException">WFL-1031: its concurrency group is full and says <c>when_full: refuse</c>.</exception>
    public async Task<JournalledRun?> CreateAsync(RunId id, RunRequested requested, Func<IRowTransaction, Task<bool>>? claim, CancellationToken ct)
    {
        WorkflowDefinition workflow = await versions.LoadAsync(requested.Request.WorkflowHash, ct);
        RunState state = RunMachine.Begin(id, workflow, requested);
        RunRequest request = requested.Request;
        RunParent? parent = RunParent.Of(request.Pins);
        bool isNew = await rows.InTransactionAsync(async tx =>
        {
            if (claim is not null && !await claim(tx))
            {
                return false;
            }

            await EnsureRoomAsync(tx, state, ct);
            await tx.ExecuteAsync(
                """
                insert into runs (run_id, workflow_id, version, workflow_hash, status, concurrency_group, concurrency_limit, parameters, requested_by,
                                  requested_at_utc, as_of_utc, changed_at_utc, seq, rerun_of, parent_run_id, parent_step, parent_item, trace_parent)
                values (@Run, @Workflow, @Version, @WorkflowHash, 'queued', @Group, @Limit, @Parameters, @RequestedBy, @AtUtc, @AsOfUtc, @AtUtc, 1, @RerunOf, @ParentRun, @ParentStep, @ParentItem, @TraceParent)
                """,
                new
                {
                    Run = id.Value, request.Workflow, request.Version, request.WorkflowHash, Group = GroupOf(state), Limit = workflow.Concurrency?.Limit ?? 0,
                    Parameters = CanonicalJson.Text(request.Parameters), request.RequestedBy, requested.AtUtc, request.AsOfUtc, RerunOf = request.Rerun?.Of.Value,
                    ParentRun = parent?.Run.Value, ParentStep = parent?.Step, ParentItem = parent?.Item, TraceParent = RunTraces.Here,
                }, ct);
            await tx.ExecuteAllAsync([Insert(id, 1, requested, fence: 0)], ct);
            return true;
        }, ct);
        return isNew ? new(state, 1) : null;
    }

    /// <summary>The span that a run belongs to, as a W3C <c>traceparent</c>; null where nobody collected traces when it was asked for.</summary>
    public Task<string?> TraceParentAsync(RunId id, CancellationToken ct) => rows.FirstOrDefaultAsync<string?>("select trace_parent from runs where run_id = @Run", new { Run = id.Value }, ct);

    /// <summary>Reads a run back from its events.</summary>
    /// <exception cref="ProblemException">WFL-2006: there is no such run. WFL-2008: its journal cannot be read. STO-6104: it lies in an archive that is
    /// missing or changed.</exception>
    public async Task<JournalledRun> LoadAsync(RunId id, CancellationToken ct)
    {
        IReadOnlyList<EventRow> found = await rows.QueryAsync<EventRow>(
            "select seq, schema_version, kind, body from run_events where run_id = @Run order by seq", new { Run = id.Value }, ct);
        if (found.Count == 0 && archive is not null && await archive.FindAsync(id, "events", ct) is { } kept)
        {
            found = [.. kept.Select(e => new EventRow(
                e["seq"]!.GetValue<long>(), (int)e["schema_version"]!.GetValue<long>(), e["kind"]!.GetValue<string>(), e["body"]!.GetValue<string>()))];
        }

        if (found.Count == 0)
        {
            throw UnknownRun(id);
        }

        List<RunEvent> events = [.. found.Select(r => RunEventJson.Read(r.Kind, r.SchemaVersion, r.Body, $"{id} event {r.Seq}"))];
        WorkflowDefinition workflow = await versions.LoadAsync(((RunRequested)events[0]).Request.WorkflowHash, ct);
        return new(Fold(id, workflow, events, found), found[^1].Seq);
    }

    /// <summary>The events of several runs by one statement; those of archived runs by one more, and one look into each of their files.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="afterSeq">Only events after this number; 0 takes all.</param>
    /// <param name="isArchiveRead">Whether archives are looked into.</param>
    /// <param name="ct">Cancels the read.</param>
    /// <returns>The events by run, in their order; a run without any is left out.</returns>
    /// <exception cref="ProblemException">STO-6104: one of them lies in an archive that is missing or changed.</exception>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<JournalEntry>>> EntriesAsync(
        IReadOnlyCollection<string> runs, long afterSeq, bool isArchiveRead, CancellationToken ct)
    {
        string[] ids = [.. runs];
        Dictionary<string, IReadOnlyList<JournalEntry>> found = (await rows.QueryAsync<JournalEntry>(
            "select run_id as run, seq, schema_version, kind, body from run_events where run_id in @ids and seq > @afterSeq order by run_id, seq", new { ids, afterSeq }, ct))
            .GroupBy(e => e.Run, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (IReadOnlyList<JournalEntry>)[.. g], StringComparer.Ordinal);
        string[] missing = [.. ids.Where(r => !found.ContainsKey(r))];
        if (archive is not null && isArchiveRead && missing.Length > 0)
        {
            foreach (var (run, events) in await archive.FindAllAsync(missing, "events", ct))
            {
                found[run] = [.. events.Select(e => new JournalEntry(
                    run, e["seq"]!.GetValue<long>(), (int)e["schema_version"]!.GetValue<long>(), e["kind"]!.GetValue<string>(), e["body"]!.GetValue<string>()))];
            }
        }

        return found;
    }

    /// <summary>Appends the events of a batch in one transaction.</summary>
    /// <param name="batch">The events, applied to the run as last read or written by the caller; at least one.</param>
    /// <param name="claim">Says in the transaction that this process may still write the run.</param>
    /// <param name="ct">Cancels the append.</param>
    /// <returns>The run after the last of them.</returns>
    /// <exception cref="ProblemException">STO-5001: another process has claimed the run. WFL-2005: somebody else has appended since the read.</exception>
    public async Task<JournalledRun> AppendAsync(RunBatch batch, IWriteClaim claim, CancellationToken ct)
    {
        JournalledRun next = new(batch.State, batch.From.Seq + batch.Applied.Count);
        List<RowStatement> statements = [claim.Held, Move(batch, next)];
        long seq = batch.From.Seq;
        foreach (AppliedEvent applied in batch.Applied)
        {
            statements.Add(Insert(next.State.Id, ++seq, applied.Happened, claim.Fence));
            statements.AddRange(Attempt(next.State.Id.Value, applied.Happened));
            if (applied.Request is { } request)
            {
                statements.Add(Close(request, applied.Happened.AtUtc));
            }
        }

        statements.AddRange(Waits(batch.From.State, next.State));
        await rows.BesideOthersAsync(async tx =>
        {
            await tx.ExecuteAllAsync(statements, ct);
            long at = batch.From.Seq;
            foreach (AppliedEvent applied in batch.Applied)
            {
                await RunAlerts.EnqueueAsync(tx, outbox, applied.Before, applied.After, ++at, ct);
                await RunFamilies.TellAsync(tx, applied.Before, applied.After, applied.Happened, ct);
            }
        }, ct);
        return next;
    }

    /// <summary>Answers a request from which nothing follows any more.</summary>
    public Task CloseRequestAsync(long request, DateTimeOffset atUtc, IWriteClaim claim, CancellationToken ct) =>
        rows.BesideOthersAsync(tx => tx.ExecuteAllAsync([claim.Held, Close(request, atUtc)], ct), ct);

    /// <summary>How many units the attempts under way had reported as done.</summary>
    public async Task<IReadOnlyDictionary<(string Step, int Index, int Attempt), long>> ProgressAsync(RunId id, CancellationToken ct) =>
        (await rows.QueryAsync<ProgressRow>(
            "select step, item, attempt, progress_done from step_attempts where run_id = @Run and status = 'running'", new { Run = id.Value }, ct))
        .ToDictionary(r => (r.Step, r.Item, r.Attempt), r => r.ProgressDone);

    /// <summary>Keeps what attempts report of themselves: no part of the journal, and lost without harm.</summary>
    public Task ReportAsync(RunId id, IReadOnlyList<AttemptReport> reports, DateTimeOffset atUtc, IWriteClaim claim, CancellationToken ct)
    {
        List<RowStatement> statements = [claim.Held];
        foreach (AttemptReport report in reports)
        {
            statements.Add(new(
                """
                update step_attempts set progress_done = @Done, progress_total = @Total, progress_text = @Text, sign_at_utc = @atUtc
                 where run_id = @Run and step = @Step and item = @Index and attempt = @Attempt
                """,
                new { Run = id.Value, report.Step, report.Index, report.Attempt, report.Done, report.Total, report.Text, atUtc }));
            statements.AddRange(report.Lines.Select(l => new RowStatement(
                "insert into step_log (run_id, step, item, attempt, at_utc, line) values (@Run, @Step, @Index, @Attempt, @AtUtc, @Line)",
                new { Run = id.Value, report.Step, report.Index, report.Attempt, l.AtUtc, l.Line })));
        }

        return rows.BesideOthersAsync(tx => tx.ExecuteAllAsync(statements, ct), ct);
    }

    internal static ProblemException UnknownRun(RunId id) =>
        new(WorkflowCodes.UnknownRun, $"There is no run '{id}'.", id.Value, "See 'sigmatiq runs list'.", ExitCode.BadUsage);

    private static RunState Fold(RunId id, WorkflowDefinition workflow, IReadOnlyList<RunEvent> events, IReadOnlyList<EventRow> found)
    {
        RunState state = RunMachine.Begin(id, workflow, (RunRequested)events[0]);
        for (int i = 1; i < events.Count; i++)
        {
            RefuseMisplaced(state, events[i], found[i].Kind, found[i].Seq);
            state = RunMachine.Apply(state, events[i]).State;
        }

        return state;
    }

    /// <summary>Refuses an event of a journal that cannot follow those before it.</summary>
    /// <exception cref="ProblemException">WFL-2008: it cannot.</exception>
    internal static void RefuseMisplaced(RunState state, RunEvent happened, string kind, long seq)
    {
        if (RunMachine.Refusal(state, happened) is { } refusal)
        {
            throw new ProblemException(WorkflowCodes.BrokenJournal, $"The event '{kind}' cannot follow those before it: {refusal}.", $"{state.Id} event {seq}",
                "Restore the store from a backup.");
        }
    }

    private static async Task EnsureRoomAsync(IRowTransaction tx, RunState state, CancellationToken ct)
    {
        if (state.Definition.Concurrency is not { WhenFull: WhenFull.Refuse } slots)
        {
            return;
        }

        // Written before it is counted: who asks for a run of the same group at the same time waits here.
        string? group = GroupOf(state);
        await tx.ExecuteAsync(
            """
            insert into settings (key, value, changed_at_utc) values (@Key, @Value, @RequestedUtc)
            on conflict (key) do update set value = excluded.value, changed_at_utc = excluded.changed_at_utc
            """,
            new { Key = $"group:{group}", Value = state.Id.Value, state.RequestedUtc }, ct);
        if (await tx.FirstAsync<int>("select count(*) from runs where concurrency_group = @group and ended_at_utc is null", new { group }, ct) >= slots.Limit)
        {
            throw new ProblemException(WorkflowCodes.GroupFull, $"The group '{group}' has {slots.Limit} {(slots.Limit == 1 ? "run that has" : "runs that have")} not ended.", state.Definition.Id,
                "Wait for the end of one, or write when_full: queue.", ExitCode.BadUsage);
        }
    }

    private static string? GroupOf(RunState state) => state.Definition.Concurrency?.Group.FillText(new RunNames(state).Lookup);

    // Whoever finds the run further than it was read has not written it: nothing of the batch is kept then.
    private static RowStatement Move(RunBatch batch, JournalledRun next) => new(
        """
        update runs set status = @Status, reason = @Reason, changed_at_utc = @AtUtc, ended_at_utc = @EndedUtc, seq = @Seq
         where run_id = @Run and seq = @Before
        """,
        new
        {
            Status = StepJson.NameOf(next.State.Status.ToString()), next.State.Reason, batch.Applied[^1].Happened.AtUtc, next.State.EndedUtc, next.Seq,
            Run = next.State.Id.Value, Before = batch.From.Seq,
        })
    {
        Otherwise = () => new(WorkflowCodes.JournalMoved, $"Event {batch.From.Seq + 1} of the run has been written by somebody else.", next.State.Id.Value,
            "Read the run again: nothing is lost."),
    };

    private static RowStatement Insert(RunId id, long seq, RunEvent happened, long fence) => new(
        "insert into run_events (run_id, seq, schema_version, kind, at_utc, fence, body) values (@Run, @seq, @Schema, @Kind, @AtUtc, @fence, @Body)",
        new
        {
            Run = id.Value, seq, Schema = RunEventJson.SchemaVersion, Kind = RunEventJson.KindOf(happened), happened.AtUtc, fence,
            Body = RunEventJson.Write(happened),
        });

    private static RowStatement Close(long request, DateTimeOffset atUtc) =>
        new("update run_requests set handled_at_utc = @atUtc where request_id = @request", new { atUtc, request });

    private static IEnumerable<RowStatement> Attempt(string run, RunEvent happened)
    {
        if (happened is AttemptStarted started)
        {
            yield return new(
                "insert into step_attempts (run_id, step, item, attempt, status, started_at_utc) values (@run, @Step, @Index, @Attempt, 'running', @AtUtc)",
                new { run, started.Step, started.Index, started.Attempt, started.AtUtc });
        }
        else if (Ended(happened) is { } ended)
        {
            yield return new(
                """
                update step_attempts set status = @Status, ended_at_utc = @AtUtc, problem = @Problem
                 where run_id = @run and step = @Step and item = @Index and attempt = @Attempt
                """,
                new { run, ended.Status, happened.AtUtc, ended.Problem, ((StepEvent)happened).Step, ((StepEvent)happened).Index, ended.Attempt });
        }
    }

    // The rows follow from the state, so where nobody waits otherwise than before they stand already.
    private static IEnumerable<RowStatement> Waits(RunState before, RunState next)
    {
        List<Wait> waiting = WaitsOf(next);
        if (waiting.SequenceEqual(WaitsOf(before)))
        {
            return [];
        }

        string run = next.Id.Value;
        return
        [
            new("delete from run_waits where run_id = @run", new { run }),
            .. waiting.Select(w => new RowStatement(
                "insert into run_waits (run_id, step, item, wake_key, reason, expires_at_utc) values (@run, @Step, @Index, @WakeKey, @Reason, @DueUtc)",
                new { run, w.Step, w.Index, w.WakeKey, w.Reason, w.DueUtc })),
        ];
    }

    private static List<Wait> WaitsOf(RunState state) =>
    [
        .. from step in state.Steps
           from instance in step.Instances
           where instance.Status == StepStatus.Waiting
           select new Wait(step.Spec.Name, instance.Index, instance.WakeKey!, instance.Reason ?? "", instance.DueUtc),
    ];

    private static (int Attempt, string Status, string? Problem)? Ended(RunEvent happened) => happened switch
    {
        AttemptSucceeded e => (e.Attempt, "succeeded", null),
        AttemptFailed e => (e.Attempt, "failed", JsonSerializer.Serialize(e.Problem, StepJson.Options)),
        AttemptWaiting e => (e.Attempt, "waiting", null),
        AttemptLost e => (e.Attempt, "lost", null),
        AttemptCrashed e => (e.Attempt, "crashed", null),
        AttemptStopped e => (e.Attempt, "cancelled", null),
        _ => null,
    };

    private sealed record Wait(string Step, int Index, string WakeKey, string Reason, DateTimeOffset? DueUtc);

    private sealed record ProgressRow(string Step, int Item, int Attempt, long ProgressDone);

    private sealed record EventRow(long Seq, int SchemaVersion, string Kind, string Body);
}

/// <summary>An event as the journal keeps it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Seq">Its number.</param>
/// <param name="SchemaVersion">Version of its body's schema.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Body">The event as JSON.</param>
internal sealed record JournalEntry(string Run, long Seq, int SchemaVersion, string Kind, string Body)
{
    /// <summary>The event.</summary>
    /// <exception cref="ProblemException">WFL-2008: written by a newer program, or damaged.</exception>
    public RunEvent Read() => RunEventJson.Read(Kind, SchemaVersion, Body, $"{Run} event {Seq}");
}

/// <summary>What an attempt said of itself since the last report.</summary>
/// <param name="Step">The step.</param>
/// <param name="Index">Item of <c>for_each</c>.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all, 0 when unknown.</param>
/// <param name="Text">What is being done.</param>
/// <param name="Lines">New log lines.</param>
public sealed record AttemptReport(
    string Step, int Index, int Attempt, long Done, long Total, string? Text, IReadOnlyList<(DateTimeOffset AtUtc, string Line)> Lines);
