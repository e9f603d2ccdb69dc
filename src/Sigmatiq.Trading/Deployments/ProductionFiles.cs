using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Trading.Deployments;

/// <summary>What a deployment shows to readers outside (spec 04 §4.17): the approved summary as <c>summary.json</c>, and its copies marked as
/// approved.</summary>
public static class ProductionFiles
{
    /// <summary>Writes them from the evidence that was voted on; the same again but for the time changes nothing.</summary>
    /// <returns>The names of the files written.</returns>
    public static IReadOnlyList<string> Write(DataDirectory data, Approval approval, DateTimeOffset nowUtc)
    {
        if (approval.Subject.Evidence.FirstOrDefault(f => Path.GetFileName(f.Path).StartsWith("summary_", StringComparison.Ordinal)) is not { } source)
        {
            return [];
        }

        JsonObject summary = JsonNode.Parse(File.ReadAllText(Path.Combine(data.Root, source.Path)))!.AsObject();
        summary.Insert(0, "generated_at", nowUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        summary["approval_status"] = JsonSerializer.SerializeToNode(approval.Status, ApprovalJson.Options);
        summary["bundle_hash"] = approval.Subject.BundleHash;
        string text = JsonSerializer.Serialize(summary, ApprovalJson.File) + "\n", year = Path.GetFileNameWithoutExtension(source.Path)["summary_".Length..];
        string safe = ApprovalStateFile.SafeName(approval.Subject.StrategyId);
        string[] names = [$"summary_{safe}_{year}.json", $"summary_{year}.json", "summary.json"];
        foreach (string name in names)
        {
            AtomicFile.Write(data.File("public", "data", "production", name), text);
        }

        if (approval.Subject.Evidence.FirstOrDefault(f => Path.GetFileName(f.Path) == $"trades_{year}.json") is { } trades)
        {
            AtomicFile.Write(data.File("public", "data", "production", TradesOf(approval)), File.ReadAllText(Path.Combine(data.Root, trades.Path)));
            names = [.. names, TradesOf(approval)];
        }

        return names;
    }

    /// <summary>The trades of a strategy in production, below <c>public/data/production/</c>.</summary>
    public static string TradesOf(Approval approval) => $"trades/{ApprovalStateFile.SafeName(approval.Subject.StrategyId)}.json";
}
