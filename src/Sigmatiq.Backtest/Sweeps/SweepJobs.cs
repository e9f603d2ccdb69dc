using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Runs sweeps that were asked for and keeps what they give. A sweep that was killed or cancelled in the middle and runs again keeps its
/// id, goes on from the confidence columns and chunks it has stored, and gives the same files, rows and hashes as an undisturbed one.</summary>
/// <remarks>One process gathers a sweep at a time (<see cref="IWorkClaims"/>); a second one that asks for it follows the first and takes over where
/// that one dies. Its columns and chunks may be spread over many (<see cref="ISpread"/>). What a process writes after it lost its claim is refused.</remarks>
/// <param name="rows">The rows.</param>
/// <param name="data">The files.</param>
/// <param name="store">Sweeps.</param>
/// <param name="runner">Runs them.</param>
/// <param name="clock">The clock.</param>
/// <param name="claims">Who may work on which; null asks the files of this machine.</param>
public sealed class SweepJobs(IRowStore rows, DataDirectory data, SweepStore store, SweepRunner runner, TimeProvider clock, IWorkClaims? claims = null)
{
    /// <summary>How often in a row a worker may be lost without having stored anything, before the sweep fails (SWS-3002).</summary>
    public const int LostMax = 2;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(500);

    private readonly IWorkClaims claims = claims ?? new FileClaims(data);

    /// <summary>Where sweeps are kept.</summary>
    public SweepStore Store => store;

    /// <summary>The state of a sweep that says 'running' and has no living process.</summary>
    public const string Stopped = "stopped";

    /// <summary>A sweep as it stands for whoever looks: one whose process was killed is <see cref="Stopped"/>, though its row cannot know.</summary>
    public async Task<SweepRecord> SeenAsync(SweepRecord record, CancellationToken ct) =>
        record.Status == "running" && !await IsWorkedOnAsync(record.SweepId, ct) ? record with { Status = Stopped } : record;

    /// <summary>Whether a living process works on a sweep.</summary>
    public Task<bool> IsWorkedOnAsync(string sweepId, CancellationToken ct) => claims.IsHeldAsync(FolderOf(sweepId), ct);

    /// <summary>Asks for a sweep and runs it; the same request again returns the earlier sweep unless forced.</summary>
    /// <inheritdoc cref="RunAsync(string, SweepWork, int, Action{SweepProgress}?, CancellationToken)"/>
    public async Task<StoredSweep> RunAsync(SweepWork work, string requestedBy, bool force, int threads, Action<SweepProgress>? progress, CancellationToken ct)
    {
        SweepBegun begun = await store.BeginAsync(work, requestedBy, force, ct);
        return await RunAsync(begun.SweepId, work, threads, progress, ct);
    }

    /// <summary>Runs a sweep that was asked for; returns one that is completed already.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="work">The work it was asked for with.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Told how far it is, from any thread.</param>
    /// <param name="ct">Stops the work; the sweep waits and goes on when it is run again.</param>
    /// <exception cref="ProblemException">SWS-2001 to SWS-2003: the data do not carry it, and it has failed. SWS-3001: a combo failed. SWS-3002: its
    /// worker was lost too often. SWS-3003: no such sweep. SWS-4001: it was cancelled. STO-1020: the disk is full; it waits. STO-1008: the disk is
    /// read-only.</exception>
    public Task<StoredSweep> RunAsync(string sweepId, SweepWork work, int threads, Action<SweepProgress>? progress, CancellationToken ct) =>
        RunAsync(sweepId, work, threads, spread: null, progress, ct);

    /// <summary>Runs a sweep that was asked for, its columns and chunks spread over many processes.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="work">The work it was asked for with.</param>
    /// <param name="threads">Threads to use for what is not spread.</param>
    /// <param name="spread">Has columns and chunks done; null leaves them to this process.</param>
    /// <param name="progress">Told how far it is, from any thread.</param>
    /// <param name="ct">Stops the work; the sweep waits and goes on when it is run again.</param>
    /// <exception cref="ProblemException">As the other overload, and those of <see cref="ISpread.Do"/>.</exception>
    public async Task<StoredSweep> RunAsync(string sweepId, SweepWork work, int threads, ISpread? spread, Action<SweepProgress>? progress, CancellationToken ct)
    {
        while (true)
        {
            var (held, hasFollowed) = await TakeAsync(sweepId, progress, ct);
            await using (held)
            {
                try
                {
                    return await RunAsync(held, hasFollowed, sweepId, work, threads, spread, progress, ct);
                }
                catch (ProblemException e) when (e.Problem.Code == Lease.LostCode)
                {
                    // Another works on it now, or may: it is followed like any other, and taken over again where it dies.
                    ct.ThrowIfCancellationRequested();
                }
            }
        }
    }

