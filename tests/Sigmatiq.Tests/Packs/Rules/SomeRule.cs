using Sigmatiq.Packs.Rules;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs.Rules;

/// <summary>Random expressions that are well typed over bar fields, clock, rsi, ema_20, a constant and a bool feature <c>up</c>.</summary>
internal static class SomeRule
{
    private static readonly string[] Numbers = ["close", "volume", "rsi", "ema_20", "hour", "minute", "day_of_week", "rsi.period"];
    private static readonly string[] Windowed = ["avg", "stdev", "highest", "lowest", "change", "pct_change"];

    public static RuleExpr Any(Rng rng, int depth) => rng.NextInt(3) == 0 ? Number(rng, depth) : Flag(rng, depth);

    public static RuleExpr Number(Rng rng, int depth)
    {
        if (depth <= 0)
        {
            return rng.NextInt(3) == 0
                ? new NumberExpr(1, Math.Round(100 * rng.NextDouble(), rng.NextInt(4)))
                : new NameExpr(1, Numbers[rng.NextInt(Numbers.Length)], rng.NextInt(4) == 0 ? rng.NextInt(6) : 0);
        }

        return rng.NextInt(11) switch
        {
            0 => new NegateExpr(1, Number(rng, depth - 1)),
            1 => new CallExpr(1, rng.NextInt(2) == 0 ? "abs" : "sign", [Number(rng, depth - 1)]),
            2 => new CallExpr(1, rng.NextInt(2) == 0 ? "min" : "max", [Number(rng, depth - 1), Number(rng, depth - 1)]),
            3 => new CallExpr(1, Windowed[rng.NextInt(Windowed.Length)], [Number(rng, depth - 1), new NumberExpr(1, 2 + rng.NextInt(9))]),
            4 => new CallExpr(1, "normalized", [Number(rng, depth - 1)]),
            5 => Number(rng, 0),
            6 => new CallExpr(1, "detect_divergence", [Number(rng, depth - 1), Number(rng, depth - 1)]),
            _ => new BinaryExpr(1, RuleOperator.Add + rng.NextInt(4), Number(rng, depth - 1), Number(rng, depth - 1)),
        };
    }

    public static RuleExpr Flag(Rng rng, int depth)
    {
        if (depth <= 0)
        {
            return rng.NextInt(4) == 0 ? new FlagExpr(1, rng.NextInt(2) == 0) : new NameExpr(1, "up", rng.NextInt(3));
        }

        return rng.NextInt(9) switch
        {
            0 => new NotExpr(1, Flag(rng, depth - 1)),
            1 or 2 => new BinaryExpr(1, rng.NextInt(2) == 0 ? RuleOperator.And : RuleOperator.Or, Flag(rng, depth - 1), Flag(rng, depth - 1)),
            3 => new TrendExpr(1, Number(rng, depth - 1), rng.NextInt(2) == 0, 1 + rng.NextInt(3)),
            4 => new CallExpr(1, rng.NextInt(2) == 0 ? "crosses_above" : "crosses_below", [Number(rng, depth - 1), Number(rng, depth - 1)]),
            5 => new CallExpr(1, "within", [Flag(rng, depth - 1), new NumberExpr(1, 1 + rng.NextInt(6))]),
            6 => new BinaryExpr(1, rng.NextInt(2) == 0 ? RuleOperator.Equal : RuleOperator.NotEqual, Flag(rng, depth - 1), Flag(rng, depth - 1)),
            _ => new BinaryExpr(1, RuleOperator.Greater + rng.NextInt(6), Number(rng, depth - 1), Number(rng, depth - 1)),
        };
    }
}
