using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.SystemTests.Simulation;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>A simulated world lived through by the real desk and book on a store of their own.</summary>
internal sealed class StoredLife(SchedulerWorld world, string folder)
{
    private const string Id = "sample";

    private readonly SetClock clock = new();

    public static StepKinds Kinds => new([new NothingStep()]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A workflow file with that schedule.</summary>
    public static string Yaml(string id, ScheduleText schedule) => $$"""
        workflow: {{id}}
        version: 1.0.0
        summary: Does nothing, on time
        schedule:
          zone: {{schedule.Zone}}
          catch_up: {{schedule.CatchUp}}
        {{(schedule.Calendar is null ? "" : $"  calendar: {schedule.Calendar}\n")}}  fires:
        {{string.Join('\n', schedule.Lines.Select(l => $"    - {{ cron: \"{l.Cron}\", holiday: {l.Holiday} }}"))}}
        steps:
          one: { uses: test.nothing }
        """;

    public async Task<History> LiveAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Id}.1.0.0.yaml"), Yaml(Id, world.Schedule), Ct);
        var data = new DataDirectory(Path.Combine(folder, "data"));
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        int pausesSeen = 0, lives = 0;
        foreach (LivingStretch life in world.Living)
        {
            var dying = new DyingRows(rows);
            var (desk, book) = DeskOn(dying, data, ++lives);
            WorkflowDefinition workflow = WorkflowYaml.Parse(Yaml(Id, world.Schedule), "sample.yaml", Kinds).Value;
            for (long look = life.FromMs; look < life.ToMs;)
            {
                for (; pausesSeen < world.Pauses.Count && world.Pauses[pausesSeen].AtMs <= look; pausesSeen++)
                {
                    PauseTurn turn = world.Pauses[pausesSeen];
                    clock.Set(turn.ClockMs);
                    await (turn.Pause is { } reason ? book.PauseAsync(workflow, "ana", reason, Ct) : book.UnpauseAsync(workflow, "ana", "open again", Ct));
                }

                clock.Set(look + life.OffsetMs);
                bool dies = life.DiesFromMs is { } from && look >= from;
                dying.WritesLeft = dies ? life.WritesLeft : null;
                DateTimeOffset? next = null;
                try
                {
                    next = await desk.DecideAsync(Id, Ct);
                }
                catch (ProcessGoneException)
                {
                }

                if (dies || next is null)
                {
                    break;
                }

                long at = next.Value.ToUnixTimeMilliseconds();
                look = Math.Max(look + 1, at + world.DelayMs(at) - life.OffsetMs);
            }
        }

        IReadOnlyList<DecidedFire> decided = await new ScheduleBook(rows, new(clock), clock).FiresAsync(Id, int.MaxValue, Ct);
        IReadOnlyList<DateTimeOffset> runs = await rows.QueryAsync<DateTimeOffset>("select as_of_utc from runs order by as_of_utc", null, Ct);
        runs.Should().Equal(decided.Where(d => d.Outcome == "started").Select(d => d.FireUtc).Order(), "a fire that started has its run and no other has one");
        return new(
            [
                .. decided.Where(d => d.Outcome != "dropped").OrderBy(d => d.FireUtc)
                    .Select(d => new Outcome(d.FireUtc.ToUnixTimeMilliseconds(), d.Outcome, d.Reason, d.DecidedAtUtc.ToUnixTimeMilliseconds(), null)),
            ],
            [.. decided.Where(d => d.Outcome == "dropped").OrderBy(d => d.FireUtc).Select(d => (d.FireUtc.ToUnixTimeMilliseconds(), d.Reason!))]);
    }

    private (ScheduleDesk Desk, ScheduleBook Book) DeskOn(IRowStore rows, DataDirectory data, int life)
    {
        var engine = new WorkflowEngine(data, rows, Kinds, IdSource.FromSeed(clock, life), clock, NullLoggerFactory.Instance);
        var book = new ScheduleBook(rows, new(clock), clock);
        return (new(new WorkflowFolder(folder, engine.Kinds), engine.Versions, book, engine.Requests, clock, NullLogger.Instance), book);
    }

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset now;

        public void Set(long ms) => now = DateTimeOffset.UnixEpoch.AddMilliseconds(ms);

        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class ProcessGoneException : Exception;

    /// <summary>Rows of a process that dies in the middle of a look: after so many starts, then the notes, then the mark.</summary>
    private sealed class DyingRows(IRowStore rows) : IRowStore
    {
        private int? left;

        public int? WritesLeft
        {
            set => left = value;
        }

        public SqlDialect Dialect => rows.Dialect;

        public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => rows.QueryAsync<T>(sql, args, ct);

        public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => rows.FirstOrDefaultAsync<T>(sql, args, ct);

        public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) =>
            sql.StartsWith("insert into schedule_marks", StringComparison.Ordinal) && sql.Contains("do update", StringComparison.Ordinal) && left < 2
                ? throw new ProcessGoneException()
                : rows.ExecuteAsync(sql, args, ct);

        public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => rows.InTransactionAsync(async tx =>
        {
            var watched = new Watched(tx);
            T result = await work(watched);
            if (left is { } writes && (watched.IsRun || watched.IsNote))
            {
                if (writes < 1)
                {
                    throw new ProcessGoneException();
                }

                // The notes count once more below, where there are none too.
                left = watched.IsRun ? writes - 1 : writes;
            }

            return result;
        }, ct);

        private sealed class Watched(IRowTransaction tx) : IRowTransaction
        {
            public bool IsRun { get; private set; }

            public bool IsNote { get; private set; }

            public SqlDialect Dialect => tx.Dialect;

            public void OnCommitted(Action effect) => tx.OnCommitted(effect);

            public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => tx.QueryAsync<T>(sql, args, ct);

            public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => tx.FirstOrDefaultAsync<T>(sql, args, ct);

            public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct)
            {
                IsRun |= sql.StartsWith("insert into runs", StringComparison.Ordinal);
                IsNote |= sql.StartsWith("insert into schedule_fires", StringComparison.Ordinal);
                return tx.ExecuteAsync(sql, args, ct);
            }
        }
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
