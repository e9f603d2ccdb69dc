using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Store.Snapshots;

/// <summary>One immutable file of a snapshot.</summary>
/// <param name="Path">Relative to the data directory, with forward slashes.</param>
/// <param name="Sha256">Hash of its bytes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Holds">What it holds, in the words of whoever wrote it: symbol, interval, range, source.</param>
public sealed record SnapshotFile(string Path, ContentHash Sha256, long Bytes, long Rows, JsonObject Holds);

/// <summary>A list of immutable files with their hashes; the only way from a snapshot's id to bytes.</summary>
public sealed class SnapshotManifest
{
    /// <summary>Makes the manifest and its id; the order of the files does not matter.</summary>
    /// <exception cref="ArgumentException">No file, or a path twice.</exception>
    public SnapshotManifest(JsonObject about, IEnumerable<SnapshotFile> files)
    {
        About = about;
        Files = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];
        if (Files.Count == 0)
        {
            throw new ArgumentException("A snapshot names at least one file.", nameof(files));
        }

        if (Files.GroupBy(f => f.Path).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The snapshot names '{twice.Key}' twice.", nameof(files));
        }

        Id = ContentHash.OfJson(Content());
    }

    /// <summary>Hash of everything below.</summary>
    public ContentHash Id { get; }

    /// <summary>What the snapshot is of; part of the id, so no times of making in it.</summary>
    public JsonObject About { get; }

    /// <summary>The files, by path.</summary>
    public IReadOnlyList<SnapshotFile> Files { get; }

    /// <summary>The manifest as it is written.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = Content();
        json["id"] = Id.Hex;
        return json;
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote; the id is made anew and may differ from the one written.</summary>
    /// <exception cref="FormatException">Something else.</exception>
    internal static SnapshotManifest FromJson(JsonNode? json)
    {
        try
        {
            return new(
                json!["about"]!.DeepClone().AsObject(),
                json["files"]!.AsArray().Select(f => new SnapshotFile(
                    f!["path"]!.GetValue<string>(), ContentHash.Parse(f["sha256"]!.GetValue<string>()), f["bytes"]!.GetValue<long>(),
                    f["rows"]!.GetValue<long>(), f["holds"]!.DeepClone().AsObject())));
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException("Not a snapshot manifest.", e);
        }
    }

    private JsonObject Content() => new()
    {
        ["about"] = About.DeepClone(),
        ["files"] = new JsonArray([.. Files.Select(f => new JsonObject
        {
            ["path"] = f.Path,
            ["sha256"] = f.Sha256.Hex,
            ["bytes"] = f.Bytes,
            ["rows"] = f.Rows,
            ["holds"] = f.Holds.DeepClone(),
        })]),
    };
}
