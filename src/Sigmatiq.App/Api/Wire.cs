using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sigmatiq.App.Api;

/// <summary>JSON on the wire: snake_case keys, nulls written.</summary>
internal static class Wire
{
    public static readonly JsonSerializerOptions Json = Made();

    /// <summary>Sets the same on the options of the host, from which the OpenAPI document takes its schemas.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
    }

    private static JsonSerializerOptions Made()
    {
        JsonSerializerOptions made = new();
        Apply(made);
        return made;
    }
}
