using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Fits what a caller gives to what a workflow asks for.</summary>
public static class RunParameters
{
    /// <summary>Every parameter with its value: given, else default.</summary>
    /// <exception cref="ProblemException">WFL-1006: there is no such parameter. WFL-1013: a value does not fit or is missing.</exception>
    public static JsonObject Complete(WorkflowDefinition workflow, JsonObject given)
    {
        List<Problem> problems = [];
        foreach (var (name, _) in given)
        {
            if (workflow.Parameters.All(p => p.Name != name))
            {
                problems.Add(new(WorkflowCodes.UnknownParameter, $"{workflow.Id} has no parameter '{name}'.", name,
                    Names.Remedy(workflow.Parameters.Select(p => p.Name), "It has no parameters."), ExitCode.BadUsage));
            }
        }

        JsonObject complete = [];
        foreach (ParameterSpec parameter in workflow.Parameters)
        {
            bool isGiven = given.TryGetPropertyValue(parameter.Name, out JsonNode? value);
            if (!isGiven && parameter.Required)
            {
                problems.Add(new(WorkflowCodes.BadParameter, $"The parameter '{parameter.Name}' is missing.", parameter.Name, Remedy(parameter), ExitCode.BadUsage));
            }
            else if (isGiven && value is not null && Complaint(parameter, value) is { } complaint)
            {
                problems.Add(new(WorkflowCodes.BadParameter, $"The parameter '{parameter.Name}' {complaint}.", parameter.Name, Remedy(parameter), ExitCode.BadUsage));
            }

            complete[parameter.Name] = Normal(parameter.Type, parameter.Items, isGiven ? value : parameter.Default);
        }

        return problems.Count == 0 ? complete : throw new ProblemException(problems);
    }

    // A ticker is one however it is written: whatever goes by it, a group or a key, would else take it for two.
    private static JsonNode? Normal(ParameterType type, ParameterType items, JsonNode? value) => value switch
    {
        JsonArray list when type == ParameterType.List && items == ParameterType.Symbol => new JsonArray([.. list.Select(item => Normal(items, items, item))]),
        JsonValue one when type == ParameterType.Symbol && one.TryGetValue(out string? text) && Symbol.TryParse(text, out Symbol symbol) => JsonValue.Create(symbol.Value),
        _ => value?.DeepClone(),
    };

