using System.Text.Json.Nodes;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Retention;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Journal;

/// <summary>Many runs with the state of each of their steps.</summary>
public abstract class RunColumnsTests
{
    private const string Chain = """
        workflow: chain
        version: 1.0.0
        summary: Make, use each, ask, end
        parameters: { ticker: { type: text, default: MKT.SYN } }
        steps:
          make: { uses: test.make, with: { name: x, count: 2 }, retry: { attempts: 2, first: 5s } }
          each: { uses: test.use, for_each: { in: "{steps.make.outputs.best}", as: part, max_parallel: 2 }, with: { part: "{part}" } }
          ask: { uses: test.use, needs: [each] }
          last: { uses: test.use, needs: [ask] }
        """;

    private readonly TestSteps steps = new();

    private static CancellationToken Ct => RunRoom.Ct;

    [Fact]
    public async Task A_column_has_every_step_with_its_state_attempts_time_and_reason()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.On("make", c =>
        {
            ((ManualClock)room.Clock).Advance(TimeSpan.FromSeconds(3));
            return c.Attempt == 1 ? TestSteps.Unavailable() : null;
        });
        steps.On("ask", _ => throw new InvalidTimeZoneException("clock melted"));
        RunId failed = await room.StartAsync(Chain, """{ "ticker": "SPY" }""");
        await room.WhileTimePassesAsync(room.DriveAsync(failed), TimeSpan.FromSeconds(1));

        RunColumn column = (await ColumnsAsync(room, room.Rows)).Single();
        (column.Summary.Status, column.Summary.Id, column.Problem, column.Definition!.Version).Should().Be(("failed", failed.Value, null, "1.0.0"));
        column.Cause.Should().Be(new RunCause("person", null, null));
        column.Cells.Keys.Should().BeEquivalentTo("make", "each", "ask", "last");
        (column.Cells["make"].Status, column.Cells["make"].Attempts, column.Cells["make"].Note).Should().Be((StepStatus.Succeeded, 2, null));
        IEnumerable<AttemptView> tries = (await room.Engine.Views.AttemptsAsync(failed, Ct)).Where(t => t.Step == "make");
        column.Cells["make"].Took!.Value.By(room.Clock.GetUtcNow()).Should().Be(TimeSpan.FromTicks(tries.Sum(t => (t.EndedAtUtc!.Value - t.StartedAtUtc).Ticks)), "the pause between the two is left out");
        (column.Cells["each"].Status, column.Cells["each"].Items, column.Cells["each"].Attempts).Should().Be((StepStatus.Succeeded, 2, 1));
        column.Cells["ask"].Status.Should().Be(StepStatus.Failed);
        column.Cells["ask"].Note.Should().Contain("clock melted").And.NotContain("\n");
        (column.Cells["last"].Status, column.Cells["last"].Attempts, column.Cells["last"].Took).Should().Be((StepStatus.Skipped, 0, null));
        column.Cells["last"].Note.Should().StartWith("ask failed");

