using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Tests.Trading.Outside;

public sealed class OutsideYamlTests
{
    private const string Whole = """
        secrets:
          hook: { file: secrets/hook }
          mail: { env: SMTP_PASSWORD }
          api: { env: API_TOKEN }
        channels:
          ops: { type: webhook, url: "https://hooks.example.org/in", secret: hook, timeout_seconds: 5 }
          desk: { type: smtp, host: smtp.example.org, user: sigmatiq, password: mail, from: sigmatiq@example.org, to: [desk@example.org] }
          log: { type: file, path: notices.jsonl }
        routes:
          - { kinds: ["alert.*"], channels: [ops, desk] }
          - { kinds: ["approval.*", alert.run], channels: [log] }
        give_up: { after_hours: 24, attempts: 7 }
        calls:
          - { host: api.example.org, methods: [GET, POST], secrets: [api] }
          - { host: "*.internal.example.org", schemes: [https, http], ports: [443, 8080], networks: [10.1.2.0/24] }
        """;

    [Fact]
    public void A_whole_file_is_read_with_its_defaults()
    {
        OutsideSettings settings = Parse(Whole).Value;
        settings.ChannelsOf("alert.run").Should().Equal("ops", "desk", "log");
        settings.ChannelsOf("alert.workflow").Should().Equal("ops", "desk");
        settings.ChannelsOf("notify").Should().BeEmpty();
        settings.Patience.Should().Be(new Patience(TimeSpan.FromHours(24), 7));
        SmtpSettings desk = (SmtpSettings)settings.Channels["desk"];
        (desk.Port, desk.StartTls, desk.Timeout).Should().Be((587, true, TimeSpan.FromSeconds(10)));
        ((FileSettings)settings.Channels["log"]).Path.Should().Be("/etc/sigmatiq/notices.jsonl", "relative paths begin in the folder of the file");
        settings.Secrets["hook"].File.Should().Be("/etc/sigmatiq/secrets/hook");
        CallRule first = settings.Calls[0], second = settings.Calls[1];
        first.Schemes.Should().Equal("https");
        first.Ports.Should().Equal(443);
        (first.Fits("API.example.org"), first.Fits("api.example.org."), first.Fits("xapi.example.org")).Should().Be((true, false, false));
        (second.Fits("a.internal.example.org"), second.Fits("internal.example.org"), second.Fits("evil-internal.example.org")).Should().Be((true, false, false));
    }

    [Fact]
    public void An_empty_file_allows_nothing() => Parse("").Value.Should().BeEquivalentTo(OutsideSettings.Nothing);

