using System.Net;
using System.Net.Sockets;

namespace Sigmatiq.Trading.Calls;

/// <summary>Which addresses are of the open internet. Everything else (this machine, this network, the metadata of a cloud, multicast, what
/// is reserved) is out of reach unless a host's rule names its network.</summary>
/// <remarks>IPv4: the registry of special-purpose addresses (RFC 6890 and its updates). IPv6: the other way round, only global unicast
/// (2000::/3) less what in it stands for something else, so that a form nobody thought of is refused.</remarks>
public static class AddressRules
{
    private static readonly IPNetwork[] Special4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.31.196.0/24"), IPNetwork.Parse("192.52.193.0/24"), IPNetwork.Parse("192.88.99.0/24"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("192.175.48.0/24"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
    ];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    // Protocol assignments with Teredo, documentation, 6to4 (which carries an IPv4 address), AS112, segment routing.
    private static readonly IPNetwork[] Special6 =
    [
        IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("2620:4f:8000::/48"), IPNetwork.Parse("3fff::/20"),
    ];

    /// <summary>Whether an address is of the open internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        IPAddress plain = Plain(address);
        return plain.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Special4.Any(n => n.Contains(plain)),
            AddressFamily.InterNetworkV6 => plain.ScopeId == 0 && Global6.Contains(plain) && !Special6.Any(n => n.Contains(plain)),
            _ => false,
        };
    }

    /// <summary>Whether an address may be reached: a public one, or one of the networks that a rule names.</summary>
    public static bool MayReach(IPAddress address, IReadOnlyList<IPNetwork> networks)
    {
        IPAddress plain = Plain(address);
        return IsPublic(plain) || networks.Any(n => n.BaseAddress.AddressFamily == plain.AddressFamily && n.Contains(plain));
    }

    /// <summary>The address itself where it is an IPv4 one dressed as IPv6.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
