using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api;

/// <summary>Writes once into the document what nearly every operation says alike: how it refuses, and the header of its key.</summary>
internal static class SharedParts
{
    private const string Problem = "application/problem+json";

    /// <summary>Puts them under <c>components</c> and a <c>$ref</c> in their places. What an operation says otherwise stays where it stands.</summary>
    public static void Share(JsonObject document)
    {
        JsonObject components = document["components"]!.AsObject(), responses = [], parameters = [];
        foreach (JsonObject operation in document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value).OfType<JsonObject>())
        {
            JsonObject answers = operation["responses"]!.AsObject();
            foreach (var (status, answer) in answers.Where(a => a.Value?["content"] is JsonObject { Count: 1 } content && content.ContainsKey(Problem)).ToArray())
            {
                answers[status] = Once(responses, "responses", status == "default" ? "OtherRefusal" : "Refusal" + status, answer!);
            }

            JsonArray taken = operation["parameters"] as JsonArray ?? [];
            for (int i = 0; i < taken.Count; i++)
            {
                if (taken[i]!["name"]?.GetValue<string>() == AnsweredOnce.KeyHeader)
                {
                    taken[i] = Once(parameters, "parameters", "IdempotencyKey", taken[i]!);
                }
            }
        }

        components["responses"] = responses;
        components["parameters"] = parameters;
    }

    private static JsonNode Once(JsonObject shared, string kind, string name, JsonNode part)
    {
        JsonNode copy = part.DeepClone();
        if (shared.TryAdd(name, copy) || JsonNode.DeepEquals(shared[name], copy))
        {
            return new JsonObject { ["$ref"] = $"#/components/{kind}/{name}" };
        }

        return copy;
    }
}
