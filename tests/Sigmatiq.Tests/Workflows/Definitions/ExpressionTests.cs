using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.Workflows.Definitions;

public sealed class ExpressionTests
{
    private static readonly JsonNode Names = JsonNode.Parse("""
        { "params": { "select": 2, "ticker": "SPY", "flag": true, "nothing": null },
          "steps": { "sweep": { "outputs": { "best": [ { "id": 7 }, { "id": 3 }, { "id": 9 } ], "score": 0.5 } } } }
        """)!;

    [Theory]
    [InlineData("params.select + 1", "3")]
    [InlineData("1 + 2 * 3 - 4 / 2", "5")]
    [InlineData("-(2 - 5)", "3")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("1 / 0", "null")]
    [InlineData("params.nothing + 1", "null")]
    [InlineData("params.ticker == \"SPY\"", "true")]
    [InlineData("params.ticker != 'SPY'", "false")]
    [InlineData("params.nothing == null", "true")]
    [InlineData("params.nothing > 1", "null")]
    [InlineData("params.nothing > 1 AND false", "false")]
    [InlineData("params.nothing > 1 or true", "true")]
    [InlineData("params.nothing > 1 or false", "null")]
    [InlineData("NOT params.flag", "false")]
    [InlineData("not params.select >= 2", "false")]
    [InlineData("true or false and false", "true")]
    [InlineData("'abc' < 'abd'", "true")]
    [InlineData("2 == 2.0", "true")]
    [InlineData("steps.sweep.outputs.best(params.select)", """[{"id":7},{"id":3}]""")]
    [InlineData("steps.sweep.outputs.best(1 + 9).id", "[7,3,9]")]
    [InlineData("steps.sweep.outputs.best[1].id", "3")]
    [InlineData("steps.sweep.outputs.best.id", "[7,3,9]")]
    [InlineData("steps.sweep.outputs.score * 2 == 1", "true")]
    [InlineData("'it\\'s'", "\"it's\"")]
    public void Expressions_have_the_value_one_expects(string text, string expected) =>
        CanonicalJson.Text(Value(text)).Should().Be(expected);

    [Theory]
    [InlineData("", 0)]
    [InlineData("1 +", 3)]
    [InlineData("(1", 2)]
    [InlineData("a..b", 2)]
    [InlineData("1 < 2 < 3", 6)]
    [InlineData("'open", 0)]
    [InlineData("1 2", 2)]
    [InlineData("params.x ? 1", 9)]
    [InlineData("1.2.3", 0)]
    [InlineData("f(1, 2)", 3)]
    public void A_broken_expression_is_refused_with_its_place(string text, int position)
    {
        ParsedExpression parsed = ExpressionParser.Parse(text);
        parsed.Expression.Should().BeNull();
        parsed.Error.Should().NotBeEmpty();
        parsed.Position.Should().Be(position);
    }

    [Fact]
    public void Nesting_and_length_are_bounded()
    {
        ExpressionParser.Parse(new string('(', 33) + "1" + new string(')', 33)).Error.Should().Contain("deeper");
        ExpressionParser.Parse(new string('(', 20) + "1" + new string(')', 20)).Error.Should().BeNull();
        ExpressionParser.Parse(new string('1', 2_001)).Error.Should().Contain("characters");
        ExpressionParser.Parse(string.Join(" or ", Enumerable.Repeat("true", 240))).Error.Should().BeNull();
    }

    [Theory]
    [InlineData("1 and true")]
    [InlineData("'a' + 1")]
    [InlineData("params.select(1)")]
    [InlineData("steps.sweep.outputs.best[3]")]
    [InlineData("steps.sweep.outputs.best(1.5)")]
    [InlineData("params.ticker.name")]
    public void A_value_of_the_wrong_kind_is_an_error_and_no_guess(string text) =>
        FluentActions.Invoking(() => Value(text)).Should().Throw<ExpressionException>();

    [Theory]
    [InlineData("lifecycle/{params.ticker}", "\"lifecycle/SPY\"")]
    [InlineData("{params.select}", "2")]
    [InlineData("{{literal}} {params.select + 1}", "\"{literal} 3\"")]
    [InlineData("{params.nothing}", "null")]
    [InlineData("{'}' == '}'}", "true")]
    public void Texts_with_braces_are_filled(string text, string expected)
    {
        var (template, error, _) = Template.Parse(text);
        error.Should().BeNull();
        CanonicalJson.Text(template!.Fill(Lookup)).Should().Be(expected);
    }

    [Theory]
    [InlineData("a } b", 2)]
    [InlineData("a { b", 2)]
    [InlineData("x {1 +} y", 6)]
    public void Braces_without_partner_are_refused_with_their_place(string text, int position)
    {
        var (template, error, at) = Template.Parse(text);
        template.Should().BeNull();
        error.Should().NotBeEmpty();
        at.Should().Be(position);
    }

    [Fact]
    public void No_text_breaks_the_parser()
    {
        string[] parts = ["params.x", "(", ")", "[", "]", "{", "}", "and", "OR", "not", "==", "<", "+", "-", "*", "/", "1", "2.5e3", "'", "\"", "\\", ".", ",", " ", "ü", "null", "true"];
        for (int seed = 0; seed < 3_000; seed++)
        {
            Rng rng = Rng.From(seed);
            string text = string.Concat(Enumerable.Range(0, rng.NextInt(20)).Select(_ => parts[rng.NextInt(parts.Length)]));
            ParsedExpression parsed = ExpressionParser.Parse(text);
            (parsed.Expression is null).Should().Be(parsed.Error is not null, $"seed {seed}: {text}");
            parsed.Position.Should().BeInRange(0, text.Length, $"seed {seed}: {text}");
            Template.Parse(text);
        }
    }

    private static JsonNode? Value(string text)
    {
        ParsedExpression parsed = ExpressionParser.Parse(text);
        parsed.Error.Should().BeNull();
        return ExpressionValue.Of(parsed.Expression!, Lookup);
    }

    private static JsonNode? Lookup(IReadOnlyList<string> path) => path.Aggregate((JsonNode?)Names, (node, name) => ExpressionValue.Field(node, name));
}
