using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.App.Auth;

/// <summary>Spec 08 §8.7: without sign-in nothing answers but the door.</summary>
public sealed class DoorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_but_health_and_the_sign_in_refuses_a_stranger()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token, _ => routes => routes.MapGet("/thing", () => "secret").Needs(Right.Read));
        using HttpClient stranger = running.Stranger();
        int refused = 0;
        foreach (RouteEndpoint route in running.Server.Routes.OfType<RouteEndpoint>())
        {
            string path = Regex.Replace("/" + route.RoutePattern.RawText!.TrimStart('/'), @"\{[^}]+\}", "x");
            foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                using HttpResponseMessage answer = await stranger.SendAsync(new(new(method), path), Token);
                if (path is "/health" or "/sign-in")
                {
                    answer.StatusCode.Should().Be(HttpStatusCode.OK);
                    continue;
                }

                answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized, $"{method} {path} is closed by default");
                (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2001").And.NotContain("secret");
                refused++;
            }
        }

        refused.Should().BeGreaterThan(4);
        using HttpResponseMessage unknown = await stranger.GetAsync("/no/such/route", Token);
        unknown.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "a stranger does not learn which routes exist");
    }

    [Fact]
    public async Task A_stranger_with_a_browser_is_led_to_the_sign_in_page_which_shows_nothing_else()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient stranger = running.Stranger();
        stranger.DefaultRequestHeaders.Accept.Add(new("text/html"));
        using HttpResponseMessage answer = await stranger.GetAsync("/", Token);
        answer.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        answer.Headers.Location!.OriginalString.Should().Be("/sign-in");
        string page = await stranger.GetStringAsync("/sign-in", Token);
        page.Should().Contain("one-time link").And.NotContain("MKT.SYN");
    }

    [Theory]
    [InlineData("GET", "/", "Your session has ended.")]
    [InlineData("GET", "/sweeps", "Your session has ended.")]
    [InlineData("POST", "/approvals/apr_0191/votes", "what you sent was not recorded")]
    public async Task A_session_that_has_ended_gives_a_browser_the_sign_in_page_and_a_program_a_problem(string method, string path, string says)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        running.Clock.Now += People.SessionLifetime;
        using HttpResponseMessage program = await browser.SendAsync(new(new(method), path), Token);
        program.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await program.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2001");
        browser.DefaultRequestHeaders.Accept.Add(new("text/html"));
        using HttpResponseMessage answer = await browser.SendAsync(new(new(method), path), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("Sign in").And.Contain("./sigmatiq up").And.Contain(says).And.NotContain("MKT.SYN");
        running.Votes.Should().BeEmpty();
    }

    [Fact]
    public async Task An_unknown_address_gives_a_program_a_problem_and_a_browser_the_studio()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient program = await running.SignedInAsync(Token), browser = await running.SignedInAsync(Token);
        browser.DefaultRequestHeaders.Accept.Add(new("text/html"));
        foreach ((HttpClient client, string path) in ((HttpClient, string)[])[(program, "/no/such/route"), (program, "/api/nope"), (browser, "/api/nope")])
        {
            using HttpResponseMessage problem = await client.GetAsync(path, Token);
            problem.StatusCode.Should().Be(HttpStatusCode.NotFound);
            problem.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
            JsonDocument.Parse(await problem.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("code").GetString().Should().Be("APP-2016");
        }

        using HttpResponseMessage page = await browser.GetAsync("/no/<b>such", Token);
        page.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        (await page.Content.ReadAsStringAsync(Token)).Should().Contain("A studio", "it says itself what is not there").And.NotContain("<b>such");
        using HttpResponseMessage refused = await browser.GetAsync("/status/<b>such", Token);
        refused.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await refused.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2016").And.Contain("href=\"/\"").And.NotContain("<b>such");
        using HttpResponseMessage method = await program.SendAsync(new(HttpMethod.Delete, "/health"), Token);
        method.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await method.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2017").And.Contain("GET");
    }

    [Fact]
    public async Task A_link_signs_in_once()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        string link = $"/sign-in?token={await running.People.NewLinkAsync(Token)}";
        using HttpClient first = running.Stranger(), second = running.Stranger();
        using HttpResponseMessage opened = await first.GetAsync(link, Token);
        opened.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        opened.Headers.Location!.OriginalString.Should().Be("/status", "it asked for no page");
        string cookie = opened.Headers.GetValues("Set-Cookie").Single();
        cookie.Should().Contain("httponly").And.Contain("samesite=strict").And.Contain("path=/");
        (await first.GetStringAsync("/status", Token)).Should().Contain("MKT.SYN");

        using HttpResponseMessage again = await second.GetAsync(link, Token);
        again.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        again.Headers.Contains("Set-Cookie").Should().BeFalse();
        (await second.GetAsync("/status", Token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/dashboard/apr_0191?focus=trade:2", "/dashboard/apr_0191?focus=trade:2")]
    [InlineData("//evil.example/x", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/%2f%2fevil.example", "/")]
    [InlineData("/a\r\nX-Made: up", "/")]
    [InlineData("", "/")]
    public async Task A_link_leads_on_to_a_page_of_ours_and_nowhere_else_also_when_it_is_pressed_twice(string next, string leads)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = running.Stranger();
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        string link = $"/sign-in?token={await running.People.NewLinkAsync(Token)}&next={Uri.EscapeDataString(next)}";
        for (int times = 0; times < 2; times++)
        {
            using HttpResponseMessage opened = await browser.GetAsync(link, Token);
            (opened.StatusCode, opened.Headers.Location?.OriginalString).Should().Be((HttpStatusCode.SeeOther, leads));
            opened.Headers.Contains("X-Made").Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("/dashboard/apr_0191?f=trades%3A%3E%3D20&sel=3,7", "/dashboard/apr_0191?f=trades%3A%3E%3D20&sel=3,7")]
    [InlineData("/", "/")]
    [InlineData("/%2f%2fevil.example", "/")]
    public async Task Whoever_opens_a_shared_link_before_they_sign_in_comes_to_it_afterwards_once(string asked, string leads)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = running.Stranger();
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using (HttpResponseMessage door = await browser.GetAsync(asked, Token))
        {
            (door.StatusCode, door.Headers.Location?.OriginalString).Should().Be((HttpStatusCode.SeeOther, "/sign-in"));
        }

        using HttpResponseMessage opened = await browser.GetAsync($"/sign-in?token={await running.People.NewLinkAsync(Token)}", Token);
        (opened.StatusCode, opened.Headers.Location?.OriginalString).Should().Be((HttpStatusCode.SeeOther, leads));
        using HttpResponseMessage again = await browser.GetAsync($"/sign-in?token={await running.People.NewLinkAsync(Token)}", Token);
        again.Headers.Location?.OriginalString.Should().Be("/");
    }

    [Fact]
    public async Task Behind_a_proxy_its_name_is_answered_for_its_pages_are_ours_and_cookies_are_for_encrypted_connections_alone()
    {
        RequestLimits narrow = RequestLimits.Usual with { Door = new(2, 1, TimeSpan.FromHours(1)) };
        await using RunningServer running = await RunningServer.StartAsync(narrow, PublicOrigin.Parse("https://desk.example.org"), Token);
        using HttpClient ana = running.Stranger();
        async Task<HttpResponseMessage> AskAsync(string host, string caller, string path, HttpMethod? method = null, string? origin = null)
        {
            using HttpRequestMessage request = new(method ?? HttpMethod.Get, path) { Headers = { Host = host } };
            request.Headers.Add("X-Forwarded-For", $"6.6.6.6, {caller}");
            request.Headers.Accept.ParseAdd("text/html");
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
                request.Content = new FormUrlEncodedContent([]);
            }

            return await ana.SendAsync(request, Token);
        }

        using HttpResponseMessage opened = await AskAsync("desk.example.org", "10.0.0.7", $"/sign-in?token={await running.People.NewLinkAsync(Token)}");
        opened.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        opened.Headers.GetValues("Set-Cookie").Single().Should().Contain("; secure");
        opened.Headers.GetValues("Strict-Transport-Security").Should().ContainSingle();

        // One address has spent its budget at the door, the next has its own; what a caller claims before the proxy's word counts for nothing.
        (await AskAsync("desk.example.org", "10.0.0.7", "/sign-in")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await AskAsync("desk.example.org", "10.0.0.7", "/sign-in")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await AskAsync("desk.example.org", "10.0.0.8", "/sign-in")).StatusCode.Should().Be(HttpStatusCode.OK);

        (await AskAsync("evil.example", "10.0.0.9", "/")).StatusCode.Should().Be(HttpStatusCode.MisdirectedRequest);
        (await AskAsync("desk.example.org:444", "10.0.0.9", "/")).StatusCode.Should().Be(HttpStatusCode.MisdirectedRequest);
        (await (await AskAsync("desk.example.org", "10.0.0.9", "/sign-out", HttpMethod.Post, "https://evil.example")).Content.ReadAsStringAsync(Token)).Should().Contain("APP-2004");
        (await (await AskAsync("desk.example.org", "10.0.0.9", "/sign-out", HttpMethod.Post, "http://desk.example.org")).Content.ReadAsStringAsync(Token)).Should().Contain("APP-2004", "not encrypted");
        (await (await AskAsync("desk.example.org", "10.0.0.9", "/sign-out", HttpMethod.Post, "https://desk.example.org")).Content.ReadAsStringAsync(Token)).Should().NotContain("APP-2004");

        // Without the proxy nobody's claim about their address is read.
        (await AskAsync("127.0.0.1", "10.0.0.10", "/sign-in")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await AskAsync("127.0.0.1", "10.0.0.11", "/sign-in")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await AskAsync("127.0.0.1", "10.0.0.12", "/sign-in")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("http://desk.example.org")]
    [InlineData("https://desk.example.org/sub")]
    [InlineData("https://ana@desk.example.org")]
    [InlineData("desk.example.org")]
    public void A_public_address_that_is_not_encrypted_or_is_more_than_a_name_is_refused(string address) =>
        ((Action)(() => PublicOrigin.Parse(address))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("APP-1161");

    [Fact]
    public async Task Of_many_who_open_the_same_link_at_once_one_gets_in()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        string link = await running.People.NewLinkAsync(Token);
        string?[] sessions = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => running.People.RedeemLinkAsync(link, Token))));
        sessions.Count(s => s is not null).Should().Be(1);
    }

    [Fact]
    public async Task A_link_is_too_old_after_15_minutes_and_a_session_after_7_days()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        string stale = await running.People.NewLinkAsync(Token);
        running.Clock.Now += People.LinkLifetime;
        (await running.People.RedeemLinkAsync(stale, Token)).Should().BeNull();
        running.Clock.Now -= TimeSpan.FromTicks(10);
        string session = (await running.People.RedeemLinkAsync(stale, Token))!;
        (await running.People.FindSessionAsync(session, Token)).Should().Be(People.LocalOperator);
        running.Clock.Now += People.SessionLifetime;
        (await running.People.FindSessionAsync(session, Token)).Should().BeNull();
    }

    [Fact]
    public async Task A_session_ends_by_signing_out()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        string csrf = await FormTokenAsync(browser);
        using HttpResponseMessage answer = await browser.PostAsync("/sign-out", Form(("csrf", csrf)), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await browser.GetAsync("/status", Token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8484")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.168.1.4")]
    public async Task A_foreign_host_name_is_refused_even_at_the_door(string host)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient stranger = running.Stranger();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { Host = host } };
        using HttpResponseMessage answer = await stranger.SendAsync(request, Token);
        answer.StatusCode.Should().Be(HttpStatusCode.MisdirectedRequest);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2003");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:9999")]
    [InlineData("[::1]:8484")]
    public async Task The_names_of_this_machine_are_answered(string host)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient stranger = running.Stranger();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { Host = host } };
        (await stranger.SendAsync(request, Token)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_vote_without_the_token_of_its_session_is_refused()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token), other = await running.SignedInAsync(Token);
        string foreign = await FormTokenAsync(other);
        foreach (string csrf in new[] { "", "00", foreign })
        {
            using HttpResponseMessage answer = await browser.PostAsync("/approvals/apr_0191/votes", Form(("csrf", csrf), ("choice", "approve"), ("reason", "looks well"), ("digest", "d")), Token);
            answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
            (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2005");
        }

        running.Votes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    public async Task A_form_sent_by_a_page_of_another_origin_is_refused(string origin)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        string csrf = await FormTokenAsync(browser);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/approvals/apr_0191/votes")
        {
            Content = Form(("csrf", csrf), ("choice", "approve"), ("reason", "looks well"), ("digest", "d")),
            Headers = { { "Origin", origin } },
        };
        using HttpResponseMessage answer = await browser.SendAsync(request, Token);
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2004");
        running.Votes.Should().BeEmpty();
    }

    [Fact]
    [Trait("Row", "S2-06")]
    public async Task The_form_on_the_page_casts_a_vote_on_the_digest_that_was_shown()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        string page = await browser.GetStringAsync("/status", Token);
        string action = Regex.Match(page, "action=\"([^\"]+)\"").Groups[1].Value;
        string digest = Regex.Match(page, "name=\"digest\" value=\"([^\"]+)\"").Groups[1].Value;
        browser.DefaultRequestHeaders.Add("Origin", running.Server.Address.GetLeftPart(UriPartial.Authority)); // as a browser does
        using HttpResponseMessage answer = await browser.PostAsync(action,
            Form(("csrf", await FormTokenAsync(browser)), ("choice", "approve"), ("reason", "  Gates hold; paper only.  "), ("digest", digest)), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        running.Votes.Should().Equal(("apr_0191", true, "operator", "Gates hold; paper only.", running.View.Approval!.Digest));
    }

    [Theory]
    [InlineData("approve", "", "APP-2009")]
    [InlineData("approve", "   ", "APP-2009")]
    [InlineData("maybe", "because", "APP-2008")]
    public async Task A_vote_without_a_choice_or_a_reason_is_refused(string choice, string reason, string code)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await browser.PostAsync("/approvals/apr_0191/votes",
            Form(("csrf", await FormTokenAsync(browser)), ("choice", choice), ("reason", reason), ("digest", "d")), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain(code);
        running.Votes.Should().BeEmpty();
    }

    [Fact]
    public async Task A_program_that_does_not_say_what_it_sends_is_told_to_and_hears_nothing_of_forms()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        using var body = new ByteArrayContent("{}"u8.ToArray());
        using HttpResponseMessage answer = await browser.PostAsync("/sweeps", body, Token);
        answer.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2011").And.Contain("Send Content-Type: application/json").And.NotContain("form");
    }

    [Fact]
    public async Task Json_is_not_a_vote()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await browser.PostAsync("/approvals/apr_0191/votes", new StringContent("{}", Encoding.UTF8, "application/json"), Token);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2007").And.Contain("Send Content-Type: application/x-www-form-urlencoded");
    }

    [Fact]
    public async Task Every_answer_forbids_framing_sniffing_and_foreign_script()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        foreach (string path in new[] { "/status", "/sign-in", "/health", "/no/such/route", "/api/overview" })
        {
            using HttpResponseMessage answer = await browser.GetAsync(path, Token);
            string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.Should().Contain("default-src 'none'").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe-inline");
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            answer.Headers.GetValues("Referrer-Policy").Should().Equal("same-origin");
            answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        }
    }

    [Fact]
    public async Task A_body_above_one_mebibyte_is_refused()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await browser.PostAsync("/approvals/apr_0191/votes", Form(("csrf", "x"), ("reason", new string('a', 1_100_000))), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2036");
        running.Votes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task What_a_form_cannot_send_needs_no_form_token_but_must_come_from_our_origin(string method)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token, _ => routes => routes.MapMethods("/thing", [method], () => "done").Needs(Right.Read));
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage own = await browser.SendAsync(new(new(method), "/thing"), Token);
        own.StatusCode.Should().Be(HttpStatusCode.OK);
        using var foreign = new HttpRequestMessage(new(method), "/thing") { Headers = { { "Origin", "http://127.0.0.1:1" } } };
        (await browser.SendAsync(foreign, Token)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_surprise_gives_a_reference_and_not_its_reason()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token, _ => routes => routes.MapGet("/boom", new Func<string>(() => throw new InvalidDataException("the reason"))).Needs(Right.Read));
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await browser.GetAsync("/boom", Token);
        answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-9001").And.NotContain("the reason");
    }

    [Fact]
    public async Task The_stream_says_when_the_page_changes()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage stream = await browser.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Token);
        stream.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Token));
        string first = await VersionAsync(reader);
        (await browser.GetStringAsync("/status", Token)).Should().Contain($"data-version=\"{first}\"");
        running.View = Pages.SampleStatus.Sweeping();
        (await VersionAsync(reader)).Should().NotBe(first);

        static async Task<string> VersionAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(Token) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return line["data: ".Length..];
                }
            }

            throw new EndOfStreamException();
        }
    }

    private static async Task<string> FormTokenAsync(HttpClient browser) =>
        Regex.Match(await browser.GetStringAsync("/status", Token), "name=\"csrf\" value=\"([0-9a-f]{64})\"").Groups[1].Value;

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
}
