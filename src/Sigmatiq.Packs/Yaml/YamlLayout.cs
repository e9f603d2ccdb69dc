using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs.Yaml;

/// <summary>The one layout of a YAML text that a program writes: texts without quotes where they can do without, short maps and lists of
/// plain values in brackets, the rest by indentation of two.</summary>
internal static partial class YamlLayout
{
    /// <summary>Longest value in brackets.</summary>
    private const int FlowMax = 120;

    /// <summary>Writes a whole document.</summary>
    public static string Write(JsonNode root)
    {
        StringBuilder text = new();
        switch (root)
        {
            case JsonObject { Count: > 0 } or JsonArray { Count: > 0 }:
                Block(text, root, 0, "\n");
                return text.Append('\n').ToString();
            default:
                return Flow(root) + "\n";
        }
    }

    /// <summary>A value on one line.</summary>
    public static string Flow(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonArray { Count: 0 } => "[]",
        JsonObject map => $"{{ {string.Join(", ", map.Select(p => $"{YamlWriter.Key(p.Key)}: {Flow(p.Value)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(Flow))}]",
        _ when node.GetValueKind() == JsonValueKind.String => Text(node.GetValue<string>()),
        _ => CanonicalJson.Text(node),
    };

    /// <summary>Whether a value stands behind its key, and not below it.</summary>
    public static bool IsInline(JsonNode? node, int column) =>
        node is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }) || (IsFlat(node, 2) && column + Flow(node).Length <= FlowMax);

    /// <summary>A key with its value, the following lines indented below a column.</summary>
    public static string Entry(string key, JsonNode? value, int column, string newLine)
    {
        string name = YamlWriter.Key(key);
        if (IsInline(value, column + name.Length))
        {
            return $"{name}: {Flow(value)}";
        }

        StringBuilder text = new(name);
        text.Append(':').Append(newLine).Append(' ', column + 2);
        Block(text, value!, column + 2, newLine);
        return text.ToString();
    }

    /// <summary>An item behind its dash, the following lines indented below a column.</summary>
    public static string Item(JsonNode? value, int column, string newLine)
    {
        if (IsInline(value, column + 2))
        {
            return $"- {Flow(value)}";
        }

        StringBuilder text = new("- ");
        Block(text, value!, column + 2, newLine);
        return text.ToString();
    }

    // The first line begins where the text stands.
    private static void Block(StringBuilder text, JsonNode node, int column, string newLine)
    {
        IEnumerable<string> parts = node is JsonObject map
            ? map.Select(p => Entry(p.Key, p.Value, column, newLine))
            : ((JsonArray)node).Select(i => Item(i, column, newLine));
        text.AppendJoin(newLine + new string(' ', column), parts);
    }

    // Maps of maps read better by indentation.
    private static bool IsFlat(JsonNode? node, int levels) => node switch
    {
        JsonObject map => levels > 0 && map.All(p => IsFlat(p.Value, levels - 1)),
        JsonArray list => levels > 0 && list.All(i => IsFlat(i, levels - 1)),
        _ => true,
    };

    // Versions and durations begin with a digit and are numbers to nobody.
    private static string Text(string text) =>
        Digits().IsMatch(text) || text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] is '_') && text[^1] != ' ' && !YamlWriter.IsWord(text)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '@' or ' ' or '(' or ')' or '+') ? text : YamlWriter.Quoted(text);

    [GeneratedRegex(@"^\d+((\.\d+){2,}|ms|s|m|h|d)$")]
    private static partial Regex Digits();
}
