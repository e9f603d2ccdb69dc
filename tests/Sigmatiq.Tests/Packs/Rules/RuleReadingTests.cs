using Sigmatiq.Packs.Rules;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs.Rules;

/// <summary>A rule line read at single bars: what it says there is what the passes that decide say.</summary>
public sealed class RuleReadingTests
{
    private static readonly RuleScope Scope = SomeFrame.Scope(["rsi", "ema_20"], ("up", "close > close[1]"));

    [Theory]
    [InlineData("rsi > 50 AND rsi < 70", "rsi > 50 [rsi]", "rsi < 70 [rsi]")]
    [InlineData("NOT (rsi > 70 OR up == true) AND close > ema_20 * 1.02", "NOT (rsi > 70) [rsi]", "NOT (up == true) [up]", "close > (ema_20 * 1.02) [close, ema_20 * 1.02]")]
    [InlineData("NOT (NOT up)", "up []")]
    [InlineData("ema_20 increasing", "ema_20 increasing(1) [ema_20, ema_20[1]]")]
    [InlineData("avg(rsi, 3) decreasing(4)", "avg(rsi, 3) decreasing(4) [avg(rsi, 3), avg(rsi, 3)[1]]")]
    [InlineData("crosses_above(rsi[2], 30)", "crosses_above(rsi[2], 30) [rsi[2], rsi[3]]")]
    [InlineData("crosses_below(rsi, rsi.period)", "crosses_below(rsi, rsi.period) [rsi, rsi[1], rsi.period]")]
    [InlineData("within(rsi < 30, 5) AND close != -1", "within((rsi < 30), 5) []", "close != (-1) [close]")]
    public void A_line_is_taken_apart_at_AND_OR_and_NOT_into_conditions_with_their_sides(string line, params string[] parts)
    {
        RuleReading reading = RuleProgram.Compile(line, Scope).Value.Read(SomeFrame.Columns(SomeFrame.Walk(60, 1), Scope));
        reading.Parts.Select(p => $"{p.Text} [{string.Join(", ", p.Sides.Select(s => s.Text))}]").Should().Equal(parts);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Line_parts_and_sides_are_bit_for_bit_what_each_of_them_evaluates_to_alone(long seed)
    {
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(160, seed), Scope);
        Rng rng = Rng.From(seed);
        int parts = 0, sides = 0;
        for (int i = 0; i < 150; i++)
        {
            string text = RulePrinter.Print(SomeRule.Flag(rng, 1 + rng.NextInt(4)));
            RuleProgram line = RuleProgram.Compile(text, Scope).Value;
            RuleReading reading = line.Read(columns);
            Same(line.Evaluate(columns), t => reading.Holds(t, PositionKnown.None), $"seed {seed}, {text}");
            foreach (RulePart part in reading.Parts)
            {
                Same(Alone(part.Text), t => reading.Holds(part, t, PositionKnown.None), $"seed {seed}, {part.Text} of {text}");
                parts++;
                foreach (RuleSide side in part.Sides.Where(s => RuleParser.Parse(s.Text).IsOk))
                {
                    Same(Alone(side.Text), t => reading.Value(side, t, PositionKnown.None), $"seed {seed}, {side.Text} of {part.Text}");
                    sides++;
                }
            }
        }

        parts.Should().BeGreaterThan(200);
        sides.Should().BeGreaterThan(100);

        double[] Alone(string text) => RuleProgram.Compile(text, Scope).Value.Evaluate(columns);
    }

    [Fact]
    public void A_line_that_knows_the_position_is_read_as_it_decides()
    {
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(100, 5), Scope);
        RuleProgram line = RuleProgram.Compile("position.return < -0.02 OR (position.days >= 3 AND NOT (rsi > avg(rsi, 5)))", Scope, allowsPosition: true).Value;
        RuleReading reading = line.Read(columns);
        PositionRule bound = line.BindPosition(columns);
        reading.Parts.Select(p => p.Text).Should().Equal("position.return < (-0.02)", "position.days >= 3", "NOT (rsi > avg(rsi, 5))");
        double[] rises = RuleProgram.Compile("rsi > avg(rsi, 5)", Scope).Value.Evaluate(columns);
        for (int t = 0; t < 100; t++)
        {
            foreach (PositionKnown position in new PositionKnown[] { new(-0.03, 0, 0), new(0.01, 3, 0.02), new(0, 2, 0) })
            {
                reading.Holds(t, position).Should().Be(bound.Evaluate(t, position.Return, position.Days, position.Best));
                reading.Holds(reading.Parts[0], t, position).Should().Be(position.Return < -0.02 ? 1 : 0);
                reading.Value(reading.Parts[1].Sides[0], t, position).Should().Be(position.Days);
                reading.Holds(reading.Parts[2], t, position).Should().Be(1 - rises[t]);
            }
        }
    }

    private static void Same(double[] expected, Func<int, double> read, string what)
    {
        for (int t = 0; t < expected.Length; t++)
        {
            if (BitConverter.DoubleToInt64Bits(expected[t]) != BitConverter.DoubleToInt64Bits(read(t)) && !(double.IsNaN(expected[t]) && double.IsNaN(read(t))))
            {
                Assert.Fail($"{what}: bar {t} is {expected[t]:R}, was read as {read(t):R}");
            }
        }
    }
}
