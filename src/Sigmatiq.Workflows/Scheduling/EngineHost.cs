using Microsoft.Extensions.Logging;
using Sigmatiq.Store;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>The living engine of a store: looks for runs that want driving four times a second, and when one has come to
/// rest, and gives each a Quartz job. A run that
/// waits has none. Starting it is also the recovery: whatever should run and has no job gets one.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly RunDispatcher dispatcher;
    private readonly RunJobs jobs;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private Task looking = Task.CompletedTask;

    private EngineHost(RunDispatcher dispatcher, RunJobs jobs, TimeProvider clock, ILogger log)
    {
        this.dispatcher = dispatcher;
        this.jobs = jobs;
        this.clock = clock;
        this.log = log;
    }

    /// <summary>Stops looking, then the runs under way where they stand; the next start goes on with them.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await jobs.DisposeAsync();
        stop.Dispose();
    }

    internal static async Task<EngineHost> StartAsync(DataDirectory data, RunDispatcher dispatcher, long fence, TimeProvider clock, ILoggerFactory logs, CancellationToken ct)
    {
        RunJobs jobs = await RunJobs.StartAsync(data.QuartzFile, dispatcher, fence, clock, logs, ct);
        var host = new EngineHost(dispatcher, jobs, clock, logs.CreateLogger<EngineHost>());
        host.looking = Task.Run(() => host.LookAsync(host.stop.Token), CancellationToken.None);
        return host;
    }

    private async Task LookAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                foreach (RunId run in await dispatcher.LookAsync(ct))
                {
                    await GiveJobAsync(run, ct);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // A locked or briefly unreadable store: the next look finds what this one missed.
                log.LogWarning(e, "The look for runs failed; the next one is {LookEveryMs} ms away", RunDispatcher.LookEvery.TotalMilliseconds);
            }

            await Task.WhenAny(Task.Delay(RunDispatcher.LookEvery, clock, ct), dispatcher.RoomMade);
            ct.ThrowIfCancellationRequested();
        }
    }

    private async Task GiveJobAsync(RunId run, CancellationToken ct)
    {
        try
        {
            await jobs.StartAsync(run, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await dispatcher.ReleaseAsync(run);
            log.LogError(e, "Run {Run} got no job; the next look tries again", run);
        }
    }
}
