using Microsoft.AspNetCore.Authorization;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>What the OpenAPI document says of a route besides what its types say.</summary>
/// <param name="Id">Verb and noun, e.g. <c>listRuns</c>; clients name their methods after it, so it stays.</param>
/// <param name="Tag">The resource it belongs to.</param>
/// <param name="Summary">What it does, in one line.</param>
public sealed record Operation(string Id, string Tag, string Summary)
{
    /// <summary>What there is to know besides; null without.</summary>
    public string? Description { get; init; }
}

/// <summary>A parameter of a query, path or header in words; the type of those that bind by themselves is text or whole number as said.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Description">What it means.</param>
/// <param name="Min">Least value of a whole number.</param>
/// <param name="Max">Greatest value of a whole number.</param>
/// <param name="Default">What is taken without it.</param>
/// <param name="Words">The words it may be; null takes any.</param>
public sealed record OperationParameter(string Name, string Description, long? Min = null, long? Max = null, string? Default = null, params string[] Words);

/// <summary>The body of a request by its shape, where the handler reads it by itself.</summary>
/// <param name="Shape">Its type.</param>
/// <param name="Required">Whether there must be one.</param>
/// <param name="ContentType">Its content type.</param>
public sealed record OperationBody(Type Shape, bool Required, string ContentType);

/// <summary>Marks a list that is read a page at a time.</summary>
public sealed record OperationPages;

/// <summary>Marks a route whose answers bear a tag, see <see cref="AnswerTag"/>.</summary>
public sealed record OperationTag;

/// <summary>Marks a route that answers with a page: it is for people, stands in no document, and is not under <c>/api</c>.</summary>
public sealed record PageRoute;

/// <summary>Says on a route what the OpenAPI document says of it.</summary>
internal static class Operations
{
    /// <summary>Names a route.</summary>
    public static RouteHandlerBuilder Operation(this RouteHandlerBuilder route, string id, string tag, string summary, string? description = null) =>
        route.WithMetadata(new Operation(id, tag, summary) { Description = description }).Refuses();

    /// <summary>Describes a parameter; where it is one of a few words and stands in the query, any other is refused (APP-2022).</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, string name, string description, params string[] words)
    {
        route.WithMetadata(new OperationParameter(name, description, Words: words));
        return words.Length == 0 ? route : route.AddEndpointFilter((context, next) =>
        {
            string? given = context.HttpContext.Request.Query[name];
            return given is null || words.Contains(given)
                ? next(context)
                : throw new ProblemException("APP-2022", $"'{given}' is no {name}.", name, $"Write {string.Join(" or ", words)}.", ExitCode.BadUsage);
        });
    }

    /// <summary>Describes a parameter that is a whole number.</summary>
    public static RouteHandlerBuilder TakesNumber(this RouteHandlerBuilder route, string name, string description, long min, long max, long? byDefault = null) =>
        route.WithMetadata(new OperationParameter(name, description, min, max, byDefault?.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The route takes <c>?limit=</c>, see <see cref="ListLimit"/>.</summary>
    public static RouteHandlerBuilder TakesLimit(this RouteHandlerBuilder route, int byDefault) =>
        route.TakesNumber("limit", "At most so many entries.", 1, ListLimit.Most, byDefault);

    /// <summary>The route takes <c>?cursor=</c>, see <see cref="PageCursor"/>.</summary>
    public static RouteHandlerBuilder TakesCursor(this RouteHandlerBuilder route) =>
        route.Takes("cursor", $"Where the page before ended: its header {PageCursor.Header}.").WithMetadata(new OperationPages());

    /// <summary>The route's answers bear a tag, and <c>If-None-Match</c> is heeded.</summary>
    public static RouteHandlerBuilder Tagged(this RouteHandlerBuilder route) => route.WithMetadata(new OperationTag());

    /// <summary>A refusal that other routes of its kind do not have.</summary>
    public static RouteHandlerBuilder ProducesRefusal(this RouteHandlerBuilder route, int status) =>
        route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemAnswer), ["application/problem+json"]));

    /// <summary>Describes the JSON body that the handler reads.</summary>
    public static RouteHandlerBuilder Body<T>(this RouteHandlerBuilder route, bool required = true, string contentType = "application/json") =>
        route.WithMetadata(new OperationBody(typeof(T), required, contentType));

    // What any route of its kind may be refused with.
    private static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route)
    {
        route.Finally(endpoint =>
        {
            bool reads = endpoint.Metadata.OfType<HttpMethodMetadata>().All(m => m.HttpMethods.All(HttpMethods.IsGet));
            bool isOpen = endpoint.Metadata.OfType<IAllowAnonymous>().Any();
            bool isNamed = ((RouteEndpointBuilder)endpoint).RoutePattern.Parameters.Count > 0;
            int[] statuses =
            [
                StatusCodes.Status400BadRequest,
                .. isOpen ? [] : new[] { StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden },
                .. isNamed ? [StatusCodes.Status404NotFound] : Array.Empty<int>(),
                .. reads ? [] : new[] { StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType },
                .. isOpen ? [] : new[] { StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests },
                StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable,
            ];
            foreach (int status in statuses)
            {
                endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemAnswer), ["application/problem+json"]));
            }
        });
        return route;
    }
}
