using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Sigmatiq.Tests;

/// <summary>The cluster file as far as it can be judged where no container engine is: what it names is there, and nothing in it has rights
/// or secrets that it should not have.</summary>
public sealed partial class ComposeFileTests
{
    private static readonly YamlMappingNode File = Read();

    public static TheoryData<string> Services => [.. Map(File, "services").Children.Keys.Select(k => k.ToString())];

    [Fact]
    public void It_has_a_database_a_server_two_workers_and_what_watches_them() => Services.Select(s => (string)s.Data)
        .Should().BeEquivalentTo("postgres", "prepare", "server", "worker-1", "worker-2", "prometheus", "alertmanager", "grafana");

    [Theory]
    [MemberData(nameof(Services))]
    public void Each_service_is_pinned_runs_without_root_and_says_whether_it_is_well(string name)
    {
        YamlMappingNode service = Map(Map(File, "services"), name);
        Text(service, "image").Should().MatchRegex(@"^(sigmatiq:local|[a-z/]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?)$", "an image without its version is another one tomorrow");
        Text(service, "user").Should().MatchRegex(@"^[1-9]\d*:[1-9]\d*$");
        List(service, "security_opt").Should().Contain("no-new-privileges:true");
        service.Children.Should().ContainKey("healthcheck");
        (name == "prepare" || Map(service, "healthcheck").Children.ContainsKey("test")).Should().BeTrue();
        service.Children.Should().NotContainKey("privileged");
        foreach (string port in List(service, "ports"))
        {
            port.Should().StartWith("127.0.0.1:");
        }

        foreach (string secret in List(service, "secrets"))
        {
            Text(Map(Map(File, "secrets"), secret), "file").Should().StartWith("./deploy/secrets/");
        }

        if (service.Children.TryGetValue("environment", out YamlNode? environment))
        {
            ((YamlMappingNode)environment).Children.Where(e => e.Key.ToString().Contains("PASSWORD", StringComparison.Ordinal) && !e.Value.ToString().StartsWith("/run/secrets/", StringComparison.Ordinal))
                .Should().BeEmpty("secrets come by file");
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void What_a_service_mounts_is_in_the_checkout_or_a_named_volume(string name)
    {
        foreach (string volume in List(Map(Map(File, "services"), name), "volumes"))
        {
            string source = volume.Split(':')[0];
            bool isThere = source.StartsWith("./", StringComparison.Ordinal)
                ? Path.Exists(Path.Combine(Checkout.Root, source)) && volume.EndsWith(":ro", StringComparison.Ordinal) : Map(File, "volumes").Children.ContainsKey(source);
            isThere.Should().BeTrue(volume);
        }
    }

    [Fact]
    public void The_image_ends_as_a_user_without_rights_on_pinned_bases()
    {
        string image = System.IO.File.ReadAllText(Path.Combine(Checkout.Root, "Dockerfile"));
        From().Matches(image).Select(m => m.Groups[1].Value).Should().HaveCount(2).And.OnlyContain(b => Regex.IsMatch(b, @":\d+\.\d+"));
        image.TrimEnd().Split('\n').Last(l => l.StartsWith("USER ", StringComparison.Ordinal)).Should().Be("USER 10001:10001");
    }

    [Fact]
    public void The_files_of_the_watchers_can_be_read_and_name_each_other()
    {
        string prometheus = Deployed("prometheus.yml");
        prometheus.Should().Contain("127.0.0.1:9093").And.Contain("rule_files: [alerts.yml]");
        foreach (string file in new[] { "prometheus.yml", "alerts.yml", "alertmanager.yml", "grafana/datasources/prometheus.yml" })
        {
            YamlStream stream = new();
            FluentActions.Invoking(() => stream.Load(new StringReader(Deployed(file)))).Should().NotThrow(file);
        }
    }

    [Fact]
    public void The_server_is_watched_where_it_answers_by_the_token_that_it_is_given()
    {
        YamlMappingNode services = Map(File, "services"), server = Map(services, "server"), watcher = Map(services, "prometheus");
        string token = Text(Map(server, "environment"), "SIGMATIQ_METRICS_TOKEN_FILE");
        foreach (YamlMappingNode service in (YamlMappingNode[])[server, watcher])
        {
            List(service, "secrets").Should().Contain(Path.GetFileName(token));
            Text(service, "network_mode").Should().Be("host", "the server answers on the machine's loopback alone");
        }

        YamlStream stream = new();
        stream.Load(new StringReader(Deployed("prometheus.yml")));
        YamlMappingNode job = ((YamlSequenceNode)((YamlMappingNode)stream.Documents[0].RootNode).Children["scrape_configs"]).Children.Cast<YamlMappingNode>().Single(j => Text(j, "job_name") == "sigmatiq");
        Text(Map(job, "authorization"), "credentials_file").Should().Be(token);
        string url = List(server, "command").SkipWhile(a => a != "--urls").ElementAt(1);
        ((YamlSequenceNode)job.Children["static_configs"]).ToString().Should().Contain(new Uri(url).Authority);
        List(watcher, "command").Should().Contain(a => a.StartsWith("--web.listen-address=127.0.0.1:", StringComparison.Ordinal));
        Deployed("secrets.sh").Should().Contain(Path.GetFileName(token));
    }

    private static string Deployed(string file) => System.IO.File.ReadAllText(Path.Combine(Checkout.Root, "deploy", file));

    private static YamlMappingNode Read()
    {
        YamlStream stream = new();
        using StreamReader reader = new(Path.Combine(Checkout.Root, "docker-compose.yml"));
        stream.Load(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(reader)));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static YamlMappingNode Map(YamlMappingNode from, string key) => (YamlMappingNode)from.Children[key];

    private static string Text(YamlMappingNode from, string key) => from.Children[key].ToString();

    private static IReadOnlyList<string> List(YamlMappingNode from, string key) =>
        from.Children.TryGetValue(key, out YamlNode? list) ? [.. ((YamlSequenceNode)list).Children.Select(c => c.ToString())] : [];

    [GeneratedRegex(@"^FROM (\S+)", RegexOptions.Multiline)]
    private static partial Regex From();
}
