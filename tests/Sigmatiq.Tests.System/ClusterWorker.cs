using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>What each shard of the tests does.</summary>
public sealed record SumInput(int Number, int PauseMs);

/// <summary>What it gives.</summary>
public sealed record SumOutput(double Sum);

/// <summary>A little arithmetic whose last bit depends on its order, and a pause that nothing cuts short, as of a step that computes.</summary>
public sealed class SumStep : StepKind<SumInput, SumOutput>
{
    public override string Name => "test.sum";

    public override string Summary => "Adds numbers up.";

    public override async Task<StepOutcome> RunAsync(StepContext context, SumInput input, CancellationToken ct)
    {
        double sum = 0;
        Rng rng = context.Rng;
        for (int i = 0; i < 1_000; i++)
        {
            sum += rng.NextDouble() / (input.Number + i + 1);
        }

        await Task.Delay(input.PauseMs, CancellationToken.None);
        return Done(new(sum));
    }
}

/// <summary>This test program started once more, as a worker of a cluster.</summary>
public sealed class ClusterWorker : IDisposable
{
    /// <summary>Says in the environment that the program is to be a worker, and of what.</summary>
    public const string Variable = "SIGMATIQ_CLUSTER_WORKER";

    private const string Mark = "worker: ";

    private readonly Process process;
    private readonly List<string> lines = [];

    private ClusterWorker(string id, Process process)
    {
        (Id, this.process) = (id, process);
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Id { get; }

    /// <summary>Everything it said so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    public static ClusterWorker Start(string id, string store, string folder)
    {
        ProcessStartInfo start = new("dotnet", [typeof(ClusterWorker).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = $"{id}|{store}|{folder}";
        return new(id, Process.Start(start)!);
    }

    /// <summary>Stops it where it stands, as a machine that is suspended.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>Asks it to stop in order.</summary>
    public void Terminate() => Signal("TERM");

    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    public static StepKinds KindsOn(DataDirectory data, Func<WorkflowEngine> engine) => new([new SumStep(), new ShardForEachStep(() => engine().Shards, () => engine().Kinds, data)]);

    /// <summary>What the process does: works on the store until it is asked to stop.</summary>
    public static async Task WorkAsync(string what)
    {
        string[] words = what.Split('|');
        (string id, string store, string folder) = (words[0], words[1], words[2]);
        TimeProvider clock = TimeProvider.System;
        using var stop = new CancellationTokenSource();
        using var asked = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        using ILoggerFactory logs = LoggerFactory.Create(b => b.AddProvider(new Saying()));
        using PostgresRowStore rows = await PostgresRowStore.OpenAsync(PostgresAddress.Parse(store), clock, stop.Token);
        var data = new DataDirectory(folder);
        WorkflowEngine? engine = null;
        engine = new(data, rows, KindsOn(data, () => engine!), IdSource.FromSystem(clock), clock, logs) { AttemptsMax = 2 };
        await using ClusterNode node = await ClusterNode.JoinAsync(
            new(id, NodeRole.Worker), rows, IdSource.FromSystem(clock), clock, new(), logs.CreateLogger<ClusterNode>(), Say, stop.Token);
        await using ClusterHost host = engine.Start(node);
        Say($"{id} works as {node.Incarnation}");
        await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void Say(string what) => Console.WriteLine($"{Mark}{DateTimeOffset.UtcNow:HH:mm:ss.fff} {what.ReplaceLineEndings(" ")}");

    private void Signal(string name) => Process.Start("kill", [$"-{name}", $"{process.Id}"])!.WaitForExit();

    private void Keep(string? line)
    {
        if (line?.StartsWith(Mark, StringComparison.Ordinal) == true)
        {
            lock (lines)
            {
                lines.Add(line[Mark.Length..]);
            }
        }
    }

    private sealed class Saying : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => level >= LogLevel.Information;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? e, Func<TState, Exception?, string> format)
        {
            if (IsEnabled(level))
            {
                Say($"{level}: {format(state, e)} {e?.Message}");
            }
        }
    }
}
