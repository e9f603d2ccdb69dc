using System.Text.RegularExpressions;

namespace Sigmatiq.Tests;

/// <summary>A stranger follows links: every one of them leads to a file of this checkout.</summary>
public sealed partial class DocumentsTests
{
    [Fact]
    public void Every_link_in_the_documents_leads_somewhere()
    {
        string[] documents = [Path.Combine(Checkout.Root, "README.md"), .. Directory.GetFiles(Path.Combine(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories)];
        int links = 0;
        foreach (string document in documents)
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
    public void The_door_of_every_room_is_two_hops_from_the_readme()
    {
        File.ReadAllText(Path.Combine(Checkout.Root, "README.md")).Should().Contain("(docs/architecture.md)");
        string architecture = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "architecture.md"));
        foreach (string room in Directory.GetDirectories(Path.Combine(Checkout.Root, "src"), "Sigmatiq.*").Select(d => Path.GetFileName(d)))
        {
            architecture.Should().MatchRegex($@"\]\(\.\./src/{Regex.Escape(room)}/[^)]+\.cs\)", $"{room} has a door");
        }
    }

    [GeneratedRegex(@"\]\((?!https?://|#)([^)#]+)")]
    private static partial Regex Link();
}
