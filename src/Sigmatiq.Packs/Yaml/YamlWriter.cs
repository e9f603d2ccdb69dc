using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs.Yaml;

/// <summary>JSON to YAML in one stable form: block style, two spaces, texts in double quotes, numbers as in canonical JSON.</summary>
public static class YamlWriter
{
    /// <summary>Writes a map or a list.</summary>
    public static string Write(JsonNode root)
    {
        StringBuilder text = new();
        Block(text, root, 0, isItem: false);
        return text.ToString();
    }

    private static void Block(StringBuilder text, JsonNode? node, int indent, bool isItem)
    {
        bool first = isItem;
        if (node is JsonObject map)
        {
            foreach (var (key, value) in map)
            {
                text.Append(' ', first ? 0 : indent).Append(Key(key)).Append(':');
                Value(text, value, indent);
                first = false;
            }
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
            {
                text.Append(' ', first ? 0 : indent).Append("- ");
                if (IsBlock(item))
                {
                    Block(text, item, indent + 2, isItem: true);
                }
                else
                {
                    text.Append(Flow(item)).Append('\n');
                }

                first = false;
            }
        }
        else
        {
            text.Append(Flow(node)).Append('\n');
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        if (IsBlock(value))
        {
            text.Append('\n');
            Block(text, value, indent + 2, isItem: false);
        }
        else
        {
            text.Append(' ').Append(Flow(value)).Append('\n');
        }
    }

    private static bool IsBlock(JsonNode? node) => node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 };

    private static string Flow(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when node.GetValueKind() == JsonValueKind.String => Quoted(node.GetValue<string>()),
        _ => CanonicalJson.Text(node),
    };

    /// <summary>A text in double quotes, on one line whatever is in it.</summary>
    internal static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A key, in quotes where it could be read as something else.</summary>
    internal static string Key(string key) =>
        key.Length > 0 && char.IsAsciiLetter(key[0]) && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && !IsWord(key) ? key : Quoted(key);

    internal static bool IsWord(string key) => key.ToLowerInvariant() is "true" or "false" or "null" or "yes" or "no" or "on" or "off";
}
