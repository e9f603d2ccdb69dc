using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Sigmatiq.App.Api;

/// <summary>Puts what is said on a route into its operation.</summary>
internal static class OperationWords
{
    /// <summary>Describes one operation.</summary>
    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<Operation>().LastOrDefault() is { } said)
        {
            operation.OperationId = said.Id;
            operation.Summary = said.Summary;
            operation.Description = said.Description;
            operation.Tags = new HashSet<OpenApiTagReference> { new(said.Tag, context.Document) };
        }

        operation.Parameters ??= [];
        foreach (OpenApiParameter parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            if (metadata.OfType<OperationParameter>().LastOrDefault(p => p.Name == parameter.Name) is { } words)
            {
                Describe(parameter, words);
            }

            parameter.Description ??= PathWords(parameter.Name!);
        }

        if (!HttpMethods.IsGet(context.Description.HttpMethod!) && !metadata.Any(m => m is NeverKept or AsksAgain))
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = AnsweredOnce.KeyHeader, In = ParameterLocation.Header, Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = AnsweredOnce.KeyLengthMax },
                Description = "What is asked under a key happens once: the same request again under it gets the answer of the first, for seven days.",
            });
        }

        bool isTagged = metadata.OfType<OperationTag>().Any();
        if (isTagged)
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "If-None-Match", In = ParameterLocation.Header, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Description = "The ETag of an answer that the caller has: where this one would be the same, it is answered with 304 and no body.",
            });
            (operation.Responses ??= [])[StatusCodes.Status304NotModified.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new OpenApiResponse();
        }

        foreach (var (status, answer) in operation.Responses ?? [])
        {
            if (answer is OpenApiResponse response && int.TryParse(status, out int code))
            {
                response.Description = PhraseOf(code);
                if (isTagged && code is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
                {
                    response.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
                    {
                        ["ETag"] = new OpenApiHeader { Description = "Names exactly this answer; not there where it may differ the next moment.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                    };
                }

                Say(response, isPaged: code == StatusCodes.Status200OK && metadata.OfType<OperationPages>().Any());
            }
        }

        // Whatever else a server or what stands before it refuses.
        if (operation.Responses?.Values.OfType<OpenApiResponse>().LastOrDefault(r => r.Content?.ContainsKey("application/problem+json") == true) is { } refusal)
        {
            operation.Responses["default"] = new OpenApiResponse { Description = "Any other refusal.", Content = refusal.Content };
        }

        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
        }

        return Task.CompletedTask;
    }

    private static void Describe(OpenApiParameter parameter, OperationParameter words)
    {
        parameter.Description = words.Description;
        if (parameter.Schema is OpenApiSchema schema)
        {
            if (words.Max is { } max)
            {
                schema.Type = JsonSchemaType.Integer;
                schema.Pattern = null;
                schema.Minimum = words.Min?.ToString(System.Globalization.CultureInfo.InvariantCulture);
                schema.Maximum = max.ToString(System.Globalization.CultureInfo.InvariantCulture);
                schema.Default = words.Default is { } number ? JsonValue.Create(long.Parse(number, System.Globalization.CultureInfo.InvariantCulture)) : null;
            }

            if (words.Words.Length > 0)
            {
                schema.Enum = [.. words.Words.Select(w => (JsonNode)JsonValue.Create(w))];
            }
        }
    }

    private static void Say(OpenApiResponse response, bool isPaged)
    {
        if (isPaged)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                [PageCursor.Header] = new OpenApiHeader { Description = "The cursor of the next page; not there on the last one.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            };
        }

        if (response.Content?.TryGetValue(ColumnsAnswer.Parquet, out var file) == true && file is OpenApiMediaType media)
        {
            media.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = "The same columns as a Parquet file." };
        }
    }

    // What a name means in a path is the same everywhere.
    private static string? PathWords(string name) => name switch
    {
        "run" or "other" => "Id of a run.",
        "combo" => "Id of a combo within its sweep, from 1.",
        "job" => "Id of a training job.",
        "id" => "Its id.",
        _ => null,
    };

    private static string PhraseOf(int status) => status switch
    {
        200 => "Done.",
        201 => "Made.",
        400 => "A parameter is not of its type.",
        202 => "Written down; it happens within a second or so.",
        303 => "See the page in Location.",
        304 => "The caller has this answer already.",
        401 => "Not signed in.",
        403 => "Not allowed.",
        404 => "There is no such thing.",
        409 => "What stands there forbids it.",
        415 => "The body is not of the expected content type.",
        422 => "The request is wrong; the problems say where.",
        500 => "The store or the server failed; nothing was decided.",
        _ => ReasonPhrases.GetReasonPhrase(status) + ".",
    };
}
