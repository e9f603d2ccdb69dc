using System.Security.Cryptography;
using System.Text;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Audit;

/// <summary>The secret that signs the audit chain: 32 bytes in a file that only its owner may read, never inside the data directory.</summary>
public sealed class AuditKey
{
    private const int Bytes = 32;
    private readonly byte[] secret;

    private AuditKey(byte[] secret) => this.secret = secret;

    /// <summary>Reads the key; makes one where neither it nor any head signed by it exists.</summary>
    /// <param name="path">File of the key, 64 hex digits and a line end.</param>
    /// <exception cref="ProblemException">STO-4010: the file is no key. STO-4011: others may read it. STO-4012: it is missing, though
    /// heads were signed with it. STO-4014: it cannot be made or read.</exception>
    public static AuditKey Open(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                if (Directory.Exists(AuditHeads.FolderOf(path)) && Directory.EnumerateFiles(AuditHeads.FolderOf(path)).Any())
                {
                    throw new ProblemException("STO-4012", "The key is missing, though heads of audit chains were signed with it.", path,
                        "Bring the file back from where you keep it, or name it with --audit-key; a new key cannot vouch for what an old one signed.");
                }

                Make(path);
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode)0b111_111) != 0)
            {
                throw new ProblemException("STO-4011", "Others than its owner may use the key file.", path, $"Run 'chmod 600 {path}', and ask who may have read it.");
            }

            string text = File.ReadAllText(path, Encoding.ASCII).TrimEnd();
            return text.Length == 2 * Bytes && text.All(char.IsAsciiHexDigit)
                ? new(Convert.FromHexString(text))
                : throw new ProblemException("STO-4010", $"The file is no key: a key is {2 * Bytes} hex digits.", path, "Bring the file back from where you keep it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem("STO-4014", $"The key of the audit chain cannot be made or read: {e.Message}", path,
                "Name a file that you may write with --audit-key or SIGMATIQ_AUDIT_KEY.", ExitCode.BadUsage), e);
        }
    }

    /// <summary>HMAC-SHA256 over words that nobody can shift into one another: each ends with a line end, and none holds one.</summary>
    /// <returns>64 lower-case hex digits.</returns>
    public string Sign(params ReadOnlySpan<string> words)
    {
        using IncrementalHash mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        foreach (string word in words)
        {
            mac.AppendData(Encoding.UTF8.GetBytes(word));
            mac.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(mac.GetHashAndReset());
    }

    /// <summary>Whether a signature is the one of these words, in a time that tells nothing.</summary>
    public bool IsSigned(string? mac, params ReadOnlySpan<string> words) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(mac ?? ""), Encoding.UTF8.GetBytes(Sign(words)));

    private static void Make(string path)
    {
        Private.MakeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string aside = AtomicFile.Aside(path);
        using (FileStream file = Private.Open(aside, FileMode.CreateNew, FileShare.None))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)) + "\n"));
        }

        try
        {
            AtomicFile.PlaceOnce(aside, path);
        }
        catch (ProblemException) when (File.Exists(path))
        {
            // Another first start was quicker: its key counts.
        }
    }

    /// <summary>Files and folders for nobody but their owner.</summary>
    internal static class Private
    {
        /// <summary>Makes a folder where it is missing.</summary>
        public static void MakeFolder(string folder)
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, (UnixFileMode)0b111_000_000);
            }
        }

        /// <summary>Opens a file for writing.</summary>
        public static FileStream Open(string path, FileMode mode, FileShare share)
        {
            FileStreamOptions options = new() { Mode = mode, Access = mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite, Share = share, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = (UnixFileMode)0b110_000_000;
            }

            return new(path, options);
        }
    }
}
