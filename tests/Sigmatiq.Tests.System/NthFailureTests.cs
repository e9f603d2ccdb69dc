using System.Collections.Concurrent;
using System.Globalization;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.SystemTests.Failing;
using Sigmatiq.Tests.SystemTests.Killed;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The nth access to the store fails, or is done and says that it failed, for every n until a whole run passes without an nth.
/// <c>SIGMATIQ_EVERY_NTH=1</c> takes every n in every way; a plain run takes every n on SQLite in one of three ways, and some on PostgreSQL.</summary>
public sealed class NthFailureTests(ITestOutputHelper output) : IDisposable
{
    private const int Stretch = 32;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-nth-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(Fault.Refused)]
    [InlineData(Fault.DoneButLocked)]
    [InlineData(Fault.DoneButLost)]
    public async Task Whichever_access_to_sqlite_fails_the_run_ends_once(Fault fault)
    {
        DataDirectory template = new(Path.Combine(folder.FullName, "template"));
        (await SqliteRowStore.OpenAsync(template, TimeProvider.System, Ct)).Dispose();
        ConcurrentDictionary<string, int> hits = new();
        // A third each, so that the three together take every n.
        int reached = await EveryAsync(1 + (int)fault, Every(3), async nth =>
        {
            DataDirectory data = new(Path.Combine(folder.FullName, $"{fault}-{nth}"));
            File.Copy(template.RowsFile, data.RowsFile);
            await using OutsideSink sink = new();
            var errand = new Errand(data, sink.Port);
            using SqliteRowStore sound = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
            await errand.PrepareAsync(sound);
            var rows = new FaultyRows(sound, nth, fault);
            await errand.GoAsync(rows);
            hits.AddOrUpdate(rows.Hit is { } hit ? hit.Split('\n')[0].Trim() : "none", 1, (_, times) => times + 1);
            (await errand.FaultsAsync(sound, sink)).Should().BeEmpty($"access {nth} ({fault}): {rows.Hit}");
            return rows.Hit is not null;
        });
        output.WriteLine($"{fault}: {reached} accesses failed in turn; {hits.GetValueOrDefault("commit")} of them commits, {hits.Count} statements");
        hits.Keys.Should().Contain("commit").And.Contain("begin");
        hits.Count.Should().BeGreaterThan(15, "reads, writes and commits of all kinds");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_access_to_a_file_fails_the_run_ends_once(bool isDone)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the loader of Linux puts the failing library before the others");
        string library = await FailingFiles.BuildAsync(folder.FullName, Ct);
        // Two numbers that share no factor, so that over both ways different accesses fail.
        int step = Every(isDone ? 41 : 37);
        IReadOnlyList<FailedAccess> results = await FailingFiles.RunAsync(library, folder.CreateSubdirectory($"files-{isDone}").FullName, isDone, step, Ct);
        var hits = results.Where(r => r.Hit.Length > 0).Select(r => r.Hit.Split(' ')).ToList();
        output.WriteLine($"{(isDone ? "done, and reported as timed out" : "not done")}: {hits.Count} accesses in turn, the first 40 and every {step}. after them: "
            + string.Join(", ", hits.GroupBy(h => h[0]).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}"))
            + $"; {results.Count(r => r.Tries > 1)} errands were gone about again");
        results.Where(r => r.Faults.Count > 0).Select(r => $"access {r.Nth}, {r.Hit}: {string.Join("; ", r.Faults)}").Should().BeEmpty();
        results[^1].Hit.Should().BeEmpty("it goes on until there are not so many");
        hits.Select(h => h[0]).Distinct().Count().Should().BeGreaterThan(3, "reads, writes, flushes and names of files");
        hits.Should().Contain(h => h[1].StartsWith("sigmatiq.db", StringComparison.Ordinal), "SQLite's own files too");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_message_cuts_the_connection_to_postgresql_the_run_ends_once(bool cutsAfter)
    {
        int every = Every(17);
        PrivatePostgres server = await PrivatePostgres.RunningAsync();
        int reached = await EveryAsync(1, every, async nth =>
        {
            DataDirectory data = new(Path.Combine(folder.FullName, $"{cutsAfter}-{nth}"));
            await using OutsideSink sink = new();
            await using PrivateDatabase database = await server.NewDatabaseAsync();
            using PostgresRowStore sound = await PostgresRowStore.OpenAsync(database.Address, TimeProvider.System, Ct);
            var errand = new Errand(data, sink.Port);
            await errand.PrepareAsync(sound);
            string real = database.Url.Split("host=")[1];
            await using CuttingProxy proxy = new(real, nth, cutsAfter);
            using (PostgresRowStore cut = PostgresRowStore.OpenUnmigrated(PostgresAddress.Parse(database.Url.Replace(real, proxy.Folder, StringComparison.Ordinal))))
            {
                await errand.GoAsync(cut);
            }

            (await errand.FaultsAsync(sound, sink)).Should().BeEmpty($"message {nth}, cut {(cutsAfter ? "after" : "before")} it was answered");
            return proxy.Count >= nth;
        });
        output.WriteLine($"cut {(cutsAfter ? "after" : "before")}: {reached} messages in turn, every {every}.");
        reached.Should().BeGreaterThan(5);
    }

    private static int Every(int otherwise) => int.Parse(Environment.GetEnvironmentVariable("SIGMATIQ_EVERY_NTH") ?? $"{otherwise}", CultureInfo.InvariantCulture);

    // All n of a stretch at once, stretch by stretch, until one is not reached.
    private static async Task<int> EveryAsync(int from, int step, Func<int, Task<bool>> tryAsync)
    {
        for (int reached = 0, first = from; ; first += Stretch * step)
        {
            ConcurrentBag<bool> hits = [];
            await Parallel.ForEachAsync(Enumerable.Range(0, Stretch).Select(i => first + (i * step)),
                new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount, CancellationToken = Ct },
                async (nth, _) => hits.Add(await tryAsync(nth)));
            reached += hits.Count(hit => hit);
            if (hits.Contains(false))
            {
                return reached;
            }
        }
    }
}
