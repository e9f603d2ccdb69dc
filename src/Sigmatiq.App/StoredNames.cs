using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Backups;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Snapshots;

namespace Sigmatiq.App;

/// <summary>The files that rows and manifests of a store name, with the hashes they give them.</summary>
/// <remarks>Reads stores of every release: what a release did not have yet, it names nothing by.</remarks>
internal sealed class StoredNames(DataDirectory data)
{
    /// <summary>Every named file of bars, sweeps, trained models and evidence.</summary>
    public async Task<IReadOnlyList<NamedFile>> OfAsync(ITableSource rows, CancellationToken ct)
    {
        HashSet<string> tables = [.. (await rows.TablesAsync(ct)).Select(t => t.Name)];
        async Task<IReadOnlyList<string>> texts(string table, string sql) => tables.Contains(table) ? await rows.QueryAsync<string>(sql, null, ct) : [];
        List<NamedFile> named = [.. OfSnapshots()];
        foreach (string sweep in await texts("sweeps", "select sweep_id from sweeps where result is not null"))
        {
            JsonNode result = JsonNode.Parse((await rows.QueryAsync<string>("select result from sweeps where sweep_id = @sweep", new { sweep }, ct))[0])!;
            named.AddRange((result["files"]?.AsObject() ?? []).Select(f => new NamedFile($"sweeps/{sweep}/{f.Key}", f.Value!.GetValue<string>())));
        }

        foreach (string files in await texts("trained_models", "select files from trained_models where state <> 'discarded'"))
        {
            named.AddRange(JsonNode.Parse(files)!.AsObject().Select(f => new NamedFile($"models/{f.Value!["name"]}", f.Value["sha256"]!.GetValue<string>())));
        }

        if (tables.Contains("run_archives"))
        {
            named.AddRange((await rows.QueryAsync<(string Path, string Hash)>("select path, archive_hash from run_archives", null, ct)).Select(a => new NamedFile(a.Path, a.Hash)));
        }

        foreach (string body in (await texts("approvals", "select body from approvals")).Concat(await texts("deployments", "select body from deployments")))
        {
            named.AddRange(FilesIn(JsonNode.Parse(body)));
        }

        return named;
    }

    // A manifest is named by its own hash; one that does not read as it is damaged.
    private IEnumerable<NamedFile> OfSnapshots()
    {
        SnapshotStore snapshots = new(data);
        foreach (ContentHash id in snapshots.List())
        {
            IReadOnlyList<SnapshotFile>? files = null;
            try
            {
                files = snapshots.Load(id).Files;
            }
            catch (ProblemException)
            {
                // A manifest that cannot be read names no files; held against its own id, it is found as damage.
            }

            yield return new($"snapshots/{id.Hex}.json", files is null ? id.Hex : null);
            foreach (SnapshotFile file in files ?? [])
            {
                yield return new(file.Path, file.Sha256.Hex);
            }
        }
    }

    // Every object with a path and a hash, however deep: evidence as it was voted on and deployed.
    private static IEnumerable<NamedFile> FilesIn(JsonNode? json) => json switch
    {
        JsonObject file when file["path"] is JsonValue path && file["sha256"] is JsonValue hash => [new(path.GetValue<string>(), hash.GetValue<string>())],
        JsonObject parts => parts.SelectMany(p => FilesIn(p.Value)),
        JsonArray items => items.SelectMany(FilesIn),
        _ => [],
    };
}
