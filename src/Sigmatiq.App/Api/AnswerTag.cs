using Microsoft.Net.Http.Headers;
using Sigmatiq.Store.Content;

namespace Sigmatiq.App.Api;

/// <summary>Names one answer by everything it depends on (<c>ETag</c>): whoever has it and says so (<c>If-None-Match</c>) is told that nothing changed, in place of
/// being sent it again.</summary>
public sealed class AnswerTag
{
    // Another program may write the same content otherwise.
    private static readonly string Program = typeof(AnswerTag).Module.ModuleVersionId.ToString("n");

    private readonly EntityTagHeaderValue value;

    private AnswerTag(EntityTagHeaderValue value) => this.value = value;

    /// <summary>The tag of what a request is answered with.</summary>
    /// <param name="request">Its query and what it accepts are part of it.</param>
    /// <param name="content">All else that the answer depends on.</param>
    public static AnswerTag Of(HttpRequest request, IEnumerable<string> content) => new(new EntityTagHeaderValue(
        $"\"{ContentHash.OfJson(new System.Text.Json.Nodes.JsonArray([Program, request.QueryString.Value, request.Headers.Accept.ToString(), .. content.Select(c => (System.Text.Json.Nodes.JsonNode?)c)])).Hex[..32]}\""));

    /// <summary>Whether the caller has this answer.</summary>
    public bool IsKnown(HttpRequest request) => request.GetTypedHeaders().IfNoneMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(value, useStrongComparison: false));

    /// <summary>Says it with an answer. It may be kept by the caller alone, and is asked for again each time.</summary>
    public void Say(HttpResponse response)
    {
        response.Headers.ETag = value.ToString();
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = "Accept, Cookie, Authorization";
    }
}

/// <summary>Status 304: the caller has the answer already.</summary>
/// <param name="tag">Which.</param>
public sealed class Unchanged(AnswerTag tag) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        tag.Say(httpContext.Response);
        return Task.CompletedTask;
    }
}
