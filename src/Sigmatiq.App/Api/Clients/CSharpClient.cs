using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Clients;

/// <summary>The interface as one C# file: a record for each shape, a method for each operation, nothing needed beside .NET.</summary>
internal static class CSharpClient
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    /// <summary>The file for an OpenAPI document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="space">Namespace of what it declares.</param>
    public static string Of(JsonObject document, string space)
    {
        document = document.DeepClone().AsObject();
        JsonObject schemas = document["components"]!["schemas"]!.AsObject();
        InlinePlain(document, schemas);
        Operation[] operations =
        [
            .. document["paths"]!.AsObject().SelectMany(path => Methods.Where(m => path.Value![m] is not null)
                    .Select(m => new Operation(path.Key, m, path.Value![m]!.AsObject(), document)))
                .OrderBy(o => o.Name, StringComparer.Ordinal),
        ];
        string[] leftOut = [.. operations.Where(o => !o.CanBeCalled).Select(o => o.Name)];
        return Frame()
            .Replace("{namespace}", space, StringComparison.Ordinal)
            .Replace("{left_out}", leftOut.Length == 0 ? "none" : string.Join(", ", leftOut), StringComparison.Ordinal)
            .Replace("{operations}", Lines(operations.Where(o => o.CanBeCalled).SelectMany(CSharpOperation.Declare), "    "), StringComparison.Ordinal)
            .Replace("{shapes}", Lines(schemas.Where(s => s.Value!["properties"] is not null).SelectMany(s => CSharpTypes.Declare(s.Key, s.Value!.AsObject())), ""), StringComparison.Ordinal);
    }

    // A name for a plain value, such as one word of a few, is that value: only what has properties becomes a record.
    private static void InlinePlain(JsonNode? at, JsonObject schemas)
    {
        IEnumerable<JsonNode?> below = at switch { JsonObject o => o.Select(p => p.Value), JsonArray a => a, _ => [] };
        foreach (JsonNode? child in below.ToArray())
        {
            if (child is JsonObject { Count: > 0 } schema && schema["$ref"] is JsonValue reference && reference.GetValue<string>() is var path
                && path.StartsWith("#/components/schemas/", StringComparison.Ordinal) && schemas[path.Split('/')[^1]] is JsonObject named && named["properties"] is null)
            {
                schema.ReplaceWith(named.DeepClone());
            }
            else
            {
                InlinePlain(child, schemas);
            }
        }
    }

    // What does not depend on the document.
    private static string Frame()
    {
        using Stream stream = typeof(CSharpClient).Assembly.GetManifestResourceStream("Sigmatiq.App.Api.Clients.SigmatiqClient.txt")
            ?? throw new InvalidOperationException("The frame of the client is not built into the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Lines(IEnumerable<string> lines, string indent) => string.Join('\n', lines.Select(l => l.Length == 0 ? "" : indent + l)).TrimEnd();

    /// <summary>One operation of the document with what it takes and answers.</summary>
    internal sealed class Operation
    {
        private readonly JsonObject document;

        public Operation(string path, string method, JsonObject described, JsonObject document)
        {
            this.document = document;
            Path = path;
            Method = method;
            Summary = described["summary"]?.GetValue<string>() ?? "";
            Description = described["description"]?.GetValue<string>();
            Name = described["operationId"]!.GetValue<string>();
            Parameters = [.. (described["parameters"] as JsonArray ?? []).Select(p => Resolved(p!.AsObject()))];
            JsonObject? body = described["requestBody"] is JsonObject given ? Resolved(given) : null;
            Body = SchemaOf(body?["content"]?.AsObject(), "application/json");
            IsBodyRequired = body?["required"]?.GetValue<bool>() == true;
            JsonObject? answer = described["responses"]!.AsObject().Where(r => r.Key[0] == '2').Select(r => Resolved(r.Value!.AsObject())).FirstOrDefault();
            JsonObject? content = answer?["content"]?.AsObject();
            Answer = SchemaOf(content, "application/json");
            IsFile = content?["application/vnd.apache.parquet"] is not null;
            IsStream = content?["text/event-stream"] is not null;
            IsText = content?["text/plain"] is not null;
            IsPaged = answer?["headers"]?["X-Next-Cursor"] is not null;
            CanBeCalled = answer is not null && (body is null || Body is not null);
        }

        public string Path { get; }

        public string Method { get; }

        public string Name { get; }

        public string Summary { get; }

        public string? Description { get; }

        public IReadOnlyList<JsonObject> Parameters { get; }

        public JsonObject? Body { get; }

        public bool IsBodyRequired { get; }

        public JsonObject? Answer { get; }

        public bool IsFile { get; }

        public bool IsStream { get; }

        public bool IsText { get; }

        public bool IsPaged { get; }

        /// <summary>Whether a program calls it: forms are for pages.</summary>
        public bool CanBeCalled { get; }

        private JsonObject Resolved(JsonObject thing)
        {
            if (thing["$ref"] is not JsonValue reference)
            {
                return thing;
            }

            JsonNode at = document;
            foreach (string key in reference.GetValue<string>().Split('/').Skip(1))
            {
                at = at[key]!;
            }

            return at.AsObject();
        }

        private static JsonObject? SchemaOf(JsonObject? content, string type) => content?[type] is JsonObject found ? found["schema"] as JsonObject ?? [] : null;
    }
}
