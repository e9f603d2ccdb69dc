using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.Tests.App.Pages;
using Sigmatiq.Tests.Trading;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Lists of models, trainings and requests for votes a page at a time: the pages put together are the list, in any size of page.</summary>
public sealed class PagedListsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_come_a_page_at_a_time_and_retired_ones_only_where_asked_for()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        for (int i = 0; i < 4; i++)
        {
            using HttpResponseMessage made = await swept.Browser.PostAsJsonAsync("/api/models", new
            {
                model_id = $"m{i}", pack_id = "swingsigma", user_id = "operator", name = $"Model {i}", instrument = "stocks", ticker = "MKT.SYN", strategy_id = "momentum_swing",
                selected_indicators = new[] { "rsi" }, selected_features = new[] { "trend_strength" },
            }, Ct);
            made.IsSuccessStatusCode.Should().BeTrue(await made.Content.ReadAsStringAsync(Ct));
        }

        using HttpRequestMessage retire = new(HttpMethod.Delete, "/api/models/m1") { Content = JsonContent.Create(new { reason = "superseded by another" }) };
        using HttpResponseMessage retired = await swept.Browser.SendAsync(retire, Ct);
        retired.IsSuccessStatusCode.Should().BeTrue(await retired.Content.ReadAsStringAsync(Ct));
        string[] all = await PagesAsync(swept.Browser, "/api/models?retired=with", 1_000), inUse = await PagesAsync(swept.Browser, "/api/models?", 1_000);
        all.Should().BeEquivalentTo("syn", "m0", "m1", "m2", "m3");
        inUse.Should().Equal(all.Except(["m1"]));
        (await PagesAsync(swept.Browser, "/api/models?retired=without", 1_000)).Should().Equal(inUse);
        for (int limit = 1; limit <= 5; limit++)
        {
            (await PagesAsync(swept.Browser, "/api/models?retired=with", limit)).Should().Equal(all, $"{limit} at a time");
            (await PagesAsync(swept.Browser, "/api/models?", limit)).Should().Equal(inUse, $"{limit} at a time");
        }

        using HttpResponseMessage wrong = await swept.Browser.GetAsync("/api/models?retired=yes", Ct);
        (await wrong.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-2022");
    }

    [Fact]
    public async Task Trainings_come_a_page_at_a_time_newest_first()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        using HttpResponseMessage asked = await swept.Browser.PostAsJsonAsync("/api/training", new
        {
            model_id = "syn", sweep_id = swept.Sweep.SweepId, evidence_only = true, selected_configs = new[] { 1, 2, 3, 4 }.Select(c => new { combo_id = c }),
        }, Ct);
        asked.IsSuccessStatusCode.Should().BeTrue(await asked.Content.ReadAsStringAsync(Ct));
        string[] all = await PagesAsync(swept.Browser, "/api/training?model=syn", 1_000);
        all.Should().Equal("train_004", "train_003", "train_002", "train_001");
        for (int limit = 1; limit <= 3; limit++)
        {
            (await PagesAsync(swept.Browser, "/api/training?", limit)).Should().Equal(all, $"{limit} at a time");
        }

        (await PagesAsync(swept.Browser, "/api/training?model=other", 2)).Should().BeEmpty();
    }

    [Fact]
    public async Task Requests_for_votes_come_a_page_at_a_time_newest_first()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        List<string> asked = [];
        for (int i = 0; i < 5; i++)
        {
            string id = $"apr_{i}";
            await room.Platform.Approvals.AskAsync(Some.Approval(TimeProvider.System.GetUtcNow(), []) with { Id = id, RunId = $"run_{i}" }, Ct);
            asked.Insert(0, id);
        }

        for (int limit = 1; limit <= 6; limit++)
        {
            (await PagesAsync(browser, "/api/approvals?", limit)).Should().Equal(asked, $"{limit} at a time");
        }
    }

    private static async Task<string[]> PagesAsync(HttpClient browser, string address, int limit)
    {
        List<string> ids = [];
        string? cursor = null;
        do
        {
            using HttpResponseMessage answer = await browser.GetAsync($"{address}{(address.EndsWith('?') ? "" : "&")}limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}", Ct);
            string[] page = [.. (await answer.Content.ReadFromJsonAsync<JsonArray>(Ct))!.Select(e => (e!["id"] ?? e["job_id"])!.GetValue<string>())];
            page.Length.Should().BeLessThanOrEqualTo(limit);
            ids.AddRange(page);
            cursor = answer.Headers.TryGetValues(PageCursor.Header, out var next) ? next.Single() : null;
        }
        while (cursor is not null);
        return [.. ids];
    }
}
