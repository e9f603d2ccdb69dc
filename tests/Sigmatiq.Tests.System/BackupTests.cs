using System.Text.Json.Nodes;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Copies of a store whose lifecycle is running, and copies that are killed on the way.</summary>
public sealed class BackupTests : IDisposable
{
    private static readonly string[] Lifecycle =
    [
        "lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2020-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z", "--key", "lane", "--confidence", "rule",
    ];

    private readonly string root = Directory.CreateTempSubdirectory("sigmatiq-backup-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copies_taken_at_random_moments_of_a_lifecycle_all_end_with_the_hashes_of_an_undisturbed_one()
    {
        string expected = await ToTheEndAsync("calm");
        long seed = TimeProvider.System.GetTimestamp();
        Rng chance = Rng.From(seed);
        List<string> copies = [];
        using (ProgramProcess live = Start("live", Lifecycle))
        {
            while (!File.Exists(At("live", "sigmatiq.db")))
            {
                await Task.Delay(20, Ct);
            }

            while (!live.HasExited && copies.Count < 3)
            {
                await Task.Delay(300 + chance.NextInt(3500), Ct);
                copies.Add(At($"copy{copies.Count}.tar.gz"));
                await EndsAsync(0, "live", "backup", copies[^1]);
            }

            (await live.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(3, live.Error);
        }

        copies.Should().NotBeEmpty();
        (await ToTheEndAsync("live")).Should().Be(expected, "copying disturbs nothing");
        copies.Add(At("last.tar.gz"));
        await EndsAsync(0, "live", "backup", copies[^1]);
        for (int i = 0; i < copies.Count; i++)
        {
            await EndsAsync(0, $"new{i}", "restore", copies[i]);
            using ProgramProcess verify = Start($"new{i}", "audit", "verify");
            if (await verify.EndAsync(TimeSpan.FromMinutes(1), Ct) != 0)
            {
                // The heads beside the key know what was decided after the copy.
                verify.Error.Should().Contain("STO-40");
                await EndsAsync(0, $"new{i}", "audit", "adopt", "--reason", "restored from a backup");
            }

            (await ToTheEndAsync($"new{i}")).Should().Be(expected, $"seed {seed}, copy {i}");
            (await JsonAsync($"new{i}", "runs", "list")).AsArray().Should().HaveCount(1);
            await EndsAsync(0, $"new{i}", "audit", "verify");
        }

        (await JsonAsync($"new{copies.Count - 1}", "reproduce")).AsArray().Should().NotBeEmpty().And.OnlyContain(l => l!["same"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_backup_or_restore_that_is_killed_leaves_nothing_that_could_be_taken_for_one()
    {
        await EndsAsync(0, "data", "data", "sample");
        await EndsAsync(0, "data", "backup", At("whole.tar.gz"));
        long seed = TimeProvider.System.GetTimestamp();
        Rng chance = Rng.From(seed);
        int killed = 0;
        for (int i = 0; i < 8; i++)
        {
            bool isBackup = i % 2 == 0;
            string made = isBackup ? At($"killed{i}.tar.gz") : At($"new{i}");
            using ProgramProcess process = isBackup ? Start("data", "backup", made) : Start($"new{i}", "restore", At("whole.tar.gz"));
            await Task.Delay(i < 2 ? 100 : 150 + chance.NextInt(900), Ct);
            killed += process.HasExited ? 0 : 1;
            process.Kill();
            if (isBackup && File.Exists(made))
            {
                await EndsAsync(0, $"from{i}", "restore", made);
            }
            else if (!isBackup)
            {
                if (Directory.Exists(made))
                {
                    await EndsAsync(0, $"new{i}", "data", "check");
                }
                else
                {
                    await EndsAsync(0, $"new{i}", "restore", At("whole.tar.gz"));
                }
            }
        }

        killed.Should().BeGreaterThan(0, $"seed {seed}");
        Directory.GetFiles(root).Select(Path.GetFileName).Where(f => !f!.EndsWith(".aside", StringComparison.Ordinal)).Should().OnlyContain(f => f!.EndsWith(".tar.gz", StringComparison.Ordinal));
    }

    private string At(params string[] parts) => Path.Combine([root, .. parts]);

    // On from wherever the store stands: the same words find the same run.
    private async Task<string> ToTheEndAsync(string data)
    {
        JsonArray runs = File.Exists(Path.Combine(At(data), "sigmatiq.db")) ? (await JsonAsync(data, "runs", "list")).AsArray() : [];
        if (runs is not [{ } only] || only["status"]!.GetValue<string>() is not ("waiting" or "completed"))
        {
            await EndsAsync(3, data, Lifecycle);
        }

        if ((await JsonAsync(data, "runs", "show"))["status"]!.GetValue<string>() == "waiting")
        {
            await EndsAsync(0, data, "approvals", "approve", "--reason", "sound on paper");
        }

        JsonNode run = await JsonAsync(data, "runs", "show");
        run["status"]!.GetValue<string>().Should().Be("completed");
        return run["hashes"]!.ToJsonString();
    }

    private ProgramProcess Start(string data, params string[] args) => ProgramProcess.Start([.. args, "--data", At(data)]);

    private async Task<ProgramProcess> EndsAsync(int exit, string data, params string[] args)
    {
        ProgramProcess process = Start(data, args);
        (await process.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(exit, $"{data}: {string.Join(' ', args)}: {process.Error}");
        return process;
    }

    private async Task<JsonNode> JsonAsync(string data, params string[] args)
    {
        using ProgramProcess process = await EndsAsync(0, data, [.. args, "--output", "json"]);
        return JsonNode.Parse(process.Out)!;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(root, recursive: true);
}
