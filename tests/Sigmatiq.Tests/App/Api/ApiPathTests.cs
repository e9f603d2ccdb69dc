using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;

namespace Sigmatiq.Tests.App.Api;

/// <summary>One route, two names: <c>/api/...</c> for programs, without it for people too.</summary>
public sealed class ApiPathTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/runs")]
    [InlineData("/workflows")]
    [InlineData("/packs")]
    [InlineData("/production/strategies")]
    [InlineData("/step-kinds")]
    public async Task A_route_answers_the_same_with_and_without_api(string path)
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        (await browser.GetStringAsync("/api" + path, Ct)).Should().Be(await browser.GetStringAsync(path, Ct));
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api/nope")]
    [InlineData("/api/sign-in")]
    [InlineData("/api/api/runs")]
    public async Task Under_api_there_are_no_pages_and_what_is_unknown_is_a_problem_for_a_browser_too(string path)
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        browser.DefaultRequestHeaders.Accept.Add(new("text/html"));
        using HttpResponseMessage answer = await browser.GetAsync(path, Ct);
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        JsonNode problem = (await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!;
        problem["code"]!.GetValue<string>().Should().Be("APP-2016");
        problem["where"]!.GetValue<string>().Should().Be(path);
    }

    [Fact]
    public async Task A_page_at_a_time_by_cursor_gives_every_run_once_though_others_come_meanwhile()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        List<string> asked = [];
        for (int i = 0; i < 7; i++)
        {
            asked.Insert(0, await TriggerAsync(browser));
        }

        List<string> seen = [];
        string? cursor = null;
        int pages = 0;
        do
        {
            using HttpResponseMessage page = await browser.GetAsync($"/api/runs?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}", Ct);
            seen.AddRange((await page.Content.ReadFromJsonAsync<JsonArray>(Ct))!.Select(r => r!["id"]!.GetValue<string>()));
            cursor = page.Headers.TryGetValues(PageCursor.Header, out IEnumerable<string>? said) ? said.Single() : null;
            if (cursor is not null)
            {
                page.Headers.GetValues("Link").Single().Should().Be($"</api/runs?limit=3&cursor={cursor}>; rel=\"next\"");
            }

            await TriggerAsync(browser);
            pages++;
        }
        while (cursor is not null);
        seen.Should().Equal(asked);
        pages.Should().Be(3);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("Pg")]
    [InlineData("';drop table runs")]
    public async Task A_cursor_that_this_program_did_not_make_is_refused(string cursor)
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        using HttpResponseMessage answer = await browser.GetAsync("/api/runs?cursor=" + Uri.EscapeDataString(cursor), Ct);
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!["code"]!.GetValue<string>().Should().Be("APP-2023");
    }

    private static async Task<string> TriggerAsync(HttpClient browser)
    {
        using HttpResponseMessage answer = await browser.PostAsJsonAsync("/api/workflows/lifecycle/trigger", new { parameters = new { ticker = "MKT.SYN" } }, Ct);
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Ct));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!["id"]!.GetValue<string>();
    }
}
