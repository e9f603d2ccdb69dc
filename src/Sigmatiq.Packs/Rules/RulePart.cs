namespace Sigmatiq.Packs.Rules;

/// <summary>A condition of a rule line that AND, OR and NOT take no further apart. Below a NOT it is the condition that is wanted: <c>NOT (rsi &gt; 70)</c>.</summary>
/// <param name="Text">The condition as <see cref="RulePrinter"/> writes it.</param>
/// <param name="Sides">What it compares, apart from numbers written out.</param>
public sealed record RulePart(string Text, IReadOnlyList<RuleSide> Sides)
{
    internal int Step { get; init; }

    internal bool IsNegated { get; init; }
}

/// <summary>One side of a condition.</summary>
/// <param name="Text">The side as <see cref="RulePrinter"/> writes it; <c>x[1]</c> is what x was one period before.</param>
/// <param name="Type">Its type.</param>
public sealed record RuleSide(string Text, RuleType Type)
{
    internal int Step { get; init; }
}

/// <summary>Takes a line apart.</summary>
internal static class RuleParts
{
    /// <summary>The parts of a line from left to right.</summary>
    public static IReadOnlyList<RulePart> Of(RuleProgram line)
    {
        List<RulePart> parts = [];
        Stack<(RuleExpr Expr, bool IsNegated)> waiting = new([(line.Expr, false)]);
        while (waiting.TryPop(out var next))
        {
            switch (next.Expr)
            {
                case BinaryExpr { Operator: RuleOperator.And or RuleOperator.Or } list:
                    waiting.Push((list.Right, next.IsNegated));
                    waiting.Push((list.Left, next.IsNegated));
                    break;
                case NotExpr not:
                    waiting.Push((not.Operand, !next.IsNegated));
                    break;
                default:
                    RuleExpr said = next.IsNegated ? new NotExpr(next.Expr.Position, next.Expr) : next.Expr;
                    parts.Add(new(Bare(said), Sides(line, next.Expr)) { Step = line.StepOf[next.Expr].Step, IsNegated = next.IsNegated });
                    break;
            }
        }

        return parts;
    }

    private static List<RuleSide> Sides(RuleProgram line, RuleExpr part)
    {
        List<RuleSide> sides = [];
        switch (part)
        {
            case BinaryExpr comparison:
                Now(comparison.Left);
                Now(comparison.Right);
                break;
            case TrendExpr trend:
                Now(trend.Operand);
                Before(trend.Operand, Rise(line.Steps, line.StepOf[trend].Step).Inputs[1]);
                break;
            case CallExpr { Function: "crosses_above" or "crosses_below" } cross:
                RuleStep before = line.Steps[line.Steps[line.StepOf[cross].Step].Inputs[1]];
                for (int i = 0; i < cross.Arguments.Count; i++)
                {
                    Now(cross.Arguments[i]);
                    Before(cross.Arguments[i], before.Inputs[i]);
                }

                break;
        }

        return sides;

        void Now(RuleExpr expr)
        {
            var (step, type) = line.StepOf[expr];
            if (line.Steps[step].Op != RuleOp.Literal && !IsMinusNumber(expr))
            {
                sides.Add(new(Bare(expr), type) { Step = step });
            }
        }

        void Before(RuleExpr expr, int step)
        {
            if (line.Steps[line.Steps[step].Inputs[0]].Op is not (RuleOp.Literal or RuleOp.Constant) && !IsMinusNumber(expr))
            {
                sides.Add(new(expr is NameExpr n ? Bare(n with { Back = n.Back + 1 }) : $"{RulePrinter.Print(expr)}[1]", RuleType.Number) { Step = step });
            }
        }
    }

    private static bool IsMinusNumber(RuleExpr expr) => expr is NegateExpr { Operand: NumberExpr };

    // increasing(1) is one comparison with the period before; increasing(n) asks for it within n periods (RuleCompiler).
    private static RuleStep Rise(IReadOnlyList<RuleStep> steps, int trend)
    {
        RuleStep step = steps[trend];
        while (step.Op is RuleOp.Not or RuleOp.Within)
        {
            step = steps[step.Inputs[0]];
        }

        return step;
    }

    // The printer puts every operation in parentheses; the outermost say nothing.
    private static string Bare(RuleExpr expr)
    {
        string text = RulePrinter.Print(expr);
        return expr is BinaryExpr or NotExpr or TrendExpr or NegateExpr ? text[1..^1] : text;
    }
}
