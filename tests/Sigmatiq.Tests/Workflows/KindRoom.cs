using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows;

/// <summary>A store with an engine whose step kinds a test chooses, on a clock that the test moves. Runs are driven as the engine's host
/// does, look by look, in the test's own thread.</summary>
internal sealed class KindRoom : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly TestRows rows;
    private WorkflowEngine? engine;

    private KindRoom(DataDirectory data, TestRows rows, TemporaryFolder folder) => (Data, this.rows, this.folder) = (data, rows, folder);

    public DataDirectory Data { get; }

    public IRowStore Rows => rows.Rows;

    public ManualClock Clock { get; } = new();

    /// <summary>Pure kinds to mix in, with scripts by step name.</summary>
    public TestSteps Steps { get; } = new();

    public WorkflowEngine Engine => engine!;

    public StepKinds Kinds => Engine.Kinds;

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<KindRoom> OpenAsync(Func<KindRoom, IEnumerable<IStepKind>> kinds)
    {
        TemporaryFolder folder = new();
        DataDirectory data = new(folder.Path);
        KindRoom room = new(data, await TestRows.CreateAsync(data), folder);
        room.engine = new(data, room.Rows, new StepKinds([.. kinds(room), .. room.Steps.All]), IdSource.FromSeed(room.Clock, 1), room.Clock, NullLoggerFactory.Instance) { AttemptsMax = 4 };
        return room;
    }

    public WorkflowDefinition Workflow(string yaml) => WorkflowYaml.Parse(yaml, "test.yaml", Kinds).Value;

    /// <summary>What a kind says of the input of a step when it runs; an expression in it is the word in its braces.</summary>
    public static async Task<Problem> RefusalAsync(StepKinds kinds, string yaml, string step)
    {
        YamlMap at = (YamlMap)YamlText.Parse(yaml, "test.yaml", WorkflowCodes.Structure).Value;
        foreach (string key in (string[])["steps", step])
        {
            at = (YamlMap)at.Find(key)!.Value;
        }

        kinds.TryGet(((YamlScalar)at.Find("uses")!.Value).Text, out StepKinds.Entry? kind);
        try
        {
            StepOutcome outcome = await kind!.Kind.RunAsync(
                new() { Run = new("run_1"), Step = step, Index = 0, Attempt = 1, Seed = 1, RequestedBy = "operator", AsOfUtc = DateTimeOffset.UnixEpoch }, at.Find("with")?.Value.ToJson() as JsonObject ?? [], Ct);
            return ((StepOutcome.Failed)outcome).Problem;
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
    }

    public Task<RunId> StartAsync(string yaml, string parameters = "{}", DateTimeOffset? asOfUtc = null) =>
        Engine.Requests.StartAsync(new(Workflow(yaml), JsonNode.Parse(parameters)!.AsObject(), "operator") { AsOfUtc = asOfUtc }, Ct);

    /// <summary>Drives whatever wants driving until nothing does.</summary>
    public Task SettleAsync() => SettleAsync(Engine);

    /// <summary>The same in a process that dies right after so many further events.</summary>
    /// <param name="events">How many.</param>
    /// <param name="kind">The kind of that process, on its own rows and engine.</param>
    /// <returns>Whether it died before nothing was left to do.</returns>
    public async Task<bool> DieAfterAsync(int events, Func<IRowStore, Func<WorkflowEngine>, IStepKind> kind)
    {
        DyingRows dying = new(Rows, events);
        WorkflowEngine? mortal = null;
        mortal = new(Data, dying, new StepKinds([kind(dying, () => mortal!), .. Steps.All]), IdSource.FromSeed(Clock, 2), Clock, NullLoggerFactory.Instance) { AttemptsMax = 4 };
        try
        {
            await SettleAsync(mortal);
        }
        catch (ProcessGoneException)
        {
        }

        return dying.IsDead;
    }

    private async Task SettleAsync(WorkflowEngine driver)
    {
        EngineLease lease = (await EngineLease.TryTakeAsync(Data, Rows, TimeProvider.System, "test/1", Ct)).Lease ?? throw new InvalidOperationException("The lease is taken.");
        await using (lease)
        {
            RunDispatcher dispatcher = driver.DispatcherFor(new EngineRunClaims(lease));
            for (IReadOnlyList<RunId> wanted = await dispatcher.LookAsync(Ct); wanted.Count > 0; wanted = await dispatcher.LookAsync(Ct))
            {
                foreach (RunId run in wanted)
                {
                    await dispatcher.DriveAsync(run, Ct);
                }
            }
        }
    }

    public async Task<RunState> StateAsync(RunId run) => (await Engine.Journal.LoadAsync(run, Ct)).State;

    /// <summary>A run of one step from its start to its rest.</summary>
    public async Task<RunState> RunAsync(string yaml, string parameters = "{}", DateTimeOffset? asOfUtc = null)
    {
        RunId run = await StartAsync(yaml, parameters, asOfUtc);
        await SettleAsync();
        return await StateAsync(run);
    }

    public async ValueTask DisposeAsync()
    {
        await rows.DisposeAsync();
        folder.Dispose();
    }
}
