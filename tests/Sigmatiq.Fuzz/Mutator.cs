using System.Text;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Fuzz;

/// <summary>Spoils a good text in the ways that people, programs and attackers do.</summary>
internal static class Mutator
{
    private const int LengthMax = 200_000;

    private static readonly string[] Hostile =
    [
        "\0", "\uFEFF", "\t", "\r", "\r\n", "\n", "\u0085", "\u2028", "\u00A0", "\u202E", "é", "日本", "🙂", "\uD800", "\\", "\"", "'", "`", "{", "}", "[", "]", "(", ")", "&a", "*a", "!!str",
        "|", ">", "#", "---", "...", "%YAML 9.9", "? ", ": ", "- ", ",", ";", "=", "${x}", "{x}", "..", "../../etc/passwd", "/", "<<", "~", "null", "true", "NO", "on",
        "0", "-0", "1e309", "-1e309", "1e-400", "NaN", "Infinity", "0x1F", "0o17", "1_000", "99999999999999999999999999", ".5.", "1.", "2024-02-30", "2024-13-01T25:61:61Z",
    ];

    public static string Spoil(IFuzzTarget target, Rng rng)
    {
        string text = target.Corpus[rng.NextInt(target.Corpus.Count)];
        int times = 1 + rng.NextInt(rng.NextInt(4) == 0 ? 12 : 3);
        for (int i = 0; i < times && text.Length < LengthMax; i++)
        {
            text = Once(text, target, rng);
        }

        return text;
    }

    private static string Once(string text, IFuzzTarget target, Rng rng)
    {
        int at = rng.NextInt(text.Length + 1), length = Math.Min(text.Length - at, rng.NextInt(rng.NextInt(3) == 0 ? 200 : 12));
        switch (rng.NextInt(13))
        {
            case 0:
                return text.Remove(at, length);
            case 1:
                return text.Insert(at, Hostile[rng.NextInt(Hostile.Length)]);
            case 2:
                return text[..at];
            case 3:
                return text.Insert(at, text.Substring(at, length));
            case 4:
                return text.Insert(at, Repeated(text.Substring(at, Math.Min(length, 20)), rng));
            case 5:
                return Nested(text, at, rng);
            case 6:
                return at < text.Length ? text[..at] + (char)(text[at] ^ (1 << rng.NextInt(16))) + text[(at + 1)..] : text;
            case 7:
                return Token(text, at, target.Words[rng.NextInt(target.Words.Count)]);
            case 8:
                return Token(text, at, Hostile[rng.NextInt(Hostile.Length)]);
            case 9:
                return Lines(text, rng);
            case 10:
                string other = target.Corpus[rng.NextInt(target.Corpus.Count)];
                return text[..at] + other[rng.NextInt(other.Length + 1)..];
            case 11:
                return text.Insert(at, target.Words[rng.NextInt(target.Words.Count)]);
            default:
                return text.Replace(target.Words[rng.NextInt(target.Words.Count)], target.Words[rng.NextInt(target.Words.Count)], StringComparison.Ordinal);
        }
    }

    // Puts a word in place of the word at a position.
    private static string Token(string text, int at, string word)
    {
        int from = at, to = at;
        while (from > 0 && char.IsLetterOrDigit(text[from - 1]))
        {
            from--;
        }

        while (to < text.Length && (char.IsLetterOrDigit(text[to]) || text[to] is '.' or '_'))
        {
            to++;
        }

        return text[..from] + word + text[to..];
    }

    private static string Nested(string text, int at, Rng rng)
    {
        (string open, string close) = rng.NextInt(6) switch
        {
            0 => ("(", ")"), 1 => ("[", "]"), 2 => ("{a: ", "}"), 3 => ("{\"a\":", "}"), 4 => ("NOT ", ""), _ => ("-", ""),
        };
        int depth = 1 << rng.NextInt(15);
        return text.Insert(at, string.Concat(Enumerable.Repeat(open, depth)) + "1" + (rng.NextInt(2) == 0 ? string.Concat(Enumerable.Repeat(close, depth)) : ""));
    }

    private static string Repeated(string part, Rng rng) => new StringBuilder().Insert(0, part, 1 + rng.NextInt(rng.NextInt(10) == 0 ? 5000 : 20)).ToString();

    private static string Lines(string text, Rng rng)
    {
        List<string> lines = [.. text.Split('\n')];
        int i = rng.NextInt(lines.Count), j = rng.NextInt(lines.Count);
        switch (rng.NextInt(5))
        {
            case 0:
                lines.RemoveAt(i);
                break;
            case 1:
                lines.Insert(j, lines[i]);
                break;
            case 2:
                (lines[i], lines[j]) = (lines[j], lines[i]);
                break;
            case 3:
                lines[i] = "  " + lines[i];
                break;
            default:
                lines[i] = lines[i].TrimStart();
                break;
        }

        return string.Join('\n', lines);
    }
}
