using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Store;
using Sigmatiq.Trading.Alerts;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Tests.Trading.Alerts;

/// <summary>Messages against real receivers: a web server, a mail server, a file.</summary>
public sealed class NotifierTests : IAsyncLifetime
{
    private const string Secret = "whsec-1-hunter2";
    private readonly List<string> said = [];
    private readonly TemporaryFolder folder = new();
    private StoreFixture store = null!;
    private OutboxQueue outbox = null!;
    private DeliveryQueue deliveries = null!;
    private Notifier notifier = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await StoreFixture.CreateAsync();
        outbox = new(store.Rows, store.Clock);
        deliveries = new(store.Rows, store.Clock, (_, _, _) => Task.CompletedTask);
        notifier = new(outbox, deliveries, new(folder["outside.yaml"]), "test/1", Rng.From(1), store.Clock, note =>
        {
            lock (said)
            {
                said.Add(note);
            }
        });
        File.WriteAllText(folder["hook"], Secret + "\n");
    }

    public async ValueTask DisposeAsync()
    {
        notifier.Dispose();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public void The_signature_is_the_one_that_others_compute()
    {
        // python3: hmac.new(b"whsec-1", b'1700000000.{"a":1}', hashlib.sha256).hexdigest()
        WebhookSignature.Of("whsec-1", 1_700_000_000, "{\"a\":1}"u8).Should().Be("sha256=64d1a1c4ef3fa677754396c88fe7bdb6cbbf0962ac835ebc532be882802daac9");
    }

    [Fact]
    public async Task A_webhook_gets_signed_json_under_the_key_of_the_message()
    {
        await using RawServer server = RawServer.Start(_ => (204, "", ""));
        Webhook(server.Port);
        await EnqueueAsync("run_1/tell/0", new JsonObject { ["title"] = "Señal lista" }, "run:run_1");
        (await notifier.DeliverDueAsync(Ct)).Should().Be(1);
        (await notifier.DeliverDueAsync(Ct)).Should().Be(0);

        RawRequest request = server.Requests.Should().ContainSingle().Subject;
        (request.Method, request.Target, request.Headers["Content-Type"]).Should().Be(("POST", "/in?x=1", "application/json; charset=utf-8"));
        Uri.UnescapeDataString(request.Headers["X-Sigmatiq-Key"]).Should().Be("run_1/tell/0");
        long timestamp = long.Parse(request.Headers["X-Sigmatiq-Timestamp"], System.Globalization.CultureInfo.InvariantCulture);
        timestamp.Should().Be(store.Clock.GetUtcNow().ToUnixTimeSeconds());
        request.Headers["X-Sigmatiq-Signature"].Should().Be(WebhookSignature.Of(Secret, timestamp, Encoding.UTF8.GetBytes(request.Body)));
        JsonNode body = JsonNode.Parse(request.Body)!;
        (body["kind"]!.GetValue<string>(), body["subject"]!.GetValue<string>(), body["message"]!["title"]!.GetValue<string>()).Should().Be(("alert.test", "run:run_1", "Señal lista"));
    }

    [Fact]
    public async Task A_failure_is_tried_again_later_each_time_with_the_same_key_and_bytes()
    {
        int[] answers = [500, 302, 404, 200];
        int asked = 0;
        await using RawServer server = RawServer.Start(_ => (answers[asked++], "Location: http://127.0.0.1:1/\r\n", "no"));
        Webhook(server.Port);
        await EnqueueAsync("k1");
        List<double> waits = [];
        for (int i = 0; i < 3; i++)
        {
            (await notifier.DeliverDueAsync(Ct)).Should().Be(0);
            DeliveryView view = await OneAsync();
            (view.Status, view.LastError).Should().Be(("retrying", $"127.0.0.1 answered {answers[i]}."));
            TimeSpan wait = view.NextAttemptAtUtc - store.Clock.GetUtcNow();
            waits.Add(wait.TotalSeconds);
            store.Clock.Advance(wait - TimeSpan.FromMilliseconds(1));
            (await notifier.DeliverDueAsync(Ct)).Should().Be(0);
            asked.Should().Be(i + 1, "it is not due yet");
            store.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        (await notifier.DeliverDueAsync(Ct)).Should().Be(1);
        waits.Should().SatisfyRespectively(w => w.Should().BeInRange(1.6, 2.4), w => w.Should().BeInRange(3.2, 4.8), w => w.Should().BeInRange(6.4, 9.6));
        server.Requests.Select(r => (r.Headers["X-Sigmatiq-Key"], r.Body)).Distinct().Should().ContainSingle();
        server.Requests.Select(r => r.Headers["X-Sigmatiq-Signature"]).Distinct().Should().HaveCount(4, "each attempt has a time of its own");
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("999999", 3600)]
    [InlineData("Mon, 02 Mar 2026 14:32:00 GMT", 120)]
    [InlineData("0", 1.6)]
    [InlineData("nonsense", 1.6)]
    public async Task A_receiver_that_says_when_is_asked_then_but_within_an_hour(string retryAfter, double atLeastSeconds)
    {
        await using RawServer server = RawServer.Start(_ => (429, $"Retry-After: {retryAfter}\r\n", ""));
        Webhook(server.Port);
        await EnqueueAsync("k1");
        await notifier.DeliverDueAsync(Ct);
        ((await OneAsync()).NextAttemptAtUtc - store.Clock.GetUtcNow()).TotalSeconds.Should().BeInRange(atLeastSeconds, Math.Max(atLeastSeconds, 2.4));
    }

    [Fact]
    public async Task A_message_is_given_up_after_so_many_attempts_and_stays_to_be_seen()
    {
        await using RawServer server = RawServer.Start(_ => (503, "", ""));
        Webhook(server.Port, "give_up: { attempts: 3 }");
        await EnqueueAsync("k1");
        for (int i = 0; i < 5; i++)
        {
            await notifier.DeliverDueAsync(Ct);
            store.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        server.Requests.Should().HaveCount(3);
        (await OneAsync()).Should().Match<DeliveryView>(d => d.Status == "given_up" && d.Attempts == 3 && d.LastError == "127.0.0.1 answered 503.");
        said.Should().Contain(s => s.Contains("given up after 3 attempts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_is_too_old_before_its_turn_is_given_up_unsent()
    {
        await using RawServer server = RawServer.Start(_ => (200, "", ""));
        await EnqueueAsync("old");
        store.Clock.Advance(TimeSpan.FromDays(4));
        await EnqueueAsync("new");
        Webhook(server.Port);
        (await notifier.DeliverDueAsync(Ct)).Should().Be(1);
        server.Requests.Should().ContainSingle().Which.Headers["X-Sigmatiq-Key"].Should().Be("new");
        (await deliveries.ListAsync(all: false, 10, Ct)).Should().ContainSingle().Which.Status.Should().Be("given_up");
    }

    [Fact]
    public async Task Without_settings_messages_wait_in_the_outbox()
    {
        await EnqueueAsync("k1");
        (await notifier.DeliverDueAsync(Ct)).Should().Be(0);
        (await outbox.CountPendingAsync(Ct)).Should().Be(1);
    }

    [Fact]
    public async Task A_dead_channel_holds_up_no_other_and_no_secret_is_written_anywhere()
    {
        using TcpListener dead = new(System.Net.IPAddress.Loopback, 0);
        dead.Start();
        int port = ((System.Net.IPEndPoint)dead.LocalEndpoint).Port;
        dead.Stop();
        File.WriteAllText(folder["address"], $"http://127.0.0.1:{port}/token-hunter2");
        Settings($$"""
            secrets: { hook: { file: hook }, address: { file: address }, none: { file: missing } }
            channels:
              dead: { type: webhook, url_secret: address, secret: hook }
              poor: { type: webhook, url: "http://127.0.0.1:{{port}}/", secret: none }
              log: { type: file, path: notices.jsonl }
            routes: [ { kinds: ["*"], channels: [dead, poor, log] } ]
            """);
        for (int i = 0; i < 5; i++)
        {
            await EnqueueAsync($"k{i}");
        }

        (await notifier.DeliverDueAsync(Ct)).Should().Be(5);
        File.ReadAllLines(folder["notices.jsonl"]).Should().HaveCount(5);
        IReadOnlyList<DeliveryView> open = await deliveries.ListAsync(all: false, 100, Ct);
        open.Count(d => d.LastError is not null).Should().Be(6, "after three failures in a row a channel is left in peace for a while");
        string[] errors = [.. open.Select(d => d.LastError).OfType<string>()];
        errors.Should().Contain(e => e.Contains("ConnectionRefused", StringComparison.Ordinal)).And.Contain(e => e.Contains("'none' cannot be read", StringComparison.Ordinal));
        string.Join("\n", said.Concat(errors)).Should().NotContain("hunter2");
        string.Concat(Directory.GetFiles(store.Data.Root).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f)))).Should().NotContain("hunter2");
    }

    [Fact]
    public async Task A_receiver_that_never_answers_costs_its_timeout_and_no_more()
    {
        await using RawServer server = RawServer.Start((_, _, ct) => Task.Delay(Timeout.InfiniteTimeSpan, ct));
        Webhook(server.Port, timeoutSeconds: 1);
        await EnqueueAsync("k1");
        await notifier.DeliverDueAsync(Ct);
        (await OneAsync()).LastError.Should().Be("no answer within 1 s");
    }

    [Theory]
    [InlineData(true, "delivered")]
    [InlineData(false, "retrying")]
    public async Task A_stop_hears_the_answer_to_what_is_on_its_way_and_frees_what_gets_none(bool isAnswered, string status)
    {
        using CancellationTokenSource stop = new();
        await using RawServer server = RawServer.Start(async (_, stream, ct) =>
        {
            await stop.CancelAsync();
            await Task.Delay(isAnswered ? TimeSpan.FromMilliseconds(100) : Timeout.InfiniteTimeSpan, ct);
            await stream.WriteAsync(RawServer.Answer(204, "", []), ct);
        });
        Webhook(server.Port);
        await EnqueueAsync("k1");
        await EnqueueAsync("k2");
        await FluentActions.Awaiting(() => notifier.DeliverDueAsync(stop.Token)).Should().ThrowAsync<OperationCanceledException>();

        server.Requests.Should().ContainSingle("nothing is begun after a stop");
        DeliveryView first = (await deliveries.ListAsync(all: true, 10, Ct)).Single(d => d.Key == "k1");
        first.Status.Should().Be(status);
        first.LastError.Should().Be(isAnswered ? null : "the program stopped before the answer came");
        (await deliveries.ClaimAsync("ops", "next", Ct))!.Key.Should().Be(isAnswered ? "k2" : "k1", "no claim of a process that is gone holds it up");
    }

    [Fact]
    public async Task A_file_has_each_message_once_also_after_a_crash_in_the_middle_of_a_line()
    {
        Settings("channels: { log: { type: file, path: sub/notices.jsonl } }\nroutes: [ { kinds: ['*'], channels: [log] } ]");
        await EnqueueAsync("k1");
        await EnqueueAsync("k2");
        await outbox.RouteAsync(_ => ["log"], Ct);

        // The first process wrote k1 and died before it could say so, in the middle of k2.
        Delivery first = (await deliveries.ClaimAsync("log", "dead", Ct))!;
        await deliveries.ClaimAsync("log", "dead", Ct);
        Directory.CreateDirectory(folder["sub"]);
        File.WriteAllText(folder["sub/notices.jsonl"], "not ours\n" + MessageText.Json(first) + "\n{\"at\":\"2026-03-0");
        store.Clock.Advance(DeliveryQueue.ClaimTerm);
        (await notifier.DeliverDueAsync(Ct)).Should().Be(2);

        string[] lines = File.ReadAllLines(folder["sub/notices.jsonl"]);
        lines[0].Should().Be("not ours");
        lines[1..].Select(l => JsonNode.Parse(l)!["key"]!.GetValue<string>()).Should().Equal("k1", "k2");
    }

    [Fact]
    public async Task Mail_is_sent_in_utf8_under_a_message_id_that_follows_from_the_key()
    {
        await using MailServer server = MailServer.Start();
        Settings($$"""
            secrets: { hook: { file: hook } }
            channels: { desk: { type: smtp, host: 127.0.0.1, port: {{server.Port}}, tls: none, user: sigmatiq, password: hook, from: sigmatiq@example.org, to: [ana@example.org, luz@example.org] } }
            routes: [ { kinds: ["*"], channels: [desk] } ]
            """);
        await EnqueueAsync("k1", new JsonObject { ["title"] = "Señal\r\nBcc: eve@example.org", ["message"] = "Régimen cambió\n.\nQUIT" });
        (await notifier.DeliverDueAsync(Ct)).Should().Be(1, string.Join("\n", said));
        string mail = server.Mails.Should().ContainSingle().Subject;
        server.Receivers.Should().Equal("ana@example.org", "luz@example.org");
        mail.Should().MatchRegex("(?mi)^Message-ID: <[0-9a-f]{40}@sigmatiq>\r?$").And.NotMatchRegex("(?mi)^Bcc:");
        string head = mail[..mail.IndexOf("\r\n\r\n", StringComparison.Ordinal)], body = mail[(head.Length + 4)..];
        Decoded(head).Should().Contain("Señal");
        Encoding.UTF8.GetString(Convert.FromBase64String(body.ReplaceLineEndings(""))).Should().Contain("Régimen cambió").And.Contain("key: k1");
    }

    [Fact]
    public async Task A_password_is_not_sent_where_the_server_offers_no_encryption()
    {
        await using MailServer server = MailServer.Start();
        Settings($$"""
            secrets: { hook: { file: hook } }
            channels: { desk: { type: smtp, host: 127.0.0.1, port: {{server.Port}}, user: sigmatiq, password: hook, from: a@example.org, to: [b@example.org] } }
            routes: [ { kinds: ["*"], channels: [desk] } ]
            """);
        await EnqueueAsync("k1");
        (await notifier.DeliverDueAsync(Ct)).Should().Be(0);
        server.Mails.Should().BeEmpty();
        server.Lines.Should().NotContain(l => l.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase));
        (await OneAsync()).LastError.Should().Contain("secure");
    }

    private static string Decoded(string head) => System.Text.RegularExpressions.Regex.Replace(
        head, @"=\?utf-8\?B\?([^?]*)\?=", m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Groups[1].Value)), System.Text.RegularExpressions.RegexOptions.IgnoreCase);

    private void Webhook(int port, string further = "", int timeoutSeconds = 10) => Settings($$"""
        secrets: { hook: { file: hook } }
        channels: { ops: { type: webhook, url: "http://127.0.0.1:{{port}}/in?x=1", secret: hook, timeout_seconds: {{timeoutSeconds}} } }
        routes: [ { kinds: ["alert.*"], channels: [ops] } ]
        {{further}}
        """);

    private void Settings(string yaml) => File.WriteAllText(folder["outside.yaml"], yaml);

    private Task EnqueueAsync(string key, JsonNode? payload = null, string? subject = null) => store.Rows.InTransactionAsync(
        tx => outbox.EnqueueAsync(tx, key, "alert.test", payload ?? new JsonObject { ["title"] = key }, Ct, subject), Ct);

    private async Task<DeliveryView> OneAsync() => (await deliveries.ListAsync(all: true, 10, Ct)).Single();
}
