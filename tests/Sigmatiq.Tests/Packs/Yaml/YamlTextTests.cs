using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs.Yaml;

public sealed class YamlTextTests
{
    [Fact]
    public void Every_node_knows_its_line_and_column()
    {
        YamlMap map = (YamlMap)Parse("a: 1\nb:\n  - x\n  - {k: v}\n").Value;
        map.Entries[0].Value.Place.ToString().Should().Be("f.yaml:1:4");
        YamlList list = (YamlList)map.Find("b")!.Value;
        list.Items[0].Place.ToString().Should().Be("f.yaml:3:5");
        ((YamlMap)list.Items[1]).Entries[0].Value.Place.ToString().Should().Be("f.yaml:4:9");
    }

    [Theory]
    [InlineData("a: 1\na: 2", "f.yaml:2:1", "twice")]
    [InlineData("a: &x 1", "f.yaml:1:4", "Anchors")]
    [InlineData("a: [*x]", "f.yaml:1:5", "Aliases")]
    [InlineData("a: !int 1", "f.yaml:1:4", "Tags")]
    [InlineData("a: 1\n---\nb: 2", "f.yaml:2:1", "second document")]
    [InlineData("<<: {a: 1}", "f.yaml:1:1", "plain text")]
    [InlineData("? [a]\n: 1", "f.yaml:1:3", "plain text")]
    [InlineData("a: [1, 2", null, "not YAML")]
    [InlineData("a: 'x", null, "not YAML")]
    [InlineData("a:\n\t- 1", null, "not YAML")]
    [InlineData("a: 1\nb: x\0y", "f.yaml:2:5", "\\u0000")]
    [InlineData("a: \u001b[2J", "f.yaml:1:4", "\\u001b")]
    public void What_cannot_be_read_safely_is_refused_with_its_place(string text, string? place, string about)
    {
        ParseResult<YamlNode> parsed = Parse(text);
        parsed.IsOk.Should().BeFalse();
        Problem problem = parsed.Problems[0];
        problem.Code.Should().Be("TST-1");
        problem.Message.Should().Contain(about);
        problem.Where.Should().StartWith("f.yaml:");
        if (place is not null)
        {
            problem.Where.Should().Be(place);
        }
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        Parse(new string('[', 60) + new string(']', 60)).IsOk.Should().BeTrue();
        Parse(new string('[', 65) + new string(']', 65)).Problems[0].Message.Should().Contain("64");
        Parse(new string('[', 100_000)).IsOk.Should().BeFalse();
    }

    [Fact]
    public void A_text_of_more_than_a_million_characters_is_refused() =>
        Parse("# " + new string('x', 1_000_000)).Problems[0].Message.Should().Contain("1000002");

    [Fact]
    public void An_empty_text_is_a_document_without_a_value() => ((YamlScalar)Parse("# nothing\n").Value).IsNull.Should().BeTrue();

    [Theory]
    [InlineData("1", "1")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("1e3", "1000")]
    [InlineData("1.0", "1")]
    [InlineData("\"1\"", "\"1\"")]
    [InlineData("1.1.0", "\"1.1.0\"")]
    [InlineData("2024-01-01", "\"2024-01-01\"")]
    [InlineData("true", "true")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("~", "null")]
    [InlineData("null", "null")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("NaN", "\"NaN\"")]
    [InlineData("0x10", "\"0x10\"")]
    public void Plain_text_is_read_by_the_core_schema_and_quoted_text_is_text(string yaml, string json) =>
        CanonicalJson.Text(Parse($"a: {yaml}").Value.ToJson()).Should().Be($$"""{"a":{{json}}}""");

    [Fact]
    public void What_is_written_reads_back_as_the_same_content()
    {
        Rng rng = Rng.From(7);
        for (int i = 0; i < 500; i++)
        {
            JsonNode json = Some(rng, 0);
            string text = YamlWriter.Write(json);
            ParseResult<YamlNode> parsed = Parse(text);
            parsed.IsOk.Should().BeTrue($"seed 7, step {i}:\n{text}\n{string.Join("\n", parsed.Problems)}");
            CanonicalJson.Text(parsed.Value.ToJson()).Should().Be(CanonicalJson.Text(json), $"seed 7, step {i}:\n{text}");
        }
    }

    private const string Letters = "abcZ019 _-.:#'\"\\/é\t\n–";

    private static JsonNode Some(Rng rng, int depth)
    {
        int n = rng.NextInt(4);
        if (depth == 0 || (depth < 4 && rng.NextInt(3) == 0))
        {
            JsonObject map = [];
            for (int i = 0; i <= n; i++)
            {
                map[Word(rng)] = Some(rng, depth + 1);
            }

            return map;
        }

        if (depth < 4 && rng.NextInt(3) == 0)
        {
            return new JsonArray([.. Enumerable.Range(0, n).Select(_ => Some(rng, depth + 1))]);
        }

        return rng.NextInt(3) switch
        {
            0 => JsonValue.Create(rng.NextGaussian() * Math.Pow(10, rng.NextInt(20) - 10)),
            1 => JsonValue.Create(rng.NextInt(2) == 0),
            _ => JsonValue.Create(Word(rng)),
        };
    }

    private static string Word(Rng rng) =>
        new([.. Enumerable.Range(0, 1 + rng.NextInt(8)).Select(_ => Letters[rng.NextInt(Letters.Length)])]);

    private static ParseResult<YamlNode> Parse(string text) => YamlText.Parse(text, "f.yaml", "TST-1");
}
