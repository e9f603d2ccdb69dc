using System.Text.RegularExpressions;

namespace Sigmatiq.Tests;

/// <summary>What users read.</summary>
public sealed partial class MessagesTests
{
    [Fact]
    public void No_message_sends_its_reader_to_a_document_that_does_not_come_with_the_product()
    {
        string[] cited = [.. Checkout.SourceFiles()
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (Place: $"{Path.GetRelativePath(Checkout.Root, f)}:{i + 1}", line)))
            .Where(l => !l.line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Paragraph().IsMatch(l.line)).Select(l => l.Place)];
        cited.Should().BeEmpty();
    }

    [GeneratedRegex("\"[^\"]*[0-9]{2} §[^\"]*\"")]
    private static partial Regex Paragraph();
}
