using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sigmatiq.Store.Content;

/// <summary>SHA-256 of some content, 64 lower-case hex digits: the identity of packs, configs, snapshots, artefacts, evidence.</summary>
public readonly record struct ContentHash
{
    private readonly string? hex;

    private ContentHash(string hex) => this.hex = hex;

    /// <summary>The 64 lower-case hex digits.</summary>
    public string Hex => hex ?? throw new InvalidOperationException("An empty ContentHash has no digits.");

    /// <summary>The first 12 digits: enough for file names and screens, never for a comparison.</summary>
    public string Short => Hex[..12];

    /// <summary>Hash of raw bytes.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(bytes, digest);
        return new(Convert.ToHexStringLower(digest));
    }

    /// <summary>Hash of a text's UTF-8 bytes.</summary>
    public static ContentHash Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Hash of a JSON value in its canonical form (<see cref="CanonicalJson"/>).</summary>
    public static ContentHash OfJson(JsonNode? json) => Of(CanonicalJson.Write(json));

    /// <summary>Hash of any serialisable value by way of its canonical JSON.</summary>
    public static ContentHash OfValue<T>(T value, JsonSerializerOptions? options = null) =>
        OfJson(JsonSerializer.SerializeToNode(value, options));

    /// <summary>Hash of a file's bytes, streamed.</summary>
    public static ContentHash OfFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return new(Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>Reads 64 lower-case hex digits.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static ContentHash Parse(string hex) =>
        hex.Length == 64 && hex.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
            ? new(hex)
            : throw new FormatException($"A content hash is 64 lower-case hex digits, was '{hex}'.");

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
