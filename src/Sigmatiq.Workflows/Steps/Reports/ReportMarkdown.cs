using System.Text;

namespace Sigmatiq.Workflows.Steps.Reports;

/// <summary>Writes a report as Markdown. The body is the author's; cells are escaped, so that no output can add a row or a link.</summary>
internal static class ReportMarkdown
{
    public static string Write(string title, string body, IReadOnlyDictionary<string, ReportTable> tables)
    {
        string text = ReportStep.Block().Replace(body, m => Table(tables[m.Groups[1].Value]));
        return $"# {Escaped(title)}\n\n{text.Trim().ReplaceLineEndings("\n")}\n".Replace("\n\n\n", "\n\n", StringComparison.Ordinal);
    }

    private static string Table(ReportTable table)
    {
        if (table.Rows.Count == 0)
        {
            return "(no rows)";
        }

        StringBuilder text = new();
        Line(text, table.Columns.Select(Escaped));
        Line(text, table.IsNumber.Select(n => n ? "--:" : "---"));
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            Line(text, row.Select(Escaped));
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Escaped(string cell)
    {
        StringBuilder text = new(cell.Length);
        foreach (char c in cell)
        {
            text.Append(c switch
            {
                '\n' or '\r' or '\t' => " ",
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                _ when "\\`*_[]|#!~".Contains(c, StringComparison.Ordinal) => $"\\{c}",
                _ when char.IsControl(c) => "",
                _ => c.ToString(),
            });
        }

        return text.ToString();
    }
}
