using System.Text.Json.Nodes;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>A run whose worker is killed with -9 again and again in the same step.</summary>
public sealed class SetAsideTests : IDisposable
{
    private const int StoresMax = 5, KillsMax = 12;

    private static readonly string[] Run =
        ["lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2021-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z", "--until", "sweep", "--key", "lane"];

    private readonly string root = Directory.CreateTempSubdirectory("sigmatiq-aside-").FullName;
    private string data = "";
    private int stores;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_whose_worker_is_killed_three_times_in_a_step_is_set_aside_with_its_reason_and_goes_on_when_resumed()
    {
        // A kill that comes after the sweep stored some combos does not count; where too many come so late that the sweep is done, a new store is begun.
        int kills = 0;
        while (kills == 0)
        {
            stores.Should().BeLessThan(StoresMax);
            kills = await KillUntilSetAsideAsync();
        }

        kills.Should().BeGreaterThanOrEqualTo(3);
        JsonNode line = (await JsonAsync("runs", "list"))[0]!;
        (line["status"]!.GetValue<string>(), line["ended_at_utc"]).Should().Be(("set_aside", null));
        line["reason"]!.GetValue<string>().Should().Contain("sweep crashed its worker 3 times in a row");
        JsonNode run = await JsonAsync("runs", "show");
        run["attempts"]!.AsArray().Count(a => a!["status"]!.GetValue<string>() == "crashed").Should().Be(kills);

        using ProgramProcess noReason = await EndsAsync(2, "runs", "resume");
        using ProgramProcess resumed = await EndsAsync(0, "runs", "resume", "--reason", "the machine was changed");
        (await JsonAsync("runs", "show"))["status"]!.GetValue<string>().Should().Be("completed");
        // What the sweep gave is taken over where it is asked for again.
        using ProgramProcess unknown = await EndsAsync(2, "runs", "rerun", "--version", "9.9.9");
        unknown.Error.Should().Contain("WFL-1012").And.Contain("original, latest");
        using ProgramProcess rerun = await EndsAsync(0, "runs", "rerun", "--version", "latest", "--key", "again");
        run = await JsonAsync("runs", "show");
        run["request"]!["rerun"]!["of"]!.GetValue<string>().Should().Be(line["id"]!.GetValue<string>());
        run["steps"]!.AsArray().First(s => s!["name"]!.GetValue<string>() == "sweep")!["instances"]![0]!["reused_from"]!.GetValue<string>()
            .Should().Be(line["id"]!.GetValue<string>());
        using ProgramProcess audit = await EndsAsync(0, "audit", "export");
        audit.Out.Should().Contain("run.resume").And.Contain("the machine was changed");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    // How often it was killed before it was set aside; 0 where the sweep came to its end.
    private async Task<int> KillUntilSetAsideAsync()
    {
        data = Path.Combine(root, $"{++stores}");
        for (int kills = 0; ; kills++)
        {
            kills.Should().BeLessThan(KillsMax);
            using ProgramProcess process = ProgramProcess.Start([.. Run, "--data", data]);
            if (!await IsSweepingAsync(process))
            {
                int exit = await process.EndAsync(TimeSpan.FromMinutes(5), Ct);
                if (exit == 0)
                {
                    return 0;
                }

                exit.Should().Be(1, process.Error);
                process.Error.Should().Contain("WFL-2206").And.Contain("runs resume");
                return kills;
            }

            process.Kill();
        }
    }

    // Whether an attempt at the sweep is under way; false once the process has ended.
    private async Task<bool> IsSweepingAsync(ProgramProcess process)
    {
        string file = Path.Combine(data, "sigmatiq.db");
        int before = await SweepingAsync(file);
        while (!process.HasExited)
        {
            if (await SweepingAsync(file) > before)
            {
                return true;
            }

            await Task.Delay(10, Ct);
        }

        return false;
    }

    private static async Task<int> SweepingAsync(string file)
    {
        if (!File.Exists(file))
        {
            return 0;
        }

        SqliteRowStore rows = await SqliteRowStore.OpenAsync(file, TimeProvider.System, Ct);
        using (rows)
        {
            return await rows.FirstAsync<int>("select coalesce(max(attempt), 0) from step_attempts where step = 'sweep'", null, Ct);
        }
    }

    private async Task<ProgramProcess> EndsAsync(int exit, params string[] args)
    {
        ProgramProcess process = ProgramProcess.Start([.. args, "--data", data]);
        (await process.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(exit, $"{string.Join(' ', args)}: {process.Error}");
        return process;
    }

    private async Task<JsonNode> JsonAsync(params string[] args)
    {
        using ProgramProcess process = await EndsAsync(0, [.. args, "--output", "json"]);
        return JsonNode.Parse(process.Out)!;
    }
}
