using Microsoft.Extensions.Logging;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Retention;
using Sigmatiq.Workflows.Shards;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>Everything about runs on one store, put together: asking, reading, following, and driving. Nothing is started before it is
/// asked for.</summary>
public sealed class WorkflowEngine
{
    private static readonly TimeSpan TakeOverEvery = TimeSpan.FromSeconds(2), LookForDrainEvery = TimeSpan.FromMilliseconds(500);

    private readonly DataDirectory data;
    private readonly IRowStore rows;
    private readonly TimeProvider clock;
    private readonly ILoggerFactory logs;
    private readonly IdSource ids;
    private readonly Lazy<ShardPool> shards;

    /// <summary>Puts the parts together.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="kinds">The step kinds.</param>
    /// <param name="ids">Gives run ids.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logs">For what nobody foresaw.</param>
    /// <param name="check">Looks at every order before there is a run; null lets all pass.</param>
    /// <param name="audit">Where decisions about runs are recorded; null takes a chain without a seal.</param>
    public WorkflowEngine(DataDirectory data, IRowStore rows, StepKinds kinds, IdSource ids, TimeProvider clock, ILoggerFactory logs, OrderCheck? check = null,
        AuditChain? audit = null)
    {
        this.data = data;
        this.rows = rows;
        this.clock = clock;
        this.logs = logs;
        this.ids = ids;
        Kinds = kinds;
        Reserve = new(data);
        Versions = new(rows, clock);
        RunArchive archive = new(rows, data);
        Journal = new(rows, Versions, new(rows, clock), archive);
        Requests = new(rows, Journal, Versions, check ?? ((_, _, _) => Task.CompletedTask), audit ?? new(clock), ids, clock, kinds);
        Views = new(rows, Journal, archive);
        Columns = new(Journal, Versions);
        Follower = new(Views, clock);
        shards = new(() => new(rows, kinds, Views, AttemptsMax, ids, clock, logs.CreateLogger<ShardPool>()));
    }

    /// <summary>The step kinds.</summary>
    public StepKinds Kinds { get; }

    /// <summary>Published workflows.</summary>
    public WorkflowVersions Versions { get; }

    /// <summary>The journal.</summary>
    public RunJournal Journal { get; }

    /// <summary>Start, wake, cancel.</summary>
    public RunRequests Requests { get; }

    /// <summary>Lists and single runs.</summary>
    public RunViews Views { get; }

    /// <summary>Many runs with the state of each of their steps.</summary>
    public RunColumns Columns { get; }

    /// <summary>Follows a run that any process drives.</summary>
    public RunFollower Follower { get; }

    /// <summary>Live news of the runs that this process drives.</summary>
    public RunFeed Feed { get; } = new();

