using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
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
                    $"Use some of: {string.Join(", ", workflow.Parameters.Select(p => p.Name))}.", ExitCode.BadUsage));
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

            complete[parameter.Name] = (isGiven ? value : parameter.Default)?.DeepClone();
        }

        return problems.Count == 0 ? complete : throw new ProblemException(problems);
    }

    /// <summary>A value from the command line, <c>--param select=3</c>.</summary>
    /// <exception cref="ProblemException">WFL-1013: the text is no value of the parameter's type.</exception>
    public static JsonNode? FromText(ParameterSpec parameter, string text)
    {
        try
        {
            return parameter.Type switch
            {
                ParameterType.Int or ParameterType.Number or ParameterType.Bool or ParameterType.Map => JsonNode.Parse(text),
                _ => JsonValue.Create(text),
            };
        }
        catch (JsonException)
        {
            throw new ProblemException(WorkflowCodes.BadParameter, $"The parameter '{parameter.Name}' is no {StepJson.NameOf(parameter.Type.ToString())}: '{text}'.",
                parameter.Name, Remedy(parameter), ExitCode.BadUsage);
        }
    }

    private static string Remedy(ParameterSpec parameter) => parameter.Help ?? $"Give {parameter.Name} a value of type {StepJson.NameOf(parameter.Type.ToString())}.";

    /// <summary>Type of a parameter's value in expressions.</summary>
    internal static FieldType TypeOf(ParameterType type) => FieldType.Of(type switch
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
        bool fits = parameter.Type switch
        {
            ParameterType.Int => number is { } whole && whole == Math.Floor(whole) && Math.Abs(whole) <= int.MaxValue,
            ParameterType.Number => number is not null,
            ParameterType.Bool => kind is JsonValueKind.True or JsonValueKind.False,
            ParameterType.Map => kind == JsonValueKind.Object,
            ParameterType.Date => kind == JsonValueKind.String
                && DateOnly.TryParseExact(value.GetValue<string>(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => kind == JsonValueKind.String && value.GetValue<string>().Length is > 0 and <= 200,
        };
        string shown = value.ToJsonString();
        string form = parameter.Type switch
        {
            ParameterType.Int => "must be a whole number",
            ParameterType.Number => "must be a number",
            ParameterType.Bool => "must be true or false",
            ParameterType.Map => "must be a map",
            ParameterType.Date => "must be a date such as 2024-07-01",
            _ => "must be a text of 1 to 200 characters",
        };
        return !fits ? $"{form}, was {(shown.Length <= 60 ? shown : shown[..60] + "…")}"
            : number < parameter.Min ? $"must be at least {parameter.Min?.ToString(CultureInfo.InvariantCulture)}, was {shown}"
            : number > parameter.Max ? $"must be at most {parameter.Max?.ToString(CultureInfo.InvariantCulture)}, was {shown}"
            : null;
    }
}
