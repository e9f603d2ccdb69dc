using System.Globalization;

namespace Sigmatiq.Packs.Rules;

/// <summary>An expression as a sentence that a person can read aloud: <c>rsi &gt; 50 AND rsi &lt; 70</c> is "Relative Strength Index is above 50 and below 70". The
/// expression stays the truth; two that mean different things never read the same, since parentheses are kept where the words would not say them.</summary>
public sealed class RuleSentence(Func<string, string> nameOf, string bar = "bar")
{
    /// <summary>Names as people call them: indicators and features by their names in the pack, everything else in words.</summary>
    /// <param name="pack">Whose names.</param>
    /// <param name="constants">Parameters of indicators by name, <c>rsi.overbought</c>, where they are not the pack's.</param>
    public static RuleSentence Of(Pack pack, IReadOnlyDictionary<string, double>? constants = null)
    {
        RuleScope scope = RuleScope.OfPack(pack);
        return new(name => NameIn(pack, scope, name, constants), pack.Policies.Engine.RuleFrame == Market.Bars.RuleFrameKind.Day ? "day" : "bar");
    }

    /// <summary>The sentence of a text; null where it is no expression.</summary>
    public string? Say(string text) => RuleParser.Parse(text) is { IsOk: true } parsed ? Say(parsed.Value) : null;

    /// <summary>The sentence of an expression, beginning with a capital letter and without a full stop.</summary>
    public string Say(RuleExpr expr)
    {
        string said = IsCondition(expr) ? Condition(expr) : Value(expr, 0);
        return said.Length == 0 ? said : char.ToUpperInvariant(said[0]) + said[1..];
    }

    private static bool IsCondition(RuleExpr expr) => expr is NotExpr or TrendExpr or FlagExpr
        || (expr is BinaryExpr b && b.Operator is not (RuleOperator.Add or RuleOperator.Subtract or RuleOperator.Multiply or RuleOperator.Divide))
        || (expr is CallExpr call && RuleFunctions.All.TryGetValue(call.Function, out RuleFunction? known) && known.Result == RuleType.Bool);

    private string Condition(RuleExpr expr) => expr switch
    {
        BinaryExpr { Operator: RuleOperator.And } and => And(and),
        BinaryExpr { Operator: RuleOperator.Or } or => $"{Condition(or.Left)}, or {Condition(or.Right)}",
        BinaryExpr { Operator: RuleOperator.Equal, Right: FlagExpr flag } b => Holds(b.Left, flag.Value),
        BinaryExpr { Operator: RuleOperator.NotEqual, Right: FlagExpr flag } b => Holds(b.Left, !flag.Value),
        BinaryExpr b => $"{Value(b.Left, 0)} {Comparison(b.Operator)} {Value(b.Right, 0)}",
        NotExpr { Operand: NameExpr name } => Holds(name, false),
        NotExpr not => $"not ({Condition(not.Operand)})",
        TrendExpr t => $"{Value(t.Operand, 0)} {(t.IsIncreasing ? "rises" : "falls")}{(t.Steps == 1 ? "" : $" on each of the last {Whole(t.Steps)} {bar}s")}",
        CallExpr { Function: "crosses_above" } c => $"{Value(c.Arguments[0], 0)} crosses above {Value(c.Arguments[1], 0)}",
        CallExpr { Function: "crosses_below" } c => $"{Value(c.Arguments[0], 0)} crosses below {Value(c.Arguments[1], 0)}",
        CallExpr { Function: "within" } c => $"within the last {Value(c.Arguments[1], 0)} {bar}s, {Inside(c.Arguments[0])}",
        FlagExpr f => f.Value ? "always" : "never",
        _ => Holds(expr, true),
    };

    // "x is above 50 and below 70": the second comparison of the same thing does not name it again.
    private string And(BinaryExpr and)
    {
        string left = Inside(and.Left), right = Inside(and.Right);
        return and is { Left: BinaryExpr { Right: not FlagExpr } first, Right: BinaryExpr { Right: not FlagExpr } second } && IsOrder(first.Operator) && IsOrder(second.Operator)
            && RulePrinter.Print(first.Left) == RulePrinter.Print(second.Left) && Comparison(second.Operator) is ['i', 's', ' ', ..]
            ? $"{left} and {right[(Value(second.Left, 0).Length + " is ".Length)..]}"
            : $"{left} and {right}";
    }

    private static bool IsOrder(RuleOperator op) => op is RuleOperator.Greater or RuleOperator.Less or RuleOperator.GreaterOrEqual or RuleOperator.LessOrEqual;

    // "or" binds less than the "and" or "within" around it, which words alone would not say.
    private string Inside(RuleExpr expr) => expr is BinaryExpr { Operator: RuleOperator.Or } ? $"({Condition(expr)})" : Condition(expr);

    private string Holds(RuleExpr expr, bool holds) => expr is NameExpr
        ? $"{Value(expr, 0)} {(holds ? "holds" : "does not hold")}"
        : holds ? Condition(Known(expr)) : $"not ({Condition(Known(expr))})";

