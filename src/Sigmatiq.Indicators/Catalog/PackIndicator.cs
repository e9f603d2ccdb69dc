using System.Globalization;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>How an indicator of a pack is called there: <c>ema_20</c> is the catalog's <c>ema</c> with period 20.</summary>
/// <param name="Id">Name in the pack: <c>rsi</c>, <c>ema_20</c>, <c>bollinger_bands</c>.</param>
/// <param name="Spec">What the catalog says of it.</param>
/// <param name="Implied">Settings that the name itself gives; empty for most.</param>
public sealed record PackIndicator(string Id, IndicatorSpec Spec, IReadOnlyDictionary<string, double> Implied)
{
    private static readonly Dictionary<string, double> None = [];

    /// <summary>Finds the indicator that a pack's id names: a catalog name, or one with a length behind it (<c>ema_N</c>, <c>roc_N</c>).
    /// A length may stand behind indicators of one output and one length.</summary>
    /// <returns>Null where the catalog has nothing of that name.</returns>
    public static PackIndicator? Find(string id)
    {
        if (IndicatorCatalog.Find(id) is { } spec)
        {
            return new(id, spec, None);
        }

        int cut = id.LastIndexOf('_');
        return cut > 0 && IndicatorCatalog.Find(id[..cut]) is { Parameters: [{ Name: "period" } period, ..], Outputs.Count: 1 } averaged
            && averaged.Parameters.Skip(1).All(p => p.IsChoice) && int.TryParse(id.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && length >= period.Min && length <= period.Max && id[cut + 1] != '0'
            ? new(id, averaged, new Dictionary<string, double> { ["period"] = length })
            : null;
    }

    /// <summary>Every name rules may use, with the output it stands for: <c>bb_upper</c> → 0, <c>macd</c> → 0, <c>ema_20</c> → 0.</summary>
    public IReadOnlyDictionary<string, int> RuleNames()
    {
        if (Spec.Outputs.Count == 1)
        {
            return new Dictionary<string, int> { [Id] = 0 };
        }

        var names = new Dictionary<string, int>();
        foreach (string name in Spec.Outputs.Concat(Spec.Aliases.Keys))
        {
            names[Spec.RulePrefix + name] = Spec.OutputIndex(name);
        }

        return names;
    }
}
