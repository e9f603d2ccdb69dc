using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Store.Errors;
using CatalogName = Sigmatiq.Indicators.Catalog.PackIndicator;

namespace Sigmatiq.Packs.Models;

/// <summary>An indicator with the parameters it runs with: <c>rsi: {period: 21}</c>. What is not given takes the catalog's default.</summary>
/// <param name="Id">Id in the pack, e.g. <c>ema_20</c>.</param>
/// <param name="Params">Parameters in the pack's order.</param>
public sealed record IndicatorInstance(string Id, IReadOnlyList<IndicatorParam> Params)
{
    /// <summary>What the catalog says of the id: its own name, or <c>ema_20</c> for an <c>ema</c> of period 20; null where it has neither.</summary>
    public CatalogName? Catalog => CatalogName.Find(Id);

    /// <summary>The value of a parameter: given, else fixed by the id, else the catalog's default; null where there is no such parameter.</summary>
    public double? Param(string name)
    {
        if (Params.FirstOrDefault(p => p.Name == name) is { } given)
        {
            return given.Word is not { } word ? given.Value
                : Catalog?.Spec.Parameters.FirstOrDefault(p => p.Name == name) is { IsChoice: true } choice ? choice.ValueOf(word) : double.NaN;
        }

        return Catalog is not { } known ? null
            : known.Implied.TryGetValue(name, out double value) ? value
            : known.Spec.Parameters.FirstOrDefault(p => p.Name == name)?.Default;
    }

    /// <summary>The same indicator with one parameter changed; where it was not given it is added.</summary>
    public IndicatorInstance With(string name, double value) => With(new IndicatorParam(name, value));

    private IndicatorInstance With(IndicatorParam given) => this with
    {
        Params = Params.Any(p => p.Name == given.Name)
            ? [.. Params.Select(p => p.Name == given.Name ? p with { Value = given.Value, Word = given.Word } : p)]
            : [.. Params, given],
    };

    /// <summary>The parameters of <paramref name="pack"/>'s entry with those of this instance over them.</summary>
    public IndicatorInstance Over(PackIndicator pack) =>
        Params.Aggregate(new IndicatorInstance(Id, pack.Params), (full, given) => full.With(given));

    /// <summary>The parameters as JSON.</summary>
    public JsonObject ParamsJson() => new(Params.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.ToJson())));

    /// <summary>Values for the catalog's parameters, in its order.</summary>
    /// <exception cref="ProblemException">IND-1001: no such indicator. IND-1002 to IND-1004: a parameter unknown, out of range or contradicting
    /// another.</exception>
    public IndicatorSettings Settings()
    {
        IndicatorSpec spec = Catalog?.Spec ?? IndicatorCatalog.Get(Id);
        foreach (IndicatorParam given in Params)
        {
            IndicatorSettings.CheckKind(spec, given.Name, given.Value, given.Word);
        }

        return IndicatorSettings.Of(spec, spec.Parameters.Select(p => p.Name).Union(Params.Select(p => p.Name)).ToDictionary(n => n, n => Param(n) ?? 0));
    }

    /// <summary>The one name of each output in rules, in the catalog's order: <c>bb_upper, bb_middle, bb_lower</c>; empty where the catalog
    /// does not know the indicator.</summary>
    public IReadOnlyList<string> OutputNames() => Catalog is not { } known ? []
        : known.Spec.Outputs.Count == 1 ? [Id]
        : [.. known.Spec.Outputs.Select(o => known.Spec.RulePrefix + o)];

    /// <summary>What the values depend on: the catalog's name and the parameters that change values. Two instances with one key share columns.</summary>
    public string ValueKey()
    {
        IndicatorSpec spec = Catalog?.Spec ?? IndicatorCatalog.Get(Id);
        return spec.Name + "(" + string.Join(",", spec.Parameters.Where(p => !p.IsConstant).Select(p => Param(p.Name)!.Value.ToString("R", CultureInfo.InvariantCulture))) + ")";
    }

    /// <inheritdoc/>
    public bool Equals(IndicatorInstance? other) => other is not null && Id == other.Id && Params.SequenceEqual(other.Params);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Params.Count);
}
