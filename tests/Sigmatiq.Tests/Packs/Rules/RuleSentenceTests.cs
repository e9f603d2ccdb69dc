using Sigmatiq.Packs;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs.Rules;

/// <summary>Expressions in words.</summary>
public sealed class RuleSentenceTests
{
    private static readonly Pack Swing = new PackLibrary(Path.Combine(Checkout.Root, "packs")).Load("swingsigma@1.1.0");

    [Theory]
    [InlineData("rsi > 50 AND rsi < 70", "Relative Strength Index is above 50 and below 70")]
    [InlineData("rsi > 50 AND adx < 70", "Relative Strength Index is above 50 and Average Directional Index is below 70")]
    [InlineData("rsi > 70 OR rsi < 30", "Relative Strength Index is above 70, or Relative Strength Index is below 30")]
    [InlineData("(rsi > 70 OR rsi < 30) AND adx > 25", "(Relative Strength Index is above 70, or Relative Strength Index is below 30) and Average Directional Index is above 25")]
    [InlineData("rsi > 70 OR rsi < 30 AND adx > 25", "Relative Strength Index is above 70, or Relative Strength Index is below 30 and Average Directional Index is above 25")]
    [InlineData("macd_cross == true", "MACD Signal Cross holds")]
    [InlineData("macd_cross == false", "MACD Signal Cross does not hold")]
    [InlineData("NOT macd_cross", "MACD Signal Cross does not hold")]
    [InlineData("(rsi > 50) == false", "Not (Relative Strength Index is above 50)")]
    [InlineData("price < bb_lower", "Price is below the lower line of Bollinger Bands")]
    [InlineData("crosses_above(macd_line, signal_line)", "The MACD line crosses above the signal line of MACD")]
    [InlineData("adx increasing", "Average Directional Index rises")]
    [InlineData("adx decreasing(3)", "Average Directional Index falls on each of the last 3 days")]
    [InlineData("within(bb_squeeze, 5) AND price > bb_upper", "Within the last 5 days, Bollinger Band Squeeze holds and price is above the upper line of Bollinger Bands")]
    [InlineData("close[1] <= highest(high, 20)[0]", null)]
    [InlineData("close[1] >= highest(high, 20)", "The close 1 day ago is at least the highest of the high over 20 days")]
    [InlineData("rsi > rsi.overbought", "Relative Strength Index is above Relative Strength Index overbought (70)")]
    [InlineData("position.return < -0.05", "The return of the position is below −0.05")]
    [InlineData("adx * sign(ema_20 - ema_50)", "Average Directional Index × the sign of (20-day EMA − 50-day EMA)")]
    [InlineData("(bb_upper - bb_lower) / bb_middle < 0.04", "(the upper line of Bollinger Bands − the lower line of Bollinger Bands) ÷ the middle line of Bollinger Bands is below 0.04")]
    [InlineData("volume > volume_ma * 1.5", "Volume is above Volume Moving Average × 1.5")]
    public void An_expression_reads_as_a_sentence(string text, string? sentence) => RuleSentence.Of(Swing).Say(text).Should().Be(sentence);

    [Fact]
    public void Every_rule_and_feature_of_every_pack_has_a_sentence_and_equal_ones_mean_the_same()
    {
        PackLibrary library = new(Path.Combine(Checkout.Root, "packs"));
        foreach (Pack pack in library.List().Select(p => library.Load($"{p.Id}@{p.Version}")))
        {
            RuleSentence words = RuleSentence.Of(pack);
            string[] texts = [.. pack.Strategies.SelectMany(s => s.EntryLogic.Concat(s.ExitLogic)), .. pack.Features.Select(f => f.Calculation)];
            foreach (IGrouping<string?, string> same in texts.GroupBy(t => words.Say(t)))
            {
                same.Key.Should().NotBeNullOrWhiteSpace(pack.Reference);
                same.Select(t => RulePrinter.Print(RuleParser.Parse(t).Value)).Distinct().Should().ContainSingle(same.Key);
            }
        }
    }

    [Fact]
    public void Random_arithmetic_keeps_the_order_of_its_operations()
    {
        // The words are read back by the rules of school: × and ÷ before + and −, from the left.
        RuleSentence plain = new(name => name);
        for (int seed = 1; seed <= 300; seed++)
        {
            string text = Some(Rng.From(seed), 4);
            RuleExpr expr = RuleParser.Parse(text).Value;
            string back = plain.Say(expr).Replace('×', '*').Replace('÷', '/').Replace('−', '-').ToLowerInvariant();
            RulePrinter.Print(RuleParser.Parse(back).Value).Should().Be(RulePrinter.Print(expr), $"seed {seed}: {text} read as {back}");
        }
    }

    private static string Some(Rng random, int depth) => depth == 0 || random.NextInt(4) == 0
        ? random.NextInt(2) == 0 ? "close" : (1 + random.NextInt(8)).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : $"({Some(random, depth - 1)} {"+-*/"[random.NextInt(4)]} {Some(random, depth - 1)})";
}
