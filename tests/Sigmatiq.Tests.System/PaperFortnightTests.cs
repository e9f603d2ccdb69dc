using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Auth;
using Sigmatiq.Store;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The lane with its real steps in this process, under a clock that the test moves: a vote after two days, then a fortnight of readings.</summary>
public sealed class PaperFortnightTests : IDisposable
{
    private const string Watch = """
        workflow: watch
        version: 1.0.0
        summary: Read the guardrails of a deployment every day
        parameters:
          deployment: { type: text, help: what to look at }
        steps:
          monitor: { uses: trading.monitor, with: { deployment: "{params.deployment}" } }
        """;

    private readonly string root = Directory.CreateTempSubdirectory("sigmatiq-fortnight-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fourteen_days_on_paper_pass_in_one_process_with_a_reading_of_the_guardrails_each_day()
    {
        var clock = new SettableClock(new(2024, 7, 1, 12, 0, 0, TimeSpan.Zero));
        DataDirectory data = new(root);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        Platform platform = Platform.Open(data, rows, IdSource.FromSeed(clock, 1), clock, NullLoggerFactory.Instance);
        await using EngineLease lease = (await EngineLease.TryTakeAsync(data, rows, TimeProvider.System, "test/1", Ct)).Lease!;
        Task<RunState> DriveAsync(RunId id) => platform.Engine.DriveAloneAsync(lease, id, Ct);

        JsonObject asked = new() { ["ticker"] = "MKT.SYN", ["from"] = "2020-01-01", ["to"] = "2024-06-28", ["confidence"] = "rule" };
        RunId run = await platform.Engine.Requests.StartAsync(new(platform.Workflows.Load("lifecycle"), asked, People.LocalOperator.Id), Ct);
        (await DriveAsync(run)).Status.Should().Be(RunStatus.Waiting);
        clock.Advance(TimeSpan.FromDays(2));
        await platform.Approvals.CastAsync(null, VoteChoice.Approve, People.LocalOperator.Id, "sound on paper", null, Ct);
        RunState done = await DriveAsync(run);
        done.Status.Should().Be(RunStatus.Completed, done.Reason);
        string deployment = done.Step("deploy").Outputs!["deployment"]!.GetValue<string>();

        WorkflowDefinition watch = WorkflowYaml.Parse(Watch, "watch.yaml", platform.Engine.Kinds).Value;
        long begun = TimeProvider.System.GetTimestamp();
        for (int day = 1; day <= 14; day++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            RunId reading = await platform.Engine.Requests.StartAsync(new(watch, new() { ["deployment"] = deployment }, People.LocalOperator.Id), Ct);
            RunState read = await DriveAsync(reading);
            read.Status.Should().Be(RunStatus.Completed, read.Reason);
            read.Step("monitor").Outputs!["tripped"]!.GetValue<int>().Should().Be(0, "there is no paper trade yet");
        }

        TimeSpan took = TimeProvider.System.GetElapsedTime(begun);
        IReadOnlyList<string> readings = await rows.QueryAsync<string>("select evaluated_utc from guardrail_readings where deployment_id = @deployment order by evaluated_utc", new { deployment }, Ct);
        readings.Should().HaveCount(15).And.OnlyHaveUniqueItems();
        (UtcText.Parse(readings[^1]) - UtcText.Parse(readings[1])).Should().Be(TimeSpan.FromDays(13));
        took.Should().BeLessThan(TimeSpan.FromSeconds(10), "a fortnight of real readings is no work");
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"fourteen days in {took.TotalSeconds:0.0} s"));
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(root, recursive: true);
}
