using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;

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
}

/// <summary>Refuses what can be seen to fail before there is a run; all parameters, each of which fits its workflow, come with the order.</summary>
public delegate Task OrderCheck(RunOrder order, JsonObject parameters, CancellationToken ct);

/// <summary>The rows by which commands and pages ask the engine for something; whichever engine holds the lease finds them within a
/// second, and none is lost when no engine is there.</summary>
public sealed class RunRequests(IRowStore rows, RunJournal journal, WorkflowVersions versions, OrderCheck check, IdSource ids, TimeProvider clock)
{
    /// <summary>Version of this program, pinned to every run.</summary>
    public static string Build { get; } =
        typeof(RunRequests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyInformationalVersionAttribute), false) is [var info, ..]
            ? ((System.Reflection.AssemblyInformationalVersionAttribute)info).InformationalVersion
            : "unknown";

    /// <summary>Asks for a run: publishes its workflow if need be and writes its first event.</summary>
    /// <exception cref="ProblemException">WFL-1006, WFL-1013: the parameters do not fit. WFL-1008: there is no step <c>Until</c>.
    /// WFL-1010: the version is published with other content. Whatever the check of orders refuses.</exception>
    public async Task<RunId> StartAsync(RunOrder order, CancellationToken ct)
    {
        JsonObject parameters = RunParameters.Complete(order.Workflow, order.Parameters);
        if (order.Until is { } until && !order.Workflow.Has(until))
        {
            throw new ProblemException(WorkflowCodes.UnknownStep, $"{order.Workflow.Id} has no step '{until}' to end with.", until,
                $"Use one of: {string.Join(", ", order.Workflow.Steps.Select(s => s.Name))}.", ExitCode.BadUsage);
        }

        await check(order, parameters, ct);
        await versions.PublishAsync(order.Workflow, ct);
        DateTimeOffset now = clock.GetUtcNow();
        var id = new RunId($"run_{ids.NextUuid():N}");
        await journal.CreateAsync(id, new(now, new(
            order.Workflow.Id, order.Workflow.Version, order.Workflow.Hash, parameters, order.AsOfUtc ?? now, order.Seed, order.Until,
            order.Pins, order.RequestedBy, Build)), ct);
        return id;
    }

    /// <summary>Wakes the run that waits for a key, now or, if the wait has not been written yet, as soon as it is. A key belongs to one
    /// wait.</summary>
    public Task WakeAsync(string wakeKey, string by, CancellationToken ct) => AskAsync(rows, "wake", wakeKey, by, "", ct);

    /// <summary>The same inside the transaction that brings the event about, so that a vote and its wake are one fact.</summary>
    public Task WakeAsync(IRowTransaction tx, string wakeKey, string by, CancellationToken ct) => AskAsync(tx, "wake", wakeKey, by, "", ct);

    /// <summary>Asks to end a run.</summary>
    /// <exception cref="ProblemException">WFL-2006: there is no such run. WFL-2007: it has ended.</exception>
    public async Task CancelAsync(RunId run, string by, string reason, CancellationToken ct)
    {
        string status = await rows.FirstOrDefaultAsync<string>("select status from runs where run_id = @Run", new { Run = run.Value }, ct)
            ?? throw RunJournal.UnknownRun(run);
        if (status is "completed" or "failed" or "cancelled")
        {
            throw new ProblemException(WorkflowCodes.RunEnded, $"{run} has ended: {status}.", run.Value, "Nothing needs to be done.", ExitCode.BadUsage);
        }

        await AskAsync(rows, "cancel", run.Value, by, reason, ct);
    }

    private Task AskAsync(IRows into, string kind, string subject, string by, string reason, CancellationToken ct) => into.ExecuteAsync(
        "insert into run_requests (kind, subject, requested_by, reason, requested_at_utc) values (@kind, @subject, @by, @reason, @AtUtc)",
        new { kind, subject, by, reason, AtUtc = clock.GetUtcNow() }, ct);
}