    private async Task<StoredSweep> RunAsync(
        IWorkClaim held, bool hasFollowed, string sweepId, SweepWork work, int threads, ISpread? spread, Action<SweepProgress>? progress, CancellationToken ct)
    {
        SweepRecord record = await store.FindAsync(sweepId, ct);
        if (record.Status is not ("queued" or "running" or "failed") || (hasFollowed && record.Status == "failed"))
        {
            return await EndedAsync(record, ct);
        }

        await BeginAsync(held, record, ct);
        try
        {
            SweepResult result = await ComputeAsync(held, sweepId, work, threads, spread, progress, ct);
            return await KeepAsync(held, sweepId, "completed", result, threads, ct) ?? await EndCancelledAsync(held, sweepId, work, ct);
        }
        catch (OperationCanceledException) when (held.Lost.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ProblemException(Lease.LostCode, $"The claim on {sweepId} is lost.", sweepId, "Another process goes on with it.");
        }
        catch (OperationCanceledException)
        {
            return await StopAsync(held, sweepId, work, ct);
        }
        catch (Exception e) when (DiskFull.Is(e))
        {
            await WaitForRoomAsync(held, sweepId);
            throw DiskFull.Refusal(e, sweepId);
        }
        catch (Exception e) when (e is not ProblemException { Problem.Code: Lease.LostCode })
        {
            Problem problem = e is ProblemException coded ? coded.Problem : new("SWS-3001", $"A combo failed: {e.Message}", sweepId, "Look into the log.");
            await FailAsync(held, sweepId, problem, CancellationToken.None);
            throw e is ProblemException ? e : new ProblemException(problem, e);
        }
    }

    /// <summary>Sees to it that the combos of a cancelled sweep that were evaluated by then are kept: leaderboard, files and trials. A living process
    /// that works on it stops within a second and keeps them; else they are kept here.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="work">Brings the work of the sweep where it has to be kept here, see <see cref="SweepWorks.OfAsync"/>.</param>
    /// <param name="ct">Stops the waiting.</param>
    /// <exception cref="ProblemException">SWS-3003: there is none.</exception>
    public async Task KeepCancelledAsync(string sweepId, Func<Task<SweepWork>> work, CancellationToken ct)
    {
        var (held, _) = await TakeAsync(sweepId, null, ct);
        await using (held)
        {
            if ((await store.FindAsync(sweepId, ct)).Status == "cancelled" && !await store.HasResultAsync(sweepId, ct) && new SweepFolder(data, sweepId).HasChunks)
            {
                await KeepPartAsync(held, sweepId, await work(), ct);
            }
        }
    }

    private static string[] FolderOf(string sweepId) => ["sweeps", sweepId, "work"];

    // Whoever holds the claim works; the others look at the row.
    private async Task<(IWorkClaim Held, bool HasFollowed)> TakeAsync(string sweepId, Action<SweepProgress>? progress, CancellationToken ct)
    {
        await store.FindAsync(sweepId, ct);
        return await claims.TakeAsync(FolderOf(sweepId), clock, async () =>
        {
            SweepRecord record = await store.FindAsync(sweepId, ct);
            progress?.Invoke(new(SweepProgress.Combo, record.Evaluated, record.Total, record.Progress));
        }, ct);
    }

    private async Task<StoredSweep> EndedAsync(SweepRecord record, CancellationToken ct) => record.Status switch
    {
        "cancelled" => throw Cancelled(record.SweepId),
        "failed" => throw new ProblemException(record.Problem!),
        _ => await LoadCompletedAsync(record.SweepId, ct),
    };

    private async Task<StoredSweep> LoadCompletedAsync(string sweepId, CancellationToken ct)
    {
        new SweepFolder(data, sweepId).Remove();
        return await store.LoadAsync(sweepId, ct);
    }

    // A row that says 'running' while nobody held the claim is that of a worker that was lost.
    private async Task BeginAsync(IWorkClaim held, SweepRecord record, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        bool wasLost = record.Status == "running";
        List<LogEntry> log = [.. record.Status == "failed" ? [] : record.Log];
        if (wasLost)
        {
            log.Add(new(now, "processing", $"SWS-3002: the worker was lost after {record.Evaluated} of {record.Total} combos; another one goes on from what is stored"));
        }

        int lost = await held.WriteAsync(rows, tx => tx.FirstAsync<int>(
            """
            update sweeps set status = 'running', eta_seconds = null, problem = null, log = @Log, finished_at_utc = null, started_at_utc = coalesce(started_at_utc, @Now),
                lost = case when @WasLost = 1 then lost + 1 else 0 end
            where sweep_id = @Id returning lost
            """,
            new { Id = record.SweepId, Log = SweepStore.LogJson(log), Now = now, WasLost = wasLost }, ct), ct);
        if (lost > LostMax)
        {
            Problem problem = new("SWS-3002", $"The worker of {record.SweepId} was lost {lost} times in a row before it could store anything.", record.SweepId,
                "Look for what ends the process (memory?), then let it go on with 'sigmatiq sweeps run --resume'.");
            await FailAsync(held, record.SweepId, problem, CancellationToken.None);
            throw new ProblemException(problem);
        }
    }

