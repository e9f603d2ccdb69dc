using System.Text;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>The step kinds as a page: every field with its type, whether it must be given, and the words beside it in the source.</summary>
public static class KindReference
{
    /// <summary>The page, in Markdown.</summary>
    public static string Text(StepKinds kinds)
    {
        StringBuilder page = new("# Step kinds\n\nWritten by `sigmatiq workflows kinds --reference` from the records of the kinds; a test fails when it is stale. How a file uses them:\n[workflows.md](workflows.md).\n");
        foreach (var (name, summary) in kinds.Described)
        {
            if (!kinds.TryGet(name, out StepKinds.Entry? entry))
            {
                continue;
            }

            page.Append("\n## ").Append(name).Append("\n\n").Append(Cell(summary)).Append(". ")
                .Append(entry.Kind.IsReusable ? "A rerun takes its output over from the same input.\n" : "It runs in every run.\n");
            Table(page, "`with`", entry.Inputs, entry.Kind.InputType, isInput: true);
            Table(page, "`outputs`", entry.Outputs, entry.Kind.OutputType, isInput: false);
        }

        page.Append("\n## Announced\n\nFiles can use these already; their workflows are shown as paused and do not run.\n\n");
        foreach (var (name, summary) in kinds.Described.Where(k => !kinds.TryGet(k.Name, out _)))
        {
            page.Append("- `").Append(name).Append("`: ").Append(Cell(summary.Replace(" (announced)", "", StringComparison.Ordinal))).Append('\n');
        }

        return page.ToString();
    }

    private static void Table(StringBuilder page, string title, IReadOnlyList<StepField> fields, Type record, bool isInput)
    {
        if (fields.Count == 0)
        {
            page.Append('\n').Append(title).Append(": nothing.\n");
            return;
        }

        page.Append("\n| ").Append(title).Append(isInput ? " | Type | Default | Means |\n| --- | --- | --- | --- |\n" : " | Type | Means |\n| --- | --- | --- |\n");
        foreach (StepField field in fields)
        {
            page.Append("| `").Append(field.Name).Append("` | ").Append(TypeOf(field.Type));
            if (isInput)
            {
                page.Append(" | ").Append(field.Required ? "must be given" : field.Default is null ? "" : $"`{field.Default.ToJsonString()}`");
            }

            page.Append(" | ").Append(Cell(RecordDocs.Of(record, field.Name) ?? "")).Append(" |\n");
        }
    }

    private static string TypeOf(FieldType type) => type.Choices.Count > 0 ? string.Join(", ", type.Choices.Select(c => $"`{c}`"))
        : type.Kind == ValueKind.List ? $"list of {TypeOf(type.Item!)}" : type.Kind == ValueKind.Record ? $"map of {string.Join(", ", type.Fields.Select(f => f.Name))}" : type.ToString();

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
