using Sigmatiq.Store.Errors;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>All indicators offered, by name.</summary>
public static class IndicatorCatalog
{
    /// <summary>Every indicator, in the order of spec 01 §1.3.</summary>
    public static IReadOnlyList<IndicatorSpec> All { get; } = [];

    /// <summary>Finds an indicator by its catalog name.</summary>
    public static IndicatorSpec? Find(string name) => All.FirstOrDefault(i => i.Name == name);

    /// <summary>Finds an indicator or refuses the name.</summary>
    /// <exception cref="ProblemException">IND-1001: unknown indicator.</exception>
    public static IndicatorSpec Get(string name) => Find(name) ?? throw new ProblemException(
        "IND-1001", $"There is no indicator '{name}'.", "indicator", $"Use one of: {string.Join(", ", All.Select(i => i.Name))}.", ExitCode.BadUsage);
}
