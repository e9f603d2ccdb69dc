using System.Text.Json;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>A model whose migration was killed is on one version or on the other, never between them.</summary>
public sealed class PackMigrateKillTests : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-migrate-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_migration_killed_at_any_moment_is_done_or_not_begun_and_asking_again_finishes_it()
    {
        await RunAsync("models", "create", "--ticker", "SPY", "--pack", "swingsigma@1.0.0", "--id", "m");
        long begun = TimeProvider.System.GetTimestamp();
        await RunAsync("packs", "migrate", "m", "--to", "1.1.0");
        double reachMs = TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds;
        DataDirectory data = new(folder.FullName);
        Rng rng = Rng.From(29);
        int unfinished = 0;
        for (int round = 0; round < 8; round++)
        {
            (string version, int configVersion) = await StateAsync(data);
            string to = version == "1.1.0" ? "1.0.0" : "1.1.0";
            using (ProgramProcess migrate = ProgramProcess.Start("packs", "migrate", "m", "--to", to, "--data", folder.FullName))
            {
                await Task.Delay((int)(reachMs * (0.3 + (0.8 * rng.NextDouble()))), Ct);
                migrate.Kill();
            }

            (string after, int afterVersion) = await StateAsync(data);
            bool isDone = after == to;
            unfinished += isDone ? 0 : 1;
            reachMs *= isDone ? 0.8 : 1.1; // towards the moment of writing, as fast as the machine is now
            afterVersion.Should().Be(isDone ? configVersion + 1 : configVersion, $"round {round}: {version} to {to}");
            await RunAsync("packs", "migrate", "m", "--to", to);
            string file = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "models", "operator", "m", "config.yaml"), Ct);
            file.Should().Contain($"pack_version: \"{to}\"").And.Contain($"config_version: {configVersion + 1}\n");
        }

        unfinished.Should().BePositive("otherwise nothing was ever killed in the middle");
    }

    // The row says what the model is; every version up to it is in the history, and one that did not come to be is not.
    private static async Task<(string Version, int ConfigVersion)> StateAsync(DataDirectory data)
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
        ModelStore models = new(rows, data, TimeProvider.System);
        ModelConfig config = await models.LoadAsync("operator", "m", Ct);
        ModelRecord record = (await models.FindAsync("operator", "m", Ct))!;
        record.PackVersion.Should().Be(config.PackVersion.ToString());
        (await models.HistoryAsync("operator", "m", Ct)).Select(h => h.ConfigVersion).Should().Equal(Enumerable.Range(1, config.ConfigVersion));
        return (record.PackVersion, config.ConfigVersion);
    }

    private async Task RunAsync(params string[] args)
    {
        using ProgramProcess program = ProgramProcess.Start([.. args, "--data", folder.FullName, "-o", "json"]);
        (await program.EndAsync(Within, Ct)).Should().Be(0, program.Error);
        JsonDocument.Parse(program.Out).Dispose();
    }

    public void Dispose() => folder.Delete(recursive: true);
}
