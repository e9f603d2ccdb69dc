using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Backups;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App;

/// <summary>Backups that are asked for at a server: one at a time, into the one folder that whoever started it has named, under a name that the clock gives. What was made
/// stands in the audit chain, so that a backup which was moved away is still known.</summary>
/// <param name="platform">The store.</param>
internal sealed class BackupFolder(Platform platform)
{
    /// <summary>Environment variable that names the folder.</summary>
    public const string Variable = "SIGMATIQ_BACKUPS";

    private const string Subject = "store:backups", Action = "backup.made";
    private readonly Lock gate = new();
    private BackupListed? latest;

    /// <summary>What there is, newest first.</summary>
    public async Task<BackupsShown> ShowAsync(CancellationToken ct)
    {
        List<BackupListed> made = [.. (await AuditChain.OfSubjectAsync(platform.Rows, Subject, ct)).Where(r => r.Action == Action).Reverse().Select(Of)];
        if (latest is { State: not "ready" } open)
        {
            made.Insert(0, open);
        }

        return new(platform.BackupFolder is not null, platform.BackupFolder is null ? $"Name a folder outside the data directory with {Variable} before the server starts." : null, made);
    }

    /// <summary>Begins a backup; it goes on after the answer.</summary>
    /// <exception cref="ProblemException">APP-2041: no folder is named, or it is not there. APP-2042: another is being made. WFL-2205: no reason.</exception>
    public BackupListed Begin(string by, string reason, bool withBars, bool acceptDamage, CancellationToken stopping)
    {
        if (platform.BackupFolder is not { } folder || !Directory.Exists(folder) || platform.Rows is not ITableStore tables)
        {
            throw new ProblemException("APP-2041", "This server has no folder for backups.", Variable, $"Name one outside the data directory with {Variable} before the server starts, or use 'sigmatiq backup FILE'.");
        }

        BackupListed begun;
        lock (gate)
        {
            if (latest is { State: "making" } other)
            {
                throw new ProblemException("APP-2042", $"{other.Name} is being made.", other.Name, "Wait until it is done.");
            }

            DateTimeOffset now = platform.Clock.GetUtcNow();
            string name = string.Create(CultureInfo.InvariantCulture, $"sigmatiq-{now.UtcDateTime:yyyyMMdd-HHmmss}.tar.gz");
            latest = begun = new(name, "making", now, by, reason, null, null, null, null, withBars, [], null);
        }

        _ = Task.Run(() => MakeAsync(begun, Path.Combine(folder, begun.Name), tables, acceptDamage, stopping), CancellationToken.None);
        return begun;
    }

    private async Task MakeAsync(BackupListed begun, string path, ITableStore tables, bool acceptDamage, CancellationToken stopping)
    {
        try
        {
            BackupManifest made = await new BackupWriter(platform.Data, tables, platform.Clock).WriteAsync(path, begun.WithBars, acceptDamage, new StoredNames(platform.Data).OfAsync, stopping);
            JsonObject facts = new()
            {
                ["name"] = begun.Name, ["id"] = made.Id.Hex, ["rows"] = made.Tables.Sum(t => t.Rows), ["files"] = made.Files.Count, ["with_bars"] = made.WithBars,
                ["packed_bytes"] = new FileInfo(path).Length, ["missing"] = new JsonArray([.. made.Missing.Select(m => (JsonNode)m)]),
            };
            await platform.Rows.InTransactionAsync(tx => platform.Audit.AppendAsync(tx, new(begun.By, Action, Subject, begun.Reason, facts), stopping), stopping);
            latest = begun with { State = "ready" };
        }
        catch (ProblemException e)
        {
            latest = begun with { State = "failed", Problem = Answers.LineOf(e.Problem) };
        }
        catch (OperationCanceledException)
        {
            latest = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            latest = begun with { State = "failed", Problem = new("APP-1006", $"The file cannot be written: {e.Message}", begun.Name, "Look at the folder and its disk.") };
        }
    }

    private BackupListed Of(AuditRecord record)
    {
        JsonNode facts = JsonNode.Parse(record.Payload)!;
        string name = facts.Text("name") ?? "";
        bool isThere = platform.BackupFolder is { } folder && File.Exists(Path.Combine(folder, Path.GetFileName(name)));
        return new(name, isThere ? "ready" : "gone", UtcText.Parse(record.AtUtc), record.Actor, record.Reason ?? "", facts.Text("id"), (long?)facts.Number("rows"), (long?)facts.Number("files"),
            (long?)facts.Number("packed_bytes"), facts.Truth("with_bars") == true, [.. facts.List("missing").Select(m => m!.GetValue<string>())], null);
    }
}
