using System.Net;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Calls;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Tests.Trading.Calls;

/// <summary>Addresses that try to be taken for another one. Nothing here opens a connection.</summary>
public sealed class CallTargetTests
{
    private static readonly CallRule[] Rules =
    [
        new("api.example.org", ["https"], [443], ["GET", "POST"], [], []),
        new("*.data.example.org", ["https", "http"], [443, 8080], ["GET"], [], []),
        new("93.184.216.34", ["https"], [443], ["GET"], [], []),
        new("2606:2800:220:1::1", ["https"], [443], ["GET"], [], []),
    ];

    [Theory]
    [InlineData("https://api.example.org/v1?x=1#part")]
    [InlineData("HTTPS://API.example.org")]
    [InlineData("https://api.example.org:443/%7Eana")]
    [InlineData("http://eu.data.example.org:8080/")]
    [InlineData("https://93.184.216.34/")]
    [InlineData("https://[2606:2800:220:1::1]/")]
    public void A_plain_address_of_the_list_may_be_called(string url) => CallTarget.Check(url, "GET", Rules).Url.IsAbsoluteUri.Should().BeTrue();

    [Theory]
    // Another host than it looks.
    [InlineData("https://api.example.org@evil.org/", CallCodes.BadAddress)]
    [InlineData("https://evil.org@api.example.org/", CallCodes.BadAddress)]
    [InlineData("https://api.example.org:443@127.0.0.1/", CallCodes.BadAddress)]
    [InlineData("https://api.example.org%40evil.org/", CallCodes.BadAddress)]
    [InlineData("https://evil.org\\@api.example.org/", CallCodes.BadAddress)]
    [InlineData("https://evil.org\\.api.example.org/", CallCodes.BadAddress)]
    [InlineData("https:\\\\api.example.org/", CallCodes.BadAddress)]
    [InlineData("https://evil.org#@api.example.org/", CallCodes.NotAllowed)]
    [InlineData("https://evil.org?@api.example.org/", CallCodes.NotAllowed)]
    [InlineData("https://api.example.org.evil.org/", CallCodes.NotAllowed)]
    [InlineData("https://evilapi.example.org/", CallCodes.NotAllowed)]
    [InlineData("https://data.example.org/", CallCodes.NotAllowed)]
    [InlineData("https://evil-data.example.org/", CallCodes.NotAllowed)]
    [InlineData("https://api.example.org./", CallCodes.BadAddress)]
    [InlineData("https://api%2eexample%2eorg/", CallCodes.BadAddress)]
    [InlineData("https://аpi.example.org/", CallCodes.BadAddress)]
    [InlineData("https://api.example.org。evil.org/", CallCodes.BadAddress)]
    [InlineData("https://api。example。org/", CallCodes.BadAddress)]
    [InlineData("//api.example.org/", CallCodes.BadAddress)]
    [InlineData("/v1", CallCodes.BadAddress)]
    [InlineData("", CallCodes.BadAddress)]
    [InlineData("https://", CallCodes.BadAddress)]
    [InlineData("https:///api.example.org/", CallCodes.BadAddress)]
    [InlineData("https:api.example.org", CallCodes.BadAddress)]
    // Another way to write an address.
    [InlineData("https://127.0.0.1/", CallCodes.NotAllowed)]
    [InlineData("https://2130706433/", CallCodes.BadAddress)]
    [InlineData("https://0x7f000001/", CallCodes.BadAddress)]
    [InlineData("https://0x7f.0.0.1/", CallCodes.BadAddress)]
    [InlineData("https://0177.0.0.1/", CallCodes.BadAddress)]
    [InlineData("https://127.1/", CallCodes.BadAddress)]
    [InlineData("https://1572395042/", CallCodes.BadAddress)]
    [InlineData("https://0x5d.0xb8.0xd8.0x22/", CallCodes.BadAddress)]
    [InlineData("https://093.184.216.034/", CallCodes.BadAddress)]
    [InlineData("https://127.0.0.1.:443/", CallCodes.BadAddress)]
    [InlineData("https://[::1]/", CallCodes.NotAllowed)]
    [InlineData("https://[::ffff:93.184.216.34]/", CallCodes.NotAllowed)]
    [InlineData("https://[0:0:0:0:0:ffff:7f00:1]/", CallCodes.BadAddress)]
    [InlineData("https://[fe80::1%25eth0]/", CallCodes.BadAddress)]
    [InlineData("https://[2606:2800:220:0001::1]/", CallCodes.BadAddress)]
    [InlineData("https://localhost/", CallCodes.NotAllowed)]
    // Another way in.
    [InlineData("http://api.example.org/", CallCodes.NotAllowed)]
    [InlineData("https://api.example.org:8443/", CallCodes.NotAllowed)]
    [InlineData("https://api.example.org:22/", CallCodes.NotAllowed)]
    [InlineData("https://api.example.org:0/", CallCodes.NotAllowed)]
    [InlineData("https://api.example.org:99999/", CallCodes.BadAddress)]
    [InlineData("ftp://api.example.org/", CallCodes.BadAddress)]
    [InlineData("file:///etc/passwd", CallCodes.BadAddress)]
    [InlineData("gopher://api.example.org:443/_GET", CallCodes.BadAddress)]
    [InlineData("javascript:alert(1)", CallCodes.BadAddress)]
    [InlineData("data:text/plain,x", CallCodes.BadAddress)]
    [InlineData("unix:///var/run/docker.sock", CallCodes.BadAddress)]
    // Lines and blanks in the middle.
    [InlineData("https://api.example.org/\r\nX-Evil: 1", CallCodes.BadAddress)]
    [InlineData("https://api.example.org/ HTTP/1.1", CallCodes.BadAddress)]
    [InlineData("https://api.example.org\t.evil.org/", CallCodes.BadAddress)]
    [InlineData("https://api.example.org\0.evil.org/", CallCodes.BadAddress)]
    [InlineData(" https://api.example.org/", CallCodes.BadAddress)]
    public void An_address_in_disguise_is_refused(string url, string code) =>
        FluentActions.Invoking(() => CallTarget.Check(url, "GET", Rules)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(code, url);

    [Fact]
    public void A_method_that_the_rule_does_not_name_is_refused() =>
        FluentActions.Invoking(() => CallTarget.Check("https://api.example.org/", "DELETE", Rules)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(CallCodes.NotAllowed);

    [Fact]
    public void An_address_without_end_is_refused_unread() =>
        FluentActions.Invoking(() => CallTarget.Check("https://api.example.org/" + new string('a', 5_000), "GET", Rules)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(CallCodes.BadAddress);

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.0", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.128.0.0", true)]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("0.1.2.3", false)]
    [InlineData("10.255.255.255", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("169.254.170.2", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.0.192", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b:1::a00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001:db8::1", false)]
    public void Only_the_open_internet_is_within_reach(string address, bool isPublic)
    {
        AddressRules.IsPublic(IPAddress.Parse(address)).Should().Be(isPublic);
        AddressRules.MayReach(IPAddress.Parse(address), [IPNetwork.Parse("10.1.2.0/24")]).Should().Be(isPublic);
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("10.1.3.1", false)]
    public void A_rule_may_open_one_network(string address, bool may) =>
        AddressRules.MayReach(IPAddress.Parse(address), [IPNetwork.Parse("10.1.2.0/24")]).Should().Be(may);
}
