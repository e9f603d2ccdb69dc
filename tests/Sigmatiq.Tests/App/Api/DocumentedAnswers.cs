using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Holds every answer that any test gets against <c>docs/openapi.json</c>: its status is documented, its body has the documented shape, and no
/// key that the document does not know.</summary>
internal sealed class DocumentedAnswers : DelegatingHandler
{
    private static readonly Lazy<JsonObject> Read = new(() => JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "openapi.json")))!.AsObject());

    private static readonly Lazy<(Regex Path, bool IsLiteral, JsonObject Operations)[]> Routes = new(() =>
    [
        .. Document["paths"]!.AsObject().Select(p => (
            new Regex("^" + Regex.Replace(Regex.Escape(p.Key), @"\\\{[^}]+}", "[^/]+") + "$"), !p.Key.Contains('{'), p.Value!.AsObject())).OrderByDescending(p => p.Item2),
    ]);

    public DocumentedAnswers(HttpMessageHandler inner) => InnerHandler = inner;

    public static JsonObject Document => Read.Value;

    /// <summary>A part of the document, or what it refers to.</summary>
    public static JsonNode Resolved(JsonNode part) => part["$ref"] is not { } reference ? part
        : reference.GetValue<string>().Split('/')[1..].Aggregate((JsonNode)Document, (at, key) => at[key] ?? throw new InvalidOperationException($"There is no {reference}."));

    /// <summary>What of a value is not as its schema says; empty where all is.</summary>
    public static IEnumerable<string> Differences(JsonNode? schema, JsonNode? value, string at = "$")
    {
        if (schema?["$ref"] is { } reference)
        {
            string name = reference.GetValue<string>().Split('/')[^1];
            return Differences(Document["components"]!["schemas"]![name] ?? throw new InvalidOperationException($"There is no schema {name}."), value, at);
        }

        if (schema?["oneOf"] is JsonArray either)
        {
            string[][] each = [.. either.Select(s => Differences(s, value, at).ToArray())];
            return each.Any(e => e.Length == 0) ? [] : each.MinBy(e => e.Length)!;
        }

        string[] types = schema?["type"] switch
        {
            JsonArray several => [.. several.Select(t => t!.GetValue<string>())],
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
        string kind = value is null ? "null" : value.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => value.ToJsonString().AsSpan().IndexOfAny(".eE") < 0 ? "integer" : "number",
        };
        if (types.Length > 0 && !types.Contains(kind) && !(kind == "integer" && types.Contains("number")))
        {
            return [$"{at} is {kind}, not {string.Join(" or ", types)}"];
        }

        return value switch
        {
            JsonArray list when schema?["items"] is { } items => list.SelectMany((item, i) => Differences(items, item, $"{at}[{i}]")),
            JsonObject map => OfObject(schema, map, at),
            _ => [],
        };
    }

    private static IEnumerable<string> OfObject(JsonNode? schema, JsonObject map, string at)
    {
        JsonObject properties = schema?["properties"] as JsonObject ?? [];
        foreach (JsonNode? required in schema?["required"] as JsonArray ?? [])
        {
            if (!map.ContainsKey(required!.GetValue<string>()))
            {
                yield return $"{at} has no {required}";
            }
        }

        foreach (var (key, value) in map)
        {
            JsonNode? of = properties[key] ?? schema?["additionalProperties"];
            if (of is null && properties.Count > 0)
            {
                yield return $"{at} has {key}, which the document does not know";
            }

            foreach (string difference in of is null ? [] : Differences(of, value, $"{at}.{key}"))
            {
                yield return difference;
            }
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        HttpResponseMessage answer = await base.SendAsync(request, ct);
        string path = request.RequestUri!.AbsolutePath;
        path = path.StartsWith("/api/", StringComparison.Ordinal) ? path[4..] : path;
        string? type = answer.Content.Headers.ContentType?.MediaType;
        // What the listener itself refuses, an address that is none, never comes to a route.
        if (type == "text/html" || (type is null && answer.StatusCode == System.Net.HttpStatusCode.BadRequest) || Routes.Value.FirstOrDefault(r => r.Path.IsMatch(path)).Operations?[request.Method.Method.ToLowerInvariant()] is not JsonObject operation)
        {
            return answer;
        }

        string shown = $"{request.Method} {path} answers {(int)answer.StatusCode} {type}";
        JsonNode documented = operation["responses"]![((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture)]
            ?? ((int)answer.StatusCode >= 400 ? operation["responses"]!["default"] : null) ?? throw new InvalidOperationException($"{shown}, which docs/openapi.json does not know.");
        documented = Resolved(documented);
        if (documented["content"] is not JsonObject content)
        {
            return answer;
        }

        JsonNode media = content[type ?? ""] ?? throw new InvalidOperationException($"{shown}; docs/openapi.json has {string.Join(", ", content.Select(c => c.Key))}.");
        if (type is "application/json" or "application/problem+json")
        {
            await answer.Content.LoadIntoBufferAsync(ct);
            string[] differences = [.. Differences(media["schema"], JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct))).Take(5)];
            if (differences.Length > 0)
            {
                throw new InvalidOperationException($"{shown}, but not as docs/openapi.json says: {string.Join("; ", differences)}.");
            }
        }

        return answer;
    }
}
