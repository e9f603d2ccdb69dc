using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;
using Sigmatiq.Workflows.Steps.Plugins;

namespace Sigmatiq.Workflows.Journal;

/// <summary>What a caller wants run.</summary>
/// <param name="Workflow">A published or publishable workflow.</param>
/// <param name="Parameters">Those that differ from their defaults.</param>
/// <param name="RequestedBy">Who asks.</param>
public sealed record RunOrder(WorkflowDefinition Workflow, JsonObject Parameters, string RequestedBy)
{
    /// <summary>The run's now; null takes the instant of the request.</summary>
    public DateTimeOffset? AsOfUtc { get; init; }

    /// <summary>The run's chance.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Last step to run; null runs all.</summary>
    public string? Until { get; init; }

    /// <summary>Further facts to pin, e.g. <c>pack_hash</c>.</summary>
    public JsonObject Pins { get; init; } = [];

    /// <summary>Rows that stay or go with the run: written in the transaction that creates it; throwing leaves no run.</summary>
    public Func<IRowTransaction, RunId, CancellationToken, Task>? Alongside { get; init; }
}

/// <summary>A run that is to be gone over again.</summary>
/// <param name="Of">The ended run.</param>
/// <param name="Workflow">Its workflow, in the version to run.</param>
/// <param name="Set">Parameters that differ from the ended run's.</param>
/// <param name="From">This step and all that need it run in any case; null takes over wherever the inputs are the same.</param>
/// <param name="RequestedBy">Who asks.</param>
/// <param name="Reason">Why, for the record.</param>
public sealed record RerunOrder(RunId Of, WorkflowDefinition Workflow, JsonObject Set, string? From, string RequestedBy, string Reason);

/// <summary>Refuses what can be seen to fail before there is a run; all parameters, each of which fits its workflow, come with the order.</summary>
public delegate Task OrderCheck(RunOrder order, JsonObject parameters, CancellationToken ct);

/// <summary>The rows by which commands and pages ask the engine for something; whichever engine holds the lease finds them within a
/// second, and none is lost when no engine is there.</summary>
public sealed class RunRequests(IRowStore rows, RunJournal journal, WorkflowVersions versions, OrderCheck check, AuditChain audit, IdSource ids, TimeProvider clock, StepKinds kinds)
{
    /// <summary>Kind of the request that wakes a waiting step.</summary>
    public const string Wake = "wake";

    /// <summary>Kind of the request to end a run.</summary>
    public const string Cancel = "cancel";

    /// <summary>Kind of the request to start nothing more.</summary>
    public const string Pause = "pause";

    /// <summary>Kind of the request to go on.</summary>
    public const string Resume = "resume";

    /// <summary>Kind of the request to try again what failed.</summary>
    public const string Retry = "retry";

