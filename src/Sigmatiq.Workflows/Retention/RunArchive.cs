using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Retention;

/// <summary>Journals that lie in files, <c>archive/runs-{hash12}.jsonl.gz</c>: a run a line, with its events, attempts and log. The run's line in the lists
/// stays in the store, and so does the hash of the file.</summary>
public sealed class RunArchive(IRowStore rows, DataDirectory data)
{
    /// <summary>Code of an archive that is missing or has other bytes.</summary>
    public const string Damaged = "STO-6104";

    private static readonly (string Key, string Sql)[] Parts =
    [
        ("events", "select seq, schema_version, kind, at_utc, fence, body from run_events where run_id = @Run order by seq"),
        ("attempts", """
            select step, item, attempt, status, started_at_utc, ended_at_utc, problem, progress_done, progress_total, progress_text, sign_at_utc
              from step_attempts where run_id = @Run order by started_at_utc, step, item, attempt
            """),
        ("log", "select line_id, step, item, attempt, at_utc, line from step_log where run_id = @Run order by line_id"),
    ];

    /// <summary>The rows of an archived run under <c>events</c>, <c>attempts</c> or <c>log</c>; null where the run is in no archive.</summary>
    /// <exception cref="ProblemException">STO-6104: the file is missing or has other bytes.</exception>
    public async Task<IReadOnlyList<JsonObject>?> FindAsync(RunId run, string part, CancellationToken ct) =>
        (await FindAllAsync([run.Value], part, ct)).GetValueOrDefault(run.Value);

    /// <summary>The same of several runs, each file read once; a run that is in no archive is left out.</summary>
    /// <exception cref="ProblemException">STO-6104: a file is missing or has other bytes.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonObject>>> FindAllAsync(IReadOnlyCollection<string> runs, string part, CancellationToken ct)
    {
        Dictionary<string, IReadOnlyList<JsonObject>> found = new(StringComparer.Ordinal);
        string[] ids = [.. runs];
        foreach (var file in (await rows.QueryAsync<ArchiveRow>(
            "select r.run_id, a.archive_hash, a.path from archived_runs r join run_archives a on a.archive_hash = r.archive_hash where r.run_id in @ids order by r.run_id",
            new { ids }, ct)).GroupBy(r => (r.ArchiveHash, r.Path)))
        {
            HashSet<string> wanted = file.Select(r => r.RunId).ToHashSet(StringComparer.Ordinal);
            await ReadAsync(file.Key.Path, file.Key.ArchiveHash, wanted, (run, json) => found[run] = [.. json[part]!.AsArray().Select(r => r!.AsObject())], ct);
            if (wanted.Count > 0)
            {
                throw new ProblemException(Damaged, $"The archive does not hold {wanted.Order(StringComparer.Ordinal).First()}.", file.Key.Path, "Bring the file back from a backup.", ExitCode.DataRefused);
            }
        }

        return found;
    }

    // What was found is no longer wanted.
    private async Task ReadAsync(string file, string hash, HashSet<string> wanted, Action<string, JsonObject> take, CancellationToken ct)
    {
        string path = Path.Combine(data.Root, file);
        byte[] bytes = File.Exists(path) ? await File.ReadAllBytesAsync(path, ct) : [];
        if (ContentHash.Of(bytes).Hex != hash)
        {
            throw new ProblemException(Damaged, $"The archive that holds the journal is {(bytes.Length == 0 ? "missing" : "changed")}.", file,
                "Bring the file back from a backup.", ExitCode.DataRefused);
        }

        using StreamReader lines = new(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.UTF8);
        while (wanted.Count > 0 && await lines.ReadLineAsync(ct) is { } line)
        {
            if (wanted.Any(w => line.Contains(w, StringComparison.Ordinal)) && JsonNode.Parse(line) is JsonObject json
                && json["run"]?.GetValue<string>() is { } run && wanted.Remove(run))
            {
                take(run, json);
            }
        }
    }

    /// <summary>Writes runs into a file; the same runs give the same bytes, and so the same file.</summary>
    internal async Task<(string Path, ContentHash Hash, long Bytes)> WriteAsync(IReadOnlyList<string> runs, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        await using (GZipStream packed = new(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            foreach (string run in runs)
            {
                JsonObject line = new() { ["run"] = run };
                foreach (var (key, sql) in Parts)
                {
                    line[key] = new JsonArray([.. (await rows.QueryAsync<object>(sql, new { Run = run }, ct)).Select(r => (JsonNode?)Json((IDictionary<string, object?>)r))]);
                }

                await packed.WriteAsync(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"), ct);
            }
        }

        byte[] content = bytes.ToArray();
        ContentHash hash = ContentHash.Of(content);
        string path = data.File("archive", DataDirectory.HashedName("runs", hash, ".jsonl.gz"));
        AtomicFile.WriteOnce(path, content);
        return (data.Relative(path), hash, content.Length);
    }

    private static JsonObject Json(IDictionary<string, object?> row) => new(row.Select(c => KeyValuePair.Create(c.Key, c.Value switch
    {
        null => (JsonNode?)null,
        long whole => JsonValue.Create(whole),
        int whole => JsonValue.Create((long)whole),
        _ => JsonValue.Create(c.Value.ToString()),
    })));

    private sealed record ArchiveRow(string RunId, string ArchiveHash, string Path);
}
