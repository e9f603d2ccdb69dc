using System.Globalization;
using System.Text.Json.Nodes;

namespace Sigmatiq.Packs.Yaml;

/// <summary>A place in a YAML text; lines and columns count from 1.</summary>
public readonly record struct YamlPlace(string File, int Line, int Column)
{
    /// <summary><c>file:line:column</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>How a node is written.</summary>
public enum YamlStyle
{
    /// <summary>A value without quotes; one that is not there at all is an empty one.</summary>
    Plain,

    /// <summary>A value in quotes.</summary>
    Quoted,

    /// <summary>A text of lines below <c>|</c> or <c>&gt;</c>.</summary>
    Lines,

    /// <summary>A map or list in brackets.</summary>
    Flow,

    /// <summary>A map or list by indentation.</summary>
    Block,
}

/// <summary>Where a node stands in its text.</summary>
/// <param name="Start">Offset of its first character; of a block list, of its first dash.</param>
/// <param name="End">Offset behind its last character, comments left out.</param>
/// <param name="Style">How it is written.</param>
public readonly record struct YamlSpan(int Start, int End, YamlStyle Style);

/// <summary>One node of a YAML document with the place where it stands.</summary>
public abstract record YamlNode(YamlPlace Place)
{
    /// <summary>Where it stands in the text that was parsed.</summary>
    public YamlSpan Span { get; init; }

    /// <summary>What it is, for messages: a map, a list, a value.</summary>
    public abstract string Kind { get; }

    /// <summary>The same content as JSON, for hashing.</summary>
    public abstract JsonNode? ToJson();
}

/// <summary>A map; keys are unique and keep the order of the file.</summary>
public sealed record YamlMap(YamlPlace Place, IReadOnlyList<YamlEntry> Entries) : YamlNode(Place)
{
    /// <inheritdoc/>
    public override string Kind => "a map";

    private Dictionary<string, YamlEntry>? byKey;

    /// <summary>The entry of a key, or null.</summary>
    public YamlEntry? Find(string key) => (byKey ??= Entries.ToDictionary(e => e.Key, StringComparer.Ordinal)).GetValueOrDefault(key);

    /// <inheritdoc/>
    public override JsonNode ToJson() => new JsonObject(Entries.Select(e => KeyValuePair.Create(e.Key, e.Value.ToJson())));
}

/// <summary>One key of a map with its value.</summary>
public sealed record YamlEntry(string Key, YamlPlace Place, YamlNode Value)
{
    /// <summary>Where the key stands in the text that was parsed.</summary>
    public YamlSpan KeySpan { get; init; }
}

/// <summary>A list.</summary>
public sealed record YamlList(YamlPlace Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place)
{
    /// <inheritdoc/>
    public override string Kind => "a list";

    /// <inheritdoc/>
    public override JsonNode ToJson() => new JsonArray([.. Items.Select(i => i.ToJson())]);
}

/// <summary>A single value. Plain text is read by YAML's core schema: null, true, false, numbers, else text; quoted text is text.</summary>
public sealed record YamlScalar(YamlPlace Place, string Text, bool IsQuoted) : YamlNode(Place)
{
    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : "a value";

    /// <summary>Whether nothing was written.</summary>
    public bool IsNull => !IsQuoted && (Text is "" or "~" or "null" or "Null" or "NULL");

    /// <summary>The value as true or false, or null where it is neither.</summary>
    public bool? AsFlag => IsQuoted ? null : Text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    /// <summary>The value as a finite number, or null where it is none.</summary>
    public double? AsNumber =>
        !IsQuoted && Text.Length > 0 && (char.IsAsciiDigit(Text[^1]) || Text[^1] == '.') && (char.IsAsciiDigit(Text[0]) || Text[0] is '-' or '+' or '.')
        && double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    /// <inheritdoc/>
    public override JsonNode? ToJson() =>
        IsNull ? null : AsFlag is { } flag ? JsonValue.Create(flag) : AsNumber is { } number ? JsonValue.Create(number) : JsonValue.Create(Text);
}
