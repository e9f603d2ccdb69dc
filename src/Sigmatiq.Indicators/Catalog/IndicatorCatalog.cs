using Sigmatiq.Store.Errors;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>All indicators offered, by name: the door of this project.</summary>
/// <remarks>
/// <para><b>Batch and stream.</b> Each indicator has a batch kernel on columns and a streaming twin; they agree bit for bit. A stream can be
/// asked what it would say of a bar (<see cref="IIndicatorStream.Peek"/>) without keeping anything of it.</para>
/// <para><b>Warm-up.</b> Before an output is defined it is NaN, never a number that merely looks like one.</para>
/// <para><b>Missing numbers.</b> A bar is not seen by an indicator if a field that the indicator reads is NaN, infinite or larger than 1e300
/// in magnitude. Its outputs are NaN, nothing of it is kept, and the bars on both sides are treated as neighbours: the values at all other
/// bars are those of the series without it (<see cref="Gaps"/>).</para>
/// <para><b>Conventions.</b> The defaults are those of spec 01 §1.3 and, where it is silent, those of Stock Indicators: EMA seeded by the mean
/// of its first n values, Wilder's means by the mean of the first n, no true range at the first bar, population deviation, OBV 0 at the first
/// bar. Where published sources differ the convention is a setting of the indicator (<see cref="IndicatorParameter.Choices"/>).</para>
/// </remarks>
public static class IndicatorCatalog
{
    /// <summary>Every indicator, by group.</summary>
    public static IReadOnlyList<IndicatorSpec> All { get; } =
        [.. MomentumIndicators.All, .. TrendIndicators.All, .. VolatilityIndicators.All, .. VolumeIndicators.All];

    /// <summary>Finds an indicator by its catalog name.</summary>
    public static IndicatorSpec? Find(string name) => All.FirstOrDefault(i => i.Name == name);

    /// <summary>Finds an indicator or refuses the name.</summary>
    /// <exception cref="ProblemException">IND-1001: unknown indicator.</exception>
    public static IndicatorSpec Get(string name) => Find(name) ?? throw new ProblemException(
        "IND-1001", $"There is no indicator '{name}'.", "indicator", $"Use one of: {string.Join(", ", All.Select(i => i.Name))}.", ExitCode.BadUsage);
}
