using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Packs.Models;

/// <summary>What a risk profile does to stop, position cap and drawdown gate (01 §1.15).</summary>
internal static class RiskProfiles
{
    /// <summary>The pack's exits and caps under a profile; the cap never beyond the pack's risk gate.</summary>
    public static ModelRisk Risk(Pack pack, RiskProfile profile)
    {
        RiskPolicy policy = pack.Policies.Risk;
        var (stop, cap, _) = Multipliers(profile);
        return new(
            Times(policy.StopLossPct, stop), policy.TakeProfitPct,
            Math.Min(Times(pack.Policies.Sizing.MaxPositionPct, cap)!.Value, pack.Gates.Risk.MaxPositionSizePct),
            policy.TrailingStop, policy.TrailingStopPct, policy.TimeStopDays, pack.Policies.Sizing.MaxPositions);
    }

    /// <summary>The pack's gates under a profile.</summary>
    public static PackGates Gates(PackGates gates, RiskProfile profile) =>
        gates with { Quality = gates.Quality with { MaxDrawdownPct = Times(gates.Quality.MaxDrawdownPct, Multipliers(profile).Drawdown) } };

    private static (decimal Stop, decimal Cap, decimal Drawdown) Multipliers(RiskProfile profile) => profile switch
    {
        RiskProfile.Conservative => (0.75m, 0.5m, 0.6m),
        RiskProfile.Aggressive => (1.25m, 1m, 1.4m),
        _ => (1m, 1m, 1m),
    };

    // In decimal, so that 25 · 1.4 is 35 and not a hair above it.
    private static double? Times(double? value, decimal factor) => value is { } v ? (double)((decimal)v * factor) : null;
}
