using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.SystemTests.Killed;

namespace Sigmatiq.Tests.SystemTests.Failing;

/// <summary>What became of one errand.</summary>
/// <param name="Nth">The access to a file that failed, from 1.</param>
/// <param name="Hit">What it was and on which file; empty where there were not so many.</param>
/// <param name="Tries">How often the errand was gone about.</param>
/// <param name="Faults">What was lost, doubled or unreadable: nothing.</param>
internal sealed record FailedAccess(int Nth, string Hit, int Tries, IReadOnlyList<string> Faults);

/// <summary>This test program started once more behind <c>failing.c</c>: goes about errands whose nth access to a file of the data directory fails, SQLite's,
/// the runtime's and the program's own alike.</summary>
internal static class FailingFiles
{
    /// <summary>Says to a process of this program that it is to fail.</summary>
    public const string Variable = "SIGMATIQ_FAILING_FILES";

    private const int HitMost = 5_000, Opening = 40;
    private static readonly TimeSpan BuildPatience = TimeSpan.FromMinutes(1);

    private delegate void Arm([MarshalAs(UnmanagedType.LPUTF8Str)] string folder, nint nth, int how);

    private delegate nint Disarm(byte[] hit, nint size);

    /// <summary>Compiles what stands between the process and its files.</summary>
    /// <returns>The library.</returns>
    public static async Task<string> BuildAsync(string folder, CancellationToken ct)
    {
        string library = Path.Combine(folder, "failing.so");
        using Process compiler = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", "-O1", "-o", library, Path.Combine(AppContext.BaseDirectory, "failing.c"), "-ldl"])
        {
            RedirectStandardError = true,
        })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(BuildPatience);
        string errors = await compiler.StandardError.ReadToEndAsync(patience.Token);
        await compiler.WaitForExitAsync(patience.Token);
        return compiler.ExitCode == 0 ? library : throw new InvalidOperationException(errors);
    }

    /// <summary>Has errands gone about, each with another access failing, until there are not so many: every one of the first, by which files are opened, then one of
    /// so many.</summary>
    /// <param name="library">See <see cref="BuildAsync"/>.</param>
    /// <param name="folder">Of its own.</param>
    /// <param name="isDone">Whether what fails is done all the same.</param>
    /// <param name="step">To the next.</param>
    /// <param name="ct">Kills it.</param>
    public static async Task<IReadOnlyList<FailedAccess>> RunAsync(string library, string folder, bool isDone, int step, CancellationToken ct)
    {
        ProcessStartInfo start = new("dotnet", [typeof(FailingFiles).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LD_PRELOAD"] = library;
        start.Environment[Variable] = JsonSerializer.Serialize(new Asked(library, folder, isDone, step));
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(ct);
            List<FailedAccess> results = [];
            while (await process.StandardOutput.ReadLineAsync(ct) is { } line)
            {
                results.Add(JsonSerializer.Deserialize<FailedAccess>(line)!);
            }

            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? results : throw new InvalidOperationException($"It ended with {process.ExitCode} after {results.LastOrDefault()}: {await errors}");
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Does what <see cref="RunAsync"/> asked for.</summary>
    public static async Task ServeAsync(string text)
    {
        Asked asked = JsonSerializer.Deserialize<Asked>(text)!;
        nint library = NativeLibrary.Load(asked.Library);
        var arm = Marshal.GetDelegateForFunctionPointer<Arm>(NativeLibrary.GetExport(library, "failing_arm"));
        var disarm = Marshal.GetDelegateForFunctionPointer<Disarm>(NativeLibrary.GetExport(library, "failing_disarm"));
        DataDirectory template = new(Path.Combine(asked.Folder, "template"));
        (await SqliteRowStore.OpenAsync(template, TimeProvider.System, CancellationToken.None)).Dispose();
        for (int nth = 1; ; nth += nth < Opening ? 1 : asked.Step)
        {
            DataDirectory data = new(Path.Combine(asked.Folder, nth.ToString(CultureInfo.InvariantCulture)));
            File.Copy(template.RowsFile, data.RowsFile);
            await using OutsideSink sink = new();
            var errand = new Errand(data, sink.Port);
            using (SqliteRowStore sound = await SqliteRowStore.OpenAsync(data, TimeProvider.System, CancellationToken.None))
            {
                await errand.PrepareAsync(sound);
            }

            byte[] hit = new byte[HitMost];
            arm(data.Root, nth, asked.IsDone ? 1 : 0);
            int tries = 0;
            List<string> faults = [];
            try
            {
                tries = await GoAsync(errand, data);
            }
            catch (Exception e)
            {
                faults.Add(e.ToString());
            }

            disarm(hit, hit.Length);
            using SqliteRowStore read = await SqliteRowStore.OpenAsync(data, TimeProvider.System, CancellationToken.None);
            faults.AddRange(await errand.FaultsAsync(read, sink));
            FailedAccess result = new(nth, Encoding.UTF8.GetString(hit.AsSpan(0, Array.IndexOf(hit, (byte)0))), tries, faults);
            Console.WriteLine(JsonSerializer.Serialize(result));
            if (result.Hit.Length == 0)
            {
                return;
            }

            read.Dispose();
            Directory.Delete(data.Root, recursive: true);
        }
    }

    // Opening is part of it: a program that cannot open its store is started again.
    private static async Task<int> GoAsync(Errand errand, DataDirectory data)
    {
        for (int starts = 0; ; starts++)
        {
            SqliteRowStore rows;
            try
            {
                rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, CancellationToken.None);
            }
            catch (Exception) when (starts == 0)
            {
                continue;
            }

            using (rows)
            {
                return starts + await errand.GoAsync(rows);
            }
        }
    }

    private sealed record Asked(string Library, string Folder, bool IsDone, int Step);
}
