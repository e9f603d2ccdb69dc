using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.App.Auth;

/// <summary>A key as its owner holds it: <c>sgq_ID_SECRET</c>. The id is looked up, the secret of 256 bits is compared by its hash.</summary>
/// <param name="Id">12 characters; not secret.</param>
/// <param name="Text">The whole.</param>
internal sealed partial record KeySecret(string Id, string Text)
{
    /// <summary>How every key begins, so that one in a file or a log is found.</summary>
    public const string Prefix = "sgq_";

    private const int IdLength = 12;

    /// <summary>What is kept of it.</summary>
    public string Hash => ContentHash.Of(Text).Hex;

    /// <summary>Makes a new one.</summary>
    public static KeySecret New(IdSource ids)
    {
        string id = ids.NextSecret()[..IdLength];
        return new(id, $"{Prefix}{id}_{ids.NextSecret()}");
    }

    /// <summary>Reads one; null where the text cannot be a key.</summary>
    public static KeySecret? Read(string text) => Form().IsMatch(text) ? new(text.Substring(Prefix.Length, IdLength), text) : null;

    /// <summary>Whether it is the one whose hash was kept; how much of it is right cannot be told by the time it takes.</summary>
    public bool Is(string keptHash) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Hash), Encoding.UTF8.GetBytes(keptHash));

    /// <summary>A record would print the secret.</summary>
    public override string ToString() => $"{Prefix}{Id}_…";

    [GeneratedRegex(@"^sgq_[0-9a-f]{12}_[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