    /// <summary>A value from the command line, <c>--param select=3</c>.</summary>
    /// <exception cref="ProblemException">WFL-1013: the text is no value of the parameter's type.</exception>
    public static JsonNode? FromText(ParameterSpec parameter, string text)
    {
        try
        {
            return parameter.Type switch
            {
                ParameterType.Int or ParameterType.Number or ParameterType.Bool or ParameterType.Map => JsonNode.Parse(text),
                ParameterType.List when text.StartsWith('[') => JsonNode.Parse(text),
                ParameterType.List => new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(item => FromText(parameter with { Type = parameter.Items }, item))]),
                _ => JsonValue.Create(text),
            };
        }
        catch (JsonException)
        {
            throw new ProblemException(WorkflowCodes.BadParameter, $"The parameter '{parameter.Name}' {FormOf(parameter.Type)}, was '{text}'.",
                parameter.Name, Remedy(parameter), ExitCode.BadUsage);
        }
    }

    private static string Remedy(ParameterSpec parameter)
    {
        string type = StepJson.NameOf(parameter.Type.ToString()) + (parameter.Type == ParameterType.List ? $" of {StepJson.NameOf(parameter.Items.ToString())}" : "");
        return parameter.Help is { } help ? $"{parameter.Name} ({type}): {help.TrimEnd('.')}." : $"{parameter.Name} takes a value of type {type}.";
    }

    /// <summary>Type of a parameter's value in expressions.</summary>
    internal static FieldType TypeOf(ParameterSpec parameter) => parameter.Type == ParameterType.List ? FieldType.ListOf(TypeOf(parameter.Items)) : TypeOf(parameter.Type);

    private static FieldType TypeOf(ParameterType type) => FieldType.Of(type switch
    {
        ParameterType.Int => ValueKind.Whole,
        ParameterType.Number => ValueKind.Number,
        ParameterType.Bool => ValueKind.Truth,
        ParameterType.Map => ValueKind.Map,
        _ => ValueKind.Text,
    });

    /// <summary>What is wrong with a value, as the end of a sentence; null when nothing is.</summary>
    internal static string? Complaint(ParameterSpec parameter, JsonNode value)
    {
        JsonValueKind kind = value.GetValueKind();
        double? number = kind == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;
        string? text = kind == JsonValueKind.String ? value.GetValue<string>() : null;
        DateOnly date = default;
        bool fits = parameter.Type switch
        {
            ParameterType.Int => number is { } whole && whole == Math.Floor(whole) && Math.Abs(whole) <= int.MaxValue,
            ParameterType.Number => number is not null && double.IsFinite(number.Value),
            ParameterType.Bool => kind is JsonValueKind.True or JsonValueKind.False,
            ParameterType.Map => kind == JsonValueKind.Object,
            ParameterType.List => kind == JsonValueKind.Array,
            ParameterType.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date),
            ParameterType.Duration => text is not null && Duration.TryParse(text, out _),
            ParameterType.Instant => text is not null && Instants.TryParse(text, out _),
            ParameterType.Symbol => text is not null && Symbol.TryParse(text, out _),
            _ => text?.Length is > 0 and <= 200,
        };
        string shown = value.ToJsonString();
        shown = shown.Length <= 60 ? shown : shown[..60] + "…";
        if (!fits)
        {
            return $"{FormOf(parameter.Type)}, was {shown}";
        }

        if (value is JsonArray list)
        {
            ParameterSpec item = parameter with { Type = parameter.Items, Min = null, Max = null };
            return list.Select(v => v is null ? "has an item of nothing" : Complaint(item, v)).FirstOrDefault(c => c is not null) is { } wrong ? $"has an item that {wrong}"
                : OutOfRange(parameter, list.Count, string.Create(CultureInfo.InvariantCulture, $"{list.Count} items"), " items");
        }

        string one = CanonicalJson.Text(value);
        return parameter.OneOf.Count > 0 && parameter.OneOf.All(c => CanonicalJson.Text(c) != one) ? $"must be one of {string.Join(", ", parameter.OneOf.Select(c => c.ToJsonString()))}, was {shown}"
            : parameter.Type == ParameterType.Date && date < parameter.Earliest ? $"must not be before {parameter.Earliest:yyyy-MM-dd}, was {shown}"
            : parameter.Type == ParameterType.Date && date > parameter.Latest ? $"must not be after {parameter.Latest:yyyy-MM-dd}, was {shown}"
            : number is { } given ? OutOfRange(parameter, given, shown, "") : null;
    }

    private static string? OutOfRange(ParameterSpec parameter, double value, string shown, string unit) =>
        value < parameter.Min ? $"must be at least {parameter.Min?.ToString(CultureInfo.InvariantCulture)}{unit}, was {shown}"
        : value > parameter.Max ? $"must be at most {parameter.Max?.ToString(CultureInfo.InvariantCulture)}{unit}, was {shown}"
        : null;

    private static string FormOf(ParameterType type) => type switch
    {
        ParameterType.Int => "must be a whole number",
        ParameterType.Number => "must be a number",
        ParameterType.Bool => "must be true or false",
        ParameterType.Map => "must be a map",
        ParameterType.List => "must be a list",
        ParameterType.Date => "must be a date such as 2024-07-01",
        ParameterType.Duration => "must be a duration such as 10m",
        ParameterType.Instant => "must be an instant such as 2024-07-01T14:30:00Z",
        ParameterType.Symbol => "must be a ticker such as SPY or BRK.B",
        _ => "must be a text of 1 to 200 characters",
    };
}
