using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.SystemTests.Killed;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.SystemTests.Failing;

/// <summary>A run from its fire over a fan-out, an effect outside, a vote and an effect by the outbox to its end, gone about again as often as
/// something fails, and looked at in the end on a sound store.</summary>
internal sealed class Errand(DataDirectory data, int sinkPort)
{
    private const int TriesMax = 5;

    private const string Yaml = """
        workflow: errand
        version: 1.0.0
        summary: An errand on a failing store
        schedule: { zone: UTC, cron: "0 12 2 3 *" }
        steps:
          prepare: { uses: torn.part, with: { name: prepare, count: 2 } }
          each:
            uses: torn.part
            for_each: { in: "{steps.prepare.outputs.parts}", as: part, max_parallel: 2 }
            with: { name: "{part}" }
          announce: { uses: torn.send, needs: [each], with: { name: announce } }
          subject: { uses: torn.subject, needs: [announce], with: { name: subject }, retry: { attempts: 3, backoff: fixed, first: 10ms, on: [refused, internal] } }
          approve: { uses: approval, with: { subject: "{steps.subject.outputs.file}", votes: [gates, person], four_eyes: relaxed }, retry: { attempts: 3, backoff: fixed, first: 10ms, on: [refused, internal] } }
          order: { uses: torn.queue, needs: [approve], with: { name: order }, retry: { attempts: 3, backoff: fixed, first: 10ms, on: [refused, internal] } }
          close: { uses: torn.part, needs: [order], with: { name: close } }
        """;

    private static readonly DateTimeOffset Before = new(2026, 3, 2, 11, 0, 0, TimeSpan.Zero), Fire = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Lets the schedule be seen before its fire.</summary>
    public async Task PrepareAsync(IRowStore sound)
    {
        Directory.CreateDirectory(Path.Combine(data.Root, "files"));
        await File.WriteAllTextAsync(Path.Combine(data.Root, "files", "errand.1.0.0.yaml"), Yaml, Ct);
        await DeskOn(sound, Before).DecideAllAsync(Ct);
    }

    /// <summary>Goes about it until it is done.</summary>
    /// <returns>How often it was begun.</returns>
    public async Task<int> GoAsync(IRowStore rows)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await TryAsync(rows);
                return tries;
            }
            catch (Exception e) when (tries < TriesMax && e is not OperationCanceledException)
            {
                // Whatever it says: the next try finds out how far it came.
            }
        }
    }

    /// <summary>Finds what was lost or doubled.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(IRowStore sound, OutsideSink sink)
    {
        List<string> faults = [];
        IReadOnlyList<string> runs = await sound.QueryAsync<string>("select run_id from runs", null, Ct);
        if (runs is not [var only])
        {
            return [$"{runs.Count} runs for one fire"];
        }

        RunId run = new(only);
        var (engine, approvals) = TornWorkflow.EngineOn(data, sound, sinkPort);
        JournalledRun read = await engine.Journal.LoadAsync(run, Ct);
        void Check(bool holds, string otherwise)
        {
            if (!holds)
            {
                faults.Add(otherwise);
            }
        }

        Check(read.State.Status == RunStatus.Completed, $"the run is {read.State.Status}: {read.State.Reason}");
        string[] expected = [$"{run}/announce/0", $"{run}/order/0"];
        Check(sink.Received.Keys.Order().SequenceEqual(expected.Order()), $"the sink has {string.Join(", ", sink.Received.Keys)}");
        string subject = await File.ReadAllTextAsync(data.File($"{run}.json"), Ct);
        Check(subject.EndsWith('}') && subject == await File.ReadAllTextAsync(data.File(TornWorkflow.OnceOf(only)), Ct), "a file is not whole");
        Check(await sound.FirstAsync<int>("select count(*) from outbox where kind = @Kind", new { Kind = TornWorkflow.OrderKind }, Ct) == 1, "the order is not once in the outbox");
        Check((await approvals.OfRunAsync(only, Ct))?.Votes.Count == 1, "the vote was not counted once");
        Check(await sound.FirstAsync<int>("select count(*) from schedule_fires where outcome = 'started'", null, Ct) == 1, "the fire was not noted once");
        Check((await AuditChain.VerifyAsync(sound, null, Ct)).FirstBreak is null, "the audit chain is broken");
        if (sound.Dialect == SqlDialect.Sqlite)
        {
            Check(await sound.FirstAsync<string>("pragma integrity_check", null, Ct) == "ok", "the file is damaged");
        }

        return faults;
    }

    private async Task TryAsync(IRowStore rows)
    {
        await DeskOn(rows, Fire.AddSeconds(1)).DecideAllAsync(Ct);
        RunId run = new(await rows.FirstAsync<string>("select run_id from runs", null, Ct));
        var (engine, approvals) = TornWorkflow.EngineOn(data, rows, sinkPort);
        await DriveAsync(engine, rows, run);
        if (await approvals.OfRunAsync(run.Value, Ct) is { Status: ApprovalStatus.PendingApproval } pending)
        {
            await approvals.CastAsync(pending.Id, VoteChoice.Approve, "ana", "looks sound", null, Ct);
        }

        await DriveAsync(engine, rows, run);
        OutboxQueue outbox = new(rows, TornWorkflow.OutboxClock);
        while (await TornWorkflow.OrdersPendingAsync(rows, Ct) > 0)
        {
            await outbox.DispatchAsync([TornWorkflow.OrderKind], (message, ct) => OutsideSink.SendAsync(sinkPort, message.Key, ct), Ct);
        }

        RunSummary last = await engine.Views.SummaryAsync(run, Ct);
        if (last.Status != "completed")
        {
            throw new InvalidOperationException($"It has not come to its end yet: {last.Status} {last.Reason}");
        }
    }

    private async Task DriveAsync(WorkflowEngine engine, IRowStore rows, RunId run)
    {
        EngineLease lease = (await EngineLease.TryTakeAsync(data, rows, TimeProvider.System, "errand", Ct)).Lease ?? throw new InvalidOperationException("The lease is taken.");
        try
        {
            while ((await engine.DriveAloneAsync(lease, run, Ct)).Hold is not null)
            {
                // A disk that refuses to write counts as full; an engine finds the room again by itself.
                await new OpenRequests(rows).GoOnAsync(TimeProvider.System.GetUtcNow(), Ct);
            }
        }
        finally
        {
            await lease.DisposeAsync();
        }
    }

    private ScheduleDesk DeskOn(IRowStore rows, DateTimeOffset now)
    {
        var clock = new Standing(now);
        var (engine, _) = TornWorkflow.EngineOn(data, rows, sinkPort);
        return new(new WorkflowFolder(Path.Combine(data.Root, "files"), engine.Kinds), engine.Versions, new(rows, new(clock), clock), engine.Requests, clock, NullLogger.Instance);
    }

    private sealed class Standing(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
