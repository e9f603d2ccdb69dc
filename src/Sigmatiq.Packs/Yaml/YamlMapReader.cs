using System.Globalization;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Yaml;

/// <summary>Collects what is wrong with a YAML tree while it is read, so that a person sees all of it at once.</summary>
/// <param name="code">Code of structural problems, e.g. <c>PCK-1001</c>.</param>
/// <param name="enumCode">Code of a word that is not in its closed list, e.g. <c>PCK-1004</c>; the structural code if left out.</param>
public sealed class YamlProblems(string code, string? enumCode = null)
{
    private readonly List<Problem> all = [];
    private readonly List<(int Line, int Column)> places = [];

    /// <summary>Everything found so far.</summary>
    public IReadOnlyList<Problem> All => all;

    /// <summary>Code of a word that is not in its closed list.</summary>
    public string EnumCode => enumCode ?? code;

    /// <summary>Adds a structural problem.</summary>
    public void Add(YamlPlace place, string message, string remedy) => Add(code, place, message, remedy);

    /// <summary>Adds a problem with a code of its own.</summary>
    public void Add(string problemCode, YamlPlace place, string message, string remedy)
    {
        all.Add(new(problemCode, message, place.ToString(), remedy, ExitCode.BadUsage));
        places.Add((place.Line, place.Column));
    }

    /// <summary>Takes over problems found elsewhere.</summary>
    public void AddRange(IEnumerable<Problem> problems) => all.AddRange(problems);

    /// <summary>The value, if nothing was found; else all that was, in the order of the text.</summary>
    public ParseResult<T> Result<T>(Func<T> value) => all.Count == 0 ? ParseResult<T>.Ok(value())
        : ParseResult<T>.Refused(places.Count == all.Count ? [.. all.Zip(places).OrderBy(p => p.Second).Select(p => p.First)] : all);
}

/// <summary>Reads the keys of one map by type. Every getter notes a problem and gives a harmless value where the file is wrong;
/// <see cref="Close"/> notes the keys nobody asked for, except those that begin with <c>x_</c>.</summary>
public sealed class YamlMapReader
{
    private readonly YamlMap map;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    /// <summary>Reads a node that must be a map; anything else is noted and read as an empty one.</summary>
    /// <param name="node">The node.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="what">Name of the map for messages, e.g. <c>metadata.vibe</c>.</param>
    public YamlMapReader(YamlNode node, YamlProblems problems, string what)
    {
        Problems = problems;
        What = what;
        if (node is YamlMap found)
        {
            map = found;
        }
        else
        {
            problems.Add(node.Place, $"{(what.Length > 0 ? what : "The file")} must be a map, was {node.Kind}.", "Write keys with values below it.");
            map = new(node.Place, []);
            IsBroken = true;
        }
    }

    /// <summary>Where the problems go.</summary>
    public YamlProblems Problems { get; }

    /// <summary>Name of the map for messages.</summary>
    public string What { get; }

    /// <summary>Where the map stands.</summary>
    public YamlPlace Place => map.Place;

    /// <summary>All keys in the order of the file.</summary>
    public IEnumerable<YamlEntry> Entries => map.Entries;

    /// <summary>Whether the node was no map, so that missing keys are not worth a word each.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether the key is there with a value.</summary>
    public bool Has(string key) => map.Find(key) is { Value: not YamlScalar { IsNull: true } };

    /// <summary>The place of a key, or of the map where the key is missing.</summary>
    public YamlPlace PlaceOf(string key) => map.Find(key)?.Value.Place ?? map.Place;

    /// <summary>The node of a key, or null; a missing one is not noted.</summary>
    public YamlNode? Optional(string key)
    {
        asked.Add(key);
        return Has(key) ? map.Find(key)!.Value : null;
    }

    /// <summary>The node of a key; a missing one is noted.</summary>
    public YamlNode? Required(string key)
    {
        YamlNode? node = Optional(key);
        if (node is null && !IsBroken)
        {
            Problems.Add(map.Find(key)?.Place ?? map.Place, $"{(What.Length == 0 ? "The file" : What)} lacks the key '{key}'.", $"Add '{key}:'.");
        }

        return node;
    }

    /// <summary>Text of any form, quoted or not.</summary>
    public string Text(string key) => TextOf(key, Required(key)) ?? "";

    /// <summary>Text, or null where the key is missing.</summary>
    public string? OptionalText(string key) => TextOf(key, Optional(key));

    /// <summary>A finite number.</summary>
    public double Number(string key) => NumberOf(key, Required(key)) ?? 0;

    /// <summary>A finite number, or null where the key is missing.</summary>
    public double? OptionalNumber(string key) => NumberOf(key, Optional(key));

    /// <summary>A whole number.</summary>
    public int Whole(string key) => WholeOf(key, Required(key)) ?? 0;

    /// <summary>A whole number, or null where the key is missing.</summary>
    public int? OptionalWhole(string key) => WholeOf(key, Optional(key));

    /// <summary>True or false.</summary>
    public bool Flag(string key) => FlagOf(key, Required(key)) ?? false;

    /// <summary>True or false, or null where the key is missing.</summary>
    public bool? OptionalFlag(string key) => FlagOf(key, Optional(key));

