using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Trading.Calls;

/// <summary>A call to make.</summary>
/// <param name="Method">The method.</param>
/// <param name="Url">Where to.</param>
public sealed record CallRequest(string Method, string Url)
{
    /// <summary>Headers in the open.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers in which <c>$name</c> stands for a secret.</summary>
    public IReadOnlyDictionary<string, string> SecretHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>The body; null sends none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>What the body is.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>The same on every attempt; the receiver does the same thing once. Null sends none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Redirects that are followed.</summary>
    public int RedirectsMax { get; init; } = 5;

    /// <summary>Longest time of the whole call, redirects and body included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of the answer's body, unpacked.</summary>
    public int AnswerBytesMax { get; init; } = 1_000_000;
}

/// <summary>What came back.</summary>
/// <param name="Status">The status.</param>
/// <param name="Url">The address that answered, behind all redirects.</param>
/// <param name="Headers">Headers, names in lower case; of several, joined by a comma. Cookies are left out, secrets blotted out.</param>
/// <param name="Body">The body, unpacked, secrets blotted out.</param>
public sealed record CallAnswer(int Status, Uri Url, IReadOnlyDictionary<string, string> Headers, byte[] Body);
