using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sigmatiq.Store;
using Sigmatiq.Store.Leases;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>The runs that this process drives, and the look for those that want driving.</summary>
/// <param name="journal">Where events go.</param>
/// <param name="requests">What people ask for.</param>
/// <param name="kinds">The step kinds.</param>
/// <param name="feed">Receives live news.</param>
/// <param name="lease">This engine's lease.</param>
/// <param name="reserve">Room on the disk for saying that it is full.</param>
/// <param name="attemptsMax">Attempts under way at once in this process.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">For what nobody foresaw.</param>
public sealed class RunDispatcher(
    RunJournal journal, OpenRequests requests, StepKinds kinds, RunFeed feed, EngineLease lease, DiskReserve reserve, int attemptsMax, TimeProvider clock, ILogger log)
{
    /// <summary>How often to look.</summary>
    public static TimeSpan LookEvery { get; } = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1), LookForRoomEvery = TimeSpan.FromSeconds(2), Settled = TimeSpan.FromMinutes(10);
    private const int DoublingsMax = 7;

    private readonly SemaphoreSlim slots = new(attemptsMax);
    private readonly ConcurrentDictionary<RunId, RunExecutor> live = new();
    private readonly ConcurrentDictionary<RunId, string?> taken = new();
    private readonly ConcurrentDictionary<RunId, bool> toAnswer = new();
    private readonly ConcurrentDictionary<RunId, (int Failures, DateTimeOffset NotBeforeUtc)> broken = new();
    private DateTimeOffset lookForRoomAt, wentOnAt;
    private int goingOn;

    /// <summary>Looks at the rows: nudges the executors that have a request, and gives the runs that want a job now. A run that is
    /// given counts as taken until <see cref="DriveAsync"/> has returned or <see cref="Release"/> was called.</summary>
    public async Task<IReadOnlyList<RunId>> LookAsync(CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await GoOnWhereThereIsRoomAsync(now, ct);
        List<RunId> wanted = [];
        foreach (RunWanted run in await requests.RunsAsync(now, ct))
        {
            if (live.TryGetValue(run.Run, out RunExecutor? executor))
            {
                executor.Nudge();
            }
            else if (!IsPaused(run.Run, now) && TryTake(run))
            {
                wanted.Add(run.Run);
            }
        }

        return wanted;
    }

    /// <summary>Gives a taken run back undriven.</summary>
    public void Release(RunId run) => taken.TryRemove(run, out _);

    /// <summary>Number of the lease under which this process writes.</summary>
    public long Fence => lease.Fence;

    /// <summary>Drives a run that wants driving until it ends or waits; nothing happens where it does not, where its group has no room,
    /// or where this process drives it already.</summary>
    /// <returns>The state in which it was left; null where nothing happened.</returns>
    public async Task<RunState?> DriveAsync(RunId run, CancellationToken ct)
    {
        if (!taken.ContainsKey(run))
        {
            RunWanted? wanted = (await requests.RunsAsync(clock.GetUtcNow(), ct)).FirstOrDefault(r => r.Run == run);
            if (wanted is null || !TryTake(wanted))
            {
                return null;
            }
        }

        return await DriveTakenAsync(run, ct);
    }

    /// <summary>Drives one run in this process without a scheduler, requests included: what a command does where no engine is.</summary>
    public async Task<RunState> DriveAloneAsync(RunId run, CancellationToken ct)
    {
        reserve.TryKeep();
        Task<RunState?> drive = DriveTakenAsync(run, ct);
        try
        {
            while (await Task.WhenAny(drive, Task.Delay(LookEvery, clock, ct)) != drive)
            {
                // Requests for this run only: other runs wait for an engine.
                if (live.TryGetValue(run, out RunExecutor? executor) && (await requests.RunsAsync(clock.GetUtcNow(), ct)).Any(r => r.Run == run))
                {
                    executor.Nudge();
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // It leaves in order while the caller's lease still stands.
            await ((Task)drive).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return (await drive)!;
    }

    private async Task<RunState?> DriveTakenAsync(RunId run, CancellationToken ct)
    {
        var executor = new RunExecutor(journal, requests, kinds, slots, feed, lease, reserve, clock, log);
        if (!live.TryAdd(run, executor))
        {
            return null;
        }

        try
        {
            RunState state = toAnswer.TryRemove(run, out _) ? await executor.AnswerAsync(run, ct) : await executor.DriveAsync(run, ct);
            broken.TryRemove(run, out _);
            return state;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // The run is unharmed, its journal stands: it is driven again, later each time.
            int failures = broken.TryGetValue(run, out var before) ? before.Failures + 1 : 1;
            TimeSpan pause = TimeSpan.FromSeconds(Math.Min(PauseMax.TotalSeconds, Math.Pow(2, failures)));
            broken[run] = (failures, clock.GetUtcNow() + pause);
            log.LogError(e, "Run {Run} could not be driven; next try in {PauseSeconds} s", run, pause.TotalSeconds);
            throw;
        }
        finally
        {
            live.TryRemove(run, out _);
            Release(run);
        }
    }

    // Runs that a full disk paused go on by themselves; where they stop again and again, later each time.
    private async Task GoOnWhereThereIsRoomAsync(DateTimeOffset now, CancellationToken ct)
    {
        if (now < lookForRoomAt)
        {
            return;
        }

        if (reserve.TryKeep() && (await requests.HeldByStoreAsync(ct)).Count > 0 && reserve.HasRoomToGoOn())
        {
            await requests.GoOnAsync(now, ct);
            goingOn = now - wentOnAt < Settled ? Math.Min(goingOn + 1, DoublingsMax) : 0;
            wentOnAt = now;
            lookForRoomAt = now + (LookForRoomEvery * Math.Pow(2, goingOn));
            return;
        }

        lookForRoomAt = now + LookForRoomEvery;
    }

    private bool IsPaused(RunId run, DateTimeOffset now) => broken.TryGetValue(run, out var state) && state.NotBeforeUtc > now;

    // Without room in its group a run still gets its answer: one that queues can be paused and cancelled.
    private bool TryTake(RunWanted run)
    {
        bool hasRoom = HasRoom(run);
        if ((!hasRoom && !run.IsAsked) || !taken.TryAdd(run.Run, hasRoom ? run.Group : null))
        {
            return false;
        }

        if (!hasRoom)
        {
            toAnswer[run.Run] = true;
        }

        return true;
    }

    private bool HasRoom(RunWanted run) => run.Group is null || run.Limit == 0 || taken.Values.Count(g => g == run.Group) < run.Limit;
}
