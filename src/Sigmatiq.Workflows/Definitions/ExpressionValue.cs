using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Looks up the value behind a dotted name; throws <see cref="ExpressionException"/> where there is none.</summary>
public delegate JsonNode? NameLookup(IReadOnlyList<string> path);

/// <summary>An expression met a value it cannot work with.</summary>
public sealed class ExpressionException(string message) : Exception(message)
{
    /// <summary>Code of what is wrong.</summary>
    public string Code { get; init; } = WorkflowCodes.CannotEvaluate;
}

/// <summary>Evaluates expressions. Undefined (null) operands make orderings and arithmetic undefined; AND and OR are three-valued;
/// <c>==</c> and <c>!=</c> compare any two values, null included.</summary>
public static class ExpressionValue
{
    /// <summary>The value of an expression; a node without parent.</summary>
    /// <exception cref="ExpressionException">A value has a type the operator cannot work with, or an index is out of range.</exception>
    public static JsonNode? Of(Expression expression, NameLookup names) => expression switch
    {
        Expression.Literal literal => literal.Value?.DeepClone(),
        Expression.Reference reference => names(reference.Path)?.DeepClone(),
        Expression.Take take => Take(Of(take.List, names), Of(take.Count, names)),
        Expression.Item item => Item(Of(item.List, names), Of(item.Index, names)),
        Expression.Field field => Field(Of(field.Of, names), field.Name),
        Expression.Unary { Operator: "not" } not => Truth(Of(not.Operand, names)) is { } truth ? JsonValue.Create(!truth) : null,
        Expression.Unary minus => Number(Of(minus.Operand, names)) is { } number ? Shortest(-number) : null,
        Expression.Binary { Operator: "and" or "or" } both => Logic(both, names),
        Expression.Binary binary => Operate(binary.Operator, Of(binary.Left, names), Of(binary.Right, names)),
        _ => throw new InvalidOperationException($"{expression.GetType().Name} is no expression."),
    };

    /// <summary>Whether a condition holds; an undefined one does not.</summary>
    public static bool Holds(Expression condition, NameLookup names) => Truth(Of(condition, names)) ?? false;

    /// <summary>A field of an object, or of every object of a list.</summary>
    public static JsonNode? Field(JsonNode? value, string name) => value switch
    {
        null => null,
        JsonObject map => map.TryGetPropertyValue(name, out JsonNode? field) ? field?.DeepClone() : null,
        JsonArray list => new JsonArray([.. list.Select(item => Field(item, name))]),
        _ => throw new ExpressionException($"{Shown(value)} has no field '{name}'"),
    };

    private static JsonNode? Logic(Expression.Binary both, NameLookup names)
    {
        bool decisive = both.Operator == "or";
        bool? left = Truth(Of(both.Left, names));
        if (left == decisive)
        {
            return JsonValue.Create(decisive);
        }

        bool? right = Truth(Of(both.Right, names));
        return right == decisive ? JsonValue.Create(decisive) : left is null || right is null ? null : JsonValue.Create(!decisive);
    }

    private static JsonNode? Operate(string op, JsonNode? left, JsonNode? right)
    {
        if (op is "==" or "!=")
        {
            return JsonValue.Create(CanonicalJson.Text(left) == CanonicalJson.Text(right) == (op == "=="));
        }

        if (left is null || right is null)
        {
            return null;
        }

        if (op is "<" or "<=" or ">" or ">=")
        {
            int order = left.GetValueKind() == JsonValueKind.String && right.GetValueKind() == JsonValueKind.String
                ? string.CompareOrdinal(left.GetValue<string>(), right.GetValue<string>())
                : Number(left)!.Value.CompareTo(Number(right)!.Value);
            return JsonValue.Create(op switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 });
        }

        double a = Number(left)!.Value, b = Number(right)!.Value;
        double result = op switch { "+" => a + b, "-" => a - b, "*" => a * b, _ => a / b };
        return double.IsFinite(result) ? Shortest(result) : null;
    }

    private static JsonArray? Take(JsonNode? list, JsonNode? count) =>
        list is null ? null : new([.. AsList(list).Take(Whole(count)).Select(i => i?.DeepClone())]);

    private static JsonNode? Item(JsonNode? list, JsonNode? index)
    {
        if (list is null)
        {
            return null;
        }

        JsonArray items = AsList(list);
        int i = Whole(index);
        return i >= 0 && i < items.Count ? items[i]?.DeepClone() : throw new ExpressionException($"item {i} of a list of {items.Count}");
    }

    private static JsonArray AsList(JsonNode list) => list as JsonArray ?? throw new ExpressionException($"{Shown(list)} is no list");

    private static bool? Truth(JsonNode? value) => value?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ExpressionException($"{Shown(value)} is neither true nor false"),
    };

    private static double? Number(JsonNode? value) => value?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.Number => double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new ExpressionException($"{Shown(value)} is no number"),
    };

    private static int Whole(JsonNode? value) =>
        Number(value) is { } number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw new ExpressionException($"{Shown(value)} is no whole number");

    private static JsonValue Shortest(double value) =>
        value == Math.Floor(value) && Math.Abs(value) < 9_007_199_254_740_992 ? JsonValue.Create((long)value) : JsonValue.Create(value);

    private static string Shown(JsonNode? value)
    {
        string text = value?.ToJsonString() ?? "null";
        return text.Length <= 60 ? text : text[..60] + "…";
    }
}
