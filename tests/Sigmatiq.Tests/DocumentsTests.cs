using System.CommandLine;
using System.Text.RegularExpressions;
using Sigmatiq.App.Commands;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests;

/// <summary>A stranger follows links and types commands: every link leads to a file of this checkout, every command is one.</summary>
public sealed partial class DocumentsTests
{
    [Fact]
    public void Every_link_in_the_documents_leads_somewhere()
    {
        int links = 0;
        foreach (string document in Documents)
        {
            foreach (Match link in Link().Matches(File.ReadAllText(document)))
            {
                string target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value));
                (File.Exists(target) || Directory.Exists(target)).Should().BeTrue($"{Path.GetFileName(document)} links to {link.Groups[1].Value}");
                links++;
            }
        }

        links.Should().BeGreaterThan(20);
    }

    [Fact]
    public void Every_document_that_the_code_names_is_there()
    {
        IEnumerable<string> sources = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/") && !f.Contains("/bin/")).Concat(Checkout.SourceFiles());
        string[] named = [.. sources.SelectMany(f => Document().Matches(File.ReadAllText(f)).Select(m => m.Value)).Distinct()];
        named.Should().HaveCountGreaterThan(3).And.OnlyContain(d => File.Exists(Path.Combine(Checkout.Root, d)));
    }

    [Fact]
    public void The_door_of_every_room_is_two_hops_from_the_readme()
    {
        File.ReadAllText(Path.Combine(Checkout.Root, "README.md")).Should().Contain("(docs/architecture.md)");
        string architecture = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "architecture.md"));
        foreach (string room in Directory.GetDirectories(Path.Combine(Checkout.Root, "src"), "Sigmatiq.*").Select(d => Path.GetFileName(d)))
        {
            architecture.Should().MatchRegex($@"\]\(\.\./src/{Regex.Escape(room)}/[^)]+\.cs\)", $"{room} has a door");
        }
    }

    [Fact]
    public void Every_command_in_the_documents_is_one_of_the_program_with_its_options()
    {
        RootCommand root = CommandLine.CreateRoot(new(TimeProvider.System, IdSource.FromSeed(TimeProvider.System, 7), new(TextWriter.Null, TextWriter.Null)));
        int commands = 0;
        foreach (string document in Documents)
        {
            foreach (string[] words in Commands(File.ReadAllText(document), root))
            {
                string shown = $"{Path.GetFileName(document)}: sigmatiq {string.Join(' ', words)}";
                Command command = root;
                int at = 0;
                for (; at < words.Length && Below(command, words[at]) is { } next; at++)
                {
                    command = next;
                }

                (command.Subcommands.Count == 0 || at == words.Length || words[at] is "--help" or "/").Should().BeTrue($"{shown}: '{words.ElementAtOrDefault(at)}' is a word of no command");
                string[] options = [.. command.Options.Concat(root.Options).SelectMany(o => o.Aliases.Append(o.Name)), "--help"];
                words.Where(w => w.StartsWith('-') && w.Length > 1 && char.IsAsciiLetter(w[^1])).Should().BeSubsetOf(options, shown);
                commands++;
            }
        }

        commands.Should().BeGreaterThan(60);
    }

    [Fact]
    public void Every_test_that_a_document_names_is_there()
    {
        string tests = string.Concat(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/") && !f.Contains("/bin/")).Select(File.ReadAllText));
        int named = 0;
        foreach (string document in Documents)
        {
            foreach (Match test in NamedTest().Matches(File.ReadAllText(document)))
            {
                string shown = $"{Path.GetFileName(document)} names {test.Value}";
                (!test.Groups["class"].Success || tests.Contains($"class {test.Groups["class"].Value}", StringComparison.Ordinal)).Should().BeTrue(shown);
                string end = test.Groups["cut"].Success ? "" : "(";
                (!test.Groups["test"].Success || tests.Contains(test.Groups["test"].Value + end, StringComparison.Ordinal)).Should().BeTrue(shown);
                named++;
            }
        }

        named.Should().BeGreaterThan(100);
    }

    [Fact]
    public void Every_test_program_is_named_in_the_architecture()
    {
        string architecture = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "architecture.md"));
        foreach (string program in Directory.GetDirectories(Path.Combine(Checkout.Root, "tests"), "Sigmatiq.*"))
        {
            architecture.Should().Contain($"tests/{Path.GetFileName(program)}");
        }
    }

    [Fact]
    public void Every_term_of_the_words_stands_there_once()
    {
        string[] terms = [.. File.ReadLines(Path.Combine(Checkout.Root, "docs", "words.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => l.Split('|')[1].Trim())];
        terms.Should().HaveCountGreaterThan(40).And.OnlyHaveUniqueItems();
    }

    private static string[] Documents =>
        [Path.Combine(Checkout.Root, "README.md"), .. Directory.GetFiles(Path.Combine(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories)];

    // What stands in code and begins with the program's name, or with a noun and one of its verbs; comments, pipes and brackets left out.
    private static IEnumerable<string[]> Commands(string document, RootCommand root)
    {
        foreach (Match span in Code().Matches(document))
        {
            string text = Comment().Replace(span.Value.Trim('`'), "").Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
            string[] words = [.. Word().Matches(text).Select(m => m.Value)];
            if (words is ["sigmatiq" or "./sigmatiq", .. var rest] && rest.Length > 0)
            {
                yield return rest;
            }
            else if (words.Length > 1 && Below(root, words[0]) is { } noun && Below(noun, words[1]) is not null)
            {
                yield return words;
            }
        }
    }

    private static Command? Below(Command command, string word) => command.Subcommands.FirstOrDefault(c => c.Name == word || c.Aliases.Contains(word));

    // Spans of code, and lines of blocks that begin with the program's name.
    [GeneratedRegex(@"`[^`]+`|^(\./)?sigmatiq .*$", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\s[#>|].*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bdocs/[a-z0-9/-]+\.md")]
    private static partial Regex Document();

    // A class of tests, perhaps with one of them, or a test alone: four words or more; cut short by an ellipsis.
    [GeneratedRegex(@"`(?:[\w/]+/)?(?:(?<class>\w+Tests)(?:\.(?<test>\w+)(?<cut>…)?)?|(?<test>[A-Z]\w*[a-z]\w*(?:_\w+){3,})(?<cut>…)?)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex("\"[^\"]*\"|[^\\s\"]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\]\((?!https?://|#)([^)#]+)")]
    private static partial Regex Link();
}
