using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
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
        after["reviewer_notes"]!.GetValue<string>().Should().Be("sound");
        woken.Should().ContainSingle().Which.Id.Should().Be(asked.Id);

        using HttpResponseMessage again = await VoteAsync(browser, "reject", asked.Subject.BundleHash);
        again.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync(Token)).Should().Contain("APR-1002");
    }

    [Theory]
    [InlineData("approve", "other", "sound", "APP-2012", HttpStatusCode.Conflict)]
    [InlineData("promote", null, "sound", "APP-2008", HttpStatusCode.UnprocessableEntity)]
    [InlineData("approve", null, "", "APR-1004", HttpStatusCode.UnprocessableEntity)]
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

    private static Task<HttpResponseMessage> VoteAsync(HttpClient browser, string action, string bundle, string notes = "sound") =>
        browser.PostAsJsonAsync("/api/production/approve", new { action, notes, bundle_hash = bundle }, Token);

    private async Task<Approval> AskAsync(RunningServer running)
    {
        string file = Path.Combine(running.Data.Root, "evidence.json");
        await File.WriteAllTextAsync(file, """{"trades":1}""", Token);
        return await approvals.AskAsync(Some.Approval(SampleStatus.Now, [new("evidence.json", ContentHash.OfFile(file).Hex)]), Token);
    }

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(Token, running =>
    {
        AuditChain audit = new(running.Clock);
        approvals = new(running.Rows, running.Data, audit, running.Clock, Sigmatiq.App.Auth.People.FindVoterAsync, (_, decided, _) =>
        {
            woken.Add(decided);
            return Task.CompletedTask;
        });
        return new ProductionApi(running.Data, running.Rows, approvals, new DeploymentService(running.Rows, audit, approvals)).Map;
    });
}
