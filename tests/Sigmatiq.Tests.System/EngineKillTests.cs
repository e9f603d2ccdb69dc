using System.Globalization;
using Sigmatiq.Store;
using Sigmatiq.Tests.SystemTests.Killed;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Engines killed with -9 at random instants and after the nth journal write, in the middle of a workflow with all that a kill can
/// tear. <c>SIGMATIQ_KILLS</c> sets their number, <c>SIGMATIQ_KILLS_SEED</c> their seed.</summary>
public abstract class EngineKillTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan RestartMost = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-torn-");

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task No_kill_loses_a_run_or_an_effect_or_doubles_one()
    {
        int kills = Given("SIGMATIQ_KILLS", 30), seed = Given("SIGMATIQ_KILLS_SEED", 1);
        await using TestRows rows = await TestRows.CreateAsync(Engine, new DataDirectory(folder.FullName));
        string address = rows.Address;
        await using var supervisor = new EngineSupervisor(new(folder.FullName), address, kills, seed, output.WriteLine);
        KillReport report = await supervisor.RunAsync(Ct);
        output.WriteLine($"{Engine}, seed {seed}: {report}");
        report.Faults.Should().BeEmpty($"seed {seed}");
        report.Runs.Should().BeGreaterThan(kills / 20);
        report.Completed.Should().Be(report.Runs);
        report.Doubles.Should().BePositive("a kill between an effect and the word of it sends the effect again, under its key");
        // The aim is five seconds and stands in docs/benchmarks.md; a machine that does other things takes its time.
        report.WorstRestart.Should().BeLessThan(RestartMost);
    }

    protected abstract StoreEngine Engine { get; }

    private static int Given(string variable, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(variable) ?? $"{otherwise}", CultureInfo.InvariantCulture);
}

/// <summary>On SQLite.</summary>
public sealed class SqliteEngineKillTests(ITestOutputHelper output) : EngineKillTests(output)
{
    protected override StoreEngine Engine => StoreEngine.Sqlite;
}

/// <summary>On PostgreSQL.</summary>
public sealed class PostgresEngineKillTests(ITestOutputHelper output) : EngineKillTests(output)
{
    protected override StoreEngine Engine => StoreEngine.Postgres;
}
