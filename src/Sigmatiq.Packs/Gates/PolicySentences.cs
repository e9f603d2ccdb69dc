using System.Globalization;
using Sigmatiq.Market.Bars;

namespace Sigmatiq.Packs.Gates;

/// <summary>One policy in words.</summary>
/// <param name="Block"><c>execution</c>, <c>position_sizing</c>, <c>risk_management</c> or <c>engine</c>.</param>
/// <param name="Key">The key that it is of, <c>stop_loss_pct</c>; of several the first.</param>
/// <param name="Sentence">What it does, in one sentence.</param>
public sealed record PolicySentence(string Block, string Key, string Sentence);

/// <summary>A pack's policies as sentences: how orders leave, how large a position is, what ends it, and on which bars all of it happens.</summary>
public static class PolicySentences
{
    /// <summary>The sentences, in the order of the file.</summary>
    public static IReadOnlyList<PolicySentence> Of(PackPolicies policies)
    {
        var (execution, sizing, risk, engine) = policies;
        return
        [
            new("execution", "order_type", $"Entries leave as {Order(execution.OrderType)}, {(execution.TimeInForce == TimeInForce.Day ? "good for the day" : "good until cancelled")}."),
            new("execution", "wait_for_confirmation", Confirmation(engine.ConfirmationBars)),
            new("execution", "partial_fills_allowed", execution.PartialFillsAllowed ? "A limit entry takes what its bar offers, and the rest is cancelled." : "A limit entry is filled as a whole or not at all."),
            new("position_sizing", "method", Size(sizing)),
            new("position_sizing", "max_positions", string.Create(CultureInfo.InvariantCulture, $"At most {sizing.MaxPositions} positions of a model are open at once.")),
            new("position_sizing", "scale_in_allowed", sizing.ScaleInAllowed ? "A winner may grow up to the cap." : "A position is never added to."),
            new("risk_management", "stop_loss_pct", risk.StopLossPct is { } stop ? $"A stop ends a position {Percent(stop)} against its entry." : "There is no stop."),
            new("risk_management", "take_profit_pct", risk.TakeProfitPct is { } target ? $"A target ends it {Percent(target)} in its favour." : "There is no target."),
            new("risk_management", "trailing_stop_pct",
                risk is { TrailingStop: true, TrailingStopPct: { } trail } ? $"A trail ends it {Percent(trail)} behind the best price since the entry." : "There is no trail."),
            new("risk_management", "time_stop_days",
                risk.TimeStopDays is { } days ? string.Create(CultureInfo.InvariantCulture, $"After {days} trading days it ends in any case.") : "Time alone never ends it."),
            new("engine", "interval", $"Orders, stops and targets are worked out on {engine.Interval.Text()} bars at {(engine.Prices == PriceKind.Adjusted ? "adjusted" : "raw")} prices."),
            new("engine", "rule_frame", engine.RuleFrame == RuleFrameKind.Day
                ? "Rules read daily bars: the completed days and the running one as far as it has come."
                : "Rules read the same bars."),
            new("engine", "commission", $"Costs: {Commission(engine)}, and {Number(engine.SlippageBps)} bps of slippage on market orders, stops, trails and time stops."),
        ];
    }

    private static string Confirmation(int bars) => bars switch
    {
        0 => "An order leaves on the first close on which the entry lines hold.",
        1 => "The entry lines must hold on one more close before an order leaves.",
        _ => string.Create(CultureInfo.InvariantCulture, $"The entry lines must hold on {bars} more closes before an order leaves."),
    };

    private static string Order(OrderType type) => type switch
    {
        OrderType.Limit => "limit orders at the close of the decision",
        OrderType.Market => "market orders at the next open",
        _ => "stop orders",
    };

    private static string Size(SizingPolicy sizing) => sizing.Method switch
    {
        SizingMethod.FixedPct => $"A position is {Percent(sizing.MaxPositionPct)} of equity.",
        SizingMethod.VolTarget => $"A position is as large as lets it swing {Percent(sizing.VolTargetPct ?? 0)} of equity a year, at most {Percent(sizing.MaxPositionPct)} of equity.",
        _ => $"A position is half of Kelly's share from the trades closed so far, at most {Percent(sizing.MaxPositionPct)} of equity.",
    };

    private static string Commission(EnginePolicy engine) => engine.Commission switch
    {
        CommissionKind.IbkrFixed => "a fixed commission a share",
        CommissionKind.Bps => $"{Number(engine.CommissionBps)} bps of commission",
        _ => "no commission",
    };

    private static string Percent(double value) => Number(value) + "%";

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
