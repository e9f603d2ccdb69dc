namespace Sigmatiq.Store.Backups;

/// <summary>The files of a data directory that a backup takes along.</summary>
/// <remarks>
/// <para>Left out is what belongs to a process and not to the work (locks, what is written aside, logs), what can be made again (the
/// scheduler's file, comparisons of <c>reproduce</c>), and the database, whose rows are taken by themselves.</para>
/// <para>Bars, snapshots, bundles and results are written once, before the row that names them: taken after the rows, each that a row names is
/// there, and one that no row names yet is what a killed process leaves, which every step finds again. Files that are replaced (states for
/// readers outside, configs) must be the same before and after the rows were read. Work under way only saves time: each of its files is whole
/// and knows what it belongs to.</para>
/// </remarks>
internal sealed class StoredFiles(DataDirectory data)
{
    private static readonly string[] LeftOut = ["logs", "reproduce", "engine.lock", DiskReserve.FileName];
    private static readonly string[] WrittenOnce = ["bars", "snapshots", "sweeps", "forecasts", "archive", "public/data/strategies"];
    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Every file to take, by path.</summary>
    public IReadOnlyList<string> List() =>
        [.. Directory.EnumerateFiles(data.Root, "*", All).Select(data.Relative).Where(IsTaken).Order(StringComparer.Ordinal)];

    /// <summary>What tells whether a file that is replaced has been replaced: names, lengths and times.</summary>
    public string StampOfReplaced() => string.Join('\n', List().Where(p => IsStaged(p) && !IsWorking(p)).Select(p =>
    {
        var file = new FileInfo(Path.Combine(data.Root, p));
        return file.Exists ? $"{p} {file.Length} {file.LastWriteTimeUtc.Ticks}" : p;
    }));

    /// <summary>Whether a file may change or go while it is read, so that it is copied first.</summary>
    public static bool IsStaged(string path) => IsWorking(path) || !WrittenOnce.Any(f => IsIn(path, f));

    /// <summary>Whether a file holds bars.</summary>
    public static bool IsBars(string path) => IsIn(path, "bars");

    private static bool IsWorking(string path) => path.Split('/') is ["sweeps", _, "work", ..] or ["training", ..];

    private static bool IsIn(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static bool IsTaken(string path)
    {
        string[] parts = path.Split('/');
        bool isOfProcess = parts[^1] == "lock" || parts[^1].EndsWith(".lock", StringComparison.Ordinal) || parts.Any(p => p.StartsWith('.'));
        bool isDatabase = parts.Length == 1 && parts[0].Contains(".db", StringComparison.Ordinal);
        return !isOfProcess && !isDatabase && !LeftOut.Contains(parts[0]);
    }
}
