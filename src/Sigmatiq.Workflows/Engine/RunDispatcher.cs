using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>The runs that this process drives, and the look for those that want driving.</summary>
/// <param name="journal">Where events go.</param>
/// <param name="requests">What people ask for.</param>
/// <param name="kinds">The step kinds.</param>
/// <param name="feed">Receives live news.</param>
/// <param name="claims">How this process comes by runs.</param>
/// <param name="reserve">Room on the disk for saying that it is full.</param>
/// <param name="attemptsMax">Attempts under way at once in this process.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">For what nobody foresaw.</param>
public sealed class RunDispatcher(
    RunJournal journal, OpenRequests requests, StepKinds kinds, RunFeed feed, IRunClaims claims, DiskReserve reserve, int attemptsMax, TimeProvider clock, ILogger log)
{
    /// <summary>How often to look.</summary>
    public static TimeSpan LookEvery { get; } = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1), LookForRoomEvery = TimeSpan.FromSeconds(2), Settled = TimeSpan.FromMinutes(10);
    private const int DoublingsMax = 7;

    private readonly SemaphoreSlim slots = new(attemptsMax);
    private readonly AttemptThreads threads = new();
    private readonly ConcurrentDictionary<RunId, RunExecutor> live = new();
    private readonly ConcurrentDictionary<RunId, RunClaim> taken = new();
    private readonly ConcurrentDictionary<RunId, (int Failures, DateTimeOffset NotBeforeUtc)> broken = new();
    private volatile TaskCompletionSource freed = NewSignal();
    private DateTimeOffset lookForRoomAt, wentOnAt;
    private int goingOn;

    /// <summary>Completes when a run that this process drove has come to rest since the last look: its room is not left empty until the next one.</summary>
    public Task RoomMade => freed.Task;

    /// <summary>Looks at the rows: nudges the executors that have a request, and gives the runs that want a job now. A run that is
    /// given counts as taken until <see cref="DriveAsync"/> has returned or <see cref="ReleaseAsync"/> was called.</summary>
    public async Task<IReadOnlyList<RunId>> LookAsync(CancellationToken ct)
    {
        freed = NewSignal();
        DateTimeOffset now = clock.GetUtcNow();
        await GoOnWhereThereIsRoomAsync(now, ct);
        return await TakeNewAsync(await requests.RunsAsync(now, ct), now, ct);
    }

    private async Task<IReadOnlyList<RunId>> TakeNewAsync(IReadOnlyList<RunWanted> found, DateTimeOffset now, CancellationToken ct)
    {
        List<RunWanted> wanted = [];
        foreach (RunWanted run in found)
        {
            if (live.TryGetValue(run.Run, out RunExecutor? executor))
            {
                executor.Nudge();
            }
            else if (!IsPaused(run.Run, now) && !taken.ContainsKey(run.Run))
            {
                wanted.Add(run);
            }
        }

        return wanted.Count == 0 ? [] : await TakeAsync(wanted, ct);
    }

    /// <summary>Gives a taken run back undriven.</summary>
    public async Task ReleaseAsync(RunId run)
    {
        if (taken.TryRemove(run, out RunClaim? claim))
        {
            await claim.DisposeAsync();
        }
    }

    /// <summary>Drives a run that wants driving until it ends or waits; nothing happens where it does not, where its group has no room,
    /// or where somebody drives it already.</summary>
    /// <returns>The state in which it was left; null where nothing happened, or where the claim on it was lost on the way.</returns>
    public async Task<RunState?> DriveAsync(RunId run, CancellationToken ct)
    {
        if (!taken.ContainsKey(run))
        {
            RunWanted? wanted = (await requests.RunsAsync(clock.GetUtcNow(), ct)).FirstOrDefault(r => r.Run == run);
            if (wanted is null || (await TakeAsync([wanted], ct)).Count == 0)
            {
                return null;
            }
        }

        return taken.TryGetValue(run, out RunClaim? claim) ? await DriveTakenAsync(claim, ct) : null;
    }

    /// <summary>Drives one run in this process without a scheduler, requests included: what a command does where no engine is.</summary>
    /// <param name="claim">The claim on the run; given back at the end.</param>
    /// <param name="ct">Stops the driving in order.</param>
    /// <exception cref="ProblemException">STO-5001: the claim was lost on the way.</exception>
    public async Task<RunState> DriveAloneAsync(RunClaim claim, CancellationToken ct)
    {
        reserve.TryKeep();
        taken[claim.Run] = claim;
        Task<RunState?> drive = DriveTakenAsync(claim, ct);
        try
        {
            while (await Task.WhenAny(drive, Task.Delay(LookEvery, clock, ct)) != drive)
            {
                // Requests for this run only: other runs wait for an engine.
                if (live.TryGetValue(claim.Run, out RunExecutor? executor) && (await requests.RunsAsync(clock.GetUtcNow(), ct)).Any(r => r.Run == claim.Run))
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

        return await drive ?? throw new ProblemException(Lease.LostCode, $"The claim on {claim.Run} is lost: another process goes on with it.", claim.Run.Value,
            "Follow it with 'sigmatiq runs show'.");
    }

    /// <summary>Drives a run and the runs that work for its steps, and for theirs, in this process without a scheduler: what a command does where
    /// no engine is. Other runs wait for an engine.</summary>
    /// <param name="run">The run.</param>
    /// <param name="claim">The claim on it; null takes one as soon as there is something to do.</param>
    /// <param name="rests">Says that all of them rest, and nothing more is to be taken.</param>
    /// <param name="ct">Stops the driving in order.</param>
    /// <exception cref="ProblemException">STO-5001: a claim was lost on the way.</exception>
    public async Task DriveFamilyAsync(RunId run, RunClaim? claim, CancellationToken rests, CancellationToken ct)
    {
        reserve.TryKeep();
        using var driving = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Dictionary<Task<RunState?>, RunId> drives = [];
        try
        {
            if (claim is not null)
            {
                taken[run] = claim;
                drives.Add(DriveTakenAsync(claim, driving.Token), run);
            }

            while (!rests.IsCancellationRequested)
            {
                await Task.WhenAny([.. drives.Keys, Task.Delay(LookEvery, clock, rests)]);
                foreach (Task<RunState?> done in drives.Keys.Where(d => d.IsCompleted).ToList())
                {
                    drives.Remove(done, out RunId ended);
                    _ = await done ?? throw new ProblemException(Lease.LostCode, $"The claim on {ended} is lost: another process goes on with it.", ended.Value, "Follow it with 'sigmatiq runs show'.");
                }

                if (rests.IsCancellationRequested)
                {
                    break;
                }

                DateTimeOffset now = clock.GetUtcNow();
                foreach (RunId next in await TakeNewAsync(await requests.OfFamilyAsync(run, now, ct), now, ct))
                {
                    drives.Add(DriveTakenAsync(taken[next], driving.Token), next);
                }
            }

            await Task.WhenAll(drives.Keys);
        }
        finally
        {
            // They leave in order while the caller's lease still stands.
            await driving.CancelAsync();
            await ((Task)Task.WhenAll(drives.Keys)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyList<RunId>> TakeAsync(IReadOnlyList<RunWanted> wanted, CancellationToken ct)
    {
        IReadOnlyList<RunClaim> claimed = await claims.TakeAsync(wanted, ct);
        foreach (RunClaim claim in claimed)
        {
            taken[claim.Run] = claim;
        }

        return [.. claimed.Select(c => c.Run)];
    }

    private async Task<RunState?> DriveTakenAsync(RunClaim claim, CancellationToken ct)
    {
        RunId run = claim.Run;
        var executor = new RunExecutor(journal, requests, new AttemptRunner(kinds, threads, clock, log), slots, feed, claim.Writes, reserve, clock, log, claim.TakenFrom);
        if (!live.TryAdd(run, executor))
        {
            return null;
        }

        using var driving = CancellationTokenSource.CreateLinkedTokenSource(ct, claim.Lost);
        try
        {
            RunState state = claim.HasRoom ? await executor.DriveAsync(run, driving.Token) : await executor.AnswerAsync(run, driving.Token);
            broken.TryRemove(run, out _);
            return state;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && IsLoss(e, claim))
        {
            log.LogWarning("Run {Run} is no longer this process's to drive (claim {Fence}): {Why}", run, claim.Writes.Fence, e.Message);
            return null;
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
            await ReleaseAsync(run);
            freed.TrySetResult();
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

    // The engine of a whole store has no such end: without its lease the process has nothing left to do.
    private static bool IsLoss(Exception e, RunClaim claim) => claim.Lost.CanBeCanceled
        && (e is ProblemException { Problem.Code: Lease.LostCode } || (e is OperationCanceledException && claim.Lost.IsCancellationRequested));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool IsPaused(RunId run, DateTimeOffset now) => broken.TryGetValue(run, out var state) && state.NotBeforeUtc > now;
}