    // The computation is one long piece of work on threads of its own; beside it, progress goes to the row, and a cancelled row stops it.
    private async Task<SweepResult> ComputeAsync(
        IWorkClaim held, string sweepId, SweepWork work, int threads, ISpread? spread, Action<SweepProgress>? progress, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, held.Lost);
        var folder = new SweepFolder(data, sweepId);
        Lock gate = new();
        SweepProgress reached = default;
        // A thread of its own: it computes or waits for others, and the pool's few keep the claims.
        Task<SweepResult> run = Task.Factory.StartNew(() => runner.Run(sweepId, work, threads, folder, spread, now =>
        {
            lock (gate)
            {
                // From several threads a lower count may come late.
                if (now.Share < reached.Share)
                {
                    return;
                }

                reached = now;
            }

            progress?.Invoke(now);
        }, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        try
        {
            Pace pace = new(clock);
            using (var timer = new PeriodicTimer(ReportEvery, clock))
            {
                Task<bool> tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
                while (await Task.WhenAny(run, tick) != run)
                {
                    tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
                    SweepProgress now;
                    lock (gate)
                    {
                        now = reached;
                    }

                    int alive = await ReportAsync(
                        held,
                        """
                        update sweeps set progress = @Share, evaluated = @Combos, eta_seconds = @EtaSeconds, lost = case when @HasStored = 1 then 0 else lost end
                        where sweep_id = @Id and status = 'running'
                        """,
                        new
                        {
                            now.Share, Combos = now.Stage == SweepProgress.Combo ? now.Done : 0, folder.HasStored, Id = sweepId,
                            // Before the first report nobody knows with what share it begins.
                            EtaSeconds = now.Total == 0 ? null : pace.Left(now.Share, clock.GetTimestamp())?.TotalSeconds,
                        }, CancellationToken.None);
                    if (alive == 0)
                    {
                        await stop.CancelAsync();
                    }
                }
            }
        }
        catch
        {
            // Whoever asks next must not meet work that nobody waits for.
            await stop.CancelAsync();
            await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await run;
    }

    // How far it is only looks better on a full disk than not to say it; the work itself meets the disk soon enough.
    private async Task<int> ReportAsync(IWorkClaim held, string sql, object args, CancellationToken ct)
    {
        try
        {
            return await held.ExecuteAsync(rows, sql, args, ct);
        }
        catch (ProblemException e) when (DiskFull.Is(e))
        {
            return 1;
        }
        catch (ProblemException e) when (e.Problem.Code == Lease.LostCode)
        {
            return 0;
        }
    }

    // It has not failed: it waits, and goes on from what is stored. Where not even that can be written, the next one takes its worker for lost.
    private async Task WaitForRoomAsync(IWorkClaim held, string sweepId)
    {
        try
        {
            await held.ExecuteAsync(rows, "update sweeps set status = 'queued' where sweep_id = @Id and status = 'running'", new { Id = sweepId }, CancellationToken.None);
        }
        catch (ProblemException e) when (DiskFull.Is(e))
        {
        }
    }

    // Stopped either because the row was cancelled, and then what is evaluated is kept, or because the process ends, and then it waits.
    private async Task<StoredSweep> StopAsync(IWorkClaim held, string sweepId, SweepWork work, CancellationToken ct)
    {
        SweepRecord record = await store.FindAsync(sweepId, CancellationToken.None);
        if (record.Status == "running")
        {
            LogEntry entry = new(clock.GetUtcNow(), "processing", $"Stopped after {record.Evaluated} of {record.Total} combos; goes on when it is run again");
            await held.ExecuteAsync(
                rows, "update sweeps set status = 'queued', log = @Log where sweep_id = @Id and status = 'running'",
                new { Id = sweepId, Log = SweepStore.LogJson([.. record.Log, entry]) }, CancellationToken.None);
            throw new OperationCanceledException(ct);
        }

        return await EndCancelledAsync(held, sweepId, work, CancellationToken.None);
    }

    private async Task<StoredSweep> EndCancelledAsync(IWorkClaim held, string sweepId, SweepWork work, CancellationToken ct)
    {
        await KeepPartAsync(held, sweepId, work, ct);
        throw Cancelled(sweepId);
    }

    private async Task KeepPartAsync(IWorkClaim held, string sweepId, SweepWork work, CancellationToken ct)
    {
        SweepResult? part = await Task.Run(() => runner.Gather(work, new SweepFolder(data, sweepId), ct), ct);
        if (part is not null)
        {
            await KeepAsync(held, sweepId, "cancelled", part, Environment.ProcessorCount, ct);
        }
    }

    // Null where the row is in another state by now. What is written before the transaction refers to nothing and is written again, with the same
    // bytes whoever writes; the transaction is refused where another has taken over.
    private async Task<StoredSweep?> KeepAsync(IWorkClaim held, string sweepId, string status, SweepResult result, int threads, CancellationToken ct)
    {
        await held.WriteAsync(rows, _ => Task.FromResult(true), ct);
        SortedDictionary<string, string> files = SweepFiles.WriteColumns(data, sweepId, result, ct);
        SweepRecord record = await store.FindAsync(sweepId, ct);
        StoredSweep stored = StoredSweep.Of(sweepId, status, result with { Log = [.. record.Log, .. result.Log] }, files, result.Overfit(threads, ct));
        files[SweepFiles.Leaderboard] = SweepFiles.WriteLeaderboard(data, sweepId, stored.ToJson());
        DateTimeOffset now = clock.GetUtcNow();
        bool isKept = await held.WriteAsync(rows, async tx =>
        {
            int kept = await tx.ExecuteAsync(
                """
                update sweeps set status = @Status, progress = @Share, evaluated = @Evaluated, result = @Result, log = @Log, finished_at_utc = @Now
                where sweep_id = @Id and status = @From
                """,
                new
                {
                    Id = sweepId, Status = status, From = status == "completed" ? "running" : status, Share = stored.Evaluated / (double)stored.Total, stored.Evaluated,
                    Result = ResultJson(stored, files).ToJsonString(), Log = SweepStore.LogJson(stored.Log), Now = now,
                }, ct);
            if (kept == 1)
            {
                await SweepStore.ReplaceCombosAsync(tx, stored, ct);
                await TrialLedger.AddAsync(tx, result, sweepId, now, ct);
            }

            return kept == 1;
        }, ct);
        if (isKept && status == "completed")
        {
            new SweepFolder(data, sweepId).Remove();
        }

        return isKept ? stored : null;
    }

    private static JsonObject ResultJson(StoredSweep stored, IReadOnlyDictionary<string, string> files) => new()
    {
        ["span"] = new JsonObject
        {
            ["first_us"] = stored.Span.FirstUtcUs, ["last_us"] = stored.Span.LastUtcUs, ["holdout_first_us"] = stored.Span.HoldoutFirstUtcUs,
            ["holdout_last_us"] = stored.Span.HoldoutLastUtcUs,
        },
        ["start_us"] = stored.StartUtcUs, ["window"] = stored.Window.DeepClone(), ["holdout_share"] = stored.HoldoutShare,
        ["gates"] = new JsonObject
        {
            ["min_trades"] = stored.Gates.MinTrades, ["min_sharpe"] = stored.Gates.MinSharpe, ["max_drawdown_pct"] = stored.Gates.MaxDrawdownPct,
            ["min_win_rate"] = stored.Gates.MinWinRatePct,
        },
        ["skill"] = stored.Skill?.DeepClone(), ["overfit"] = stored.Overfit?.ToJson(), ["course"] = stored.Course?.DeepClone(), ["warnings"] = stored.Warnings.DeepClone(), ["score_source"] = stored.ScoreSource,
        ["leaderboard_hash"] = stored.LeaderboardHash, ["files"] = new JsonObject(files.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
    };

    private async Task FailAsync(IWorkClaim held, string sweepId, Problem problem, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        SweepRecord record = await store.FindAsync(sweepId, ct);
        await held.ExecuteAsync(
            rows, "update sweeps set status = 'failed', problem = @Problem, log = @Log, finished_at_utc = @Now where sweep_id = @Id and status = 'running'",
            new
            {
                Id = sweepId, Now = now, Log = SweepStore.LogJson([.. record.Log, new(now, "failed", problem.ToString())]),
                Problem = new JsonObject { ["code"] = problem.Code, ["message"] = problem.Message, ["where"] = problem.Where, ["remedy"] = problem.Remedy }.ToJsonString(),
            }, ct);
    }

    private static ProblemException Cancelled(string sweepId) =>
        new("SWS-4001", $"{sweepId} was cancelled.", sweepId, "Ask for it again, or use 'sigmatiq sweeps run --resume': it goes on from what is stored.", ExitCode.Cancelled);
}
