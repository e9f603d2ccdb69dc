using System.Buffers.Binary;
using System.Security.Cryptography;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>A file of work in progress: the key of what it holds, the content, and the SHA-256 of both. Written whole or not at all; read only
/// where key and hash are right, so that a damaged or foreign file counts as work that was not done.</summary>
internal static class SealedFile
{
    private const int HashBytes = 32;

    /// <summary>Bytes before the content.</summary>
    public const int ContentAt = HashBytes;

    public static void Write(string path, ContentHash key, ReadOnlySpan<byte> content)
    {
        byte[] bytes = new byte[HashBytes + content.Length + HashBytes];
        Convert.FromHexString(key.Hex).CopyTo(bytes, 0);
        content.CopyTo(bytes.AsSpan(ContentAt));
        SHA256.HashData(bytes.AsSpan(0, HashBytes + content.Length), bytes.AsSpan(HashBytes + content.Length));
        AtomicFile.Write(path, bytes);
    }

    /// <summary>The content, or null where there is no whole file of that key.</summary>
    public static byte[]? Read(string path, ContentHash key)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(path);
        return bytes.Length >= 2 * HashBytes && bytes.AsSpan(0, HashBytes).SequenceEqual(Convert.FromHexString(key.Hex)) ? Whole(bytes) : null;
    }

    /// <summary>The content of a whole file, whatever its key; null where there is none. For a look at work that somebody else does.</summary>
    public static byte[]? Read(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return bytes.Length >= 2 * HashBytes ? Whole(bytes) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static byte[]? Whole(byte[] bytes)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - HashBytes), hash);
        return bytes.AsSpan(bytes.Length - HashBytes).SequenceEqual(hash) ? bytes[HashBytes..^HashBytes] : null;
    }

    /// <summary>The hash of a whole file of a key, as it stands at its end; null where there is none.</summary>
    public static string? HashOf(string path, ContentHash key)
    {
        if (Read(path, key) is not { } content)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Convert.FromHexString(key.Hex));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Text, then numbers: the one shape of our contents.</summary>
    public static byte[] Join(byte[] text, ReadOnlySpan<double> numbers)
    {
        byte[] content = new byte[sizeof(int) + text.Length + (numbers.Length * sizeof(double))];
        BinaryPrimitives.WriteInt32LittleEndian(content, text.Length);
        text.CopyTo(content, sizeof(int));
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers).CopyTo(content.AsSpan(sizeof(int) + text.Length));
        return content;
    }

    /// <summary>The text of a content, and where its numbers begin.</summary>
    public static (ReadOnlyMemory<byte> Text, int NumbersAt) Split(byte[] content)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(content);
        return (content.AsMemory(sizeof(int), length), sizeof(int) + length);
    }
}
