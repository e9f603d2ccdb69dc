using System.Globalization;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Rules;

/// <summary>Checks names, types and arguments of a parsed expression and turns it into steps; equal subexpressions become one step.</summary>
internal sealed class RuleCompiler(string text, RuleScope scope, bool allowsPosition)
{
    private const int NamesShown = 60;
    private readonly List<RuleStep> steps = [];
    private readonly Dictionary<string, int> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RuleName> names = new(StringComparer.Ordinal);
    private readonly Dictionary<RuleExpr, (int Step, RuleType Type)> stepOf = new(ReferenceEqualityComparer.Instance);

    private readonly record struct Part(int Step, RuleType Type);

    public ParseResult<RuleProgram> Compile(RuleExpr expr)
    {
        try
        {
            Part root = Emit(expr);

            // The last step is the result; an expression may end on a step it shares.
            if (root.Step != steps.Count - 1)
            {
                steps.Add(steps[root.Step]);
            }

            return ParseResult<RuleProgram>.Ok(new(text, expr, root.Type, steps, [.. names.Values], stepOf));
        }
        catch (ProblemException refused)
        {
            return ParseResult<RuleProgram>.Refused(refused.All);
        }
    }

    private Part Emit(RuleExpr expr) => Noted(expr, expr switch
    {
        NumberExpr n => new Part(Step(RuleOp.Literal, value: n.Value), RuleType.Number),
        FlagExpr f => new(Step(RuleOp.Literal, value: f.Value ? 1 : 0, name: "bool"), RuleType.Bool),
        NameExpr n => Name(n),
        NegateExpr n => new(Step(RuleOp.Negate, [Number(n.Operand, "-")]), RuleType.Number),
        NotExpr n => new(Step(RuleOp.Not, [Flag(n.Operand, "NOT")]), RuleType.Bool),
        BinaryExpr b => Binary(b),
        TrendExpr t => Trend(t),
        CallExpr c => Call(c),
        _ => throw new InvalidOperationException(expr.GetType().Name),
    });

    private Part Noted(RuleExpr expr, Part part)
    {
        stepOf[expr] = (part.Step, part.Type);
        return part;
    }

    private Part Name(NameExpr expr)
    {
        RuleName name = scope.Find(expr.Name) ?? throw Unknown(expr);
        names.TryAdd(name.Canonical, name);
        if (name.Kind == RuleNameKind.Position)
        {
            if (!allowsPosition)
            {
                throw Refuse("EXP-1002", expr.Position, $"'{expr.Name}' is known in exit rules only.", "Use it in exit_logic.");
            }

            return expr.Back == 0
                ? new(Step(RuleOp.Position, name: name.Canonical, isPosition: true), RuleType.Number)
                : throw NoHistory(expr.Position);
        }

        if (name.Kind == RuleNameKind.Constant)
        {
            return new(Step(RuleOp.Constant, name: name.Canonical), RuleType.Number);
        }

        RuleType type = name.Type;
        if (name.Kind == RuleNameKind.Feature)
        {
            ParseResult<RuleProgram> feature = scope.FeatureProgram(name.Canonical);
            if (!feature.IsOk)
            {
                throw new ProblemException([.. feature.Problems.Select(p => p.Where?.StartsWith("features.", StringComparison.Ordinal) == true
                    ? p : p with { Where = $"features.{name.Canonical}, {p.Where}" })]);
            }

            type = feature.Value.Type;
        }

        int column = Step(RuleOp.Column, name: name.Canonical);
        return new(expr.Back == 0 ? column : Step(RuleOp.Shift, [column], expr.Back), type);
    }

    // A long sum or a long list of ANDs leans to the left as deep as it is long; it is walked up from its deepest left, not down to it.
    private Part Binary(BinaryExpr expr)
    {
        Stack<BinaryExpr> spine = new();
        RuleExpr left = expr;
        for (; left is BinaryExpr binary; left = binary.Left)
        {
            spine.Push(binary);
        }

        Part part = Emit(left);
        while (spine.TryPop(out BinaryExpr? binary))
        {
            part = Noted(binary, Binary(binary, part));
        }

        return part;
    }

