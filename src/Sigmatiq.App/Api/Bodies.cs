using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.App.Api;

/// <summary>Reads the JSON body of a request.</summary>
internal static class Bodies
{
    // What somebody gives as the reason of a decision, whatever the decision is.
    private static readonly string[] Reasons = ["reason", "notes"];

    /// <summary>The refusal of a body that is not called JSON.</summary>
    public static Problem NotJson(HttpRequest request) => new(
        "APP-2011", $"The body must be application/json, was '{request.ContentType}'.", "Content-Type", "Send Content-Type: application/json, also with an empty body.", ExitCode.BadUsage);

    /// <summary>The body as JSON.</summary>
    /// <exception cref="ProblemException">APP-2011: it is not JSON. APP-1163: a reason is too long.</exception>
    public static async Task<JsonNode?> JsonAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasJsonContentType())
        {
            throw new ProblemException(NotJson(request));
        }

        try
        {
            return Short(await JsonNode.ParseAsync(request.Body, null, JsonText.Strict, ct));
        }
        catch (JsonException e)
        {
            throw new ProblemException("APP-2011", $"The body cannot be read: {e.Message}", e.LineNumber is { } line ? $"line {line + 1}" : "body", "Correct it there.", ExitCode.BadUsage);
        }
    }

    private static JsonNode? Short(JsonNode? body)
    {
        foreach (string key in body is JsonObject ? Reasons : [])
        {
            if (body.Text(key) is { } reason && VoteReason.LengthOf(reason) is > VoteReason.Most and var length)
            {
                throw new ProblemException("APP-1163", $"The reason has {length} characters, there is room for {VoteReason.Most}.", key, "Say it shorter.", ExitCode.BadUsage);
            }
        }

        return body;
    }

    /// <summary>Why somebody decides something, as the body says.</summary>
    /// <param name="body">The body.</param>
    /// <param name="what">What needs a reason, as a sentence begins with it.</param>
    /// <exception cref="ProblemException">The code of a missing reason: it is left out or blank.</exception>
    public static string ReasonOf(JsonNode? body, string what) => body.Text("reason") is { } reason && !string.IsNullOrWhiteSpace(reason) ? reason
        : throw new ProblemException(WorkflowCodes.ReasonMissing, $"{what} needs a reason.", "reason", "Say why; it is kept.", ExitCode.BadUsage);

    /// <summary>The body as an object with none but the given keys: a slip in a key would otherwise do something else than was meant.</summary>
    /// <exception cref="ProblemException">APP-2011: it is not JSON. APP-2021: it is no object, or has another key.</exception>
    public static async Task<JsonObject> ObjectAsync(HttpRequest request, string[] keys, CancellationToken ct)
    {
        string known = keys is [var only] ? $"'{only}'" : $"some of {string.Join(", ", keys.Select(k => $"'{k}'"))}";
        JsonNode? body = await JsonAsync(request, ct);
        if (body is not JsonObject map)
        {
            throw new ProblemException("APP-2021", $"The body must be an object, was {body?.GetValueKind().ToString().ToLowerInvariant() ?? "null"}.", "body", $"Send an object with {known}; {{}} where nothing is to be said.", ExitCode.BadUsage);
        }

        return map.Select(p => p.Key).Except(keys, StringComparer.Ordinal).FirstOrDefault() is { } other
            ? throw new ProblemException("APP-2021", $"There is no key '{other}' here.", other, $"Use {known}.", ExitCode.BadUsage)
            : map;
    }
}