    /// <summary>Attempts under way at once in this process.</summary>
    public int AttemptsMax { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Room on the disk for saying that it is full.</summary>
    public DiskReserve Reserve { get; init; }

    /// <summary>Has shards done.</summary>
    public ShardPool Shards => shards.Value;

    /// <summary>This process as a node of a cluster; null while it is none.</summary>
    public ClusterNode? Node => shards.IsValueCreated ? Shards.Node : null;

    /// <summary>What drives the runs that this process can claim.</summary>
    public RunDispatcher DispatcherFor(IRunClaims claims) =>
        new(Journal, new(rows), Kinds, Feed, claims, Reserve, AttemptsMax, clock, logs.CreateLogger<RunDispatcher>());

    /// <summary>Drives one run under the engine's lease until it ends or waits.</summary>
    public Task<RunState> DriveAloneAsync(EngineLease lease, RunId run, CancellationToken ct)
    {
        EngineRunClaims claims = new(lease);
        return DispatcherFor(claims).DriveAloneAsync(claims.ForOnly(run), ct);
    }

    /// <summary>Starts the engine of the store: Quartz, and the look for requests. The caller holds the lease and keeps it until the
    /// host is disposed.</summary>
    public Task<EngineHost> StartAsync(EngineLease lease, CancellationToken ct) =>
        EngineHost.StartAsync(data, DispatcherFor(new EngineRunClaims(lease)), lease.Fence, clock, logs, ct);

    /// <summary>Starts to work as a node of a cluster. The caller disposes the host before the node.</summary>
    public ClusterHost Start(ClusterNode node) => ClusterHost.Start(node, DispatcherFor(new ClusterRunClaims(node)), Shards.Join(node));

    /// <summary>Whether several processes drive runs of this store, each run under a claim of its own, rather than one engine all of them.</summary>
    public bool IsShared => rows.Dialect == SqlDialect.Postgres;

    /// <summary>The processes that work on the store together.</summary>
    public NodeTable Nodes => new(rows, new(clock));

    /// <summary>Whether a living process drives the runs of the store: its engine, or a command that has taken the engine's place.</summary>
    public async Task<bool> IsDrivenAsync(CancellationToken ct) =>
        IsShared ? await Nodes.HasDriversAsync(ct) : await EngineLease.IsHeldAsync(data, clock, ct);

    /// <summary>Brings a run and the runs that work for its steps to rest (ended, or waiting): by following them where an engine lives, else by driving
    /// them in this process under the lease. An engine that dies meanwhile is replaced by this process.</summary>
    /// <param name="run">The run.</param>
    /// <param name="owner">This process, e.g. <c>machine/4711</c>.</param>
    /// <param name="waitsFrom">A wait counts as rest only when the journal is longer than this: for a caller that has just woken the
    /// run; 0 else.</param>
    /// <param name="onChange">Receives every change.</param>
    /// <param name="ct">Ends the following or driving; the run stays as it is.</param>
    /// <exception cref="ProblemException">On a shared store where this process would drive: CLU-1001: living nodes run another build. CLU-1008: it
    /// was asked to leave the run to others.</exception>
    public async Task<RunView> BringToRestAsync(RunId run, string owner, long waitsFrom, Action<RunView> onChange, CancellationToken ct)
    {
        using var drive = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var claim = CancellationTokenSource.CreateLinkedTokenSource(drive.Token);
        using var follow = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task driving = DriveWhereNobodyDoesAsync(run, owner, claim.Token, drive.Token);
        _ = driving.ContinueWith(_ => follow.CancelAsync(), ct, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        try
        {
            RunView? last = null;
            await foreach (RunView view in Follower.FollowAsync(run, pastWaits: false, waitsFrom, follow.Token))
            {
                onChange(last = view);
            }

            // The run rests, so whoever drives it here is about to return.
            await claim.CancelAsync();
            await driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return last!;
        }
        catch (OperationCanceledException) when (driving.IsFaulted)
        {
            await driving;
            throw;
        }
        finally
        {
            await drive.CancelAsync();
            await driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DriveWhereNobodyDoesAsync(RunId run, string owner, CancellationToken claiming, CancellationToken driving)
    {
        if (IsShared)
        {
            await DriveWhereNoNodeDoesAsync(run, owner, claiming, driving);
            return;
        }

        while (!claiming.IsCancellationRequested)
        {
            EngineClaim claim = await EngineLease.TryTakeAsync(data, rows, clock, owner, claiming);
            if (claim.Lease is { } lease)
            {
                await using (lease)
                {
                    EngineRunClaims claims = new(lease);
                    await DispatcherFor(claims).DriveFamilyAsync(run, claims.ForOnly(run), claiming, driving);
                }

                return;
            }

            await Task.Delay(TakeOverEvery, clock, claiming);
        }
    }

    /// <summary>Does a command's own work: on a shared store as a node among the others, with claims that end with it.</summary>
    /// <param name="owner">This process, e.g. <c>machine/4711</c>.</param>
    /// <param name="onWait">Told whom it waits for.</param>
    /// <param name="work">The work.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ProblemException">CLU-1001: living nodes run another build. CLU-1008: it was asked to leave its work to others.</exception>
    public async Task<T> AsCommandAsync<T>(string owner, Action<string> onWait, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        if (!IsShared)
        {
            return await work(ct);
        }

        await using ClusterNode node = await JoinAsync(owner, onWait, ct);
        Shards.Enter(node);
        try
        {
            return await UnlessDrainedAsync(node, work, ct);
        }
        finally
        {
            Shards.Leave(node);
        }
    }

    private Task<ClusterNode> JoinAsync(string owner, Action<string> onWait, CancellationToken ct) =>
        ClusterNode.JoinAsync(new(owner, NodeRole.Command), rows, ids, clock, new(), logs.CreateLogger<ClusterNode>(), onWait, ct);

    // On a cluster a command drives only where no worker lives, as a node of its own and for this run's family alone.
    private async Task DriveWhereNoNodeDoesAsync(RunId run, string owner, CancellationToken claiming, CancellationToken driving)
    {
        while (!claiming.IsCancellationRequested)
        {
            if (!await Nodes.HasWorkersAsync(claiming))
            {
                await using ClusterNode node = await JoinAsync(owner, _ => { }, claiming);
                await using ShardWorker shards = Shards.Join(node);
                try
                {
                    await UnlessDrainedAsync(node, async ct =>
                    {
                        await DispatcherFor(new ClusterRunClaims(node)).DriveFamilyAsync(run, claim: null, claiming, ct);
                        return true;
                    }, driving);
                    return;
                }
                finally
                {
                    Shards.Leave(node);
                }
            }

            await Task.Delay(TakeOverEvery, clock, claiming);
        }
    }

    // A served node that is drained waits for its end; a command has nothing to wait for.
    private async Task<T> UnlessDrainedAsync<T>(ClusterNode node, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task<T> doing = work(stop.Token);
        while (!stop.IsCancellationRequested && await Task.WhenAny(doing, Task.Delay(LookForDrainEvery, clock, ct)) != doing)
        {
            if (node.IsDraining || node.Replaced.IsCompleted)
            {
                await stop.CancelAsync();
            }
        }

        try
        {
            return await doing;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ProblemException("CLU-1008", "This command was asked to leave its work to the nodes of the store.", node.Name.Id,
                "What is done is kept: give the command again, and it follows the node that goes on with it.");
        }
    }
}
