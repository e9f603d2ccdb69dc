using System.Globalization;
using System.Security.Cryptography;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Audit;

/// <summary>Signs records and heads of audit chains with a key that is kept outside the store.</summary>
public sealed class AuditSeal
{
    /// <summary>The environment variable that names the key file.</summary>
    public const string KeyVariable = "SIGMATIQ_AUDIT_KEY";

    private readonly Lazy<AuditKey> key;

    /// <summary>Takes the place of the key; nothing is read or made before it is needed.</summary>
    /// <param name="keyPath">File of the key.</param>
    /// <param name="dataRoot">The data directory, which the key must lie outside.</param>
    /// <exception cref="ProblemException">STO-4009: the key would lie in the data directory.</exception>
    public AuditSeal(string keyPath, string dataRoot)
    {
        KeyPath = Path.GetFullPath(keyPath);
        if (FileIdentity.IsIn(KeyPath, dataRoot))
        {
            throw new ProblemException("STO-4009", "The key of the audit chain must not lie in the data directory: whoever may write the store could sign what they wrote.",
                KeyPath, "Name a file elsewhere with --audit-key or SIGMATIQ_AUDIT_KEY.", ExitCode.BadUsage);
        }

        key = new(() => AuditKey.Open(KeyPath));
    }

    /// <summary>File of the key.</summary>
    public string KeyPath { get; }

    /// <summary>The key file where none is named: in the user's folder of settings.</summary>
    public static string DefaultKeyPath =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "sigmatiq", "audit.key");

    /// <summary>A name for a new chain, which nobody has had before.</summary>
    internal static string NewChain() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The signature of a record of a chain.</summary>
    internal string Sign(string chain, AuditHead record) => key.Value.Sign(WordsOf(chain, record));

    /// <summary>Whether a record of a chain carries its signature.</summary>
    internal bool IsSigned(string? mac, string chain, AuditHead record) => key.Value.IsSigned(mac, WordsOf(chain, record));

    /// <summary>The heads of a chain, kept beside the key.</summary>
    internal AuditHeads Heads(string chain) => new(key.Value, KeyPath, chain);

    private static string[] WordsOf(string chain, AuditHead record) =>
        ["sigmatiq audit record 1", chain, record.Seq.ToString(CultureInfo.InvariantCulture), record.Hash];
}
