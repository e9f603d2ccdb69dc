using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Alerts;
using Sigmatiq.Trading.Outside;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows;

/// <summary>An engine whose steps reach outside, and a receiver that is there.</summary>
internal sealed class ReachingRoom : IAsyncDisposable
{
    private readonly RunRoom room;
    private int answer = 200;

    private ReachingRoom(RunRoom room)
    {
        this.room = room;
        Receiver = RawServer.Start(_ => (answer, "", ""));
        Outbox = new(room.Rows, room.Clock);
        WorkflowEngine? engine = null;
        Deliveries = new(room.Rows, room.Clock, (tx, key, ct) => engine!.Requests.WakeAsync(tx, key, "delivery", ct));
        Outside = new(Path.Combine(room.Data.Root, "outside.yaml"));
        Notifier = new(Outbox, Deliveries, Outside, "test/1", Rng.From(1), room.Clock, _ => { });
        Kinds = new(
        [
            new UpstreamStep(room.Rows, Outbox), new NotifyStep(room.Rows, Outbox, Deliveries, Outside, room.Data),
            new HttpCallStep(new((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), TimeProvider.System), Outside, room.Data),
        ]);
        Engine = engine = new(room.Data, room.Rows, Kinds, IdSource.FromSeed(room.Clock, 3), room.Clock, NullLoggerFactory.Instance);
        File.WriteAllText(Path.Combine(room.Data.Root, "hook"), "hunter2");
        File.WriteAllText(Outside.Path, $$"""
            secrets: { hook: { file: hook } }
            channels: { ops: { type: webhook, url: "http://127.0.0.1:{{Receiver.Port}}/", secret: hook } }
            routes: [ { kinds: ["alert.*", "approval.*"], channels: [ops] } ]
            give_up: { attempts: 2 }
            calls: [ { host: api.test, schemes: [http], ports: [{{Receiver.Port}}], methods: [GET, POST], networks: [127.0.0.0/8] } ]
            """);
    }

    public RawServer Receiver { get; }

    public OutboxQueue Outbox { get; }

    public DeliveryQueue Deliveries { get; }

    public OutsideFile Outside { get; }

    public Notifier Notifier { get; }

    public StepKinds Kinds { get; }

    public WorkflowEngine Engine { get; }

    public RunRoom Room => room;

    /// <summary>What the receiver got, oldest first.</summary>
    public IReadOnlyList<JsonNode> Received => [.. Receiver.Requests.Select(r => JsonNode.Parse(r.Body)!)];

    public static async Task<ReachingRoom> OpenAsync(TimeProvider? clock = null) => new(await RunRoom.OpenAsync(clock: clock));

    public void Answer(int status) => answer = status;

    public async Task<RunId> StartAsync(string steps, string requester = "operator") => await Engine.Requests.StartAsync(
        new(WorkflowYaml.Parse($"workflow: telling\nversion: 1.0.0\nsummary: s\nsteps:\n  {steps.ReplaceLineEndings("\n  ")}\n", "telling.yaml", Kinds).Value, [], requester), RunRoom.Ct);

    public async Task<RunState> DriveAsync(RunId run)
    {
        await using EngineLease lease = await room.TakeLeaseAsync();
        return await Engine.DriveAloneAsync(lease, run, RunRoom.Ct);
    }

    public async ValueTask DisposeAsync()
    {
        Notifier.Dispose();
        await Receiver.DisposeAsync();
        await room.DisposeAsync();
    }
}
