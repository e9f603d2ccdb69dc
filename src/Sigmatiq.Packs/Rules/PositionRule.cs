namespace Sigmatiq.Packs.Rules;

/// <summary>An exit rule that knows the position: evaluated bar by bar inside one, without allocation.</summary>
/// <remarks>Everything that does not depend on the position was computed as columns; what is left is a short postfix program.</remarks>
public sealed class PositionRule
{
    private readonly Instruction[] code;
    private readonly int depth;

    private readonly record struct Instruction(RuleOp Op, double Value, double[]? Column, int Field);

    private PositionRule(Instruction[] code, int depth)
    {
        this.code = code;
        this.depth = depth;
    }

    /// <summary>The value at bar t of a position.</summary>
    /// <param name="t">Engine bar.</param>
    /// <param name="positionReturn"><c>position.return</c>: price now / entry price − 1, with the sign of the side.</param>
    /// <param name="positionDays"><c>position.days</c>: trading days held, the entry's day being 0.</param>
    /// <param name="positionBest"><c>position.best</c>: best return since the entry.</param>
    /// <returns>1, 0 or NaN for a bool, else the number.</returns>
    public double Evaluate(int t, double positionReturn, double positionDays, double positionBest)
    {
        Span<double> stack = stackalloc double[depth];
        int top = 0;
        foreach (ref readonly Instruction i in code.AsSpan())
        {
            switch (i.Op)
            {
                case RuleOp.Literal:
                    stack[top++] = i.Value;
                    break;
                case RuleOp.Column:
                    stack[top++] = i.Column![t];
                    break;
                case RuleOp.Position:
                    stack[top++] = i.Field switch { 0 => positionReturn, 1 => positionDays, _ => positionBest };
                    break;
                case RuleOp.Negate:
                    stack[top - 1] = Kernels.Negate.Apply(stack[top - 1]);
                    break;
                case RuleOp.Not:
                    stack[top - 1] = Kernels.Not.Apply(stack[top - 1]);
                    break;
                case RuleOp.Abs:
                    stack[top - 1] = Kernels.Abs.Apply(stack[top - 1]);
                    break;
                case RuleOp.Sign:
                    stack[top - 1] = Kernels.Sign.Apply(stack[top - 1]);
                    break;
                default:
                    top--;
                    stack[top - 1] = Apply(i.Op, stack[top - 1], stack[top]);
                    break;
            }
        }

        return stack[0];
    }

    internal static PositionRule Build(IReadOnlyList<RuleStep> steps, Series[] values) => Build(steps, values, steps.Count - 1);

    /// <summary>The program of one step.</summary>
    internal static PositionRule Build(IReadOnlyList<RuleStep> steps, Series[] values, int root)
    {
        List<Instruction> code = [];
        int deepest = 0;
        Push(root, 1);
        return new([.. code], deepest);

        void Push(int index, int level)
        {
            deepest = Math.Max(deepest, level);
            RuleStep step = steps[index];
            if (!step.IsPosition)
            {
                Series value = values[index];
                code.Add(value.Column is null ? new(RuleOp.Literal, value.Scalar, null, 0) : new(RuleOp.Column, 0, value.Column, 0));
                return;
            }

            for (int i = 0; i < step.Inputs.Length; i++)
            {
                Push(step.Inputs[i], level + i);
            }

            code.Add(new(step.Op, 0, null, step.Op == RuleOp.Position ? RuleScope.PositionNames.ToList().IndexOf(step.Name!) : 0));
        }
    }

    private static double Apply(RuleOp op, double a, double b) => op switch
    {
        RuleOp.Or => Kernels.Or.Apply(a, b),
        RuleOp.And => Kernels.And.Apply(a, b),
        RuleOp.Greater => Kernels.Greater.Apply(a, b),
        RuleOp.Less => Kernels.Less.Apply(a, b),
        RuleOp.GreaterOrEqual => Kernels.GreaterOrEqual.Apply(a, b),
        RuleOp.LessOrEqual => Kernels.LessOrEqual.Apply(a, b),
        RuleOp.Equal => Kernels.Equal.Apply(a, b),
        RuleOp.NotEqual => Kernels.NotEqual.Apply(a, b),
        RuleOp.Add => a + b,
        RuleOp.Subtract => a - b,
        RuleOp.Multiply => a * b,
        RuleOp.Divide => Kernels.Divide.Apply(a, b),
        RuleOp.Min => Math.Min(a, b),
        RuleOp.Max => Math.Max(a, b),
        _ => throw new InvalidOperationException($"{op} has no place in a position rule."),
    };
}
