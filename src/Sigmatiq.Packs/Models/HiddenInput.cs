namespace Sigmatiq.Packs.Models;

/// <summary>An indicator or feature that a model reads though nobody selected it: added by itself, and said (01 §1.13, MDL-1004).</summary>
/// <param name="Id">Its id in the pack.</param>
/// <param name="Kind"><c>indicator</c> or <c>feature</c>.</param>
/// <param name="NeededBy">Who reads it first: <c>feature momentum_composite</c>, <c>strategy breakout_swing</c>.</param>
public sealed record HiddenInput(string Id, string Kind, string NeededBy)
{
    /// <summary>What a model reads beyond its maker's selection, indicators first, each kind in the pack's order.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="strategyId">The model's strategy.</param>
    /// <param name="indicators">Selected indicators.</param>
    /// <param name="features">Selected features.</param>
    public static IReadOnlyList<HiddenInput> Of(Pack pack, string strategyId, IReadOnlyCollection<string> indicators, IReadOnlyCollection<string> features) =>
        pack.FindStrategy(strategyId) is { } strategy ? Of(pack, Needs.Of(pack, strategy, features), indicators, features) : [];

    internal static IReadOnlyList<HiddenInput> Of(Pack pack, Needs needs, IReadOnlyCollection<string> indicators, IReadOnlyCollection<string> features) =>
    [
        .. pack.Indicators.Where(i => needs.Indicators.ContainsKey(i.Id) && !indicators.Contains(i.Id)).Select(i => new HiddenInput(i.Id, "indicator", needs.Indicators[i.Id])),
        .. pack.Features.Where(f => needs.Features.ContainsKey(f.Id) && !features.Contains(f.Id)).Select(f => new HiddenInput(f.Id, "feature", needs.Features[f.Id])),
    ];
}
