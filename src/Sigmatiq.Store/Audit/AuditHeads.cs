using System.Globalization;
using System.Text;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Audit;

/// <summary>The heads that one chain has had, a signed line each, in a file beside the key: <c>{number} {hash} {signature}</c>. It says
/// what the store held at least, so that a tail cut from the store is missed.</summary>
/// <remarks>The first line is the chain's beginning: the head from which on records are signed, 0 in a store that was signed from its
/// first record. Lines are only appended, under a lock on the file, each flushed to disk.</remarks>
public sealed class AuditHeads
{
    private static readonly TimeSpan LockWaitMax = TimeSpan.FromSeconds(10);
    // Several processes may append a little out of order: the newest is among the last few.
    private const int TailBytes = 4096;
    private const int PollMs = 5;
    private readonly AuditKey key;
    private readonly string chain;

    /// <summary>The heads of a chain.</summary>
    /// <param name="key">Signs them.</param>
    /// <param name="keyPath">File of the key; they lie in a folder beside it.</param>
    /// <param name="chain">The chain's name.</param>
    public AuditHeads(AuditKey key, string keyPath, string chain) =>
        (this.key, this.chain, FilePath) = (key, chain, Path.Combine(FolderOf(keyPath), $"{chain}.heads"));

    /// <summary>Where they lie.</summary>
    public string FilePath { get; }

    /// <summary>Whether this chain has heads here.</summary>
    public bool Exist => File.Exists(FilePath);

    /// <summary>Folder of the heads of all chains that a key signs.</summary>
    public static string FolderOf(string keyPath) => Path.GetFullPath(keyPath) + ".heads";

    /// <summary>Appends a head.</summary>
    /// <exception cref="ProblemException">STO-4014: the file cannot be written.</exception>
    public void Append(AuditHead head)
    {
        try
        {
            AuditKey.Private.MakeFolder(Path.GetDirectoryName(FilePath)!);
            using FileStream file = Patiently(() => AuditKey.Private.Open(FilePath, FileMode.OpenOrCreate, FileShare.None));
            DropTornLine(file);
            file.Write(Encoding.ASCII.GetBytes(LineOf(head) + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem("STO-4014", $"The heads of the audit chain cannot be written: {e.Message}", FilePath,
                "Give the program the right to write there, or name another key with --audit-key."), e);
        }
    }

    /// <summary>All heads, or the first line that is not as it was written.</summary>
    /// <returns>The beginning and every later head; with a problem where a line is broken.</returns>
    public (AuditHead Beginning, IReadOnlyList<AuditHead> Later, Problem? Broken) Read()
    {
        string[] lines = Patiently(() => File.ReadAllText(FilePath, Encoding.Latin1)).Split('\n');
        List<AuditHead> heads = [];
        for (int i = 0; i < lines.Length - 1; i++)
        {
            if (HeadOf(lines[i]) is not { } head)
            {
                return (AuditHead.Empty, heads, BrokenLine(i + 1));
            }

            heads.Add(head);
        }

        // What a killed writer left of a line is shorter than any line; a full one without its end was changed.
        bool isTorn = lines[^1].Length < LineOf(AuditHead.Empty).Length;
        return heads.Count == 0 || !isTorn ? (AuditHead.Empty, heads, BrokenLine(lines.Length)) : (heads[0], heads[1..], null);
    }

    /// <summary>The newest head, by number; null where the file's end cannot be believed, which <see cref="Read"/> names.</summary>
    public AuditHead? Newest()
    {
        using FileStream file = Patiently(() => new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0));
        bool isWhole = file.Length <= TailBytes;
        file.Position = isWhole ? 0 : file.Length - TailBytes;
        using StreamReader text = new(file, Encoding.Latin1);
        string[] lines = text.ReadToEnd().Split('\n');
        return lines[(isWhole ? 0 : 1)..^1].Select(HeadOf).OfType<AuditHead>().MaxBy(h => h.Seq);
    }

    private AuditHead? HeadOf(string line)
    {
        string[] words = line.Split(' ');
        AuditHead? head = words.Length == 3 && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out long seq) ? new(seq, words[1]) : null;
        return head is not null && LineOf(head) == line ? head : null;
    }

    private Problem BrokenLine(int line) => new("STO-4008", $"Line {line} of the heads kept outside the store is not as it was written.", $"{FilePath} line {line}",
        "Somebody changed the file, or it was signed with another key; compare with a copy.");

    private string LineOf(AuditHead head)
    {
        string seq = head.Seq.ToString(CultureInfo.InvariantCulture);
        return $"{seq} {head.Hash} {key.Sign("sigmatiq audit head 1", chain, seq, head.Hash)}";
    }

    // A writer has the file for itself for about a millisecond; readers and other writers wait for it.
    private T Patiently<T>(Func<T> open)
    {
        for (int waited = 0; ; waited++)
        {
            try
            {
                return open();
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException) && waited < LockWaitMax.TotalMilliseconds / PollMs && Exist)
            {
                using ManualResetEventSlim never = new();
                never.Wait(PollMs);
            }
        }
    }

    private static void DropTornLine(FileStream file)
    {
        byte[] all = new byte[file.Length];
        file.ReadExactly(all);
        int end = Array.LastIndexOf(all, (byte)'\n') + 1;
        file.SetLength(end);
        file.Position = end;
    }
}
