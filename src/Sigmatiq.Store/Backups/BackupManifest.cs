using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Store.Backups;

/// <summary>A table in a backup, <c>rows/{name}.jsonl</c>.</summary>
/// <param name="Name">The table.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Digest">What they are, in any order: see <see cref="Rows.TableSum"/>.</param>
/// <param name="Bytes">Length of its lines.</param>
/// <param name="Sha256">Hash of its lines.</param>
public sealed record BackedUpTable(string Name, long Rows, string Digest, long Bytes, string Sha256);

/// <summary>A file in a backup, <c>files/{path}</c>.</summary>
/// <param name="Path">Below the data directory, with forward slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Hash of its bytes.</param>
public sealed record BackedUpFile(string Path, long Bytes, string Sha256);

/// <summary>A migration that had run on the store.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Hash">Hash of the statements that ran.</param>
public sealed record BackedUpMigration(int Number, string Name, string Hash);

/// <summary>What a backup holds, with hashes: the last entry of its archive, <c>backup.json</c>.</summary>
/// <param name="Format">Always <see cref="CurrentFormat"/>.</param>
/// <param name="MadeAtUtc">When its rows were read.</param>
/// <param name="Engine">Which engine kept the rows: <c>sqlite</c> or <c>postgres</c>; they are written alike.</param>
/// <param name="WithBars">Whether bars are in it; without them, runs and results can be looked at, but nothing be computed on those bars.</param>
/// <param name="Migrations">The schema of the rows.</param>
/// <param name="Tables">The rows.</param>
/// <param name="Counters">The last number that each numbering table had given away.</param>
/// <param name="Files">The files.</param>
/// <param name="Missing">Files that rows or manifests name and that were gone or changed before the backup was made.</param>
public sealed record BackupManifest(
    string Format, DateTimeOffset MadeAtUtc, string Engine, bool WithBars, IReadOnlyList<BackedUpMigration> Migrations, IReadOnlyList<BackedUpTable> Tables,
    IReadOnlyDictionary<string, long> Counters, IReadOnlyList<BackedUpFile> Files, IReadOnlyList<string> Missing)
{
    /// <summary>The one format so far.</summary>
    public const string CurrentFormat = "sigmatiq.backup/1";

    /// <summary>Name of the last entry.</summary>
    public const string EntryName = "backup.json";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    /// <summary>Hash over all of it.</summary>
    [JsonIgnore]
    public ContentHash Id => ContentHash.OfValue(this, Options);

    /// <summary>Bytes of rows and files before they are packed.</summary>
    [JsonIgnore]
    public long Bytes => Tables.Sum(t => t.Bytes) + Files.Sum(f => f.Bytes);

    /// <summary>As it is written: with its own hash, so that a change in it is found too.</summary>
    internal byte[] Write()
    {
        JsonObject json = JsonSerializer.SerializeToNode(this, Options)!.AsObject();
        json["id"] = Id.Hex;
        return JsonSerializer.SerializeToUtf8Bytes(json, Indented);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">Something else, or something changed.</exception>
    internal static BackupManifest Read(byte[] bytes)
    {
        try
        {
            BackupManifest manifest = JsonSerializer.Deserialize<BackupManifest>(bytes, Options)!;
            string? said = JsonNode.Parse(bytes)!["id"]?.GetValue<string>();
            return manifest.Format != CurrentFormat ? throw new FormatException($"it says it is '{manifest.Format}', this program reads {CurrentFormat}")
                : said != manifest.Id.Hex ? throw new FormatException("it does not match its own hash") : manifest;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw new FormatException("it is no list of contents", e);
        }
    }
}
