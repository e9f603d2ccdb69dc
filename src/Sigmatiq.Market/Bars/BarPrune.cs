using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Snapshots;

namespace Sigmatiq.Market.Bars;

/// <summary>What a pruning removed, or would remove.</summary>
/// <param name="Kept">Snapshots that stay.</param>
/// <param name="Snapshots">Snapshots that nothing uses.</param>
/// <param name="Files">Bar files that no remaining snapshot names, below the data directory.</param>
/// <param name="Bytes">Size of those files.</param>
public sealed record Pruned(int Kept, IReadOnlyList<ContentHash> Snapshots, IReadOnlyList<string> Files, long Bytes)
{
    /// <summary>Names exactly these snapshots and files: two prunings with one token remove the same.</summary>
    public string Token { get; } = ContentHash.Of(string.Join('\n', [.. Snapshots.Select(s => s.Hex), .. Files])).Hex[..16];
}

/// <summary>Removes bars that no snapshot in use names.</summary>
/// <remarks>Manifests go first: killed in between, what is left are files without a name, which the next pruning removes.</remarks>
public sealed class BarPrune(DataDirectory data, BarStore store)
{
    private const string LockFile = ".prune.lock";
    private readonly SnapshotStore manifests = new(data);

    /// <summary>Removes the snapshots of bars that are neither the newest of their series nor used, and files that none of the others names.</summary>
    /// <param name="isUsed">Whether a sweep, a training or a run names a snapshot; the newest of each series counts as used anyway.</param>
    /// <param name="dryRun">Whether to say what would be removed and remove nothing.</param>
    /// <param name="ct">Stops between two files.</param>
    /// <param name="agreed">Token of what was shown and agreed to; without it whatever nothing uses now goes.</param>
    /// <exception cref="ProblemException">MKT-4005: bars are being written, or another pruning runs. MKT-4006: something else would go than
    /// was agreed to; nothing is removed. STO-3004: a manifest is damaged, so that nobody knows which files it names; nothing is removed.</exception>
    public async Task<Pruned> RunAsync(Func<ContentHash, Task<bool>> isUsed, bool dryRun, CancellationToken ct, string? agreed = null)
    {
        using FileStream alone = Alone(data);
        HashSet<ContentHash> newest = [.. (await store.ListAsync(ct)).Select(s => s.Id)];
        List<ContentHash> unused = [];
        HashSet<string> named = new(StringComparer.Ordinal);
        int kept = 0;
        foreach (ContentHash id in manifests.List())
        {
            SnapshotManifest manifest = manifests.Load(id);
            bool isBars = manifest.About["kind"]?.GetValue<string>() == "bars";
            if (isBars && !newest.Contains(id) && !await isUsed(id))
            {
                unused.Add(id);
                continue;
            }

            kept += isBars ? 1 : 0;
            named.UnionWith(manifest.Files.Select(f => f.Path));
        }

        string folder = Path.Combine(data.Root, "bars");
        string[] files = !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
                .Where(f => !named.Contains(data.Relative(f))).Order(StringComparer.Ordinal),
        ];
        Pruned pruned = new(kept, unused, [.. files.Select(data.Relative)], files.Sum(f => new FileInfo(f).Length));
        if (agreed is not null && agreed != pruned.Token)
        {
            throw new ProblemException("MKT-4006", $"Other bars would go now than those of token '{agreed}': {unused.Count} snapshots and {files.Length} files. Nothing has gone.", "token", "Look again at what could go, and agree to that.", ExitCode.DataRefused);
        }

        if (!dryRun)
        {
            unused.ForEach(manifests.Remove);
            foreach (string file in files)
            {
                ct.ThrowIfCancellationRequested();
                File.Delete(file);
            }
        }

        return pruned;
    }

    /// <summary>Held while bars are written and not yet named by a row, so that no pruning takes them for leftovers.</summary>
    /// <exception cref="ProblemException">MKT-4004: a pruning is running.</exception>
    internal static FileStream Writing(DataDirectory data)
    {
        try
        {
            return new(data.File(LockFile), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (IOException e)
        {
            throw new ProblemException(new Problem("MKT-4004", "Bars cannot be written while others are pruned.", data.Root, "Wait until 'sigmatiq data prune' has ended, then run the command again."), e);
        }
    }

    private static FileStream Alone(DataDirectory data)
    {
        try
        {
            return new(data.File(LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new ProblemException(new Problem("MKT-4005", "Bars are being written, or pruned by another command.", data.Root, "Wait until that command has ended, then run this one again."), e);
        }
    }
}
