using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning.Checkpoints;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Learning.Trained;

/// <summary>Trainings as rows: asked for, run, and run again after a kill.</summary>
/// <remarks>A job is known by its key. Its id, its trained model's id and its time are settled when it is asked for, so an attempt that was
/// killed and begun again writes the same files. It goes on behind its last finished step: see <see cref="CheckpointFolder"/>. One attempt works on it at
/// a time (<see cref="IWorkClaims"/>), and what one writes after it lost its claim is refused. Its tuning points and folds may be spread over many
/// processes (<see cref="ISpread"/>).</remarks>
/// <param name="rows">The rows.</param>
/// <param name="data">The files.</param>
/// <param name="models">Where what was learned goes.</param>
/// <param name="openLearner">What learns.</param>
/// <param name="clock">The clock.</param>
/// <param name="claims">Who may work on which; null asks the files of this machine.</param>
public sealed class TrainingJobs(
    IRowStore rows, DataDirectory data, TrainedModels models, Func<ILearner> openLearner, TimeProvider clock, IWorkClaims? claims = null)
{
    private readonly IWorkClaims claims = claims ?? new FileClaims(data);

    private static readonly TimeSpan LookForCancelEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>More combos than this at once bring a warning: the best of many on one hold-out is no longer unseen.</summary>
    public const int CombosWithoutWarning = 5;

    /// <summary>The state of a training that says 'training' and has no living process.</summary>
    public const string Stopped = "stopped";

    /// <summary>A training as it stands for whoever looks: one whose process was killed is <see cref="Stopped"/>, though its row cannot know.</summary>
    public async Task<TrainingJob> SeenAsync(TrainingJob job, CancellationToken ct) =>
        job.Status == "training" && !await claims.IsHeldAsync(CheckpointFolder.PathOf(job.JobId), ct) ? job with { Status = Stopped } : job;

    /// <summary>Asks for one job per combo (spec 03 §3.1). Asking again with the same key finds the job that is there; one that was
    /// cancelled or has failed is then queued once more.</summary>
    /// <param name="requests">Key and plan of each combo.</param>
    /// <param name="createdBy">Who asks.</param>
    /// <param name="ct">Stops the writing.</param>
    /// <returns>The jobs in the order of the requests, and warnings.</returns>
    /// <exception cref="ProblemException">GATE_FAILED: a combo failed its gates and is not for evidence only; then none is written.</exception>
    public async Task<(IReadOnlyList<TrainingJob> Jobs, IReadOnlyList<string> Warnings)> QueueAsync(
        IReadOnlyList<(string Key, TrainingPlan Plan)> requests, string createdBy, CancellationToken ct)
    {
        foreach (var (_, plan) in requests)
        {
            TrainingRun.RefuseGateFailure(plan);
        }

        DateTimeOffset now = clock.GetUtcNow();
        await rows.InTransactionAsync(async tx =>
        {
            foreach (var (key, plan) in requests)
            {
                await InsertAsync(tx, key, plan, createdBy, now, ct);
            }
        }, ct);

        List<TrainingJob> jobs = [];
        foreach (var (key, _) in requests)
        {
            string id = await rows.FirstAsync<string>("select job_id from training_jobs where key = @Key", new { Key = key }, ct);
            jobs.Add(await FindAsync(id, ct));
        }

        string[] warnings = requests.Count > CombosWithoutWarning
            ? [string.Create(CultureInfo.InvariantCulture,
                $"{requests.Count} combos are judged on one hold-out: the best of them looks better than it is. Select at most {CombosWithoutWarning}.")]
            : [];
        return (jobs, warnings);
    }

    /// <summary>Runs a job to its end. A completed one whose files are intact is only read; one that was killed goes on; one that somebody
    /// else runs is followed to its end.</summary>
    /// <exception cref="ProblemException">TRN-3008: no such job. TRN-3009: the plan is not the job's. TRN-3010: it was cancelled, before or
    /// meanwhile. STO-1008: the disk is full or read-only. TRN-3012: something nobody foresaw ended it. Those of <see cref="TrainingRun"/>. After
    /// the last two the job is <c>failed</c>.</exception>
    public Task<TrainedModelRecord> RunAsync(
        string jobId, TrainingPlan plan, TrainingData bars, Action<IReadOnlyList<TrainingProgress>> onProgress, CancellationToken ct) =>
        RunAsync(jobId, plan, bars, spread: null, onProgress, ct);

    /// <summary>Runs a job to its end, its tuning points and folds spread over many processes.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="plan">What it was asked for with.</param>
    /// <param name="bars">What it reads.</param>
    /// <param name="spread">Has tuning points and folds done; null leaves them to this process.</param>
    /// <param name="onProgress">Receives the five steps after every change.</param>
    /// <param name="ct">Stops between two trees; the job goes on when it is run again.</param>
    /// <exception cref="ProblemException">As the other overload, and those of <see cref="ISpread.Do"/>.</exception>
    public async Task<TrainedModelRecord> RunAsync(
        string jobId, TrainingPlan plan, TrainingData bars, ISpread? spread, Action<IReadOnlyList<TrainingProgress>> onProgress, CancellationToken ct)
    {
        TrainingJob job = await FindAsync(jobId, ct);
        if (job.PlanHash != plan.Hash.Hex)
        {
            throw new ProblemException("TRN-3009", $"{jobId} was asked for with plan {job.PlanHash[..12]}, this one is {plan.Hash.Short}.", jobId,
                "Ask for a new training.");
        }

        // Two attempts at once would share one folder of checkpoints.
        while (true)
        {
            var (held, hasFollowed) = await claims.TakeAsync(CheckpointFolder.PathOf(jobId), clock, async () => onProgress((await FindAsync(jobId, ct)).Progress), ct);
            await using (held)
            {
                try
                {
                    return await RunAsync(held, hasFollowed, jobId, plan, bars, spread, onProgress, ct);
                }
                catch (ProblemException e) when (e.Problem.Code == Lease.LostCode)
                {
                    // Another works on it now, or may: it is followed like any other, and taken over again where it dies.
                    ct.ThrowIfCancellationRequested();
                }
            }
        }
    }

    private async Task<TrainedModelRecord> RunAsync(
        IWorkClaim held, bool hasFollowed, string jobId, TrainingPlan plan, TrainingData bars, ISpread? spread, Action<IReadOnlyList<TrainingProgress>> onProgress,
        CancellationToken ct)
    {
        TrainingJob job = await FindAsync(jobId, ct);
        CheckpointFolder checkpoints = CheckpointFolder.Of(data, jobId, plan.Hash);
        if (hasFollowed && job.Status == "failed")
        {
            throw new ProblemException(job.Failure!);
        }

        if (job.Status == "completed" && await models.FindIntactAsync(job.TrainedModelId, ct) is { } done)
        {
            // A kill right after the job was completed leaves them.
            checkpoints.Remove();
            return done;
        }

        return await RunAloneAsync(held, job, plan, bars, checkpoints, spread, onProgress, ct);
    }

    /// <summary>Marks a job that has not ended as cancelled. An attempt that is running, in whichever process, sees it within a second, stops
    /// between two trees and leaves nothing behind.</summary>
    public async Task CancelAsync(string jobId, CancellationToken ct) =>
        await rows.ExecuteAsync(
            "update training_jobs set status = 'cancelled', finished_at_utc = @Now where job_id = @Id and status in ('queued', 'training')",
            new { Id = jobId, Now = clock.GetUtcNow() }, ct);

    /// <summary>A job with its five steps; an unfinished step shows the seconds since it began.</summary>
    /// <exception cref="ProblemException">TRN-3008: no such job.</exception>
    public async Task<TrainingJob> FindAsync(string jobId, CancellationToken ct)
    {
        TrainingJob job = await rows.FirstOrDefaultAsync<TrainingJob>(
            $"select {TrainingJob.Columns} from training_jobs where job_id = @Id", new { Id = jobId }, ct)
            ?? throw new ProblemException("TRN-3008", $"There is no training '{jobId}'.", jobId, "See 'sigmatiq training show'.", ExitCode.BadUsage);
        IReadOnlyList<StepRow> steps = await rows.QueryAsync<StepRow>(
            "select step, status, started_at_utc, duration_seconds from training_progress where job_id = @Id order by position", new { Id = jobId }, ct);
        DateTimeOffset now = clock.GetUtcNow();
        return job with
        {
            Progress = [.. steps.Select(s => new TrainingProgress(
                s.Step, s.Status, s.Status == "in_progress" && s.StartedAtUtc is { } began ? (now - began).TotalSeconds : s.DurationSeconds))],
        };
    }

    /// <summary>The job that was asked for with this key, or null.</summary>
    public async Task<TrainingJob?> FindByKeyAsync(string key, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<string>("select job_id from training_jobs where key = @Key", new { Key = key }, ct) is { } id ? await FindAsync(id, ct) : null;

    /// <summary>All jobs, or those of a model, newest first, without their steps.</summary>
    public Task<IReadOnlyList<TrainingJob>> ListAsync(string? modelId, CancellationToken ct) =>
        rows.QueryAsync<TrainingJob>(
            $"select {TrainingJob.Columns} from training_jobs where @Model is null or model_id = @Model order by seq desc", new { Model = modelId }, ct);

    /// <summary>A page of jobs, newest first, of a model where one is given.</summary>
    /// <param name="modelId">The model, or null.</param>
    /// <param name="after">The last job of the page before, null begins; one that is not there has nothing after it.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels the read.</param>
    public Task<IReadOnlyList<TrainingJob>> ListAsync(string? modelId, string? after, int limit, CancellationToken ct) =>
        rows.QueryAsync<TrainingJob>(
            $"""
            select {TrainingJob.Columns} from training_jobs
            where (@Model is null or model_id = @Model) {(after is null ? "" : "and seq < (select seq from training_jobs where job_id = @After)")} order by seq desc limit @Limit
            """,
            new { Model = modelId, After = after, Limit = limit }, ct);

    private static async Task InsertAsync(IRowTransaction tx, string key, TrainingPlan plan, string createdBy, DateTimeOffset now, CancellationToken ct)
    {
        if (await tx.FirstOrDefaultAsync<string>("select job_id from training_jobs where key = @Key", new { Key = key }, ct) is not null)
        {
            await tx.ExecuteAsync(
                "update training_jobs set status = 'queued', problem = null, finished_at_utc = null where key = @Key and status in ('cancelled', 'failed')",
                new { Key = key }, ct);
            return;
        }

        int seq = (await tx.FirstOrDefaultAsync<int?>("select max(seq) from training_jobs", null, ct) ?? 0) + 1;
        int number = (await tx.FirstOrDefaultAsync<int?>(
            "select max(trained_number) from training_jobs where model_id = @Model", new { Model = plan.ModelId }, ct) ?? 0) + 1;
        string id = string.Create(CultureInfo.InvariantCulture, $"train_{seq:000}");
        await tx.ExecuteAsync(
            """
            insert into training_jobs (job_id, seq, key, model_id, trained_model_id, trained_number, sweep_id, combo_id, combo_rank, config_hash,
                data_snapshot_id, plan_hash, parameters, hyperparameters, seed, evidence_only, status, created_by, created_at_utc)
            values (@Id, @Seq, @Key, @ModelId, @TrainedId, @Number, @SweepId, @ComboId, @Rank, @ConfigHash, @DataSnapshotId, @PlanHash, @Parameters,
                @Hyperparameters, @Seed, @EvidenceOnly, 'queued', @By, @Now)
            """,
            new
            {
                Id = id, Seq = seq, Key = key, plan.ModelId, TrainedId = TrainedModels.IdOf(plan.ModelId, number), Number = number, plan.SweepId, plan.ComboId,
                plan.Rank, plan.ConfigHash, plan.DataSnapshotId, PlanHash = plan.Hash.Hex, Parameters = plan.Parameters.ToJson().ToJsonString(),
                Hyperparameters = plan.Parameters.Hyperparameters.ToJson().ToJsonString(), plan.Parameters.Hyperparameters.Seed,
                EvidenceOnly = plan.IsEvidenceOnly, By = createdBy, Now = now,
            }, ct);
        await tx.ExecuteAsync(
            "insert into training_progress (job_id, position, step, status) values (@Id, @Position, @Step, 'pending')",
            TrainingSteps.All.Select((step, i) => new { Id = id, Position = i, Step = step }).ToList(), ct);
    }

    private async Task<TrainedModelRecord> RunAloneAsync(
        IWorkClaim held, TrainingJob job, TrainingPlan plan, TrainingData bars, CheckpointFolder checkpoints, ISpread? spread,
        Action<IReadOnlyList<TrainingProgress>> onProgress, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, held.Lost);
        Task watch = Task.CompletedTask;
        try
        {
            await BeginAsync(held, job.JobId, ct);
            watch = WatchAsync(job.JobId, stop);
            SpreadTraining? others = spread is null || plan.RefitOf is not null ? null : new(job.JobId, plan, checkpoints, spread);
            TrainingResult result = await TrainAsync(held, job.JobId, plan, bars, checkpoints, others, onProgress, stop);
            TrainedModelRecord record = await models.SaveAsync(held, job, plan, result, await LookAsync(plan, bars, job.JobId, job.Key, stop.Token), stop.Token);
            checkpoints.Remove();
            return record;
        }
        catch (OperationCanceledException) when (held.Lost.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ProblemException(Lease.LostCode, $"The claim on {job.JobId} is lost.", job.JobId, "Another process goes on with it.");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            if (!await IsToGoOnAsync(held, job.JobId))
            {
                checkpoints.Remove();
            }

            throw;
        }
        catch (Exception e) when (e is ProblemException { Problem.Code: TrainingJob.Cancelled } || (e is OperationCanceledException && stop.IsCancellationRequested))
        {
            // Whoever has it now has its checkpoints too.
            await held.WriteAsync(rows, _ => Task.FromResult(true), CancellationToken.None);
            checkpoints.Remove();
            throw TrainingJob.WasCancelled(job.JobId);
        }
        catch (Exception e) when (DiskFull.Is(e))
        {
            // It has not failed: it goes on behind its last finished step once there is room.
            throw DiskFull.Refusal(e, job.JobId);
        }
        catch (ProblemException e) when (e.Problem.Code != Lease.LostCode)
        {
            await FailAsync(held, job.JobId, e.Problem, CancellationToken.None);
            throw;
        }
        catch (Exception e) when (e is not ProblemException)
        {
            Problem problem = new("TRN-3012", $"The training ended on {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}", job.JobId,
                "Remove the cause, then ask for it again: it goes on behind its last finished step.");
            await FailAsync(held, job.JobId, problem, CancellationToken.None);
            throw new ProblemException(problem, e);
        }
        finally
        {
            await stop.CancelAsync();
            await watch;
        }
    }

    private Task BeginAsync(IWorkClaim held, string jobId, CancellationToken ct) => held.WriteAsync(rows, async tx =>
    {
        int begun = await tx.ExecuteAsync(
            "update training_jobs set status = 'training', problem = null, started_at_utc = @Now, finished_at_utc = null "
            + "where job_id = @Id and status <> 'cancelled'",
            new { Id = jobId, Now = clock.GetUtcNow() }, ct);
        if (begun == 0)
        {
            throw TrainingJob.WasCancelled(jobId);
        }

        return await tx.ExecuteAsync(
            "update training_progress set status = 'pending', started_at_utc = null, duration_seconds = null where job_id = @Id", new { Id = jobId }, ct);
    }, ct);

    // Who cancels may be another process: the row is the one place where both look.
    private async Task WatchAsync(string jobId, CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(LookForCancelEvery, clock, stop.Token);
                if (await rows.FirstOrDefaultAsync<string>("select status from training_jobs where job_id = @Id", new { Id = jobId }, stop.Token) == "cancelled")
                {
                    await stop.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Enters the look that a training takes at a hold-out, also before it runs; one that is repeated after a kill is the same look.</summary>
    /// <param name="plan">The training.</param>
    /// <param name="bars">What it reads.</param>
    /// <param name="sourceId">What the look is known by: a job, or the trained model it gives.</param>
    /// <param name="key">The job's key.</param>
    /// <param name="ct">Stops the writing.</param>
    /// <returns>The look, numbered on the sweep's hold-out where its rows lie in it (03 §3.4); null where nothing is held out.</returns>
    public async Task<HoldoutLook?> LookAsync(TrainingPlan plan, TrainingData bars, string sourceId, string key, CancellationToken ct) =>
        TrainingRows.HoldoutId(plan, bars) is { } holdout ? await new HoldoutLooks(rows, clock).RecordAsync(holdout, plan.ConfigHash, sourceId, key, ct) : null;

    // The training is one long computation; its progress crosses to the store through a channel, so that neither waits for the other.
    private async Task<TrainingResult> TrainAsync(
        IWorkClaim held, string jobId, TrainingPlan plan, TrainingData bars, CheckpointFolder checkpoints, SpreadTraining? others,
        Action<IReadOnlyList<TrainingProgress>> onProgress, CancellationTokenSource stop)
    {
        CancellationToken ct = stop.Token;
        var events = Channel.CreateUnbounded<IReadOnlyList<TrainingProgress>>(new() { SingleReader = true, SingleWriter = true });

        // A thread of its own: it computes or waits for others, and the pool's few keep the claims.
        Task<TrainingResult> work = Task.Factory.StartNew(() =>
        {
            try
            {
                return new TrainingRun(openLearner(), clock).Run(plan, bars, checkpoints, others, steps =>
                {
                    onProgress(steps);
                    events.Writer.TryWrite(steps);
                }, ct);
            }
            finally
            {
                events.Writer.Complete();
            }
        }, ct, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        _ = work.ContinueWith(_ => events.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (IReadOnlyList<TrainingProgress> steps in events.Reader.ReadAllAsync(CancellationToken.None))
            {
                await WriteProgressAsync(held, jobId, steps);
            }
        }
        catch
        {
            // Whoever asks next must not meet work that nobody waits for.
            await stop.CancelAsync();
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await work;
    }

    private async Task WriteProgressAsync(IWorkClaim held, string jobId, IReadOnlyList<TrainingProgress> steps)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await held.ExecuteAsync(
            rows,
            """
            update training_progress set status = @Status, duration_seconds = @Duration,
                started_at_utc = case when @Status = 'in_progress' then coalesce(started_at_utc, @Now) else started_at_utc end
            where job_id = @Id and step = @Step
            """,
            steps.Select(s => new { Id = jobId, s.Step, s.Status, s.Duration, Now = now }).ToList(), CancellationToken.None);
    }

    // The process ends, the training does not: whoever asks for it next goes on with it. False where it was cancelled at the same time.
    private Task<bool> IsToGoOnAsync(IWorkClaim held, string jobId) => held.WriteAsync(rows, async tx =>
    {
        int waiting = await tx.ExecuteAsync("update training_jobs set status = 'queued' where job_id = @Id and status = 'training'", new { Id = jobId }, CancellationToken.None);
        await tx.ExecuteAsync(
            "update training_progress set status = 'pending', started_at_utc = null, duration_seconds = null where job_id = @Id", new { Id = jobId }, CancellationToken.None);
        return waiting == 1;
    }, CancellationToken.None);

    private Task<int> FailAsync(IWorkClaim held, string jobId, Problem problem, CancellationToken ct) => held.ExecuteAsync(
        rows, "update training_jobs set status = 'failed', problem = @Problem, finished_at_utc = @Now where job_id = @Id and status <> 'cancelled'",
        new
        {
            Id = jobId, Now = clock.GetUtcNow(),
            Problem = new JsonObject { ["code"] = problem.Code, ["message"] = problem.Message, ["where"] = problem.Where, ["remedy"] = problem.Remedy }.ToJsonString(),
        }, ct);

    private sealed record StepRow(string Step, string Status, DateTimeOffset? StartedAtUtc, double? DurationSeconds);
}
