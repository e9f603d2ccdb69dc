using System.Buffers;
using Sigmatiq.Store.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sigmatiq.Packs.Yaml;

/// <summary>Reads YAML into a tree of nodes that know their line and column.</summary>
/// <remarks>One document per text. Anchors, aliases, tags and duplicate keys are refused: a definition that people review must say what
/// it says in one place, and an alias can blow a few lines up to gigabytes.</remarks>
public static class YamlText
{
    /// <summary>Deepest nesting.</summary>
    public const int DepthMax = 64;

    /// <summary>Longest text, in characters.</summary>
    public const int LengthMax = 1_000_000;

    // YAML 1.2, §5.1: of the control characters only tab and line ends are printable.
    private static readonly SearchValues<char> Forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Select(c => (char)c).Where(c => c is not ('\t' or '\n' or '\r'))]);

    /// <summary>Parses one document.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Name for places in messages.</param>
    /// <param name="code">Code of the problems found, e.g. <c>PCK-1001</c>.</param>
    public static ParseResult<YamlNode> Parse(string text, string file, string code)
    {
        if (text.Length > LengthMax)
        {
            return ParseResult<YamlNode>.Refused(
                new Problem(code, $"The text has {text.Length} characters; {LengthMax} are allowed.", new YamlPlace(file, 1, 1).ToString(), "Split the file.", ExitCode.BadUsage));
        }

        if (text.AsSpan().IndexOfAny(Forbidden) is >= 0 and var at)
        {
            // The scanner takes a zero for the end, and what stands behind it would be read by people alone.
            ReadOnlySpan<char> before = text.AsSpan(0, at);
            YamlPlace place = new(file, before.Count('\n') + 1, at - before.LastIndexOf('\n'));
            return Broken(place, $"the control character \\u{(int)text[at]:x4} is not part of a text");
        }

        try
        {
            // A byte order mark is no part of the first key.
            Reader reader = new(text, text.StartsWith('\uFEFF') ? 1 : 0, file, code);
            return ParseResult<YamlNode>.Ok(reader.Document());
        }
        catch (ProblemException refused)
        {
            return ParseResult<YamlNode>.Refused(refused.All);
        }
        catch (YamlException broken)
        {
            YamlPlace place = new(file, (int)broken.Start.Line, (int)broken.Start.Column);
            return TabIn(text, file) is { } tab && (place.Line == tab.Line || place is { Line: <= 1, Column: <= 1 } || broken.Message.Contains("tab character", StringComparison.Ordinal)) ? Tab(tab) : Broken(place, broken.Message);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            // The scanner of the library leaves some broken texts by an unspecific way; random damage to files found it.
            return TabIn(text, file) is { } tab ? Tab(tab) : Broken(new(file, 1, 1), "the structure ends in the middle");
        }

        ParseResult<YamlNode> Tab(YamlPlace place) => ParseResult<YamlNode>.Refused(new Problem(
            code, "This is not YAML: a tab stands in the indentation.", place.ToString(), "Indent with spaces.", ExitCode.BadUsage));

        ParseResult<YamlNode> Broken(YamlPlace place, string message) => ParseResult<YamlNode>.Refused(new Problem(
            code, $"This is not YAML: {message.TrimEnd('.')}.", place.ToString(), "Correct the indentation, the brackets or the quotes.", ExitCode.BadUsage));
    }

    // The first tab before anything else in its line; the library leaves some of them by the beginning of the text.
    private static YamlPlace? TabIn(string text, string file)
    {
        int line = 0;
        foreach (ReadOnlySpan<char> row in text.AsSpan().EnumerateLines())
        {
            line++;
            int column = row.IndexOfAnyExcept(' ');
            if (column >= 0 && row[column] == '\t' && !row.IsWhiteSpace())
            {
                return new(file, line, column + 1);
            }
        }

        return null;
    }

    private sealed class Reader(string text, int from, string file, string code)
    {
        private readonly Parser parser = new(new StringReader(text[from..]));

        public YamlNode Document()
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return new YamlScalar(new(file, 1, 1), "", IsQuoted: false);
            }

            parser.Consume<DocumentStart>();
            YamlNode root = Node(depth: 1);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
            {
                throw Refuse(parser.Current!, "There is a second document.", "Keep one document per file.");
            }

            return root;
        }

        private YamlNode Node(int depth)
        {
            if (!parser.MoveNextOrCurrent(out ParsingEvent? current))
            {
                throw new ProblemException(code, "The text ends too early.", new YamlPlace(file, 1, 1).ToString(), exit: ExitCode.BadUsage);
            }

            if (depth > DepthMax)
            {
                throw Refuse(current, $"The nesting is deeper than {DepthMax}.", "Flatten the definition.");
            }

            if (current is AnchorAlias)
            {
                throw Refuse(current, "Aliases are not allowed.", "Write the value out.");
            }

            if (current is NodeEvent { Anchor.IsEmpty: false })
            {
                throw Refuse(current, "Anchors are not allowed.", "Write the value out where it is needed.");
            }

            if (current is NodeEvent { Tag.IsEmpty: false })
            {
                throw Refuse(current, "Tags are not allowed.", "Remove the tag; the reader knows the type from the key.");
            }

            YamlPlace place = PlaceOf(current);
            switch (current)
            {
                case Scalar scalar:
                    parser.MoveNext();
                    return new YamlScalar(place, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)) { Span = SpanOf(scalar) };
                case SequenceStart sequence:
                    parser.MoveNext();
                    List<YamlNode> items = [];
                    SequenceEnd? closed;
                    while (!parser.TryConsume<SequenceEnd>(out closed))
                    {
                        items.Add(Node(depth + 1));
                    }

                    return new YamlList(place, items)
                    {
                        Span = SpanOf(sequence, closed!, sequence.Style == SequenceStyle.Flow, items.Count > 0 ? items[^1].Span.End : null),
                    };
                case MappingStart mapping:
                    parser.MoveNext();
                    return Map(mapping, place, depth);
                default:
                    throw Refuse(current, $"{current.GetType().Name} is not expected here.", "Correct the structure at that place.");
            }
        }

        private YamlMap Map(MappingStart opened, YamlPlace place, int depth)
        {
            MappingEnd? closed;
            List<YamlEntry> entries = [];
            HashSet<string> keys = new(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out closed))
            {
                YamlNode key = Node(depth + 1);
                if (key is not YamlScalar { Text: var name } || name == "<<")
                {
                    throw new ProblemException(code, "A key must be plain text.", key.Place.ToString(), "Write `key: value`.", ExitCode.BadUsage);
                }

                if (!keys.Add(name))
                {
                    throw new ProblemException(code, $"The key '{name}' stands twice in one map.", key.Place.ToString(), "Keep one of them.", ExitCode.BadUsage);
                }

                entries.Add(new(name, key.Place, Node(depth + 1)) { KeySpan = key.Span });
            }

            return new(place, entries) { Span = SpanOf(opened, closed!, opened.Style == MappingStyle.Flow, entries.Count > 0 ? entries[^1].Value.Span.End : null) };
        }

        private YamlSpan SpanOf(Scalar scalar)
        {
            (int start, int end) = ((int)scalar.Start.Index + from, (int)scalar.End.Index + from);
            switch (scalar.Style)
            {
                case ScalarStyle.Plain or ScalarStyle.Any:
                    return new(start, end, YamlStyle.Plain);
                case ScalarStyle.Literal or ScalarStyle.Folded:
                    // Its end is where the next node begins: blank lines and comments in between are not its own.
                    while (end > start && char.IsWhiteSpace(text[Math.Min(end, text.Length) - 1]))
                    {
                        end--;
                    }

                    return new(start, end, YamlStyle.Lines);
                default:
                    return new(start, end, YamlStyle.Quoted);
            }
        }

        // Of brackets the library gives the place of the last one, of a block the place where the next thing begins.
        private YamlSpan SpanOf(ParsingEvent opened, ParsingEvent closed, bool isFlow, int? lastEnd) => isFlow
            ? new((int)opened.Start.Index + from, (int)closed.Start.Index + from + 1, YamlStyle.Flow)
            : new((int)opened.Start.Index + from, lastEnd ?? (int)opened.Start.Index + from, YamlStyle.Block);

        private YamlPlace PlaceOf(ParsingEvent e) => new(file, (int)e.Start.Line, (int)e.Start.Column);

        private ProblemException Refuse(ParsingEvent at, string message, string remedy) =>
            new(code, message, PlaceOf(at).ToString(), remedy, ExitCode.BadUsage);
    }

    private static bool MoveNextOrCurrent(this Parser parser, out ParsingEvent current)
    {
        bool any = parser.Current is not null || parser.MoveNext();
        current = parser.Current!;
        return any && current is not null;
    }
}
