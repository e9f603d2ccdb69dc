using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.Store.Audit;

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
}
