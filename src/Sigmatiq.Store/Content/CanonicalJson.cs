using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sigmatiq.Store.Content;

/// <summary>The one byte form of a JSON value that is hashed (spec 02 §2.5): UTF-8, keys sorted ordinally, no spaces, numbers in
/// shortest round-trip form.</summary>
public static class CanonicalJson
{
    /// <summary>Writes the canonical bytes of a value.</summary>
    /// <exception cref="ArgumentException">A number is NaN or infinite: JSON has none, use null.</exception>
    public static byte[] Write(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            Write(writer, node);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The canonical form as text.</summary>
    public static string Text(JsonNode? node) => Encoding.UTF8.GetString(Write(node));

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (JsonNode? item in list)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, node);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, JsonNode node)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.String:
                writer.WriteStringValue(node.AsValue().GetValue<string>());
                break;
            case JsonValueKind.True:
                writer.WriteBooleanValue(true);
                break;
            case JsonValueKind.False:
                writer.WriteBooleanValue(false);
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(node));
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    // 1, 1.0 and 1e0 are one number, so they must be one text. Integers beyond 2^53 keep their digits.
    private static string Number(JsonNode node)
    {
        string text = node.ToJsonString();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        double value = double.Parse(text, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            throw new ArgumentException($"JSON has no number {text}; use null.", nameof(node));
        }

        return value == Math.Floor(value) && Math.Abs(value) < 9_007_199_254_740_992
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
    }
}
