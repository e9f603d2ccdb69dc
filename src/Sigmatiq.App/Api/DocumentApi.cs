using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;

namespace Sigmatiq.App.Api;

/// <summary><c>/api/openapi.json</c>: the interface described by itself.</summary>
internal static class DocumentApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // Made at the first request, when all routes stand.
        Lazy<Task<string>> text = new(() => ApiDocument.TextAsync(routes.ServiceProvider, CancellationToken.None));
        routes.MapGet("/openapi.json", async () => Results.Text(await text.Value, "application/json"))
            .Operation("getOpenApi", "system", "The OpenAPI document of this interface").Produces<JsonObject>().Needs(Right.Read);
    }
}
