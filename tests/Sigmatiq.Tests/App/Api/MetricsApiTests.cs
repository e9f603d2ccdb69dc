using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Api;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Tests.App.Api;

/// <summary>What a monitor reads, and who may.</summary>
public sealed partial class MetricsApiTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_monitor_with_the_token_reads_runs_queue_outbox_fires_requests_and_store()
    {
        await using RunningServer running = await StartAsync(Key);
        using HttpClient browser = await running.SignedInAsync(Ct), monitor = running.Stranger();
        foreach (int _ in Enumerable.Range(0, 3))
        {
            (await browser.PostAsJsonAsync("/api/workflows/lifecycle/trigger", new { parameters = new { ticker = "MKT.SYN" } }, Ct)).EnsureSuccessStatusCode();
        }

        await browser.GetAsync("/api/runs?limit=1", Ct);
        await browser.GetAsync("/runs", Ct);
        await browser.GetAsync("/api/runs/nothing", Ct);
        await browser.GetAsync("/api/nope\"\\x", Ct);
        await running.Rows.ExecuteAsync("insert into outbox (key, kind, payload, enqueued_at_utc, next_attempt_at_utc) values ('k', 'x', '{}', @now, @now)", new { now = DateTimeOffset.UnixEpoch }, Ct);
        monitor.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        using HttpResponseMessage answer = await monitor.GetAsync("/metrics", Ct);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/plain; version=0.0.4; charset=utf-8");
        Dictionary<string, double> read = Parse(await answer.Content.ReadAsStringAsync(Ct));
        read["sigmatiq_runs{state=queued}"].Should().Be(3);
        read["sigmatiq_outbox_waiting"].Should().Be(1);
        read["sigmatiq_run_requests_waiting"].Should().BeGreaterThanOrEqualTo(0);
        read["sigmatiq_store_answer_seconds"].Should().BeInRange(0, 60);
        read["sigmatiq_http_requests_total{route=/runs,method=GET,status=200}"].Should().Be(2, "with and without /api it is one route");
        read["sigmatiq_http_requests_total{route=/runs/{run},method=GET,status=404}"].Should().Be(1);
        read["sigmatiq_http_requests_total{route=/workflows/{id}/trigger,method=POST,status=202}"].Should().Be(3);
        read["sigmatiq_http_requests_total{route=(none),method=GET,status=404}"].Should().Be(1);
        read["sigmatiq_http_request_seconds_count{route=/runs}"].Should().Be(2);
        read["sigmatiq_http_request_seconds_sum{route=/runs}"].Should().BePositive();
    }

    [Theory]
    [InlineData(Key, null, "APP-2028")]
    [InlineData(Key, "Bearer wrong", "APP-2028")]
    [InlineData(Key, "Basic " + Key, "APP-2028")]
    [InlineData(Key, "Bearer " + Key + "0", "APP-2028")]
    [InlineData(null, "Bearer " + Key, "APP-2026")]
    public async Task Without_the_token_nothing_is_told_also_to_those_who_are_signed_in(string? set, string? sent, string code)
    {
        await using RunningServer running = await StartAsync(set);
        using HttpClient browser = await running.SignedInAsync(Ct);
        if (sent is not null)
        {
            browser.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(sent);
        }

        using HttpResponseMessage answer = await browser.GetAsync("/api/metrics", Ct);
        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        string body = await answer.Content.ReadAsStringAsync(Ct);
        body.Should().Contain(code).And.NotContain("sigmatiq_runs").And.NotContain(Key);
    }

    [Fact]
    public void The_token_comes_from_the_environment_or_a_file_and_a_weak_one_is_refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["token"], Key + "\n");
        MetricsApi.TokenOf(_ => null).Should().BeNull();
        MetricsApi.TokenOf(v => v == MetricsApi.TokenVariable ? Key : null)!.Reveal().Should().Be(Key);
        MetricsApi.TokenOf(v => v == MetricsApi.TokenFileVariable ? folder["token"] : "otherotherotherother")!.Reveal().Should().Be(Key, "the file comes first");
        foreach (Func<string, string?> read in (Func<string, string?>[])[v => v == MetricsApi.TokenVariable ? "short" : null, v => v == MetricsApi.TokenFileVariable ? folder["none"] : null])
        {
            FluentActions.Invoking(() => MetricsApi.TokenOf(read)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("APP-2027");
        }
    }

    [Fact]
    public void Labels_may_hold_anything()
    {
        string text = new PrometheusText().Figure("x", "gauge", "Line one\nand \\ two.").Value("x", 1.5, ("a", "quote \" back \\ line \n end"), ("b", "{},=")).Value("x", double.NaN).ToString();
        Parse(text).Should().ContainKey("x{a=quote \" back \\ line \n end,b={},=}").WhoseValue.Should().Be(1.5);
    }

    private static Task<RunningServer> StartAsync(string? token) => RunningServer.StartAsync(Ct, running => routes =>
    {
        Platform platform = Platform.Open(
            running.Data, running.Rows, IdSource.FromSeed(TimeProvider.System, 5), TimeProvider.System, NullLoggerFactory.Instance, metricsToken: () => token is null ? null : new Secret(token));
        foreach (Action<Microsoft.AspNetCore.Routing.IEndpointRouteBuilder> map in ServedStore.Routes(platform))
        {
            map(routes);
        }
    });

    // The text format as https://prometheus.io/docs/instrumenting/exposition_formats/ writes it: every line is a comment or name{labels} value, a figure's
    // TYPE comes before its values, its values stand together, and no line comes twice.
    private static Dictionary<string, double> Parse(string text)
    {
        text.Should().EndWith("\n");
        Dictionary<string, double> read = [];
        HashSet<string> typed = [], ended = [];
        string current = "";
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                string about = comment.Groups["name"].Value;
                if (comment.Groups["kind"].Value == "TYPE")
                {
                    comment.Groups["rest"].Value.Should().BeOneOf("counter", "gauge", "summary", "histogram", "untyped");
                    typed.Add(about).Should().BeTrue(line);
                    ended.Should().NotContain(about, line);
                    ended.Add(current);
                    current = about;
                }

                continue;
            }

            Match value = Value().Match(line);
            value.Success.Should().BeTrue($"'{line}' is a line of the format");
            string name = value.Groups["name"].Value;
            Regex.Replace(name, "_(sum|count)$", "").Should().Match(n => n == current || name == current, line);
            IEnumerable<string> labels = Label().Matches(value.Groups["labels"].Value).Select(l => $"{l.Groups["name"].Value}={Unescaped(l.Groups["value"].Value)}");
            string key = value.Groups["labels"].Length == 0 ? name : $"{name}{{{string.Join(',', labels)}}}";
            read.Add(key, value.Groups["value"].Value == "NaN" ? double.NaN : double.Parse(value.Groups["value"].Value, CultureInfo.InvariantCulture));
        }

        return read;
    }

    private static string Unescaped(string label) => Regex.Replace(label, @"\\(.)", m => m.Groups[1].Value switch { "n" => "\n", var c => c });

    [GeneratedRegex(@"^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.*)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="(\\.|[^"\\])*",?)*)\})? (?<value>NaN|[+-]?Inf|[-+0-9.eE]+)$""")]
    private static partial Regex Value();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(\\.|[^"\\])*)",?""")]
    private static partial Regex Label();
}
