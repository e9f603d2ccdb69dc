using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;

namespace Sigmatiq.App.Api;

/// <summary>The OpenAPI 3.1 document: made from the routes, their types and the comments on these, so that it cannot say something else than
/// the program does. <c>docs/openapi.json</c> is a copy, held equal by a test.</summary>
public static class ApiDocument
{
    /// <summary>Version of the interface; a change that breaks callers raises its first number.</summary>
    public const string Version = "1.0.0";

    private const string Name = "v1";
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds what makes the document.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = route => !route.ActionDescriptor.EndpointMetadata.OfType<PageRoute>().Any();
            // Stored documents are described where they stand, not as a type of their own.
            options.CreateSchemaReferenceId = type => typeof(JsonNode).IsAssignableFrom(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddOperationTransformer(OperationWords.DescribeAsync);
            options.AddDocumentTransformer((document, _, _) =>
            {
                Frame(document);
                return Task.CompletedTask;
            });
        });
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, OperationFacts>());
    }

    /// <summary>The document as text, the same bytes for the same program.</summary>
    public static async Task<string> TextAsync(IServiceProvider services, CancellationToken ct)
    {
        OpenApiDocument document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(ct);
        using MemoryStream raw = new();
        await document.SerializeAsJsonAsync(raw, OpenApiSpecVersion.OpenApi3_1, ct);
        JsonObject json = JsonNode.Parse(Encoding.UTF8.GetString(raw.ToArray()))!.AsObject();
        SharedParts.Share(json);
        Sort(json, "paths");
        if (json["components"] is JsonObject components)
        {
            foreach (string kind in (string[])["parameters", "responses", "schemas"])
            {
                Sort(components, kind);
            }
        }

        return json.ToJsonString(Written) + "\n";
    }

    private static void Frame(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "Sigmatiq",
            Version = Version,
            Description = "From trading idea to monitored trading. Keys are snake_case; instants are ISO 8601 in UTC; figures whose key ends in _pct are percent, "
                + "all others of their kind are fractions; what is undefined is null, never NaN. Every refusal is problem JSON with a code that can be looked up.",
        };
        document.Servers = [new() { Url = "/api" }];
        document.Components ??= new();
        if (document.Components.Schemas is { } schemas && schemas.TryGetValue(nameof(Stream), out IOpenApiSchema? named) && named is OpenApiSchema bytes)
        {
            bytes.Description = "The bytes of a file, as they are.";
        }

        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["cookie"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "sigmatiq_8484",
                Description = "The session of a person who opened a one-time link or signed in; the name ends in the port of the server.",
            },
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key of a program." },
        };
        document.Security =
        [
            new() { [new OpenApiSecuritySchemeReference("cookie", document)] = [] },
            new() { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
        ];
        document.Tags = new HashSet<OpenApiTag>(OperationTags.All.Select(t => new OpenApiTag { Name = t.Name, Description = t.Description }));
    }

    private static void Sort(JsonObject parent, string key)
    {
        if (parent[key] is JsonObject map)
        {
            parent[key] = new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        }
    }
}
