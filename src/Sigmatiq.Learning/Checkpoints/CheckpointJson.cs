using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sigmatiq.Learning.Checkpoints;

/// <summary>How states are written: columns as base64 of their little-endian bytes, NaN included; single numbers so that they read back
/// bit for bit.</summary>
internal static class CheckpointJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        Converters = { new Columns<double>(), new Columns<int>() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IncludeFields = true,
    };

    private sealed class Columns<T> : JsonConverter<T[]> where T : unmanaged
    {
        public override T[] Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            byte[] bytes = reader.GetBytesFromBase64();
            return bytes.Length % Marshal.SizeOf<T>() == 0
                ? MemoryMarshal.Cast<byte, T>(bytes).ToArray()
                : throw new JsonException($"{bytes.Length} bytes are no whole numbers.");
        }

        public override void Write(Utf8JsonWriter writer, T[] value, JsonSerializerOptions options) =>
            writer.WriteBase64StringValue(MemoryMarshal.AsBytes(value.AsSpan()));
    }
}
