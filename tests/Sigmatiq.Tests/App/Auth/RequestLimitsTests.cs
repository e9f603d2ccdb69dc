using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;

namespace Sigmatiq.Tests.App.Auth;

public sealed class RequestLimitsTests
{
    // Nothing comes back within a test.
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_ask_again_and_nobody_else_notices()
    {
        RequestLimits tight = RequestLimits.Usual with { Caller = new(3, 1, TimeSpan.FromHours(1)) };
        await using RunningServer running = await RunningServer.StartAsync(tight, Token);
        Person ana = new("ana", "Ana", "approver", "pro");
        using HttpClient first = await running.SignedInAsync(ana, Token), second = await running.SignedInAsync(ana, Token), other = await running.SignedInAsync(Token);
        using HttpClient key = await running.WithKeyAsync(ana, Token, "read");
        for (int i = 0; i < 3; i++)
        {
            (await (i == 1 ? second : first).GetAsync("/status", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        using HttpResponseMessage refused = await second.GetAsync("/status", Token);
        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "the budget is the user's, not the session's");
        refused.Headers.RetryAfter!.Delta.Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThanOrEqualTo(TimeSpan.FromHours(1));
        (await refused.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2034").And.Contain("Ask again in");
        refused.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await other.GetAsync("/status", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await key.GetAsync("/status", Token)).StatusCode.Should().Be(HttpStatusCode.OK, "a program that runs away does not lock its owner out");
        using HttpClient stranger = running.Stranger();
        (await stranger.GetAsync("/health", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public void The_budgets_of_the_environment_take_the_place_of_the_usual_ones()
    {
        static RequestLimits Read(string? text) => RequestLimits.Of(name => name == RequestLimits.RatesVariable ? text : null);
        Read(null).Should().Be(RequestLimits.Usual);
        RequestLimits other = Read("caller=2000/400, door=10/1");
        (other.Caller, other.Door, other.Stranger).Should().Be((new RequestBudget(2_000, 400, TimeSpan.FromSeconds(1)), new RequestBudget(10, 1, TimeSpan.FromSeconds(1)), RequestLimits.Usual.Stranger));
        foreach (string wrong in (string[])["caller", "caller=1", "caller=0/1", "caller=1/0", "caller=-1/1", "caller=1/1/1", "caller=1000001/1", "guest=1/1", "caller=x/1", "caller==1/1"])
        {
            FluentActions.Invoking(() => Read("door=3/1 " + wrong)).Should().Throw<Sigmatiq.Store.Errors.ProblemException>().Which.Problem.Should().Match<Sigmatiq.Store.Errors.Problem>(
                p => p.Code == "APP-1164" && p.Message.Contains(wrong) && p.Where == "SIGMATIQ_RATES", wrong);
        }
    }

    [Fact]
    public async Task Strangers_of_one_address_share_a_budget_that_no_user_of_it_pays()
    {
        RequestLimits tight = RequestLimits.Usual with { Stranger = new(2, 1, Never) };
        await using RunningServer running = await RunningServer.StartAsync(tight, Token);
        using HttpClient one = running.Stranger(), two = running.Bearing("sgq_wrong"), user = await running.SignedInAsync(Token);
        (await one.GetAsync("/health", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await two.GetAsync("/runs", Token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await two.GetAsync("/runs", Token)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "keys are not tried without end");
        (await one.GetAsync("/health", Token)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await user.GetAsync("/status", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_door_is_stricter_than_the_house()
    {
        (RequestLimits.Usual.Door.Burst, RequestLimits.Usual.Door.Refill).Should().Match<(int Burst, int Refill)>(d =>
            d.Burst < RequestLimits.Usual.Stranger.Burst && d.Refill < RequestLimits.Usual.Stranger.Refill);
        RequestLimits tight = RequestLimits.Usual with { Door = new(2, 1, Never) };
        await using RunningServer running = await RunningServer.StartAsync(tight, Token);
        using HttpClient stranger = running.Stranger();
        for (int i = 0; i < 2; i++)
        {
            (await stranger.GetAsync("/sign-in?token=guess", Token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        string link = await running.People.NewLinkAsync(Token);
        (await stranger.GetAsync($"/sign-in?token={link}", Token)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await stranger.GetAsync("/health", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await running.People.RedeemLinkAsync(link, Token)).Should().NotBeNull("a link that was turned away is not used up");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_its_code_whoever_sends_it()
    {
        await using RunningServer running = await RunningServer.StartAsync(RequestLimits.Usual with { BodyBytesMax = 1_000 }, Token,
            _ => routes => routes.MapPost("/do", async (HttpContext context) => Answers.Json(await Bodies.JsonAsync(context.Request, Token))).Needs(Right.Read));
        using HttpClient program = await running.WithKeyAsync(new("ana", "Ana", "approver", "pro"), Token, "read");
        foreach ((int bytes, HttpStatusCode status) in ((int, HttpStatusCode)[])[(900, HttpStatusCode.OK), (1_001, HttpStatusCode.RequestEntityTooLarge)])
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/do") { Content = new StringContent($"\"{new string('a', bytes - 2)}\"", Encoding.UTF8, "application/json") };
            request.Headers.ExpectContinue = true;
            using HttpResponseMessage answer = await program.SendAsync(request, Token);
            answer.StatusCode.Should().Be(status);
            (await answer.Content.ReadAsStringAsync(Token)).Contains("APP-2036").Should().Be(status != HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_body_that_does_not_come_ends_and_others_are_answered_meanwhile()
    {
        RequestLimits hasty = RequestLimits.Usual with { BodyBytesPerSecondMin = 1_000, BodyGrace = TimeSpan.FromSeconds(1.1) };
        await using RunningServer running = await RunningServer.StartAsync(hasty, Token,
            _ => routes => routes.MapPost("/do", async (HttpContext context) => Answers.Json(await Bodies.JsonAsync(context.Request, Token))).Needs(Right.Read));
        using HttpClient other = await running.WithKeyAsync(new("ana", "Ana", "approver", "pro"), Token, "read");
        string key = other.DefaultRequestHeaders.Authorization!.Parameter!;
        using TcpClient slow = await AskAsync(running, key, "Content-Length: 1000", "\"");
        (await other.GetAsync("/status", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
        using StreamReader answer = new(slow.GetStream());
        (await answer.ReadToEndAsync(Token)).Should().StartWith("HTTP/1.1 408").And.Contain("APP-2037");
    }

    [Fact]
    public async Task A_body_that_is_no_http_is_refused_with_a_code()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token,
            _ => routes => routes.MapPost("/do", async (HttpContext context) => Answers.Json(await Bodies.JsonAsync(context.Request, Token))).Needs(Right.Read));
        using HttpClient program = await running.WithKeyAsync(new("ana", "Ana", "approver", "pro"), Token, "read");
        using TcpClient broken = await AskAsync(running, program.DefaultRequestHeaders.Authorization!.Parameter!, "Transfer-Encoding: chunked", "no size\r\n");
        using StreamReader answer = new(broken.GetStream());
        (await answer.ReadToEndAsync(Token)).Should().StartWith("HTTP/1.1 400").And.Contain("APP-2006");
    }

    private static async Task<TcpClient> AskAsync(RunningServer running, string key, string header, string body)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, running.Server.Address.Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /do HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n{header}\r\n\r\n{body}"), Token);
        return client;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_ends_soon_after_who_opened_it_is_shut_out(bool byKey)
    {
        await using RunningServer running = await RunningServer.StartAsync(RequestLimits.Usual with { StandingLook = TimeSpan.FromMilliseconds(20) }, Token);
        Person ana = new("ana", "Ana", "approver", "pro");
        using HttpClient caller = byKey ? await running.WithKeyAsync(ana, Token, "read") : await running.SignedInAsync(ana, Token), other = await running.SignedInAsync(Token);
        using HttpResponseMessage stream = await caller.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Token), stays = await other.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Token);
        using StreamReader reader = new(await stream.Content.ReadAsStreamAsync(Token)), further = new(await stays.Content.ReadAsStreamAsync(Token));
        (await reader.ReadLineAsync(Token)).Should().Be("event: version");
        await new Accounts(running.Rows, new(running.Clock), running.People, running.Clock).DisableAsync("ana", "operator", "left", Token);
        Func<Task> drain = () => reader.ReadToEndAsync(Token);
        await drain.Should().ThrowAsync<Exception>("the connection is cut, there is no tidy end");
        (await further.ReadLineAsync(Token)).Should().Be("event: version", "the others go on");
    }
}
