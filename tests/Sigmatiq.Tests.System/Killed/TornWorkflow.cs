using System.Text.Json;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.SystemTests.Killed;

/// <summary>A workflow of twelve steps with all that a kill can tear: two fan-outs, a retry, a vote, and three effects outside, one of them by
/// the outbox.</summary>
internal static class TornWorkflow
{
    public const string OrderKind = "torn.order";

    public const string Yaml = """
        workflow: torn
        version: 1.0.0
        summary: Twelve steps with all that a kill can tear
        steps:
          prepare: { uses: torn.part, with: { name: prepare, count: 4 } }
          each:
            uses: torn.part
            for_each: { in: "{steps.prepare.outputs.parts}", as: part, max_parallel: 3 }
            with: { name: "{part}" }
          gather: { uses: torn.part, needs: [each], with: { name: gather } }
          flaky: { uses: torn.flaky, needs: [gather], with: { name: flaky }, retry: { attempts: 3, backoff: fixed, first: 20ms } }
          announce: { uses: torn.send, needs: [flaky], with: { name: announce } }
          subject: { uses: torn.subject, needs: [announce], with: { name: subject } }
          approve: { uses: approval, with: { subject: "{steps.subject.outputs.file}", votes: [gates, person], four_eyes: relaxed } }
          order: { uses: torn.queue, needs: [approve], with: { name: order } }
          split:
            uses: torn.part
            needs: [order]
            for_each: { in: "{steps.prepare.outputs.parts}", as: part, max_parallel: 2 }
            with: { name: "{part}" }
          confirm: { uses: torn.send, needs: [split], with: { name: confirm } }
          check: { uses: torn.part, needs: [confirm], with: { name: check } }
          close: { uses: torn.part, needs: [check], with: { name: close } }
        """;

    /// <summary>The steps whose effects reach the sink.</summary>
    public static IReadOnlyList<string> Effects { get; } = ["announce", "order", "confirm"];

    /// <summary>What a run writes once, with the bytes of its subject.</summary>
    public static string OnceOf(string run) => $"{run}.once.json";

    /// <summary>The engine on a store, with the approvals behind its votes.</summary>
    public static (WorkflowEngine Engine, ApprovalService Approvals) EngineOn(DataDirectory data, IRowStore rows, int sinkPort)
    {
        TimeProvider clock = TimeProvider.System;
        WorkflowEngine? engine = null;
        ApprovalService approvals = new(rows, data, new AuditChain(clock), clock, Some.FindAsync,
            (tx, decided, ct) => engine!.Requests.WakeAsync(tx, ApprovalStep.WakeKeyOf(decided.Id), decided.DecidedBy!, ct));
        ApprovalStep vote = new(approvals, new(rows, new(data.Root)), _ => Task.FromResult(FourEyes.Relaxed), data, clock);
        StepKinds kinds = new(
        [
            new Part(), new Flaky(), new Send(sinkPort), new Queue(rows, new(rows, OutboxClock)), new Subject(data), vote,
        ]);
        engine = new(data, rows, kinds, IdSource.FromSystem(clock), clock, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance) { AttemptsMax = 4 };
        return (engine, approvals);
    }

    /// <summary>The workflow as the engine's step kinds read it.</summary>
    public static WorkflowDefinition Read(WorkflowEngine engine) => WorkflowYaml.Parse(Yaml, "torn.yaml", engine.Kinds).Value;

    /// <summary>Orders that have not reached the sink.</summary>
    public static Task<int> OrdersPendingAsync(IRowStore rows, CancellationToken ct) =>
        rows.FirstAsync<int>("select count(*) from outbox where kind = @OrderKind and delivered_at_utc is null", new { OrderKind }, ct);

    /// <summary>A delivery whose process died is taken up after a minute; here a minute is a second.</summary>
    public static TimeProvider OutboxClock { get; } = new Hurried();

    internal sealed record NameInput(string Name, int Count = 0);

    internal sealed record PartOutput(string Made, IReadOnlyList<string> Parts);

    internal sealed record SubjectOutput(string File);

    private sealed class Hurried : TimeProvider
    {
        private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Origin + ((System.GetUtcNow() - Origin) * 60);
    }

    private sealed class Part : StepKind<NameInput, PartOutput>
    {
        public override string Name => "torn.part";

        public override string Summary => "Computes for some milliseconds.";

        public override async Task<StepOutcome> RunAsync(StepContext context, NameInput input, CancellationToken ct)
        {
            Rng rng = context.Rng;
            await Task.Delay(1 + rng.NextInt(12), ct);
            return Done(new($"{input.Name} {rng.NextInt(1_000_000)}", [.. Enumerable.Range(1, input.Count).Select(i => $"part {i}")]));
        }
    }

    private sealed class Flaky : StepKind<NameInput, PartOutput>
    {
        public override string Name => "torn.flaky";

        public override string Summary => "Fails the first time.";

        public override Task<StepOutcome> RunAsync(StepContext context, NameInput input, CancellationToken ct) => Task.FromResult(
            context.Attempt == 1 ? StepOutcome.SourceUnavailable(new("TST-0001", "The source did not answer.")) : Done(new(input.Name, [])));
    }

    private sealed class Send(int port) : StepKind<NameInput, PartOutput>
    {
        public override string Name => "torn.send";

        public override string Summary => "Tells the sink.";

        public override async Task<StepOutcome> RunAsync(StepContext context, NameInput input, CancellationToken ct)
        {
            await OutsideSink.SendAsync(port, context.EffectKey, ct);
            return Done(new(input.Name, []));
        }
    }

    private sealed class Queue(IRowStore rows, OutboxQueue outbox) : StepKind<NameInput, PartOutput>
    {
        public override string Name => "torn.queue";

        public override string Summary => "Leaves word for the sink in the outbox.";

        public override async Task<StepOutcome> RunAsync(StepContext context, NameInput input, CancellationToken ct)
        {
            await rows.InTransactionAsync(tx => outbox.EnqueueAsync(tx, context.EffectKey, OrderKind, null, ct), ct);
            return Done(new(input.Name, []));
        }
    }

    private sealed class Subject(DataDirectory data) : StepKind<NameInput, SubjectOutput>
    {
        public override string Name => "torn.subject";

        public override string Summary => "Writes down what is voted on.";

        public override Task<StepOutcome> RunAsync(StepContext context, NameInput input, CancellationToken ct)
        {
            VoteRequest request = new(Some.Subject(context.AsOfUtc), Sigmatiq.Backtest.Evidence.Recommendation.Review, [], []);
            string file = $"{context.Run}.json";
            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(request, ApprovalJson.Options);
            AtomicFile.Write(data.File(file), bytes);
            AtomicFile.WriteOnce(data.File(OnceOf(context.Run.Value)), bytes);
            return Task.FromResult(Done(new(file)));
        }
    }
}
