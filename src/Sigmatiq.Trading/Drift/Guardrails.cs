namespace Sigmatiq.Trading.Drift;

/// <summary>A closed trade as the guardrails see it.</summary>
/// <param name="ExitUtc">When it closed.</param>
/// <param name="NetReturn">Net profit over entry value, a fraction.</param>
/// <param name="EquityAfter">Equity after it, in money.</param>
public readonly record struct ClosedTrade(DateTimeOffset ExitUtc, double NetReturn, double EquityAfter);

/// <summary>Limits of the guardrails; the defaults are those of spec 04 §4.15.</summary>
/// <param name="LosingStreak">So many losses in a row stop trading.</param>
/// <param name="DrawdownLimit">Fall from the equity peak that stops trading, a positive fraction.</param>
public sealed record GuardrailPolicy(int LosingStreak = 5, double DrawdownLimit = 0.12);

/// <summary>What one guardrail says.</summary>
/// <param name="Guardrail">Its name.</param>
/// <param name="Tripped">Whether its trigger is met.</param>
/// <param name="Value">What was measured; null where there is too little to measure.</param>
/// <param name="Limit">The trigger.</param>
/// <param name="Action">What happens when it trips.</param>
public sealed record GuardrailReading(string Guardrail, bool Tripped, double? Value, double Limit, string Action);

/// <summary>The circuit breakers of spec 04 §4.15, per trade, as a pure function. Drawdown is measured on compounded equity.</summary>
public static class Guardrails
{
    /// <summary>Reads every guardrail.</summary>
    /// <param name="trades">Closed trades, oldest first.</param>
    /// <param name="startingEquity">Equity before the first of them.</param>
    /// <param name="policy">The limits.</param>
    public static IReadOnlyList<GuardrailReading> Read(IReadOnlyList<ClosedTrade> trades, double startingEquity, GuardrailPolicy policy)
    {
        const string pause = "pause trading: no entries, an open position runs to its exit; critical alert; an operator resets it with a note";
        int streak = 0;
        for (int i = trades.Count - 1; i >= 0 && trades[i].NetReturn < 0; i--)
        {
            streak++;
        }

        double peak = startingEquity;
        double drawdown = 0;
        foreach (ClosedTrade trade in trades)
        {
            peak = Math.Max(peak, trade.EquityAfter);
            drawdown = Math.Max(drawdown, 1 - (trade.EquityAfter / peak));
        }

        return
        [
            new("circuit_breaker_losses", streak >= policy.LosingStreak, trades.Count == 0 ? null : streak, policy.LosingStreak, pause),
            new("circuit_breaker_drawdown", drawdown >= policy.DrawdownLimit, trades.Count == 0 ? null : drawdown, policy.DrawdownLimit, pause),
        ];
    }
}
