using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs.Rules;

public sealed class RuleParserTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "(1 + (2 * 3))")]
    [InlineData("1 - 2 - 3", "((1 - 2) - 3)")]
    [InlineData("8 / 4 / 2", "((8 / 4) / 2)")]
    [InlineData("-a * b", "((-a) * b)")]
    [InlineData("a - -b", "(a - (-b))")]
    [InlineData("a > b AND c > d OR e > f", "(((a > b) AND (c > d)) OR (e > f))")]
    [InlineData("a > b or c > d and e > f", "((a > b) OR ((c > d) AND (e > f)))")]
    [InlineData("NOT a > b", "(NOT (a > b))")]
    [InlineData("not a > b and c > d", "((NOT (a > b)) AND (c > d))")]
    [InlineData("a + 1 > b * 2", "((a + 1) > (b * 2))")]
    [InlineData("(a + 1) * 2", "((a + 1) * 2)")]
    [InlineData("adx increasing", "(adx increasing(1))")]
    [InlineData("a - b decreasing(3)", "((a - b) decreasing(3))")]
    [InlineData("rsi[1] < rsi.oversold", "(rsi[1] < rsi.oversold)")]
    [InlineData("within(crosses_above(a, b), 5)", "within(crosses_above(a, b), 5)")]
    [InlineData("x == TRUE", "(x == true)")]
    [InlineData("a>=.5", "(a >= 0.5)")]
    [InlineData("a!=1e-3", "(a != 0.001)")]
    public void Precedence_and_keywords_are_those_of_the_grammar(string text, string printed) =>
        RulePrinter.Print(RuleParser.Parse(text).Value).Should().Be(printed);

    [Theory]
    [InlineData("", 1)]
    [InlineData("1 +", 4)]
    [InlineData("1 < 2 < 3", 7)]
    [InlineData("a == b == c", 8)]
    [InlineData("a = b", 3)]
    [InlineData("(a", 3)]
    [InlineData("a)", 2)]
    [InlineData("f(a,)", 5)]
    [InlineData("f(a b)", 5)]
    [InlineData("a[1.5]", 3)]
    [InlineData("a[-1]", 3)]
    [InlineData("a[99999]", 3)]
    [InlineData("a increasing(0)", 14)]
    [InlineData("a increasing increasing", 14)]
    [InlineData("NOT NOT a", 5)]
    [InlineData("--a", 2)]
    [InlineData("a & b", 3)]
    [InlineData("a ? b", 3)]
    [InlineData("\"a\"", 1)]
    [InlineData("1e999", 1)]
    [InlineData("a AND", 6)]
    [InlineData("price > 1; drop", 10)]
    [InlineData("5 rsi", 3)]
    [InlineData("true()", 5)]
    public void What_is_no_expression_is_refused_where_it_goes_wrong(string text, int position)
    {
        ParseResult<RuleExpr> parsed = RuleParser.Parse(text);
        parsed.IsOk.Should().BeFalse();
        Problem problem = parsed.Problems[0];
        problem.Code.Should().Be("EXP-1001");
        problem.Where.Should().Be($"position {position}");
        problem.Remedy.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        RuleParser.Parse(new string('(', 190) + "a" + new string(')', 190)).IsOk.Should().BeTrue();
        RuleParser.Parse(new string('(', 201) + "a" + new string(')', 201)).Problems[0].Message.Should().Contain("200");
        RuleParser.Parse(new string('(', 9_000)).IsOk.Should().BeFalse();
        RuleParser.Parse(string.Join('+', Enumerable.Repeat("a", 1_001))).Problems[0].Message.Should().Contain("2000");
        RuleParser.Parse(new string('a', 10_001)).Problems[0].Message.Should().Contain("10001");
        RuleParser.Parse(string.Join('+', Enumerable.Repeat("a", 999))).IsOk.Should().BeTrue();
    }

    [Fact]
    public void Whatever_is_printed_parses_to_the_same_text()
    {
        Rng rng = Rng.From(99);
        for (int i = 0; i < 2_000; i++)
        {
            string once = RulePrinter.Print(SomeRule.Any(rng, 4));
            ParseResult<RuleExpr> parsed = RuleParser.Parse(once);
            parsed.IsOk.Should().BeTrue($"seed 99, step {i}: {once}");
            RulePrinter.Print(parsed.Value).Should().Be(once, $"seed 99, step {i}");
        }
    }

    [Fact]
    public void Ten_thousand_random_inputs_end_in_a_value_or_a_coded_refusal()
    {
        string[] words =
        [
            "rsi", "macd_cross", "price", "AND", "or", "NOT", "(", ")", "[", "]", ",", "+", "-", "*", "/", ">", "<", ">=", "==", "!=", "1", "20", "0.5", "1e5", "true",
            "FALSE", "increasing", "decreasing", "avg", "stdev", "within", "normalized", "position.days", "é", "\0", "=", "!", ".", "_", "\n", "nosuch", "RSI",
        ];
        RuleScope scope = RuleScope.OfPack(SomePack.Swing);
        Rng rng = Rng.From(4711);
        int accepted = 0;
        for (int i = 0; i < 10_000; i++)
        {
            string text = string.Join(rng.NextInt(3) == 0 ? "" : " ", Enumerable.Range(0, 1 + rng.NextInt(9)).Select(_ => words[rng.NextInt(words.Length)]));
            ParseResult<RuleProgram>? result = null;
            try
            {
                result = RuleProgram.Compile(text, scope, allowsPosition: true);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed 4711, step {i}: '{text}' threw {e}");
            }

            accepted += result!.IsOk ? 1 : 0;
            bool isCoded = result.Problems.All(p => p.Code.StartsWith("EXP-100", StringComparison.Ordinal) && p.Where!.StartsWith("position ", StringComparison.Ordinal));
            isCoded.Should().BeTrue($"seed 4711, step {i}: {text}");
        }

        accepted.Should().BeInRange(50, 9_000, "a test in which nothing or everything passes proves little");
    }
}
