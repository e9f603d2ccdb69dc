using System.IO.Compression;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import.Lean;

/// <summary>A zip archive read in memory, without trust: nothing of it is ever written to disk under a name of its own.</summary>
internal static class SafeArchive
{
    /// <summary>Entries that an archive of bars may have.</summary>
    public const int EntriesMax = 4096;

    /// <summary>Bytes that all entries of an archive may come to: about thirty years of minutes.</summary>
    public const long BytesMax = 512L << 20;

    // Text of bars shrinks four to ten times; what shrinks a hundred times is not bars.
    private const int RatioMax = 100;
    private const long SmallBytes = 1 << 20;

    /// <summary>Opens an archive and hands out each of its files, in the order of their names.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="read">Takes an entry's name and its text.</param>
    /// <exception cref="ProblemException">MKT-2002: not a zip archive, or a damaged one. MKT-2051: an entry whose name leaves the
    /// archive, a link, or an encrypted one. MKT-2052: too many entries, or more bytes than bars come to.</exception>
    public static void Read(string path, Action<string, TextReader> read)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            if (archive.Entries.Count > EntriesMax)
            {
                throw TooLarge(path, $"has {archive.Entries.Count} entries, more than {EntriesMax}");
            }

            long left = BytesMax;
            foreach (ZipArchiveEntry entry in archive.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                Refuse(path, entry);
                if (entry.FullName.EndsWith('/'))
                {
                    continue;
                }

                // The header's length is only a claim; the reader counts what really comes out.
                long bound = Math.Min(left, Math.Max(SmallBytes, entry.CompressedLength * RatioMax));
                using var counted = new CountedStream(entry.Open(), bound, () => TooLarge(path, $"entry '{entry.FullName}' unpacks to more than {bound:N0} bytes"));
                using var text = new StreamReader(counted, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
                read(entry.FullName, text);
                left -= counted.Taken;
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or System.Text.DecoderFallbackException)
        {
            throw new ProblemException(
                new Problem("MKT-2002", "The file is not a zip archive of text, or it is damaged.", path, "Fetch it again; it may be cut off.", ExitCode.BadUsage), e);
        }
    }

    private static void Refuse(string path, ZipArchiveEntry entry)
    {
        const int kindOfUnixFile = 0xF000, link = 0xA000;
        string name = entry.FullName;
        bool leaves = name.Length == 0 || name.StartsWith('/') || name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal)
            || name.Contains('\0', StringComparison.Ordinal) || name.Split('/').Contains("..");
        string? reason = leaves ? "has a name that leads out of the archive"
            : ((entry.ExternalAttributes >> 16) & kindOfUnixFile) == link ? "is a link"
            : entry.IsEncrypted ? "is encrypted"
            : null;
        if (reason is not null)
        {
            throw new ProblemException("MKT-2051", $"Entry '{Shown(name)}' {reason}; nothing was read.", path, "Do not use archives from a source that makes such ones.", ExitCode.BadUsage);
        }
    }

    private static string Shown(string name) => new([.. name.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);

    private static ProblemException TooLarge(string path, string what) =>
        new("MKT-2052", $"The archive {what}; bars do not come to that.", path, "Unpack it yourself and look at it, or split it.", ExitCode.BadUsage);

    /// <summary>Counts what is read and ends with an error beyond a bound.</summary>
    private sealed class CountedStream(Stream inner, long bound, Func<ProblemException> beyond) : Stream
    {
        public long Taken { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Taken; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int got = inner.Read(buffer);
            Taken += got;
            return Taken <= bound ? got : throw beyond();
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
