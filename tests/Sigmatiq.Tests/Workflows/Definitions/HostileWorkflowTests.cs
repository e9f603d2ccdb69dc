using System.Diagnostics;
using System.Text.RegularExpressions;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.Workflows.Definitions;

/// <summary>Texts that were made to hurt a reader; what chance finds is in <c>FuzzTests</c>.</summary>
public sealed class HostileWorkflowTests
{
    private const string Good = "workflow: w\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: test.use, with: { factor: 2 } } }\n";

    public static TheoryData<string, string> Texts
    {
        get
        {
            string laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"{(char)('a' + i)}: &{(char)('a' + i)} [{string.Join(", ", Enumerable.Repeat($"*{(char)('a' + i - 1)}", 9))}]\n"));
            return new()
            {
                { "a billion laughs", laughs }, { "an alias to itself", "a: &a [*a]\n" }, { "a merge key", "steps: { <<: { a: 1 } }\n" }, { "a tag", "steps: !!python/object/apply:os.system [ls]\n" },
                { "brackets without end", new string('[', 100_000) }, { "braces without end", "a: " + string.Concat(Enumerable.Repeat("{ a: ", 50_000)) }, { "dashes without end", string.Concat(Enumerable.Repeat("- ", 50_000)) },
                { "a deep block", string.Concat(Enumerable.Range(0, 1_000).Select(i => $"{new string(' ', i)}a:\n")) }, { "a million characters", new string('a', 1_000_001) }, { "questions", string.Concat(Enumerable.Repeat("? ", 20_000)) },
                { "a key twice", "workflow: w\nworkflow: w\n" }, { "a key twice in brackets", Good.Replace("factor: 2", "factor: 2, factor: 3") }, { "two documents", Good + "---\n" + Good }, { "a tab as indent", "steps:\n\tone: { uses: test.use }\n" },
                { "a zero", Good + "\0x_y: 1\n" }, { "a control character", Good.Replace("summary: s", "summary: \u0007") }, { "half a surrogate as a key", Good.Replace("summary", "\uD800summary") }, { "a bidi override in a name", Good.Replace("workflow: w", "workflow: \u202Ew") },
                { "a name of another alphabet", Good.Replace("workflow: w", "workflow: \u0430lpha") }, { "a huge number", Good.Replace("factor: 2", "factor: 1e999") }, { "more digits than anybody", Good.Replace("steps: { one", "concurrency: { group: g, limit: 99999999999999999999999999 }\nsteps: { one") },
                { "a negative bound", Good.Replace("uses: test.use,", "uses: test.use, timeout: -5s,") }, { "attempts beyond all bounds", Good.Replace("uses: test.use,", "uses: test.use, retry: { attempts: 2147483648 },") },
                { "an expression without end", Good.Replace("factor: 2", $"factor: \"{{{new string('(', 20_000)}1\"") }, { "an endless chain of nots", Good.Replace("uses: test.use,", $"uses: test.use, when: {string.Concat(Enumerable.Repeat("NOT ", 20_000))}true,") },
                { "a million steps", "workflow: w\nversion: 1.0.0\nsummary: s\nsteps:\n" + string.Concat(Enumerable.Range(0, 30_000).Select(i => $"  s{i}: {{ uses: test.use }}\n")) }, { "nothing", "" }, { "a list", "- a\n" }, { "only a comment", "# nothing\n" }, { "a scalar", "42\n" },
                { "a directive", "%YAML 9.9\n---\n" + Good }, { "a grid that fills memory", Good.Replace("uses: test.use,", $"uses: test.use, for_each: {{ as: x, max: 10000, grid: {{ {string.Join(", ", Enumerable.Range(0, 30).Select(i => $"a{i}: [1, 2, 3, 4]"))} }} }},") },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Is_refused_at_once_with_a_code_and_a_place(string what, string text)
    {
        long begun = Stopwatch.GetTimestamp(), bytes = GC.GetAllocatedBytesForCurrentThread();
        ParseResult<WorkflowDefinition> parsed = WorkflowYaml.Parse(text, "w.yaml", new TestSteps().Kinds);
        parsed.IsOk.Should().BeFalse(what);
        parsed.Problems.Should().OnlyContain(p => p.Code.StartsWith("WFL-1") && Regex.IsMatch(p.Where!, @"^w\.yaml:[1-9]\d*:[1-9]\d*$") && p.Message.Length < 2_000, what);
        Stopwatch.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromSeconds(10), what);
        (GC.GetAllocatedBytesForCurrentThread() - bytes).Should().BeLessThan(512L << 20, what);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\n\n# comment\n")]
    public void What_stands_before_a_good_text_does_no_harm(string before) => WorkflowYaml.Parse(before + Good, "w.yaml", new TestSteps().Kinds).Problems.Should().BeEmpty();
}
