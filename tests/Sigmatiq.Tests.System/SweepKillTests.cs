using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>A custom sweep of 2,000 combos, killed at random moments by <c>kill -9</c>. Three kills by default; the variable
/// <c>SIGMATIQ_SWEEP_KILLS</c> takes any number, 20 for the acceptance.</summary>
public sealed class SweepKillTests : IDisposable
{
    private const int Combos = 2_000;

    // 10 thresholds x 5 hours x 10 sizes x 2 stops x 2 targets = 2,000 on four confidence columns.
    private const string Request = """
        { "model_id": "syn", "sweep_type": "custom", "date_range": { "start": "2019-01-02", "end": "2022-12-30" }, "parameters": {
            "thresholds": [0.30, 0.34, 0.38, 0.42, 0.46, 0.50, 0.54, 0.58, 0.62, 0.66],
            "allowed_hours": ["all_day", "morning_only", "afternoon_only", [9, 10], [14, 15]],
            "position_size_pct": [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5], "stop_loss_pct": [4, 6], "take_profit_pct": [8, 12] } }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly List<DirectoryInfo> folders = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("SIGMATIQ_SWEEP_KILLS") ?? "3", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_custom_sweep_killed_at_random_moments_ends_with_the_hashes_of_an_undisturbed_one_and_counts_no_combo_twice()
    {
        string calm = await PrepareAsync();
        long begun = TimeProvider.System.GetTimestamp();
        await SweepAsync(calm);
        TimeSpan whole = TimeProvider.System.GetElapsedTime(begun);
        StoredSweep expected = (await SweepsAsync(calm)).Single();
        expected.Leaderboard.Rows.Should().HaveCount(Combos);
        (await TrialsAsync(calm)).Should().Be((Combos, Combos));

        long seed = TimeProvider.System.GetTimestamp();
        Rng chance = Rng.From(seed);
        string disturbed = await PrepareAsync();
        int kills = 0;
        for (bool isAgain = false; kills < Kills; isAgain = true)
        {
            // A sweep that came to its end is repeated by force, until every kill has had its moment.
            string[] force = isAgain && (await SweepsAsync(disturbed)).Count == (await CountAsync(disturbed)) ? ["--force"] : [];
            using ProgramProcess run = Start(disturbed, force);
            TimeSpan wait = whole * (0.5 * chance.NextDouble());
            Task ended = run.EndAsync(Patience, Ct), late = Task.Delay(wait, TimeProvider.System, Ct);
            if (await Task.WhenAny(ended, late) == late)
            {
                run.Kill();
                kills++;
                TestContext.Current.SendDiagnosticMessage($"kill {kills} after {wait.TotalSeconds:F1} s of {whole.TotalSeconds:F1} s");
            }
        }

        await SweepAsync(disturbed);
        IReadOnlyList<StoredSweep> all = await SweepsAsync(disturbed);
        all.Should().NotBeEmpty();
        foreach (StoredSweep sweep in all)
        {
            sweep.LeaderboardHash.Should().Be(expected.LeaderboardHash, $"seed {seed}");
            sweep.Files.Where(IsTable).Should().BeEquivalentTo(expected.Files.Where(IsTable), $"seed {seed}");
            new SweepStore(null!, new(disturbed), null!, TimeProvider.System).VerifyFiles(sweep);
        }

        (await TrialsAsync(disturbed)).Should().Be((Combos, Combos), $"no combo is counted twice, seed {seed}");
    }

    public void Dispose() => folders.ForEach(f => f.Delete(recursive: true));

    private static bool IsTable(KeyValuePair<string, string> file) => file.Key.EndsWith(".parquet", StringComparison.Ordinal);

    private static ProgramProcess Start(string data, params string[] more) =>
        ProgramProcess.Start(["sweeps", "run", "--request", Path.Combine(data, "request.json"), "--data", data, "--output", "json", .. more]);

    private static async Task SweepAsync(string data)
    {
        using ProgramProcess run = Start(data);
        (await run.EndAsync(Patience, Ct)).Should().Be(0, run.Error);
        JsonNode.Parse(run.Out)!["evaluated"]!.GetValue<int>().Should().Be(Combos);
    }

    private async Task<string> PrepareAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-sweep-kill-");
        folders.Add(folder);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "request.json"), Request, Ct);
        foreach (string[] args in (string[][])[["data", "sample"], ["models", "create", "--ticker", "MKT.SYN", "--id", "syn"]])
        {
            using ProgramProcess made = ProgramProcess.Start([.. args, "--data", folder.FullName]);
            (await made.EndAsync(Patience, Ct)).Should().Be(0, made.Error);
        }

        return folder.FullName;
    }

    private static async Task<T> WithRowsAsync<T>(string data, Func<IRowStore, SweepStore, Task<T>> read)
    {
        DataDirectory folder = new(data);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(folder, TimeProvider.System, Ct);
        return await read(rows, new(rows, folder, new AuditChain(TimeProvider.System), TimeProvider.System));
    }

    private static Task<int> CountAsync(string data) => WithRowsAsync(data, async (_, sweeps) => (await sweeps.ListAsync(null, null, Ct)).Count);

    private static Task<IReadOnlyList<StoredSweep>> SweepsAsync(string data) => WithRowsAsync(data, async (_, sweeps) =>
    {
        List<StoredSweep> stored = [];
        foreach (SweepRecord record in (await sweeps.ListAsync(null, null, Ct)).Where(s => s.IsCompleted))
        {
            stored.Add(await sweeps.LoadAsync(record.SweepId, Ct));
        }

        return (IReadOnlyList<StoredSweep>)stored;
    });

    private static Task<(int Raw, int Different)> TrialsAsync(string data) => WithRowsAsync(data, async (rows, _) => (
        await rows.FirstAsync<int>("select count(*) from trials", null, Ct),
        await rows.FirstAsync<int>("select count(distinct config_hash) from trials", null, Ct)));
}
