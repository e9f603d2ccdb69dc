using System.Net;

namespace Sigmatiq.Trading.Outside;

/// <summary>What the platform may reach outside itself. It stands in a file beside the store, so that whoever writes a workflow cannot
/// widen it.</summary>
/// <param name="Channels">Where messages go, by name.</param>
/// <param name="Routes">Which kinds of message go where; every route that fits counts.</param>
/// <param name="Patience">When a message is given up.</param>
/// <param name="Calls">Hosts that <c>http.call</c> may reach; of several that fit, the first.</param>
/// <param name="Secrets">Where secrets lie, by name.</param>
public sealed record OutsideSettings(
    IReadOnlyDictionary<string, ChannelSettings> Channels, IReadOnlyList<Route> Routes, Patience Patience, IReadOnlyList<CallRule> Calls,
    IReadOnlyDictionary<string, SecretSource> Secrets)
{
    /// <summary>Nothing may be reached.</summary>
    public static OutsideSettings Nothing { get; } = new(
        new Dictionary<string, ChannelSettings>(), [], new(TimeSpan.FromDays(3), 100), [], new Dictionary<string, SecretSource>());

    /// <summary>The channels of a kind, each once.</summary>
    public IReadOnlyList<string> ChannelsOf(string kind) => [.. Routes.Where(r => r.Takes(kind)).SelectMany(r => r.Channels).Distinct(StringComparer.Ordinal)];
}

/// <summary>When a message is given up: at this age, or after so many attempts.</summary>
/// <param name="Age">Since it was written.</param>
/// <param name="Attempts">Attempts in all.</param>
public sealed record Patience(TimeSpan Age, int Attempts);

/// <summary>Kinds of message and the channels that take them.</summary>
/// <param name="Kinds">Names such as <c>alert.run</c>; a star at the end takes all that begin so.</param>
/// <param name="Channels">Names of channels.</param>
public sealed record Route(IReadOnlyList<string> Kinds, IReadOnlyList<string> Channels)
{
    /// <summary>Whether the route takes a kind.</summary>
    public bool Takes(string kind) => Kinds.Any(k => k.EndsWith('*') ? kind.StartsWith(k[..^1], StringComparison.Ordinal) : k == kind);
}

/// <summary>One channel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Timeout">Longest time of one attempt.</param>
public abstract record ChannelSettings(string Name, TimeSpan Timeout);

/// <summary>A receiver of signed JSON over HTTP.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Timeout">Longest time of one attempt.</param>
/// <param name="Url">Where to; null where the address itself is a secret.</param>
/// <param name="UrlSecret">Or the secret that is the address.</param>
/// <param name="Secret">Signs every message.</param>
public sealed record WebhookSettings(string Name, TimeSpan Timeout, Uri? Url, SecretSource? UrlSecret, SecretSource Secret) : ChannelSettings(Name, Timeout);

/// <summary>A mail server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Timeout">Longest time of one attempt.</param>
/// <param name="Host">The server.</param>
/// <param name="Port">Its port.</param>
/// <param name="StartTls">Whether the talk is encrypted before anything is said.</param>
/// <param name="User">Who signs in; null sends without.</param>
/// <param name="Password">Their password.</param>
/// <param name="From">Sender.</param>
/// <param name="To">Receivers.</param>
public sealed record SmtpSettings(
    string Name, TimeSpan Timeout, string Host, int Port, bool StartTls, string? User, SecretSource? Password, string From, IReadOnlyList<string> To)
    : ChannelSettings(Name, Timeout);

/// <summary>A file of JSON lines.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Timeout">Longest time of one attempt.</param>
/// <param name="Path">The file.</param>
public sealed record FileSettings(string Name, TimeSpan Timeout, string Path) : ChannelSettings(Name, Timeout);

/// <summary>What <c>http.call</c> may do with one host.</summary>
/// <param name="Host">A name, or <c>*.example.org</c> for all below it (and not itself).</param>
/// <param name="Schemes"><c>https</c>, and <c>http</c> only where it is named.</param>
/// <param name="Ports">Ports.</param>
/// <param name="Methods">Methods.</param>
/// <param name="Secrets">Secrets that may be sent there.</param>
/// <param name="Networks">Addresses that are refused elsewhere (private, loopback …) and allowed for this host.</param>
public sealed record CallRule(
    string Host, IReadOnlyList<string> Schemes, IReadOnlyList<int> Ports, IReadOnlyList<string> Methods, IReadOnlyList<string> Secrets, IReadOnlyList<IPNetwork> Networks)
{
    /// <summary>Whether the rule is about a host; names compare without case, and a star stands for whole labels.</summary>
    public bool Fits(string host) => Host.StartsWith("*.", StringComparison.Ordinal)
        ? host.Length > Host.Length - 1 && host.EndsWith(Host[1..], StringComparison.OrdinalIgnoreCase)
        : string.Equals(host, Host, StringComparison.OrdinalIgnoreCase);
}
