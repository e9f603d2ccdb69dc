using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Workflows.Steps;

/// <summary>The kinds of value that flow between steps.</summary>
public enum ValueKind
{
    /// <summary>Any JSON value; checked only when the step runs.</summary>
    Any,

    /// <summary>Text, also instants, dates, hashes and enums.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>A list of one kind of value.</summary>
    List,

    /// <summary>An object with known fields.</summary>
    Record,

    /// <summary>An object with free keys.</summary>
    Map,
}

/// <summary>Type of a value that flows between steps.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Item">Type of the items of a list; null otherwise.</param>
/// <param name="Fields">Fields of a record; empty otherwise.</param>
public sealed record FieldType(ValueKind Kind, FieldType? Item, IReadOnlyList<StepField> Fields)
{
    /// <summary>The only texts allowed; empty where any is.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The C# record behind a record; null otherwise.</summary>
    public Type? Record { get; init; }

    /// <summary>Unknown until the step runs.</summary>
    public static FieldType Any { get; } = new(ValueKind.Any, null, []);

    /// <summary>A scalar or map.</summary>
    public static FieldType Of(ValueKind kind) => new(kind, null, []);

    /// <summary>A list.</summary>
    public static FieldType ListOf(FieldType item) => new(ValueKind.List, item, []);

    /// <summary>Whether a value of this type can stand where <paramref name="target"/> is asked for.</summary>
    public bool Fits(FieldType target) => (Kind, target.Kind) switch
    {
        (ValueKind.Any, _) or (_, ValueKind.Any) => true,
        (ValueKind.Whole, ValueKind.Number) => true,
        (ValueKind.Record, ValueKind.Map) or (ValueKind.Map, ValueKind.Map) => true,
        (ValueKind.List, ValueKind.List) => Item!.Fits(target.Item!),
        (ValueKind.Record, ValueKind.Record) => target.Fields.All(wanted =>
            Fields.FirstOrDefault(f => f.Name == wanted.Name) is { } field ? field.Type.Fits(wanted.Type) : !wanted.Required),
        var (mine, wanted) => mine == wanted,
    };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ValueKind.List => $"list of {Item}",
        ValueKind.Record => $"record {{{string.Join(", ", Fields.Select(f => f.Name))}}}",
        ValueKind.Whole => "whole number",
        ValueKind.Truth => "true or false",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}

/// <summary>One field of a step's input or output.</summary>
/// <param name="Name">Spelling in JSON and YAML, snake_case.</param>
/// <param name="Type">Its type.</param>
/// <param name="Required">Whether <c>with:</c> must give it.</param>
public sealed record StepField(string Name, FieldType Type, bool Required)
{
    /// <summary>What stands where <c>with:</c> does not give it; null is "not set".</summary>
    public JsonNode? Default { get; init; }
}

/// <summary>The only words that a text field of an input takes, or the items of a list of texts.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class WordsAttribute(params string[] words) : Attribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; } = words;
}

/// <summary>Reads the fields of a record, so that workflows are checked against the step kinds when they are loaded.</summary>
public static class StepFields
{
    /// <summary>Type of a C# type in workflow files.</summary>
    public static FieldType TypeOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => FieldType.Of(ValueKind.Text),
            _ when type.IsEnum => FieldType.Of(ValueKind.Text) with { Choices = [.. Enum.GetNames(type).Select(StepJson.NameOf)] },
            _ when type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(ContentHash) || type == typeof(Engine.RunId)
                => FieldType.Of(ValueKind.Text),
            _ when type == typeof(int) || type == typeof(long) => FieldType.Of(ValueKind.Whole),
            _ when type == typeof(double) || type == typeof(decimal) || type == typeof(float) => FieldType.Of(ValueKind.Number),
            _ when type == typeof(bool) => FieldType.Of(ValueKind.Truth),
            _ when type == typeof(JsonObject) || Dictionary(type) => FieldType.Of(ValueKind.Map),
            _ when type == typeof(JsonNode) || type == typeof(object) => FieldType.Any,
            _ when type == typeof(JsonArray) => FieldType.ListOf(FieldType.Any),
            _ when type.IsArray => FieldType.ListOf(TypeOf(type.GetElementType()!)),
            _ when typeof(IEnumerable).IsAssignableFrom(type) && type.IsGenericType => FieldType.ListOf(TypeOf(type.GetGenericArguments()[0])),
            _ => new(ValueKind.Record, null, Of(type)) { Record = type },
        };
    }

    /// <summary>Fields of a record type: the parameters of its constructor, and its settable properties besides.</summary>
    public static IReadOnlyList<StepField> Of(Type record)
    {
        ParameterInfo[] parameters = record.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()?.GetParameters() ?? [];
        var fields = parameters.Select(p => new StepField(StepJson.NameOf(p.Name!), TypeOf(p), !p.HasDefaultValue)
        {
            Default = p is { HasDefaultValue: true, DefaultValue: { } value } ? JsonSerializer.SerializeToNode(value, p.ParameterType, StepJson.Options) : null,
        }).ToList();
        foreach (PropertyInfo property in record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            string name = StepJson.NameOf(property.Name);
            if (fields.All(f => f.Name != name))
            {
                bool required = property.CustomAttributes.Any(a => a.AttributeType.Name == "RequiredMemberAttribute");
                fields.Add(new(name, TypeOf(property.PropertyType), required));
            }
        }

        return fields;
    }

    // The words of a text field that is no enum stand beside it.
    private static FieldType TypeOf(ParameterInfo parameter)
    {
        FieldType type = TypeOf(parameter.ParameterType);
        return parameter.GetCustomAttribute<WordsAttribute>() is not { } words ? type
            : type.Kind == ValueKind.List ? FieldType.ListOf(type.Item! with { Choices = words.Words }) : type with { Choices = words.Words };
    }

    private static bool Dictionary(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is { } open
        && (open == typeof(IReadOnlyDictionary<,>) || open == typeof(IDictionary<,>) || open == typeof(Dictionary<,>) || open == typeof(SortedDictionary<,>));
}
