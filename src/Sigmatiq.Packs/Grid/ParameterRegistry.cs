using Sigmatiq.Packs.Models;

namespace Sigmatiq.Packs.Grid;

/// <summary>One parameter that a sweep may vary.</summary>
/// <param name="RequestKey">Key in the request.</param>
/// <param name="Key">Key in the combo.</param>
/// <param name="IsSimple">Whether a simple sweep accepts it.</param>
public sealed record SweepParameter(string RequestKey, string Key, bool IsSimple = false);

/// <summary>What a sweep may vary, in the order in which combos are numbered (02 §2.2, §2.4).</summary>
public static class ParameterRegistry
{
    /// <summary>Parameters of a model, in registry order: the three simple ones, those of its indicators in the pack's file order, exits.</summary>
    /// <remarks><c>top_pct</c> belongs to rank-based packs; in others it is read as <c>position_size_pct</c> with a warning.</remarks>
    public static IReadOnlyList<SweepParameter> Of(Pack pack, ModelConfig model)
    {
        IReadOnlyList<IndicatorInstance> full = model.FullIndicators(pack);
        IEnumerable<SweepParameter> indicators = pack.Indicators.Select(entry => full.FirstOrDefault(i => i.Id == entry.Id)).OfType<IndicatorInstance>()
            .SelectMany(i => i.Catalog is { } catalog
                ? catalog.Spec.Parameters.Where(p => !catalog.Implied.ContainsKey(p.Name)).Select(p => $"{i.Id}_{p.Name}")
                : [])
            .Select(key => new SweepParameter(key, key));
        return
        [
            new("thresholds", "threshold", IsSimple: true),
            new("allowed_hours", "allowed_hours", IsSimple: true),
            new("position_size_pct", "position_size_pct", IsSimple: true),
            .. indicators,
            new("stop_loss_pct", "stop_loss_pct"),
            new("take_profit_pct", "take_profit_pct"),
            new("trailing_stop_pct", "trailing_stop_pct"),
            new("max_positions", "max_positions"),
            new("hold_days", "hold_days"),
        ];
    }

    /// <summary>Exits that <c>none</c> switches off.</summary>
    internal static bool AllowsNone(string key) => key is "stop_loss_pct" or "take_profit_pct" or "trailing_stop_pct" or "hold_days";
}
