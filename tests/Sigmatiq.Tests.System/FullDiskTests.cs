using System.Text.Json.Nodes;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The lane on a disk that is full when the sweep wants to write.</summary>
public sealed class FullDiskTests
{
    private static readonly string[] Lifecycle =
    [
        "lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2020-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z", "--confidence", "rule", "--key", "lane",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lifecycle_on_a_full_disk_is_paused_with_the_reason_and_gives_the_same_hashes_once_there_is_room()
    {
        using SmallDisk calm = SmallDisk.Mount(64), full = SmallDisk.Mount(64);
        await EndsAsync(3, calm, Lifecycle);
        await EndsAsync(0, full, [.. Lifecycle[..^2], "--until", "align"]);

        // Room for rows, and none for what a sweep writes.
        full.Fill(leave: 300_000);
        using (ProgramProcess paused = ProgramProcess.Start([.. Lifecycle, "--data", DataOf(full)]))
        {
            (await paused.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(1, paused.Error);
            paused.Error.Should().Contain("STO-1020");
        }

        JsonNode run = await ShowAsync(full);
        (run["status"]!.GetValue<string>(), run["reason"]!.GetValue<string>().Contains("STO-1020", StringComparison.Ordinal)).Should().Be(("paused", true));
        full.Clear();
        await EndsAsync(3, full, "runs", "resume", "--reason", "made room");
        (await ShowAsync(full))["hashes"]!.ToJsonString().Should().Be((await ShowAsync(calm))["hashes"]!.ToJsonString());
        await EndsAsync(0, full, "audit", "verify");
    }

    private static string DataOf(SmallDisk disk) => Path.Combine(disk.Path, "data");

    private static async Task<ProgramProcess> EndsAsync(int exit, SmallDisk disk, params string[] args)
    {
        ProgramProcess process = ProgramProcess.Start([.. args, "--data", DataOf(disk)]);
        (await process.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(exit, $"{string.Join(' ', args)}: {process.Error}");
        return process;
    }

    private static async Task<JsonNode> ShowAsync(SmallDisk disk)
    {
        using ProgramProcess process = await EndsAsync(0, disk, "runs", "show", "--output", "json");
        return JsonNode.Parse(process.Out)!;
    }
}
