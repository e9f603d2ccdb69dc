namespace Sigmatiq.Packs.Rules;

internal enum RuleOp
{
    Literal, Constant, Column, Position,
    Negate, Not, Abs, Sign,
    Or, And, Greater, Less, GreaterOrEqual, LessOrEqual, Equal, NotEqual, Add, Subtract, Multiply, Divide, Min, Max,
    Shift, Average, Deviation, Highest, Lowest, Within, Normalized, Divergence,
}

/// <summary>One pass of a compiled expression; its inputs are earlier steps.</summary>
internal sealed record RuleStep(RuleOp Op, int[] Inputs, int Length, double Value, string? Name, bool IsPosition)
{
    public Series Run(Series[] values, FrameColumns columns, Func<double[]> rent)
    {
        Series a = Inputs.Length > 0 ? values[Inputs[0]] : default, b = Inputs.Length > 1 ? values[Inputs[1]] : default;
        switch (Op)
        {
            case RuleOp.Literal:
                return Series.Of(Value);
            case RuleOp.Constant:
                return Series.Of(columns.Scope.Constant(Name!));
            case RuleOp.Column:
                return Series.Of(columns.Column(Name!));
            case RuleOp.Negate:
                return Kernels.Unary<Kernels.Negate>(a, rent);
            case RuleOp.Not:
                return Kernels.Unary<Kernels.Not>(a, rent);
            case RuleOp.Abs:
                return Kernels.Unary<Kernels.Abs>(a, rent);
            case RuleOp.Sign:
                return Kernels.Unary<Kernels.Sign>(a, rent);
            case RuleOp.Or:
                return Kernels.Binary<Kernels.Or>(a, b, rent);
            case RuleOp.And:
                return Kernels.Binary<Kernels.And>(a, b, rent);
            case RuleOp.Greater:
                return Kernels.Binary<Kernels.Greater>(a, b, rent);
            case RuleOp.Less:
                return Kernels.Binary<Kernels.Less>(a, b, rent);
            case RuleOp.GreaterOrEqual:
                return Kernels.Binary<Kernels.GreaterOrEqual>(a, b, rent);
            case RuleOp.LessOrEqual:
                return Kernels.Binary<Kernels.LessOrEqual>(a, b, rent);
            case RuleOp.Equal:
                return Kernels.Binary<Kernels.Equal>(a, b, rent);
            case RuleOp.NotEqual:
                return Kernels.Binary<Kernels.NotEqual>(a, b, rent);
            case RuleOp.Add:
                return Kernels.Binary<Kernels.Add>(a, b, rent);
            case RuleOp.Subtract:
                return Kernels.Binary<Kernels.Subtract>(a, b, rent);
            case RuleOp.Multiply:
                return Kernels.Binary<Kernels.Multiply>(a, b, rent);
            case RuleOp.Divide:
                return Kernels.Binary<Kernels.Divide>(a, b, rent);
            case RuleOp.Min:
                return Kernels.Binary<Kernels.Min>(a, b, rent);
            case RuleOp.Max:
                return Kernels.Binary<Kernels.Max>(a, b, rent);
            default:
                double[] y = rent();
                RunWindow(columns, a.ToColumn(columns.Count), b, y);
                return Series.Of(y);
        }
    }

    private void RunWindow(FrameColumns columns, double[] x, Series second, double[] y)
    {
        switch (Op)
        {
            case RuleOp.Shift:
                PeriodWindow.Shift(columns.Frame, x, Length, y);
                break;
            case RuleOp.Average:
                Windows.Average(columns.Frame, x, Length, y);
                break;
            case RuleOp.Deviation:
                Windows.Deviation(columns.Frame, x, Length, y);
                break;
            case RuleOp.Highest:
                Windows.Highest(columns.Frame, x, Length, y);
                break;
            case RuleOp.Lowest:
                Windows.Lowest(columns.Frame, x, Length, y);
                break;
            case RuleOp.Within:
                Windows.Within(columns.Frame, x, Length, y);
                break;
            case RuleOp.Normalized:
                Windows.Normalized(columns.Frame, x, y);
                break;
            case RuleOp.Divergence:
                Windows.Divergence(columns.Frame, x, second.ToColumn(columns.Count), y);
                break;
            default:
                throw new InvalidOperationException($"{Op} is no pass over columns.");
        }
    }
}
