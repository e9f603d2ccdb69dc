using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Workflows.Lifecycle;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.Workflows.Definitions;

public sealed class LiteralInputTests
{
    [Theory]
    [InlineData("wait.until", "after: soon", "WFL-1011 at soon")]
    [InlineData("wait.until", "after: 2h, at: \"2026-03-02T16:30:00Z\"", "WFL-1011 at 2h")]
    [InlineData("wait.until", "", "WFL-1011 at one:")]
    [InlineData("wait.until", "time: \"25:99\", zone: Nowhere", "WFL-1011 at \"25:99", "WFL-1022 at Nowhere")]
    [InlineData("sql.query", "tables: {}, sql: drop table x", "STO-2007 at drop")]
    [InlineData("notify", "channel: ops, message: m, wait_for: deliverd", "WFL-1011 at deliverd")]
    [InlineData("http.call", "url: ftp://x, method: FETCH, timeout_seconds: 999", "OUT-1020 at ftp", "WFL-1011 at FETCH", "OUT-1030 at 999")]
    [InlineData("http.call", "url: \"https://api.test/\", json: 1, text: x", "OUT-1030 at x")]
    [InlineData("http.call", "url: \"https://api.test/\", accept: [99]", "OUT-1030 at [99]")]
    [InlineData("workflows.upstream", "workflow: nosuch, zone: Nowhere, not_older_than: x", "WFL-1022 at Nowhere", "WFL-1011 at x")]
    [InlineData("workflows.upstream", "workflow: nosuch", "WFL-1011 at one:")]
    [InlineData("workflows.upstream", "workflow: lifecycle@1.0.0, since: today", "WFL-1011 at lifecycle@")]
    [InlineData("approval", "subject: s, votes: [person], expires: next week", "APR-1008 at [person]", "APR-1009 at next week")]
    [InlineData("approval", "subject: s, votes: [gates, person], remind: [8d], quorum: 0", "APR-1019 at [8d]", "APR-1017 at 0")]
    public void What_stands_in_the_file_and_can_never_work_is_refused_on_loading_with_its_place(string kind, string with, params string[] expected)
    {
        ParseResult<WorkflowDefinition> parsed = Parse(kind, with);
        string line = Yaml(kind, with).Split('\n')[4];
        string[] found = [.. parsed.Problems.Select(p => $"{p.Code} at {(p.Where!.StartsWith("test.yaml:5:", StringComparison.Ordinal) ? line[(int.Parse(p.Where.Split(':')[2], System.Globalization.CultureInfo.InvariantCulture) - 1)..] : p.Where)}")];
        found.Should().HaveSameCount(expected);
        found.Zip(expected).Should().OnlyContain(f => f.First.StartsWith(f.Second, StringComparison.Ordinal));
        parsed.Problems.Should().OnlyContain(p => p.Remedy!.Length > 0);
    }

    [Theory]
    [InlineData("wait.until", "at: \"{params.word}\", after: \"{params.word}\"")]
    [InlineData("wait.until", "session: open, calendar: \"{params.word}\", offset: -15m")]
    [InlineData("wait.until", "time: \"16:30\", zone: \"{params.word}\"")]
    [InlineData("sql.query", "tables: { bars: \"{params.word}\" }, values: { least: \"{params.word}\" }, sql: \"select close from bars, params where close > least\"")]
    [InlineData("sql.query", "tables: {}, sql: \"{params.word}\"")]
    [InlineData("notify", "channel: ops, message: m, wait_for: \"{params.word}\"")]
    [InlineData("http.call", "url: \"ftp://{params.word}\", method: \"{params.word}\", json: null, text: x")]
    [InlineData("workflows.upstream", "workflow: \"{params.word}\", since: \"{params.word}\", not_older_than: 2d")]
    [InlineData("approval", "subject: s, votes: [gates, \"{params.word}\"], remind: [\"{params.word}\", 1d]")]
    public void What_only_a_run_knows_is_left_to_the_run(string kind, string with) => Parse(kind, with).Problems.Should().BeEmpty();

    [Theory]
    [InlineData("workflow", "workflow: nonexist", "test.yaml:5:51", "There is no valid file of nonexist")]
    [InlineData("workflow", "workflow: known@9.0.0", "test.yaml:5:51", "There is no valid file of known@9.0.0")]
    [InlineData("workflows.upstream", "workflow: nosuch, since: today", "test.yaml:5:61", "There is no valid file of nosuch")]
    public void A_workflow_that_nobody_knows_yet_is_a_warning_and_keeps_nothing_from_running(string kind, string with, string where, string message)
    {
        static WorkflowDefinition? Known(string id, string? version) => id == "known" && version is null or "1.0.0" ? Parse("wait.until", "after: 2h").Value : null;
        ParseResult<WorkflowDefinition> parsed = WorkflowYaml.Parse(Yaml(kind, with), "test.yaml", LifecycleFileTests.Kinds, Known);
        Problem warning = parsed.Value.Warnings.Should().ContainSingle().Subject;
        (warning.Code, warning.Where).Should().Be((WorkflowCodes.UnknownWorkflow, where));
        warning.Message.Should().StartWith(message);
        WorkflowYaml.Parse(Yaml(kind, "workflow: known" + (kind == "workflow" ? "" : ", since: today")), "test.yaml", LifecycleFileTests.Kinds, Known).Value.Warnings.Should().BeEmpty();
        Parse(kind, with).Value.Warnings.Should().BeEmpty("nobody was asked");
    }

    [Fact]
    public void A_pause_longer_than_the_longest_is_refused_in_a_new_file_and_read_in_a_published_one()
    {
        string yaml = Yaml("wait.until", "after: 2h").Replace("after: 2h }", "after: 2h }, retry: { attempts: 2, first: 2h }");
        Problem problem = WorkflowYaml.Parse(yaml, "test.yaml", LifecycleFileTests.Kinds).Problems.Should().ContainSingle().Subject;
        (problem.Code, problem.Message).Should().Be((WorkflowCodes.BadValue, "first is 2h, and no pause is longer than 1h."));
        WorkflowYaml.Parse(yaml.Replace("first: 2h", "first: 1h"), "test.yaml", LifecycleFileTests.Kinds).IsOk.Should().BeTrue();
        WorkflowYaml.ParsePublished(yaml, "test.yaml").IsOk.Should().BeTrue();
    }

    private static ParseResult<WorkflowDefinition> Parse(string kind, string with) => WorkflowYaml.Parse(Yaml(kind, with), "test.yaml", LifecycleFileTests.Kinds);

    private static string Yaml(string kind, string with) =>
        $"workflow: w\nversion: 1.0.0\nsummary: s\nparameters: {{ word: {{ type: text, default: word }} }}\nsteps: {{ one: {{ uses: {kind}, with: {{ {with} }} }} }}\n";
}
