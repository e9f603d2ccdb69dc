using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Packs.Rules;

namespace Sigmatiq.Fuzz.Targets;

/// <summary>Rule expressions: parsed, compiled, evaluated on some bars, and printed and read again.</summary>
internal sealed class Rules : IFuzzTarget
{
    private static readonly string[] Extra = ["AND", "OR", "NOT", "increasing", "decreasing", "(", ")", "[1]", "[10000]", "==", "!=", ">=", "<=", "true", "false", "1e308", "0"];

    private readonly RuleScope scope = RuleScope.OfCatalog();
    private readonly FrameColumns columns;

    public Rules()
    {
        BarColumns bars = MarketSimulator.Default.Bars(MarketSimulator.Default.Symbols[0], Interval.Hour1, new(2019, 3, 1), new(2019, 3, 29));
        columns = new(RuleFrame.OfDays(bars, NyseCalendar.Instance), NyseCalendar.Instance, scope);
        Words = [.. scope.Names, .. Extra, .. RuleFunctions.All.Keys.Select(f => f + "(")];
    }

    public string Name => "rules";

    public IReadOnlyList<string> Corpus { get; } =
    [
        "rsi > 50 AND rsi < 70", "close > ema AND NOT (volume < volume[1])", "crosses_above(macd_line, signal_line)", "within(close > open, 5) OR adx increasing",
        "normalized(rsi) + normalized(close) * 2 >= 0.5", "detect_divergence(price, rsi)", "highest(high, 20) - lowest(low, 20) > 2 * atr", "rsi[1] < 30 AND rsi >= 30",
        "-(close - open) / (high - low) != 0", "hour >= 10 AND hour < 15 AND day_of_week != 5", "avg(volume, 20) * 1.5 < volume", "adx decreasing(3)", "max(open, close, low) == high",
    ];

    public IReadOnlyList<string> Words { get; }

    public bool Read(string text)
    {
        RuleExpr expr = RuleParser.Parse(text).Value;
        string printed = RulePrinter.Print(expr);
        string again = RulePrinter.Print(RuleParser.Parse(printed).Value);
        if (again != printed)
        {
            throw new InvalidOperationException($"'{text}' prints as '{printed}', and that as '{again}'.");
        }

        double[] values = RuleProgram.Compile(text, scope).Value.Evaluate(columns);
        return values.Length == columns.Count ? true : throw new InvalidOperationException("A rule has a value per bar.");
    }

    public void Dispose()
    {
    }
}
