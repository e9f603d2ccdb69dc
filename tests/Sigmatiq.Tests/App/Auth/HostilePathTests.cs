using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Auth;

/// <summary>Whatever is written where a name belongs, nothing outside the store is read and nothing is written there.</summary>
public sealed class HostilePathTests : IAsyncDisposable
{
    private const int Payloads = 500;
    private const int RoutesEach = 5;
    private const string Mark = "sentinel-7c1f-of-no-store";
    private static readonly string[] Endings = ["", ".json", ".yaml", ".parquet", ".db"];
    private static readonly RequestLimits Wide = RequestLimits.Usual with { Caller = new(1_000_000, 1_000_000, TimeSpan.FromSeconds(1)) };
    private readonly string outside = Path.Combine(Path.GetTempPath(), $"sentinel-{Guid.NewGuid():n}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        foreach (string ending in Endings)
        {
            File.Delete(outside + ending);
        }

        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Of_five_hundred_paths_in_the_place_of_a_name_none_reads_or_writes_outside()
    {
        foreach (string ending in Endings)
        {
            await File.WriteAllTextAsync(outside + ending, $"{{\"mark\": \"{Mark}\"}}", Token);
        }

        await using ServedRoom room = await ServedRoom.StartAsync(Token, Wide);
        RunningServer running = room.Running;
        using HttpClient caller = await running.WithKeyAsync(new("root", "Administrator", "admin", "unlimited"), Token, [.. KeyScopes.All]);
        string[] templates = [.. Templates(running)];
        templates.Should().HaveCountGreaterThan(40);
        const long seed = 20261121;
        Rng rng = Rng.From(seed);
        string[] payloads = [.. Written(Path.GetFileName(outside)).Distinct().OrderBy(_ => rng.NextInt(int.MaxValue)).Take(Payloads)];
        payloads.Should().HaveCount(Payloads);
        HashSet<string> before = Neighbours(running);
        Dictionary<HttpStatusCode, int> answers = [];
        for (int i = 0; i < payloads.Length; i++)
        {
            for (int j = 0; j < RoutesEach; j++)
            {
                string path = Regex.Replace(templates[((i * RoutesEach) + j) % templates.Length], @"\{[^}]+\}", payloads[i].Replace("$", "$$", StringComparison.Ordinal));
                (HttpStatusCode status, string body) = await AskAsync(caller, running.Server.Address, path);
                body.Should().NotContain(Mark, $"seed {seed}: {path}").And.NotContain("root:x:0", path);
                ((int)status).Should().BeLessThan(500, $"seed {seed}: {path} {body}");
                answers[status] = answers.GetValueOrDefault(status) + 1;
            }
        }

        Neighbours(running).Should().BeEquivalentTo(before, "nothing was written beside the store");
        answers.Values.Sum().Should().Be(Payloads * RoutesEach);
        answers.Keys.Should().Contain([HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity]);
    }

    [Fact]
    public async Task A_path_in_the_body_of_a_request_is_refused_with_a_code_and_leaves_nothing()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Token, Wide);
        RunningServer running = room.Running;
        using HttpClient caller = await running.WithKeyAsync(new("root", "Administrator", "admin", "unlimited"), Token, [.. KeyScopes.All]);
        HashSet<string> before = Neighbours(running);
        foreach (string path in (string[])["../outside", "..\\outside", "/tmp/outside", "a/../../outside", "....//outside", "%2e%2e/outside", "outside\0", "outside\u202e", new string('x', 5_000)])
        {
            foreach ((string route, object body) in (IEnumerable<(string, object)>)
            [
                ("/api/models", new { model_id = path, pack_id = "swingsigma", user_id = "root", name = "n", instrument = "stocks", ticker = "MKT.SYN", strategy_id = "momentum_swing", selected_indicators = Array.Empty<string>(), selected_features = Array.Empty<string>() }),
                ("/api/models", new { model_id = "m", pack_id = path, user_id = "root", name = "n", instrument = "stocks", ticker = "MKT.SYN", strategy_id = "momentum_swing", selected_indicators = Array.Empty<string>(), selected_features = Array.Empty<string>() }),
                ("/api/sweeps", new { model_id = path, sweep_type = "simple" }),
                ("/api/users", new { id = path, name = "n", role = "viewer", plan = "free", reason = "r" }),
                ("/api/workflows/lifecycle/trigger", new { parameters = new { ticker = path } }),
                ("/api/workflows/lifecycle/trigger", new { parameters = new { ticker = "MKT.SYN", pack = path } }),
                ("/api/workflows/publish", new { text = $"workflow: {path}\nversion: 1.0.0\nsummary: s\nsteps:\n  a: {{ uses: store.bootstrap }}\n" }),
                ("/api/production/approve", new { action = "approve", approval = path, bundle_hash = path, notes = "n" }),
            ])
            {
                using HttpResponseMessage answer = await caller.PostAsJsonAsync(route, body, Token);
                string said = await answer.Content.ReadAsStringAsync(Token);
                ((int)answer.StatusCode).Should().BeInRange(400, 499, $"{route} {path[..Math.Min(40, path.Length)]}: {said}");
                said.Should().Contain("\"code\":", route);
            }
        }

