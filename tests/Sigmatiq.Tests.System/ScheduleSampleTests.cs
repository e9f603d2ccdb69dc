using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.SystemTests.Simulation;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Samples of the simulation by the real desk on a real store, and by the real Quartz: what the ten thousand seeds decide in memory is what
/// happens.</summary>
public sealed class ScheduleSampleTests(ITestOutputHelper output) : IDisposable
{
    private const int Samples = 5, FiresMost = 130;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-sample-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_desk_on_a_store_comes_to_the_same_history()
    {
        int found = 0;
        for (int seed = 0; found < Samples; seed++)
        {
            foreach (string zone in ScheduleSimulation.ZonesOf(seed))
            {
                var (world, fires, dropped) = SchedulerWorld.Draw(Rng.From(seed).Fork(zone), zone);
                if (fires.Count > FiresMost || world.Pauses.Count == 0 || world.Schedule.Calendar is null || !world.Living.Any(l => l.DiesFromMs is not null))
                {
                    continue;
                }

                History expected = new LifeOracle(world, fires, dropped).Tell();
                string files = folder.CreateSubdirectory($"{seed}-{found}").FullName;
                History kept = await new StoredLife(world, files).LiveAsync();
                string which = $"seed {seed}, {world.Schedule}";
                kept.Fires.Should().Equal(expected.Fires.Select(f => f with { MovedFrom = null }), which);
                // A note has one row, whichever expression dropped it.
                kept.Dropped.Should().BeSubsetOf(expected.Dropped, which);
                kept.Dropped.Select(d => d.AtMs).Should().Equal(expected.Dropped.Select(d => d.AtMs).Distinct(), which);
                output.WriteLine($"{which}: {expected.Fires.Count} fires, {expected.Dropped.Count} dropped, {world.Living.Count} lives");
                found++;
            }
        }
    }

    // Madrid sets its clocks on 29 March and 25 October 2026 at 01:00 UTC. Time runs a hundred and fifty times as fast.
    [Theory]
    [InlineData("2026-03-29T00:45:00Z")]
    [InlineData("2026-10-25T00:45:00Z")]
    public async Task Quartz_fires_what_the_oracle_names(string from)
    {
        DateTimeOffset begin = DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture);
        ScheduleText[] schedules =
        [
            new("Europe/Madrid", null, [("*/7 1-3 * * *", "none"), ("30 2 * * 7", "none")], "all"),
            new("Europe/Madrid", "NYSE", [("20 */4 2,3 ? * SUN", "none"), ("0 3 * * *", "preceding")], "all"),
            new("UTC", null, [("0,40 */3 * * * ?", "none")], "all"),
        ];
        var clock = new FastClock(begin, 150);
        for (int i = 0; i < schedules.Length; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"s{i}.1.0.0.yaml"), StoredLife.Yaml($"s{i}", schedules[i]), Ct);
        }

        var data = new DataDirectory(Path.Combine(folder.FullName, "data"));
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        var engine = new WorkflowEngine(data, rows, StoredLife.Kinds, IdSource.FromSeed(clock, 1), clock, NullLoggerFactory.Instance);
        var book = new ScheduleBook(rows, new(clock), clock);
        var desk = new ScheduleDesk(new WorkflowFolder(folder.FullName, engine.Kinds), engine.Versions, book, engine.Requests, clock, NullLogger.Instance);
        await desk.DecideAllAsync(Ct);
        DateTimeOffset first = clock.GetUtcNow();
        await using (await FireTriggers.StartAsync(desk, new(rows, engine.Requests, engine.Versions, new(clock), clock), $"{Guid.NewGuid():N}", clock, NullLoggerFactory.Instance, Ct))
        {
            await Task.Delay(TimeSpan.FromMinutes(45), clock, Ct);
        }

        long settled = clock.GetUtcNow().AddMinutes(-15).ToUnixTimeMilliseconds();

        for (int i = 0; i < schedules.Length; i++)
        {
            long[] fired = [.. (await book.FiresAsync($"s{i}", 1_000, Ct)).Where(f => f.Outcome == "started").Select(f => f.FireUtc.ToUnixTimeMilliseconds()).Order()];
            long minute = begin.ToUnixTimeSeconds() / 60;
            // The first look made it seen; what came due in the instants around it is either's.
            long[] planned = [.. MinuteWalk.Walk(schedules[i], minute, minute + 600).Fires.Select(f => f.AtMs).Where(ms => ms > first.ToUnixTimeMilliseconds())];
            long[] since = [.. fired.Where(ms => ms > first.ToUnixTimeMilliseconds())];
            since.Should().NotBeEmpty().And.Equal(planned.Take(since.Length), $"s{i}: {schedules[i]}");
            since.Should().Contain(planned.Where(ms => ms < settled), "it went on until the end");
        }
    }

    /// <summary>A clock that runs faster, timers included.</summary>
    private sealed class FastClock(DateTimeOffset begin, int times) : TimeProvider
    {
        private readonly long origin = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => begin + (System.GetElapsedTime(origin) * times);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => GetUtcNow().UtcTicks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Slower(dueTime), Slower(period));

        private TimeSpan Slower(TimeSpan span) => span <= TimeSpan.Zero ? span : TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, span.Ticks / times));
    }
}
