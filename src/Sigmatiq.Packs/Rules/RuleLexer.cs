using System.Globalization;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Rules;

internal enum TokenKind { Number, Name, Keyword, Symbol, End }

/// <summary>One token; keywords are in lower case.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, double Value = 0)
{
    public bool Is(string text) => Kind is TokenKind.Keyword or TokenKind.Symbol && Text == text;

    public string Shown => Kind == TokenKind.End ? "the end" : $"'{Text}'";
}

/// <summary>Text to tokens.</summary>
internal static class RuleLexer
{
    public const int LengthMax = 10_000;
    public const int TokensMax = 2_000;

    private static readonly HashSet<string> Keywords = ["and", "or", "not", "true", "false", "increasing", "decreasing"];

    public static List<Token> Read(string text)
    {
        if (text.Length > LengthMax)
        {
            throw Refuse(1, $"The expression has {text.Length} characters; {LengthMax} are allowed.", "Split it into features.");
        }

        List<Token> tokens = [];
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i];
            if (c is ' ' or '\t' or '\n' or '\r')
            {
                i++;
                continue;
            }

            int start = i;
            if (char.IsAsciiDigit(c) || (c == '.' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])))
            {
                i = EndOfNumber(text, i);
                string number = text[start..i];
                double value = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
                if (!double.IsFinite(value))
                {
                    throw Refuse(start + 1, $"The number {number} is too large.", "Use a smaller number.");
                }

                tokens.Add(new(TokenKind.Number, number, start + 1, value));
            }
            else if (char.IsAsciiLetter(c))
            {
                while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '_' or '.'))
                {
                    i++;
                }

                string word = text[start..i], lower = word.ToLowerInvariant();
                tokens.Add(Keywords.Contains(lower) ? new(TokenKind.Keyword, lower, start + 1) : new(TokenKind.Name, word, start + 1));
            }
            else
            {
                string symbol = (c is '>' or '<' or '=' or '!') && i + 1 < text.Length && text[i + 1] == '=' ? text.Substring(i, 2) : c.ToString();
                if (symbol is not (">" or "<" or ">=" or "<=" or "==" or "!=" or "+" or "-" or "*" or "/" or "(" or ")" or "[" or "]" or ","))
                {
                    string shown = char.IsControl(c) ? $"\\u{(int)c:x4}" : symbol;
                    throw Refuse(start + 1, $"'{shown}' is not part of an expression.", symbol == "=" ? "Compare with ==." : "Remove it.");
                }

                tokens.Add(new(TokenKind.Symbol, symbol, start + 1));
                i += symbol.Length;
            }

            if (tokens.Count > TokensMax)
            {
                throw Refuse(start + 1, $"The expression has more than {TokensMax} parts.", "Split it into features.");
            }
        }

        tokens.Add(new(TokenKind.End, "", text.Length + 1));
        return tokens;
    }

    public static ProblemException Refuse(int position, string message, string remedy) =>
        new("EXP-1001", message, $"position {position.ToString(CultureInfo.InvariantCulture)}", remedy, ExitCode.BadUsage);

    private static int EndOfNumber(string text, int i)
    {
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        if (i < text.Length && text[i] == '.')
        {
            i++;
            while (i < text.Length && char.IsAsciiDigit(text[i]))
            {
                i++;
            }
        }

        if (i < text.Length && (text[i] is 'e' or 'E'))
        {
            int digits = i + 1 < text.Length && (text[i + 1] is '+' or '-') ? i + 2 : i + 1;
            if (digits < text.Length && char.IsAsciiDigit(text[digits]))
            {
                i = digits;
                while (i < text.Length && char.IsAsciiDigit(text[i]))
                {
                    i++;
                }
            }
        }

        return i;
    }
}
