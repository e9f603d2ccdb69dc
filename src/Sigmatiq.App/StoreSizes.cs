using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App;

/// <summary>How much room a store takes. Measured at most once in <see cref="Kept"/>, since it looks at every file.</summary>
/// <param name="platform">The store.</param>
internal sealed class StoreSizes(Platform platform)
{
    /// <summary>How long a measurement counts.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);

    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };
    private readonly SemaphoreSlim gate = new(1, 1);
    private StoreShown? last;

    /// <summary>The newest measurement, or a new one.</summary>
    public async Task<StoreShown> ReadAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            DateTimeOffset now = platform.Clock.GetUtcNow();
            return last = last is { } known && now - known.MeasuredAtUtc < Kept ? known : await Task.Run(() => Measure(now, ct), ct);
        }
        finally
        {
            gate.Release();
        }
    }

    private StoreShown Measure(DateTimeOffset now, CancellationToken ct)
    {
        DirectoryInfo root = new(platform.Data.Root);
        List<FolderSize> folders = [];
        foreach (DirectoryInfo folder in root.EnumerateDirectories().OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            (long files, long bytes) = (0, 0);
            foreach (FileInfo file in folder.EnumerateFiles("*", All))
            {
                ct.ThrowIfCancellationRequested();
                (files, bytes) = (files + 1, bytes + LengthOf(file));
            }

            folders.Add(new(folder.Name, files, bytes));
        }

        // On a server the rows lie elsewhere, and are its own to measure.
        long? rows = platform.Rows.Dialect == SqlDialect.Postgres ? null : root.EnumerateFiles("sigmatiq.db*").Sum(LengthOf);
        return new(platform.Rows.Dialect.Name, rows, folders, new DriveInfo(root.FullName).AvailableFreeSpace, now);
    }

    // What others let go meanwhile takes no room.
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
