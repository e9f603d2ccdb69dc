using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Engine;

/// <summary>Events that come while the journal is being written go into it together, and a crash around such a write is a crash as any other.</summary>
public abstract class RunBatchTests
{
    private const int TriesMost = 8;

    private const string Wide = """
        workflow: wide
        version: 1.0.0
        summary: Six at once, then one
        steps:
          each:
            uses: test.use
            for_each: { in: [1, 2, 3, 4, 5, 6], as: n, max_parallel: 6 }
            with: { factor: "{n}" }
          last: { uses: test.use, with: { labels: "{steps.each.outputs.model}" } }
        """;

    private readonly TestSteps steps = new();

    [Fact]
    public async Task Ends_that_come_while_the_journal_is_written_go_into_it_together_and_in_their_order()
    {
        // How soon an end comes is the machine's to say: an append is held up longer each time.
        for (int tries = 1; ; tries++)
        {
            await using RunRoom room = await RunRoom.OpenAsync(steps);
            HeldUpRows rows = new(room.Rows) { OnAppend = _ => Task.Delay(20 * tries, RunRoom.Ct) };
            RunId run = await room.StartAsync(Wide);
            RunState state = await room.DriveOnAsync(rows, run);
            state.Status.Should().Be(RunStatus.Completed);
            IReadOnlyList<long> numbers = await room.Rows.QueryAsync<long>("select seq from run_events where run_id = @Run order by seq", new { Run = run.Value }, RunRoom.Ct);
            numbers.Should().Equal(Enumerable.Range(1, 16).Select(n => (long)n), "asked for, admitted, and two for each of the seven attempts");
            rows.Appends.Sum().Should().Be(15);
            (await room.StateAsync(run)).ToJson().ToJsonString().Should().Be(state.ToJson().ToJsonString(), "the journal gives the state that was driven");
            (await room.Engine.Views.AttemptsAsync(run, RunRoom.Ct)).Should().HaveCount(7).And.OnlyContain(a => a.Status == "succeeded" && a.EndedAtUtc != null);
            if (rows.Appends.Max() > 1)
            {
                return;
            }

            tries.Should().BeLessThan(TriesMost, "some of six ends come while one is written");
        }
    }

    [Fact]
    public async Task No_attempt_begins_before_the_event_that_allows_it_is_committed()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        HeldUpRows rows = new(room.Rows);
        List<string> early = [];
        rows.OnAppend = async _ =>
        {
            // One append at a time: what is allowed stays as it is while this one is held up.
            await Task.Delay(10, RunRoom.Ct);
            int begun = steps.Begun.Count;
            int allowed = await room.Rows.FirstOrDefaultAsync<int>("select count(*) from run_events where kind = 'attempt_started'", null, RunRoom.Ct);
            if (begun > allowed)
            {
                early.Add($"{begun} attempts had begun and {allowed} were allowed");
            }
        };
        steps.On("each", async (context, ct) =>
        {
            int started = await room.Rows.FirstOrDefaultAsync<int>(
                "select count(*) from step_attempts where step = @Step and item = @Index and attempt = @Attempt", new { context.Step, context.Index, context.Attempt }, ct);
            if (started != 1)
            {
                early.Add($"{context.Step}[{context.Index}]#{context.Attempt}");
            }

            return null;
        });
        (await room.DriveOnAsync(rows, await room.StartAsync(Wide))).Status.Should().Be(RunStatus.Completed);
        early.Should().BeEmpty();
    }

    [Fact]
    public async Task Killed_before_or_after_any_commit_a_run_ends_with_the_same_outputs_and_repeats_nothing_that_was_committed()
    {
        string undisturbed;
        await using (RunRoom calm = await RunRoom.OpenAsync(new()))
        {
            undisturbed = Outputs(await calm.DriveAsync(await calm.StartAsync(Wide)));
        }

        int together = 0;
        foreach (bool isBefore in (bool[])[false, true])
        {
            for (int n = 1; ; n++)
            {
                TestSteps own = new();
                await using RunRoom room = await RunRoom.OpenAsync(own);
                RunId run = await room.StartAsync(Wide);
                HeldUpRows rows = new(new DyingRows(room.Rows, isBefore ? int.MaxValue : n));
                int appends = 0;
                rows.OnAppend = async events =>
                {
                    await Task.Delay(5, RunRoom.Ct);
                    together += events > 1 ? 1 : 0;
                    if (isBefore && ++appends >= n)
                    {
                        throw new ProcessGoneException();
                    }
                };
                bool died = false;
                try
                {
                    await room.DriveOnAsync(rows, run);
                }
                catch (ProcessGoneException)
                {
                    died = true;
                }

                string where = $"killed {(isBefore ? "before" : "after")} commit {n}";
                RunState left = await room.StateAsync(run);
                RunState state = left.Status.IsFinal() ? left : await room.DriveAsync(run);
                state.Status.Should().Be(RunStatus.Completed, where);
                Outputs(state).Should().Be(undisturbed, where);
                foreach (StepInstance done in left.Step("each").Instances.Where(i => i.Status == StepStatus.Succeeded))
                {
                    state.Step("each").Instances[done.Index].Attempts.Should().Be(done.Attempts, $"{where}: item {done.Index} was done");
                    own.Begun.Count(b => b.StartsWith($"each[{done.Index}]", StringComparison.Ordinal)).Should().Be(done.Attempts, $"{where}: item {done.Index} was done");
                }

                if (!died)
                {
                    n.Should().BeGreaterThan(4, "admitted, begun and ended at least twice");
                    break;
                }
            }
        }

        together.Should().BePositive("some commits had several events");
    }

    [Fact]
    public async Task Many_requests_are_answered_together_and_each_of_them()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        HashSet<int> voted = [];
        steps.On("each", context => voted.Contains(context.Index) ? null : new StepOutcome.Waiting("a vote", $"vote:{context.Index}", null));
        RunId run = await room.StartAsync(Wide);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Waiting);
        for (int i = 0; i < 6; i++)
        {
            voted.Add(i);
            await room.Engine.Requests.WakeAsync($"vote:{i}", "operator", RunRoom.Ct);
        }

        HeldUpRows rows = new(room.Rows);
        RunState state = await room.DriveOnAsync(rows, run);
        state.Status.Should().Be(RunStatus.Completed);
        rows.Appends.First().Should().Be(6, "what six people asked is one append");
        (await room.Rows.FirstOrDefaultAsync<int>("select count(*) from run_requests where handled_at_utc is null", null, RunRoom.Ct)).Should().Be(0);
        (await room.Rows.FirstOrDefaultAsync<int>("select count(*) from run_waits", null, RunRoom.Ct)).Should().Be(0);
    }

    private static string Outputs(RunState state) => new JsonArray([.. state.Steps.Select(s => s.Outputs)]).ToJsonString();
}

public sealed class RunBatchOnSqliteTests : RunBatchTests;

[OnStore(StoreEngine.Postgres)]
public sealed class RunBatchOnPostgresTests : RunBatchTests;