    /// <summary>A date as <c>yyyy-MM-dd</c>.</summary>
    public DateOnly Date(string key)
    {
        if (Required(key) is not { } node)
        {
            return default;
        }

        if (node is YamlScalar { Text: var text } && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
        {
            return date;
        }

        Problems.Add(node.Place, $"{PathOf(key)} must be a date, was {Shown(node)}.", "Write it as 2024-01-01.");
        return default;
    }

    /// <summary>One word of a closed list.</summary>
    public T OneOf<T>(string key, IReadOnlyDictionary<string, T> words) where T : struct =>
        Required(key) is { } node ? WordOf(PathOf(key), node, words) ?? default : default;

    /// <summary>One word of a closed list, or the fallback where the key is missing.</summary>
    public T OneOf<T>(string key, IReadOnlyDictionary<string, T> words, T fallback) where T : struct =>
        Optional(key) is { } node ? WordOf(PathOf(key), node, words) ?? fallback : fallback;

    /// <summary>A map below a required key.</summary>
    public YamlMapReader Map(string key) =>
        new(Required(key) ?? new YamlMap(map.Place, []), Problems, PathOf(key)) { Missing = !Has(key) };

    /// <summary>A map below an optional key, or null.</summary>
    public YamlMapReader? OptionalMap(string key) => Optional(key) is { } node ? new(node, Problems, PathOf(key)) : null;

    /// <summary>A list below a required key.</summary>
    public IReadOnlyList<YamlNode> List(string key) => ListOf(key, Required(key));

    /// <summary>A list below an optional key; empty where it is missing.</summary>
    public IReadOnlyList<YamlNode> OptionalList(string key) => ListOf(key, Optional(key));

    /// <summary>A list of texts below a required key.</summary>
    public IReadOnlyList<string> TextList(string key) => Texts(key, List(key));

    /// <summary>A list of texts below an optional key; empty where it is missing.</summary>
    public IReadOnlyList<string> OptionalTextList(string key) => Texts(key, OptionalList(key));

    /// <summary>Reads a word of a closed list.</summary>
    public T? WordOf<T>(string what, YamlNode node, IReadOnlyDictionary<string, T> words) where T : struct
    {
        if (node is YamlScalar { Text: var text } && words.TryGetValue(text, out T value))
        {
            return value;
        }

        Problems.Add(Problems.EnumCode, node.Place, $"{what} has no value {Shown(node)}.", $"Use one of: {string.Join(", ", words.Keys)}.");
        return null;
    }

    /// <summary>Notes every key that nobody asked for.</summary>
    public void Close()
    {
        foreach (YamlEntry entry in map.Entries)
        {
            if (!asked.Contains(entry.Key) && !entry.Key.StartsWith("x_", StringComparison.Ordinal))
            {
                Problems.Add(entry.Place, $"{(What.Length == 0 ? "The file" : What)} has no key '{entry.Key}'.", $"Remove it, or use one of: {string.Join(", ", asked.Order(StringComparer.Ordinal))}. Keys of your own begin with x_.");
            }
        }
    }

    private string PathOf(string key) => What.Length == 0 ? key : $"{What}.{key}";

    // A missing map was noted once; its keys need no word each.
    private bool Missing { init => IsBroken |= value; }

    private string? TextOf(string key, YamlNode? node)
    {
        if (node is null or YamlScalar)
        {
            return (node as YamlScalar)?.Text;
        }

        Problems.Add(node.Place, $"{PathOf(key)} must be text, was {node.Kind}.", "Write one value.");
        return null;
    }

    private double? NumberOf(string key, YamlNode? node)
    {
        if (node is null)
        {
            return null;
        }

        double? number = (node as YamlScalar)?.AsNumber;
        if (number is null)
        {
            Problems.Add(node.Place, $"{PathOf(key)} must be a number, was {Shown(node)}.", "Write a number without quotes.");
        }

        return number;
    }

    private int? WholeOf(string key, YamlNode? node)
    {
        double? number = NumberOf(key, node);
        if (number is { } value && (value != Math.Floor(value) || Math.Abs(value) > int.MaxValue))
        {
            Problems.Add(node!.Place, $"{PathOf(key)} must be a whole number, was {Shown(node)}.", "Write a whole number.");
            return null;
        }

        return (int?)number;
    }

    private bool? FlagOf(string key, YamlNode? node)
    {
        if (node is null)
        {
            return null;
        }

        bool? flag = (node as YamlScalar)?.AsFlag;
        if (flag is null)
        {
            Problems.Add(node.Place, $"{PathOf(key)} must be true or false, was {Shown(node)}.", "Write true or false without quotes.");
        }

        return flag;
    }

    private IReadOnlyList<YamlNode> ListOf(string key, YamlNode? node)
    {
        if (node is YamlList list)
        {
            return list.Items;
        }

        if (node is not null)
        {
            Problems.Add(node.Place, $"{PathOf(key)} must be a list, was {node.Kind}.", "Write items below it, each with a dash.");
        }

        return [];
    }

    private List<string> Texts(string key, IReadOnlyList<YamlNode> items)
    {
        List<string> texts = [];
        foreach (YamlNode item in items)
        {
            if (item is YamlScalar { IsNull: false, Text: var text })
            {
                texts.Add(text);
            }
            else
            {
                Problems.Add(item.Place, $"{PathOf(key)} must be a list of texts, had {item.Kind}.", "Write one text per item.");
            }
        }

        return texts;
    }

    private static string Shown(YamlNode node) =>
        node is YamlScalar { IsNull: false, Text: var text } ? $"'{(text.Length <= 60 ? text : text[..60] + "…")}'" : node.Kind;
}
