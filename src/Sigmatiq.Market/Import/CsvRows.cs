using System.Text;

namespace Sigmatiq.Market.Import;

/// <summary>A CSV file as rows of text with their line numbers (RFC 4180: quotes, doubled quotes, line breaks inside quotes).</summary>
/// <remarks>Not DuckDB's reader: that one guesses headers and skips lines, and here every refusal must name the line it means.</remarks>
internal static class CsvRows
{
    /// <summary>Rows of a text; empty lines are left out. The separator is the one of comma, semicolon and tab that the first line
    /// holds most often.</summary>
    public static IEnumerable<(int Line, List<string> Fields)> Read(TextReader text)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        char separator = '\0';
        int line = 1, first = 1;
        bool quoted = false, any = false;
        string? current = text.ReadLine();
        separator = SeparatorOf(current ?? "");
        for (; current is not null; current = text.ReadLine(), line++)
        {
            if (!quoted)
            {
                first = line;
            }
            else
            {
                field.Append('\n');
            }

            for (int i = 0; i < current.Length; i++)
            {
                char c = current[i];
                if (quoted)
                {
                    if (c == '"' && i + 1 < current.Length && current[i + 1] == '"')
                    {
                        field.Append('"');
                        i++;
                    }
                    else if (c == '"')
                    {
                        quoted = false;
                    }
                    else
                    {
                        field.Append(c);
                    }
                }
                else if (c == '"' && field.Length == 0)
                {
                    quoted = any = true;
                }
                else if (c == separator)
                {
                    fields.Add(field.ToString());
                    field.Clear();
                    any = true;
                }
                else
                {
                    field.Append(c);
                    any |= c != ' ';
                }
            }

            if (!quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
                if (any)
                {
                    yield return (first, fields);
                    fields = [];
                }
                else
                {
                    fields.Clear();
                }

                any = false;
            }
        }

        if (quoted)
        {
            // An open quote swallows the rest: the row comes out too short and is refused by its first line.
            fields.Add(field.ToString());
            yield return (first, fields);
        }
    }

    private static char SeparatorOf(string header) => new[] { ',', ';', '\t' }.MaxBy(c => header.Count(h => h == c));
}
