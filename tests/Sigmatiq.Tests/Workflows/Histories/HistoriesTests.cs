using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Histories;

/// <summary>Journals outlive programs: those of every release so far lie beside this file and give the state that was recorded with them.
/// <c>SIGMATIQ_RECORD_HISTORIES=FOLDER</c> writes today's scenarios there; a recorded file is never changed.</summary>
public sealed class HistoriesTests
{
    private const string Chain = """
        workflow: chain
        version: 1.0.0
        summary: Make, use each, vote
        parameters: { count: { type: int, default: 3 } }
        steps:
          make: { uses: test.make, with: { name: x, count: "{params.count}" }, retry: { attempts: 3, backoff: exponential, first: 5s } }
          each:
            uses: test.use
            for_each: { in: "{steps.make.outputs.best}", as: part, max_parallel: 2 }
            with: { part: "{part}", snapshot: "{steps.make.outputs.snapshot}" }
          vote: { uses: test.use, with: { labels: "{steps.each.outputs.model}" } }
          after: { uses: test.use, when: steps.vote.outputs.decision == "approved" }
        """;

    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "Sigmatiq.Tests", "Workflows", "Histories");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.jsonl").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Scenarios => [.. Played.Keys];

    private static Dictionary<string, Func<RunRoom, Task<RunId>>> Played { get; } = new(StringComparer.Ordinal)
    {
        ["completed"] = async room => await DrivenAsync(room, await room.StartAsync(Chain), RunStatus.Completed),
        ["woken-after-an-expired-wait"] = WokenAsync,
        ["failed-and-tried-again"] = TriedAgainAsync,
        ["cancelled-under-way"] = CancelledAsync,
        ["paused-and-resumed"] = PausedAsync,
        ["set-aside-and-resumed"] = SetAsideAsync,
        ["stopped-in-good-order"] = StoppedAsync,
        ["rerun-that-takes-over"] = RerunAsync,
        ["ended-early"] = async room => await DrivenAsync(room, await room.StartAsync(Chain, until: "make"), RunStatus.Completed),
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_recorded_history_gives_the_state_that_was_recorded_with_it(string file)
    {
        History history = History.Read(Path.Combine(Folder, file));
        await using RunRoom room = await RunRoom.OpenAsync();
        RunState state = await history.ReplayAsync(room);
        CanonicalJson.Text(History.Summary(state.ToJson())).Should().Be(CanonicalJson.Text(history.Final));
    }

    [Fact]
    public void An_event_that_is_read_and_written_again_is_the_one_that_was_recorded()
    {
        foreach (string file in Directory.GetFiles(Folder, "*.jsonl"))
        {
            foreach (JsonObject line in History.Read(file).Events)
            {
                string body = line["body"]!.ToJsonString();
                RunEvent read = RunEventJson.Read(line["kind"]!.GetValue<string>(), RunEventJson.SchemaVersion, body, file);
                string written = RunEventJson.Write(read);
                written.Should().Be(StepJson.ToObject(read).ToJsonString(), file);
                if (!Path.GetFileName(file).StartsWith("before-", StringComparison.Ordinal))
                {
                    // Those of older programs lack what these did not know.
                    written.Should().Be(body, file);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_scenario_of_today_can_be_recorded_and_replayed(string name)
    {
        await using RunRoom room = await RunRoom.OpenAsync(new());
        History history = await History.OfAsync(room, await Played[name](room));
        await using RunRoom other = await RunRoom.OpenAsync();
        CanonicalJson.Text(History.Summary((await history.ReplayAsync(other)).ToJson())).Should().Be(CanonicalJson.Text(history.Final));
        if (Environment.GetEnvironmentVariable("SIGMATIQ_RECORD_HISTORIES") is { Length: > 0 } folder)
        {
            history.Write(Path.Combine(folder, $"{name}.jsonl"));
        }
    }

    [Fact]
    public void Every_kind_of_event_of_today_is_in_some_recorded_history()
    {
        IEnumerable<string> recorded = Directory.GetFiles(Folder, "*.jsonl").SelectMany(f => History.Read(f).Events).Select(e => e["kind"]!.GetValue<string>()).Distinct();
        IEnumerable<string> today = typeof(RunEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RunEvent)) && !t.IsAbstract).Select(t => StepJson.NameOf(t.Name));
        recorded.Should().Contain(today, "a new kind of event is recorded with the release that brings it");
    }

    [Fact]
    public async Task A_history_with_an_event_missing_or_twice_or_out_of_order_is_refused_with_its_place()
    {
        History whole = History.Read(Path.Combine(Folder, "completed.jsonl"));
        int refused = 0;
        for (int i = 1; i < whole.Events.Count - 1; i++)
        {
            foreach (IReadOnlyList<JsonObject> broken in (IReadOnlyList<JsonObject>[])
                [[.. whole.Events.Where((_, n) => n != i)], [.. whole.Events.Take(i + 1), .. whole.Events.Skip(i)]])
            {
                await using RunRoom room = await RunRoom.OpenAsync();
                JsonObject[] numbered = [.. broken.Select((e, n) => Numbered(e, n + 1))];
                Problem problem = (await FluentActions.Awaiting(() => (whole with { Events = numbered }).ReplayAsync(room)).Should().ThrowAsync<ProblemException>()).Which.Problem;
                problem.Code.Should().Be(WorkflowCodes.BrokenJournal);
                problem.Where.Should().StartWith($"{whole.Run} event ");
                refused++;
            }
        }

        refused.Should().BeGreaterThan(10);
    }

    private static JsonObject Numbered(JsonObject e, int seq)
    {
        JsonObject copy = e.DeepClone().AsObject();
        copy["seq"] = (long)seq;
        return copy;
    }

    private static async Task<RunId> DrivenAsync(RunRoom room, RunId run, RunStatus status)
    {
        (await room.WhileTimePassesAsync(room.DriveAsync(run), TimeSpan.FromMilliseconds(500))).Status.Should().Be(status);
        return run;
    }

    private static async Task<RunId> WokenAsync(RunRoom room)
    {
        DateTimeOffset due = room.Clock.GetUtcNow().AddDays(7);
        int asked = 0;
        room.Steps.On("vote", _ => ++asked <= 2 ? new StepOutcome.Waiting("a vote", "approval:1", due.AddDays(asked)) : null);
        RunId run = await DrivenAsync(room, await room.StartAsync(Chain), RunStatus.Waiting);
        ((ManualClock)room.Clock).Advance(TimeSpan.FromDays(9));
        await DrivenAsync(room, run, RunStatus.Waiting);
        await room.Engine.Requests.WakeAsync("approval:1", "operator", Ct);
        return await DrivenAsync(room, run, RunStatus.Completed);
    }

    private static async Task<RunId> TriedAgainAsync(RunRoom room)
    {
        int asked = 0;
        bool mended = false;
        room.Steps.On("make", _ => ++asked < 3 ? TestSteps.Unavailable() : null);
        room.Steps.On("each", context => context.Index == 1 && !mended ? throw new ProblemException("TST-0007", "The disk is full.") : null);
        RunId run = await DrivenAsync(room, await room.StartAsync(Chain), RunStatus.Failed);
        mended = true;
        await room.Engine.Requests.RetryAsync(run, "each", "operator", "disk emptied", null, Ct);
        return await DrivenAsync(room, run, RunStatus.Completed);
    }

    private static async Task<RunId> CancelledAsync(RunRoom room)
    {
        var begun = new TaskCompletionSource();
        room.Steps.On("make", async (_, ct) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        });
        RunId run = await room.StartAsync(Chain);
        Task<RunState> drive = room.DriveAsync(run);
        await begun.Task;
        await room.Engine.Requests.CancelAsync(run, "operator", "enough", Ct);
        await room.WhileTimePassesAsync(drive, TimeSpan.FromMilliseconds(250));
        return run;
    }

    private static async Task<RunId> PausedAsync(RunRoom room)
    {
        RunId run = await room.StartAsync(Chain);
        await room.Engine.Requests.PauseAsync(run, "operator", "not yet", null, Ct);
        await DrivenAsync(room, run, RunStatus.Paused);
        await room.Engine.Requests.ResumeAsync(run, "operator", "now", null, Ct);
        return await DrivenAsync(room, run, RunStatus.Completed);
    }

    private static async Task<RunId> SetAsideAsync(RunRoom room)
    {
        RunId run = await room.StartAsync(Chain);
        foreach (int _ in Enumerable.Range(0, RunMachine.CrashesMax))
        {
            (await room.DriveUntilDeathAsync(run, 2)).Should().BeTrue();
        }

        await DrivenAsync(room, run, RunStatus.SetAside);
        await room.Engine.Requests.ResumeAsync(run, "operator", "memory was doubled", null, Ct);
        return await DrivenAsync(room, run, RunStatus.Completed);
    }

    private static async Task<RunId> StoppedAsync(RunRoom room)
    {
        using CancellationTokenSource stop = new();
        room.Steps.On("make", async (context, ct) =>
        {
            if (context.Attempt == 1)
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, ct);
            }

            return null;
        });
        RunId run = await room.StartAsync(Chain);
        await FluentActions.Awaiting(() => room.DriveAsync(run, stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        return await DrivenAsync(room, run, RunStatus.Completed);
    }

    private static async Task<RunId> RerunAsync(RunRoom room)
    {
        RunId first = await DrivenAsync(room, await room.StartAsync(Chain), RunStatus.Completed);
        RunId again = await room.Engine.Requests.RerunAsync(new(first, room.Steps.Workflow(Chain), [], "vote", "operator", "once more"), null, Ct);
        return await DrivenAsync(room, again, RunStatus.Completed);
    }
}
