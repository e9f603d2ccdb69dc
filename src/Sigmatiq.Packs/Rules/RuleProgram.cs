using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Rules;

/// <summary>A compiled expression: a list of passes over columns, each common subexpression once.</summary>
public sealed class RuleProgram
{
    private readonly IReadOnlyList<RuleStep> steps;
    private readonly int[] lastUse;

    internal RuleProgram(
        string text, RuleExpr expr, RuleType type, IReadOnlyList<RuleStep> steps, IReadOnlyList<RuleName> names, IReadOnlyDictionary<RuleExpr, (int Step, RuleType Type)> stepOf)
    {
        Text = text;
        Expr = expr;
        Type = type;
        Names = names;
        StepOf = stepOf;
        this.steps = steps;
        UsesPosition = steps[^1].IsPosition;
        lastUse = new int[steps.Count];
        for (int s = 0; s < steps.Count; s++)
        {
            foreach (int input in steps[s].Inputs)
            {
                lastUse[input] = s;
            }
        }
    }

    /// <summary>The expression as written.</summary>
    public string Text { get; }

    /// <summary>The expression as parsed.</summary>
    public RuleExpr Expr { get; }

    /// <summary>Its type.</summary>
    public RuleType Type { get; }

    /// <summary>The names it uses directly.</summary>
    public IReadOnlyList<RuleName> Names { get; }

    /// <summary>Whether it needs to know the position, so that it can only be evaluated bar by bar inside one (<see cref="BindPosition"/>).</summary>
    public bool UsesPosition { get; }

    internal IReadOnlyList<RuleStep> Steps => steps;

    /// <summary>Which step each node of the expression became, and its type; by reference.</summary>
    internal IReadOnlyDictionary<RuleExpr, (int Step, RuleType Type)> StepOf { get; }

    /// <summary>Compiles an expression.</summary>
    /// <param name="text">The expression (01 §1.8).</param>
    /// <param name="scope">The names it may use.</param>
    /// <param name="allowsPosition">Whether <c>position.*</c> may be used: in exit rules only.</param>
    /// <returns>The program, or EXP-1001 … EXP-1005 with positions.</returns>
    public static ParseResult<RuleProgram> Compile(string text, RuleScope scope, bool allowsPosition = false)
    {
        ParseResult<RuleExpr> parsed = RuleParser.Parse(text);
        return parsed.IsOk ? new RuleCompiler(text, scope, allowsPosition).Compile(parsed.Value) : ParseResult<RuleProgram>.Refused(parsed.Problems);
    }

    /// <summary>Evaluates every bar: numbers, or 1, 0 and NaN for a bool. Shape [bars]; the array may be a shared column, do not change it.</summary>
    /// <exception cref="InvalidOperationException">The expression needs a position.</exception>
    public double[] Evaluate(FrameColumns columns) => EvaluateFor(columns, out _);

    /// <summary>The same for one who is done with it soon.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="isScratch">Whether the column is the caller's own, to be given to <see cref="ScratchColumns"/> when it was read.</param>
    internal double[] EvaluateFor(FrameColumns columns, out bool isScratch)
    {
        if (UsesPosition)
        {
            throw new InvalidOperationException($"'{Text}' needs a position; bind it with BindPosition.");
        }

        Series last = Run(columns, keep: null, out HashSet<double[]> owned)[^1];
        isScratch = last.Column is null || owned.Contains(last.Column);
        return last.ToColumn(columns.Count);
    }

    /// <summary>Prepares the expression for bars inside a position: what does not depend on the position becomes columns.</summary>
    public PositionRule BindPosition(FrameColumns columns)
    {
        HashSet<int> frontier = [];
        if (!UsesPosition)
        {
            frontier.Add(steps.Count - 1);
        }

        foreach (RuleStep step in steps.Where(s => s.IsPosition))
        {
            frontier.UnionWith(step.Inputs.Where(i => !steps[i].IsPosition));
        }

        Series[] values = Run(columns, frontier, out _);
        return PositionRule.Build(steps, values);
    }

    /// <summary>Prepares the line for being read at single bars, part by part: the passes are those of <see cref="Evaluate"/>.</summary>
    public RuleReading Read(FrameColumns columns)
    {
        IReadOnlyList<RulePart> parts = RuleParts.Of(this);
        HashSet<int> kept = [steps.Count - 1, .. parts.Select(p => p.Step), .. parts.SelectMany(p => p.Sides).Select(s => s.Step)];
        foreach (RuleStep step in steps.Where(s => s.IsPosition))
        {
            kept.UnionWith(step.Inputs);
        }

        return new(this, parts, Run(columns, kept, out _));
    }

    private Series[] Run(FrameColumns columns, HashSet<int>? keep, out HashSet<double[]> owned)
    {
        Series[] values = new Series[steps.Count];
        HashSet<double[]> mine = owned = new(ReferenceEqualityComparer.Instance);
        int count = columns.Count;
        double[] Rent()
        {
            double[] column = ScratchColumns.Rent(count);
            mine.Add(column);
            return column;
        }

        for (int s = 0; s < steps.Count; s++)
        {
            if (steps[s].IsPosition)
            {
                continue;
            }

            values[s] = steps[s].Run(values, columns, Rent);
            foreach (int input in steps[s].Inputs)
            {
                // A pass may not write over what it reads, so buffers return only after their last reader is done.
                if (lastUse[input] == s && keep?.Contains(input) != true && values[input].Column is { } done && mine.Remove(done))
                {
                    ScratchColumns.Return(done);
                    values[input] = default;
                }
            }
        }

        return values;
    }
}