    [Theory]
    [InlineData("channels: [a]", OutsideCodes.BadSettings, "1:")]
    [InlineData("channels: { a: { type: pigeon } }", OutsideCodes.BadSettings, "pigeon")]
    [InlineData("channels: { a: { type: webhook, url: 'https://x.org' } }", OutsideCodes.BadSettings, "secret")]
    [InlineData("secrets: { s: { env: S } }\nchannels: { a: { type: webhook, url: 'ftp://x.org', secret: s } }", OutsideCodes.BadSettings, "none of the web")]
    [InlineData("secrets: { s: { env: S } }\nchannels: { a: { type: webhook, url: 'https://u:p@x.org', secret: s } }", OutsideCodes.BadSettings, "a user in it")]
    [InlineData("secrets: { s: { env: S } }\nchannels: { a: { type: webhook, secret: s } }", OutsideCodes.BadSettings, "url or url_secret")]
    [InlineData("channels: { a: { type: webhook, url: 'https://x.org', secret: hunter2 } }", OutsideCodes.UnknownName, "no secret of that name")]
    [InlineData("channels: { a: { type: file } }", OutsideCodes.BadSettings, "path")]
    [InlineData("channels: { a: { type: file, path: x, timeout_seconds: 61 } }", OutsideCodes.BadSettings, "61")]
    [InlineData("channels: { a: { type: file, path: x, colour: red } }", OutsideCodes.BadSettings, "colour")]
    [InlineData("secrets: { s: { env: S } }\nchannels: { a: { type: smtp, host: h.org, tls: none, user: u, password: s, from: a@b.org, to: [a@b.org] } }", OutsideCodes.InTheClear, "in the clear")]
    [InlineData("channels: { a: { type: smtp, host: h.org, tls: maybe, from: a@b.org, to: [a@b.org] } }", OutsideCodes.BadSettings, "maybe")]
    [InlineData("channels: { a: { type: smtp, host: h.org, user: u, from: a@b.org, to: [a@b.org] } }", OutsideCodes.BadSettings, "go together")]
    [InlineData("channels: { a: { type: smtp, host: h.org, from: a@b.org, to: ['not one'] } }", OutsideCodes.BadSettings, "no mail address")]
    [InlineData("channels: { a: { type: smtp, host: h.org, from: a@b.org, to: [] } }", OutsideCodes.BadSettings, "Nobody")]
    [InlineData("routes: [{ kinds: [x], channels: [nowhere] }]", OutsideCodes.UnknownName, "nowhere")]
    [InlineData("secrets: { s: { env: A, file: b } }", OutsideCodes.BadSettings, "a file or in a variable")]
    [InlineData("secrets: { s: hunter2 }", OutsideCodes.BadSettings, "must be a map")]
    [InlineData("give_up: { attempts: 0 }", OutsideCodes.BadSettings, "attempts")]
    [InlineData("calls: [{ host: 'https://x.org' }]", OutsideCodes.BadSettings, "no name of a host")]
    [InlineData("calls: [{ host: x.org, schemes: [ftp] }]", OutsideCodes.BadSettings, "ftp")]
    [InlineData("calls: [{ host: x.org, ports: [0] }]", OutsideCodes.BadSettings, "no port")]
    [InlineData("calls: [{ host: x.org, methods: [get] }]", OutsideCodes.BadSettings, "get")]
    [InlineData("calls: [{ host: x.org, networks: [10.0.0.0/33] }]", OutsideCodes.BadSettings, "no network")]
    [InlineData("calls: [{ host: x.org, secrets: [s] }]", OutsideCodes.UnknownName, "no secret 's'")]
    [InlineData("secrets: { s: { env: S } }\ncalls: [{ host: x.org, schemes: [http], secrets: [s] }]", OutsideCodes.InTheClear, "in the clear")]
    public void What_is_wrong_is_said_with_its_place_and_never_with_a_secret(string yaml, string code, string says)
    {
        IReadOnlyList<Problem> problems = Parse(yaml).Problems;
        problems.Should().Contain(p => p.Code == code && $"{p.Where} {p.Message}".Contains(says, StringComparison.Ordinal), string.Join("\n", problems));
        problems.Should().OnlyContain(p => p.Where!.StartsWith("/etc/sigmatiq/outside.yaml", StringComparison.Ordinal));
        problems.Should().NotContain(p => p.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_changes_is_read_again_and_a_spoilt_one_allows_nothing()
    {
        using TemporaryFolder folder = new();
        OutsideFile file = new(folder["outside.yaml"]);
        file.Read().Should().BeSameAs(OutsideSettings.Nothing);
        File.WriteAllText(file.Path, "channels: { log: { type: file, path: n.jsonl } }");
        OutsideSettings first = file.Read();
        first.Channels.Should().ContainKey("log");
        file.Read().Should().BeSameAs(first);
        File.WriteAllText(file.Path, "channels: { log: { type: pigeon } }");
        FluentActions.Invoking(file.Read).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(OutsideCodes.BadSettings);
        File.Delete(file.Path);
        file.Read().Channels.Should().BeEmpty();
    }

    [Fact]
    public void A_secret_is_read_when_it_is_needed_and_prints_nothing()
    {
        using TemporaryFolder folder = new();
        SecretSource source = new("s", folder["s"], null);
        FluentActions.Invoking(source.Read).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(OutsideCodes.NoSecret);
        File.WriteAllText(folder["s"], "\n");
        FluentActions.Invoking(source.Read).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(OutsideCodes.NoSecret);
        File.WriteAllText(folder["s"], "hunter2\n");
        Secret secret = source.Read();
        (secret.Reveal(), secret.ToString(), System.Text.Json.JsonSerializer.Serialize(secret)).Should().Be(("hunter2", "***", "{}"));
        FluentActions.Invoking(new SecretSource("s", null, "SIGMATIQ_TESTS_NO_SUCH_VARIABLE").Read).Should().Throw<ProblemException>();
    }

    private static ParseResult<OutsideSettings> Parse(string yaml) => OutsideYaml.Parse(yaml, "/etc/sigmatiq/outside.yaml");
}
