using System.Net.Sockets;

namespace Sigmatiq.Tests.SystemTests.Failing;

/// <summary>Stands between a program and its PostgreSQL server, and cuts the connection at the nth message to the server: before it gets there, or
/// once the server has answered.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private const string Name = ".s.PGSQL.5432";

    private readonly string server;
    private readonly int nth;
    private readonly bool cutsAfter;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;
    private int count;

    /// <summary>Listens.</summary>
    /// <param name="serverFolder">Where the server's socket lies.</param>
    /// <param name="nth">The message at which it cuts, from 1.</param>
    /// <param name="cutsAfter">Whether the server still gets it and answers into the void.</param>
    public CuttingProxy(string serverFolder, int nth, bool cutsAfter)
    {
        server = Path.Combine(serverFolder, Name);
        this.nth = nth;
        this.cutsAfter = cutsAfter;
        Folder = Directory.CreateTempSubdirectory("sigmatiq-cut-").FullName;
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(Folder, Name)));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>Where its own socket lies.</summary>
    public string Folder { get; }

    /// <summary>Messages so far.</summary>
    public int Count => Volatile.Read(ref count);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Directory.Delete(Folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = CarryAsync(await listener.AcceptAsync(stop.Token));
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using (client)
        using (Socket behind = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await behind.ConnectAsync(new UnixDomainSocketEndPoint(server), stop.Token);
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            bool isLast = false;
            Task back = PumpAsync(behind, client, () =>
            {
                if (Volatile.Read(ref isLast))
                {
                    cut.Cancel();
                }
            }, cut.Token);
            Task forth = PumpAsync(client, behind, () =>
            {
                if (Interlocked.Increment(ref count) == nth)
                {
                    Volatile.Write(ref isLast, true);
                    if (!cutsAfter)
                    {
                        cut.Cancel();
                    }
                }
            }, cut.Token);
            await Task.WhenAny(back, forth);
            await cut.CancelAsync();
            await Task.WhenAll(back, forth).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Action before, CancellationToken ct)
    {
        byte[] buffer = new byte[65_536];
        while (await from.ReceiveAsync(buffer, ct) is > 0 and var length)
        {
            before();
            ct.ThrowIfCancellationRequested();
            await to.SendAsync(buffer.AsMemory(0, length), ct);
        }
    }
}
