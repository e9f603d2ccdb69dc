using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Tests.Workflows.Definitions;

public sealed class ScheduleYamlTests
{
    private const string Head = "workflow: a\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: test.use } }\nschedule:\n";
    private readonly TestSteps steps = new();

    [Fact]
    public void A_schedule_is_read_with_a_rule_of_its_own_for_each_expression()
    {
        Schedule schedule = Read("""
              zone: America/Bogota
              calendar: COLOMBIA
              catch_up: window(6h)
              paused: true
              reason: the desk is closed
              fires:
                - { cron: "*/30 9-13 * * 1-5" }
                - { cron: "0 50 12 ? * 6", holiday: preceding }
            """).Schedule!;
        (schedule.Zone.Id, schedule.Calendar!.Id, schedule.Paused).Should().Be(("America/Bogota", "COLOMBIA", "the desk is closed"));
        schedule.CatchUp.Should().Be(new CatchUp(int.MaxValue, TimeSpan.FromHours(6)));
        schedule.Lines.Select(l => (l.Cron.Form, l.Holiday)).Should().Equal((CronForm.Unix, HolidayRule.Skip), (CronForm.Quartz, HolidayRule.Preceding));
        schedule.Summary.Should().Be("*/30 9-13 * * 1-5 (unix, skip) + 0 50 12 ? * 6 (quartz, preceding)");
    }

    [Fact]
    public void Without_a_calendar_it_fires_on_all_days_and_catches_nothing_up()
    {
        Schedule schedule = Read("  zone: UTC\n  cron: 0 9 * * *").Schedule!;
        schedule.Lines.Single().Holiday.Should().Be(HolidayRule.None);
        schedule.CatchUp.Should().Be(CatchUp.Skip);
        (schedule.Calendar, schedule.Paused).Should().Be((null, null));
        Read("").Schedule.Should().BeNull("it is started by hand");
    }

    [Theory]
    [InlineData("  zone: Mars/Base\n  cron: 0 9 * * *", WorkflowCodes.UnknownZone, 6, 9)]
    [InlineData("  zone: UTC\n  calendar: LSE\n  cron: 0 9 * * *", WorkflowCodes.UnknownZone, 7, 13)]
    [InlineData("  cron: 0 9 * * *", WorkflowCodes.Structure, 6, 3)]
    [InlineData("  zone: UTC", WorkflowCodes.Structure, 6, 3)]
    [InlineData("  zone: UTC\n  cron: 0 25 * * *", WorkflowCodes.BadCron, 7, 11)]
    [InlineData("  zone: UTC\n  cron: \"0 25 * * *\"", WorkflowCodes.BadCron, 7, 12)]
    [InlineData("  zone: UTC\n  cron: 0 9 30 2 *", WorkflowCodes.NeverFires, 7, 13)]
    [InlineData("  zone: UTC\n  calendar: NYSE\n  cron: 0 9 * * 0", WorkflowCodes.NeverFires, 6, 3)]
    [InlineData("  zone: UTC\n  calendar: NYSE\n  holiday: following\n  cron: 0 9 25 12 *", null, 0, 0)]
    [InlineData("  zone: UTC\n  calendar: NYSE\n  cron: 0 9 25 12 *", WorkflowCodes.NeverFires, 6, 3)]
    [InlineData("  zone: UTC\n  holiday: skip\n  cron: 0 9 * * *", WorkflowCodes.BadValue, 7, 12)]
    [InlineData("  zone: UTC\n  calendar: NYSE\n  holiday: sometimes\n  cron: 0 9 * * *", WorkflowCodes.BadValue, 8, 12)]
    [InlineData("  zone: UTC\n  catch_up: window(0)\n  cron: 0 9 * * *", WorkflowCodes.BadValue, 7, 13)]
    [InlineData("  zone: UTC\n  catch_up: yes please\n  cron: 0 9 * * *", WorkflowCodes.BadValue, 7, 13)]
    [InlineData("  zone: UTC\n  paused: true\n  cron: 0 9 * * *", WorkflowCodes.BadValue, 7, 11)]
    [InlineData("  zone: UTC\n  reason: none\n  cron: 0 9 * * *", WorkflowCodes.BadValue, 7, 11)]
    [InlineData("  zone: UTC\n  fires: []", WorkflowCodes.Structure, 7, 10)]
    [InlineData("  zone: UTC\n  cron: 0 9 * * *\n  fires: [{ cron: 0 9 * * * }]", WorkflowCodes.BadValue, 7, 9)]
    [InlineData("  zone: UTC\n  cron: 0 9 * * *\n  colour: red", WorkflowCodes.Structure, 8, 3)]
    [InlineData("  zone: UTC\n  cron: [1, 2]", WorkflowCodes.Structure, 7, 9)]
    [InlineData("  daily", WorkflowCodes.Structure, 6, 3)]
    public void Every_mistake_has_its_code_and_place(string schedule, string? code, int line, int column)
    {
        ParseResult<WorkflowDefinition> parsed = WorkflowYaml.Parse(Head + schedule, "test.yaml", steps.Kinds);
        parsed.IsOk.Should().Be(code is null);
        if (code is not null)
        {
            Problem problem = parsed.Problems.First(p => p.Code == code);
            problem.Where.Should().Be($"test.yaml:{line}:{column}", problem.Message);
            problem.Remedy.Should().NotBeNullOrEmpty();
        }
    }

    [Fact]
    public void A_schedule_belongs_to_the_content_and_survives_being_written_again()
    {
        WorkflowDefinition first = Read("  zone: America/New_York\n  calendar: NYSE\n  cron: \"30 16 * * 1-5\"   # after the close\n  catch_up: latest");
        Read("  zone: America/New_York\n  calendar: NYSE\n  cron: \"31 16 * * 1-5\"\n  catch_up: latest").Hash.Should().NotBe(first.Hash);
        string written = YamlWriter.Write(YamlText.Parse(first.Text, "test.yaml", WorkflowCodes.Structure).Value.ToJson()!);
        WorkflowDefinition again = steps.Workflow(written);
        again.Hash.Should().Be(first.Hash);
        again.Schedule!.Summary.Should().Be(first.Schedule!.Summary);
        again.Schedule.CatchUp.Should().Be(CatchUp.Latest);
    }

    [Theory]
    [InlineData("skip", "")]
    [InlineData("latest", "5")]
    [InlineData("all", "1 2 3 4 5")]
    [InlineData("window(2)", "4 5")]
    [InlineData("window(3h)", "3 4 5")]
    public void What_is_caught_up_follows_from_the_policy(string policy, string hours)
    {
        DateTimeOffset day = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
        FireTime[] missed = [.. Enumerable.Range(1, 5).Select(h => new FireTime(day.AddHours(h), day.AddHours(h).DateTime, null))];
        CatchUp.Read(policy)!.Of(missed, day.AddHours(6)).Select(f => $"{f.AtUtc.Hour}").Should().Equal(hours.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private WorkflowDefinition Read(string schedule) => steps.Workflow(Head + schedule);
}
