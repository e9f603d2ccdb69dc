using System.Globalization;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Rules;

/// <summary>Text to expression, by the grammar of 01 §1.8. Precedence: unary, <c>* /</c>, <c>+ -</c>, comparison, NOT, AND, OR; no chained
/// comparison.</summary>
public static class RuleParser
{
    /// <summary>Deepest nesting of parentheses and calls.</summary>
    public const int DepthMax = 200;

    /// <summary>Parses one expression.</summary>
    /// <returns>The expression, or EXP-1001 with the position.</returns>
    public static ParseResult<RuleExpr> Parse(string text)
    {
        try
        {
            return ParseResult<RuleExpr>.Ok(new Cursor(RuleLexer.Read(text)).Whole());
        }
        catch (ProblemException refused)
        {
            return ParseResult<RuleExpr>.Refused(refused.All);
        }
    }

    private sealed class Cursor(List<Token> tokens)
    {
        private int at;
        private int depth;

        private Token Now => tokens[at];

        public RuleExpr Whole()
        {
            RuleExpr expr = Or();
            return Now.Kind == TokenKind.End ? expr : throw Unexpected(IsComparison(Now) ? "Comparisons cannot be chained: join two with AND." : "Remove it, or put an operator before it.");
        }

        private RuleExpr Or()
        {
            if (++depth > DepthMax)
            {
                throw RuleLexer.Refuse(Now.Position, $"The nesting is deeper than {DepthMax}.", "Split it into features.");
            }

            RuleExpr left = And();
            while (Now.Is("or"))
            {
                int position = Take().Position;
                left = new BinaryExpr(position, RuleOperator.Or, left, And());
            }

            depth--;
            return left;
        }

        private RuleExpr And()
        {
            RuleExpr left = Not();
            while (Now.Is("and"))
            {
                int position = Take().Position;
                left = new BinaryExpr(position, RuleOperator.And, left, Not());
            }

            return left;
        }

        private RuleExpr Not() => Now.Is("not") ? new NotExpr(Take().Position, Comparison()) : Comparison();

        private RuleExpr Comparison()
        {
            RuleExpr left = Sum();
            if (Now.Is("increasing") || Now.Is("decreasing"))
            {
                Token word = Take();
                int steps = 1;
                if (Now.Is("("))
                {
                    Take();
                    steps = Whole("the number of steps", 1, RuleFunctions.WindowMax);
                    Expect(")");
                }

                return new TrendExpr(word.Position, left, word.Text == "increasing", steps);
            }

            if (!IsComparison(Now))
            {
                return left;
            }

            Token op = Take();
            return new BinaryExpr(op.Position, ComparisonOf(op.Text), left, Sum());
        }

        private RuleExpr Sum()
        {
            RuleExpr left = Product();
            while (Now.Is("+") || Now.Is("-"))
            {
                Token op = Take();
                left = new BinaryExpr(op.Position, op.Text == "+" ? RuleOperator.Add : RuleOperator.Subtract, left, Product());
            }

            return left;
        }

        private RuleExpr Product()
        {
            RuleExpr left = Unary();
            while (Now.Is("*") || Now.Is("/"))
            {
                Token op = Take();
                left = new BinaryExpr(op.Position, op.Text == "*" ? RuleOperator.Multiply : RuleOperator.Divide, left, Unary());
            }

            return left;
        }

        private RuleExpr Unary() => Now.Is("-") ? new NegateExpr(Take().Position, Atom()) : Atom();

        private RuleExpr Atom()
        {
            Token token = Now;
            if (token.Kind == TokenKind.Number)
            {
                Take();
                return new NumberExpr(token.Position, token.Value);
            }

            if (token.Is("true") || token.Is("false"))
            {
                Take();
                return new FlagExpr(token.Position, token.Text == "true");
            }

            if (token.Is("("))
            {
                Take();
                RuleExpr inner = Or();
                Expect(")");
                return inner;
            }

            if (token.Kind != TokenKind.Name)
            {
                throw Unexpected("A number, a name or a parenthesis belongs here.");
            }

            Take();
            if (Now.Is("["))
            {
                Take();
                int back = Whole("the number of bars ago", 0, RuleFunctions.WindowMax);
                Expect("]");
                return new NameExpr(token.Position, token.Text, back);
            }

            return Now.Is("(") ? Call(token) : new NameExpr(token.Position, token.Text);
        }

        private CallExpr Call(Token name)
        {
            Expect("(");
            List<RuleExpr> arguments = [];
            if (!Now.Is(")"))
            {
                arguments.Add(Or());
                while (Now.Is(","))
                {
                    Take();
                    arguments.Add(Or());
                }
            }

            Expect(")");
            return new(name.Position, name.Text, arguments);
        }

        private int Whole(string what, int min, int max)
        {
            Token token = Now;
            if (token.Kind != TokenKind.Number || !token.Text.All(char.IsAsciiDigit))
            {
                throw Unexpected($"A whole number belongs here: {what}.");
            }

            if (!int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < min || value > max)
            {
                throw RuleLexer.Refuse(token.Position, $"{token.Text} is out of range: {what} is {min} to {max}.", "Use a number in that range.");
            }

            Take();
            return value;
        }

        private Token Take() => tokens[at++];

        private void Expect(string symbol)
        {
            if (!Now.Is(symbol))
            {
                throw Unexpected($"'{symbol}' is missing here.");
            }

            at++;
        }

        private ProblemException Unexpected(string remedy) => RuleLexer.Refuse(Now.Position, $"{Now.Shown} is not expected here.", remedy);

        private static bool IsComparison(Token token) => token.Kind == TokenKind.Symbol && token.Text is ">" or "<" or ">=" or "<=" or "==" or "!=";

        private static RuleOperator ComparisonOf(string text) => text switch
        {
            ">" => RuleOperator.Greater,
            "<" => RuleOperator.Less,
            ">=" => RuleOperator.GreaterOrEqual,
            "<=" => RuleOperator.LessOrEqual,
            "==" => RuleOperator.Equal,
            _ => RuleOperator.NotEqual,
        };
    }
}
