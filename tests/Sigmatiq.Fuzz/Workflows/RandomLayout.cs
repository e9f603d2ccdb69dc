using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Fuzz.Workflows;

/// <summary>Writes a value as YAML in the many ways in which people do: block and flow, every kind of quotes, comments in every place.</summary>
public sealed class RandomLayout
{
    private readonly Rng rng;
    private readonly ISet<string> used;
    private readonly List<string> comments = [];
    private readonly StringBuilder text = new();

    private RandomLayout(Rng rng, ISet<string> used) => (this.rng, this.used) = (rng, used);

    /// <summary>Every way there is.</summary>
    public static IReadOnlyList<string> Features { get; } =
        ["header", "comment above", "comment behind", "comment behind a key", "comment in flow", "blank line", "block", "flow", "flow lines", "dense list", "indented list", "plain", "single quotes", "double quotes", "lines", "quoted key", "crlf", "no last line end"];

    /// <summary>Writes a map.</summary>
    /// <returns>The text, and its comments in their order.</returns>
    public static (string Text, IReadOnlyList<string> Comments) Write(JsonObject content, Rng rng, ISet<string> used)
    {
        RandomLayout layout = new(rng, used);
        if (layout.One(2))
        {
            layout.used.Add("header");
            layout.text.Append(layout.Comment()).Append('\n');
        }

        layout.Map(content, 0);
        string text = layout.text.ToString();
        if (layout.One(8))
        {
            used.Add("crlf");
            text = text.Replace("\n", "\r\n", StringComparison.Ordinal);
        }
        else if (layout.One(8))
        {
            used.Add("no last line end");
            text = text.TrimEnd('\n');
        }

        return (text, layout.comments);
    }

    private void Map(JsonObject map, int column)
    {
        used.Add("block");
        bool first = true;
        foreach (var (key, value) in map)
        {
            Above(column, ref first);
            text.Append(Key(key)).Append(':');
            Below(value, column, isKey: true);
        }
    }

    private void List(JsonArray list, int column)
    {
        bool first = true;
        foreach (JsonNode? item in list)
        {
            Above(column, ref first);
            text.Append('-');
            Below(item, column, isKey: false);
        }
    }

    // Comments and blank lines before a key or dash, then its indent; the first of an item stands behind the dash already.
    private void Above(int column, ref bool first)
    {
        if (!first || text.Length == 0 || text[^1] == '\n')
        {
            if (One(6))
            {
                used.Add("blank line");
                text.Append('\n');
            }

            if (One(6))
            {
                used.Add("comment above");
                text.Append(' ', column).Append(Comment()).Append('\n');
            }

            text.Append(' ', column);
        }

        first = false;
    }

    private void Below(JsonNode? value, int column, bool isKey)
    {
        bool isEmpty = value is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 });
        if (isEmpty || One(3))
        {
            if (value is JsonValue scalar && scalar.TryGetValue(out string? lines) && lines.EndsWith('\n') && lines.Length > 1 && One(2))
            {
                used.Add("lines");
                text.Append(" |\n");
                foreach (string line in lines.TrimEnd('\n').Split('\n'))
                {
                    text.Append(' ', column + 2).Append(line).Append('\n');
                }

                return;
            }

            text.Append(' ').Append(Flow(value, column + 4, isTop: true));
            if (One(6))
            {
                used.Add("comment behind");
                text.Append("  ").Append(Comment());
            }

            text.Append('\n');
            return;
        }

        if (!isKey && value is JsonObject map)
        {
            text.Append(' ');
            Map(map, column + 2);
            return;
        }

        if (One(6))
        {
            used.Add("comment behind a key");
            text.Append("  ").Append(Comment());
        }

        text.Append('\n');
        if (value is JsonObject deeper)
        {
            Map(deeper, column + (One(2) ? 2 : 4));
        }
        else
        {
            bool isDense = isKey && One(2);
            used.Add(isDense ? "dense list" : "indented list");
            List((JsonArray)value!, isDense ? column : column + 2);
        }
    }

    private string Flow(JsonNode? value, int column, bool isTop = false)
    {
        if (value is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }))
        {
            return Scalar(value, isFlow: !isTop);
        }

        used.Add("flow");
        List<string> parts = value is JsonObject map ? [.. map.Select(p => $"{Key(p.Key)}: {Flow(p.Value, column)}")] : [.. ((JsonArray)value).Select(i => Flow(i, column))];
        (string open, string close) = value is JsonObject ? ("{ ", " }") : ("[", "]");
        if (!isTop || !One(3))
        {
            return open + string.Join(", ", parts) + close;
        }

        used.Add("flow lines");
        StringBuilder lines = new(open);
        for (int i = 0; i < parts.Count; i++)
        {
            lines.Append(parts[i]).Append(i + 1 < parts.Count ? "," : "");
            if (One(3))
            {
                used.Add("comment in flow");
                lines.Append("  ").Append(Comment());
                lines.Append('\n').Append(' ', column);
            }
            else
            {
                lines.Append(' ');
            }
        }

        return lines.Append(close).ToString();
    }

    private string Scalar(JsonNode? value, bool isFlow)
    {
        if (value is null)
        {
            return Pick("null", "~");
        }

        if (value.GetValueKind() != JsonValueKind.String)
        {
            return value switch { JsonObject => "{}", JsonArray => "[]", _ => Number(value) };
        }

        string plain = value.GetValue<string>();
        bool canBePlain = plain.Length > 0 && (char.IsAsciiLetter(plain[0]) || char.IsAsciiDigit(plain[0])) && plain[^1] != ' ' && plain.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '@' or '/' or ' ')
            && !double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && plain is not ("true" or "null" or "0x1F");
        if (canBePlain && !One(3))
        {
            used.Add("plain");
            return plain;
        }

        if (One(2) && plain.All(c => !char.IsControl(c)))
        {
            used.Add("single quotes");
            return $"'{plain.Replace("'", "''", StringComparison.Ordinal)}'";
        }

        used.Add("double quotes");
        return "\"" + string.Concat(plain.Select(c => c switch
        {
            '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\t' => "\\t", _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"), _ => c.ToString(),
        })) + "\"";
    }

    private string Number(JsonNode value) => value.ToJsonString() is var number && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) && One(4) ? number + ".0" : number;

    private string Key(string key)
    {
        if (key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !One(8))
        {
            return key;
        }

        used.Add("quoted key");
        return $"\"{key}\"";
    }

    private string Comment()
    {
        string comment = $"# note {comments.Count}: {Pick("why", "see: below", "{not} an expression", "日本", "x # y", "- a", "\"quoted\"")}";
        comments.Add(comment);
        return comment;
    }

    private string Pick(params string[] from) => from[rng.NextInt(from.Length)];

    private bool One(int of) => rng.NextInt(of) == 0;
}
