using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>One Quartz trigger for the next fire of each workflow, in memory or, on a cluster, in tables that its nodes share: all of it
/// follows from the files and our rows, and is set
/// anew at start, after each fire and every <see cref="SetAnewEvery"/>, which also finds changed files, lifted pauses and a clock that
/// was set.</summary>
public sealed class FireTriggers : IAsyncDisposable
{
    private const int ThreadCount = 2;

    private readonly ScheduleDesk desk;
    private readonly Backfill backfill;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim deciding = new(1);
    private IScheduler? scheduler;
    private Task setting = Task.CompletedTask, advancing = Task.CompletedTask;

    private FireTriggers(ScheduleDesk desk, Backfill backfill, TimeProvider clock, ILogger log)
    {
        this.backfill = backfill;
        this.desk = desk;
        this.clock = clock;
        this.log = log;
    }

    /// <summary>Well below the misfire threshold, so that a fire whose trigger was lost is still on time.</summary>
    public static TimeSpan SetAnewEvery { get; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the next run of a backfill is looked for.</summary>
    public static TimeSpan AdvanceEvery { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Decides on what came due while nobody was here, and starts to fire.</summary>
    /// <param name="desk">Turns due fires into runs.</param>
    /// <param name="backfill">Past fires run after all.</param>
    /// <param name="name">Name of the store: a process may hold several.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logs">Quartz writes here.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <param name="cluster">Where several nodes fire together; null keeps the triggers in memory.</param>
    public static async Task<FireTriggers> StartAsync(
        ScheduleDesk desk, Backfill backfill, string name, TimeProvider clock, ILoggerFactory logs, CancellationToken ct, FireCluster? cluster = null)
    {
        var triggers = new FireTriggers(desk, backfill, clock, logs.CreateLogger<FireTriggers>());
        triggers.scheduler = await QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.Services.AddSingleton(triggers);
            quartz.Services.AddSingleton(logs);
            quartz.UseTimeProvider(clock);
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = cluster is null ? $"fires-{name}" : FireCluster.Name;
                if (cluster is not null)
                {
                    options.InstanceId = cluster.Node;
                }

                options.IdleWaitTime = TimeSpan.FromSeconds(5);
                options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UseDefaultThreadPool(ThreadCount);
            if (cluster is not null)
            {
                quartz.UsePersistentStore(cluster.Use);
            }
        }).BuildScheduler(ct);
        await triggers.scheduler.Start(ct);
        triggers.setting = Task.Run(() => triggers.SetAsync(triggers.stop.Token), CancellationToken.None);
        triggers.advancing = Task.Run(() => triggers.AdvanceAsync(triggers.stop.Token), CancellationToken.None);
        return triggers;
    }

    /// <summary>Stops firing.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await setting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await advancing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await scheduler!.Shutdown(waitForJobsToComplete: true, CancellationToken.None);
        deciding.Dispose();
        stop.Dispose();
    }

    internal async Task FireAsync(string workflow, DateTimeOffset fireUtc, CancellationToken ct)
    {
        // A trigger may be a moment early; a fire that has not come yet would not be due.
        for (TimeSpan early = fireUtc - clock.GetUtcNow(); early > TimeSpan.Zero; early = fireUtc - clock.GetUtcNow())
        {
            await Task.Delay(early < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : early, clock, ct);
        }

        await deciding.WaitAsync(ct);
        try
        {
            await SetAsync(workflow, await desk.DecideAsync(workflow, ct), ct);
        }
        finally
        {
            deciding.Release();
        }
    }

    private async Task AdvanceAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await backfill.AdvanceAsync(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogWarning(e, "The backfills could not be advanced; the next try is {AdvanceSeconds} s away", AdvanceEvery.TotalSeconds);
            }

            await Task.Delay(AdvanceEvery, clock, ct);
        }
    }

    private async Task SetAsync(CancellationToken ct)
    {
        while (true)
        {
            await deciding.WaitAsync(ct);
            try
            {
                foreach (var (workflow, next) in await desk.DecideAllAsync(ct))
                {
                    await SetAsync(workflow, next, ct);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogWarning(e, "The schedules could not be decided; the next try is {SetAnewSeconds} s away", SetAnewEvery.TotalSeconds);
            }
            finally
            {
                deciding.Release();
            }

            await Task.Delay(SetAnewEvery, clock, ct);
        }
    }

    private async Task SetAsync(string workflow, DateTimeOffset? next, CancellationToken ct)
    {
        if (next is not { } fire)
        {
            return;
        }

        // The instant is part of the name: the job that is on its way out must not take the next trigger with it.
        string name = $"{workflow}-{fire.UtcTicks.ToString(CultureInfo.InvariantCulture)}";
        if (await scheduler!.GetTrigger(new TriggerKey(name, "fires"), ct) is not null)
        {
            return;
        }

        IJobDetail job = JobBuilder.Create<FireJob>().WithIdentity(name, "fires").UsingJobData(FireJob.WorkflowKey, workflow).RequestRecovery().Build();
        ITrigger trigger = TriggerBuilder.Create(clock).WithIdentity(name, "fires").ForJob(job).StartAt(fire).Build();
        await scheduler.ScheduleJob(job, trigger, new ScheduleJobOptions { Replace = true }, ct);
    }
}
