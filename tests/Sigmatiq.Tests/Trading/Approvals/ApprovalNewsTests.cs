using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Store;
using Sigmatiq.Trading.Alerts;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.Trading.Approvals;

/// <summary>Those who wait for a vote hear of it: from the request to its end, at a real receiver.</summary>
public sealed class ApprovalNewsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private StoreFixture store = null!;
    private RawServer receiver = null!;
    private Notifier notifier = null!;
    private ApprovalService approvals = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await StoreFixture.CreateAsync();
        receiver = RawServer.Start(_ => (200, "", ""));
        File.WriteAllText(folder["hook"], "hunter2");
        File.WriteAllText(folder["outside.yaml"], $$"""
            secrets: { hook: { file: hook } }
            channels: { desk: { type: webhook, url: "http://127.0.0.1:{{receiver.Port}}/", secret: hook } }
            routes: [ { kinds: ["approval.*"], channels: [desk] } ]
            """);
        notifier = new(new OutboxQueue(store.Rows, store.Clock), new DeliveryQueue(store.Rows, store.Clock, (_, _, _) => Task.CompletedTask), new(folder["outside.yaml"]), "test/1", Rng.From(1), store.Clock, _ => { });
        approvals = new(store.Rows, store.Data, new AuditChain(store.Clock), store.Clock, Some.FindAsync, (_, _, _) => Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        notifier.Dispose();
        await receiver.DisposeAsync();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_request_its_reminders_their_escalation_and_its_expiry_arrive_in_order_and_once()
    {
        Approval asked = await approvals.AskAsync(Some.Approval(store.Clock.GetUtcNow()) with { RemindAfter = [TimeSpan.FromDays(1), TimeSpan.FromDays(3)], EscalateTo = "admin" }, Ct);
        foreach (int days in (int[])[1, 2, 4])
        {
            store.Clock.Advance(TimeSpan.FromDays(days) - (store.Clock.GetUtcNow() - asked.CreatedUtc));
            await approvals.RemindAsync(asked, Ct);
            await approvals.RemindAsync(asked, Ct);
            await notifier.DeliverDueAsync(Ct);
        }

        store.Clock.Advance(TimeSpan.FromDays(7));
        (await approvals.ExpireAsync(Ct)).Should().Be(1);
        (await approvals.ExpireAsync(Ct)).Should().Be(0);
        await notifier.DeliverDueAsync(Ct);
        Received().Select(m => m["kind"]!.GetValue<string>()).Should().Equal("approval.asked", "approval.reminder", "approval.reminder", "approval.expired");
        Received().Select(m => m["message"]!["to"]?.ToJsonString()).Should().Equal(null, """["approver"]""", """["approver","admin"]""", null);
        Received().Select(m => m["subject"]!.GetValue<string>()).Distinct().Should().Equal("approval:apr_test");
        receiver.Requests.Select(r => r.Headers["X-Sigmatiq-Key"]).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_decision_a_delegation_and_a_reset_are_told_with_who_and_why()
    {
        Approval asked = await approvals.AskAsync(Some.Approval(store.Clock.GetUtcNow()), Ct);
        await approvals.DelegateAsync(asked.Id, "ana", "ben", "away", Ct);
        await approvals.CastAsync(asked.Id, VoteChoice.Approve, "ben", "sound", asked.Digest, Ct);
        await approvals.ResetAsync(asked.Id, "ana", "new bars", Ct);
        await notifier.DeliverDueAsync(Ct);
        Received().Select(m => $"{m["kind"]} {m["message"]!["by"]}: {m["message"]!["reason"]}").Should()
            .Equal("approval.asked operator: ", "approval.delegated ana: away", "approval.approved ben: sound", "approval.reset ana: reset: new bars");
    }

    [Fact]
    public async Task Going_live_is_refused_while_something_is_missing_and_told_once_it_is_not()
    {
        Approval asked = await approvals.AskAsync(Some.Approval(store.Clock.GetUtcNow()), Ct);
        await approvals.CastAsync(asked.Id, VoteChoice.Approve, "ana", "sound", asked.Digest, Ct);
        await FluentActions.Awaiting(() => approvals.PromoteAsync(asked.Id, "operator", "", new(true, true), Ct)).Should().ThrowAsync<Sigmatiq.Store.Errors.ProblemException>().Where(e => e.Problem.Code == "APR-1004");
        await FluentActions.Awaiting(() => approvals.PromoteAsync(asked.Id, "operator", "good", new(true, false), Ct)).Should().ThrowAsync<Sigmatiq.Store.Errors.ProblemException>().Where(e => e.Problem.Code == "APR-1016");
        await notifier.DeliverDueAsync(Ct);
        Received().Select(m => m["kind"]!.GetValue<string>()).Should().Equal("approval.asked", "approval.approved");
    }

    private IReadOnlyList<JsonNode> Received() => [.. receiver.Requests.Select(r => JsonNode.Parse(r.Body)!)];
}