        RunId rerun = await room.Engine.Requests.RerunAsync(new(failed, steps.Workflow(Chain), [], null, "ana", "again"), null, Ct);
        steps.On("ask", _ => null);
        await room.DriveAsync(rerun);
        RunColumn again = (await ColumnsAsync(room, room.Rows))[0];
        again.Cause.Should().Be(new RunCause("rerun", failed.Value, null));
        (again.Cells["make"].Status, again.Cells["make"].Note, again.Cells["make"].Took).Should().Be((StepStatus.Succeeded, $"taken over from {failed}", null));
    }

    [Fact]
    public async Task Forty_runs_take_as_many_statements_as_one_and_none_twice()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        for (int i = 0; i < 40; i++)
        {
            await room.DriveAsync(await room.StartAsync(Chain));
        }

        CountedRows one = new(room.Rows), forty = new(room.Rows);
        (await ColumnsAsync(room, one, limit: 1)).Should().HaveCount(1);
        RunColumns kept = Columns(room, forty);
        IReadOnlyList<RunSummary> runs = await room.Engine.Views.ListAsync("chain", 40, Ct);
        (await kept.ReadAsync(runs, Ct)).Should().HaveCount(40).And.OnlyContain(c => c.Cells.Count == 4 && c.Problem == null);
        forty.Statements.Should().HaveCount(one.Statements.Count).And.HaveCountLessThanOrEqualTo(2, "the journals and the file of the workflow");
        await kept.ReadAsync(runs, Ct);
        forty.Statements.Should().HaveCount(one.Statements.Count, "what has ended is kept");
    }

    [Fact]
    public async Task What_goes_on_is_read_on_from_where_it_was_and_is_what_a_fresh_look_finds()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.On("ask", c => c.Attempt == 1 ? new StepOutcome.Waiting("for a person", $"vote:{c.Run}", null) : null);
        List<RunId> runs = [];
        for (int i = 0; i < 3; i++)
        {
            runs.Add(await room.StartAsync(Chain));
        }

        CountedRows counted = new(room.Rows);
        RunColumns kept = Columns(room, counted);
        async Task CompareAsync(string when)
        {
            IReadOnlyList<RunSummary> listed = await room.Engine.Views.ListAsync("chain", 10, Ct);
            (await kept.ReadAsync(listed, Ct)).Should().BeEquivalentTo(await Columns(room, room.Rows).ReadAsync(listed, Ct), o => o.WithStrictOrdering().Excluding(c => c.Definition).Excluding(c => c.Summary.ChangedAtUtc), when);
        }

        await CompareAsync("all are queued");
        await room.DriveAsync(runs[0]);
        await room.DriveAsync(runs[1]);
        await CompareAsync("two wait");
        int before = counted.Statements.Count;
        await room.Engine.Requests.WakeAsync($"vote:{runs[0]}", "ana", Ct);
        (await room.DriveAsync(runs[0])).Status.Should().Be(RunStatus.Completed);
        await room.Engine.Requests.CancelAsync(runs[1], "ana", "enough", Ct);
        (await room.DriveAsync(runs[1])).Status.Should().Be(RunStatus.Cancelled);
        await CompareAsync("one has completed, one was cancelled, one is queued");
        (await kept.ReadAsync(await room.Engine.Views.ListAsync("chain", 10, Ct), Ct)).ToDictionary(c => c.Summary.Id, c => c.Cells["ask"].Attempts)
            .Should().Equal(new Dictionary<string, int> { [runs[0].Value] = 1, [runs[1].Value] = 1, [runs[2].Value] = 0 }, "taking up a wait is no further try");
        counted.Statements.Count.Should().Be(before + 1, "only what came since was read");

        steps.On("make", _ => throw new InvalidTimeZoneException("clock melted"));
        (await room.DriveAsync(runs[2])).Status.Should().Be(RunStatus.Failed);
        await CompareAsync("one has failed");
        steps.On("make", _ => null);
        await room.Engine.Requests.RetryAsync(runs[2], null, "ana", "mended", null, Ct);
        await room.DriveAsync(runs[2]);
        await CompareAsync("an ended one was tried again");
    }

    [Fact]
    public async Task An_archived_run_has_its_column_and_a_damaged_archive_or_journal_hides_no_other_run()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        List<RunId> runs = [];
        for (int i = 0; i < 3; i++)
        {
            ((ManualClock)room.Clock).Advance(TimeSpan.FromSeconds(1));
            runs.Add(await room.StartAsync(Chain));
            await room.DriveAsync(runs[^1]);
        }

        IReadOnlyList<RunColumn> before = await ColumnsAsync(room, room.Rows);
        ((ManualClock)room.Clock).Advance(TimeSpan.FromDays(31));
        StoreRetention retention = new(room.Rows, room.Data, new(room.Data, room.Rows, room.Clock, IdSource.FromSeed(room.Clock, 3)), new(room.Clock), room.Clock);
        (await retention.CommitAsync(new(TimeSpan.FromDays(30), 1, null, null, null, false), null, "ana", "space", Ct)).Runs.Should().HaveCount(2);
        CountedRows counted = new(room.Rows);
        (await ColumnsAsync(room, counted)).Should().BeEquivalentTo(before, o => o.WithStrictOrdering().Excluding(c => c.Definition));
        counted.Statements.Should().HaveCountLessThanOrEqualTo(3, "one more for the archives");

        string file = Directory.GetFiles(room.Data.Folder("archive")).Single();
        File.Delete(file);
        RunId future = await room.StartAsync(Chain);
        await room.Rows.ExecuteAsync(
            "insert into run_events (run_id, seq, schema_version, kind, at_utc, fence, body) values (@Run, 2, 1, 'from_a_newer_program', '', 1, '{}')", new { Run = future.Value }, Ct);
        IReadOnlyList<RunColumn> after = await ColumnsAsync(room, room.Rows);
        after.Select(c => c.Problem?[..8]).Should().Equal("WFL-2008", null, "STO-6104", "STO-6104");
        after.Select(c => c.Cells.Count).Should().Equal(0, 4, 0, 0);
        after.Select(c => c.Summary.Status).Should().Equal("queued", "completed", "completed", "completed");
    }

    [Fact]
    public async Task Runs_are_found_by_state_person_instrument_day_and_page()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        ManualClock clock = (ManualClock)room.Clock;
        async Task<string> RunAsync(string ticker, string by, bool isDriven)
        {
            clock.Advance(TimeSpan.FromHours(1));
            RunId run = await room.Engine.Requests.StartAsync(new(steps.Workflow(Chain), new JsonObject { ["ticker"] = ticker }, by), Ct);
            if (isDriven)
            {
                await room.DriveAsync(run);
            }

            return run.Value;
        }

        DateTimeOffset from = clock.GetUtcNow();
        string spy = await RunAsync("SPY", "ana", true), spyx = await RunAsync("SPYX", "ana", true), quote = await RunAsync("\"SP%Y_\"", "bo", false), last = await RunAsync("SPY", "bo", false);
        async Task<IEnumerable<string>> FindAsync(RunFilter filter, int limit = 10) => (await room.Engine.Views.FindAsync(filter, limit, Ct)).Select(r => r.Id);
        (await FindAsync(new())).Should().Equal(last, quote, spyx, spy);
        (await FindAsync(new() { Statuses = ["completed", "failed"] })).Should().Equal(spyx, spy);
        (await FindAsync(new() { RequestedBy = "bo", Ticker = "SPY" })).Should().Equal(last);
        (await FindAsync(new() { Ticker = "SPY" })).Should().Equal([last, spy], "another instrument that begins so is another one");
        (await FindAsync(new() { Ticker = "\"SP%Y_\"" })).Should().Equal(quote);
        (await FindAsync(new() { Ticker = "%" })).Should().BeEmpty();
        (await FindAsync(new() { FromUtc = from.AddHours(2), ToUtc = from.AddHours(4) })).Should().Equal([quote, spyx], "the start counts, the end does not");
        (await FindAsync(new() { Workflow = "chain", Before = quote }, 1)).Should().Equal(spyx);
        (await FindAsync(new() { Workflow = "other" })).Should().BeEmpty();
        (await room.Engine.Views.WorkflowsAsync(Ct)).Should().Equal(new RanWorkflow("chain", 4, last));
    }

    private static RunColumns Columns(RunRoom room, IRowStore rows)
    {
        WorkflowVersions versions = new(rows, room.Clock);
        return new(new(rows, versions, new(rows, room.Clock), new(rows, room.Data)), versions);
    }

    private static async Task<IReadOnlyList<RunColumn>> ColumnsAsync(RunRoom room, IRowStore rows, int limit = 100) =>
        await Columns(room, rows).ReadAsync(await room.Engine.Views.ListAsync("chain", limit, Ct), Ct);
}

public sealed class RunColumnsOnSqliteTests : RunColumnsTests;

[OnStore(StoreEngine.Postgres)]
public sealed class RunColumnsOnPostgresTests : RunColumnsTests;
