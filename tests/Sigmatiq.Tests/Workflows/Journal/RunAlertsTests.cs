using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Journal;

/// <summary>What nobody watches tells somebody: from the schedule to the receiver.</summary>
public sealed class RunAlertsTests
{
    // Wednesday 4 March 2026, 08:00 in Bogotá.
    private static readonly DateTimeOffset Morning = new(2026, 3, 4, 13, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Row", "S2-46")]
    public async Task A_missing_upstream_blocks_the_scheduled_run_and_the_alert_arrives()
    {
        ManualClock clock = new(Morning);
        await using ReachingRoom room = await ReachingRoom.OpenAsync(clock);
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(room.Room.Data.Root, "workflows"));
        Write(folder, "training", "zone: America/Bogota, cron: 0 6 * * 0", "train: { uses: notify, with: { channel: ops, message: trained } }");
        Write(folder, "signal", "zone: America/Bogota, cron: 15 8 * * *",
            "upstream: { uses: workflows.upstream, with: { workflow: training, not_older_than: 8d } }\n  after: { uses: notify, needs: [upstream], with: { channel: ops, message: 'a signal' } }");
        ScheduleBook book = new(room.Room.Rows, new AuditChain(clock), clock);
        ScheduleDesk desk = new(new(folder.FullName, room.Kinds), room.Engine.Versions, book, room.Engine.Requests, clock, NullLogger.Instance);
        await desk.DecideAllAsync(RunRoom.Ct);
        clock.Advance(TimeSpan.FromMinutes(15));
        await desk.DecideAllAsync(RunRoom.Ct);

        RunSummary run = (await room.Engine.Views.ListAsync("signal", 10, RunRoom.Ct)).Should().ContainSingle().Subject;
        RunState blocked = await room.DriveAsync(new(run.Id));
        (blocked.Status, blocked.Step("upstream").Status, blocked.Step("after").Status).Should().Be((RunStatus.Failed, StepStatus.Failed, StepStatus.Skipped));
        await room.Notifier.DeliverDueAsync(RunRoom.Ct);
        JsonNode alert = room.Received.Should().ContainSingle("the step has told of it, so the run does not tell it again").Subject;
        (alert["kind"]!.GetValue<string>(), alert["message"]!["code"]!.GetValue<string>(), alert["message"]!["run"]!.GetValue<string>()).Should()
            .Be(("alert.workflow", UpstreamStep.Missing, run.Id));

        // Once the predecessor has done its work, the same run goes on.
        RunId training = await room.Engine.Requests.StartAsync(new(new Sigmatiq.Workflows.Definitions.WorkflowFolder(folder.FullName, room.Kinds).Load("training"), [], "operator")
        {
            AsOfUtc = clock.GetUtcNow().AddHours(-1),
        }, RunRoom.Ct);
        await room.DriveAsync(training);
        await room.Engine.Requests.RetryAsync(new(run.Id), null, "operator", "trained by hand", null, RunRoom.Ct);
        (await room.DriveAsync(new(run.Id))).Status.Should().Be(RunStatus.Completed);
        await room.Notifier.DeliverDueAsync(RunRoom.Ct);
        room.Received.Select(m => m["message"]!["message"]!.GetValue<string>()).Skip(1).Should().BeEquivalentTo(["trained", "a signal"]);
    }

    [Theory]
    [InlineData("schedule", 1)]
    [InlineData("operator", 0)]
    public async Task A_scheduled_run_that_fails_alerts_once_and_one_started_by_hand_does_not(string requester, int alerts)
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        RunId run = await room.StartAsync("tell: { uses: notify, with: { channel: nowhere, message: x } }", requester);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Failed);
        await room.Notifier.DeliverDueAsync(RunRoom.Ct);
        await room.Notifier.DeliverDueAsync(RunRoom.Ct);
        room.Received.Should().HaveCount(alerts);
        if (alerts == 1)
        {
            JsonNode message = room.Received[0]["message"]!;
            (message["run"]!.GetValue<string>(), message["step"]!.GetValue<string>(), message["code"]!.GetValue<string>()).Should().Be((run.Value, "tell", "OUT-1005"));
            await room.Engine.Requests.RetryAsync(run, null, "operator", "again", null, RunRoom.Ct);
            await room.DriveAsync(run);
            await room.Notifier.DeliverDueAsync(RunRoom.Ct);
            room.Received.Should().HaveCount(2, "it failed once more");
        }
    }

    private static void Write(DirectoryInfo folder, string id, string schedule, string steps) => File.WriteAllText(
        Path.Combine(folder.FullName, $"{id}.1.0.0.yaml"), $"workflow: {id}\nversion: 1.0.0\nsummary: s\nschedule: {{ {schedule} }}\nsteps:\n  {steps}\n");
}
