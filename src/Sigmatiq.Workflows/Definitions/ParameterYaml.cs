using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Reads one entry of <c>parameters:</c>; a <see cref="ParameterSpec"/> in hand has a default within its own range.</summary>
internal static class ParameterYaml
{
    /// <summary>The words after <c>type:</c>.</summary>
    public static IReadOnlyDictionary<string, ParameterType> Types { get; } =
        Enum.GetValues<ParameterType>().ToDictionary(t => StepJson.NameOf(t.ToString()), StringComparer.Ordinal);

    /// <summary>Types that items of a list can have.</summary>
    public static IReadOnlyDictionary<string, ParameterType> ItemTypes { get; } =
        Types.Where(t => t.Value is not (ParameterType.List or ParameterType.Map)).ToDictionary(StringComparer.Ordinal);

    /// <summary>Reads a parameter; <paramref name="problems"/> says what is wrong.</summary>
    public static ParameterSpec Read(string name, YamlNode node, YamlProblems problems)
    {
        var map = new YamlMapReader(node, problems, $"parameters.{name}");
        ParameterType type = map.OneOf("type", Types);
        ParameterType items = map.OneOf("items", ItemTypes, ParameterType.Text);
        bool hasDefault = node is YamlMap found && found.Find("default") is not null;
        JsonNode? standard = map.Optional("default")?.ToJson();
        var parameter = new ParameterSpec(name, type, !hasDefault, standard, Bound(map, "min", type), Bound(map, "max", type), map.OptionalText("help"))
        {
            Items = items, Earliest = Day(map, "min", type), Latest = Day(map, "max", type),
            OneOf = [.. map.OptionalList("one_of").Select(c => c.ToJson()).OfType<JsonNode>()],
        };
        map.Close();
        Check(map, parameter);
        return parameter;
    }

    private static void Check(YamlMapReader map, ParameterSpec parameter)
    {
        YamlProblems problems = map.Problems;
        if (map.Has("items") && parameter.Type != ParameterType.List)
        {
            problems.Add(WorkflowCodes.BadValue, map.PlaceOf("items"), $"{parameter.Name} is no list and has no items.", "Write type: list, or remove items.");
        }

        if (parameter.Min > parameter.Max || parameter.Earliest > parameter.Latest)
        {
            problems.Add(WorkflowCodes.BadValue, map.PlaceOf("min"), $"The range of {parameter.Name} is empty.", "Write a min that is not above max.");
            return;
        }

        if (map.Has("one_of"))
        {
            OneOf(map, parameter);
        }

        if (parameter.Default is { } standard && RunParameters.Complaint(parameter, standard) is { } complaint)
        {
            problems.Add(WorkflowCodes.TypeMismatch, map.PlaceOf("default"), $"The default of {parameter.Name} {complaint}.", "Correct the default, the type or the range.");
        }
    }

    private static void OneOf(YamlMapReader map, ParameterSpec parameter)
    {
        if (parameter.Type is ParameterType.Map or ParameterType.List or ParameterType.Bool || parameter.OneOf.Count == 0)
        {
            map.Problems.Add(WorkflowCodes.BadValue, map.PlaceOf("one_of"), $"one_of of {parameter.Name} has nothing to choose from.",
                "List one value or more of a type other than bool, list and map.");
            return;
        }

        ParameterSpec free = parameter with { OneOf = [] };
        foreach (JsonNode choice in parameter.OneOf)
        {
            if (RunParameters.Complaint(free, choice) is { } complaint)
            {
                map.Problems.Add(WorkflowCodes.TypeMismatch, map.PlaceOf("one_of"), $"A choice of {parameter.Name} {complaint}.", "Correct the choice, the type or the range.");
            }
        }
    }

    // A range means values of numbers and dates, and the count of lists.
    private static double? Bound(YamlMapReader map, string key, ParameterType type)
    {
        if (type == ParameterType.Date)
        {
            return null;
        }

        double? bound = map.OptionalNumber(key);
        if (bound is not null && type is not (ParameterType.Int or ParameterType.Number or ParameterType.List))
        {
            map.Problems.Add(WorkflowCodes.BadValue, map.PlaceOf(key), $"A {StepJson.NameOf(type.ToString())} has no {key}.", "Remove it, or name a type with an order: int, number, date, list.");
            return null;
        }

        return bound;
    }

    private static DateOnly? Day(YamlMapReader map, string key, ParameterType type)
    {
        if (type != ParameterType.Date || map.OptionalText(key) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
        {
            return date;
        }

        map.Problems.Add(WorkflowCodes.TypeMismatch, map.PlaceOf(key), $"{map.What}.{key} must be a date, was '{(text.Length <= 60 ? text : text[..60] + "…")}'.", "Write it as 2024-01-01.");
        return null;
    }
}
