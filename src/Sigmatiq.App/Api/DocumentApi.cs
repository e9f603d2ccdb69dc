namespace Sigmatiq.App.Api;

/// <summary><c>/api/openapi.json</c>: the interface described by itself.</summary>
internal static class DocumentApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // The routes stand once the server answers, and so does the text.
        Lazy<Task<string>>? text = null;
        routes.MapGet("/openapi.json", async (HttpContext context) =>
            {
                IServiceProvider services = context.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateScope().ServiceProvider;
                text ??= new(() => ApiDocument.TextAsync(services, CancellationToken.None));
                return Results.Text(await text.Value, "application/json");
            })
            .Operation("getOpenApi", "system", "The OpenAPI document of this interface").Produces<System.Text.Json.Nodes.JsonObject>();
    }
}
