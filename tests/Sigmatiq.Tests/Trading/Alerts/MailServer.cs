using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sigmatiq.Tests.Trading.Alerts;

/// <summary>A mail server that takes everything and offers no encryption (RFC 5321, AUTH LOGIN and PLAIN of RFC 4954).</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    private MailServer()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<string> Mails { get; } = new();

    public ConcurrentQueue<string> Receivers { get; } = new();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static MailServer Start() => new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
            try
            {
                await TalkAsync(client.GetStream());
            }
            catch (IOException)
            {
                // The client hung up.
            }
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.UTF8);
        await SayAsync("220 test");
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            Lines.Enqueue(line);
            string verb = line.Split(' ', ':')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await SayAsync("250-test\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250 AUTH LOGIN");
                    break;
                case "AUTH":
                    if (line.Split(' ').Length < 3)
                    {
                        await SayAsync("334 VXNlcm5hbWU6");
                        await reader.ReadLineAsync(stop.Token);
                    }

                    await SayAsync("334 UGFzc3dvcmQ6");
                    await reader.ReadLineAsync(stop.Token);
                    await SayAsync("235 welcome");
                    break;
                case "RCPT":
                    Receivers.Enqueue(line[(line.IndexOf('<') + 1)..line.IndexOf('>')]);
                    await SayAsync("250 ok");
                    break;
                case "DATA":
                    await SayAsync("354 go on");
                    StringBuilder mail = new();
                    while (await reader.ReadLineAsync(stop.Token) is { } text && text != ".")
                    {
                        mail.Append(text).Append("\r\n");
                    }

                    Mails.Enqueue(mail.ToString());
                    await SayAsync("250 taken");
                    break;
                case "QUIT":
                    await SayAsync("221 bye");
                    return;
                default:
                    await SayAsync("250 ok");
                    break;
            }
        }

        async Task SayAsync(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), stop.Token);
    }
}
