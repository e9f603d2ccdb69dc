using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs;

/// <summary>The packs below one folder: <c>{root}/{pack_id}/{version}/</c> with six files each.</summary>
public sealed class PackLibrary(string rootFolder)
{
    /// <summary>The folder that holds the packs.</summary>
    public string RootFolder => rootFolder;

    /// <summary>All packs and versions, ids in order, oldest version first.</summary>
    public IReadOnlyList<(string Id, PackVersion Version)> List()
    {
        if (!Directory.Exists(rootFolder))
        {
            return [];
        }

        return [.. Directory.GetDirectories(rootFolder).Select(d => Path.GetFileName(d)).Where(PackFolder.IsSlug).Order(StringComparer.Ordinal)
            .SelectMany(id => Versions(id).Select(v => (id, v)))];
    }

    /// <summary>The versions of a pack, oldest first; empty where there is no such pack.</summary>
    public IReadOnlyList<PackVersion> Versions(string id)
    {
        string folder = Path.Combine(rootFolder, id);
        if (!PackFolder.IsSlug(id) || !Directory.Exists(folder))
        {
            return [];
        }

        List<PackVersion> versions = [];
        foreach (string child in Directory.GetDirectories(folder))
        {
            if (PackVersion.TryParse(Path.GetFileName(child), out PackVersion version))
            {
                versions.Add(version);
            }
        }

        versions.Sort();
        return versions;
    }

    /// <summary>Splits <c>swingsigma@1.1.0</c>; without a version the newest that is not a preview is meant.</summary>
    /// <exception cref="ProblemException">MDL-1001: pack or version unknown.</exception>
    public (string Id, PackVersion Version) Resolve(string reference)
    {
        string[] parts = reference.Split('@');
        IReadOnlyList<PackVersion> versions = Versions(parts[0]);
        if (parts.Length > 2 || versions.Count == 0)
        {
            string known = string.Join(", ", List().Select(p => p.Id).Distinct());
            throw new ProblemException("MDL-1001", $"There is no pack '{reference}'.", "pack", $"Use one of: {known}.", ExitCode.BadUsage);
        }

        if (parts.Length == 1)
        {
            PackVersion[] released = [.. versions.Where(v => string.IsNullOrEmpty(v.Label))];
            return (parts[0], released.Length > 0 ? released[^1] : versions[^1]);
        }

        return PackVersion.TryParse(parts[1], out PackVersion version) && versions.Contains(version)
            ? (parts[0], version)
            : throw new ProblemException(
                "MDL-1001", $"Pack {parts[0]} has no version '{parts[1]}'.", "pack", $"Use one of: {string.Join(", ", versions)}.", ExitCode.BadUsage);
    }

    /// <summary>Loads a pack by <c>swingsigma@1.1.0</c>, or the newest by <c>swingsigma</c>.</summary>
    /// <exception cref="ProblemException">MDL-1001: unknown; PCK-1001 and others: the files are refused.</exception>
    public Pack Load(string reference)
    {
        var (id, version) = Resolve(reference);
        string folder = FolderOf(id, version);
        ParseResult<Pack> parsed = PackFolder.Load(folder);
        if (!parsed.IsOk)
        {
            throw new ProblemException([.. parsed.Problems.Select(p => p with { Where = $"{id}/{version}/{Path.GetFileName(p.Where)}" })]);
        }

        Pack pack = parsed.Value;
        if (pack.Id != id || pack.Version != version)
        {
            throw new ProblemException(
                "PCK-1009", $"The folder {id}/{version} holds {pack.Reference}.", Path.Combine(folder, "pack.yaml"),
                "Rename the folder, or correct pack.id and pack.version.", ExitCode.BadUsage);
        }

        return pack;
    }

    /// <summary>Major versions that an older pack stays usable for (01 §1.12).</summary>
    public const int MajorsUsable = 2;

    /// <summary>Whether new work may begin on a version.</summary>
    public bool IsUsable(string id, PackVersion version) => NewestRelease(id) is not { } newest || newest.Major - version.Major <= MajorsUsable;

    /// <summary>Loads a pack for new work: a sweep, a new model. What was made before is read with <see cref="Load"/>, however old.</summary>
    /// <exception cref="ProblemException">MDL-1011: the library holds a release more than two major versions later. Else as <see cref="Load"/>.</exception>
    public Pack LoadUsable(string reference)
    {
        var (id, version) = Resolve(reference);
        if (!IsUsable(id, version))
        {
            PackVersion newest = NewestRelease(id)!.Value;
            throw new ProblemException(
                "MDL-1011", $"{id}@{version} is more than {MajorsUsable} major versions behind {id}@{newest} and out of use.", "pack",
                $"Move the model with `sigmatiq packs migrate MODEL --to {newest}`, or make a new one.", ExitCode.BadUsage);
        }

        return Load(reference);
    }

    private PackVersion? NewestRelease(string id) => Versions(id).Where(v => string.IsNullOrEmpty(v.Label)).Select(v => (PackVersion?)v).LastOrDefault();

    /// <summary>The pack itself, if it is the content that something was pinned to.</summary>
    /// <exception cref="ProblemException">PCK-1009: the files of that version changed since.</exception>
    public static Pack Pinned(Pack pack, string hash) => pack.Hash.Hex == hash ? pack : throw new ProblemException(
        "PCK-1009", $"{pack.Reference} had the hash {hash[..12]} when the model was pinned to it, the files now have {pack.Hash.Short}.", $"{pack.Reference}/pack.yaml",
        "Restore the files of that version, and give the changed pack a new one.", ExitCode.BadUsage);

    /// <summary>The folder of a pack version.</summary>
    public string FolderOf(string id, PackVersion version) => Path.Combine(rootFolder, id, version.ToString());
}
