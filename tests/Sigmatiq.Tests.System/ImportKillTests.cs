using System.Diagnostics;
using System.Text.Json;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>An import killed in the middle: the store has the whole file or nothing of it, and doing it again completes it.</summary>
public sealed class ImportKillTests : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-import-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_import_killed_at_any_moment_leaves_all_of_its_series_or_none()
    {
        // 66 symbols: long enough in writing to be hit there.
        string file = Checkout.Material("market/bars/equity/daily/adj_2012_2017.parquet");
        string[] import = ["data", "import", file, "--waive", "null_price", "--reason", "two days without a price"];
        long begun = Stopwatch.GetTimestamp();
        string whole = await ImportAsync(import, Path.Combine(folder.FullName, "whole"));
        double wholeMs = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        int killed = 0;
        string data = Path.Combine(folder.FullName, "killed");
        // Parts of what an undisturbed one took on this machine, and once when it begins to write, however fast the machine is.
        foreach (double? part in new double?[] { 0.05, null, 0.5, 0.93 })
        {
            using (ProgramProcess running = ProgramProcess.Start([.. import, "--data", data]))
            {
                await (part is { } share ? Task.Delay(TimeSpan.FromMilliseconds(share * wholeMs), Ct) : FirstBarsAsync(data, running));
                running.Kill();
            }

            string left = await ListAsync(data);
            killed += left == "" && HasBars(data) ? 1 : 0;
            left.Should().BeOneOf(["", whole], part is null ? "killed when the first bars were written" : $"killed after {part} of {wholeMs:0} ms");
        }

        killed.Should().BePositive("otherwise it was never hit while it wrote");
        (await ImportAsync(import, data)).Should().Be(whole, "doing it again completes it");
        using ProgramProcess check = ProgramProcess.Start("data", "check", "--data", data);
        (await check.EndAsync(Within, Ct)).Should().Be(0, check.Error);
        using ProgramProcess prune = ProgramProcess.Start("data", "prune", "--data", data);
        (await prune.EndAsync(Within, Ct)).Should().Be(0, prune.Error);
        Directory.EnumerateFiles(Path.Combine(data, "bars"), "*.aside", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Should().BeEmpty("what the killed ones left aside is removed");
        (await ListAsync(data)).Should().Be(whole);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static async Task<string> ImportAsync(string[] import, string data)
    {
        using ProgramProcess running = ProgramProcess.Start([.. import, "--data", data, "-o", "json"]);
        (await running.EndAsync(Within, Ct)).Should().Be(0, running.Error);
        return await ListAsync(data);
    }

    // Until a file of bars stands in the store, or the import has ended.
    private static async Task FirstBarsAsync(string data, ProgramProcess running)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!running.HasExited && !HasBars(data))
        {
            Stopwatch.GetElapsedTime(begun).Should().BeLessThan(Within);
            await Task.Delay(2, Ct);
        }
    }

    private static bool HasBars(string data) =>
        Path.Combine(data, "bars") is var bars && Directory.Exists(bars) && Directory.EnumerateFiles(bars, "*", SearchOption.AllDirectories).Any();

    // Of one killed before it made its store there is nothing to list.
    private static async Task<string> ListAsync(string data)
    {
        if (!Directory.Exists(data))
        {
            return "";
        }

        using ProgramProcess list = ProgramProcess.Start("data", "list", "--data", data, "-o", "json");
        (await list.EndAsync(Within, Ct)).Should().Be(0, list.Error);
        return string.Join(" ", JsonDocument.Parse(list.Out).RootElement.EnumerateArray().Select(s => s.GetProperty("id").GetString()));
    }
}
