using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Snapshots;

/// <summary>Manifests under <c>snapshots/{id}.json</c> and the proof that their files are still the ones they name.</summary>
public sealed class SnapshotStore(DataDirectory data)
{
    private const string Remedy = "Bring the file back from a copy, or import the data again under a new snapshot.";

    /// <summary>A file below the data directory as a manifest names it; reads it once for its hash.</summary>
    public SnapshotFile Describe(string path, long rows, JsonObject holds) =>
        new(data.Relative(path), ContentHash.OfFile(path), new FileInfo(path).Length, rows, holds);

    /// <summary>Writes a manifest; the same content is the same snapshot.</summary>
    public SnapshotManifest Put(JsonObject about, IEnumerable<SnapshotFile> files)
    {
        SnapshotManifest manifest = new(about, files);
        AtomicFile.WriteOnce(PathOf(manifest.Id), CanonicalJson.Write(manifest.ToJson()));
        return manifest;
    }

    /// <summary>Every snapshot there is, by id.</summary>
    public IReadOnlyList<ContentHash> List() =>
        [.. Directory.EnumerateFiles(data.Snapshots, "*.json").Select(Path.GetFileNameWithoutExtension)
            .Where(n => n!.Length == 64).Order(StringComparer.Ordinal).Select(n => ContentHash.Parse(n!))];

    /// <summary>Takes a manifest away; its files stay. Doing it again changes nothing.</summary>
    public void Remove(ContentHash id) => File.Delete(PathOf(id));

    /// <summary>Whether a manifest of that id is there.</summary>
    public bool Exists(ContentHash id) => File.Exists(PathOf(id));

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ProblemException">STO-3001: no such snapshot. STO-3004: the manifest does not match its id.</exception>
    public SnapshotManifest Load(ContentHash id)
    {
        string path = PathOf(id);
        if (!File.Exists(path))
        {
            throw new ProblemException("STO-3001", $"There is no snapshot {id.Short}.", path, "List the snapshots, or import the data again.", ExitCode.DataRefused);
        }

        try
        {
            SnapshotManifest manifest = SnapshotManifest.FromJson(JsonNode.Parse(File.ReadAllBytes(path)));
            return manifest.Id == id ? manifest : throw new FormatException($"It reads as the manifest of {manifest.Id.Short}.");
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new ProblemException(new Problem("STO-3004", $"The manifest of snapshot {id.Short} has been changed: {e.Message}", path, Remedy, ExitCode.DataRefused), e);
        }
    }

    /// <summary>The absolute paths of a snapshot's files that pass a filter, in the manifest's order.</summary>
    public IReadOnlyList<string> PathsOf(SnapshotManifest manifest, Func<SnapshotFile, bool> filter) =>
        [.. manifest.Files.Where(filter).Select(f => data.File(f.Path))];

    /// <summary>Reads every byte of a snapshot and reports each file that is not what the manifest says; empty when all are.</summary>
    /// <returns>STO-3002 for a missing file, STO-3003 for one whose bytes differ.</returns>
    /// <exception cref="ProblemException">STO-3001, STO-3004: the manifest itself cannot be trusted.</exception>
    public IReadOnlyList<Problem> Verify(ContentHash id, CancellationToken ct)
    {
        List<Problem> problems = [];
        foreach (SnapshotFile file in Load(id).Files)
        {
            ct.ThrowIfCancellationRequested();
            if (Check(file, id) is { } problem)
            {
                problems.Add(problem);
            }
        }

        return problems;
    }

    private Problem? Check(SnapshotFile file, ContentHash id)
    {
        string path = data.File(file.Path);
        if (!File.Exists(path))
        {
            return new("STO-3002", $"Snapshot {id.Short} names a file that is missing.", file.Path, Remedy, ExitCode.DataRefused);
        }

        ContentHash found = ContentHash.OfFile(path);
        return found == file.Sha256
            ? null
            : new("STO-3003", $"A file of snapshot {id.Short} has other bytes: its hash was {found.Short}…, the manifest says {file.Sha256.Short}….", file.Path, Remedy,
                ExitCode.DataRefused);
    }

    private string PathOf(ContentHash id) => Path.Combine(data.Snapshots, id.Hex + ".json");
}
