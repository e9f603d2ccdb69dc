using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Schedulers with a store connection each race for the same due fires.</summary>
public sealed class ScheduleRaceTests(ITestOutputHelper output) : IDisposable
{
    private const int Fires = 1_000;
    private const string Often = """
        workflow: often
        version: 1.0.0
        summary: Due every minute
        schedule: { zone: UTC, cron: "* * * * *", catch_up: all }
        steps: { one: { uses: test.nothing } }
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-race-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(StoreEngine.Sqlite, 2)]
    [InlineData(StoreEngine.Sqlite, 4)]
    [InlineData(StoreEngine.Sqlite, 8)]
    [InlineData(StoreEngine.Postgres, 2)]
    [InlineData(StoreEngine.Postgres, 4)]
    [InlineData(StoreEngine.Postgres, 8)]
    public async Task A_thousand_due_fires_start_once_each(StoreEngine engine, int schedulers)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        string files = folder.CreateSubdirectory("workflows").FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "often.1.0.0.yaml"), Often, ct);
        var data = new DataDirectory(Path.Combine(folder.FullName, "data"));
        DateTimeOffset before = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
        await using TestRows store = await TestRows.CreateAsync(engine, data);
        await DeskOf(data, store.Rows, files, 0, before).DecideAllAsync(ct);

        using var start = new Barrier(schedulers);
        List<IRowStore> own = [];
        for (int i = 0; i < schedulers; i++)
        {
            own.Add(await store.OpenAsync());
        }

        await Task.WhenAll(own.Select((rows, i) => Task.Run(async () =>
        {
            int number = i + 1;
            DateTimeOffset now = before.AddMinutes(Fires);
            ScheduleDesk desk = DeskOf(data, rows, files, number, now);
            start.SignalAndWait(ct);
            await desk.DecideAllAsync(ct);
        }, ct)));

        IRowStore read = store.Rows;
        IReadOnlyList<string> asOf = await read.QueryAsync<string>("select as_of_utc from runs order by as_of_utc", null, ct);
        asOf.Should().HaveCount(Fires).And.OnlyHaveUniqueItems();
        DateTimeOffset.Parse(asOf[0], CultureInfo.InvariantCulture).Should().Be(before.AddMinutes(1));
        DateTimeOffset.Parse(asOf[^1], CultureInfo.InvariantCulture).Should().Be(before.AddMinutes(Fires));
        (await read.FirstAsync<int>("select count(*) from schedule_fires f join runs r on r.run_id = f.run_id where f.outcome = 'started' and f.fire_utc = r.as_of_utc", null, ct)).Should().Be(Fires);
        output.WriteLine($"{schedulers} schedulers on {engine}: {Fires} fires, one run each");
    }

    private static ScheduleDesk DeskOf(DataDirectory data, IRowStore rows, string files, int number, DateTimeOffset now)
    {
        var clock = new Standing(now);
        var engine = new WorkflowEngine(data, rows, new StepKinds([new NothingStep()]), IdSource.FromSeed(clock, number), clock, NullLoggerFactory.Instance);
        return new(new WorkflowFolder(files, engine.Kinds), engine.Versions, new(rows, new(clock), clock), engine.Requests, clock, NullLogger.Instance);
    }

    private sealed class Standing(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed record NothingInput(string? Word = null);

    private sealed record NothingOutput(bool Done);

    private sealed class NothingStep : StepKind<NothingInput, NothingOutput>
    {
        public override string Name => "test.nothing";

        public override string Summary => "Does nothing.";

        public override Task<StepOutcome> RunAsync(StepContext context, NothingInput input, CancellationToken ct) => Task.FromResult(Done(new(true)));
    }
}
