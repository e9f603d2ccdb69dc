using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

public abstract class UpstreamStepTests
{
    private const string Before = "workflow: before\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: test.use } }\n";

    // Wednesday 4 March 2026, 10:00 in Bogotá.
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 15, 0, 0, TimeSpan.Zero);

    [Theory]
    [Trait("Row", "S2-46")]
    [InlineData("2026-03-04T05:00:00Z", "today", null, true)]
    [InlineData("2026-03-04T04:59:00Z", "today", null, false)]
    [InlineData("2026-03-02T05:00:00Z", "this_week", null, true)]
    [InlineData("2026-03-02T04:59:00Z", "this_week", null, false)]
    [InlineData("2026-02-24T15:00:00Z", null, "8d", true)]
    [InlineData("2026-02-24T14:59:00Z", null, "8d", false)]
    [InlineData("2026-03-04T15:01:00Z", "today", null, false)]
    public async Task A_missing_upstream_blocks_the_run_and_alerts_once(string completedAsOf, string? since, string? age, bool found)
    {
        await using RunRoom room = await RunRoom.OpenAsync();
        RunId run = await room.Engine.Requests.StartAsync(
            new(room.Steps.Workflow(Before), [], "operator") { AsOfUtc = DateTimeOffset.Parse(completedAsOf, System.Globalization.CultureInfo.InvariantCulture) }, RunRoom.Ct);
        await room.DriveAsync(run);
        StepOutcome first = await StepAsync(room, new("before", age, since)), second = await StepAsync(room, new("before", age, since));
        if (found)
        {
            first.Should().BeOfType<StepOutcome.Succeeded>().Which.Output["run"]!.GetValue<string>().Should().Be(run.Value);
        }
        else
        {
            StepOutcome.Failed failed = second.Should().BeOfType<StepOutcome.Failed>().Subject;
            (failed.Problem.Code, failed.Category).Should().Be((UpstreamStep.Missing, FailureCategories.SourceUnavailable));
        }

        (await room.Rows.QueryAsync<string>("select kind from outbox", null, RunRoom.Ct)).Should().Equal(found ? [] : ["alert.workflow"]);
    }

    [Fact]
    public async Task A_run_that_failed_is_no_upstream()
    {
        await using RunRoom room = await RunRoom.OpenAsync();
        room.Steps.On("one", _ => new StepOutcome.Failed(new("TST-0002", "No."), FailureCategories.Refused));
        RunId run = await room.Engine.Requests.StartAsync(new(room.Steps.Workflow(Before), [], "operator") { AsOfUtc = Now }, RunRoom.Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Failed);
        (await StepAsync(room, new("before", "8d"))).Should().BeOfType<StepOutcome.Failed>();
    }

    [Theory]
    [InlineData(null, null, "America/Bogota", WorkflowCodes.BadValue)]
    [InlineData("8d", "today", "America/Bogota", WorkflowCodes.BadValue)]
    [InlineData(null, "lately", "America/Bogota", WorkflowCodes.BadValue)]
    [InlineData(null, "today", "Mars/Base", WorkflowCodes.UnknownZone)]
    public async Task An_unclear_contract_is_refused(string? age, string? since, string zone, string code)
    {
        await using RunRoom room = await RunRoom.OpenAsync();
        await FluentActions.Awaiting(() => StepAsync(room, new("before", age, since, zone))).Should().ThrowAsync<ProblemException>().Where(e => e.Problem.Code == code);
    }

    private static Task<StepOutcome> StepAsync(RunRoom room, UpstreamInput input) => new UpstreamStep(room.Rows, new OutboxQueue(room.Rows, room.Clock)).RunAsync(
        new() { Run = new("run_1"), Step = "upstream", Index = 0, Attempt = 1, Seed = 7, RequestedBy = "schedule", AsOfUtc = Now }, input, RunRoom.Ct);
}

public sealed class UpstreamStepOnSqliteTests : UpstreamStepTests;

[OnStore(StoreEngine.Postgres)]
public sealed class UpstreamStepOnPostgresTests : UpstreamStepTests;
