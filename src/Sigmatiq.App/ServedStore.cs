using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Streams;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App;

/// <summary>Where a store is served, and by whom.</summary>
/// <param name="Address">Where it answers, e.g. <c>http://127.0.0.1:8484</c>.</param>
/// <param name="Store">This process's own serving; null where another process serves the store already.</param>
public sealed record Serving(Uri Address, ServedStore? Store);

/// <summary>A store that this process serves: it holds the engine lease, runs the engine and answers on loopback.</summary>
public sealed class ServedStore : IAsyncDisposable
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);
    private readonly Platform platform;
    private readonly EngineLease lease;
    private readonly WebServer server;
    private readonly EngineHost engine;
    private readonly FireTriggers fires;
    private readonly CancellationTokenSource stopNotifying = new();
    private readonly Task notifying;

    private ServedStore(Platform platform, EngineLease lease, WebServer server, EngineHost engine, FireTriggers fires)
    {
        notifying = Task.Run(() => platform.Notifier.RunAsync(stopNotifying.Token), CancellationToken.None);
        this.fires = fires;
        this.platform = platform;
        this.lease = lease;
        this.server = server;
        this.engine = engine;
    }

    /// <summary>Takes the store's engine and starts to serve, or finds who serves it already.</summary>
    /// <param name="platform">The store.</param>
    /// <param name="url">Address asked for; null takes port 8484 or the next free one.</param>
    /// <param name="onWait">Told whom it waits for: a command that drives a run by itself holds the engine too but answers nowhere.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <param name="published">Where a proxy on this machine publishes it; null for nowhere.</param>
    /// <exception cref="ProblemException">APP-1003 to APP-1005: see <see cref="WebServer"/>.</exception>
    public static async Task<Serving> StartAsync(Platform platform, string? url, Action<string> onWait, CancellationToken ct, PublicOrigin? published = null)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            EngineClaim claim = await EngineLease.TryTakeAsync(platform.Data, platform.Rows, platform.Clock, Platform.Owner, ct);
            if (claim.Lease is { } lease)
            {
                ServedStore store = await ServeAsync(platform, lease, url, published, ct);
                return new(store.server.Address, store);
            }

            if (claim.HeldBy is { Address: { } address })
            {
                return new(new(address), null);
            }

            if (isFirst)
            {
                onWait(claim.HeldBy?.Owner ?? "another process");
            }

            await Task.Delay(AskAgainAfter, platform.Clock, ct);
        }
    }

    /// <summary>Serves until the token is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task UntilStoppedAsync(CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, platform.Clock, ct);

    /// <summary>Stops answering, then driving, then gives the engine back; a run under way goes on at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await fires.DisposeAsync();
        await engine.DisposeAsync();
        await stopNotifying.CancelAsync();
        await notifying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopNotifying.Dispose();
        await lease.DisposeAsync();
    }

    /// <summary>All that is answered besides the page and the door.</summary>
    internal static IReadOnlyList<Action<IEndpointRouteBuilder>> Routes(Platform platform)
    {
        WorkRequests work = new(platform);
        LeaderboardColumns boards = new(platform.Data, platform.Sweeps.Store, platform.Kept);
        return
        [
            new MeApi(platform.Data).Map,
            new UsersApi(platform.Accounts).Map,
            new KeysApi(platform.Keys, platform.Clock).Map,
            new ModelsApi(platform.Packs, platform.Models, platform.Rows, platform.Audit, platform.Bars, platform.Clock).Map,
            new SweepsApi(platform.Packs, platform.Models, platform.Sweeps.Store, work.SweepAsync, work.CancelAsync, work.KeepCancelledAsync,
                async (sweep, ct) => JudgedLeaderboard.Of(sweep, await platform.Trials.DeflationAsync(sweep, ct), await boards.NearAsync(sweep, ct)), platform.Sweeps.SeenAsync, boards).Map,
            new SweepPlansApi(platform.Packs, platform.Models, platform.SweepWorks, platform.Sweeps.Store, platform.Bars).Map,
            new TrainingApi(platform.Sweeps.Store, platform.Combos, platform.Trainings, platform.Trained, work.TrainAsync, work.CancelAsync).Map,
            new OverviewApi(platform).Map,
            new WorkflowGraphApi(platform.Engine, platform.Workflows).Map,
            new RunsApi(platform.Engine, platform.Workflows, platform.Data, platform.Clock).Map,
            new RunStream(platform.Engine, platform.Clock).Map,
            new WorkflowsApi(platform, platform.Workflows).Map,
            new WorkflowTextsApi(platform, platform.Workflows).Map,
            new SchedulesApi(platform, platform.Workflows).Map,
            new WorkflowDesignApi(platform).Map,
            new WorkflowDeskApi(platform).Map,
            new ApprovalsApi(platform.Approvals, platform.Data).Map,
            new ReviewApi(platform.Approvals, platform.Deployments, platform.Bars, platform.Packs,
                async (run, ct) => (await platform.Engine.Views.ShowAsync(new(run), ct)).State.Definition, platform.Data,
                new(platform.Rows, platform.Sweeps.Store, platform.Trials)).Map,
            new TrainedModelsApi(platform.Trained, platform.Rows).Map,
            new SweepColumnsApi(platform, boards).Map,
            new ForecastsApi(platform.Data, platform.Trained, platform.Models, platform.Clock).Map,
            new PacksApi(platform.Packs, new(platform.Rows, platform.Clock), platform.Models, platform.Rows).Map,
            new DataApi(platform.Bars, platform.Data, platform.Clock).Map,
            new ImportsApi(platform).Map,
            new SeriesWorkApi(platform).Map,
            new SystemApi(platform).Map,
            new MetricsApi(platform).Map,
            new ProductionApi(platform.Data, platform.Rows, platform.Approvals, platform.Deployments, new Reapproval(platform).AskAsync).Map,
        ];
    }

    private static async Task<ServedStore> ServeAsync(Platform platform, EngineLease lease, string? url, PublicOrigin? published, CancellationToken ct)
    {
        WebServer? server = null;
        EngineHost? engine = null;
        FireTriggers? fires = null;
        try
        {
            // Settings that are wrong are said at the start, not in a log.
            platform.Outside.Read();
            StatusReader reader = new(platform);
            server = await WebServer.StartAsync(url, platform.People, reader.ReadAsync, VoteAsync, Routes(platform), platform.Rows, platform.Clock, platform.Logs, ct, limits: platform.Limits(), published: published);
            engine = await platform.Engine.StartAsync(lease, ct);
            fires = await FireTriggers.StartAsync(platform.ScheduleDesk, platform.Backfill, ContentHash.Of(platform.Data.Root).Short, platform.Clock, platform.Logs, ct);
            await lease.AnnounceAsync(server.Address.GetLeftPart(UriPartial.Authority), ct);
            return new(platform, lease, server, engine, fires);
        }
        catch
        {
            if (fires is not null)
            {
                await fires.DisposeAsync();
            }

            if (engine is not null)
            {
                await engine.DisposeAsync();
            }

            if (server is not null)
            {
                await server.DisposeAsync();
            }

            await lease.DisposeAsync();
            throw;
        }

        Task VoteAsync(string id, bool approve, string voter, string reason, string digest, CancellationToken token) =>
            platform.Approvals.CastAsync(id, approve ? VoteChoice.Approve : VoteChoice.Reject, voter, reason, digest, token);
    }
}
