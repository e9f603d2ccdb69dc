using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Leaderboards bear a tag: whoever has the answer is not sent it again, and whatever changes it is seen at once.</summary>
public sealed class AnswerTagTests
{
    private const string Plain = "columns=rank,combo_id,sharpe_ratio&limit=5", WithTicks = "columns=combo_id,selected", WithTrials = "columns=combo_id,deflated_sharpe";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_has_a_leaderboard_is_told_so_until_a_tick_or_a_trial_changes_it()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        string[] queries = [Plain, WithTicks, WithTrials, ""];
        Dictionary<string, (string Tag, string Body)> first = [];
        foreach (string query in queries)
        {
            first[query] = await ReadAsync(swept, query);
            (await ReadAsync(swept, query)).Should().Be(first[query], "the same, the second time from what is kept");
            (await StatusAsync(swept, query, first[query].Tag)).Should().Be(HttpStatusCode.NotModified, query);
            (await StatusAsync(swept, query, "\"other\", W/" + first[query].Tag)).Should().Be(HttpStatusCode.NotModified, "one of several, named weakly");
            (await StatusAsync(swept, query, "\"other\"")).Should().Be(HttpStatusCode.OK, query);
        }

        first.Values.Select(f => f.Tag).Should().OnlyHaveUniqueItems();
        int ticked = JsonNode.Parse(first[Plain].Body)!["columns"]!["combo_id"]![4]!.GetValue<int>();
        (await swept.Browser.PatchAsJsonAsync($"/api/sweeps/{swept.Sweep.SweepId}/results/{ticked}", new { selection_checkbox = true }, Ct)).EnsureSuccessStatusCode();
        JsonNode after = JsonNode.Parse((await ReadAsync(swept, WithTicks, first[WithTicks].Tag)).Body)!;
        after["columns"]!["selected"]!.AsArray().Count(s => s!.GetValue<bool>()).Should().Be(1, "a tick is seen at once");
        (await StatusAsync(swept, WithTrials, first[WithTrials].Tag)).Should().Be(HttpStatusCode.NotModified, "ticks are not in it");

        SweepRequest more = SweepRequest.Parse(JsonNode.Parse("""
            { "model_id": "syn", "sweep_type": "custom", "date_range": {"start": "2019-01-02", "end": "2021-12-31"}, "confidence": "rule", "holdout": 0.2,
              "parameters": { "thresholds": [0.5], "position_size_pct": [1], "stop_loss_pct": [1, 2] } }
            """)).Value;
        SweepWork work = await swept.Room.Platform.SweepWorks.PrepareAsync(more, "operator", Plan.Unlimited, snapshot: null, lastSession: null, Ct);
        await swept.Room.Platform.Sweeps.RunAsync(work, "operator", force: false, threads: 1, progress: null, Ct);
        JsonNode was = JsonNode.Parse(first[WithTrials].Body)!, now = JsonNode.Parse((await ReadAsync(swept, WithTrials, first[WithTrials].Tag)).Body)!;
        now["about"]!["trials"]!["raw"]!.GetValue<int>().Should().Be(was["about"]!["trials"]!["raw"]!.GetValue<int>() + 2);
        now["columns"]!["deflated_sharpe"]!.ToJsonString().Should().NotBe(was["columns"]!["deflated_sharpe"]!.ToJsonString(), "each trial on the idea lowers it");
        (await StatusAsync(swept, Plain, first[Plain].Tag)).Should().Be(HttpStatusCode.NotModified, "what depends on neither stays");
    }

    [Fact]
    public async Task A_tag_is_that_of_one_representation_and_a_wrong_name_is_refused_whatever_the_caller_has()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        string json = (await ReadAsync(swept, Plain)).Tag;
        foreach (string type in (string[])[ColumnsAnswer.Csv, ColumnsAnswer.Parquet])
        {
            using HttpResponseMessage file = await SendAsync(swept, Plain, json, type);
            (file.StatusCode, file.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.OK, type));
            using HttpResponseMessage again = await SendAsync(swept, Plain, file.Headers.ETag!.ToString(), type);
            again.StatusCode.Should().Be(HttpStatusCode.NotModified);
        }

        JsonArray audit = (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/audit?limit=100", Ct))!;
        audit.Count(e => e!["action"]!.GetValue<string>() == "sweep.export").Should().Be(2, "whoever is sent nothing takes nothing with them");
        (await StatusAsync(swept, Plain, "*")).Should().Be(HttpStatusCode.NotModified);
        (await StatusAsync(swept, "columns=wibble", "*")).Should().Be(HttpStatusCode.UnprocessableEntity);
        using HttpResponseMessage kept = await SendAsync(swept, Plain, json, "application/json");
        (kept.Headers.CacheControl!.ToString(), (await kept.Content.ReadAsByteArrayAsync(Ct)).Length).Should().Be(("no-cache, private", 0));
        using HttpClient stranger = swept.Room.Running.Stranger();
        using HttpRequestMessage asked = new(HttpMethod.Get, $"/api/sweeps/{swept.Sweep.SweepId}/leaderboard?{Plain}");
        asked.Headers.TryAddWithoutValidation("If-None-Match", json);
        using HttpResponseMessage refused = await stranger.SendAsync(asked, Ct);
        refused.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "a tag is no key");
    }

    private static async Task<(string Tag, string Body)> ReadAsync(SweptRoom swept, string query, string? known = null)
    {
        using HttpResponseMessage answer = await SendAsync(swept, query, known, "application/json");
        answer.StatusCode.Should().Be(HttpStatusCode.OK, query);
        return (answer.Headers.ETag!.ToString(), await answer.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<HttpStatusCode> StatusAsync(SweptRoom swept, string query, string known)
    {
        using HttpResponseMessage answer = await SendAsync(swept, query, known, "application/json");
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(SweptRoom swept, string query, string? known, string type)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/sweeps/{swept.Sweep.SweepId}/leaderboard?{query}");
        request.Headers.Accept.Add(new(type));
        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known).Should().BeTrue();
        }

        return await swept.Browser.SendAsync(request, Ct);
    }
}
