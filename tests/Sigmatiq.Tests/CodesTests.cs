using System.Text.RegularExpressions;

namespace Sigmatiq.Tests;

/// <summary>Every code that the product can answer with is named in a test, which is where it is provoked.</summary>
public sealed partial class CodesTests
{
    [Fact]
    public void Every_code_in_the_source_is_provoked_by_a_test()
    {
        string tests = string.Concat(Sources("tests").Where(f => !f.EndsWith("CodesTests.cs", StringComparison.Ordinal)).Select(File.ReadAllText));
        Dictionary<string, string> nameOf = [];
        SortedSet<string> codes = new(StringComparer.Ordinal);
        foreach (string file in Sources("src"))
        {
            foreach (Match line in Line().Matches(File.ReadAllText(file)))
            {
                if (Comment().IsMatch(line.Value))
                {
                    continue;
                }

                foreach (Match code in Code().Matches(line.Value))
                {
                    codes.Add(code.Groups[1].Value);
                }

                if (Constant().Match(line.Value) is { Success: true } constant)
                {
                    nameOf[constant.Groups[2].Value] = $"Codes.{constant.Groups[1].Value}";
                }
            }
        }

        codes.Count.Should().BeGreaterThan(100);
        codes.Where(c => !tests.Contains(c, StringComparison.Ordinal) && !(nameOf.TryGetValue(c, out string? name) && Regex.IsMatch(tests, $"{Regex.Escape(name)}\\b")))
            .Should().BeEmpty("a refusal that no test provokes may never come, or come wrong");
    }

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex("^.*$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"^\s*//")]
    private static partial Regex Comment();

    [GeneratedRegex("\"([A-Z]{3}-[0-9]{4}|GATE_FAILED)\"")]
    private static partial Regex Code();

    [GeneratedRegex("const string (\\w+) = \"([A-Z]{3}-[0-9]{4})\"")]
    private static partial Regex Constant();
}