    /// <summary>Version of this program, pinned to every run.</summary>
    public static string Build { get; } =
        typeof(RunRequests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyInformationalVersionAttribute), false) is [var info, ..]
            ? ((System.Reflection.AssemblyInformationalVersionAttribute)info).InformationalVersion
            : "unknown";

    /// <summary>Asks for a run: publishes its workflow if need be and writes its first event.</summary>
    /// <exception cref="ProblemException">WFL-1006, WFL-1013: the parameters do not fit. WFL-1008: there is no step <c>Until</c>.
    /// WFL-1010: the version is published with other content. Whatever the check of orders refuses.</exception>
    public Task<RunId> StartAsync(RunOrder order, CancellationToken ct) => StartAsync(order, key: null, ct);

    /// <inheritdoc cref="StartAsync(RunOrder, CancellationToken)"/>
    /// <param name="order">What to run.</param>
    /// <param name="key">The same key again gives the run that it gave before; null makes each request its own.</param>
    /// <param name="ct">Cancels before the request is written.</param>
    public async Task<RunId> StartAsync(RunOrder order, string? key, CancellationToken ct)
    {
        if (order.Workflow.Awaits is { } reason)
        {
            throw new ProblemException(WorkflowCodes.NotBuilt, $"{order.Workflow.Id} cannot run yet: {reason}.", order.Workflow.Id,
                "See its fire times with 'sigmatiq workflows next'.", ExitCode.BadUsage);
        }

        string fingerprint = ContentHash.OfJson(new JsonObject
        {
            ["kind"] = "start", ["workflow"] = order.Workflow.Hash.Hex, ["parameters"] = order.Parameters.DeepClone(), ["until"] = order.Until,
        }).Hex;
        if (await RunKeys.FindAsync(rows, key, fingerprint, ct) is { } before)
        {
            return new(before);
        }

        JsonObject parameters = RunParameters.Complete(order.Workflow, order.Parameters);
        if (order.Until is { } until && !order.Workflow.Has(until))
        {
            throw new ProblemException(WorkflowCodes.UnknownStep, $"{order.Workflow.Id} has no step '{until}' to end with.", until,
                $"Use one of: {string.Join(", ", order.Workflow.Steps.Select(s => s.Name))}.", ExitCode.BadUsage);
        }

        await check(order, parameters, ct);
        await versions.PublishAsync(order.Workflow, ct);
        DateTimeOffset now = clock.GetUtcNow();
        RunId id = NewId();
        string? taken = null;
        using RunTraces.Span span = RunTraces.Request(order.Workflow, order.RequestedBy, clock);
        span.Say(id);
        await journal.CreateAsync(id, new(now, RequestOf(order, parameters, now)), async tx =>
        {
            taken = await RunKeys.TakeAsync(tx, key, fingerprint, id.Value, order.RequestedBy, now, ct);
            if (taken is null && order.Alongside is { } alongside)
            {
                await alongside(tx, id, ct);
            }

            return taken is null;
        }, ct);
        return taken is null ? id : new(taken);
    }

    /// <summary>Asks for a new run that goes over an ended one again: on the same now and seed, with its parameters unless they are set anew.
    /// What was made from the same input is taken over.</summary>
    /// <param name="order">What to run again, and how.</param>
    /// <param name="key">The same key again gives the run that it gave before; null makes each request its own.</param>
    /// <param name="ct">Cancels before the request is written.</param>
    /// <exception cref="ProblemException">WFL-2006: there is no such run. WFL-2208: it has not ended. WFL-1006, WFL-1013: the parameters do not fit
    /// the version. WFL-1008: it has no step <c>From</c>. WFL-2204, WFL-2205: as for a pause. Whatever the check of orders refuses.</exception>
    public async Task<RunId> RerunAsync(RerunOrder order, string? key, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(order.Reason))
        {
            throw new ProblemException(WorkflowCodes.ReasonMissing, "A rerun needs a reason.", "reason", "Say why; it is kept.", ExitCode.BadUsage);
        }

        string fingerprint = RunKeys.Fingerprint("rerun", order.Of, CanonicalJson.Text(new JsonObject
        {
            ["workflow"] = order.Workflow.Hash.Hex, ["from"] = order.From, ["set"] = order.Set.DeepClone(),
        }));
        if (await RunKeys.FindAsync(rows, key, fingerprint, ct) is { } before)
        {
            return new(before);
        }

        RunState source = (await journal.LoadAsync(order.Of, ct)).State;
        if (!source.Status.IsFinal())
        {
            throw new ProblemException(WorkflowCodes.NotEnded, $"{order.Of} has not ended: it is {StepJson.NameOf(source.Status.ToString())}.", order.Of.Value,
                "Wait for its end, bring it there with 'sigmatiq runs resume' where nobody drives it, or cancel it: what it has finished is taken over all the same.", ExitCode.BadUsage);
        }

        if (order.From is { } from && !order.Workflow.Has(from))
        {
            throw new ProblemException(WorkflowCodes.UnknownStep, $"{order.Workflow.Id} {order.Workflow.Version} has no step '{from}' to begin at.", from,
                $"Use one of: {string.Join(", ", order.Workflow.Steps.Select(s => s.Name))}.", ExitCode.BadUsage);
        }

        JsonObject given = [];
        foreach (var (name, value) in source.Request.Parameters.Where(p => order.Workflow.Parameters.Any(o => o.Name == p.Key)).Concat(order.Set))
        {
            given[name] = value?.DeepClone();
        }

        JsonObject pins = source.Request.Pins.DeepClone().AsObject();
        pins.Remove("key");
        pins.Remove(RunParent.Pin);
        RunOrder again = new(order.Workflow, given, order.RequestedBy)
        {
            AsOfUtc = source.Request.AsOfUtc, Seed = source.Request.Seed, Pins = pins,
            Until = source.Request.Until is { } until && order.Workflow.Has(until) ? until : null,
        };
        JsonObject parameters = RunParameters.Complete(order.Workflow, given);
        await check(again, parameters, ct);
        await versions.PublishAsync(order.Workflow, ct);
        DateTimeOffset now = clock.GetUtcNow();
        RunId id = NewId();
        string? taken = null;
        using RunTraces.Span span = RunTraces.Request(order.Workflow, order.RequestedBy, clock);
        span.Say(id);
        await journal.CreateAsync(id, new(now, RequestOf(again, parameters, now) with { Rerun = new(order.Of, order.From) }), async tx =>
        {
            taken = await RunKeys.TakeAsync(tx, key, fingerprint, id.Value, order.RequestedBy, now, ct);
            if (taken is null)
            {
                await audit.AppendAsync(tx, new(order.RequestedBy, "run.rerun", $"run:{id}", order.Reason, new JsonObject
                {
                    ["of"] = order.Of.Value, ["from"] = order.From, ["workflow"] = order.Workflow.Id, ["version"] = order.Workflow.Version, ["set"] = order.Set.DeepClone(),
                }), ct);
            }

            return taken is null;
        }, ct);
        return taken is null ? id : new(taken);
    }

    private RunId NewId() => new($"run_{ids.NextUuid():N}");

    // The code of plug-ins is pinned with the run; that of the program is its build.
    private RunRequest RequestOf(RunOrder order, JsonObject parameters, DateTimeOffset now)
    {
        JsonObject pins = order.Pins.DeepClone().AsObject();
        pins.Remove(PluginKind.Pin);
        if (PluginKind.PinsOf(order.Workflow, kinds) is { } code)
        {
            pins[PluginKind.Pin] = code;
        }

        return new(
            order.Workflow.Id, order.Workflow.Version, order.Workflow.Hash, parameters, order.AsOfUtc ?? now, order.Seed, order.Until, pins, order.RequestedBy, Build);
    }

    /// <summary>Wakes the run that waits for a key, now or, if the wait has not been written yet, as soon as it is. A key belongs to one
    /// wait.</summary>
    public Task WakeAsync(string wakeKey, string by, CancellationToken ct) => AskAsync(rows, Wake, wakeKey, by, "", null, ct);

    /// <summary>The same inside the transaction that brings the event about, so that a vote and its wake are one fact.</summary>
    public Task WakeAsync(IRowTransaction tx, string wakeKey, string by, CancellationToken ct) => AskAsync(tx, Wake, wakeKey, by, "", null, ct);

    /// <summary>Asks to end a run.</summary>
    /// <exception cref="ProblemException">WFL-2006: there is no such run. WFL-2007: it has ended.</exception>
    public Task CancelAsync(RunId run, string by, string reason, CancellationToken ct) => CancelAsync(run, by, reason, key: null, ct);

    /// <inheritdoc cref="CancelAsync(RunId, string, string, CancellationToken)"/>
    public async Task CancelAsync(RunId run, string by, string reason, string? key, CancellationToken ct)
    {
        if (await IsRepeatedAsync(key, Cancel, run, null, ct))
        {
            return;
        }

        string status = await rows.FirstOrDefaultAsync<string>("select status from runs where run_id = @Run", new { Run = run.Value }, ct)
            ?? throw RunJournal.UnknownRun(run);
        if (status is "completed" or "failed" or "cancelled")
        {
            throw new ProblemException(WorkflowCodes.RunEnded, $"{run} has ended: {status}.", run.Value, "Nothing needs to be done.", ExitCode.BadUsage);
        }

        await DecideAsync(Cancel, run, by, reason, null, key, ct);
    }

    /// <summary>Which of some runs were cancelled, or are asked to be and whom nobody has driven since.</summary>
    public static Task<IReadOnlyList<string>> CancelledAsync(IRows from, IReadOnlyList<string> runs, CancellationToken ct) => from.QueryAsync<string>(
        """
        select run_id from runs where run_id in @runs and status = 'cancelled'
        union select subject from run_requests where subject in @runs and kind = @Cancel and handled_at_utc is null
        """, new { runs, Cancel }, ct);

    /// <summary>Asks a run to start nothing more; what is under way ends.</summary>
    /// <exception cref="ProblemException">WFL-2006: there is no such run. WFL-2201: it has ended, is ending or paused already. WFL-2204: the key
    /// stands for another request. WFL-2205: there is no reason.</exception>
    public Task PauseAsync(RunId run, string by, string reason, string? key, CancellationToken ct) => ControlAsync(
        Pause, run, by, reason, null, key, now => new PauseRequested(now, by, reason), WorkflowCodes.CannotPause, "cannot be paused",
        "See 'sigmatiq runs show'.", ct);

    /// <summary>Asks a paused run, or one that was set aside, to go on.</summary>
    /// <exception cref="ProblemException">WFL-2006: there is no such run. WFL-2202: it is not paused. WFL-2204, WFL-2205: as for a pause.</exception>
    public Task ResumeAsync(RunId run, string by, string reason, string? key, CancellationToken ct) => ControlAsync(
        Resume, run, by, reason, null, key, now => new ResumeRequested(now, by, reason), WorkflowCodes.NotPaused, "cannot be resumed",
        "A failed run is tried again by 'sigmatiq runs retry', any run anew by 'sigmatiq runs rerun'.", ct);

    /// <summary>Asks for another try at what failed, on the same version; what succeeded is kept.</summary>
    /// <param name="run">An ended run.</param>
    /// <param name="step">The failed step; null takes every one.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="key">The same key again asks for nothing more; null makes each request its own.</param>
    /// <param name="ct">Cancels before the request is written.</param>
    /// <exception cref="ProblemException">WFL-2006: there is no such run. WFL-2203: nothing failed in it, it has not ended, or it was cancelled.
    /// WFL-2204, WFL-2205: as for a pause.</exception>
    public Task RetryAsync(RunId run, string? step, string by, string reason, string? key, CancellationToken ct) => ControlAsync(
        Retry, run, by, reason, step, key, now => new RetryRequested(now, by, reason, step), WorkflowCodes.NothingToRetry, "has nothing to try again",
        "See 'sigmatiq runs show' for what failed; 'sigmatiq runs rerun' makes a new run of any run.", ct);

    private async Task ControlAsync(
        string kind, RunId run, string by, string reason, string? detail, string? key, Func<DateTimeOffset, RunEvent> happened, string code, string cannot,
        string remedy, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new ProblemException(WorkflowCodes.ReasonMissing, $"A {kind} needs a reason.", "reason", "Say why; it is kept.", ExitCode.BadUsage);
        }

        if (await IsRepeatedAsync(key, kind, run, detail, ct))
        {
            return;
        }

        // A request that nobody has answered yet counts as if it had been: asked twice, the second is refused.
        RunState state = (await journal.LoadAsync(run, ct)).State;
        string? refusal = RunMachine.Refusal(state, happened(clock.GetUtcNow()))
            ?? (await IsOpenAsync(kind, run, ct) ? "that has been asked for and is about to happen" : null)
            ?? (await rows.FirstAsync<long>("select count(*) from archived_runs where run_id = @Run", new { Run = run.Value }, ct) > 0 ? "its journal lies in an archive" : null);
        if (refusal is not null)
        {
            throw new ProblemException(code, $"{run} {cannot}: {refusal}.", run.Value, remedy, ExitCode.BadUsage);
        }

        await DecideAsync(kind, run, by, reason, detail, key, ct);
    }

    private async Task<bool> IsOpenAsync(string kind, RunId run, CancellationToken ct) => await rows.FirstAsync<int>(
        "select count(*) from run_requests where kind = @kind and subject = @Run and handled_at_utc is null", new { kind, Run = run.Value }, ct) > 0;

    // The key, the request and the record of who asked are one fact.
    private Task DecideAsync(string kind, RunId run, string by, string reason, string? detail, string? key, CancellationToken ct) => rows.InTransactionAsync(async tx =>
    {
        if (await RunKeys.TakeAsync(tx, key, RunKeys.Fingerprint(kind, run, detail), run.Value, by, clock.GetUtcNow(), ct) is null)
        {
            await AskAsync(tx, kind, run.Value, by, reason, detail, ct);
            await audit.AppendAsync(tx, new(by, $"run.{kind}", $"run:{run}", reason, detail is null ? null : new JsonObject { ["step"] = detail }), ct);
        }
    }, ct);

    private async Task<bool> IsRepeatedAsync(string? key, string kind, RunId run, string? detail, CancellationToken ct) =>
        await RunKeys.FindAsync(rows, key, RunKeys.Fingerprint(kind, run, detail), ct) is not null;

    private Task AskAsync(IRows into, string kind, string subject, string by, string reason, string? detail, CancellationToken ct) => into.ExecuteAsync(
        """
        insert into run_requests (kind, subject, requested_by, reason, requested_at_utc, detail) values (@kind, @subject, @by, @reason, @AtUtc, @detail)
        """,
        new { kind, subject, by, reason, AtUtc = clock.GetUtcNow(), detail }, ct);
}