        Neighbours(running).Should().BeEquivalentTo(before);
        IRows rows = running.Rows;
        (await rows.FirstAsync<int>("select (select count(*) from models) + (select count(*) from runs) + (select count(*) from sweeps)", null, Token)).Should().Be(0);
    }

    // What lies beside the store's folder under the names that the payloads use, and the sentinels' own content.
    private HashSet<string> Neighbours(RunningServer running) =>
    [
        .. Directory.EnumerateFileSystemEntries(Path.GetTempPath()).Where(p => Path.GetFileName(p).Contains("outside", StringComparison.Ordinal) || p.StartsWith(outside, StringComparison.Ordinal)),
        .. Endings.Where(e => File.Exists(outside + e)).Select(e => File.ReadAllText(outside + e)),
        .. Directory.EnumerateDirectories(running.Data.Root).Select(d => Path.GetFileName(d)),
    ];

    private static IEnumerable<string> Templates(RunningServer running) => running.Server.Routes.OfType<RouteEndpoint>()
        .Where(r => r.RoutePattern.Parameters.Count > 0 && r.Metadata.GetMetadata<IAllowAnonymous>() is null
            && (r.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Contains("GET"))
        .Select(r => "/" + r.RoutePattern.RawText!.TrimStart('/')).SelectMany(t => (string[])[t, "/api" + t]).Append("/{any}").Append("/assets/{any}");

    // Ways up, how deep, how each is written, and where to: their product is some thousands.
    private static IEnumerable<string> Written(string sentinel)
    {
        string[] ups = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "..\\", "%2e%2e%5c", "..%252f", "%252e%252e%252f", "....//", "..;/", "%c0%ae%c0%ae%c0%af", "..%c0%af", "..%u2215", "\u2024\u2024/"];
        string[] targets = [.. Endings.Select(e => sentinel + e), "etc/passwd", "etc%2fpasswd", "proc/self/environ"];
        foreach (string up in ups)
        {
            for (int depth = 1; depth <= 8; depth++)
            {
                foreach (string target in targets)
                {
                    yield return string.Concat(Enumerable.Repeat(up, depth)) + target;
                    yield return "x/" + string.Concat(Enumerable.Repeat(up, depth)) + target;
                }
            }
        }

        foreach (string root in (string[])["%2f", "/", "file:///", "file:%2f%2f%2f", "C:%5c", "%5c%5c%3f%5c", "~%2f"])
        {
            foreach (string target in targets)
            {
                yield return root + "tmp%2f" + target;
                yield return root + target;
            }
        }

        foreach (string odd in (string[])["%00", "x%00.json", ".", "..", "...", "%20", "con", "nul.json", "*", "?x", "%3f", "%23", "|id", "$(id)", "`id`", "%0d%0aX-Made:%20up", "%ff%fe", new string('a', 3_000)])
        {
            yield return odd;
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient caller, Uri server, string path)
    {
        // As it is written: a client that tidies paths up would test itself.
        string plain = string.Concat(path.Select(c => char.IsAscii(c) ? c.ToString() : Uri.EscapeDataString(c.ToString())));
        Uri address = new($"{server.GetLeftPart(UriPartial.Authority)}{plain.Replace(' ', '+')}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using HttpResponseMessage answer = await caller.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Token);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(Token));
    }
}
