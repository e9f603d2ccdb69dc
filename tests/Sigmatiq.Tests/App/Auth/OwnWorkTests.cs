using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;

namespace Sigmatiq.Tests.App.Auth;

/// <summary>Every decision about a run or sweep by every role, about one's own and about another's.</summary>
public sealed class OwnWorkTests
{
    private static readonly string[] Decisions = ["runs/{0}/pause", "runs/{0}/resume", "runs/{0}/retry", "runs/{0}/cancel"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_runs_decides_about_their_own_runs_and_whoever_operates_about_anybodys()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Token);
        using HttpClient rita = await room.Running.SignedInAsync(new Person("rita", "Rita", "researcher", "pro"), Token);
        foreach (string role in Roles.All)
        {
            Person person = new($"u-{role}", $"The {role}", role, "pro");
            using HttpClient browser = await room.Running.SignedInAsync(person, Token);
            foreach (string decision in Decisions)
            {
                bool runs = Roles.RightsOf(role).Contains(Right.Run), operates = Roles.RightsOf(role).Contains(Right.Operate);
                (HttpStatusCode status, string body) others = await DecideAsync(browser, decision, await StartAsync(rita));
                string shown = $"{role} {decision}: {(int)others.status} {others.body}";
                (others.status == HttpStatusCode.Forbidden).Should().Be(!operates, shown);
                others.body.Contains("APP-1162", StringComparison.Ordinal).Should().Be(runs && !operates, shown);
                others.body.Contains("USR-1010", StringComparison.Ordinal).Should().Be(!runs, shown);
                if (runs)
                {
                    (await DecideAsync(browser, decision, await StartAsync(browser))).Status.Should().NotBe(HttpStatusCode.Forbidden, $"{role} {decision} of their own");
                }
            }
        }
    }

    [Fact]
    public async Task A_key_of_an_operator_that_only_reads_and_a_researcher_are_told_whose_run_it_is()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Token);
        using HttpClient local = await room.Running.SignedInAsync(Token), rita = await room.Running.SignedInAsync(new Person("rita", "Rita", "researcher", "pro"), Token);
        string run = await StartAsync(local);
        (HttpStatusCode status, string body) = await DecideAsync(rita, "runs/{0}/cancel", run);
        status.Should().Be(HttpStatusCode.Forbidden);
        body.Should().Contain("APP-1162").And.Contain("operator").And.Contain("rita").And.Contain(run);
        (await room.Platform.Engine.Views.SummaryAsync(new(run), Token)).Status.Should().NotBe("cancelled");
        (await DecideAsync(rita, "runs/{0}/cancel", "run_nothing")).Status.Should().Be(HttpStatusCode.NotFound, "what is not there is nobody's");
    }

    [Fact]
    public async Task A_sweep_is_cancelled_by_whoever_asked_for_it()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Token);
        using HttpClient rita = await swept.Room.Running.SignedInAsync(new Person("rita", "Rita", "researcher", "pro"), Token), otto = await swept.Room.Running.SignedInAsync(new Person("otto", "Otto", "operator", "pro"), Token);
        using HttpResponseMessage refused = await rita.DeleteAsync($"/api/sweeps/{swept.Sweep.SweepId}", Token);
        (refused.StatusCode, (await refused.Content.ReadAsStringAsync(Token)).Contains("APP-1162", StringComparison.Ordinal)).Should().Be((HttpStatusCode.Forbidden, true));
        using HttpResponseMessage may = await otto.DeleteAsync($"/api/sweeps/{swept.Sweep.SweepId}", Token);
        may.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static async Task<string> StartAsync(HttpClient browser)
    {
        using HttpResponseMessage started = await browser.PostAsJsonAsync("/api/workflows/lifecycle/trigger", new { parameters = new { ticker = "MKT.SYN" } }, Token);
        started.IsSuccessStatusCode.Should().BeTrue(await started.Content.ReadAsStringAsync(Token));
        return (await started.Content.ReadFromJsonAsync<JsonNode>(Token))!["id"]!.GetValue<string>();
    }

    private static async Task<(HttpStatusCode Status, string Body)> DecideAsync(HttpClient browser, string decision, string run)
    {
        using HttpResponseMessage answer = await browser.PostAsJsonAsync("/api/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, decision, run), new { reason = "a test of rights" }, Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
