using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Benchmarks;

/// <summary><c>steps [--store sqlite|postgres] [--runs 16] [--steps 200] [--parallel 8]</c>: durable light steps a second. A step counts once its effect, a row in
/// the outbox, and its end in the journal are flushed to the disk.</summary>
internal static class StepsBenchmark
{
    public static int Run(string[] args) => RunAsync(args).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(string[] args)
    {
        string Text(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
        int Given(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        int runs = Given("--runs", 16), steps = Given("--steps", 200), parallel = Given("--parallel", 8);
        string folder = Directory.CreateTempSubdirectory("sigmatiq-steps-").FullName;
        CancellationToken ct = CancellationToken.None;
        DataDirectory data = new(folder);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, ct);
        WorkflowEngine engine = new(data, rows, new StepKinds([new Light(rows)]), IdSource.FromSystem(TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance)
        {
            AttemptsMax = parallel,
        };
        string yaml = $$"""
            workflow: light
            version: 1.0.0
            summary: Light steps
            steps:
              each:
                uses: bench.light
                for_each: { in: [{{string.Join(", ", Enumerable.Range(0, steps))}}], as: item, max_parallel: {{parallel}} }
                with: { number: "{item}" }
            """;
        WorkflowDefinition workflow = WorkflowYaml.Parse(yaml, "light.yaml", engine.Kinds).Value;
        for (int i = 0; i < runs; i++)
        {
            await engine.Requests.StartAsync(new(workflow, [], "bench"), ct);
        }

        EngineLease lease = (await EngineLease.TryTakeAsync(data, rows, TimeProvider.System, "bench", ct)).Lease!;
        using var process = Process.GetCurrentProcess();
        TimeSpan cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await using (lease)
        await using (EngineHost host = await engine.StartAsync(lease, ct))
        {
            while (await rows.FirstAsync<int>("select count(*) from runs where ended_at_utc is null", null, ct) > 0)
            {
                await Task.Delay(20, ct);
            }
        }

        double seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        int done = await rows.FirstAsync<int>("select count(*) from outbox", null, ct);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = "steps", runs, steps, parallel, done, seconds = Math.Round(seconds, 2), steps_per_s = Math.Round(done / seconds),
            cpu_ms_per_step = Math.Round((process.TotalProcessorTime - cpu).TotalMilliseconds / done, 3),
        }));
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    internal sealed record LightInput(int Number);

    internal sealed record LightOutput(int Number);

    private sealed class Light(IRowStore rows) : StepKind<LightInput, LightOutput>
    {
        private readonly OutboxQueue outbox = new(rows, TimeProvider.System);

        public override string Name => "bench.light";

        public override string Summary => "Leaves one row.";

        public override async Task<StepOutcome> RunAsync(StepContext context, LightInput input, CancellationToken ct)
        {
            await rows.InTransactionAsync(tx => outbox.EnqueueAsync(tx, context.EffectKey, "bench", null, ct), ct);
            return Done(new(input.Number));
        }
    }
}
