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
