using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Pages;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Tests.App.Api;

/// <summary>The first page of the studio: what waits, runs and failed, and the board of stages.</summary>
public sealed class OverviewApiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_store_has_nothing_to_show_and_says_who_looks()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode overview = (await browser.GetFromJsonAsync<JsonNode>("/api/overview", Ct))!;
        overview["person"]!.ToJsonString().Should().Be("""{"id":"operator","name":"local operator","role":"operator"}""");
        overview["data"].Should().BeNull();
        foreach (string list in (string[])["strategies", "waits", "running", "failed"])
        {
            overview[list]!.AsArray().Should().BeEmpty(list);
        }

        overview["counts"]!.ToJsonString().Should().Be("""{"waits":0,"votes":0,"running":0,"queued":0,"failed24h":0,"completed24h":0,"oldest_running_utc":null}""");
    }

    [Fact]
    public async Task A_lifecycle_stands_on_the_board_with_its_eight_stages_and_once_paused_among_what_waits()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        string before = await RunViews.StampAsync(room.Running.Rows, Ct);
        RunId run = await room.Platform.Engine.Requests.StartAsync(new(room.Platform.Workflows.Load("lifecycle"), new() { ["ticker"] = "TECH.SYN" }, "operator"), Ct);
        (await RunViews.StampAsync(room.Running.Rows, Ct)).Should().NotBe(before, "an open page is told of a new run");

        JsonNode queued = (await browser.GetFromJsonAsync<JsonNode>("/overview", Ct))!;
        queued["counts"]!["queued"]!.GetValue<int>().Should().Be(1);
        JsonNode row = queued["strategies"]!.AsArray().Should().ContainSingle().Subject!;
        row["run"]!.GetValue<string>().Should().Be(run.Value);
        row["name"]!.GetValue<string>().Should().Be("TECH.SYN");
        row["stages"]!.AsArray().Select(s => s!["name"]!.GetValue<string>()).Should().Equal("Bootstrap", "Data", "Train", "Forecast", "Backtest", "Approve", "Deploy", "Monitor");
        row["stages"]![2]!["step"]!.GetValue<string>().Should().Be("sweep", "the first step of the stage that has not ended well");
        queued["data"]!["is_synthetic"]!.GetValue<bool>().Should().BeTrue("no page of simulated bars is without the label");
        queued["data"]!["planted_effect"]!.GetValue<string>().Should().Contain("planted");

        await room.Platform.Engine.Requests.PauseAsync(run, "operator", "look <b>first</b>", null, Ct);
        (await room.DriveAsync(run, Ct)).Should().Be(RunStatus.Paused);
        JsonNode paused = (await browser.GetFromJsonAsync<JsonNode>("/overview", Ct))!;
        JsonNode wait = paused["waits"]!.AsArray().Should().ContainSingle().Subject!;
        (wait["kind"]!.GetValue<string>(), wait["subject"]!.GetValue<string>()).Should().Be(("paused", run.Value));
        wait["detail"]!.GetValue<string>().Should().Be("paused by operator: look <b>first</b>");
        paused["strategies"]![0]!["state"]!.GetValue<string>().Should().Be("caution", "the board moves with the run");
        paused["counts"]!["waits"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task Only_what_whoever_asks_may_decide_is_counted_as_waiting_for_them()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        Approval strict = Some.Approval(DateTimeOffset.UtcNow) with { FourEyes = FourEyes.Strict, RequestedBy = "operator" };
        await room.Platform.Approvals.AskAsync(strict, Ct);
        RunId run = await room.Platform.Engine.Requests.StartAsync(new(room.Platform.Workflows.Load("lifecycle"), new() { ["ticker"] = "TECH.SYN" }, "operator"), Ct);
        await room.Platform.Engine.Requests.PauseAsync(run, "operator", "look first", null, Ct);
        (await room.DriveAsync(run, Ct)).Should().Be(RunStatus.Paused);

        async Task<(int Waits, int Votes, string Kinds)> SeenByAsync(HttpClient browser)
        {
            JsonNode overview = (await browser.GetFromJsonAsync<JsonNode>("/api/overview", Ct))!;
            return (overview["counts"]!["waits"]!.GetValue<int>(), overview["counts"]!["votes"]!.GetValue<int>(), string.Join(' ', overview["waits"]!.AsArray().Select(w => w!["kind"]!.GetValue<string>())));
        }

        using HttpClient asker = await room.Running.SignedInAsync(Ct);
        (await SeenByAsync(asker)).Should().Be((1, 0, "paused"), "under strict four eyes whoever asked has no vote, and may resume the run");
        using HttpClient approver = await room.Running.SignedInAsync(new("ana", "Ana Ruiz", "approver", "free"), Ct);
        (await SeenByAsync(approver)).Should().Be((1, 1, "vote"), "an approver has the vote and no right to run");
        using HttpClient viewer = await room.Running.SignedInAsync(new("eva", "Eva Paz", "viewer", "free"), Ct);
        (await SeenByAsync(viewer)).Should().Be((0, 0, ""));
    }

    [Fact]
    public void A_stage_that_waits_for_a_vote_says_whose_it_is()
    {
        Approval own = Some.Approval(DateTimeOffset.UtcNow);
        StrategyStages row = new("Swing Sigma on MKT.SYN", "MKT.SYN", "swingsigma@1.1.0", "run_test", Mark.Waiting, "Waiting for your vote", true,
            [new("Backtest", Mark.Ok, "Done", "", null, null, null, null, false), new("Approve", Mark.Waiting, "Your vote", "", null, "approve", own.Id, own.Subject.ExpiresUtc, false)]);
        OverviewReader.SeenBy(row, [own]).Should().BeSameAs(row);
        StrategyStages others = OverviewReader.SeenBy(row, []);
        others.StateWord.Should().Be("Waiting for a vote by somebody else");
        others.Stages.Select(s => (s.Word, s.IsOthers)).Should().Equal(("Done", false), ("Others vote", true));
    }

    [Theory]
    [InlineData("2024-01-16T14:43:00Z", true, "2024-01-16T21:00:00Z", "2024-01-16T14:30:00Z")]
    [InlineData("2024-01-16T14:30:00Z", true, "2024-01-16T21:00:00Z", "2024-01-16T14:30:00Z")]
    [InlineData("2024-01-16T21:00:00Z", false, "2024-01-17T14:30:00Z", null)]
    [InlineData("2024-01-13T15:00:00Z", false, "2024-01-16T14:30:00Z", null)] // Monday the 15th is Martin Luther King Day
    [InlineData("2024-11-29T17:00:00Z", true, "2024-11-29T18:00:00Z", "2024-11-29T14:30:00Z")] // the day after Thanksgiving closes at 13:00
    [InlineData("2024-07-16T13:29:59Z", false, "2024-07-16T13:30:00Z", null)]
    public void The_exchange_is_open_or_opens_next_by_its_own_calendar(string now, bool open, string changes, string? since)
    {
        OverviewMarket market = OverviewReader.MarketAt(At(now));
        (market.IsOpen, market.ChangesAtUtc, market.SinceUtc).Should().Be((open, At(changes), since is null ? null : At(since)));
        market.Zone.Should().Be("America/New_York");
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
