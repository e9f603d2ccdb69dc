using System.Text.Json.Nodes;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The lane end to end on PostgreSQL, as the user that 'store prepare' has made: the same results as on SQLite.</summary>
public sealed class PostgresLaneTests : IAsyncLifetime
{
    private static readonly string[] Lane =
        ["lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2020-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z", "--key", "lane"];

    // Whatever reads: each must find its way around both stores.
    private static readonly string[] Readings =
    [
        "data list", "packs list", "models list", "sweeps list", "sweeps show", "sweeps leaderboard", "training list", "training show", "trained-models list", "trained-models show",
        "workflows list", "workflows show lifecycle", "workflows show forecast_h5_l6_weekly_monitor", "workflows next forecast_h5_l6_weekly_monitor", "runs list", "runs show", "runs logs", "approvals list",
        "approvals show", "audit verify", "lifecycle status", "data prune --dry-run", "workflows pause forecast_h5_l6_weekly_monitor --reason test", "doctor",
    ];

    private readonly List<string> folders = [];
    private PrivateDatabase database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await (await PrivatePostgres.RunningAsync()).NewDatabaseAsync(empty: true);

    [Fact]
    public async Task The_lane_gives_the_same_hashes_on_both_stores_and_every_reading_command_works_on_both()
    {
        string user = $"{database.Name}_lane", here = NewFolder(), there = NewFolder();
        using (ProgramProcess prepared = await EndsAsync(0, there, database.Url, "store", "prepare", "--user", user))
        {
            prepared.Out.Should().Contain("(made)");
        }

        string url = database.UrlFor(user);
        using (await EndsAsync(3, here, null, Lane))
        using (await EndsAsync(3, there, url, Lane))
        {
        }

        JsonNode one = await JsonAsync(here, null, "runs", "show"), other = await JsonAsync(there, url, "runs", "show");
        other["status"]!.GetValue<string>().Should().Be("waiting");
        other["hashes"]!.ToJsonString().Should().Be(one["hashes"]!.ToJsonString()).And.Contain("sweep.leaderboard_hash").And.Contain("artifact_hash");
        File.Exists(Path.Combine(there, "sigmatiq.db")).Should().BeFalse("no row lies beside the server");

        foreach (string reading in Readings)
        {
            string[] words = reading.Split(' ');
            using ProgramProcess onSqlite = Start(here, null, words), onPostgres = Start(there, url, words);
            int expected = await onSqlite.EndAsync(TimeSpan.FromMinutes(2), Ct);
            expected.Should().NotBe(2, $"{reading} is a command: {onSqlite.Error}");
            // A server without fsync is something that doctor has to say.
            (await onPostgres.EndAsync(TimeSpan.FromMinutes(2), Ct)).Should().Be(reading == "doctor" ? 1 : expected, $"{reading}: {onPostgres.Error}");
            onPostgres.Error.Should().NotContain("APP-9001");
        }

        using (await EndsAsync(0, there, url, "approvals", "approve", "--reason", "looks sound on paper"))
        using (await EndsAsync(0, there, url, "audit", "verify"))
        {
        }

        (await JsonAsync(there, url, "runs", "show"))["status"]!.GetValue<string>().Should().Be("completed");
        (await JsonAsync(there, url, "reproduce")).AsArray().Should().OnlyContain(l => l!["same"]!.GetValue<bool>());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        folders.ForEach(f => Directory.Delete(f, recursive: true));
    }

    private static ProgramProcess Start(string data, string? store, params string[] words) =>
        ProgramProcess.Start([.. words, "--data", data, .. store is null ? Array.Empty<string>() : ["--store", store]]);

    private static async Task<ProgramProcess> EndsAsync(int exit, string data, string? store, params string[] words)
    {
        ProgramProcess process = Start(data, store, words);
        (await process.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(exit, $"{string.Join(' ', words)}: {process.Error}");
        return process;
    }

    private static async Task<JsonNode> JsonAsync(string data, string? store, params string[] words)
    {
        using ProgramProcess process = await EndsAsync(0, data, store, [.. words, "--output", "json"]);
        return JsonNode.Parse(process.Out)!;
    }

    private string NewFolder()
    {
        string folder = Directory.CreateTempSubdirectory("sigmatiq-lane-").FullName;
        folders.Add(folder);
        return folder;
    }
}
