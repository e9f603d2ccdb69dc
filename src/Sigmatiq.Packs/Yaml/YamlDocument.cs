using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Yaml;

/// <summary>A YAML text that can be changed by a program and still be a person's: an edit rewrites what it touches, and every other line,
/// comment and blank stays as it is. Never changes itself; an edit gives a new one.</summary>
/// <remarks>A path is made of keys, and of numbers from 0 in lists. Comments above a key on lines of their own belong to it, as does the
/// one behind its value. After each edit the text is read again and must say exactly what was asked for; where it does not, the part
/// around the edit is written anew.</remarks>
public sealed class YamlDocument
{
    private readonly string file;
    private readonly string code;

    private YamlDocument(string text, YamlNode root, string file, string code)
    {
        Text = text;
        Root = root;
        this.file = file;
        this.code = code;
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>What it says.</summary>
    public YamlNode Root { get; }

    /// <summary>The same as JSON, keys in the order of the text.</summary>
    public JsonNode? Content => Root.ToJson();

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Name for places in messages.</param>
    /// <param name="code">Code of the problems found.</param>
    public static ParseResult<YamlDocument> Parse(string text, string file, string code)
    {
        ParseResult<YamlNode> root = YamlText.Parse(text, file, code);
        return root.IsOk ? ParseResult<YamlDocument>.Ok(new(text, root.Value, file, code)) : ParseResult<YamlDocument>.Refused(root.Problems);
    }

    /// <summary>Writes a document that has no text yet, in the one canonical layout.</summary>
    public static YamlDocument Of(JsonNode content, string file, string code) => Parse(YamlLayout.Write(content), file, code).Value;

    /// <summary>Sets a value: in place of the one that is there, else as a new last key or item.</summary>
    /// <exception cref="ProblemException">The document's code: there is nothing at the path above.</exception>
    public YamlDocument Set(IReadOnlyList<string> path, JsonNode? value)
    {
        (YamlNode parent, string last) = ParentOf(path);
        return Index(parent, last) is >= 0 and var index ? Replace(path, parent, index, value) : Insert(path.SkipLast(1).ToList(), Count(parent), last, value);
    }

    /// <summary>Puts a new key or item at a place among its siblings.</summary>
    /// <param name="path">The map or list.</param>
    /// <param name="index">Place from 0.</param>
    /// <param name="key">The key; of a list it is left aside.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ProblemException">The document's code: there is no such map or list, or the key is there already.</exception>
    public YamlDocument Insert(IReadOnlyList<string> path, int index, string key, JsonNode? value)
    {
        YamlNode parent = NodeAt(path);
        JsonNode? content = Content;
        switch (At(content, path))
        {
            case JsonObject map when !map.ContainsKey(key):
                map.Insert(index, key, value?.DeepClone());
                break;
            case JsonArray list:
                list.Insert(index, value?.DeepClone());
                break;
            default:
                throw Refused(path, $"'{key}' cannot be added there.");
        }

        return Edited(YamlEdit.Insert(Text, parent, IsInFlow(path), index, key, value), content, path);
    }

    /// <summary>Takes a key or item away, with the comments that belong to it.</summary>
    /// <exception cref="ProblemException">The document's code: there is nothing at the path.</exception>
    public YamlDocument Remove(IReadOnlyList<string> path)
    {
        (YamlNode parent, string last) = ParentOf(path);
        int index = Index(parent, last) is >= 0 and var found ? found : throw Refused(path, "There is nothing.");
        JsonNode? content = Content;
        switch (At(content, path.SkipLast(1)))
        {
            case JsonObject map:
                map.Remove(last);
                break;
            case JsonArray list:
                list.RemoveAt(index);
                break;
        }

        if (Count(parent) > 1)
        {
            return Edited(YamlEdit.Remove(Text, parent, index), content, path);
        }

        // An empty block cannot be written; empty brackets can.
        return path.Count > 1 ? Set([.. path.SkipLast(1)], parent is YamlMap ? new JsonObject() : new JsonArray()) : Of(content!, file, code);
    }

    /// <summary>Gives a key another name.</summary>
    /// <exception cref="ProblemException">The document's code: there is no such key, or the name is taken.</exception>
    public YamlDocument Rename(IReadOnlyList<string> path, string key)
    {
        (YamlNode parent, string last) = ParentOf(path);
        if (parent is not YamlMap map || map.Find(last) is not { } entry || (key != last && map.Find(key) is not null))
        {
            throw Refused(path, $"It cannot be called '{key}'.");
        }

        JsonNode? content = Content;
        JsonObject at = At(content, path.SkipLast(1))!.AsObject();
        (int index, JsonNode? value) = (at.IndexOf(last), at[last]);
        at.RemoveAt(index);
        at.Insert(index, key, value);
        return Edited(Text[..entry.KeySpan.Start] + YamlWriter.Key(key) + Text[entry.KeySpan.End..], content, path);
    }

    /// <summary>Moves a key or item to another place among its siblings.</summary>
    /// <exception cref="ProblemException">The document's code: there is nothing at the path.</exception>
    public YamlDocument Move(IReadOnlyList<string> path, int index)
    {
        (YamlNode parent, string last) = ParentOf(path);
        List<int> order = [.. Enumerable.Range(0, Count(parent))];
        int from = Index(parent, last) is >= 0 and var found ? found : throw Refused(path, "There is nothing.");
        order.RemoveAt(from);
        order.Insert(Math.Clamp(index, 0, order.Count), from);
        return Reorder([.. path.SkipLast(1)], order);
    }

    /// <summary>The least edits after which the document says something else: what is the same on both sides keeps its lines and comments.</summary>
    public YamlDocument With(JsonNode content)
    {
        YamlDocument document = this;
        string wanted = Said(content);
        for (int edits = 0; Said(document.Content) != wanted; edits++)
        {
            // Each edit brings one place to what is wanted; more edits than places would mean that one of them undoes another.
            document = edits < 10_000 ? YamlDifference.Step(document, document.Root, content, []) ?? Of(content, file, code) : Of(content, file, code);
        }

        return document;
    }

    internal YamlDocument Reorder(IReadOnlyList<string> path, IReadOnlyList<int> order)
    {
        YamlNode parent = NodeAt(path);
        JsonNode? content = Content;
        switch (At(content, path))
        {
            case JsonObject map:
                KeyValuePair<string, JsonNode?>[] entries = [.. map];
                map.Clear();
                foreach (int i in order)
                {
                    map.Add(entries[i]);
                }

                break;
            case JsonArray list:
                JsonNode?[] items = [.. list];
                list.Clear();
                foreach (int i in order)
                {
                    list.Add(items[i]);
                }

                break;
        }

        return Edited(YamlEdit.Reorder(Text, parent, order), content, path);
    }

    internal static int Index(YamlNode parent, string key) => parent switch
    {
        YamlMap map => map.Entries.ToList().FindIndex(e => e.Key == key),
        YamlList list => int.TryParse(key, out int i) && i >= 0 && i < list.Items.Count ? i : -1,
        _ => -1,
    };

    /// <summary>What a value says, the order of its keys included.</summary>
    internal static string Said(JsonNode? value) => value switch
    {
        JsonObject map => "{" + string.Join(',', map.Select(p => $"{YamlWriter.Quoted(p.Key)}:{Said(p.Value)}")) + "}",
        JsonArray list => "[" + string.Join(',', list.Select(Said)) + "]",
        _ => CanonicalJson.Text(value),
    };

    private YamlDocument Replace(IReadOnlyList<string> path, YamlNode parent, int index, JsonNode? value)
    {
        JsonNode? content = Content;
        switch (At(content, path.SkipLast(1)))
        {
            case JsonObject map:
                map[path[^1]] = value?.DeepClone();
                break;
            case JsonArray list:
                list[index] = value?.DeepClone();
                break;
        }

        return Edited(YamlEdit.Replace(Text, parent, IsInFlow([.. path.SkipLast(1)]), index, value), content, path);
    }

    private YamlDocument Edited(string text, JsonNode? wanted, IReadOnlyList<string> path)
    {
        ParseResult<YamlDocument> edited = Parse(text, file, code);
        if (edited.IsOk && Said(edited.Value.Content) == Said(wanted))
        {
            return edited.Value;
        }

        // Layouts that nobody foresaw: the part around the edit loses its comments, never its meaning.
        if (path.Count <= 1)
        {
            return Of(wanted!, file, code);
        }

        List<string> above = [.. path.SkipLast(1)];
        (YamlNode parent, string last) = ParentOf(above);
        return Edited(YamlEdit.Replace(Text, parent, IsInFlow([.. above.SkipLast(1)]), Index(parent, last), At(wanted, above)), wanted, above);
    }

    private (YamlNode Parent, string Last) ParentOf(IReadOnlyList<string> path) =>
        path.Count > 0 ? (NodeAt([.. path.SkipLast(1)]), path[^1]) : throw Refused(path, "The whole document has no place above it.");

    private YamlNode NodeAt(IReadOnlyList<string> path)
    {
        YamlNode node = Root;
        foreach (string key in path)
        {
            node = Index(node, key) is >= 0 and var i ? node is YamlMap map ? map.Entries[i].Value : ((YamlList)node).Items[i] : throw Refused(path, "There is nothing.");
        }

        return node is YamlMap or YamlList ? node : throw Refused(path, "It is neither a map nor a list.");
    }

    private bool IsInFlow(IReadOnlyList<string> path)
    {
        YamlNode node = Root;
        bool isFlow = node.Span.Style == YamlStyle.Flow;
        foreach (string key in path)
        {
            int i = Index(node, key);
            node = node is YamlMap map ? map.Entries[i].Value : ((YamlList)node).Items[i];
            isFlow |= node.Span.Style == YamlStyle.Flow;
        }

        return isFlow;
    }

    private static int Count(YamlNode node) => node switch { YamlMap map => map.Entries.Count, YamlList list => list.Items.Count, _ => 0 };

    private static JsonNode? At(JsonNode? content, IEnumerable<string> path) =>
        path.Aggregate(content, (node, key) => node is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)] : node![key]);

    private ProblemException Refused(IReadOnlyList<string> path, string message) =>
        new(code, $"{message} The path is '{string.Join('.', path)}'.", file, "Name a key or item that is there.", ExitCode.BadUsage);
}