    private Part Binary(BinaryExpr expr, Part left)
    {
        string sign = RulePrinter.Text(expr.Operator);
        switch (expr.Operator)
        {
            case RuleOperator.Or or RuleOperator.And:
                return new(
                    Step(expr.Operator == RuleOperator.Or ? RuleOp.Or : RuleOp.And, [Typed(expr.Left, left, RuleType.Bool, sign), Flag(expr.Right, sign)]), RuleType.Bool);
            case RuleOperator.Equal or RuleOperator.NotEqual:
                Part right = Emit(expr.Right);
                return left.Type == right.Type
                    ? new(Step(expr.Operator == RuleOperator.Equal ? RuleOp.Equal : RuleOp.NotEqual, [left.Step, right.Step]), RuleType.Bool)
                    : throw Refuse("EXP-1003", expr.Position, $"'{sign}' compares a {Word(left.Type)} with a {Word(right.Type)}.", "Compare two numbers, or two of true and false.");
            default:
                RuleOp op = Enum.Parse<RuleOp>(expr.Operator.ToString());
                return new(
                    Step(op, [Typed(expr.Left, left, RuleType.Number, sign), Number(expr.Right, sign)]),
                    expr.Operator >= RuleOperator.Add ? RuleType.Number : RuleType.Bool);
        }
    }

    // increasing(n): no step of the last n that is not strictly higher.
    private Part Trend(TrendExpr expr)
    {
        string word = expr.IsIncreasing ? "increasing" : "decreasing";
        int now = Number(expr.Operand, word);
        int step = Step(expr.IsIncreasing ? RuleOp.Greater : RuleOp.Less, [now, Shift(now, 1, expr.Position)]);
        return new(
            expr.Steps == 1 ? step : Step(RuleOp.Not, [Window(RuleOp.Within, Step(RuleOp.Not, [step]), expr.Steps, expr.Position)]), RuleType.Bool);
    }

    private Part Call(CallExpr expr)
    {
        if (!RuleFunctions.All.TryGetValue(expr.Function, out RuleFunction? function))
        {
            throw Refuse("EXP-1002", expr.Position, $"There is no function '{expr.Function}'.", $"Use one of: {string.Join(", ", RuleFunctions.All.Keys)}.");
        }

        int count = expr.Arguments.Count, wanted = function.Arguments.Count;
        if (count < wanted || (count > wanted && !function.TakesMore))
        {
            throw Refuse(
                "EXP-1004", expr.Position, $"{function.Name} takes {wanted}{(function.TakesMore ? " or more" : "")} arguments, was given {count}.",
                $"Write {Shape(function)}.");
        }

        int[] inputs = new int[count];
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            switch (function.Arguments[Math.Min(i, wanted - 1)])
            {
                case ArgumentKind.Window:
                    length = WindowLength(function, expr.Arguments[i]);
                    break;
                case ArgumentKind.Bool:
                    inputs[i] = Flag(expr.Arguments[i], function.Name);
                    break;
                default:
                    inputs[i] = Number(expr.Arguments[i], function.Name);
                    break;
            }
        }

