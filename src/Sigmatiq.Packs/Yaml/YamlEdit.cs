using System.Text.Json.Nodes;

namespace Sigmatiq.Packs.Yaml;

/// <summary>Edits of a YAML text by offsets: each cuts or puts in as few characters as it can. What comes out is read again by
/// <see cref="YamlDocument"/>, which believes none of it.</summary>
internal static class YamlEdit
{
    /// <summary>Puts another value in place of one.</summary>
    public static string Replace(string text, YamlNode parent, bool isFlow, int index, JsonNode? value)
    {
        (YamlNode old, int keyEnd) = parent is YamlMap map ? (map.Entries[index].Value, map.Entries[index].KeySpan.End) : (((YamlList)parent).Items[index], -1);
        (int start, int end) = (old.Span.Start, old.Span.End);
        string newLine = NewLine(text);
        int column = ColumnOf(text, keyEnd >= 0 ? ((YamlMap)parent).Entries[index].KeySpan.Start : start);
        bool isInline = isFlow || keyEnd < 0 || YamlLayout.IsInline(value, column);
        bool wasBelow = keyEnd >= 0 && text.AsSpan(keyEnd, start - keyEnd).Contains('\n');
        if (isInline && !wasBelow)
        {
            string gap = start > 0 && text[start - 1] is ':' or '-' or ',' ? " " : "";
            return text[..start] + gap + YamlLayout.Flow(value) + text[end..];
        }

        // Between a key's colon and the value below it there may be a comment, which stays with the key.
        int colon = text.IndexOf(':', Math.Max(0, keyEnd));
        string written = isInline ? " " + YamlLayout.Flow(value) : YamlLayout.Entry("x", value, column, newLine)[2..];
        if (wasBelow)
        {
            int lineEnd = LineEnd(text, colon), last = LineEnd(text, end);
            string below = text[(colon + 1)..lineEnd];
            return isInline
                ? text[..(colon + 1)] + written + below + text[last..]
                : text[..lineEnd] + written + text[last..];
        }

        string behind = text[end..LineEnd(text, end)].TrimEnd();
        return text[..(colon + 1)] + (behind.Length > 0 ? " " + behind.TrimStart() : "") + written + text[LineEnd(text, end)..];
    }

    /// <summary>Puts a new key or item in.</summary>
    public static string Insert(string text, YamlNode parent, bool isFlow, int index, string key, JsonNode? value)
    {
        string newLine = NewLine(text);
        (int Start, int End)[] parts = Parts(text, parent);
        if (isFlow || parts.Length == 0)
        {
            string one = parent is YamlMap ? $"{YamlWriter.Key(key)}: {YamlLayout.Flow(value)}" : YamlLayout.Flow(value);
            return parts.Length == 0 ? text[..parent.Span.Start] + (parent is YamlMap ? $"{{ {one} }}" : $"[{one}]") + text[parent.Span.End..]
                : index == 0 ? text.Insert(parts[0].Start, one + ", ")
                : text.Insert(parts[index - 1].End, ", " + one);
        }

        int column = ColumnOf(text, parts[0].Start);
        string written = parent is YamlMap ? YamlLayout.Entry(key, value, column, newLine) : YamlLayout.Item(value, column, newLine);
        string indent = newLine + new string(' ', column);
        return index == 0 ? text.Insert(parts[0].Start, written + indent) : text.Insert(LineEnd(text, parts[index - 1].End), indent + written);
    }

