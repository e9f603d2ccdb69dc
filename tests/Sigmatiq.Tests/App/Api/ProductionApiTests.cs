using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Tests.App.Pages;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Spec 04 §4.9: the API behind page and command, with the same checks.</summary>
public sealed class ProductionApiTests
{
    private readonly List<Approval> woken = [];
    private ApprovalService approvals = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "S2-06")]
    public async Task An_approval_over_http_is_a_vote_that_wakes_the_run()
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running);
        using HttpClient browser = await running.SignedInAsync(Token);
        JsonNode before = (await browser.GetFromJsonAsync<JsonNode>("/api/production/status", Token))!;
        before["status"]!.GetValue<string>().Should().Be("PENDING_APPROVAL");
        before["deploy_status"]!["status"]!.GetValue<string>().Should().Be("idle");

        using HttpResponseMessage answer = await VoteAsync(browser, "approve", asked.Subject.BundleHash);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        JsonNode after = (await browser.GetFromJsonAsync<JsonNode>("/api/production/status?strategy=" + asked.Subject.StrategyId, Token))!;
        after["status"]!.GetValue<string>().Should().Be("APPROVED");
        after["approved_by"]!.GetValue<string>().Should().Be("operator");
        after["reviewer_notes"]!.GetValue<string>().Should().Be("the evidence is sound");
        woken.Should().ContainSingle().Which.Id.Should().Be(asked.Id);

        using HttpResponseMessage again = await VoteAsync(browser, "reject", asked.Subject.BundleHash);
        again.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync(Token)).Should().Contain("APR-1002");
    }

    [Fact]
    public async Task What_was_approved_stands_in_production_with_who_did_it_and_why()
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running);
        using HttpClient browser = await running.SignedInAsync(Token);
        (await browser.GetFromJsonAsync<JsonArray>("/api/production/standings", Token)).Should().BeEmpty("nothing is approved yet");
        using HttpResponseMessage vote = await VoteAsync(browser, "approve", asked.Subject.BundleHash);
        vote.StatusCode.Should().Be(HttpStatusCode.OK);
        JsonNode standing = (await browser.GetFromJsonAsync<JsonArray>("/api/production/standings", Token))!.Single()!;
        (standing["strategy_id"]!.GetValue<string>(), standing["mode"]!.GetValue<string>(), standing["status"]!.GetValue<string>()).Should().Be((asked.Subject.StrategyId, asked.Subject.Target, "approved"));
        JsonNode approval = standing["approval"]!;
        (approval["decided_by"]!.GetValue<string>(), approval["reason"]!.GetValue<string>(), approval["digest"]!.GetValue<string>()).Should().Be(("operator", "the evidence is sound", asked.Digest));
        standing["deployment"].Should().BeNull();
        standing["guardrails"]!.AsArray().Should().BeEmpty();
    }

    [Theory]
    [InlineData("approve", "other", "sound", "APP-2012", HttpStatusCode.Conflict)]
    [InlineData("promote", null, "sound", "APP-2008", HttpStatusCode.UnprocessableEntity)]
    [InlineData("approve", null, "", "APR-1004", HttpStatusCode.UnprocessableEntity)]
    [InlineData("approve", null, "  sound     ", "APP-1163", HttpStatusCode.UnprocessableEntity)]
    [InlineData("reject", null, "unsound🙂🙂", "APP-1163", HttpStatusCode.UnprocessableEntity)]
    public async Task A_vote_on_another_bundle_or_without_choice_or_reason_changes_nothing(string action, string? bundle, string notes, string code, HttpStatusCode status)
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running);
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await VoteAsync(browser, action, bundle ?? asked.Subject.BundleHash, notes);
        answer.StatusCode.Should().Be(status);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain(code);
        (await approvals.GetAsync(asked.Id, Token)).Status.Should().Be(ApprovalStatus.PendingApproval);
    }

    [Fact]
    public async Task A_reason_says_something_and_more_where_it_goes_against_the_gates()
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running);
        Approval against = await approvals.AskAsync(Some.Approval(running.Clock.Now, asked.Subject.Evidence) with { Id = "apr_against", RunId = "run_against", Recommendation = Recommendation.Reject }, Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        foreach ((string action, int length, bool isTaken) in ((string, int, bool)[])[("approve", 39, false), ("approve", 2_001, false), ("reject", 9, false), ("approve", 40, true)])
        {
            using HttpResponseMessage answer = await browser.PostAsJsonAsync("/api/production/approve",
                new { action, notes = new string('x', length), bundle_hash = against.Subject.BundleHash, digest = against.Digest, approval = against.Id }, Token);
            string body = await answer.Content.ReadAsStringAsync(Token);
            answer.IsSuccessStatusCode.Should().Be(isTaken, $"{action} with {length}: {body}");
            body.Contains("APP-1163", StringComparison.Ordinal).Should().Be(!isTaken, body);
            if (!isTaken)
            {
                JsonNode.Parse(body)!["where"]!.GetValue<string>().Should().Be("notes");
                body.Should().Contain(length.ToString(System.Globalization.CultureInfo.InvariantCulture)).And.Contain(length > 2_000 ? "2000" : action == "approve" ? "40" : "10");
            }
        }
    }

    [Fact]
    public async Task Evidence_that_changed_after_it_was_shown_cannot_be_approved()
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running);
        await File.AppendAllTextAsync(Path.Combine(running.Data.Root, "evidence.json"), " ", Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await VoteAsync(browser, "approve", asked.Subject.BundleHash);
        answer.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APR-1003");
        woken.Should().BeEmpty();
    }

    [Fact]
    public async Task A_deployment_of_what_is_not_approved_is_forbidden()
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running);
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage refused = await browser.PostAsync("/api/production/deploy", ModelsApiTests.Json("{}"), Token);
        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2013");
        using HttpResponseMessage voted = await VoteAsync(browser, "approve", asked.Subject.BundleHash);
        using HttpResponseMessage accepted = await browser.PostAsync("/api/production/deploy", ModelsApiTests.Json("{}"), Token);
        accepted.StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Strategies_are_listed_and_an_unknown_one_is_404()
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running);
        using HttpClient browser = await running.SignedInAsync(Token);
        JsonNode list = (await browser.GetFromJsonAsync<JsonNode>("/api/production/strategies", Token))!;
        list["active_strategy_id"]!.GetValue<string>().Should().Be(asked.Subject.StrategyId);
        list["strategies"]!.AsArray().Should().ContainSingle().Which!["has_production"]!.GetValue<bool>().Should().BeFalse();
        (await browser.GetFromJsonAsync<JsonArray>("/api/production/monitor", Token)).Should().BeEmpty();
        using HttpResponseMessage unknown = await browser.GetAsync("/api/production/status?strategy=nothing", Token);
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Row", "S2-31")]
    public async Task Direct_calls_without_sign_in_or_role_or_by_the_one_who_asked_are_refused_and_nothing_is_deployed()
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running, FourEyes.Strict);
        await RefusedAsync(running.Stranger(), HttpStatusCode.Unauthorized, "APP-2001");
        Person rita = new("rita", "Rita Mora", "approver", "pro");
        using HttpClient viewer = await running.SignedInAsync(new Person("eva", "Eva Paz", "viewer", "free"), Token);
        await RefusedAsync(viewer, HttpStatusCode.Forbidden, "USR-1010");
        using HttpClient local = await running.SignedInAsync(Token), first = await running.SignedInAsync(rita, Token), second = await running.SignedInAsync(rita, Token);
        await RefusedAsync(local, HttpStatusCode.Forbidden, "APR-1006");
        foreach (HttpClient session in (HttpClient[])[first, second])
        {
            await RefusedAsync(session, HttpStatusCode.Forbidden, "APR-1006");
            using HttpResponseMessage handed = await session.PostAsJsonAsync("/api/production/delegate", new { to = "eva", reason = "for me" }, Token);
            (handed.StatusCode, (await handed.Content.ReadAsStringAsync(Token)).Contains("APR-1006")).Should().Be((HttpStatusCode.Forbidden, true));
            using HttpResponseMessage deploy = await session.PostAsync("/api/production/deploy", ModelsApiTests.Json("{}"), Token);
            deploy.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        }

        (await approvals.GetAsync(asked.Id, Token)).Votes.Should().BeEmpty();
        woken.Should().BeEmpty();
        using HttpClient ana = await running.SignedInAsync(new Person("ana", "Ana Ruiz", "approver", "pro"), Token);
        using HttpResponseMessage stale = await ana.PostAsJsonAsync(
            "/api/production/approve", new { action = "approve", notes = "sound", bundle_hash = asked.Subject.BundleHash, digest = new string('0', 64) }, Token);
        (stale.StatusCode, (await stale.Content.ReadAsStringAsync(Token)).Contains("APP-2012")).Should().Be((HttpStatusCode.Conflict, true));
        using HttpResponseMessage voted = await VoteAsync(ana, "approve", asked.Subject.BundleHash);
        voted.StatusCode.Should().Be(HttpStatusCode.OK, "somebody else may");

        async Task RefusedAsync(HttpClient browser, HttpStatusCode status, string code)
        {
            using HttpResponseMessage answer = await VoteAsync(browser, "approve", asked.Subject.BundleHash);
            answer.StatusCode.Should().Be(status);
            (await answer.Content.ReadAsStringAsync(Token)).Should().Contain(code);
        }
    }

    [Fact]
    public async Task A_second_deployment_of_a_strategy_that_is_being_deployed_is_a_conflict()
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running);
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage voted = await VoteAsync(browser, "approve", asked.Subject.BundleHash);
        new DeployStatusFile(running.Data, running.Clock, asked.RunId).Enter("train", 0.5, "fits");
        using HttpResponseMessage second = await browser.PostAsync("/api/production/deploy", ModelsApiTests.Json("{}"), Token);
        second.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await second.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2016");
        await File.AppendAllTextAsync(Path.Combine(running.Data.Root, "evidence.json"), " ", Token);
        using HttpResponseMessage edited = await browser.PostAsync("/api/production/deploy", ModelsApiTests.Json("{}"), Token);
        edited.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await edited.Content.ReadAsStringAsync(Token)).Should().Contain("DEP-1002");
    }

    private static Task<HttpResponseMessage> VoteAsync(HttpClient browser, string action, string bundle, string notes = "the evidence is sound") =>
        browser.PostAsJsonAsync("/api/production/approve", new { action, notes, bundle_hash = bundle }, Token);

    [Fact]
    public async Task A_vote_reaches_the_request_that_it_names_where_a_strategy_has_two()
    {
        await using RunningServer running = await StartAsync();
        Approval older = await AskAsync(running);
        running.Clock.Now += TimeSpan.FromHours(1);
        Approval newer = await approvals.AskAsync(Some.Approval(running.Clock.Now, older.Subject.Evidence) with { Id = "apr_newer", RunId = "run_newer" }, Token);
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage vote = await browser.PostAsJsonAsync("/api/production/approve",
            new { action = "reject", notes = "the newer one is better", bundle_hash = older.Subject.BundleHash, digest = older.Digest, approval = older.Id }, Token);
        vote.StatusCode.Should().Be(HttpStatusCode.OK);
        (await approvals.GetAsync(older.Id, Token)).Status.Should().Be(ApprovalStatus.Rejected);
        (await approvals.GetAsync(newer.Id, Token)).Status.Should().Be(ApprovalStatus.PendingApproval);
        using HttpResponseMessage mixed = await browser.PostAsJsonAsync("/api/production/approve",
            new { action = "approve", notes = "the evidence is sound", bundle_hash = newer.Subject.BundleHash, digest = older.Digest, approval = newer.Id }, Token);
        (mixed.StatusCode, (await mixed.Content.ReadAsStringAsync(Token)).Contains("APP-2012")).Should().Be((HttpStatusCode.Conflict, true));
    }

    [Fact]
    public async Task A_reset_and_a_delegation_go_over_http_with_the_checks_of_the_command()
    {
        await using RunningServer running = await StartAsync();
        Approval asked = await AskAsync(running);
        using HttpClient browser = await running.SignedInAsync(Token);
        async Task<(HttpStatusCode, string)> SendAsync(string verb, object body)
        {
            using HttpResponseMessage answer = await browser.PostAsJsonAsync($"/api/production/{verb}", body, Token);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
        }

        (await SendAsync("reset", new { reason = "too early" })).Should().Match<(HttpStatusCode Status, string Body)>(a => a.Status == HttpStatusCode.Conflict && a.Body.Contains("APR-1015"));
        (await SendAsync("delegate", new { to = "nobody", reason = "away" })).Item2.Should().Contain("APR-1020");
        using HttpResponseMessage vote = await VoteAsync(browser, "approve", asked.Subject.BundleHash);
        (await SendAsync("reset", new { reason = "" })).Item2.Should().Contain("APR-1004");
        (await SendAsync("promote", new { reason = "" })).Item2.Should().Contain("APR-1004");
        (await SendAsync("promote", new { strategy = asked.Subject.StrategyId, reason = "go" })).Should().Match<(HttpStatusCode Status, string Body)>(
            a => a.Status == HttpStatusCode.Conflict && a.Body.Contains("APR-"), "relaxed votes on paper do not go live, and say so");
        (HttpStatusCode status, string body) = await SendAsync("reset", new { strategy = asked.Subject.StrategyId, reason = "new bars" });
        (status, JsonNode.Parse(body)!["run"]!.GetValue<string>()).Should().Be((HttpStatusCode.Accepted, "run_again"));
        (await approvals.GetAsync(asked.Id, Token)).ResetUtc.Should().NotBeNull();
    }

    private async Task<Approval> AskAsync(RunningServer running, FourEyes fourEyes = FourEyes.Relaxed)
    {
        string file = Path.Combine(running.Data.Root, "evidence.json");
        await File.WriteAllTextAsync(file, """{"trades":1}""", Token);
        return await approvals.AskAsync(
            Some.Approval(SampleStatus.Now, [new("evidence.json", ContentHash.OfFile(file).Hex)]) with { FourEyes = fourEyes, Parties = [new("trainer", "rita")] }, Token);
    }

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(Token, running =>
    {
        AuditChain audit = new(running.Clock);
        approvals = new(running.Rows, running.Data, audit, running.Clock, Sigmatiq.App.Auth.People.FindVoterAsync, (_, decided, _) =>
        {
            woken.Add(decided);
            return Task.CompletedTask;
        });
        return new ProductionApi(running.Data, running.Rows, approvals, new DeploymentService(running.Rows, audit, approvals), async (latest, by, reason, ct) =>
        {
            await approvals.ResetAsync(latest.Id, by, reason, ct);
            return new("run_again");
        }).Map;
    });
}
