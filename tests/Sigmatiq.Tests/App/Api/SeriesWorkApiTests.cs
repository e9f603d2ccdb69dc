using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Market.Bars;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Series brought up to date and let go over HTTP, as by command: with a reason, by who keeps the platform going.</summary>
public sealed class SeriesWorkApiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_series_is_brought_up_to_the_last_completed_session_once_and_recorded_with_its_reason()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct), researcher = await room.Running.SignedInAsync(new Person("rosa", "Rosa", "researcher", "free"), Ct);
        object asked = new { symbols = new[] { "UTIL.SYN" }, interval = "1d", reason = "the desk starts" };
        (await PostAsync(researcher, "align", asked)).Code.Should().Be("USR-1010", "bars are everybody's");
        (await PostAsync(browser, "align", new { symbols = new[] { "UTIL.SYN" } })).Code.Should().Be("WFL-2205", "a change has a reason");
        (await PostAsync(browser, "align", new { symbols = "UTIL.SYN", reason = "x" })).Code.Should().Be("APP-2011", "one word is not every series");
        (await PostAsync(browser, "align", new { symbols = new[] { "NOBODY" }, reason = "x" })).Code.Should().Be("MKT-4001");

        JsonNode made = (await PostAsync(browser, "align", asked)).Body.AsArray().Single()!;
        (made["symbol"]!.GetValue<string>(), made["interval"]!.GetValue<string>(), made["stale"]!.GetValue<bool>(), made["synthetic"]!.GetValue<bool>()).Should().Be(("UTIL.SYN", "1d", false, true));
        made["added_bars"]!.GetValue<int>().Should().BeGreaterThan(2_000).And.Be((int)made["bars"]!.GetValue<long>());

        JsonNode again = (await PostAsync(browser, "align", new { reason = "once more" })).Body.AsArray().Single()!;
        (again["added_bars"]!.GetValue<int>(), again["id"]!.GetValue<string>()).Should().Be((0, made["id"]!.GetValue<string>()));
        JsonNode record = (await browser.GetFromJsonAsync<JsonArray>("/api/audit", Ct))!.Should().ContainSingle("what changed nothing is not recorded").Which!;
        (record["action"]!.GetValue<string>(), record["reason"]!.GetValue<string>(), record["payload"]!["series"]![0]!["symbol"]!.GetValue<string>()).Should().Be(("data.aligned", "the desk starts", "UTIL.SYN"));
    }

    [Fact]
    public async Task Exactly_the_bars_that_were_shown_go_or_none()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2023, 12, 1), new(2024, 2, 1), Rng.From(1));
        BarSnapshot first = (await room.Platform.Bars.PutAsync([new(bars.Slice(0, 60), BarOrigin.Import, null)], Ct))[0];
        BarSnapshot second = (await room.Platform.Bars.PutAsync([new(bars.Slice(0, 100), BarOrigin.Import, first)], Ct))[0];
        JsonNode shown = (await browser.GetFromJsonAsync<JsonNode>("/api/data/prune", Ct))!;
        (shown["kept"]!.GetValue<int>(), shown["snapshots"]!.AsArray().Single()!.GetValue<string>()).Should().Be((1, first.Id.Hex));

        // Meanwhile another snapshot is superseded, so more would go than was agreed to.
        await room.Platform.Bars.PutAsync([new(bars.Slice(0, 120), BarOrigin.Import, second)], Ct);
        (HttpStatusCode status, string? code, _) = await PostAsync(browser, "prune", new { token = shown["token"]!.GetValue<string>(), reason = "room" });
        (status, code).Should().Be((HttpStatusCode.Conflict, "MKT-4006"));
        room.Platform.Bars.Read(first.Id, Ct).Count.Should().Be(60, "nothing has gone");
        (await PostAsync(browser, "prune", new { reason = "room" })).Code.Should().Be("MKT-4006");

        JsonNode anew = (await browser.GetFromJsonAsync<JsonNode>("/api/data/prune", Ct))!;
        (await PostAsync(browser, "prune", new { token = anew["token"]!.GetValue<string>() })).Code.Should().Be("WFL-2205");
        JsonNode gone = (await PostAsync(browser, "prune", new { token = anew["token"]!.GetValue<string>(), reason = "room" })).Body;
        gone["snapshots"]!.AsArray().Select(s => s!.GetValue<string>()).Should().BeEquivalentTo(first.Id.Hex, second.Id.Hex);
        (gone["kept"]!.GetValue<int>(), gone["files"]!.GetValue<int>()).Should().Be((1, anew["files"]!.GetValue<int>()));
        JsonNode record = (await browser.GetFromJsonAsync<JsonArray>("/api/audit", Ct))!.Single()!;
        (record["action"]!.GetValue<string>(), record["reason"]!.GetValue<string>()).Should().Be(("data.pruned", "room"));
    }

    private static async Task<(HttpStatusCode Status, string? Code, JsonNode Body)> PostAsync(HttpClient browser, string what, object body)
    {
        using HttpResponseMessage answer = await browser.PostAsJsonAsync($"/api/data/{what}", body, Ct);
        JsonNode content = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
        return (answer.StatusCode, (content as JsonObject)?["code"]?.GetValue<string>(), content);
    }
}
