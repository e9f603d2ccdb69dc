using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Rules;

namespace Sigmatiq.Tests.Packs.Rules;

/// <summary>A second reading of 01 §1.8 to §1.10: walks the tree at every bar, literally, with loops over windows. Slow on purpose.</summary>
internal sealed class NaiveRule(RuleFrame frame, Func<string, double[]> column)
{
    /// <summary>Smallest relative distance of two sides that were compared; below rounding, either answer is right.</summary>
    public double Narrowest { get; set; } = double.PositiveInfinity;

    public double At(RuleExpr expr, int t)
    {
        switch (expr)
        {
            case NumberExpr n:
                return n.Value;
            case FlagExpr f:
                return f.Value ? 1 : 0;
            case NameExpr { Name: "rsi.period" }:
                return 14;
            case NameExpr n:
                return Ago(t, n.Back) is int bar and >= 0 ? column(n.Name)[bar] : double.NaN;
            case NegateExpr n:
                return -At(n.Operand, t);
            case NotExpr n:
                return At(n.Operand, t) switch { 1 => 0, 0 => 1, _ => double.NaN };
            case BinaryExpr b:
                return Binary(b.Operator, At(b.Left, t), At(b.Right, t));
            case TrendExpr r:
                return All([.. Enumerable.Range(0, r.Steps).Select(k =>
                    Binary(r.IsIncreasing ? RuleOperator.Greater : RuleOperator.Less, Back(r.Operand, t, k), Back(r.Operand, t, k + 1)))]);
            case CallExpr c:
                return Call(c, t);
            default:
                throw new InvalidOperationException();
        }
    }

    private double Call(CallExpr c, int t)
    {
        RuleExpr x = c.Arguments[0];
        double now = At(x, t);
        int n = c.Arguments.Count > 1 && c.Arguments[1] is NumberExpr window && c.Function is not ("min" or "max") ? (int)window.Value : 0;
        double[] last = c.Function.StartsWith("crosses", StringComparison.Ordinal) ? [] : [.. Enumerable.Range(0, n).Select(k => Back(x, t, n - 1 - k))];
        switch (c.Function)
        {
            case "abs":
                return Math.Abs(now);
            case "sign":
                Note(now, 0);
                return double.IsNaN(now) ? double.NaN : Math.Sign(now);
            case "min":
                return Math.Min(now, At(c.Arguments[1], t));
            case "max":
                return Math.Max(now, At(c.Arguments[1], t));
            case "avg":
                return last.Sum() / n;
            case "highest":
                return last.Any(double.IsNaN) ? double.NaN : last.Max();
            case "lowest":
                return last.Any(double.IsNaN) ? double.NaN : last.Min();
            case "stdev":
                return Deviation(last);
            case "change":
                return now - Back(x, t, n);
            case "pct_change":
                return Binary(RuleOperator.Divide, now, Back(x, t, n)) - 1;
            case "crosses_above":
                return All([Binary(RuleOperator.Greater, now, At(c.Arguments[1], t)), Binary(RuleOperator.LessOrEqual, Back(x, t, 1), Back(c.Arguments[1], t, 1))]);
            case "crosses_below":
                return All([Binary(RuleOperator.Less, now, At(c.Arguments[1], t)), Binary(RuleOperator.GreaterOrEqual, Back(x, t, 1), Back(c.Arguments[1], t, 1))]);
            case "within":
                return last.Any(v => v == 1) ? 1 : last.Any(double.IsNaN) ? double.NaN : 0;
            case "normalized":
                double[] defined = [.. Enumerable.Range(0, 100).Select(k => Back(x, t, k)).Where(v => !double.IsNaN(v))];
                if (double.IsNaN(now) || defined.Length < 20)
                {
                    return double.NaN;
                }

                double sigma = Deviation(defined);
                Narrowest = Math.Min(Narrowest, sigma / Math.Max(1e-300, defined.Max(Math.Abs)));
                return sigma == 0 ? 0 : Math.Clamp((now - defined.Average()) / sigma, -3, 3) / 3;
            case "detect_divergence":
                return Divergence(
                    [.. Enumerable.Range(0, 14).Select(k => Back(x, t, 13 - k))], [.. Enumerable.Range(0, 14).Select(k => Back(c.Arguments[1], t, 13 - k))]);
            default:
                throw new InvalidOperationException(c.Function);
        }
    }

