using System.Globalization;
using System.Text;

namespace Sigmatiq.Packs.Rules;

/// <summary>The one text of an expression: every operation in parentheses, keywords in upper case, numbers in shortest form.
/// Parsing it gives the same expression, and equal texts mean equal values.</summary>
public static class RulePrinter
{
    /// <summary>Prints an expression.</summary>
    public static string Print(RuleExpr expr) => Print(expr, static n => n.Back == 0 ? n.Name : $"{n.Name}[{n.Back.ToString(CultureInfo.InvariantCulture)}]", Number);

    /// <summary>Prints with names and numbers written by the caller.</summary>
    internal static string Print(RuleExpr expr, Func<NameExpr, string> name, Func<double, string> number) => expr switch
    {
        NumberExpr n => number(n.Value),
        FlagExpr f => f.Value ? "true" : "false",
        NameExpr n => name(n),
        CallExpr c => $"{c.Function}({string.Join(", ", c.Arguments.Select(a => Print(a, name, number)))})",
        NegateExpr n => $"(-{Print(n.Operand, name, number)})",
        NotExpr n => $"(NOT {Print(n.Operand, name, number)})",
        BinaryExpr b => Chain(b, name, number),
        TrendExpr t => $"({Print(t.Operand, name, number)} {(t.IsIncreasing ? "increasing" : "decreasing")}({t.Steps.ToString(CultureInfo.InvariantCulture)}))",
        _ => throw new ArgumentOutOfRangeException(nameof(expr), expr.GetType().Name, "Not an expression."),
    };

    // As deep to the left as it is long: opened once per operator, closed after each right side.
    private static string Chain(BinaryExpr expr, Func<NameExpr, string> name, Func<double, string> number)
    {
        Stack<BinaryExpr> spine = new();
        RuleExpr left = expr;
        for (; left is BinaryExpr binary; left = binary.Left)
        {
            spine.Push(binary);
        }

        StringBuilder text = new();
        text.Append('(', spine.Count).Append(Print(left, name, number));
        while (spine.TryPop(out BinaryExpr? binary))
        {
            text.Append(' ').Append(Text(binary.Operator)).Append(' ').Append(Print(binary.Right, name, number)).Append(')');
        }

        return text.ToString();
    }

    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    internal static string Text(RuleOperator op) => op switch
    {
        RuleOperator.Or => "OR",
        RuleOperator.And => "AND",
        RuleOperator.Greater => ">",
        RuleOperator.Less => "<",
        RuleOperator.GreaterOrEqual => ">=",
        RuleOperator.LessOrEqual => "<=",
        RuleOperator.Equal => "==",
        RuleOperator.NotEqual => "!=",
        RuleOperator.Add => "+",
        RuleOperator.Subtract => "-",
        RuleOperator.Multiply => "*",
        _ => "/",
    };
}