        return new(CallStep(function.Name, inputs, length, expr.Position), function.Result);
    }

    private int CallStep(string function, int[] inputs, int length, int position)
    {
        switch (function)
        {
            case "sign":
                return Step(RuleOp.Sign, inputs);
            case "abs":
                return Step(RuleOp.Abs, inputs);
            case "min" or "max":
                return inputs.Aggregate((a, b) => Step(function == "min" ? RuleOp.Min : RuleOp.Max, [a, b]));
            case "change":
                return Step(RuleOp.Subtract, [inputs[0], Shift(inputs[0], length, position)]);
            case "pct_change":
                int ratio = Step(RuleOp.Divide, [inputs[0], Shift(inputs[0], length, position)]);
                return Step(RuleOp.Subtract, [ratio, Step(RuleOp.Literal, value: 1)]);
            case "crosses_above" or "crosses_below":
                bool isAbove = function == "crosses_above";
                int now = Step(isAbove ? RuleOp.Greater : RuleOp.Less, inputs);
                int before = Step(
                    isAbove ? RuleOp.LessOrEqual : RuleOp.GreaterOrEqual, [Shift(inputs[0], 1, position), Shift(inputs[1], 1, position)]);
                return Step(RuleOp.And, [now, before]);
            case "detect_divergence":
                return steps[inputs[1]].IsPosition ? throw NoHistory(position) : Step(RuleOp.Divergence, inputs, isWindow: true, position: position);
            default:
                return Window(function switch
                {
                    "avg" => RuleOp.Average,
                    "stdev" => RuleOp.Deviation,
                    "highest" => RuleOp.Highest,
                    "lowest" => RuleOp.Lowest,
                    "within" => RuleOp.Within,
                    "normalized" => RuleOp.Normalized,
                    _ => throw new InvalidOperationException(function),
                }, inputs[0], length, position);
        }
    }

    private int WindowLength(RuleFunction function, RuleExpr argument)
    {
        if (argument is NumberExpr { Value: var value } && value == Math.Floor(value) && value >= function.WindowMin && value <= RuleFunctions.WindowMax)
        {
            return (int)value;
        }

        throw Refuse(
            "EXP-1003", argument.Position, $"The window of {function.Name} is a whole number from {function.WindowMin} to {RuleFunctions.WindowMax}.",
            $"Write {Shape(function)} with n as a number.");
    }

    private int Number(RuleExpr expr, string user) => Typed(expr, RuleType.Number, user);

    private int Flag(RuleExpr expr, string user) => Typed(expr, RuleType.Bool, user);

    private int Typed(RuleExpr expr, RuleType wanted, string user) => Typed(expr, Emit(expr), wanted, user);

    private static int Typed(RuleExpr expr, Part part, RuleType wanted, string user) => part.Type == wanted
        ? part.Step
        : throw Refuse(
            "EXP-1003", expr.Position, $"'{user}' needs a {Word(wanted)}, was given a {Word(part.Type)}.",
            wanted == RuleType.Bool ? "Compare it with something." : "Use a number here.");

    private int Shift(int step, int back, int position) => Window(RuleOp.Shift, step, back, position);

    private int Window(RuleOp op, int step, int length, int position) => Step(op, [step], length, isWindow: true, position: position);

    private int Step(RuleOp op, int[]? inputs = null, int length = 0, double value = 0, string? name = null, bool isPosition = false, bool isWindow = false, int position = 1)
    {
        inputs ??= [];
        bool dependsOnPosition = isPosition || inputs.Any(i => steps[i].IsPosition);
        if (isWindow && dependsOnPosition)
        {
            throw NoHistory(position);
        }

        string key = string.Create(CultureInfo.InvariantCulture, $"{op}|{string.Join(",", inputs)}|{length}|{value:R}|{name}");
        if (!known.TryGetValue(key, out int step))
        {
            step = steps.Count;
            known[key] = step;
            steps.Add(new(op, inputs, length, value, name, dependsOnPosition));
        }

        return step;
    }

    private ProblemException Unknown(NameExpr expr)
    {
        string lower = expr.Name.ToLowerInvariant();
        string remedy = scope.Find(lower) is not null
            ? $"Names are lower case: {lower}."
            : Nearest(expr.Name) is { } near ? $"Did you mean {near}?" : $"Use one of: {Some(scope.Names)}.";
        return Refuse("EXP-1002", expr.Position, $"There is no name '{expr.Name}' here.", remedy);
    }

    // A pack may have hundreds of names, and a message is read by a person.
    private static string Some(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length <= NamesShown ? string.Join(", ", all) : $"{string.Join(", ", all.Take(NamesShown))}, … ({all.Length} in all)";
    }

    private string? Nearest(string name) => scope.Names.FirstOrDefault(n => n.StartsWith(name, StringComparison.Ordinal) || name.StartsWith(n + "_", StringComparison.Ordinal));

    private static string Word(RuleType type) => type == RuleType.Bool ? "true or false" : "number";

    private static string Shape(RuleFunction function) =>
        $"{function.Name}({string.Join(", ", function.Arguments.Select((a, i) => a switch { ArgumentKind.Window => "n", ArgumentKind.Bool => "condition", _ => i == 0 ? "x" : "y" }))})";

    private static ProblemException NoHistory(int position) =>
        Refuse("EXP-1003", position, "A position has no history to look back on.", "Use position names without [n], windows and crosses.");

    private static ProblemException Refuse(string code, int position, string message, string remedy) =>
        new(code, message, $"position {position.ToString(CultureInfo.InvariantCulture)}", remedy, ExitCode.BadUsage);
}
