using Sigmatiq.Store.Content;

namespace Sigmatiq.Store;

/// <summary>Where everything the program writes lies (spec 08 §8.3): one root, typed paths below it.</summary>
/// <remarks>The root and its folders are made when first asked for; nothing else in the product puts a path together.</remarks>
public sealed class DataDirectory
{
    /// <summary>Takes a root folder, relative or absolute, and makes it.</summary>
    public DataDirectory(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        Root = Path.GetFullPath(root);
        Directory.CreateDirectory(Root);
    }

    /// <summary>The root, absolute.</summary>
    public string Root { get; }

    /// <summary>Our rows, an SQLite file.</summary>
    public string RowsFile => Path.Combine(Root, "sigmatiq.db");

    /// <summary>The scheduler's rows, a file of its own so that its locks never meet ours.</summary>
    public string QuartzFile => Path.Combine(Root, "quartz.db");

    /// <summary>Held by the one engine of a local store, see <see cref="Leases.EngineLease"/>.</summary>
    public string EngineLockFile => Path.Combine(Root, "engine.lock");

    /// <summary>Bars: <c>bars/{asset_class}/{interval}/symbol=SPY/2024-{hash12}.parquet</c>.</summary>
    public string Bars => Folder("bars");

    /// <summary>Snapshot manifests, <c>snapshots/{id}.json</c>.</summary>
    public string Snapshots => Folder("snapshots");

    /// <summary>Results of sweeps, <c>sweeps/{sweep_id}/…</c>.</summary>
    public string Sweeps => Folder("sweeps");

    /// <summary>Models and trained models.</summary>
    public string Models => Folder("models");

    /// <summary>What others may read (spec 04 §4.17).</summary>
    public string Public => Folder("public");

    /// <summary>Log files.</summary>
    public string Logs => Folder("logs");

    /// <summary>A folder below the root; made where missing.</summary>
    /// <exception cref="ArgumentException">The parts lead out of the root.</exception>
    public string Folder(params ReadOnlySpan<string> parts)
    {
        string path = Inside(parts);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>A file below the root; its folder is made, the file is not.</summary>
    /// <exception cref="ArgumentException">The parts lead out of the root.</exception>
    public string File(params ReadOnlySpan<string> parts)
    {
        string path = Inside(parts);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>A path below the root as manifests write it: relative, with forward slashes.</summary>
    public string Relative(string path)
    {
        string relative = Path.GetRelativePath(Root, Path.GetFullPath(path)).Replace('\\', '/');
        return relative.StartsWith("../", StringComparison.Ordinal) || relative == ".." || Path.IsPathRooted(relative)
            ? throw new ArgumentException($"'{path}' is not below the data directory '{Root}'.", nameof(path))
            : relative;
    }

    /// <summary>Content-addressed file name: <c>{stem}-{first 12 digits}{extension}</c>.</summary>
    public static string HashedName(string stem, ContentHash hash, string extension) => $"{stem}-{hash.Short}{extension}";

    private string Inside(ReadOnlySpan<string> parts)
    {
        string path = Path.GetFullPath(Path.Combine([Root, .. parts]));
        return path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"'{Path.Combine(parts)}' leads out of the data directory.", nameof(parts));
    }
}
