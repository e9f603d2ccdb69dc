using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>The names that expressions of a run can use: <c>params</c>, <c>steps.*.outputs</c>, <c>run</c>, and the item of
/// <c>for_each</c>.</summary>
internal sealed class RunNames(RunState state)
{
    private string? itemName;
    private JsonNode? item;

    /// <summary>The fields of <c>run</c>.</summary>
    public static IReadOnlyList<string> RunFields { get; } = ["id", "as_of", "seed", "workflow", "version", "requested_by"];

    /// <summary>The same names with an item of <c>for_each</c>.</summary>
    public RunNames With(string name, JsonNode? value) => new(state) { itemName = name, item = value };

    /// <summary>The value behind a dotted name.</summary>
    public JsonNode? Lookup(IReadOnlyList<string> path)
    {
        (JsonNode? value, int used) = path switch
        {
            [var first, ..] when first == itemName => (item, 1),
            ["params", var name, ..] => (state.Request.Parameters.TryGetPropertyValue(name, out JsonNode? given) ? given : null, 2),
            ["steps", var step, "outputs", ..] when state.Definition.Has(step) => (state.Step(step).Outputs, 3),
            ["run", var name] => (RunField(name), 2),
            _ => throw new ExpressionException($"there is no '{string.Join('.', path)}'"),
        };
        for (int i = used; i < path.Count; i++)
        {
            value = ExpressionValue.Field(value, path[i]);
        }

        return value;
    }

    private JsonNode? RunField(string name) => name switch
    {
        "id" => JsonValue.Create(state.Id.Value),
        "as_of" => JsonSerializer.SerializeToNode(state.Request.AsOfUtc, StepJson.Options),
        "seed" => JsonValue.Create(state.Request.Seed),
        "workflow" => JsonValue.Create(state.Definition.Id),
        "version" => JsonValue.Create(state.Definition.Version),
        "requested_by" => JsonValue.Create(state.Request.RequestedBy),
        _ => throw new ExpressionException($"run has no '{name}'"),
    };
}
