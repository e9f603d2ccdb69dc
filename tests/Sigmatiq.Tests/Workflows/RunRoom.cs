using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.Workflows;

/// <summary>A store in a folder of its own with the engine's parts on it.</summary>
internal sealed class RunRoom : IAsyncDisposable
{
    private readonly TestRows rows;

    private RunRoom(DataDirectory data, TestRows rows, TestSteps steps, TimeProvider clock)
    {
        this.rows = rows;
        Data = data;
        Steps = steps;
        Clock = clock;
        Engine = new(data, rows.Rows, steps.Kinds, IdSource.FromSeed(clock, 1), clock, NullLoggerFactory.Instance)
        {
            AttemptsMax = 4, Reserve = new(data) { RoomToGoOn = 1 << 20 },
        };
    }

    public DataDirectory Data { get; }

    public IRowStore Rows => rows.Rows;

    /// <summary>The rows as another process has them; closed with the room.</summary>
    public Task<IRowStore> OpenAgainAsync() => rows.OpenAsync(Clock);

    public TestSteps Steps { get; }

    public TimeProvider Clock { get; }

    public WorkflowEngine Engine { get; }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<RunRoom> OpenAsync(
        TestSteps? steps = null, TimeProvider? clock = null, string? folder = null, StoreEngine? engine = null)
    {
        clock ??= new ManualClock();
        var data = new DataDirectory(folder ?? Path.Combine(Path.GetTempPath(), $"sigmatiq-runs-{Guid.NewGuid():N}"));
        return new(data, await TestRows.CreateAsync(engine ?? OnStoreAttribute.OfThisTest, data, clock), steps ?? new(), clock);
    }

    public async Task<EngineLease> TakeLeaseAsync() =>
        (await EngineLease.TryTakeAsync(Data, Rows, TimeProvider.System, "test/1", Ct)).Lease ?? throw new InvalidOperationException("The lease is taken.");

    public Task<RunId> StartAsync(string yaml, string parameters = "{}", string? until = null) => StartAsync(Steps.Workflow(yaml), parameters, until);

    public Task<RunId> StartAsync(WorkflowDefinition workflow, string parameters = "{}", string? until = null) =>
        Engine.Requests.StartAsync(new(workflow, JsonNode.Parse(parameters)!.AsObject(), "operator") { Until = until }, Ct);

    /// <summary>Drives a run under a lease of its own until it rests.</summary>
    public async Task<RunState> DriveAsync(RunId run, CancellationToken? ct = null)
    {
        await using EngineLease lease = await TakeLeaseAsync();
        return await Engine.DriveAloneAsync(lease, run, ct ?? Ct);
    }

    /// <summary>Drives a run in a process that dies right after so many further events.</summary>
    /// <returns>Whether it died before the run came to rest.</returns>
    public async Task<bool> DriveUntilDeathAsync(RunId run, int events)
    {
        await using EngineLease lease = await TakeLeaseAsync();
        var rows = new DyingRows(Rows, events);
        var engine = new WorkflowEngine(Data, rows, Steps.Kinds, IdSource.FromSeed(Clock, 2), Clock, NullLoggerFactory.Instance) { AttemptsMax = 4 };
        try
        {
            await engine.DriveAloneAsync(lease, run, Ct);
            return false;
        }
        catch (ProcessGoneException)
        {
            return true;
        }
    }

    /// <summary>Drives a run on these rows until it rests.</summary>
    public async Task<RunState> DriveOnAsync(IRowStore rows, RunId run)
    {
        await using EngineLease lease = await TakeLeaseAsync();
        var engine = new WorkflowEngine(Data, rows, Steps.Kinds, IdSource.FromSeed(Clock, 2), Clock, NullLoggerFactory.Instance) { AttemptsMax = 4 };
        return await engine.DriveAloneAsync(lease, run, Ct);
    }

    /// <summary>Drives a run on a store that answers every nth writing transaction with "locked".</summary>
    public Task<RunState> DriveOnLockedRowsAsync(RunId run, int everyNth) => DriveOnAsync(new LockedRows(Rows, everyNth), run);

    public async Task<RunState> StateAsync(RunId run) => (await Engine.Journal.LoadAsync(run, Ct)).State;

    /// <summary>Moves the clock on, a little at a time, until the work is done.</summary>
    public async Task<T> WhileTimePassesAsync<T>(Task<T> work, TimeSpan step)
    {
        while (await Task.WhenAny(work, Task.Delay(5, Ct)) != work)
        {
            ((ManualClock)Clock).Advance(step);
        }

        return await work;
    }

    /// <summary>Moves some process's clock on until the work is done.</summary>
    public static async Task<T> WhileTimePassesOnAsync<T>(ManualClock clock, Task<T> work)
    {
        while (await Task.WhenAny(work, Task.Delay(5, Ct)) != work)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        return await work;
    }

    public async ValueTask DisposeAsync()
    {
        await rows.DisposeAsync();
        Directory.Delete(Data.Root, recursive: true);
    }
}
