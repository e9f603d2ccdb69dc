using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Pictures;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>One file of stored evidence.</summary>
/// <param name="Path">Below the data directory, with forward slashes.</param>
/// <param name="Sha256">Hash of its bytes.</param>
public sealed record StoredFile(string Path, ContentHash Sha256);

/// <summary>Evidence at rest.</summary>
/// <param name="BundleHash">Hash over the names and hashes of all files: what an approval binds.</param>
/// <param name="Folder">The folder below the data directory.</param>
/// <param name="Files">The files in order of their names, <c>bundle.json</c> left out.</param>
/// <param name="Manifest"><c>bundle.json</c>, which names them with their hashes.</param>
public sealed record StoredEvidence(ContentHash BundleHash, string Folder, IReadOnlyList<StoredFile> Files, StoredFile Manifest)
{
    /// <summary>The stored file of a name.</summary>
    public StoredFile File(string name) => Files.First(f => f.Path.EndsWith("/" + name, StringComparison.Ordinal));
}

/// <summary>Keeps evidence as immutable folders named by their hash, <c>public/data/strategies/{sid}/backtests/{hash12}/</c> (spec 04
/// §4.17), and writes the copies that pages read.</summary>
/// <remarks>The folder holds no time of day and no run or sweep id, so that evidence made again, by another run or after a kill, is the same
/// folder.</remarks>
public sealed class EvidenceStore(DataDirectory data)
{
    private const string Manifest = "bundle.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes a bundle; writing an equal one again changes nothing.</summary>
    /// <exception cref="ProblemException">EVD-1001: a folder of that hash is there and has been changed.</exception>
    public StoredEvidence Write(EvidenceBundle bundle, CancellationToken ct)
    {
        string parent = data.Folder("public", "data", "strategies", SafeName(bundle.StrategyId), "backtests");
        string aside = AtomicFile.Aside(Path.Combine(parent, "bundle"));
        Directory.CreateDirectory(aside);
        try
        {
            foreach (var (name, text) in bundle.Texts)
            {
                AtomicFile.Write(Path.Combine(aside, name), text);
            }

            foreach (var (name, columns) in bundle.Columns)
            {
                ParquetFile.Write(Path.Combine(aside, name), columns, ct);
            }

            JsonObject files = HashesOf(aside);
            ContentHash hash = ContentHash.OfJson(files);
            AtomicFile.Write(
                Path.Combine(aside, Manifest), new JsonObject { ["bundle_hash"] = hash.Hex, ["files"] = files.DeepClone() }.ToJsonString(Indented) + "\n");
            string folder = Path.Combine(parent, hash.Short);
            if (!Directory.Exists(folder))
            {
                Directory.Move(aside, folder);
            }

            return Read(data.Relative(folder));
        }
        finally
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }
        }
    }

    /// <summary>Reads stored evidence and holds every byte of it against its hash.</summary>
    /// <param name="folder">The folder below the data directory.</param>
    /// <exception cref="ProblemException">EVD-1001: a file is missing, added or changed. EVD-1002: no such evidence.</exception>
    public StoredEvidence Read(string folder)
    {
        string full = Path.Combine(data.Root, folder), manifest = Path.Combine(full, Manifest);
        if (!File.Exists(manifest))
        {
            throw new ProblemException("EVD-1002", "There is no evidence in that folder.", folder, "Make it again: run the evidence step of the lifecycle.");
        }

        JsonObject files = HashesOf(full);
        ContentHash hash = ContentHash.OfJson(files);
        string? said = StoredHash(manifest);
        if (said != hash.Hex || !Path.GetFileName(full).Equals(hash.Short, StringComparison.Ordinal))
        {
            throw new ProblemException("EVD-1001", $"The evidence hashes to {hash.Short}, not to {(said is { Length: >= 12 } ? said[..12] : "what its manifest says")}: a file was changed.",
                folder, "Nothing in it can be trusted. Move the folder away and make the evidence again.");
        }

        string place = folder.Replace('\\', '/');
        return new(hash, place, [.. files.Select(f => new StoredFile($"{place}/{f.Key}", ContentHash.Parse(f.Value!.GetValue<string>())))],
            new($"{place}/{Manifest}", ContentHash.OfFile(manifest)));
    }

    /// <summary>Writes the copies of 04 §4.17 that pages read, below <c>public/data/production/</c>: summary and trades of the year, equity
    /// picture as SVG and, where <c>rsvg-convert</c> is present, PNG.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="stored">The same at rest.</param>
    /// <param name="approvalStatus">Where its approval stands, e.g. <c>PENDING_APPROVAL</c>.</param>
    /// <param name="generatedUtc">When this copy is made.</param>
    /// <param name="draw">Whether to write pictures; without, those of an earlier time are taken away, since they show other figures.</param>
    public void Publish(EvidenceBundle bundle, StoredEvidence stored, string approvalStatus, DateTimeOffset generatedUtc, bool draw = true)
    {
        JsonObject summary = JsonNode.Parse(bundle.Texts[$"summary_{bundle.Year}.json"])!.AsObject();
        summary.Insert(0, "generated_at", generatedUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        summary["approval_status"] = approvalStatus;
        summary["bundle_hash"] = stored.BundleHash.Hex;
        string safe = SafeName(bundle.StrategyId), text = summary.ToJsonString(Indented) + "\n";
        AtomicFile.Write(data.File("public", "data", "production", $"summary_{bundle.Year}.json"), text);
        AtomicFile.Write(data.File("public", "data", "production", $"summary_{safe}_{bundle.Year}.json"), text);
        AtomicFile.Write(data.File("public", "data", "production", "trades", $"{safe}_{bundle.Year}.json"), bundle.Texts[$"trades_{bundle.Year}.json"]);
        foreach (string picture in (string[])[$"equity_curve_{bundle.Year}", $"reliability_{bundle.Year}"])
        {
            if (!draw)
            {
                File.Delete(data.File("public", "data", "production", picture + ".svg"));
                File.Delete(data.File("public", "data", "production", picture + ".png"));
            }
            else if (bundle.Texts.TryGetValue(picture + ".svg", out string? svg))
            {
                AtomicFile.Write(data.File("public", "data", "production", picture + ".svg"), svg);
                if (PngPicture.FromSvg(svg) is { } png)
                {
                    AtomicFile.Write(data.File("public", "data", "production", picture + ".png"), png);
                }
            }
        }
    }

    /// <summary>A strategy's id as a file name.</summary>
    public static string SafeName(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_'));

    private static JsonObject HashesOf(string folder) => new(Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!)
        .Where(f => f != Manifest).Order(StringComparer.Ordinal)
        .Select(f => KeyValuePair.Create(f, (JsonNode?)ContentHash.OfFile(Path.Combine(folder, f)).Hex)));

    private static string? StoredHash(string manifest)
    {
        try
        {
            return (string?)JsonNode.Parse(Encoding.UTF8.GetString(File.ReadAllBytes(manifest)))?["bundle_hash"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
