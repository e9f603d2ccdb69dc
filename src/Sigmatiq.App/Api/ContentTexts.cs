using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Pages;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.App.Api;

/// <summary>The texts that two requests were made of: the model's effective config out of the evidence, the files of the pack, the workflow of the run. What
/// is not there any more, or is another content by now, is not shown as what was approved.</summary>
internal sealed class ContentTexts(DataDirectory data, PackLibrary packs, Func<string, CancellationToken, Task<WorkflowDefinition>> workflowOf)
{
    private readonly EvidenceFiles files = new(data);

    /// <summary>The texts side by side.</summary>
    public async Task<IReadOnlyList<TextCompared>> CompareAsync(Approval before, Approval now, CancellationToken ct) =>
        [Models(before, now), .. Packs(before.Subject, now.Subject), await WorkflowsAsync(before, now, ct)];

    private TextCompared Models(Approval before, Approval now)
    {
        const string name = "config and combo";
        JsonNode? was = ConfigOf(before), isNow = ConfigOf(now);
        return was is null || isNow is null
            ? new("model", name, false, null, null, $"The evidence of {(was is null ? before : now).Id} cannot be read.")
            : Compared("model", name, YamlWriter.Write(was), YamlWriter.Write(isNow));
    }

    private JsonNode? ConfigOf(Approval approval) => JsonReading.Field(files.Json(approval, f => f == "evidence.json"), "config");

    private IReadOnlyList<TextCompared> Packs(ApprovalSubject before, ApprovalSubject now)
    {
        string name = before.Pack == now.Pack ? now.Pack : $"{before.Pack} to {now.Pack}";
        if (before.PackHash == now.PackHash)
        {
            return [new("pack", name, true, null, null, null)];
        }

        if (FilesOf(before) is not { } was || FilesOf(now) is not { } isNow)
        {
            ApprovalSubject gone = FilesOf(before) is null ? before : now;
            return [new("pack", name, false, null, null, $"The files of {gone.Pack} are no longer those with the hash {PageText.Short(gone.PackHash)}.")];
        }

        return [.. PackFolder.FileNames.Select(f => Compared("pack", $"{name}, {f}", was[f], isNow[f])).Where(t => !t.IsSame)];
    }

    private Dictionary<string, string>? FilesOf(ApprovalSubject subject)
    {
        try
        {
            Pack pack = packs.Load(subject.Pack);
            string folder = packs.FolderOf(pack.Id, pack.Version);
            return pack.Hash.Hex == subject.PackHash ? PackFolder.FileNames.ToDictionary(f => f, f => File.ReadAllText(Path.Combine(folder, f)), StringComparer.Ordinal) : null;
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    private async Task<TextCompared> WorkflowsAsync(Approval before, Approval now, CancellationToken ct)
    {
        try
        {
            WorkflowDefinition was = await workflowOf(before.RunId, ct), isNow = await workflowOf(now.RunId, ct);
            string a = $"{was.Id} {was.Version}", b = $"{isNow.Id} {isNow.Version}";
            return Compared("workflow", a == b ? a : $"{a} to {b}", was.Text, isNow.Text);
        }
        catch (ProblemException gone)
        {
            return new("workflow", "Workflow", false, null, null, gone.Problem.Message);
        }
    }

    private static TextCompared Compared(string kind, string name, string before, string now) =>
        before == now ? new(kind, name, true, null, null, null) : new(kind, name, false, before, now, null);
}
