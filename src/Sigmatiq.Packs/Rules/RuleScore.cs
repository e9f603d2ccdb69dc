using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Packs.Rules;

/// <summary>How clearly the entry lines hold, where too little data allow a probability (02 §2.6, last bullet).</summary>
/// <remarks><para>score = 0.5 + 0.5 · mean over lines of m; m = min over the line's number comparisons of clip(d / stdev(d, 100), 0, 1), where d
/// is the signed distance, positive while the comparison holds; a line without one has m = 1. It is shown as a score, never as a
/// probability.</para>
/// <para>Below a NOT the distance turns its sign. <c>x increasing(n)</c> is the comparison of its n steps, the smallest counts.
/// <c>==</c> and <c>!=</c> have no direction and count as boolean. Where the distance has not moved for 100 periods (σ = 0), m is 1 if the
/// comparison holds and 0 if not, the limit of the formula.</para></remarks>
public static class RuleScore
{
    private const int DeviationPeriods = 100;

    /// <summary>The score of entry lines, shape [bars]; NaN where a distance or its deviation is undefined.</summary>
    public static double[] Of(IReadOnlyList<RuleProgram> entry, FrameColumns columns)
    {
        double[] score = new double[columns.Count];
        foreach (RuleProgram line in entry)
        {
            double[] smallest = new double[columns.Count];
            Array.Fill(smallest, 1);
            foreach (RuleExpr distance in Distances(line.Expr, holds: true))
            {
                Tighten(smallest, Distance(distance, columns), columns);
            }

            for (int t = 0; t < score.Length; t++)
            {
                score[t] += smallest[t];
            }
        }

        for (int t = 0; t < score.Length; t++)
        {
            score[t] = entry.Count == 0 ? double.NaN : 0.5 + (0.5 * (score[t] / entry.Count));
        }

        return score;
    }

    private static double[] Distance(RuleExpr distance, FrameColumns columns)
    {
        ParseResult<RuleProgram> compiled = new RuleCompiler(RulePrinter.Print(distance), columns.Scope, allowsPosition: false).Compile(distance);
        return compiled.Value.Evaluate(columns);
    }

    private static void Tighten(double[] smallest, double[] distance, FrameColumns columns)
    {
        double[] deviation = new double[distance.Length];
        Windows.Deviation(columns.Frame, distance, DeviationPeriods, deviation);
        for (int t = 0; t < distance.Length; t++)
        {
            double m = double.IsNaN(distance[t]) || double.IsNaN(deviation[t]) ? double.NaN
                : deviation[t] == 0 ? (distance[t] > 0 ? 1 : 0)
                : Math.Clamp(distance[t] / deviation[t], 0, 1);
            smallest[t] = Math.Min(smallest[t], m);
        }
    }

    private static List<RuleExpr> Distances(RuleExpr expr, bool holds)
    {
        List<RuleExpr> distances = [];
        Collect(expr, holds, distances);
        return distances;
    }

    private static void Collect(RuleExpr expr, bool holds, List<RuleExpr> into)
    {
        while (expr is BinaryExpr { Operator: RuleOperator.And or RuleOperator.Or } list)
        {
            Collect(list.Right, holds, into);
            expr = list.Left;
        }

        switch (expr)
        {
            case NotExpr n:
                Collect(n.Operand, !holds, into);
                break;
            case BinaryExpr { Operator: RuleOperator.Greater or RuleOperator.GreaterOrEqual } b:
                into.Add(Difference(b.Left, b.Right, holds));
                break;
            case BinaryExpr { Operator: RuleOperator.Less or RuleOperator.LessOrEqual } b:
                into.Add(Difference(b.Right, b.Left, holds));
                break;
            case TrendExpr t:
                into.Add(Steps(t, holds));
                break;
        }
    }

    private static BinaryExpr Difference(RuleExpr high, RuleExpr low, bool holds) =>
        new(1, RuleOperator.Subtract, holds ? high : low, holds ? low : high);

    private static RuleExpr Steps(TrendExpr trend, bool holds)
    {
        RuleExpr change = new CallExpr(1, "change", [trend.Operand, new NumberExpr(1, 1)]);
        RuleExpr rise = trend.IsIncreasing ? change : new NegateExpr(1, change);
        RuleExpr least = trend.Steps == 1 ? rise : new CallExpr(1, "lowest", [rise, new NumberExpr(1, trend.Steps)]);
        return holds ? least : new NegateExpr(1, least);
    }
}
