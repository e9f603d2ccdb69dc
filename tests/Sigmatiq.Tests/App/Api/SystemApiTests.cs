using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Api;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Api;

/// <summary>The store and what works on it, over HTTP.</summary>
public sealed class SystemApiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_record_of_decisions_is_read_a_page_at_a_time_and_verified()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        foreach (string reason in new[] { "one", "two", "three", "four", "five" })
        {
            bool pause = reason is "one" or "three" or "five";
            (await browser.PostAsJsonAsync($"/api/workflows/core_l0_02_ohlcv_realtime/{(pause ? "pause" : "unpause")}", new { reason }, Ct)).EnsureSuccessStatusCode();
        }

        List<JsonNode?> seen = [];
        string? cursor = null;
        do
        {
            using HttpResponseMessage page = await browser.GetAsync($"/api/audit?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}", Ct);
            seen.AddRange((await page.Content.ReadFromJsonAsync<JsonArray>(Ct))!);
            cursor = page.Headers.TryGetValues(PageCursor.Header, out IEnumerable<string>? said) ? said.Single() : null;
        }
        while (cursor is not null);
        seen.Select(r => r!["seq"]!.GetValue<long>()).Should().Equal(1, 2, 3, 4, 5);
        seen.Select(r => r!["reason"]!.GetValue<string>()).Should().Equal("one", "two", "three", "four", "five");
        seen.Should().OnlyContain(r => r!["actor"]!.GetValue<string>() == "operator");
        seen[1]!["prev_hash"]!.GetValue<string>().Should().Be(seen[0]!["hash"]!.GetValue<string>());
        string subject = seen[0]!["subject"]!.GetValue<string>();
        (await browser.GetFromJsonAsync<JsonArray>($"/api/audit?subject={Uri.EscapeDataString(subject)}", Ct))!.Should().HaveCount(5);

        JsonNode verdict = (await browser.GetFromJsonAsync<JsonNode>("/api/audit/verify", Ct))!;
        (verdict["intact"]!.GetValue<bool>(), verdict["records"]!.GetValue<long>(), verdict["head_hash"]!.GetValue<string>()).Should().Be((true, 5, (await AuditChain.HeadAsync(room.Running.Rows, Ct)).Hash));
        foreach (string trigger in await room.Running.Rows.QueryAsync<string>("select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'", null, Ct))
        {
            await room.Running.Rows.ExecuteAsync($"drop trigger {trigger}", null, Ct);
        }

        await room.Running.Rows.ExecuteAsync("update audit set reason = 'never' where seq = 3", null, Ct);
        JsonNode broken = (await browser.GetFromJsonAsync<JsonNode>("/api/audit/verify", Ct))!;
        broken["intact"]!.GetValue<bool>().Should().BeFalse();
        broken["first_break"]!["where"]!.GetValue<string>().Should().Contain("3");
    }

    [Fact]
    public async Task The_system_says_its_version_its_store_and_what_is_under_way()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        (await browser.PostAsJsonAsync("/api/workflows/lifecycle/trigger", new { parameters = new { ticker = "MKT.SYN" } }, Ct)).EnsureSuccessStatusCode();
        JsonNode system = (await browser.GetFromJsonAsync<JsonNode>("/api/system", Ct))!;
        system["engine"]!.GetValue<string>().Should().Be("sqlite");
        system["version"]!.GetValue<string>().Should().MatchRegex(@"^\d+\.\d+\.\d+");
        system["runs"]!["queued"]!.GetValue<long>().Should().Be(1);
        (await browser.GetFromJsonAsync<JsonArray>("/api/nodes", Ct)).Should().BeEmpty("a local store has one process");
    }

    [Fact]
    public async Task Messages_on_their_way_are_listed_as_the_command_lists_them()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        await room.Running.Rows.ExecuteAsync(
            "insert into outbox (key, kind, subject, payload, enqueued_at_utc, next_attempt_at_utc) values ('k1', 'alert.schedule', 'workflow:x', '{}', @now, @now)",
            new { now = new DateTimeOffset(2026, 1, 16, 14, 43, 0, TimeSpan.Zero) }, Ct);
        JsonNode message = (await browser.GetFromJsonAsync<JsonArray>("/api/outbox", Ct))!.Single()!;
        (message["id"]!.GetValue<string>(), message["status"]!.GetValue<string>(), message["kind"]!.GetValue<string>()).Should().Be(("k1", "waiting", "alert.schedule"));
        (await browser.GetFromJsonAsync<JsonArray>("/api/outbox?all=true", Ct)).Should().HaveCount(1);
    }

    [Fact]
    public async Task The_record_is_read_newest_first_by_who_did_what_to_what_and_a_percent_sign_is_a_percent_sign()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        foreach ((string actor, string action, string subject) in new[] { ("ana", "approval.approve", "approval:apr_1"), ("ben", "user.added", "user:50%_x"), ("ana", "user.disabled", "user:50ab"), ("ana", "approval.reject", "approval:apr_2") })
        {
            await room.Running.Rows.InTransactionAsync(tx => new AuditChain(room.Running.Clock).AppendAsync(tx, new(actor, action, subject, "why", null), Ct), Ct);
        }

        async Task<long[]> AskAsync(string query) =>
            [.. (await browser.GetFromJsonAsync<JsonArray>($"/api/audit?order=newest&{query}", Ct))!.Select(r => r!["seq"]!.GetValue<long>())];
        (await AskAsync("limit=2")).Should().Equal(4, 3);
        (await AskAsync("limit=2&before=3")).Should().Equal(2, 1);
        (await AskAsync("actor=ana")).Should().Equal(4, 3, 1);
        (await AskAsync("action=approval")).Should().Equal(4, 1);
        (await AskAsync("actor=ana&action=user")).Should().Equal(3);
        (await AskAsync("about=apr_")).Should().Equal(4, 1);
        (await AskAsync("about=" + Uri.EscapeDataString("50%_"))).Should().Equal(2);
        (await AskAsync("about=nobody")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_backup_is_made_once_at_a_time_in_the_folder_of_the_server_recorded_and_still_known_when_it_was_moved_away()
    {
        using TemporaryFolder folder = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, backups: folder.Path);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode before = (await browser.GetFromJsonAsync<JsonNode>("/api/backups", Ct))!;
        (before["can_make"]!.GetValue<bool>(), before["backups"]!.AsArray().Count).Should().Be((true, 0));
        (await CodeAsync(browser, "backups", new { })).Should().Be("WFL-2205");
        using HttpResponseMessage asked = await browser.PostAsJsonAsync("/api/backups", new { reason = "before the update", with_bars = false }, Ct);
        asked.StatusCode.Should().Be(System.Net.HttpStatusCode.Accepted);
        JsonNode? made = null;
        for (int i = 0; i < 300 && made?["state"]?.GetValue<string>() != "ready"; i++)
        {
            await Task.Delay(50, Ct);
            made = (await browser.GetFromJsonAsync<JsonNode>("/api/backups", Ct))!["backups"]![0];
        }

        (made!["state"]!.GetValue<string>(), made["by"]!.GetValue<string>(), made["reason"]!.GetValue<string>(), made["with_bars"]!.GetValue<bool>()).Should().Be(("ready", "operator", "before the update", false), made.ToJsonString());
        string file = Directory.GetFiles(folder.Path).Should().ContainSingle().Subject;
        (Path.GetFileName(file), new FileInfo(file).Length).Should().Be((made["name"]!.GetValue<string>(), made["packed_bytes"]!.GetValue<long>()));
        (await browser.GetFromJsonAsync<JsonArray>("/api/audit?subject=store:backups", Ct))!.Single()!["payload"]!["id"]!.GetValue<string>().Should().Be(made["id"]!.GetValue<string>());
        File.Delete(file);
        (await browser.GetFromJsonAsync<JsonNode>("/api/backups", Ct))!["backups"]![0]!["state"]!.GetValue<string>().Should().Be("gone");
    }

    [Fact]
    public async Task A_backup_into_a_folder_inside_the_data_directory_fails_and_says_why_and_without_a_folder_there_is_none()
    {
        await using ServedRoom none = await ServedRoom.StartAsync(Ct);
        using HttpClient nobody = await none.Running.SignedInAsync(Ct);
        (await CodeAsync(nobody, "backups", new { reason = "why" })).Should().Be("APP-2041");
        (await nobody.GetFromJsonAsync<JsonNode>("/api/backups", Ct))!["why_not"]!.GetValue<string>().Should().Contain("SIGMATIQ_BACKUPS");

        // What the writer refuses is told, and nothing holds up the next.
        BackupFolder inside = new(Platform.Open(
            none.Running.Data, none.Running.Rows, IdSource.FromSeed(TimeProvider.System, 6), TimeProvider.System, NullLoggerFactory.Instance, backups: none.Running.Data.Folder("inside")));
        for (int round = 0; round < 2; round++)
        {
            inside.Begin("operator", "why", withBars: false, acceptDamage: false, Ct).State.Should().Be("making");
            BackupListed last = (await inside.ShowAsync(Ct)).Backups[0];
            for (int i = 0; i < 300 && last.State == "making"; i++)
            {
                await Task.Delay(20, Ct);
                last = (await inside.ShowAsync(Ct)).Backups[0];
            }

            (last.State, last.Problem?.Code).Should().Be(("failed", "STO-6003"));
        }
    }

    [Fact]
    public async Task Two_backups_are_never_made_at_once()
    {
        using TemporaryFolder folder = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        BackupFolder backups = new(Platform.Open(room.Running.Data, room.Running.Rows, IdSource.FromSeed(TimeProvider.System, 6), TimeProvider.System, NullLoggerFactory.Instance, backups: folder.Path));

        // The first may be done before the second is asked for; not twenty times in a row.
        string? code = null;
        for (int round = 0; round < 20 && code is null; round++)
        {
            backups.Begin("operator", "why", withBars: false, acceptDamage: false, Ct);
            try
            {
                backups.Begin("operator", "why too", withBars: false, acceptDamage: false, Ct);
            }
            catch (ProblemException e)
            {
                code = e.Problem.Code;
            }

            while ((await backups.ShowAsync(Ct)).Backups.Any(b => b.State == "making"))
            {
                await Task.Delay(20, Ct);
            }
        }

        code.Should().Be("APP-2042");
    }

    [Fact]
    public async Task The_room_that_a_store_takes_is_said_by_folder_and_a_node_or_message_that_is_not_there_is_refused()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        await File.WriteAllBytesAsync(room.Running.Data.File("sweeps", "s1", "a.bin"), new byte[1234], Ct);
        JsonNode store = (await browser.GetFromJsonAsync<JsonNode>("/api/system/store", Ct))!;
        JsonNode sweeps = store["folders"]!.AsArray().Single(f => f!["name"]!.GetValue<string>() == "sweeps")!;
        (sweeps["files"]!.GetValue<long>(), sweeps["bytes"]!.GetValue<long>()).Should().Be((1, 1234));
        store["free_bytes"]!.GetValue<long>().Should().BePositive();
        (await CodeAsync(browser, "nodes/a/drain", new { reason = "why" })).Should().Be("CLU-1003");
        (await CodeAsync(browser, "nodes/a/drain", new { })).Should().Be("WFL-2205");
        (await CodeAsync(browser, "outbox/retry", new { reason = "why", id = "none" })).Should().Be("OUT-1012");
        (await browser.GetFromJsonAsync<JsonArray>("/api/audit", Ct))!.Should().BeEmpty("what was refused is no decision");
    }

    [Fact]
    public async Task A_message_that_was_given_up_is_sent_again_and_the_decision_recorded()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        DateTimeOffset then = new(2026, 1, 16, 14, 43, 0, TimeSpan.Zero);
        await room.Running.Rows.ExecuteAsync(
            """
            insert into deliveries (key, channel, kind, subject, payload, enqueued_at_utc, since_utc, attempts, fence, next_attempt_at_utc, last_error, given_up_at_utc)
            values ('k1', 'desk', 'alert.schedule', 'workflow:x', '{}', @then, @then, 5, 5, @then, 'refused', @then)
            """, new { then }, Ct);
        (await browser.GetFromJsonAsync<JsonArray>("/api/outbox", Ct))!.Single()!["status"]!.GetValue<string>().Should().Be("given_up");
        using HttpResponseMessage again = await browser.PostAsJsonAsync("/api/outbox/retry", new { reason = "the desk is back" }, Ct);
        (await again.Content.ReadFromJsonAsync<JsonNode>(Ct))!["opened"]!.GetValue<int>().Should().Be(1);
        (await browser.GetFromJsonAsync<JsonArray>("/api/outbox", Ct))!.Single()!["status"]!.GetValue<string>().Should().NotBe("given_up");
        JsonNode record = (await browser.GetFromJsonAsync<JsonArray>("/api/audit", Ct))!.Single()!;
        (record["action"]!.GetValue<string>(), record["subject"]!.GetValue<string>(), record["reason"]!.GetValue<string>()).Should().Be(("outbox.retried", "outbox", "the desk is back"));
    }

    private static async Task<string> CodeAsync(HttpClient browser, string path, object body)
    {
        using HttpResponseMessage answer = await browser.PostAsJsonAsync($"/api/{path}", body, Ct);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!["code"]!.GetValue<string>();
    }
}
