using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>Drives one run: journals events, applies them, does what the machine commands. One loop owns the state; attempts run
/// beside it and post what happened.</summary>
/// <remarks>Crash-only: stopping it at any instant loses nothing but the attempts under way, which the next executor begins anew.</remarks>
internal sealed class RunExecutor
{
    private const string LockedStore = "STO-1005";
    private const int AppendsMax = 10;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly RunJournal journal;
    private readonly OpenRequests requests;
    private readonly AttemptRunner runner;
    private readonly SemaphoreSlim slots;
    private readonly RunFeed feed;
    private readonly TimeProvider clock;
    private readonly IWriteClaim claim;
    private readonly string? takenFrom;
    private readonly DiskReserve reserve;
    private readonly ILogger log;
    private readonly Channel<Message> inbox = Channel.CreateUnbounded<Message>(new() { SingleReader = true });
    private readonly Dictionary<(string Step, int Index), CancellationTokenSource> underWay = [];
    private readonly AttemptDesk desk = new();
    private readonly List<Task> work = [];
    private JournalledRun run = null!;
    private Task<JournalledRun>? rerunOf;
    private Task<string?>? traceParent;
    private bool isAnswering;
    private Problem? fullDisk;

    /// <summary>Prepares to drive a run.</summary>
    /// <param name="journal">Where events go.</param>
    /// <param name="requests">What people ask for.</param>
    /// <param name="runner">Runs its attempts.</param>
    /// <param name="slots">Bounds the attempts under way in this process.</param>
    /// <param name="feed">Receives live news.</param>
    /// <param name="claim">The right to write the run.</param>
    /// <param name="reserve">Room on the disk for saying that it is full.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">For what nobody foresaw.</param>
    /// <param name="takenFrom">Node whose claim on the run had run out; null where it was given back.</param>
    public RunExecutor(
        RunJournal journal, OpenRequests requests, AttemptRunner runner, SemaphoreSlim slots, RunFeed feed, IWriteClaim claim, DiskReserve reserve, TimeProvider clock,
        ILogger log, string? takenFrom = null)
    {
        this.takenFrom = takenFrom;
        this.reserve = reserve;
        this.journal = journal;
        this.requests = requests;
        this.slots = slots;
        this.feed = feed;
        this.claim = claim;
        this.clock = clock;
        this.log = log;
        this.runner = runner;
    }

    /// <summary>Says that there may be a request for this run.</summary>
    public void Nudge() => inbox.Writer.TryWrite(new Nudged());

    /// <summary>Turns what was asked of the run into events and does nothing about it: it has no room to work.</summary>
    /// <param name="id">The run.</param>
    /// <param name="ct">Stops before the next event.</param>
    /// <returns>The state in which it was left.</returns>
    public async Task<RunState> AnswerAsync(RunId id, CancellationToken ct)
    {
        isAnswering = true;
        run = await journal.LoadAsync(id, ct);
        await CollectAsync(ct);
        return run.State;
    }

