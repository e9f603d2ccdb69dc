using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The first thing a newcomer does, with real processes: <c>up</c>, look, kill, start again, vote.</summary>
public sealed class UpTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LaneMax = TimeSpan.FromMinutes(15);
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("sigmatiq-up-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => data.Delete(recursive: true);

    [Fact]
    [Trait("Row", "S2-01")]
    [Trait("Row", "S2-06")]
    public async Task A_fresh_store_comes_to_its_vote_survives_kills_and_a_vote_on_the_page_deploys()
    {
        string run;
        using (ProgramProcess first = Up())
        {
            // Killed in the middle, once the sweep or the training is under way.
            await first.SaysAsync(@"^Sigmatiq serves", Soon, Token);
            await Task.Delay(TimeSpan.FromSeconds(12), Token);
            first.Kill();
        }

        using (ProgramProcess second = Up())
        {
            run = (await second.NotesAsync(@"^(run_[0-9a-f]+) waits for your vote", LaneMax, Token)).Groups[1].Value;
            using ProgramProcess third = Up();
            (await third.EndAsync(Soon, Token)).Should().Be(0);
            third.Out.Should().Contain("already serves");

            second.Kill();
        }

        using ProgramProcess last = Up();
        long begun = Stopwatch.GetTimestamp();
        (await last.NotesAsync(@"^(run_[0-9a-f]+) waits for your vote", Soon, Token)).Groups[1].Value.Should().Be(run, "the same run is still waiting");
        Stopwatch.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromSeconds(30));

        // A browser is led to the request itself.
        string link = (await last.SaysAsync(@"http\S+/sign-in\?token=[0-9a-f]{64}&next=/dashboard/apr_[0-9a-z]+$", Soon, Token)).Value;
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(new Uri(link).GetLeftPart(UriPartial.Authority)) };
        string page = await browser.GetStringAsync(link, Token);
        page.Should().Contain("Synthetic data").And.Contain("planted effect").And.Contain("Your vote")
            .And.Contain("On the hold-out the trained classifier shows no skill. AUC 0.48");
        Regex.Matches(page, "data-l=\"Rank\">(\\d+)<").Should().HaveCount(45, "the leaderboard is complete");
        page.Should().Contain("class=\"equity wide\"").And.Contain("Significance");

        string action = Regex.Match(page, "action=\"(/approvals/[^\"]+)\"").Groups[1].Value;
        using HttpResponseMessage voted = await browser.PostAsync(action, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["csrf"] = Field(page, "csrf"), ["digest"] = Field(page, "digest"), ["choice"] = "approve", ["reason"] = "The gates are read; paper only.",
        }), Token);
        voted.StatusCode.Should().Be(HttpStatusCode.OK, "the vote leads back to the page");
        await UntilAsync(async () => (await browser.GetStringAsync("/status", Token)).Contains("Deployment") && await StateAsync(run) == "completed");
        (await browser.GetStringAsync("/status", Token)).Should().Contain("Self approved").And.Contain("The gates are read; paper only.");
        last.Terminate();
        (await last.EndAsync(Soon, Token)).Should().Be(0);
    }

    private static string Field(string page, string name) => Regex.Match(page, $"name=\"{name}\" value=\"([0-9a-f]+)\"").Groups[1].Value;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Stopwatch.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromMinutes(5));
            await Task.Delay(250, Token);
        }
    }

    private async Task<string?> StateAsync(string run)
    {
        using ProgramProcess show = ProgramProcess.Start("runs", "show", run, "--data", data.FullName, "--output", "json");
        (await show.EndAsync(Soon, Token)).Should().Be(0);
        return JsonNode.Parse(show.Out)?["status"]?.GetValue<string>();
    }

    private ProgramProcess Up() => ProgramProcess.Start("up", "--data", data.FullName);
}
