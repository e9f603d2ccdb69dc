using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sigmatiq.App.Auth;

namespace Sigmatiq.Tests.App.Auth;

/// <summary>The real route table by every role and every door.</summary>
public sealed class RouteRightsTests
{
    private static readonly RequestLimits Wide = RequestLimits.Usual with
    {
        Caller = new(100_000, 100_000, TimeSpan.FromSeconds(1)), Stranger = new(100_000, 100_000, TimeSpan.FromSeconds(1)), Door = new(100_000, 100_000, TimeSpan.FromSeconds(1)),
    };

    // Open to everybody for what is theirs; here it is somebody else's.
    private static readonly string[] OfOneself = ["/users/x/sessions", "/users/x/sign-out", "/keys/x/revoke"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_lets_in_exactly_the_roles_that_have_its_right_by_cookie_and_by_key_and_nobody_else()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Token, Wide);
        RunningServer running = room.Running;
        var routes = Lines(running).ToArray();
        routes.Where(r => r.Route.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(r => r.Path).Should().BeEquivalentTo(["/health", "/sign-in", "/metrics"], "nothing else is open, and the last asks for a token of its own");
        routes.Should().HaveCountGreaterThan(50);
        using HttpClient stranger = running.Stranger(), forger = running.Bearing($"sgq_{new string('0', 12)}_{new string('0', 64)}");
        int let = 0, refused = 0;
        foreach ((RouteEndpoint route, string method, string path) in routes.Where(r => RouteRights.Of(r.Route) is not null))
        {
            (await AskAsync(stranger, method, path)).Should().Match<(HttpStatusCode Status, string Body)>(a => a.Status == HttpStatusCode.Unauthorized && a.Body.Contains("APP-2001"), $"{method} {path}");
            (await AskAsync(forger, method, path)).Should().Match<(HttpStatusCode Status, string Body)>(a => a.Status == HttpStatusCode.Unauthorized && a.Body.Contains("KEY-1005"), $"{method} {path}");
        }

        foreach (string role in Roles.All)
        {
            Person person = new($"u.{role}", $"The {role}", role, "pro");
            using HttpClient key = await running.WithKeyAsync(person, Token, [.. KeyScopes.All]), reader = await running.WithKeyAsync(person, Token, "read");
            using HttpClient cookie = await running.SignedInAsync(person, Token);

            // What ends the session comes last.
            foreach ((RouteEndpoint route, string method, string path) in routes.Where(r => RouteRights.Of(r.Route) is not null).OrderBy(r => r.Path == "/sign-out"))
            {
                Right right = RouteRights.Of(route)!.Value;
                bool may = Roles.RightsOf(role).Contains(right);
                foreach (HttpClient caller in (HttpClient[])[key, cookie])
                {
                    (HttpStatusCode status, string body) = await AskAsync(caller, method, path);
                    string shown = $"{role} {method} {path}: {(int)status} {body}";
                    status.Should().NotBe(HttpStatusCode.Unauthorized, shown).And.NotBe(HttpStatusCode.InternalServerError, shown).And.NotBe(HttpStatusCode.TooManyRequests, shown);
                    bool isRefused = status == HttpStatusCode.Forbidden && body.Contains("USR-1010");
                    isRefused.Should().Be(!may || (OfOneself.Contains(path) && !Roles.RightsOf(role).Contains(Right.Administer)), shown);
                    if (!may)
                    {
                        body.Should().Contain(role, shown);
                        Roles.With(right).Should().OnlyContain(r => body.Contains(r), shown);
                    }

                    _ = may ? let++ : refused++;
                }

                (HttpStatusCode reading, string refusal) = await AskAsync(reader, method, path);
                if (right != Right.Read)
                {
                    (reading, refusal.Contains(may ? "KEY-1008" : "USR-1010")).Should().Be((HttpStatusCode.Forbidden, true), $"a key to read is for reading: {role} {method} {path} {refusal}");
                }
            }
        }

        (let, refused).Should().Match<(int Let, int Refused)>(c => c.Let > 100 && c.Refused > 100);
    }

    [Fact]
    public async Task The_page_of_the_rights_is_the_one_that_the_routes_give()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Token);
        (await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "rights.md"), Token)).Should().Be(
            RightsReference.Text(room.Running.Server.Routes), "write it anew: ./sigmatiq users rights --reference > docs/rights.md");
    }

    [Fact]
    public async Task A_server_with_a_route_that_names_no_right_does_not_start()
    {
        Func<Task> forgotten = async () => await RunningServer.StartAsync(Token, _ => routes => routes.MapGet("/forgotten", () => "secret"));
        (await forgotten.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*forgotten*");
        Func<Task> both = async () => await RunningServer.StartAsync(Token, _ => routes => routes.MapGet("/both", () => "secret").Needs(Right.Read).AllowAnonymous());
        (await both.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*both*");
    }

    [Fact]
    public async Task A_program_with_a_key_needs_no_form_token_and_no_cookie_helps_a_wrong_key()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient program = await running.WithKeyAsync(new("ana", "Ana", "approver", "pro"), Token, "vote");
        using HttpResponseMessage voted = await program.PostAsync("/approvals/apr_0191/votes", new FormUrlEncodedContent([new("choice", "approve"), new("reason", "sound"), new("digest", "d")]), Token);
        voted.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        running.Votes.Should().ContainSingle().Which.Voter.Should().Be("ana");

        using HttpClient browser = await running.SignedInAsync(Token);
        browser.DefaultRequestHeaders.Authorization = new("Bearer", "sgq_wrong");
        using HttpResponseMessage refused = await browser.GetAsync("/events", Token);
        (refused.StatusCode, refused.Headers.WwwAuthenticate.ToString()).Should().Be((HttpStatusCode.Unauthorized, "Bearer"));
        (await refused.Content.ReadAsStringAsync(Token)).Should().Contain("KEY-1005").And.NotContain("sgq_wrong");
        browser.DefaultRequestHeaders.Authorization = new("Basic", "b3BlcmF0b3I6");
        (await browser.GetAsync("/", Token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_use_a_key_that_it_got_hold_of()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient program = await running.WithKeyAsync(new("ana", "Ana", "approver", "pro"), Token, "vote");
        program.DefaultRequestHeaders.Add("Origin", "http://evil.example");
        using HttpResponseMessage refused = await program.PostAsync("/approvals/apr_0191/votes", new FormUrlEncodedContent([new("choice", "approve")]), Token);
        (await refused.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2004");
        running.Votes.Should().BeEmpty();
    }

    [Fact]
    public async Task The_page_shows_itself_to_a_key_too()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient program = await running.WithKeyAsync(new("eva", "Eva", "viewer", "free"), Token, "read");
        (await program.GetStringAsync("/status", Token)).Should().Contain("MKT.SYN");
    }

    private static IEnumerable<(RouteEndpoint Route, string Method, string Path)> Lines(RunningServer running) => running.Server.Routes.OfType<RouteEndpoint>().SelectMany(
        route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (route, method,
            Regex.Replace(Regex.Replace("/" + route.RoutePattern.RawText!.TrimStart('/'), @"\{[^}]+:int\}", "1"), @"\{[^}]+\}", "x"))));

    private static async Task<(HttpStatusCode, string)> AskAsync(HttpClient caller, string method, string path)
    {
        using HttpRequestMessage request = new(new(method), path);
        if (method is not "GET")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        // A stream has no end; its head says enough.
        using HttpResponseMessage answer = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(Token));
    }
}
