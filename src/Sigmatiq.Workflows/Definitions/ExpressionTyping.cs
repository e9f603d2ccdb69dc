using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>What is wrong with an expression's types.</summary>
/// <param name="Code">Code of the problem.</param>
/// <param name="Message">What is wrong, as a sentence without its stop.</param>
/// <param name="Position">Offset in the expression.</param>
internal sealed record TypeFault(string Code, string Message, int Position);

/// <summary>Infers the type of expressions before anything runs.</summary>
/// <param name="nameType">Type behind a reference, or its fault.</param>
/// <param name="faults">Receives what is wrong.</param>
internal sealed class ExpressionTyping(Func<Expression.Reference, (FieldType? Type, TypeFault? Fault)> nameType, List<TypeFault> faults)
{
    private static readonly FieldType Truth = FieldType.Of(ValueKind.Truth);
    private static readonly FieldType Number = FieldType.Of(ValueKind.Number);
    private static readonly FieldType Whole = FieldType.Of(ValueKind.Whole);

    /// <summary>The type; <see cref="FieldType.Any"/> where it cannot be known, or after a fault.</summary>
    public FieldType Of(Expression expression)
    {
        switch (expression)
        {
            case Expression.Literal literal:
                return OfValue(literal.Value);
            case Expression.Reference reference:
                var (type, fault) = nameType(reference);
                if (fault is not null)
                {
                    faults.Add(fault);
                }

                return type ?? FieldType.Any;
            case Expression.Take take:
                Ask(take.Count, Whole);
                return ListOf(take.List);
            case Expression.Item item:
                Ask(item.Index, Whole);
                return ListOf(item.List).Item ?? FieldType.Any;
            case Expression.Field field:
                return FieldOf(Of(field.Of), field.Name, field.Position);
            case Expression.Unary { Operator: "not" } not:
                return Ask(not.Operand, Truth);
            case Expression.Unary minus:
                return Ask(minus.Operand, Number);
            case Expression.Binary { Operator: "and" or "or" } both:
                Ask(both.Left, Truth);
                return Ask(both.Right, Truth);
            case Expression.Binary { Operator: "+" or "-" or "*" or "/" } sum:
                FieldType left = Ask(sum.Left, Number), right = Ask(sum.Right, Number);
                return sum.Operator != "/" && left.Kind == ValueKind.Whole && right.Kind == ValueKind.Whole ? Whole : Number;
            case Expression.Binary comparison:
                Compare(comparison);
                return Truth;
            default:
                return FieldType.Any;
        }
    }

    /// <summary>Type of a constant.</summary>
    public static FieldType OfValue(JsonNode? value) => value switch
    {
        null => FieldType.Any,
        JsonObject map => new(ValueKind.Record, null, [.. map.Select(p => new StepField(p.Key, OfValue(p.Value), Required: true))]),
        JsonArray list => FieldType.ListOf(list.Count == 0 ? FieldType.Any : OfValue(list[0])),
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => FieldType.Of(ValueKind.Text),
            JsonValueKind.True or JsonValueKind.False => Truth,
            _ => double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) is var number && number == Math.Floor(number) ? Whole : Number,
        },
    };

    /// <summary>Type of a field; notes a field that is not there.</summary>
    public FieldType FieldOf(FieldType of, string name, int position)
    {
        switch (of.Kind)
        {
            case ValueKind.Any or ValueKind.Map:
                return FieldType.Any;
            case ValueKind.List:
                return FieldType.ListOf(FieldOf(of.Item!, name, position));
            case ValueKind.Record when of.Fields.FirstOrDefault(f => f.Name == name) is { } field:
                return field.Type;
            default:
                string known = of.Kind == ValueKind.Record ? $"; there are {string.Join(", ", of.Fields.Select(f => f.Name))}" : "";
                faults.Add(new(WorkflowCodes.UnknownField, $"a {of} has no field '{name}'{known}", position));
                return FieldType.Any;
        }
    }

    private void Compare(Expression.Binary comparison)
    {
        FieldType left = Of(comparison.Left), right = Of(comparison.Right);
        if (!left.Fits(right) && !right.Fits(left))
        {
            faults.Add(new(WorkflowCodes.TypeMismatch, $"{left} cannot be compared with {right}", comparison.Position));
        }
        else if (comparison.Operator is not ("==" or "!=") && new[] { left, right }.Any(t => t.Kind is ValueKind.Truth or ValueKind.List or ValueKind.Record or ValueKind.Map))
        {
            faults.Add(new(WorkflowCodes.TypeMismatch, $"{left} has no order", comparison.Position));
        }
    }

    private FieldType ListOf(Expression list)
    {
        FieldType type = Of(list);
        if (type.Kind is not (ValueKind.List or ValueKind.Any))
        {
            faults.Add(new(WorkflowCodes.TypeMismatch, $"{type} is no list", list.Position));
            return FieldType.Any;
        }

        return type;
    }

    private FieldType Ask(Expression expression, FieldType wanted)
    {
        FieldType type = Of(expression);
        if (!type.Fits(wanted))
        {
            faults.Add(new(WorkflowCodes.TypeMismatch, $"{type} stands where {wanted} is asked for", expression.Position));
        }

        return type.Kind == ValueKind.Any ? wanted : type;
    }
}
