using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.Trading;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Messages from the real program to receivers outside it.</summary>
public sealed class OutsideTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);
    private readonly string folder = Directory.CreateTempSubdirectory("sigmatiq-outside-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_served_store_empties_its_outbox_and_a_kill_in_the_middle_loses_no_message_and_doubles_none_by_its_key()
    {
        const int messages = 40, kills = 3;
        await using RawServer receiver = RawServer.Start(async (_, stream, ct) =>
        {
            await Task.Delay(60, ct);
            await stream.WriteAsync(RawServer.Answer(200, "", []), ct);
        });
        File.WriteAllText(Path.Combine(folder, "hook"), "hunter2");
        File.WriteAllText(Path.Combine(folder, "outside.yaml"), $$"""
            secrets: { hook: { file: hook } }
            channels: { ops: { type: webhook, url: "http://127.0.0.1:{{receiver.Port}}/", secret: hook } }
            routes: [ { kinds: ["*"], channels: [ops] } ]
            """);
        await EnqueueAsync(messages);
        for (int kill = 1; kill <= kills; kill++)
        {
            using ProgramProcess serve = ProgramProcess.Start("serve", "--urls", "http://127.0.0.1:0", "--data", folder);
            await UntilAsync(() => receiver.Requests.Count >= kill * 8);
            serve.Kill();
        }

        // What was claimed by a killed process is free again once its claim has run out.
        using (SqliteRowStore rows = SqliteRowStore.OpenUnmigrated(Path.Combine(folder, "sigmatiq.db")))
        {
            await rows.ExecuteAsync("update deliveries set next_attempt_at_utc = @past where delivered_at_utc is null and owner is not null", new { past = DateTimeOffset.UnixEpoch }, Ct);
        }

        using ProgramProcess last = ProgramProcess.Start("serve", "--urls", "http://127.0.0.1:0", "--data", folder);
        await UntilAsync(() => Keys(receiver).Distinct().Count() == messages);
        last.Terminate();
        (await last.EndAsync(Soon, Ct)).Should().Be(0);
        Keys(receiver).Count().Should().BeLessThanOrEqualTo(messages + kills, "a kill sends at most the one message again that was on its way");
        receiver.Requests.GroupBy(r => r.Headers["X-Sigmatiq-Key"]).Should().OnlyContain(g => g.Select(r => r.Body).Distinct().Count() == 1, "a message that comes twice is the same to the byte");
        using ProgramProcess list = ProgramProcess.Start("outbox", "list", "-o", "json", "--data", folder);
        (await list.EndAsync(Soon, Ct)).Should().Be(0);
        JsonNode.Parse(list.Out)!.AsArray().Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mail_goes_encrypted_to_a_server_whose_certificate_is_trusted_and_to_no_other(bool isTrusted)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string trusted = Path.Combine(folder, "trusted.pem");
        File.WriteAllText(trusted, isTrusted ? certificate.ExportCertificatePem() : "");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        ConcurrentQueue<string> lines = new();
        Task talk = TalkAsync(listener, certificate, lines);
        File.WriteAllText(Path.Combine(folder, "password"), "hunter2\n");
        File.WriteAllText(Path.Combine(folder, "outside.yaml"), $$"""
            secrets: { mail: { file: password } }
            channels: { desk: { type: smtp, host: localhost, port: {{((IPEndPoint)listener.LocalEndpoint).Port}}, user: sigmatiq, password: mail, from: sigmatiq@example.org, to: [desk@example.org] } }
            routes: [ { kinds: ["*"], channels: [desk] } ]
            """);
        await EnqueueAsync(1);
        using ProgramProcess deliver = ProgramProcess.StartWith("SSL_CERT_FILE", trusted, "outbox", "deliver", "-o", "json", "--data", folder);
        (await deliver.EndAsync(Soon, Ct)).Should().Be(0, deliver.Error);
        JsonNode.Parse(deliver.Out)!["delivered"]!.GetValue<int>().Should().Be(isTrusted ? 1 : 0, string.Join("\n", lines));
        lines.Any(l => l.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase)).Should().Be(isTrusted, "the password is said to a trusted server alone");
        lines.Any(l => l.Contains("Message-ID: <", StringComparison.OrdinalIgnoreCase)).Should().Be(isTrusted);
        listener.Stop();
        await Task.WhenAny(talk, Task.Delay(Soon, Ct));
    }

    // Enough of RFC 5321 and 3207 for one mail.
    private static async Task TalkAsync(TcpListener listener, X509Certificate2 certificate, ConcurrentQueue<string> lines)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Ct);
        Stream stream = client.GetStream();
        bool isEncrypted = false, isData = false;
        await SayAsync("220 test");
        while (await ReadAsync() is { } line)
        {
            lines.Enqueue(line);
            if (isData)
            {
                if (line == ".")
                {
                    isData = false;
                    await SayAsync("250 taken");
                }

                continue;
            }

            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await SayAsync(isEncrypted ? "250-test\r\n250-SMTPUTF8\r\n250 AUTH LOGIN" : "250-test\r\n250 STARTTLS");
                    break;
                case "STARTTLS":
                    await SayAsync("220 go on");
                    SslStream ssl = new(stream);
                    await ssl.AuthenticateAsServerAsync(certificate);
                    (stream, isEncrypted) = (ssl, true);
                    break;
                case "AUTH":
                    if (line.Split(' ').Length < 3)
                    {
                        await SayAsync("334 VXNlcm5hbWU6");
                        await ReadAsync();
                    }

                    await SayAsync("334 UGFzc3dvcmQ6");
                    await ReadAsync();
                    await SayAsync("235 welcome");
                    break;
                case "DATA":
                    isData = true;
                    await SayAsync("354 go on");
                    break;
                case "QUIT":
                    await SayAsync("221 bye");
                    return;
                default:
                    await SayAsync("250 ok");
                    break;
            }
        }

        async Task SayAsync(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), Ct);

        async Task<string?> ReadAsync()
        {
            StringBuilder line = new();
            byte[] one = new byte[1];
            while (await stream.ReadAsync(one, Ct) == 1)
            {
                if (one[0] == '\n')
                {
                    return line.ToString().TrimEnd('\r');
                }

                line.Append((char)one[0]);
            }

            return null;
        }
    }

    private static IEnumerable<string> Keys(RawServer receiver) => receiver.Requests.Select(r => r.Headers["X-Sigmatiq-Key"]);

    private async Task EnqueueAsync(int count)
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder), TimeProvider.System, Ct);
        OutboxQueue outbox = new(rows, TimeProvider.System);
        await rows.InTransactionAsync(async tx =>
        {
            for (int i = 0; i < count; i++)
            {
                await outbox.EnqueueAsync(tx, $"k{i}", "alert.test", new JsonObject { ["title"] = $"message {i}" }, Ct);
            }
        }, Ct);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            TimeProvider.System.GetElapsedTime(begun).Should().BeLessThan(Soon);
            await Task.Delay(20, Ct);
        }
    }
}
