using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Sigmatiq.Tests.SystemTests.Killed;

/// <summary>A receiver outside the killed process: it keeps each effect by its key and drops a second one, as a receiver must for whom
/// exactly once is to hold.</summary>
public sealed class OutsideSink : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, int> received = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    public OutsideSink()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Called once when an effect has been kept, before its sender hears of it.</summary>
    public Action? AtNext { get; set; }

    /// <summary>How often each key came.</summary>
    public IReadOnlyDictionary<string, int> Received => received;

    /// <summary>Sends one effect and returns when the receiver has kept it.</summary>
    public static async Task SendAsync(int port, string key, CancellationToken ct)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, ct);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(key + ".\n"), ct);
        byte[] answer = new byte[1];
        if (await stream.ReadAsync(answer, ct) != 1)
        {
            throw new IOException($"The sink did not confirm {key}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            _ = ReceiveAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
    }

    private async Task ReceiveAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (StreamReader reader = new(client.GetStream()))
            {
                // A sender that was killed in the middle of a line sent nothing.
                if (await reader.ReadLineAsync(stop.Token) is { } key && key.EndsWith('.'))
                {
                    received.AddOrUpdate(key.TrimEnd('.'), 1, (_, times) => times + 1);
                    Action? atNext = AtNext;
                    AtNext = null;
                    atNext?.Invoke();
                    await client.GetStream().WriteAsync("k"u8.ToArray(), stop.Token);
                }
            }
        }
        catch (IOException)
        {
            // Killed while it waited for the answer.
        }
    }
}
