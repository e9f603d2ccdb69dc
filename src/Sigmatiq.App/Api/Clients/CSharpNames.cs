using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sigmatiq.App.Api.Clients;

/// <summary>Names of the interface as C# writes them.</summary>
internal static class CSharpNames
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do", "double",
        "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal",
        "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return",
        "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked",
        "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    };

    /// <summary><c>last_session</c> → <c>LastSession</c>; what is no letter or digit parts words, and a digit never begins a name.</summary>
    public static string Type(string name)
    {
        var text = new StringBuilder();
        bool isStart = true;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                isStart = true;
                continue;
            }

            if (text.Length == 0 && char.IsAsciiDigit(c))
            {
                text.Append('N');
            }

            text.Append(isStart ? char.ToUpperInvariant(c) : c);
            isStart = false;
        }

        return text.Length == 0 ? "Unnamed" : text.ToString();
    }

    /// <summary><c>last_session</c> → <c>lastSession</c>; a word of the language gets its <c>@</c>.</summary>
    public static string Parameter(string name)
    {
        string type = Type(name);
        string camel = char.ToLowerInvariant(type[0]) + type[1..];
        return Keywords.Contains(camel) ? "@" + camel : camel;
    }

    /// <summary>Distinct names for these, in their order: a second one of a name gets a number, and none equals a reserved one.</summary>
    public static IReadOnlyList<string> Distinct(IEnumerable<string> names, Func<string, string> write, params IEnumerable<string> reserved)
    {
        HashSet<string> taken = new(reserved, StringComparer.Ordinal);
        return [.. names.Select(n =>
        {
            string wanted = write(n);
            string free = wanted;
            for (int i = 2; !taken.Add(free); i++)
            {
                free = string.Create(CultureInfo.InvariantCulture, $"{wanted}{i}");
            }

            return free;
        })];
    }

    /// <summary>Whether a text can be a namespace: words of ASCII letters, digits and <c>_</c>, none a word of the language, with dots between.</summary>
    public static bool IsNamespace(string text) => text.Split('.').All(w =>
        w.Length > 0 && !char.IsAsciiDigit(w[0]) && w.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !Keywords.Contains(w));

    /// <summary>A text as a literal: JSON's escapes are C#'s, and what is not ASCII is escaped.</summary>
    public static string Literal(string text) => JsonSerializer.Serialize(text);

    /// <summary>A text as a doc comment on one line.</summary>
    public static string Comment(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}
