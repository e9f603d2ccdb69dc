using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps.Reports;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What to write.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Text">The body in Markdown. [[figures]] stands for the table of key figures, [[NAME]] for a table; what it does not name follows at the end.</param>
/// <param name="Figures">Key figures by name, in the order in which they are shown.</param>
/// <param name="Tables">Tables by name: lists of objects, whose keys are the columns.</param>
/// <param name="Format">markdown, or html: the same as a page that needs nothing else.</param>
public sealed record ReportInput(
    string Title, string Text = "", JsonObject? Figures = null, IReadOnlyDictionary<string, IReadOnlyList<JsonObject>>? Tables = null,
    [Words("markdown", "html")] string Format = "markdown");

/// <summary>What was written.</summary>
/// <param name="File">The report, below the data directory.</param>
/// <param name="ReportHash">Hash of its bytes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Format">markdown or html.</param>
public sealed record ReportOutput(string File, string ReportHash, long Bytes, string Format);

/// <summary>Writes a report over outputs, named by its content: the same outputs give the same file. Figures and cells are shown as they are and never
/// read as Markdown or HTML; in HTML the text is not either, but for its headings, lists and emphasis.</summary>
public sealed partial class ReportStep(DataDirectory data) : StepKind<ReportInput, ReportOutput>
{
    private const int RowsMax = 10_000;

    /// <inheritdoc/>
    public override string Name => "report";

    /// <inheritdoc/>
    public override string Summary => "Write a report with key figures and tables over outputs, as Markdown or HTML";

    /// <inheritdoc/>
    public override bool IsReusable => true;

    /// <inheritdoc/>
    /// <exception cref="ProblemException">WFL-1003: the text names a table that is not given. WFL-1011: a table is too long.</exception>
    public override Task<StepOutcome> RunAsync(StepContext context, ReportInput input, CancellationToken ct)
    {
        var tables = input.Tables ?? new Dictionary<string, IReadOnlyList<JsonObject>>();
        if (tables.FirstOrDefault(t => t.Value.Count > RowsMax) is { Key: { } tooLong })
        {
            throw new ProblemException(WorkflowCodes.BadValue, $"The table '{tooLong}' has {tables[tooLong].Count} rows.", "tables", $"Keep to {RowsMax}: aggregate, or write a file.", ExitCode.BadUsage);
        }

        Dictionary<string, ReportTable> blocks = tables.ToDictionary(t => t.Key, t => ReportTable.Of(t.Value), StringComparer.Ordinal);
        if (input.Figures is { Count: > 0 } figures)
        {
            blocks["figures"] = ReportTable.OfFigures(figures);
        }

        string[] named = [.. Block().Matches(input.Text).Select(m => m.Groups[1].Value)];
        if (named.FirstOrDefault(n => !blocks.ContainsKey(n)) is { } unknown)
        {
            throw new ProblemException(WorkflowCodes.UnknownField, $"The report names [[{unknown}]], which is not given.", "text", $"Use some of: {string.Join(", ", blocks.Keys.DefaultIfEmpty("(none)"))}.", ExitCode.BadUsage);
        }

        string body = input.Text.TrimEnd() + string.Concat(blocks.Keys.Except(named).OrderBy(k => k == "figures" ? 0 : 1).Select(k => k == "figures" ? "\n\n[[figures]]" : $"\n\n## {k}\n\n[[{k}]]"));
        string text = input.Format == "html" ? ReportHtml.Write(input.Title, body, blocks) : ReportMarkdown.Write(input.Title, body, blocks);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        ContentHash hash = ContentHash.Of(bytes);
        string path = data.File("reports", DataDirectory.HashedName(context.Step, hash, input.Format == "html" ? ".html" : ".md"));
        AtomicFile.WriteOnce(path, bytes);
        context.Log($"wrote {data.Relative(path)}, {bytes.Length} bytes");
        return Task.FromResult(Done(new(data.Relative(path), hash.Hex, bytes.Length, input.Format)));
    }

    /// <summary>What stands for a table in a text.</summary>
    [GeneratedRegex(@"\[\[([a-z][a-z0-9_]{0,63})\]\]")]
    internal static partial Regex Block();
}
