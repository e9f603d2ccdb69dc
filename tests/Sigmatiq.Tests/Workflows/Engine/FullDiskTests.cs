using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.Workflows.Engine;

public sealed class FullDiskTests
{
    private const string Chain = """
        workflow: chain
        version: 1.0.0
        summary: Make, use each, use all
        steps:
          make: { uses: test.make, with: { name: x } }
          each:
            uses: test.use
            for_each: { in: "{steps.make.outputs.best}", as: part, max_parallel: 2 }
            with: { part: "{part}", snapshot: "{steps.make.outputs.snapshot}" }
          last: { uses: test.use, with: { labels: "{steps.each.outputs.model}" } }
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whichever_write_meets_a_full_disk_the_run_is_paused_with_the_reason_goes_on_by_itself_and_gives_the_same()
    {
        string undisturbed = "";
        int paused = 0;
        for (int n = 0; ; n++)
        {
            await using RunRoom room = await RunRoom.OpenAsync();
            RunId run = await room.StartAsync(Chain);
            if (n == 0)
            {
                undisturbed = Outputs(await room.DriveAsync(run));
                continue;
            }

            FullRows rows = new(room.Rows, n);
            var engine = new WorkflowEngine(room.Data, rows, room.Steps.Kinds, IdSource.FromSeed(room.Clock, 2), room.Clock, NullLoggerFactory.Instance)
            {
                AttemptsMax = 4, Reserve = new(room.Data) { RoomToGoOn = 1 << 20 },
            };
            await using EngineLease lease = await room.TakeLeaseAsync();
            EngineRunClaims claims = new(lease);
            RunDispatcher dispatcher = engine.DispatcherFor(claims);
            RunState state = await dispatcher.DriveAloneAsync(claims.ForOnly(run), Ct);
            if (!rows.HasRefused)
            {
                state.Status.Should().Be(RunStatus.Completed);
                break;
            }

            // Only the last write of all finds nothing left to pause.
            if (state.Status == RunStatus.Paused)
            {
                paused++;
                RunSummary shown = await room.Engine.Views.SummaryAsync(run, Ct);
                (shown.Status, shown.Reason).Should().Be(("paused", state.Reason));
                state.Reason.Should().StartWith("paused by the store: STO-1020");
                room.Engine.Reserve.IsKept.Should().BeFalse("its room was given away to say so");
                (await dispatcher.LookAsync(Ct)).Should().Equal([run], "there is room again");
                room.Engine.Reserve.IsKept.Should().BeTrue();
                state = (await dispatcher.DriveAsync(run, Ct))!;
            }

            state.Status.Should().Be(RunStatus.Completed, $"write {n}");
            Outputs(state).Should().Be(undisturbed, $"write {n}");
            Outputs(await room.StateAsync(run)).Should().Be(undisturbed, "the journal has it all");
            room.Steps.Begun.Should().HaveCount(5, "what an attempt gave is kept until it can be written");
        }

        // Admitted, begun and ended three times over at the least: what fans out may go together. The last write of all has nothing to pause.
        paused.Should().BeGreaterThanOrEqualTo(6);
    }

    [Fact]
    public async Task On_a_real_disk_without_room_a_run_is_paused_and_goes_on_once_there_is_some()
    {
        string undisturbed;
        await using (RunRoom calm = await RunRoom.OpenAsync(Writing(out _)))
        {
            undisturbed = Outputs(await calm.DriveAsync(await calm.StartAsync(Chain)));
        }

        using SmallDisk disk = SmallDisk.Mount(8);
        TestSteps steps = Writing(out Action<Action?> onEach);
        await using RunRoom room = await RunRoom.OpenAsync(steps, folder: Path.Combine(disk.Path, "data"));
        room.Engine.Reserve.TryKeep().Should().BeTrue();
        RunId run = await room.StartAsync(Chain);
        Lock filling = new();
        bool isFilled = false;
        onEach(() =>
        {
            // Once, and wholly before the first refusal: what is written after that finds the room that was kept for it.
            lock (filling)
            {
                if (!isFilled)
                {
                    disk.Fill();
                    isFilled = true;
                }
            }
        });
        await using EngineLease lease = await room.TakeLeaseAsync();
        EngineRunClaims claims = new(lease);
        RunDispatcher dispatcher = room.Engine.DispatcherFor(claims);
        RunState state = await dispatcher.DriveAloneAsync(claims.ForOnly(run), Ct);
        state.Status.Should().Be(RunStatus.Paused);
        state.Reason.Should().StartWith("paused by the store: STO-1020");
        state.Step("make").Status.Should().Be(StepStatus.Succeeded);
        RunView view = await room.Engine.Views.ShowAsync(run, Ct);
        view.Attempts.Where(a => a.Step == "each").Should().NotBeEmpty().And.OnlyContain(a => a.Status == "lost");

        // Nothing goes on while there is no room, and everything does once there is.
        disk.Fill();
        (await dispatcher.LookAsync(Ct)).Should().BeEmpty();
        onEach(null);
        disk.Clear();
        ((ManualClock)room.Clock).Advance(TimeSpan.FromSeconds(5));
        (await dispatcher.LookAsync(Ct)).Should().Equal(run);
        state = (await dispatcher.DriveAsync(run, Ct))!;
        state.Status.Should().Be(RunStatus.Completed, state.Reason);
        Outputs(state).Should().Be(undisturbed);
        room.Engine.Reserve.IsKept.Should().BeTrue();
    }

    [Fact]
    public async Task A_store_without_room_says_so_with_its_code_and_is_whole_afterwards()
    {
        using SmallDisk disk = SmallDisk.Mount(4);
        DataDirectory data = new(Path.Combine(disk.Path, "data"));
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
        await rows.ExecuteAsync("insert into settings (key, value, changed_at_utc) values ('a', 'before', '')", null, Ct);
        disk.Fill();
        Func<Task> write = () => rows.InTransactionAsync(
            tx => tx.ExecuteAsync("insert into settings (key, value, changed_at_utc) values ('b', @Value, '')", new { Value = new string('x', 3 << 20) }, Ct), Ct);
        (await write.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1020");
        Action file = () => AtomicFile.Write(data.File("models", "m"), new byte[1 << 20]);
        DiskFull.Is(file.Should().Throw<IOException>().Which).Should().BeTrue();
        Directory.GetFiles(data.Models).Should().BeEmpty();
        (await rows.QueryAsync<string>("select key from settings", null, Ct)).Should().Equal("a");
        DiskReserve reserve = new(data);
        (reserve.TryKeep(), reserve.IsKept, reserve.HasRoomToGoOn()).Should().Be((false, false, false));
        disk.Clear();
        reserve.TryKeep().Should().BeTrue();
        reserve.HasRoomToGoOn().Should().BeFalse("a few megabytes are soon full again");
        await rows.ExecuteAsync("insert into settings (key, value, changed_at_utc) values ('c', 'after', '')", null, Ct);
    }

    [Fact]
    public void What_says_that_a_disk_is_full_is_known_by_its_number_and_not_by_its_words()
    {
        foreach (int error in (int[])[28, 122, 27])
        {
            DiskFull.Is(new InvalidOperationException("x", new IOException("any words", error))).Should().BeTrue();
        }

        DiskFull.Is(new AggregateException(new IOException("x", 28))).Should().BeTrue();
        DiskFull.Is(new IOException("No space left on device", 5)).Should().BeFalse();
        DiskFull.IsSaidBy("IO Error: Could not write all bytes to file \"a.parquet\": No space left on device").Should().BeTrue();
        ProblemException told = new(DiskFull.Problem("here"));
        DiskFull.Refusal(told, "there").Should().BeSameAs(told);
        DiskFull.Refusal(new IOException("x", 28), "there").Problem.Where.Should().Be("there");
    }

    // Steps that write a file of a megabyte, as real ones write their results.
    private static TestSteps Writing(out Action<Action?> onEach)
    {
        TestSteps steps = new();
        Action? before = null;
        onEach = action => before = action;
        steps.On("each", context =>
        {
            if (before is not null)
            {
                before();
                throw new IOException("No space left on device", 28);
            }

            return null;
        });
        return steps;
    }

    private static string Outputs(RunState state) =>
        new JsonArray([.. state.Steps.Select(s => s.Outputs)]).ToJsonString();
}