    private static RuleExpr Known(RuleExpr expr) => IsCondition(expr) ? expr : throw new ArgumentException($"A {expr.GetType().Name} is no condition.", nameof(expr));

    // The level says what stands around it: 1 beside + and -, 2 beside × and ÷, 3 after a minus or in a function's words.
    private string Value(RuleExpr expr, int level) => expr switch
    {
        NumberExpr n => n.Value.ToString("0.################", CultureInfo.InvariantCulture),
        NameExpr n => nameOf(n.Name) + (n.Back == 0 ? "" : $" {Whole(n.Back)} {bar}{(n.Back == 1 ? "" : "s")} ago"),
        NegateExpr n => $"−{Value(n.Operand, 3)}",
        BinaryExpr { Operator: RuleOperator.Add } b => Around($"{Value(b.Left, 1)} + {Value(b.Right, 2)}", level > 1),
        BinaryExpr { Operator: RuleOperator.Subtract } b => Around($"{Value(b.Left, 1)} − {Value(b.Right, 2)}", level > 1),
        BinaryExpr { Operator: RuleOperator.Multiply } b => Around($"{Value(b.Left, 2)} × {Value(b.Right, 3)}", level > 2),
        BinaryExpr { Operator: RuleOperator.Divide } b => Around($"{Value(b.Left, 2)} ÷ {Value(b.Right, 3)}", level > 2),
        CallExpr c => Call(c),
        _ => $"({Condition(expr)})",
    };

    private static string Around(string text, bool isNeeded) => isNeeded ? $"({text})" : text;

    private string Call(CallExpr call)
    {
        string Of(int i) => Value(call.Arguments[i], 3);
        string all = string.Join(" and ", call.Arguments.Select(a => Value(a, 3)));
        return call.Function switch
        {
            "sign" => $"the sign of {Of(0)}",
            "normalized" => $"{Of(0)} normalized",
            "detect_divergence" => $"the divergence between {Of(0)} and {Of(1)}",
            "abs" => $"the size of {Of(0)}",
            "min" => $"the smallest of {all}",
            "max" => $"the largest of {all}",
            "avg" => $"the mean of {Of(0)} over {Of(1)} {bar}s",
            "stdev" => $"the deviation of {Of(0)} over {Of(1)} {bar}s",
            "highest" => $"the highest of {Of(0)} over {Of(1)} {bar}s",
            "lowest" => $"the lowest of {Of(0)} over {Of(1)} {bar}s",
            "change" => $"the change of {Of(0)} over {Of(1)} {bar}s",
            "pct_change" => $"the relative change of {Of(0)} over {Of(1)} {bar}s",
            _ => $"({Condition(call)})",
        };
    }

    private static string Comparison(RuleOperator op) => op switch
    {
        RuleOperator.Greater => "is above",
        RuleOperator.Less => "is below",
        RuleOperator.GreaterOrEqual => "is at least",
        RuleOperator.LessOrEqual => "is at most",
        RuleOperator.Equal => "equals",
        _ => "differs from",
    };

    private static string Whole(int n) => n.ToString(CultureInfo.InvariantCulture);

    private static string NameIn(Pack pack, RuleScope scope, string name, IReadOnlyDictionary<string, double>? constants)
    {
        if (scope.Find(name) is not { } known)
        {
            return name;
        }

        string? indicator = known.Kind is RuleNameKind.Indicator or RuleNameKind.Constant ? pack.FindIndicator(known.Source!)?.Name : null;
        return known.Kind switch
        {
            RuleNameKind.Feature => pack.FindFeature(known.Source!)?.Name ?? name,
            RuleNameKind.Constant => $"{indicator} {name[(name.LastIndexOf('.') + 1)..].Replace('_', ' ')} ({(constants?.TryGetValue(name, out double set) == true ? set : scope.Constant(name)).ToString("0.######", CultureInfo.InvariantCulture)})",
            RuleNameKind.Indicator when scope.Indicator(known.Source!).Catalog!.Spec.Outputs is { Count: > 1 } outputs => Output(known.Source!, indicator!, outputs[known.Output]),
            RuleNameKind.Indicator => indicator ?? name,
            RuleNameKind.Position => name switch
            {
                "position.return" => "the return of the position",
                "position.days" => "the days in the position",
                _ => "the best return of the position",
            },
            _ => name switch
            {
                "close" => "the close", "open" => "the open", "high" => "the high", "low" => "the low",
                "hour" => "the hour", "minute" => "the minute", "day_of_week" => "the day of the week",
                _ => name,
            },
        };
    }

    // The signal line of MACD, the MACD line, the lower line of Bollinger Bands.
    private static string Output(string id, string name, string output) => output == id ? name
        : output.StartsWith(id + "_", StringComparison.Ordinal) ? $"the {name} {output[(id.Length + 1)..].Replace('_', ' ')}"
        : output is "upper" or "middle" or "lower" ? $"the {output} line of {name}"
        : $"the {output.Replace('_', ' ')} of {name}";
}
