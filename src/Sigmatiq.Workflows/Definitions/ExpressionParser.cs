using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>An expression, or the first thing that is wrong with its text.</summary>
/// <param name="Expression">The expression; null when refused.</param>
/// <param name="Error">What is wrong; null when parsed.</param>
/// <param name="Position">Where, as an offset from 0.</param>
public readonly record struct ParsedExpression(Expression? Expression, string? Error, int Position);

/// <summary>Recursive descent over the grammar of 01 §1.8, with texts in quotes and dotted references, without bar functions.</summary>
public sealed class ExpressionParser
{
    /// <summary>Deepest nesting of parentheses and operators' operands.</summary>
    public const int DepthMax = 32;

    /// <summary>Longest expression in characters.</summary>
    public const int LengthMax = 2_000;

    private static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    private readonly string text;
    private int at;
    private int depth;

    private ExpressionParser(string text) => this.text = text;

    /// <summary>Parses a whole text.</summary>
    public static ParsedExpression Parse(string text)
    {
        if (text.Length > LengthMax)
        {
            return new(null, $"the expression has {text.Length} characters, {LengthMax} are allowed", 0);
        }

        var parser = new ExpressionParser(text);
        try
        {
            Expression expression = parser.Or();
            parser.Blank();
            return parser.at == text.Length ? new(expression, null, 0) : new(null, $"unexpected '{text[parser.at]}'", parser.at);
        }
        catch (SyntaxException e)
        {
            return new(null, e.Message, e.Position);
        }
    }

    private Expression Or() => Chain("or", And);

    private Expression And() => Chain("and", Not);

    private Expression Chain(string word, Func<Expression> next)
    {
        Expression left = next();
        int start = left.Position;
        while (Word(word))
        {
            left = Deeper(() => new Expression.Binary(start, word, left, next()));
        }

        return left;
    }

    private Expression Not()
    {
        Blank();
        int start = at;
        return Word("not") ? Deeper(() => new Expression.Unary(start, "not", Not())) : Comparison();
    }

    private Expression Comparison()
    {
        Expression left = Sum();
        string? op = Symbol(Comparisons);
        if (op is null)
        {
            return left;
        }

        Expression comparison = new Expression.Binary(left.Position, op, left, Sum());
        Blank();
        int next = at;
        return Symbol(Comparisons) is { } chained ? throw new SyntaxException($"'{chained}' cannot follow a comparison", next) : comparison;
    }

    private Expression Sum()
    {
        Expression left = Product();
        while (Symbol("+", "-") is { } op)
        {
            left = new Expression.Binary(left.Position, op, left, Product());
        }

        return left;
    }

    private Expression Product()
    {
        Expression left = Negation();
        while (Symbol("*", "/") is { } op)
        {
            left = new Expression.Binary(left.Position, op, left, Negation());
        }

        return left;
    }

    private Expression Negation()
    {
        Blank();
        int start = at;
        return Symbol("-") is null ? Suffixed() : Deeper(() => new Expression.Unary(start, "-", Negation()));
    }

    private Expression Suffixed()
    {
        Expression value = Atom();
        while (at < text.Length)
        {
            if (text[at] == '(' && value is Expression.Reference or Expression.Field or Expression.Item)
            {
                at++;
                value = Deeper(() => new Expression.Take(value.Position, value, Or()));
                Expect(')');
            }
            else if (text[at] == '[')
            {
                at++;
                value = Deeper(() => new Expression.Item(value.Position, value, Or()));
                Expect(']');
            }
            else if (text[at] == '.' && value is Expression.Take or Expression.Item)
            {
                at++;
                value = new Expression.Field(value.Position, value, Name());
            }
            else
            {
                break;
            }
        }

        return value;
    }

    private Expression Atom()
    {
        Blank();
        int start = at;
        if (at == text.Length)
        {
            throw new SyntaxException("a value is missing at the end", at);
        }

        char c = text[at];
        if (c == '(')
        {
            at++;
            Expression inner = Deeper(Or);
            Expect(')');
            return inner;
        }

        if (c is '"' or '\'')
        {
            return new Expression.Literal(start, JsonValue.Create(Quoted(c)));
        }

        if (char.IsAsciiDigit(c))
        {
            return new Expression.Literal(start, Number());
        }

        if (!IsNameStart(c))
        {
            throw new SyntaxException($"unexpected '{c}'", at);
        }

        List<string> path = [Name()];
        while (at < text.Length && text[at] == '.')
        {
            at++;
            path.Add(Name());
        }

        return path is [var only] && Constant(only) is { } constant ? new Expression.Literal(start, constant.Value) : new Expression.Reference(start, path);
    }

    private static (JsonValue? Value, bool IsOne)? Constant(string name) => name.ToLowerInvariant() switch
    {
        "true" => (JsonValue.Create(true), true),
        "false" => (JsonValue.Create(false), true),
        "null" => (null, true),
        _ => null,
    };

    private JsonValue Number()
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '.' || (text[at] is '-' or '+' && text[at - 1] is 'e' or 'E')))
        {
            at++;
        }

        string digits = text[start..at];
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long whole))
        {
            return JsonValue.Create(whole);
        }

        return double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
            ? JsonValue.Create(number)
            : throw new SyntaxException($"'{digits}' is no number", start);
    }

    private string Quoted(char quote)
    {
        int start = at++;
        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            value.Append(text[at++]);
        }

        if (at == text.Length)
        {
            throw new SyntaxException("the text in quotes has no end", start);
        }

        at++;
        return value.ToString();
    }

    private string Name()
    {
        int start = at;
        while (at < text.Length && (IsNameStart(text[at]) || (at > start && char.IsAsciiDigit(text[at]))))
        {
            at++;
        }

        return at > start ? text[start..at] : throw new SyntaxException("a name is missing", start);
    }

    private bool Word(string word)
    {
        Blank();
        int end = at + word.Length;
        if (end > text.Length || !text.AsSpan(at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)
            || (end < text.Length && (IsNameStart(text[end]) || char.IsAsciiDigit(text[end]) || text[end] == '.')))
        {
            return false;
        }

        at = end;
        return true;
    }

    private string? Symbol(params ReadOnlySpan<string> symbols)
    {
        Blank();
        foreach (string symbol in symbols)
        {
            if (text.AsSpan(at).StartsWith(symbol, StringComparison.Ordinal))
            {
                at += symbol.Length;
                return symbol;
            }
        }

        return null;
    }

    private void Expect(char c)
    {
        Blank();
        if (at == text.Length || text[at] != c)
        {
            throw new SyntaxException($"'{c}' is missing", at);
        }

        at++;
    }

    private void Blank()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private Expression Deeper(Func<Expression> inner)
    {
        if (++depth > DepthMax)
        {
            throw new SyntaxException($"the nesting is deeper than {DepthMax}", at);
        }

        Expression result = inner();
        depth--;
        return result;
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private sealed class SyntaxException(string message, int position) : Exception(message)
    {
        public int Position => position;
    }
}
