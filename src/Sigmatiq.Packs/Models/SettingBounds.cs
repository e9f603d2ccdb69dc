namespace Sigmatiq.Packs.Models;

/// <summary>What an override of a setting may be (01 §1.15), in the unit of its key: keys that end in <c>_pct</c> are percent.</summary>
/// <param name="Min">Least value; where <paramref name="IsMinOpen"/>, above it.</param>
/// <param name="Max">Greatest value.</param>
/// <param name="IsWhole">Whether it must be whole.</param>
/// <param name="IsMinOpen">Whether <paramref name="Min"/> itself is refused.</param>
public sealed record SettingBounds(double Min, double Max, bool IsWhole, bool IsMinOpen = false)
{
    /// <summary>The bounds of an indicator's parameter.</summary>
    public static SettingBounds Of(IndicatorOverride target)
    {
        (double min, double max, bool isWhole) = Overrides.BoundsOf(target);
        return new(min, max, isWhole);
    }

    /// <summary>The bounds of a policy key.</summary>
    /// <param name="key"><c>stop_loss_pct, max_positions</c> …</param>
    /// <param name="pack">Whose risk gate caps a position.</param>
    public static SettingBounds OfPolicy(string key, Pack pack)
    {
        (double max, bool isCount) = Overrides.PolicyBoundsOf(key, pack);
        return isCount ? new(1, max, IsWhole: true) : new(0, max, IsWhole: false, IsMinOpen: true);
    }
}