    // 01 §1.10, read once more: the two latest pivots of each kind, strict on both sides, none younger than two bars.
    private double Divergence(double[] p, double[] i)
    {
        if (p.Concat(i).Any(double.IsNaN))
        {
            return double.NaN;
        }

        double sigma = Deviation(i);
        Narrowest = Math.Min(Narrowest, sigma == 0 ? double.PositiveInfinity : sigma / Math.Max(1e-300, i.Max(Math.Abs)));
        int[] lows = [.. Enumerable.Range(2, 10).Where(k => new[] { -2, -1, 1, 2 }.All(s => p[k] < p[k + s])).TakeLast(2)];
        int[] highs = [.. Enumerable.Range(2, 10).Where(k => new[] { -2, -1, 1, 2 }.All(s => p[k] > p[k + s])).TakeLast(2)];
        for (int k = 0; k < 14; k++)
        {
            for (int m = k + 1; m < 14; m++)
            {
                Note(p[k], p[m]);
                Note(i[k], i[m]);
            }
        }

        if (sigma == 0)
        {
            return 0;
        }

        if (lows is [var l0, var l1] && p[l1] < p[l0] && i[l1] > i[l0])
        {
            return Math.Min(1, 0.5 * Math.Abs(i[l1] - i[l0]) / sigma);
        }

        return highs is [var h0, var h1] && p[h1] > p[h0] && i[h1] < i[h0] ? -Math.Min(1, 0.5 * Math.Abs(i[h1] - i[h0]) / sigma) : 0;
    }

    // Equal values have no deviation, whatever the rounding of their mean.
    private static double Deviation(double[] values)
    {
        double mean = values.Sum() / values.Length;
        return values.Any(double.IsNaN) ? double.NaN : values.All(v => v == values[0]) ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    private double Back(RuleExpr x, int t, int periods) => Ago(t, periods) is int bar and >= 0 ? At(x, bar) : double.NaN;

    private int Ago(int t, int periods) =>
        periods == 0 ? t : frame.PeriodOf[t] - periods < 0 ? -1 : frame.LastBarOf[frame.PeriodOf[t] - periods];

    private static double All(double[] flags) => flags.Any(v => v == 0) ? 0 : flags.Any(double.IsNaN) ? double.NaN : 1;

    private void Note(double a, double b)
    {
        if (a != b)
        {
            Narrowest = Math.Min(Narrowest, Math.Abs(a - b) / Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b))));
        }
        else if (a != Math.Floor(a))
        {
            Narrowest = 0;
        }
    }

    private double Binary(RuleOperator op, double a, double b)
    {
        bool undefined = double.IsNaN(a) || double.IsNaN(b);
        switch (op)
        {
            case RuleOperator.And:
                return All([a, b]);
            case RuleOperator.Or:
                return a == 1 || b == 1 ? 1 : undefined ? double.NaN : 0;
            case RuleOperator.Add:
                return a + b;
            case RuleOperator.Subtract:
                return a - b;
            case RuleOperator.Multiply:
                return a * b;
            case RuleOperator.Divide:
                Note(b, 0);
                return b == 0 ? double.NaN : a / b;
        }

        if (undefined)
        {
            return double.NaN;
        }

        Note(a, b);
        bool same = Math.Abs(a - b) <= 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b));
        return (op switch
        {
            RuleOperator.Greater => a > b,
            RuleOperator.Less => a < b,
            RuleOperator.GreaterOrEqual => a >= b,
            RuleOperator.LessOrEqual => a <= b,
            RuleOperator.Equal => same,
            _ => !same,
        }) ? 1 : 0;
    }
}
