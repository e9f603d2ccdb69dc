using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Whatever is asked under a key happens once.</summary>
public sealed class AnsweredOnceTests
{
    private int done;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_that_changes_something_reads_the_key()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(new Person("ada", "Ada Vale", Roles.Admin, "pro"), Ct);
        List<string> changing = [];
        foreach (RouteEndpoint route in room.Running.Server.Routes.OfType<RouteEndpoint>())
        {
            foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Where(m => m is "POST" or "PUT" or "PATCH" or "DELETE") ?? [])
            {
                string path = System.Text.RegularExpressions.Regex.Replace(route.RoutePattern.RawText!, @"\{[^}]*:int\}", "1");
                path = "/" + System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "x").TrimStart('/');
                using HttpRequestMessage request = new(new(method), path) { Content = JsonContent.Create(new { }) };
                request.Headers.Add(AnsweredOnce.KeyHeader, new string('k', AnsweredOnce.KeyLengthMax + 1));
                using HttpResponseMessage answer = await browser.SendAsync(request, Ct);
                (await answer.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-2018", $"{method} {path} must read {AnsweredOnce.KeyHeader}");
                changing.Add($"{method} {path}");
            }
        }

        changing.Should().HaveCountGreaterThan(15).And.Contain(["POST /workflows/x/trigger", "POST /workflows/x/backfill", "POST /sweeps", "POST /production/reset", "POST /approvals/x/votes"]);
    }

    [Fact]
    public async Task The_same_request_under_a_key_is_done_once_and_answered_alike()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        (HttpStatusCode Status, string Body, bool Replayed) first = await SendAsync(browser, "k1", "a"), second = await SendAsync(browser, "k1", "a"), other = await SendAsync(browser, "k2", "a");
        (first.Replayed, second.Replayed, other.Replayed, done).Should().Be((false, true, false, 2));
        (second.Status, second.Body).Should().Be((first.Status, first.Body)).And.Be((HttpStatusCode.Accepted, """{"done":1,"what":"a"}"""));
        await SendAsync(browser, null, "a");
        await SendAsync(browser, null, "a");
        done.Should().Be(4, "without a key each request is its own");
    }

    [Fact]
    public async Task Another_request_under_the_same_key_is_refused_and_another_person_has_keys_of_their_own()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        await SendAsync(browser, "k1", "a");
        (HttpStatusCode status, string body, _) = await SendAsync(browser, "k1", "b");
        (status, body.Contains("WFL-2204", StringComparison.Ordinal), done).Should().Be((HttpStatusCode.Conflict, true, 1));
    }

    [Fact]
    public async Task A_refusal_is_not_kept_and_neither_is_a_surprise()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        (await SendAsync(browser, "k1", "refuse")).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SendAsync(browser, "k1", "a")).Status.Should().Be(HttpStatusCode.Accepted);
        (await SendAsync(browser, "k2", "crash")).Status.Should().Be(HttpStatusCode.InternalServerError);
        (await SendAsync(browser, "k2", "a")).Status.Should().Be(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Of_many_at_the_same_time_one_is_done()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SendAsync(browser, "k1", "slow")));
        done.Should().Be(1);
        answers.Should().OnlyContain(a => a.Status == HttpStatusCode.Accepted || a.Body.Contains("APP-2019", StringComparison.Ordinal));
        (await SendAsync(browser, "k1", "slow")).Replayed.Should().BeTrue();
    }

    [Fact]
    public async Task A_key_whose_process_died_is_taken_up_and_old_answers_are_forgotten()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        await SendAsync(browser, "k1", "a");
        await running.Rows.ExecuteAsync("update http_answers set answered_at_utc = null, status = null", null, Ct);
        (await SendAsync(browser, "k1", "a")).Body.Should().Contain("APP-2019");
        await running.Rows.ExecuteAsync("update http_answers set begun_at_utc = @At", new { At = TimeProvider.System.GetUtcNow().AddMinutes(-3) }, Ct);
        (await SendAsync(browser, "k1", "a")).Status.Should().Be(HttpStatusCode.Accepted);
        done.Should().Be(2);
        await running.Rows.ExecuteAsync("update http_answers set begun_at_utc = @At", new { At = TimeProvider.System.GetUtcNow().AddDays(-8) }, Ct);
        (await SendAsync(browser, "k1", "b")).Status.Should().Be(HttpStatusCode.Accepted);
    }

    private static async Task<(HttpStatusCode Status, string Body, bool Replayed)> SendAsync(HttpClient browser, string? key, string what)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/do") { Content = JsonContent.Create(new { what }) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using HttpResponseMessage answer = await browser.SendAsync(request, Ct);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct), answer.Headers.Contains("Idempotent-Replay"));
    }

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(Ct, _ => routes => routes.MapPost("/do", async (HttpContext context) =>
    {
        string what = (await Bodies.JsonAsync(context.Request, Ct))!["what"]!.GetValue<string>();
        switch (what)
        {
            case "refuse":
                throw new Sigmatiq.Store.Errors.ProblemException("TST-0001", "No.");
            case "crash":
                throw new InvalidTimeZoneException("clock melted");
            case "slow":
                await Task.Delay(300, Ct);
                break;
        }

        return Answers.Json(new JsonObject { ["done"] = Interlocked.Increment(ref done), ["what"] = what }, StatusCodes.Status202Accepted);
    }).Needs(Right.Run));
}
