using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

public class WaitUntilStepTests
{
    // Monday 2 March 2026, 15:00 UTC is 10:00 in New York and Bogotá.
    [Theory]
    [InlineData("at: \"2026-03-02T16:30:00Z\"", "2026-03-02T16:30:00Z")]
    [InlineData("at: \"2026-03-02T09:30:00-05:00\"", null)]
    [InlineData("after: 2h", "2026-03-02T17:00:00Z")]
    [InlineData("time: \"16:30\", zone: America/New_York", "2026-03-02T21:30:00Z")]
    [InlineData("time: \"09:30\", zone: America/New_York", "2026-03-03T14:30:00Z")]
    [InlineData("time: \"10:00\", zone: America/Bogota", null)]
    [InlineData("time: \"09:00\", calendar: NYSE", "2026-03-03T14:00:00Z")]
    [InlineData("session: open, calendar: NYSE", "2026-03-03T14:30:00Z")]
    [InlineData("session: close, calendar: NYSE", "2026-03-02T21:00:00Z")]
    [InlineData("session: close, calendar: NYSE, offset: 15m", "2026-03-02T21:15:00Z")]
    [InlineData("session: close, calendar: NYSE, offset: -15m", "2026-03-02T20:45:00Z")]
    public async Task The_instant_is_waited_for_and_an_instant_that_has_passed_is_not(string with, string? until)
    {
        await using KindRoom room = await OpenAsync();
        RunId run = await room.StartAsync(Yaml(with));
        await room.SettleAsync();
        RunState state = await room.StateAsync(run);
        if (until is null)
        {
            state.Status.Should().Be(RunStatus.Completed);
            return;
        }

        DateTimeOffset at = DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture);
        state.Status.Should().Be(RunStatus.Waiting);
        state.NextDueUtc.Should().Be(at);
        (await room.Engine.Views.ListAsync(null, 1, KindRoom.Ct)).Single().Status.Should().Be("waiting");
        room.Clock.Advance(at - room.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        await room.SettleAsync();
        (await room.StateAsync(run)).Status.Should().Be(RunStatus.Waiting, "it is a second too early");
        room.Clock.Advance(TimeSpan.FromSeconds(1));
        await room.SettleAsync();
        state = await room.StateAsync(run);
        state.Status.Should().Be(RunStatus.Completed);
        state.Step("wait").Outputs!["until"]!.GetValue<string>().Should().Be(until);
        state.Step("wait").Instances[0].Attempts.Should().Be(2);
    }

    // Worked by hand: on 8 March 2026 New York goes from 02:00 to 03:00, on 1 November from 02:00 EDT back to 01:00 EST.
    [Theory]
    [InlineData("2026-03-08T05:00:00Z", "02:30", "2026-03-08T07:00:00Z")]
    [InlineData("2026-11-01T04:30:00Z", "01:30", "2026-11-01T05:30:00Z")]
    [InlineData("2026-11-01T05:45:00Z", "01:30", "2026-11-02T06:30:00Z")]
    [InlineData("2026-07-02T21:00:00Z", "16:30", "2026-07-06T20:30:00Z")]
    public async Task A_local_time_is_the_first_one_after_the_runs_now_whatever_the_clocks_do(string asOf, string time, string until)
    {
        await using KindRoom room = await OpenAsync();
        string calendar = time == "16:30" ? ", calendar: NYSE" : "";
        RunState state = await room.RunAsync(Yaml($"time: \"{time}\", zone: America/New_York{calendar}"), asOfUtc: DateTimeOffset.Parse(asOf, System.Globalization.CultureInfo.InvariantCulture));
        DateTimeOffset at = DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture);
        (state.NextDueUtc ?? DateTimeOffset.Parse(state.Step("wait").Outputs!["until"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)).Should().Be(at);
    }

    [Theory]
    [InlineData("{}", WorkflowCodes.BadValue)]
    [InlineData("at: \"2026-03-02T16:30:00Z\", after: 2h", WorkflowCodes.BadValue)]
    [InlineData("at: tomorrow", WorkflowCodes.BadValue)]
    [InlineData("after: soon", WorkflowCodes.BadValue)]
    [InlineData("time: \"25:00\", zone: UTC", WorkflowCodes.BadValue)]
    [InlineData("time: \"16:30\"", WorkflowCodes.BadValue)]
    [InlineData("time: \"16:30\", zone: Mars/Olympus", WorkflowCodes.UnknownZone)]
    [InlineData("session: close", WorkflowCodes.BadValue)]
    [InlineData("session: \"{params.word}\", calendar: NYSE", WorkflowCodes.BadValue)]
    [InlineData("session: open, calendar: \"{params.word}\"", WorkflowCodes.UnknownZone)]
    [InlineData("after: 2h, offset: later", WorkflowCodes.BadValue)]
    public async Task What_says_no_instant_is_refused(string with, string code)
    {
        await using KindRoom room = await OpenAsync();
        string yaml = Yaml(with == "{}" ? "" : with);
        (await KindRoom.RefusalAsync(room.Kinds, yaml, "wait")).Code.Should().Be(code);
        if (with.Contains("{params.word}", StringComparison.Ordinal))
        {
            (await room.RunAsync(yaml)).Step("wait").Instances[0].Problem!.Code.Should().Be(code, "only the run knows the value");
        }
        else
        {
            WorkflowYaml.Parse(yaml, "test.yaml", room.Kinds).Problems.Select(p => (p.Code, p.Where!.StartsWith("test.yaml:5:", StringComparison.Ordinal))).Should().Equal([(code, true)], "what stands in the file is refused with its place on loading");
        }
    }

    [Fact]
    public void The_calendars_of_the_step_are_those_of_schedules() =>
        StepFields.Of(typeof(WaitUntilInput)).Single(f => f.Name == "calendar").Type.Choices.Should().Equal(Schedule.Calendars.Select(c => c.Id));

    private static Task<KindRoom> OpenAsync() => KindRoom.OpenAsync(room => [new WaitUntilStep(room.Rows, room.Clock)]);

    private static string Yaml(string with) => $$"""
        workflow: waits
        version: 1.0.0
        summary: Waits
        parameters: { word: { type: text, default: word } }
        steps: { wait: { uses: wait.until, with: { {{with}} } } }
        """;
}

/// <summary>The same on PostgreSQL.</summary>
[OnStore(StoreEngine.Postgres)]
public sealed class WaitUntilStepOnPostgresTests : WaitUntilStepTests;
