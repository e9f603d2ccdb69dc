using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>This test program started once more, as a process that writes to a store until it is killed.</summary>
public static class KilledWriter
{
    private const string Variable = "SIGMATIQ_KILLED_WRITER";

    public static Process Start(string folder)
    {
        ProcessStartInfo start = new("dotnet", [typeof(KilledWriter).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Variable] = folder;
        return Process.Start(start)!;
    }

    [ModuleInitializer]
    internal static void WriteInsteadOfTesting()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder)
        {
            WriteForEverAsync(new(folder)).GetAwaiter().GetResult();
        }
    }

    private static async Task WriteForEverAsync(DataDirectory data)
    {
        CancellationToken ct = CancellationToken.None;
        SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, ct);
        AuditChain chain = new(TimeProvider.System);
        OutboxQueue outbox = new(rows, TimeProvider.System);
        long begun = (await AuditChain.HeadAsync(rows, ct)).Seq;
        Console.WriteLine("ready");
        for (long i = begun + 1; ; i++)
        {
            AtomicFile.Write(data.File("state.json"), Encoding.UTF8.GetBytes(new string((char)('a' + (i % 26)), 400_000)));
            ParquetFile.WriteHashed(data.Bars, "2024", new(Column.Of("close", [.. Enumerable.Range(0, 5000).Select(n => n * 1.1 * i)])), ct);
            await rows.InTransactionAsync(async tx =>
            {
                await chain.AppendAsync(tx, new("writer", "write", $"round:{i}", null, null), ct);
                await outbox.EnqueueAsync(tx, $"round:{i}", "test", null, ct);
            }, ct);
        }
    }
}
