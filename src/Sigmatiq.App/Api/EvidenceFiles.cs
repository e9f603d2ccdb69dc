using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Api;

/// <summary>The files that a request for a vote binds, by name: no other file of the disk has one here.</summary>
internal sealed class EvidenceFiles(DataDirectory data)
{
    /// <summary>Where a file lies.</summary>
    /// <exception cref="ProblemException">APP-2029: the request has no such file, or it is gone.</exception>
    public string Find(Approval approval, string file) =>
        approval.Subject.Evidence.FirstOrDefault(f => Path.GetFileName(f.Path) == file) is { } found && Path.Combine(data.Root, found.Path) is var path && File.Exists(path)
            ? path : throw Missing(approval, file);

    /// <summary>A file that is JSON; null where it is missing or half of one.</summary>
    public JsonNode? Json(Approval approval, Func<string, bool> named) =>
        approval.Subject.Evidence.FirstOrDefault(f => named(Path.GetFileName(f.Path))) is { } found ? JsonReading.File(Path.Combine(data.Root, found.Path)) : null;

    /// <summary>A file of columns; null where it is missing or damaged.</summary>
    public ColumnSet? Columns(Approval approval, string file, CancellationToken ct)
    {
        try
        {
            return ParquetFile.Read(Find(approval, file), null, ct);
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    /// <summary>That a request has no such file.</summary>
    public static ProblemException Missing(Approval approval, string file) => new(
        "APP-2029", $"The evidence of {approval.Id} has no file '{file}' to show.", "file",
        $"Use one of: {string.Join(", ", approval.Subject.Evidence.Select(f => Path.GetFileName(f.Path)).Where(f => f.EndsWith(".json", StringComparison.Ordinal)).DefaultIfEmpty("(none)"))}.", ExitCode.BadUsage);
}