    /// <summary>Drives the run until it ends or waits.</summary>
    /// <param name="id">The run.</param>
    /// <param name="ct">Stops at once, as a crash would.</param>
    /// <returns>The state in which it was left.</returns>
    public async Task<RunState> DriveAsync(RunId id, CancellationToken ct)
    {
        using var shutdown = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            run = await journal.LoadAsync(id, ct);
            await TakeOverAsync(shutdown.Token);
            Spawn(ReportRegularlyAsync(shutdown.Token));
            while (!run.State.Status.IsAtRest())
            {
                await HandleAsync(await inbox.Reader.ReadAsync(shutdown.Token), shutdown.Token);
            }

            for (int attempt = 1; attempt < AppendsMax && !await ReportAsync(shutdown.Token); attempt++)
            {
                await Task.Delay(ReportEvery, clock, shutdown.Token);
            }

            return run.State;
        }
        finally
        {
            await shutdown.CancelAsync();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ct.IsCancellationRequested && run is not null)
            {
                await LeaveInOrderAsync();
            }
        }
    }

    // A program that is stopped in good order says so; where it cannot, the next one takes it for a crash, which does no harm.
    private async Task LeaveInOrderAsync()
    {
        using var patience = new CancellationTokenSource(ReportEvery, clock);
        try
        {
            RunBatch batch = new(run);
            foreach (RunEvent lost in UnderWay((step, i) => new AttemptLost(clock.GetUtcNow(), step, i.Index, i.Attempts)))
            {
                batch.TryAdd(lost);
            }

            if (batch.Applied.Count > 0)
            {
                run = await journal.AppendAsync(batch, claim, patience.Token);
            }
        }
        catch (Exception e) when (e is ProblemException or OperationCanceledException)
        {
            log.LogInformation(e, "Run {Run} was left without a word", run.State.Id);
        }
    }

    // What the journal shows as under way.
    private List<RunEvent> UnderWay(Func<string, StepInstance, RunEvent> say) =>
        [.. from step in run.State.Steps from i in step.Instances where i.Status == StepStatus.Running select say(step.Spec.Name, i)];

    private async Task TakeOverAsync(CancellationToken ct)
    {
        if (run.State.Status.IsFinal())
        {
            await CollectAsync(ct);
            return;
        }

        foreach (RunCommand command in RunMachine.Outstanding(run.State))
        {
            Do(command, ct);
        }

        // Before anything starts: a run may have been cancelled while nobody drove it.
        await CollectAsync(ct);
        if (run.State.Status == RunStatus.Queued)
        {
            await AppendAsync(new RunAdmitted(clock.GetUtcNow()), ct);
        }

        // Nobody but this executor could run them: what the journal shows as under way died with its process.
        IReadOnlyDictionary<(string Step, int Index, int Attempt), long> done = await journal.ProgressAsync(run.State.Id, ct);
        RunBatch crashes = new(run);
        foreach (RunEvent crashed in UnderWay((step, i) => new AttemptCrashed(
            clock.GetUtcNow(), step, i.Index, i.Attempts, done.GetValueOrDefault((step, i.Index, i.Attempts)), takenFrom)))
        {
            crashes.TryAdd(crashed);
        }

        await AppendAsync(crashes, ct);
    }

    // What has come in meanwhile goes into the journal together: it is what the last append held up. Where the run comes to rest the rest is left.
    private async Task HandleAsync(Message first, CancellationToken ct)
    {
        if (first is Nudged)
        {
            await CollectAsync(ct);
            return;
        }

        if (first is Broke broke)
        {
            ExceptionDispatchInfo.Throw(broke.Exception);
        }

        RunBatch batch = new(run);
        List<Begin> begins = [], refused = [];
        for (Message? next = first; next is not null; next = TakeAnother(batch))
        {
            switch (next)
            {
                case Happened { Event: AttemptLost lost }:
                    // Held first, or the attempt would begin anew at once.
                    reserve.Release();
                    batch.TryAdd(Hold(DiskFull.Problem(null)));
                    batch.TryAdd(lost);
                    break;
                case Happened happened:
                    batch.TryAdd(happened.Event);
                    break;
                case Begin begin:
                    (batch.TryAdd(begin.Event) ? begins : refused).Add(begin);
                    break;
            }
        }

        await AppendAsync(batch, ct, begins);
        begins.ForEach(begin => begin.Answer.SetResult(true));
        refused.ForEach(begin => begin.Answer.SetResult(false));
    }

    private Message? TakeAnother(RunBatch batch) =>
        batch.Applied.Count < RunBatch.EventsMost && !batch.State.Status.IsAtRest() && inbox.Reader.TryPeek(out Message? next) && next is Happened or Begin
        && inbox.Reader.TryRead(out next) ? next : null;

    // Requests and expiries become events here, in the loop that owns the state.
    private async Task CollectAsync(CancellationToken ct)
    {
        RunBatch batch = new(run);
        List<long> late = [];
        foreach (OpenRequest request in await requests.OfAsync(run.State.Id, ct))
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (EventOf(request, now) is { } asked)
            {
                // What came too late is answered too, or it would be looked at for ever.
                if (!batch.TryAdd(asked, request.RequestId))
                {
                    late.Add(request.RequestId);
                }

                continue;
            }

            foreach (StepWoken woken in Waiting(batch.State, i => i.WakeKey == request.Subject).Select(w => new StepWoken(now, w.Step, w.Index, request.Subject)).ToList())
            {
                batch.TryAdd(woken, request.RequestId);
            }
        }

        DateTimeOffset at = clock.GetUtcNow();
        foreach (StepWoken expired in Waiting(batch.State, i => i.DueUtc <= at).Select(w => new StepWoken(at, w.Step, w.Index, "expired")).ToList())
        {
            batch.TryAdd(expired);
        }

        await AppendAsync(batch, ct);
        foreach (long request in late)
        {
            await journal.CloseRequestAsync(request, at, claim, ct);
        }
    }

    private static RunEvent? EventOf(OpenRequest request, DateTimeOffset now) => request.Kind switch
    {
        RunRequests.Cancel => new CancelRequested(now, request.RequestedBy, request.Reason),
        RunRequests.Pause => new PauseRequested(now, request.RequestedBy, request.Reason),
        RunRequests.Resume => new ResumeRequested(now, request.RequestedBy, request.Reason),
        RunRequests.Retry => new RetryRequested(now, request.RequestedBy, request.Reason, request.Detail),
        _ => null,
    };

    private static IEnumerable<(string Step, int Index)> Waiting(RunState state, Func<StepInstance, bool> which) =>
        from step in state.Steps
        from instance in step.Instances
        where instance.Status == StepStatus.Waiting && which(instance)
        select (step.Spec.Name, instance.Index);

    private Task AppendAsync(RunEvent happened, CancellationToken ct)
    {
        RunBatch batch = new(run);
        batch.TryAdd(happened);
        return AppendAsync(batch, ct);
    }

    private async Task AppendAsync(RunBatch batch, CancellationToken ct, List<Begin>? begins = null)
    {
        if (batch.Applied.Count == 0)
        {
            return;
        }

        bool hadEnded = run.State.Status.IsFinal();
        run = await JournalAsync(batch, ct);
        if (run.State.Status.IsFinal() && !hadEnded)
        {
            RunTraces.Ended(await TraceParentAsync(ct), run.State, run.State.RequestedUtc);
        }

        long seq = batch.From.Seq;
        foreach (AppliedEvent applied in batch.Applied)
        {
            if (applied.Happened is StepEvent step)
            {
                // Before the commands that follow, one of which may stop it.
                underWay.Remove((step.Step, step.Index));
                if (begins?.Find(begin => ReferenceEquals(begin.Event, step)) is { } begun)
                {
                    underWay[(step.Step, step.Index)] = begun.Stop;
                }
            }

            feed.Publish(new RunMoved(run.State.Id, ++seq, applied.Happened, applied.After.Status));
            foreach (RunCommand command in isAnswering ? [] : applied.Commands)
            {
                Do(command, ct);
            }
        }

        if (fullDisk is { } problem)
        {
            fullDisk = null;
            await AppendAsync(Hold(problem), ct);
        }
    }

    private PauseRequested Hold(Problem problem) => new(clock.GetUtcNow(), RunHold.ByStore, problem.ToString());

    // A store that another writer holds for long is no reason to throw away an hour of training.
    private async Task<JournalledRun> JournalAsync(RunBatch batch, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await journal.AppendAsync(batch, claim, ct);
            }
            catch (ProblemException e) when (e.Problem.Code == LockedStore && attempt < AppendsMax)
            {
                await Task.Delay(ReportEvery, clock, ct);
            }
            catch (ProblemException e) when (DiskFull.Is(e))
            {
                // What happened is kept in memory until it can be written, however long that takes; the room kept for it is tried first.
                if (fullDisk is not null)
                {
                    await Task.Delay(ReportEvery, clock, ct);
                }

                fullDisk = e.Problem;
                reserve.Release();
            }
        }
    }

    private void Do(RunCommand command, CancellationToken ct)
    {
        switch (command)
        {
            case RunCommand.StartAttempt start:
                Spawn(AttemptAsync(start, ct));
                break;
            case RunCommand.StopAttempt stop:
                if (underWay.TryGetValue((stop.Step, stop.Index), out CancellationTokenSource? attempt))
                {
                    // Not here: what the step does on cancellation must not hold up the loop.
                    _ = attempt.CancelAsync();
                }

                break;
            case RunCommand.RetryAt retry:
                Spawn(RetryAsync(retry, ct));
                break;
            case RunCommand.AwaitWake:
                // Requests and expiries are rows: whoever looks for them nudges this executor or starts another.
                break;
        }
    }

    // What breaks beside the loop breaks the loop: a run must not wait for ever for a task that has died.
    private void Spawn(Task task)
    {
        work.Add(task);
        _ = task.ContinueWith(
            t => inbox.Writer.TryWrite(new Broke(t.Exception!.InnerException!)), CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task AttemptAsync(RunCommand.StartAttempt start, CancellationToken shutdown)
    {
        // Off the loop at once: a step kind may compute for minutes before its first await.
        await Task.Yield();
        await slots.WaitAsync(shutdown);
        try
        {
            ContentHash? inputHash = runner.KindOf(run.State.Definition.Step(start.Step).Uses) is { } kind
                ? StepInputs.HashOf(run.State, start.Step, start.Index, kind.Version, kind.Code) : null;
            if (await ReusableAsync(start, inputHash, shutdown) is { } reused)
            {
                await inbox.Writer.WriteAsync(new Happened(reused), shutdown);
                return;
            }

            var stop = new CancellationTokenSource();
            CancellationToken stopped = stop.Token;
            var begin = new Begin(new(clock.GetUtcNow(), start.Step, start.Index, start.Attempt, inputHash), stop, new(TaskCreationOptions.RunContinuationsAsynchronously));
            await inbox.Writer.WriteAsync(begin, shutdown);
            if (!await begin.Answer.Task.WaitAsync(shutdown))
            {
                return;
            }

            Definitions.StepSpec spec = run.State.Definition.Step(start.Step);
            string? parent = await TraceParentAsync(shutdown);
            using RunTraces.Span span = RunTraces.Attempt(parent, run.State, start, spec.Uses, clock);
            RunEvent? happened = await runner.RunAsync(spec.Uses, spec.Timeout, ContextOf(start), start, stopped, shutdown);
            span.Say(happened);
            if (happened is not null)
            {
                await ReportAsync(shutdown);
                await inbox.Writer.WriteAsync(new Happened(happened), shutdown);
            }
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<string?> TraceParentAsync(CancellationToken ct)
    {
        if (!RunTraces.IsCollected)
        {
            return null;
        }

        try
        {
            return await (traceParent ??= journal.TraceParentAsync(run.State.Id, ct));
        }
        catch (ProblemException e)
        {
            // No run suffers from being watched.
            log.LogWarning(e, "The trace of {Run} begins anew", run.State.Id);
            traceParent = null;
            return null;
        }
    }

    private async Task<StepReused?> ReusableAsync(RunCommand.StartAttempt start, ContentHash? inputHash, CancellationToken ct)
    {
        RunState state = run.State;
        if (state.Request.Rerun is not { } rerun || inputHash is not { } hash || runner.KindOf(state.Definition.Step(start.Step).Uses)?.IsReusable != true)
        {
            return null;
        }

        RunState source = (await (rerunOf ??= journal.LoadAsync(rerun.Of, ct))).State;
        return StepInputs.ReusableFrom(state, start.Step, start.Index, hash, source) is { Output: { } output } done
            ? new(clock.GetUtcNow(), start.Step, start.Index, done.ReusedFrom ?? source.Id, hash, output.DeepClone().AsObject(), ContentHash.OfJson(output))
            : null;
    }

    private StepContext ContextOf(RunCommand.StartAttempt start)
    {
        (RunId id, RunRequest request) = (run.State.Id, run.State.Request);
        return new()
        {
            Run = id, Step = start.Step, Index = start.Index, Attempt = start.Attempt, AsOfUtc = request.AsOfUtc, Seed = request.Seed,
            RequestedBy = request.RequestedBy, Pins = request.Pins,
            OnProgress = (done, total, text) =>
            {
                desk.Progress(start.Step, start.Index, start.Attempt, done, total, text);
                feed.Publish(new RunProgress(id, start.Step, start.Index, start.Attempt, done, total, text, RunStatus.Running));
            },
            OnLog = line => desk.Line(start.Step, start.Index, start.Attempt, clock.GetUtcNow(), line),
        };
    }

    private async Task RetryAsync(RunCommand.RetryAt retry, CancellationToken ct)
    {
        TimeSpan pause = retry.DueUtc - clock.GetUtcNow();
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, clock, ct);
        }

        await inbox.Writer.WriteAsync(new Happened(new RetryDue(clock.GetUtcNow(), retry.Step, retry.Index)), ct);
    }

    private async Task ReportRegularlyAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(ReportEvery, clock, ct);
            await ReportAsync(ct);
        }
    }

    // False where the store was locked: the reports are kept for the next time.
    private async Task<bool> ReportAsync(CancellationToken ct)
    {
        IReadOnlyList<AttemptReport> reports = desk.Take();
        if (reports.Count == 0)
        {
            return true;
        }

        try
        {
            await journal.ReportAsync(run.State.Id, reports, clock.GetUtcNow(), claim, ct);
            return true;
        }
        catch (ProblemException e) when (e.Problem.Code == LockedStore || DiskFull.Is(e))
        {
            desk.Return(reports);
            return false;
        }
    }

    private abstract record Message;

    private sealed record Happened(RunEvent Event) : Message;

    private sealed record Begin(AttemptStarted Event, CancellationTokenSource Stop, TaskCompletionSource<bool> Answer) : Message;

    private sealed record Nudged : Message;

    private sealed record Broke(Exception Exception) : Message;
}
