using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Sigmatiq.App.Auth;

namespace Sigmatiq.Tests.App.Auth;

/// <summary>Whoever takes their time takes nobody else's.</summary>
public sealed class SlowClientTests
{
    private const int Idlers = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // What the sockets take in although nobody reads, megabytes on this machine itself, earns an answer time at this rate: a slow rate would be a long wait.
    private static readonly RequestLimits Hasty = RequestLimits.Usual with
    {
        HeadPatience = TimeSpan.FromSeconds(1), BodyGrace = TimeSpan.FromSeconds(1.1), BodyBytesPerSecondMin = 1_000, AnswerGrace = TimeSpan.FromSeconds(1.1), AnswerBytesPerSecondMin = 2_000_000,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Heads_and_bodies_that_never_end_and_answers_that_nobody_reads_are_cut_off_and_others_are_answered_meanwhile()
    {
        int cut = 0;
        byte[] block = new byte[64 * 1024];
        await using RunningServer running = await RunningServer.StartAsync(Hasty, Token, _ => routes => routes.MapGet("/long", async (HttpContext context) =>
        {
            // Without end, since what is written after the cut goes nowhere and says nothing: only the request's own word tells of it.
            try
            {
                while (true)
                {
                    context.RequestAborted.ThrowIfCancellationRequested();
                    await context.Response.Body.WriteAsync(block, context.RequestAborted);
                }
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref cut);
                throw;
            }
        }).Needs(Right.Read));
        using HttpClient other = await running.WithKeyAsync(new("ana", "Ana", "approver", "pro"), Token, "read");
        string key = other.DefaultRequestHeaders.Authorization!.Parameter!;
        List<TcpClient> heads = [], bodies = [], readers = [];
        try
        {
            for (int i = 0; i < Idlers; i++)
            {
                heads.Add(await SendAsync(running, "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "));
                bodies.Add(await SendAsync(running, $"POST /sign-out HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\ncsrf="));
                readers.Add(await SendAsync(running, $"GET /long HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n"));
            }

            for (int i = 0; i < 50; i++)
            {
                (await other.GetAsync("/api/health", Token).WaitAsync(Patience, Token)).StatusCode.Should().Be(HttpStatusCode.OK);
            }

            // What never ends is refused or simply cut; either way the connection ends.
            foreach (TcpClient sender in heads.Concat(bodies))
            {
                (await EndAsync(sender)).Should().Match(s => s.Length == 0 || s.StartsWith("HTTP/1.1 408", StringComparison.Ordinal));
            }

            // An answer that nobody reads does not come to its end.
            long from = TimeProvider.System.GetTimestamp();
            while (Volatile.Read(ref cut) < Idlers && TimeProvider.System.GetElapsedTime(from) < Patience)
            {
                await Task.Delay(50, Token);
            }

            cut.Should().Be(Idlers);
        }
        finally
        {
            heads.Concat(bodies).Concat(readers).ToList().ForEach(c => c.Dispose());
        }
    }

    private static async Task<TcpClient> SendAsync(RunningServer running, string text)
    {
        TcpClient client = new() { ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(IPAddress.Loopback, running.Server.Address.Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Token);
        return client;
    }

    private static async Task<string> EndAsync(TcpClient client)
    {
        using StreamReader reader = new(client.GetStream(), leaveOpen: true);
        try
        {
            return await reader.ReadToEndAsync(Token).WaitAsync(Patience, Token);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
