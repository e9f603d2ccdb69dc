using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

public sealed class ApprovalStepTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("APR-1008", "7d", "person")]
    [InlineData("APR-1009", "next week", "gates", "person")]
    public Task Votes_and_expiry_that_mean_nothing_are_refused(string code, string expires, params string[] votes) => RefusesAsync(code, new("request.json", votes, expires));

    [Fact]
    public async Task A_policy_that_means_nothing_is_refused()
    {
        ApprovalInput sound = new("request.json", ["gates", "person"]);
        await RefusesAsync("APR-1017", sound with { FourEyes = "loose" });
        await RefusesAsync("APR-1017", sound with { Quorum = 0 });
        await RefusesAsync("APR-1019", sound with { Remind = ["soon"] });
        await RefusesAsync("APR-1019", sound with { Remind = ["8d"] });
    }

    [Fact]
    public async Task A_pending_request_is_looked_at_again_at_its_next_reminder_and_knows_who_had_a_part()
    {
        using TemporaryFolder folder = new();
        var data = new DataDirectory(folder.Path);
        SettableClock clock = new(new(2026, 3, 2, 14, 30, 0, TimeSpan.Zero));
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        var approvals = new ApprovalService(rows, data, new AuditChain(clock), clock, Some.FindAsync, (_, _, _) => Task.CompletedTask);
        var step = new ApprovalStep(approvals, new(rows, new(Path.Combine(Checkout.Root, "packs"))), _ => Task.FromResult(FourEyes.Strict), data, clock);
        VoteRequest request = new(Some.Subject(clock.GetUtcNow()), Sigmatiq.Backtest.Evidence.Recommendation.Review, [], []);
        await File.WriteAllTextAsync(folder["request.json"], System.Text.Json.JsonSerializer.Serialize(request, ApprovalJson.Options), Ct);
        ApprovalInput input = new("request.json", ["gates", "person"], "7d", null, 2, ["1d", "3d"], "admin");
        StepContext context = new()
        {
            Run = new("run_0123456789abcdef"), Step = "approve", Index = 0, Attempt = 1, AsOfUtc = clock.GetUtcNow(), Seed = 1, RequestedBy = "rita",
        };
        DateTimeOffset asked = clock.GetUtcNow();
        foreach (double days in (double[])[0, 1, 3])
        {
            clock.Advance(asked.AddDays(days) - clock.GetUtcNow());
            var waiting = (await step.RunAsync(context, input, Ct)).Should().BeOfType<StepOutcome.Waiting>().Subject;
            waiting.ExpiresUtc.Should().Be(asked.AddDays(days switch { 0 => 1, 1 => 3, _ => 7 }));
        }

        Approval approval = (await approvals.OfRunAsync(context.Run.Value, Ct))!;
        (approval.FourEyes, approval.Quorum).Should().Be((FourEyes.Strict, 2));
        approval.Parties.Select(p => $"{p.Part} {p.Id}").Should().Equal("requester rita", "deployer rita", "author Sigmatiq Team");
        (await rows.FirstOrDefaultAsync<int>("select count(*) from outbox where kind = 'approval.reminder'", null, Ct)).Should().Be(2);
    }

    private static async Task RefusesAsync(string code, ApprovalInput input)
    {
        using TemporaryFolder folder = new();
        var data = new DataDirectory(folder.Path);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
        var approvals = new ApprovalService(rows, data, new AuditChain(TimeProvider.System), TimeProvider.System, Some.FindAsync, (_, _, _) => Task.CompletedTask);
        var step = new ApprovalStep(approvals, new(rows, new(Path.Combine(Checkout.Root, "packs"))), _ => Task.FromResult(FourEyes.Relaxed), data, TimeProvider.System);
        StepOutcome outcome = await step.RunAsync(
            new()
            {
                Run = new("run_0123456789abcdef"), Step = "approve", Index = 0, Attempt = 1, AsOfUtc = DateTimeOffset.UnixEpoch, Seed = 1, RequestedBy = "operator",
            },
            input, Ct);
        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Problem.Code.Should().Be(code);
    }
}
