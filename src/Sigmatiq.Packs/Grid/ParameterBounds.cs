using Sigmatiq.Packs.Models;

namespace Sigmatiq.Packs.Grid;

/// <summary>Which numbers a swept parameter takes. Hours are none and have no bounds.</summary>
/// <param name="Min">Least value.</param>
/// <param name="Max">Greatest value.</param>
/// <param name="IsWhole">Whether it counts in whole numbers.</param>
/// <param name="IsMinOpen">Whether it lies above <paramref name="Min"/>, not on it.</param>
/// <param name="AllowsNone">Whether <c>none</c> switches it off.</param>
/// <param name="Now">The model's own value; null where it has none.</param>
public sealed record ParameterBounds(double Min, double Max, bool IsWhole, bool IsMinOpen, bool AllowsNone, double? Now)
{
    /// <summary>The bounds of a parameter in a model; null for hours.</summary>
    public static ParameterBounds? Of(SweepParameter parameter, Pack pack, ModelConfig model)
    {
        switch (parameter.Key)
        {
            case "allowed_hours": return null;
            case "threshold": return new(0, 1, IsWhole: false, IsMinOpen: false, AllowsNone: false, Now: null);
        }

        if (IndicatorOverride.Parse(parameter.Key, model.FullIndicators(pack)) is { } target)
        {
            (double min, double max, bool isWhole) = Overrides.BoundsOf(target);
            return new(min, max, isWhole, IsMinOpen: false, AllowsNone: false, model.FullIndicators(pack).First(i => i.Id == target.IndicatorId).Param(target.Parameter));
        }

        (double most, bool isCount) = Overrides.PolicyBoundsOf(parameter.Key, pack);
        ModelRisk risk = model.Risk;
        double? now = parameter.Key switch
        {
            "stop_loss_pct" => risk.StopLossPct,
            "take_profit_pct" => risk.TakeProfitPct,
            "trailing_stop_pct" => risk.TrailingStop ? risk.TrailingStopPct : null,
            "max_positions" => risk.MaxPositions,
            "hold_days" => risk.TimeStopDays,
            _ => null,
        };
        return new(isCount ? 1 : 0, most, isCount, IsMinOpen: !isCount, ParameterRegistry.AllowsNone(parameter.Key), now);
    }
}
