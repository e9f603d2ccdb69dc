using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Workflows.Steps;

/// <summary>The one JSON form of step inputs, outputs and events: snake_case, instants as ISO 8601 with Z, NaN as null.</summary>
public static class StepJson
{
    /// <summary>The serialiser settings; strict when reading: an unknown or missing field is an error.</summary>
    public static JsonSerializerOptions Options { get; } = Build();

    /// <summary>A record as a JSON object.</summary>
    public static JsonObject ToObject<T>(T value) =>
        JsonSerializer.SerializeToNode(value, value!.GetType(), Options) as JsonObject
        ?? throw new ArgumentException($"{value.GetType().Name} does not serialise to a JSON object.", nameof(value));

    /// <summary>A record from a JSON object.</summary>
    /// <exception cref="JsonException">A field is missing, unknown or of the wrong type.</exception>
    public static T FromObject<T>(JsonObject json) =>
        json.Deserialize<T>(Options) ?? throw new JsonException($"{typeof(T).Name} is null.");

    /// <summary>The spelling of a C# name in JSON and YAML: <c>MaxParallel</c> is <c>max_parallel</c>.</summary>
    public static string NameOf(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static JsonSerializerOptions Build()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new HashConverter());
        options.Converters.Add(new DoubleConverter());
        options.Converters.Add(new RunIdConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
                ? at.ToUniversalTime()
                : throw new JsonException($"'{reader.GetString()}' is no instant.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }

    private sealed class HashConverter : JsonConverter<ContentHash>
    {
        public override ContentHash Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            try
            {
                return ContentHash.Parse(reader.GetString() ?? "");
            }
            catch (FormatException e)
            {
                throw new JsonException(e.Message, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, ContentHash value, JsonSerializerOptions options) => writer.WriteStringValue(value.Hex);
    }

    private sealed class DoubleConverter : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    private sealed class RunIdConverter : JsonConverter<Engine.RunId>
    {
        public override Engine.RunId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, Engine.RunId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
