using System.Globalization;
using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Clients;

/// <summary>An operation of the interface as methods of the client.</summary>
internal static class CSharpOperation
{
    private static readonly string[] Taken = ["body", "into", "idempotencyKey", "lastEventId", "ct"];

    /// <summary>Its methods: one, and one more where the same columns come as a file.</summary>
    public static IEnumerable<string> Declare(CSharpClient.Operation operation)
    {
        string name = CSharpNames.Type(operation.Name);
        if (operation.IsStream)
        {
            return Method(operation, $"IAsyncEnumerable<SigmatiqEvent> {name}Async", ["string? lastEventId = null"], "WatchAsync({0}, lastEventId, ct)");
        }

        if (operation.IsText)
        {
            return Method(operation, $"Task<string> {name}Async", [], "TextAsync({0}, ct)");
        }

        IEnumerable<string> called = operation.Method == "get" ? Read(operation, name) : Write(operation, name);
        return operation.IsFile
            ? called.Concat(Method(operation, $"Task {name}ParquetAsync", ["Stream into"], "FileAsync({0}, into, ct)", " As a Parquet file, written into a stream."))
            : called;
    }

    private static IEnumerable<string> Read(CSharpClient.Operation operation, string name)
    {
        string type = CSharpTypes.Of(operation.Answer);
        return operation.IsPaged
            ? Method(operation, $"Task<SigmatiqPage<{ItemOf(operation.Answer!)}>> {name}Async", [], $"PageAsync<{ItemOf(operation.Answer!)}>({{0}}, ct)")
            : Method(operation, $"Task<{type}> {name}Async", [], $"GetAsync<{type}>({{0}}, ct)");
    }

    private static IEnumerable<string> Write(CSharpClient.Operation operation, string name)
    {
        string verb = CSharpNames.Literal(operation.Method.ToUpperInvariant());
        string? body = operation.Body is null ? null : CSharpTypes.Of(operation.Body);
        string[] further = body is null ? ["string? idempotencyKey = null"] : [operation.IsBodyRequired ? $"{body} body" : $"{CSharpTypes.Nullable(body)} body = null", "string? idempotencyKey = null"];
        string given = body is null ? "null" : "body";
        bool keeps = operation.Parameters.Any(p => p["name"]!.GetValue<string>() == "Idempotency-Key");
        string key = keeps ? "idempotencyKey ?? newKey()" : "null";
        further = keeps ? further : further[..^1];
        string? type = operation.Answer is null ? null : CSharpTypes.Of(operation.Answer);
        return type is null
            ? Method(operation, $"Task {name}Async", further, $"SendAsync({verb}, {{0}}, {given}, {key}, ct)")
            : Method(operation, $"Task<{type}> {name}Async", further, $"SendAsync<{type}>({verb}, {{0}}, {given}, {key}, ct)");
    }

    private static string ItemOf(JsonObject list) => CSharpTypes.Of(list["items"] as JsonObject);

    private static IEnumerable<string> Method(CSharpClient.Operation operation, string signature, IReadOnlyList<string> further, string call, string more = "")
    {
        JsonObject[] path = [.. operation.Parameters.Where(p => In(p, "path"))], query = [.. operation.Parameters.Where(p => In(p, "query"))];
        IReadOnlyList<string> names = CSharpNames.Distinct(path.Concat(query).Select(NameOf), CSharpNames.Parameter, Taken);
        string[] mustBeGiven = [.. path.Select((p, i) => $"{CSharpTypes.Of(p["schema"] as JsonObject)} {names[i]}"), .. further.Where(f => !f.Contains(" = ", StringComparison.Ordinal))];
        string[] mayBeGiven =
        [
            .. query.Select((p, i) => $"{CSharpTypes.Nullable(CSharpTypes.Of(p["schema"] as JsonObject))} {names[path.Length + i]} = null"),
            .. further.Where(f => f.Contains(" = ", StringComparison.Ordinal)), "CancellationToken ct = default",
        ];

        yield return $"/// <summary>{CSharpNames.Comment(operation.Summary.TrimEnd('.'))}.{more}</summary>";
        for (int i = 0; i < names.Count; i++)
        {
            string said = (i < path.Length ? path[i] : query[i - path.Length])["description"]?.GetValue<string>() ?? "As the interface describes it.";
            yield return $"/// <param name=\"{names[i].TrimStart('@')}\">{CSharpNames.Comment(said)}</param>";
        }

        if (operation.Description is { } description)
        {
            yield return $"/// <remarks>{CSharpNames.Comment(description)}</remarks>";
        }

        yield return $"public {signature}({string.Join(", ", mustBeGiven.Concat(mayBeGiven))}) =>";
        yield return $"    {string.Format(CultureInfo.InvariantCulture, call, Address(operation.Path, path, query, names))};";
        yield return "";
    }

    // "/runs/{run}" → Address($"runs/{Segment(run)}", ("limit", limit)).
    private static string Address(string template, JsonObject[] path, JsonObject[] query, IReadOnlyList<string> names)
    {
        string written = template.TrimStart('/');
        for (int i = 0; i < path.Length; i++)
        {
            written = written.Replace($"{{{NameOf(path[i])}}}", $"{{Segment({names[i]})}}", StringComparison.Ordinal);
        }

        IEnumerable<string> asked = query.Select((q, i) => $", ({CSharpNames.Literal(NameOf(q))}, {names[path.Length + i]})");
        return $"Address($\"{written}\"{string.Concat(asked)})";
    }

    private static bool In(JsonObject parameter, string place) => parameter["in"]!.GetValue<string>() == place;

    private static string NameOf(JsonObject parameter) => parameter["name"]!.GetValue<string>();
}
