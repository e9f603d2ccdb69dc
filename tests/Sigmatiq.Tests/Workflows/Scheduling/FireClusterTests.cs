using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.Workflows.Scheduling;

public sealed class FireClusterTests
{
    private const string Often = """
        workflow: often
        version: 1.0.0
        summary: Due every other second
        schedule: { zone: UTC, cron: "*/2 * * * * ?", catch_up: all }
        steps: { one: { uses: test.make, with: { name: x } } }
        """;

    [Fact]
    public async Task Schedulers_that_share_Quartzs_tables_fire_each_instant_once_and_go_on_without_the_tables()
    {
        await using RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System, engine: StoreEngine.Postgres);
        string files = Directory.CreateDirectory(Path.Combine(room.Data.Root, "workflows")).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "often.1.0.0.yaml"), Often, RunRoom.Ct);
        await using (await FireAsync(room, files, "one"))
        await using (await FireAsync(room, files, "two"))
        {
            await CountAsync(room, 3);
            (await room.Rows.FirstAsync<long>("select count(distinct instance_name) from qrtz_scheduler_state where sched_name = @Name", new { FireCluster.Name }, RunRoom.Ct)).Should().Be(2);
        }

        long before = await room.Rows.FirstAsync<long>("select count(*) from runs", null, RunRoom.Ct);
        foreach (string table in await room.Rows.QueryAsync<string>("select tablename from pg_tables where tablename like 'qrtz_%'", null, RunRoom.Ct))
        {
            await room.Rows.ExecuteAsync($"drop table {table} cascade", null, RunRoom.Ct);
        }

        await using (await FireAsync(room, files, "one"))
        {
            await CountAsync(room, before + 2);
        }

        (await room.Rows.FirstAsync<long>("select count(*) - count(distinct as_of_utc) from runs", null, RunRoom.Ct)).Should().Be(0, "each instant has one run");
        (await room.Rows.FirstAsync<long>("select count(*) from schedule_fires where outcome = 'started'", null, RunRoom.Ct))
            .Should().Be(await room.Rows.FirstAsync<long>("select count(*) from runs", null, RunRoom.Ct));
    }

    private static async Task<FireTriggers> FireAsync(RunRoom room, string files, string node)
    {
        var rows = (PostgresRowStore)await room.OpenAgainAsync();
        WorkflowEngine engine = new(room.Data, rows, room.Steps.Kinds, IdSource.FromSystem(room.Clock), room.Clock, NullLoggerFactory.Instance);
        ScheduleDesk desk = new(new WorkflowFolder(files, engine.Kinds), engine.Versions, new(rows, new(room.Clock), room.Clock), engine.Requests, room.Clock, NullLogger.Instance);
        return await FireTriggers.StartAsync(
            desk, new(rows, engine.Requests, engine.Versions, new(room.Clock), room.Clock), "test", room.Clock, NullLoggerFactory.Instance, RunRoom.Ct, new(rows.Address, node));
    }

    private static async Task CountAsync(RunRoom room, long runs)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(RunRoom.Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (await room.Rows.FirstAsync<long>("select count(*) from runs", null, patience.Token) < runs)
        {
            await Task.Delay(100, patience.Token);
        }
    }
}
