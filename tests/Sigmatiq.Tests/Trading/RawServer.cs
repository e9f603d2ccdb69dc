using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sigmatiq.Tests.Trading;

/// <summary>What a client sent.</summary>
internal sealed record RawRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A server on a loopback address that answers as a test says, byte by byte if need be.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly Func<RawRequest, NetworkStream, CancellationToken, Task> answer;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> talks = [];
    private readonly Task accepting;

    private RawServer(string address, int port, Func<RawRequest, NetworkStream, CancellationToken, Task> answer)
    {
        this.answer = answer;
        listener = new(IPAddress.Parse(address), port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public ConcurrentQueue<RawRequest> Requests { get; } = new();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static RawServer Start(Func<RawRequest, NetworkStream, CancellationToken, Task> answer, string address = "127.0.0.1", int port = 0) => new(address, port, answer);

    /// <summary>Answers everything with a status, headers and a body.</summary>
    public static RawServer Start(Func<RawRequest, (int Status, string Headers, string Body)> answer, string address = "127.0.0.1", int port = 0) =>
        Start(async (request, stream, ct) =>
        {
            (int status, string headers, string body) = answer(request);
            await stream.WriteAsync(Answer(status, headers, Encoding.UTF8.GetBytes(body)), ct);
        }, address, port);

    public static byte[] Answer(int status, string headers, byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n"), .. body];

    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(talks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
            talks.Add(TalkAsync(client));
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream stream = client.GetStream();
            if (await ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                await answer(request, stream, stop.Token);
            }
        }
    }

    private async Task<RawRequest?> ReadAsync(NetworkStream stream)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stop.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines[1..])
        {
            headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        }

        byte[] body = new byte[headers.TryGetValue("Content-Length", out string? length) ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, stop.Token);
        string[] first = lines[0].Split(' ');
        return new(first[0], first[1], headers, Encoding.UTF8.GetString(body));
    }
}
