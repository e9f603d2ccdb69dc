using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Rules;

namespace Sigmatiq.Tests.Packs;

/// <summary>docs/packs.md names what the code has: every key, word, function, name and code of a finding, and none that it has not.</summary>
public sealed partial class PacksDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "packs.md"));

    [Fact]
    public void Every_key_and_word_of_the_six_files_is_explained()
    {
        int keys = 0;
        foreach (string file in PackFolder.FileNames)
        {
            Document.Should().Contain($"## {file}");
            Walk(PackSchema.Of(file));
        }

        keys.Should().BeGreaterThan(70);

        void Walk(JsonObject schema)
        {
            foreach (var (key, below) in schema["properties"]?.AsObject() ?? [])
            {
                Document.Should().MatchRegex($@"[`.{{, ]{key}[`.}},]", $"the key {key}");
                keys++;
                Walk(below!.AsObject());
            }

            if (schema["items"] is JsonObject item)
            {
                Walk(item);
            }

            foreach (string word in schema["enum"]?.AsArray().Select(w => w!.GetValue<string>()) ?? [])
            {
                Document.Should().MatchRegex($@"[`( ]{word}[`,)]", $"the word {word}");
            }
        }
    }

    [Fact]
    public void Every_function_and_name_is_explained_and_no_other()
    {
        // In the first column of a table a function stands with its arguments.
        string[] named = [.. Document.Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)).SelectMany(l => Call().Matches(l.Split(" | ")[0])).Select(m => m.Groups[1].Value).Distinct()];
        named.Should().BeEquivalentTo([.. RuleFunctions.All.Keys, "increasing", "decreasing"]);
        foreach (string name in RuleScope.Build([], []).Names)
        {
            Document.Should().Contain($"`{name}`");
        }

        // The shapes in the table are those that compile.
        RuleScope scope = RuleScope.OfPack(SomePack.Swing);
        foreach (string function in RuleFunctions.All.Keys)
        {
            string shape = Regex.Match(Document, $@"`({function}\([^`]*\))`").Groups[1].Value;
            string rule = Regex.Replace(shape, @"(?<=[(, ])(x|y|p|i)(?=[,)])", "close").Replace("condition", "macd_cross").Replace(", …", "").Replace(", n)", ", 5)");
            RuleProgram.Compile(rule, scope).IsOk.Should().BeTrue($"{shape} as {rule}");
        }
    }

    [Fact]
    public void Every_code_that_packs_raise_is_in_the_documents()
    {
        string[] raised = [.. Directory.GetFiles(Path.Combine(Checkout.Root, "src", "Sigmatiq.Packs"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => Code().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];
        raised.Should().HaveCountGreaterThan(15);
        foreach (string code in raised)
        {
            Document.Should().Contain($"`{code}`");
        }
    }

    [GeneratedRegex(@"`(?:x )?([a-z_]+)\(")]
    private static partial Regex Call();

    [GeneratedRegex("\"((?:PCK|EXP)-[0-9]{4})\"")]
    private static partial Regex Code();
}