    /// <summary>Takes one of several keys or items away.</summary>
    public static string Remove(string text, YamlNode parent, int index)
    {
        (int Start, int End)[] parts = Parts(text, parent);
        if (parent.Span.Style == YamlStyle.Flow)
        {
            // What stands between two of them is a comma, and perhaps the comment of the one before.
            return index + 1 < parts.Length ? text[..parts[index].Start] + text[parts[index + 1].Start..]
                : text.AsSpan(parts[index - 1].End, parts[index].Start - parts[index - 1].End).Contains('#') ? text[..parts[index].Start] + text[parts[index].End..]
                : text[..parts[index - 1].End] + text[parts[index].End..];
        }

        if (index == 0 && text.AsSpan(LineStart(text, parts[0].Start), parts[0].Start - LineStart(text, parts[0].Start)).Trim(' ').Length > 0)
        {
            // It shares its line with the dash of an item: the next one takes its place.
            return text[..parts[0].Start] + text[parts[1].Start..];
        }

        int from = LineStart(text, BlockStart(text, parts[index].Start)), to = LineEnd(text, parts[index].End);
        return to < text.Length ? text[..from] + text[(to + 1)..] : text[..Math.Max(0, from - NewLine(text).Length)];
    }

    /// <summary>Puts keys or items into another order; what stands between them stays.</summary>
    public static string Reorder(string text, YamlNode parent, IReadOnlyList<int> order)
    {
        (int Start, int End)[] parts = Parts(text, parent);
        bool isFlow = parent.Span.Style == YamlStyle.Flow;
        // What stands above the first key of the file is of the file.
        (int Start, int End)[] slots =
        [
            .. parts.Select((p, i) => isFlow ? p
                : (i == 0 && ColumnOf(text, p.Start) == 0 ? p.Start : BlockStart(text, p.Start), text[..LineEnd(text, p.End)].TrimEnd('\r').Length)),
        ];
        var reordered = new System.Text.StringBuilder();
        int at = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            reordered.Append(text, at, slots[i].Start - at).Append(text, slots[order[i]].Start, slots[order[i]].End - slots[order[i]].Start);
            at = slots[i].End;
        }

        return reordered.Append(text, at, text.Length - at).ToString();
    }

    // From key (or dash) to the end of the value.
    private static (int Start, int End)[] Parts(string text, YamlNode parent) => parent switch
    {
        YamlMap map => [.. map.Entries.Select(e => (e.KeySpan.Start, Math.Max(e.Value.Span.End, ColonEnd(text, e))))],
        YamlList { Span.Style: YamlStyle.Flow } list => [.. list.Items.Select(i => (i.Span.Start, i.Span.End))],
        YamlList list => [.. list.Items.Select(i => (DashOf(text, i.Span.Start, ColumnOf(text, list.Span.Start)), i.Span.End))],
        _ => [],
    };

    private static int ColonEnd(string text, YamlEntry entry) =>
        entry.KeySpan.End < text.Length && text[entry.KeySpan.End] == ':' ? entry.KeySpan.End + 1 : entry.KeySpan.End;

    // An item's dash stands on its line or, where the item begins below it, on one before.
    private static int DashOf(string text, int start, int column)
    {
        for (int line = LineStart(text, start); line >= 0; line = line == 0 ? -1 : LineStart(text, line - 1))
        {
            if (line + column < text.Length && line + column <= start && text[line + column] == '-')
            {
                return line + column;
            }
        }

        return start;
    }

    // Comments on lines of their own right above belong to what follows them.
    private static int BlockStart(string text, int start)
    {
        int column = ColumnOf(text, start), found = start;
        for (int line = LineStart(text, start); line > 0;)
        {
            line = LineStart(text, line - 1);
            ReadOnlySpan<char> above = text.AsSpan(line, LineEnd(text, line) - line);
            int indent = above.Length - above.TrimStart(' ').Length;
            if (indent != column || indent >= above.Length || above[indent] != '#')
            {
                break;
            }

            found = line + indent;
        }

        return found;
    }

    private static int ColumnOf(string text, int offset) => offset - LineStart(text, offset);

    private static int LineStart(string text, int offset) => offset <= 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;

    private static int LineEnd(string text, int offset) => text.IndexOf('\n', Math.Min(offset, text.Length)) is >= 0 and var end ? end : text.Length;

    private static string NewLine(string text) => text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
}
