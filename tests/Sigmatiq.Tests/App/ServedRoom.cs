using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Tests.App;

/// <summary>A server with all its routes on a whole platform; nothing drives its runs but the test.</summary>
internal sealed class ServedRoom : IAsyncDisposable
{
    private ServedRoom(RunningServer running) => Running = running;

    public RunningServer Running { get; }

    public Platform Platform { get; private set; } = null!;

    public static async Task<ServedRoom> StartAsync(CancellationToken ct, RequestLimits? limits = null, string? metricsToken = null, string? backups = null, string? workflows = null)
    {
        Platform? platform = null;
        RunningServer running = await RunningServer.StartAsync(limits, ct, running => routes =>
        {
            platform = Platform.Open(running.Data, running.Rows, IdSource.FromSeed(TimeProvider.System, 5), TimeProvider.System, NullLoggerFactory.Instance,
                metricsToken: () => metricsToken is null ? null : new(metricsToken), backups: backups, workflows: workflows);
            foreach (Action<Microsoft.AspNetCore.Routing.IEndpointRouteBuilder> map in ServedStore.Routes(platform))
            {
                map(routes);
            }
        });
        return new(running) { Platform = platform! };
    }

    public async Task<RunStatus> DriveAsync(RunId run, CancellationToken ct)
    {
        await using EngineLease lease = (await EngineLease.TryTakeAsync(Running.Data, Running.Rows, TimeProvider.System, "test/1", ct)).Lease!;
        return (await Platform.Engine.DriveAloneAsync(lease, run, ct)).Status;
    }

    public async ValueTask DisposeAsync()
    {
        Platform.Notifier.Dispose();
        await Running.DisposeAsync();
    }
}
