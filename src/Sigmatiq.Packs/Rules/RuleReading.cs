namespace Sigmatiq.Packs.Rules;

/// <summary>What a position knows where a line that asks for it is read (01 §1.9); NaN where nothing is known.</summary>
/// <param name="Return"><c>position.return</c>.</param>
/// <param name="Days"><c>position.days</c>.</param>
/// <param name="Best"><c>position.best</c>.</param>
public readonly record struct PositionKnown(double Return, double Days, double Best)
{
    /// <summary>No position.</summary>
    public static PositionKnown None { get; } = new(double.NaN, double.NaN, double.NaN);
}

/// <summary>A rule line that can be read at single bars: whether it holds, whether each part of it does, and what the parts compare.</summary>
/// <remarks>The values are those of the passes that decide, bit for bit; a value at bar t depends on no later bar, as those do.</remarks>
public sealed class RuleReading
{
    private readonly Series[] values;
    private readonly Dictionary<int, PositionRule> positionRules = [];

    internal RuleReading(RuleProgram line, IReadOnlyList<RulePart> parts, Series[] values)
    {
        Line = line;
        Parts = parts;
        this.values = values;
    }

    /// <summary>The line.</summary>
    public RuleProgram Line { get; }

    /// <summary>Its conditions, from left to right.</summary>
    public IReadOnlyList<RulePart> Parts { get; }

    /// <summary>Whether the line holds at bar t: 1, 0 or NaN.</summary>
    public double Holds(int t, in PositionKnown position) => At(Line.Steps.Count - 1, t, position);

    /// <summary>Whether a part holds at bar t: 1, 0 or NaN.</summary>
    public double Holds(RulePart part, int t, in PositionKnown position)
    {
        double value = At(part.Step, t, position);
        return part.IsNegated ? Kernels.Not.Apply(value) : value;
    }

    /// <summary>A side's value at bar t; 1, 0 or NaN for a bool.</summary>
    public double Value(RuleSide side, int t, in PositionKnown position) => At(side.Step, t, position);

    private double At(int step, int t, in PositionKnown position)
    {
        if (!Line.Steps[step].IsPosition)
        {
            Series value = values[step];
            return value.Column is { } column ? column[t] : value.Scalar;
        }

        if (!positionRules.TryGetValue(step, out PositionRule? rule))
        {
            positionRules[step] = rule = PositionRule.Build(Line.Steps, values, step);
        }

        return rule.Evaluate(t, position.Return, position.Days, position.Best);
    }
}
