using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Api;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Schedules over HTTP: what fires, what became of it, and why something does not.</summary>
public sealed class SchedulesApiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_calendar_has_what_fires_what_became_of_it_and_the_days_without_trading()
    {
        // January 2026 in Bogotá (UTC-5): Epiphany is kept on Monday the 12th.
        await using Room room = await Room.StartAsync(Ct, ("daily", "{ zone: America/Bogota, calendar: COLOMBIA, cron: 0 9 * * 1-5 }"), ("moves", "{ zone: UTC, calendar: NYSE, cron: 0 12 19 1 *, holiday: following }"));
        DateTimeOffset At(int day, int hour) => new(2026, 1, day, hour, 0, 0, TimeSpan.Zero);
        await room.SettleAsync("daily", At(13, 14), "skipped", "missed: no engine was there, or its file was held", Ct);
        await room.SettleAsync("daily", At(14, 14), "refused", "WFL-1013: wrong", Ct);
        JsonNode calendar = (await room.Browser.GetFromJsonAsync<JsonNode>("/api/schedules/calendar?from=2026-01-12&to=2026-01-20", Ct))!;
        string[] fires = [.. calendar["fires"]!.AsArray().Select(f => $"{f!["workflow"]} {f["fire_utc"]!.GetValue<string>()[..13]} {f["state"]} {f["reason"] ?? f["moved_from"]}".Trim())];
        fires.Should().Equal(
            "daily 2026-01-12T14 closed no trading on 2026-01-12", "daily 2026-01-13T14 skipped missed: no engine was there, or its file was held", "daily 2026-01-14T14 refused WFL-1013: wrong",
            "daily 2026-01-15T14 undecided", "daily 2026-01-16T14 undecided", "daily 2026-01-19T14 undecided", "daily 2026-01-20T14 undecided", "moves 2026-01-20T12 undecided 2026-01-19");
        calendar["closed_days"]!.AsArray().Select(d => $"{d!["calendar"]} {d["date"]} {d["name"]}").Should().Equal("COLOMBIA 2026-01-12 Epiphany", "NYSE 2026-01-19 Martin Luther King Jr. Day");
        using HttpResponseMessage tooLong = await room.Browser.GetAsync("/api/schedules/calendar?from=2026-01-01&to=2026-06-30", Ct);
        (tooLong.StatusCode, (await tooLong.Content.ReadFromJsonAsync<JsonNode>(Ct))!["code"]!.GetValue<string>()).Should().Be((HttpStatusCode.UnprocessableEntity, "WFL-1023"));

        // From now on: three a day to come, held once somebody pauses it.
        JsonNode coming = (await room.Browser.GetFromJsonAsync<JsonNode>("/api/schedules/calendar", Ct))!;
        coming["fires"]!.AsArray().Where(f => f!["fire_utc"]!.GetValue<DateTimeOffset>() > coming["now_utc"]!.GetValue<DateTimeOffset>()).Should().NotBeEmpty()
            .And.OnlyContain(f => f!["state"]!.GetValue<string>() == "coming" || f["state"]!.GetValue<string>() == "closed");
        (await room.Browser.PostAsJsonAsync("/api/workflows/daily/pause", new { reason = "the feed moves" }, Ct)).EnsureSuccessStatusCode();
        coming = (await room.Browser.GetFromJsonAsync<JsonNode>("/api/schedules/calendar", Ct))!;
        coming["fires"]!.AsArray().Should().Contain(f => f!["state"]!.GetValue<string>() == "held" && f["reason"]!.GetValue<string>() == "the feed moves");
    }

    [Fact]
    public async Task A_schedule_says_its_next_three_fires_who_paused_it_and_which_rule_keeps_it_from_ever_firing()
    {
        await using Room room = await Room.StartAsync(Ct, ("daily", "{ zone: UTC, cron: 0 9 * * * }"), ("never", "{ zone: UTC, cron: 0 9 30 2 * }"), ("closed", "{ zone: UTC, calendar: NYSE, cron: 0 9 * * 6 }"), ("byhand", ""));
        JsonArray list = (await room.Browser.GetFromJsonAsync<JsonArray>("/api/schedules", Ct))!;
        list.Select(s => s!["workflow"]!.GetValue<string>()).Should().BeEquivalentTo(["daily", "never", "closed"]);
        JsonNode daily = list.Single(s => s!["workflow"]!.GetValue<string>() == "daily")!;
        daily["next_fires"]!.AsArray().Select(f => f!.GetValue<string>()[10..]).Should().Equal("T09:00:00Z", "T09:00:00Z", "T09:00:00Z");
        (daily["can_pause"]!.GetValue<bool>(), daily["catch_up"]!.GetValue<string>(), daily["paused"]).Should().Be((true, "skip", null));
        JsonNode never = list.Single(s => s!["workflow"]!.GetValue<string>() == "never")!;
        (never["problems"]![0]!["code"]!.GetValue<string>(), never["can_pause"]!.GetValue<bool>()).Should().Be(("WFL-1021", false));
        never["problems"]![0]!["message"]!.GetValue<string>().Should().Contain("0 9 30 2 *").And.Contain("no such day exists");
        list.Single(s => s!["workflow"]!.GetValue<string>() == "closed")!["problems"]![0]!["message"]!.GetValue<string>().Should().Contain("NYSE");

        (await room.Browser.PostAsJsonAsync("/api/workflows/daily/pause", new { reason = "the feed moves" }, Ct)).EnsureSuccessStatusCode();
        daily = (await room.Browser.GetFromJsonAsync<JsonArray>("/api/schedules", Ct))!.Single(s => s!["workflow"]!.GetValue<string>() == "daily")!;
        (daily["paused"]!.GetValue<string>(), daily["paused_by"]!.GetValue<string>(), daily["next_fires"]!.AsArray().Count).Should().Be(("the feed moves", "operator", 3));
    }

    [Fact]
    public async Task A_backfill_is_previewed_with_what_is_left_out_and_why_and_followed_fire_by_fire()
    {
        await using Room room = await Room.StartAsync(Ct, ("daily", "{ zone: UTC, calendar: NYSE, cron: 0 21 * * 1-5 }"));
        async Task<JsonNode> PostAsync(string verb, object body)
        {
            using HttpResponseMessage answer = await room.Browser.PostAsJsonAsync($"/api/workflows/daily/{verb}", body, Ct);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
        }

        JsonNode preview = await PostAsync("backfill/preview", new { from = "2026-01-14", to = "2026-01-20" });
        preview["fires"]!.AsArray().Select(f => f!.GetValue<string>()[..10]).Should().Equal("2026-01-14", "2026-01-15", "2026-01-16", "2026-01-20");
        preview["excluded"]!.AsArray().Select(f => $"{f!["fire_utc"]!.GetValue<string>()[..10]} {f["reason"]}").Should().Equal("2026-01-19 no trading on 2026-01-19");
        (preview["steps"]!.GetValue<int>(), preview["seconds_each"], preview["already"]!.AsArray().Count).Should().Be((1, null, 0));
        string token = preview["token"]!.GetValue<string>();
        await PostAsync("backfill", new { from = "2026-01-14", to = "2026-01-20", token, reason = "the feed was away" });

        JsonNode shown = (await room.Browser.GetFromJsonAsync<JsonNode>($"/api/workflows/daily/backfills/{token}", Ct))!;
        shown["fires"]!.AsArray().Select(f => f!["status"]!.GetValue<string>()).Should().Equal("pending", "pending", "pending", "pending");
        (shown["backfill"]!["reason"]!.GetValue<string>(), shown["backfill"]!["state"]!.GetValue<string>()).Should().Be(("the feed was away", "active"));
        await room.Platform.Backfill.AdvanceAsync(Ct);
        shown = (await room.Browser.GetFromJsonAsync<JsonNode>($"/api/workflows/daily/backfills/{token}", Ct))!;
        string run = shown["fires"]![0]!["run"]!.GetValue<string>();
        JsonNode calendar = (await room.Browser.GetFromJsonAsync<JsonNode>("/api/schedules/calendar?from=2026-01-14&to=2026-01-14", Ct))!;
        (calendar["fires"]![0]!["state"]!.GetValue<string>(), calendar["fires"]![0]!["run"]!.GetValue<string>()).Should().Be(("made_up", run));

        // What is under way is left out of the next one, with its run.
        preview = await PostAsync("backfill/preview", new { from = "2026-01-13", to = "2026-01-14" });
        (preview["count"]!.GetValue<int>(), preview["already"]![0]!["run"]!.GetValue<string>()).Should().Be((1, run));
        using HttpResponseMessage none = await room.Browser.GetAsync("/api/workflows/daily/backfills/bf_none", Ct);
        (await none.Content.ReadFromJsonAsync<JsonNode>(Ct))!["code"]!.GetValue<string>().Should().Be("WFL-1026");
    }

    private sealed class Room : IAsyncDisposable
    {
        private readonly TemporaryFolder files = new();

        public Platform Platform { get; private set; } = null!;

        public HttpClient Browser { get; private set; } = null!;

        private RunningServer Running { get; set; } = null!;

        public static async Task<Room> StartAsync(CancellationToken ct, params (string Id, string Schedule)[] workflows)
        {
            Room room = new();
            foreach ((string id, string schedule) in workflows)
            {
                await File.WriteAllTextAsync(room.files[$"{id}.1.0.0.yaml"],
                    $"workflow: {id}\nversion: 1.0.0\nsummary: A test\nschedule: {schedule}\nsteps: {{ before: {{ uses: workflows.upstream, with: {{ workflow: other, since: today }} }} }}\n", ct);
            }

            room.Running = await RunningServer.StartAsync(ct, running =>
            {
                room.Platform = Platform.Open(running.Data, running.Rows, IdSource.FromSeed(TimeProvider.System, 5), TimeProvider.System, NullLoggerFactory.Instance);
                return routes =>
                {
                    new SchedulesApi(room.Platform, new(room.files.Path, room.Platform.Engine.Kinds)).Map(routes);
                    new WorkflowsApi(room.Platform, new(room.files.Path, room.Platform.Engine.Kinds)).Map(routes);
                };
            });
            room.Browser = await room.Running.SignedInAsync(ct);
            return room;
        }

        public Task SettleAsync(string workflow, DateTimeOffset at, string outcome, string reason, CancellationToken ct) => Running.Rows.ExecuteAsync(
            "insert into schedule_fires (workflow_id, schedule, fire_utc, outcome, reason, decided_at_utc) values (@workflow, 'schedule', @at, @outcome, @reason, @at)",
            new { workflow, at, outcome, reason }, ct);

        public async ValueTask DisposeAsync()
        {
            Browser.Dispose();
            Platform.Notifier.Dispose();
            await Running.DisposeAsync();
            files.Dispose();
        }
    }
}
