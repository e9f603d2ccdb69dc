using System.Diagnostics;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>What a store looks like after its writer was killed in the middle of something.</summary>
public sealed class StoreKillTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-kill-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_writer_killed_at_any_moment_leaves_whole_files_and_an_intact_chain()
    {
        DataDirectory data = new(folder.FullName);
        long records = 0;
        foreach (int waitMs in new[] { 40, 170, 333, 710 })
        {
            using (Process writer = KilledWriter.Start(data.Root))
            {
                (await writer.StandardOutput.ReadLineAsync(Ct)).Should().Be("ready");
                await Task.Delay(waitMs, Ct);
                writer.Kill();
                await writer.WaitForExitAsync(Ct);
            }

            if (File.Exists(data.File("state.json")))
            {
                string state = await File.ReadAllTextAsync(data.File("state.json"), Ct);
                state.Should().HaveLength(400_000);
                state.Distinct().Should().ContainSingle("a file is of one round, not of two");
            }

            foreach (string file in Directory.GetFiles(data.Bars, "*.parquet"))
            {
                Path.GetFileName(file).Should().Be(DataDirectory.HashedName("2024", ContentHash.OfFile(file), ".parquet"));
            }

            using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
            AuditVerdict verdict = await AuditChain.VerifyAsync(rows, null, Ct);
            verdict.FirstBreak.Should().BeNull();
            verdict.Records.Should().BeGreaterThanOrEqualTo(records, "what was committed stays");
            (await new OutboxQueue(rows, TimeProvider.System).CountPendingAsync(Ct)).Should().Be((int)verdict.Records, "record and message share a transaction");
            (await rows.FirstAsync<string>("pragma integrity_check", null, Ct)).Should().Be("ok");
            records = verdict.Records;
        }

        records.Should().BePositive("otherwise nothing was being written when it was killed");
        AtomicFile.RemoveLeftovers(data.Root, TimeProvider.System.GetUtcNow() + AtomicFile.SettledAfter);
        Directory.EnumerateFiles(data.Root, "*.aside", SearchOption.AllDirectories).Should().BeEmpty();
    }

    public void Dispose() => folder.Delete(recursive: true);
}
