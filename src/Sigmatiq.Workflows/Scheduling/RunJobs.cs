using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>Quartz on an SQLite file of its own: one job per run that has something to do. The file holds nothing that our rows do not;
/// deleting it loses no run.</summary>
public sealed class RunJobs : IAsyncDisposable
{
    /// <summary>Runs driven at once; their attempts share the process's slots, so this is no bound on load.</summary>
    public const int ThreadCount = 16;

    private readonly IScheduler scheduler;
    private readonly string path;

    private readonly TimeProvider clock;
    private readonly long fence;
    private long count;

    private RunJobs(IScheduler scheduler, string path, long fence, TimeProvider clock)
    {
        this.scheduler = scheduler;
        this.path = path;
        this.fence = fence;
        this.clock = clock;
    }

    /// <summary>A job that fires later than this after its time is late, which for a run's job only means: now.</summary>
    public static TimeSpan MisfireThreshold { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Opens or makes the file and starts the scheduler; jobs that a killed process left under way are started again. A file
    /// that cannot be read is made anew: what it held follows from our rows.</summary>
    /// <param name="path">The scheduler's file.</param>
    /// <param name="dispatcher">Drives the runs.</param>
    /// <param name="fence">Number of the engine's claim: makes the names of its jobs its own.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logs">Quartz writes here.</param>
    /// <param name="ct">Cancels the start.</param>
    public static async Task<RunJobs> StartAsync(string path, RunDispatcher dispatcher, long fence, TimeProvider clock, ILoggerFactory logs, CancellationToken ct)
    {
        try
        {
            return await OpenAsync(path, dispatcher, fence, clock, logs, ct);
        }
        catch (Exception e) when (File.Exists(path) && !ct.IsCancellationRequested)
        {
            logs.CreateLogger<RunJobs>().LogWarning(e, "The scheduler's file {Path} cannot be used and is made anew; no run is lost", path);
            SqliteDriver.Release(path);
            foreach (string file in (string[])[path, path + "-wal", path + "-shm", path + "-journal"])
            {
                File.Delete(file);
            }

            return await OpenAsync(path, dispatcher, fence, clock, logs, ct);
        }
    }

    /// <summary>Makes a job for a run, to start now.</summary>
    public async Task StartAsync(RunId run, CancellationToken ct)
    {
        // A key of its own each time: the run's last job may still be on its way out of the store, and must not take this one with it.
        string name = $"{run}-{fence}-{Interlocked.Increment(ref count)}";
        IJobDetail job = JobBuilder.Create<RunJob>().WithIdentity(name, "runs").UsingJobData(RunJob.RunKey, run.Value).RequestRecovery().Build();
        ITrigger trigger = TriggerBuilder.Create(clock).WithIdentity(name, "runs").ForJob(job).StartNow().Build();
        await scheduler.ScheduleJob(job, trigger, new ScheduleJobOptions(), ct);
    }

    /// <summary>Stops the scheduler; the runs under way stop where they are.</summary>
    public async ValueTask DisposeAsync()
    {
        await scheduler.Shutdown(waitForJobsToComplete: true, CancellationToken.None);
        SqliteDriver.Release(path);
    }

    private static async Task<RunJobs> OpenAsync(string path, RunDispatcher dispatcher, long fence, TimeProvider clock, ILoggerFactory logs, CancellationToken ct)
    {
        IScheduler scheduler = await QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.Services.AddSingleton(dispatcher);
            quartz.Services.AddSingleton(logs);
            quartz.UseTimeProvider(clock);
            quartz.ConfigureScheduler(options =>
            {
                // One name per file: a process may hold several stores, and a restart must find its own.
                options.InstanceName = $"sigmatiq-{ContentHash.Of(path).Short}";
                // Stable, so that a restarted process finds its own jobs at once instead of waiting for its former self to time out.
                options.InstanceId = "local";
                options.IdleWaitTime = TimeSpan.FromSeconds(5);
                options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UseDefaultThreadPool(ThreadCount);
            quartz.UsePersistentStore(store =>
            {
                store.UseSqlite(SqliteDriver.Factory, SqliteDriver.ConnectionString(path));
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
                store.ConfigureStore(options => options.MisfireThreshold = MisfireThreshold);
            });
        }).BuildScheduler(ct);
        try
        {
            await scheduler.Start(ct);
        }
        catch
        {
            await scheduler.Shutdown(waitForJobsToComplete: false, CancellationToken.None);
            throw;
        }

        return new(scheduler, path, fence, clock);
    }
}
