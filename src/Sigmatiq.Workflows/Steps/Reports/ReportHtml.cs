using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Sigmatiq.Workflows.Steps.Reports;

/// <summary>Writes a report as one HTML page without scripts, links or anything to load. Of Markdown it knows headings, paragraphs, lists, bold, italics
/// and code; everything else is shown as it is written.</summary>
internal static partial class ReportHtml
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c}table{border-collapse:collapse;margin:1rem 0}"
        + "th,td{border:1px solid #ccc;padding:.25rem .6rem;text-align:left}.n{text-align:right;font-variant-numeric:tabular-nums}code{background:#f2f2f2;padding:0 .2rem}";

    public static string Write(string title, string body, IReadOnlyDictionary<string, ReportTable> tables)
    {
        StringBuilder page = new();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<title>").Append(Text(title)).Append("</title><style>").Append(Style).Append("</style></head><body>\n<h1>").Append(Text(title)).Append("</h1>\n");
        List<string> paragraph = [];
        bool isList = false;
        foreach (string line in body.ReplaceLineEndings("\n").Split('\n').Append(""))
        {
            Match heading = Heading().Match(line), item = Item().Match(line), block = WholeBlock().Match(line);
            if (line.Trim().Length > 0 && !heading.Success && !item.Success && !block.Success)
            {
                paragraph.Add(line.Trim());
                continue;
            }

            Flush();
            if (isList && !item.Success)
            {
                page.Append("</ul>\n");
                isList = false;
            }

            if (heading.Success)
            {
                int level = Math.Min(6, heading.Groups[1].Length);
                page.Append("<h").Append(level).Append('>').Append(Inline(heading.Groups[2].Value)).Append("</h").Append(level).Append(">\n");
            }
            else if (item.Success)
            {
                page.Append(isList ? "" : "<ul>\n").Append("<li>").Append(Inline(item.Groups[1].Value)).Append("</li>\n");
                isList = true;
            }
            else if (block.Success)
            {
                Table(page, tables[block.Groups[1].Value]);
            }
        }

        return page.Append("</body></html>\n").ToString();

        void Flush()
        {
            if (paragraph.Count > 0)
            {
                // A table inside a paragraph ends it.
                string[] parts = ReportStep.Block().Split(string.Join(' ', paragraph));
                for (int i = 0; i < parts.Length; i++)
                {
                    if (i % 2 == 1)
                    {
                        Table(page, tables[parts[i]]);
                    }
                    else if (parts[i].Trim().Length > 0)
                    {
                        page.Append("<p>").Append(Inline(parts[i].Trim())).Append("</p>\n");
                    }
                }

                paragraph.Clear();
            }
        }
    }

    private static void Table(StringBuilder page, ReportTable table)
    {
        if (table.Rows.Count == 0)
        {
            page.Append("<p>(no rows)</p>\n");
            return;
        }

        page.Append("<table>\n<tr>");
        Cells(page, table, table.Columns, "th");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            page.Append("<tr>");
            Cells(page, table, row, "td");
        }

        page.Append("</table>\n");
    }

    private static void Cells(StringBuilder page, ReportTable table, IReadOnlyList<string> cells, string tag)
    {
        for (int i = 0; i < cells.Count; i++)
        {
            page.Append('<').Append(tag).Append(table.IsNumber[i] ? " class=\"n\">" : ">").Append(Text(cells[i])).Append("</").Append(tag).Append('>');
        }

        page.Append("</tr>\n");
    }

    // Escaped first, marked up after: what is in the text can only become the five tags below.
    private static string Inline(string text) =>
        Italic().Replace(Bold().Replace(Code().Replace(Text(text), "<code>$1</code>"), "<strong>$1</strong>"), "<em>$1</em>");

    private static string Text(string text) => WebUtility.HtmlEncode(string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')));

    [GeneratedRegex(@"^(#{1,6}) +(.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^ *[-*] +(.+)$")]
    private static partial Regex Item();

    [GeneratedRegex(@"^\s*\[\[([a-z][a-z0-9_]{0,63})\]\]\s*$")]
    private static partial Regex WholeBlock();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Bold();

    [GeneratedRegex(@"\*([^*]+)\*")]
    private static partial Regex Italic();
}
