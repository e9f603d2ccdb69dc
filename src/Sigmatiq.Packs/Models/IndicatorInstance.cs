using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Models;

/// <summary>An indicator with the parameters it runs with: <c>rsi: {period: 21}</c>.</summary>
/// <param name="Id">Id in the pack, e.g. <c>ema_20</c>.</param>
/// <param name="Params">Parameters in the pack's order.</param>
public sealed record IndicatorInstance(string Id, IReadOnlyList<IndicatorParam> Params)
{
    /// <summary>The value of a parameter, or null.</summary>
    public double? Param(string name) => Params.FirstOrDefault(p => p.Name == name)?.Value;

    /// <summary>The same indicator with one parameter changed.</summary>
    public IndicatorInstance With(string name, double value) =>
        this with { Params = [.. Params.Select(p => p.Name == name ? p with { Value = value } : p)] };

    /// <summary>The parameters as JSON.</summary>
    public JsonObject ParamsJson() => new(Params.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.ToJson())));

    /// <summary>The catalog's indicator behind the id: the id itself, or <c>ema_20</c> for an <c>ema</c> of period 20.</summary>
    public IndicatorSpec? Spec => SpecOf(Id, out _);

    /// <summary>The catalog's indicator behind an id.</summary>
    /// <param name="id">Id in a pack.</param>
    /// <param name="fixedPeriod">The period that the id fixes, or null.</param>
    public static IndicatorSpec? SpecOf(string id, out int? fixedPeriod)
    {
        fixedPeriod = null;
        if (IndicatorCatalog.Find(id) is { } exact)
        {
            return exact;
        }

        int dash = id.LastIndexOf('_');
        if (dash > 0 && int.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int period)
            && IndicatorCatalog.Find(id[..dash]) is { } spec && spec.Parameters.Any(p => p.Name == "period"))
        {
            fixedPeriod = period;
            return spec;
        }

        return null;
    }

    /// <summary>Values for the catalog's parameters, in its order; what is not given takes the default.</summary>
    /// <exception cref="ProblemException">IND-1001: no such indicator; MDL-1005: a parameter unknown or out of range.</exception>
    public IndicatorSettings Settings()
    {
        IndicatorSpec spec = Spec ?? IndicatorCatalog.Get(Id);
        foreach (IndicatorParam given in Params)
        {
            IndicatorParameter known = spec.Parameters.FirstOrDefault(p => p.Name == given.Name) ?? throw new ProblemException(
                "MDL-1005", $"Indicator {Id} has no parameter '{given.Name}'.", $"indicators.{Id}",
                $"Use one of: {string.Join(", ", spec.Parameters.Select(p => p.Name))}.", ExitCode.BadUsage);
            if (given.Value < known.Min || given.Value > known.Max || (known.IsWhole && given.Value != Math.Floor(given.Value)))
            {
                throw new ProblemException(
                    "MDL-1005", string.Create(CultureInfo.InvariantCulture, $"{Id}.{given.Name} was {given.Value}."), $"indicators.{Id}.{given.Name}",
                    string.Create(CultureInfo.InvariantCulture, $"Use a {(known.IsWhole ? "whole " : "")}number from {known.Min} to {known.Max}."), ExitCode.BadUsage);
            }
        }

        return new([.. spec.Parameters.Select(p => Param(p.Name) ?? p.Default)]);
    }

    /// <summary>What the values depend on: the catalog's name and the parameters that change values. Two instances with one key share a column.</summary>
    public string ValueKey()
    {
        IndicatorSpec spec = Spec ?? IndicatorCatalog.Get(Id);
        IndicatorSettings settings = Settings();
        return spec.Name + "(" + string.Join(",", spec.Parameters.Select((p, i) => (p, i)).Where(x => !x.p.IsConstant)
            .Select(x => settings.Values[x.i].ToString("R", CultureInfo.InvariantCulture))) + ")";
    }

    /// <summary>Names of the outputs in rules, in the catalog's order (01 §1.3).</summary>
    public IReadOnlyList<string> OutputNames()
    {
        IndicatorSpec spec = Spec ?? IndicatorCatalog.Get(Id);
        if (spec.Outputs.Count == 1)
        {
            return [Id];
        }

        // Bands are upper, middle, lower in the catalog; in one pack there are several, so they carry a prefix.
        string prefix = spec.Name switch
        {
            "bollinger_bands" => "bb_",
            "keltner" or "donchian" => spec.Name + "_",
            _ => "",
        };
        string suffix = Id.Length > spec.Name.Length ? Id[spec.Name.Length..] : "";
        return [.. spec.Outputs.Select(o => (o is "upper" or "middle" or "lower" ? prefix : "") + o + suffix)];
    }

    /// <summary>The second name of an output, or null: <c>macd</c> for <c>macd_line</c>, <c>stoch_k</c> for <c>stochastic</c>.</summary>
    public static string? AliasOf(string output) => output switch
    {
        "macd_line" => "macd",
        "macd" => "macd_line",
        "stochastic" => "stoch_k",
        "stoch_k" => "stochastic",
        _ => null,
    };

    /// <inheritdoc/>
    public bool Equals(IndicatorInstance? other) => other is not null && Id == other.Id && Params.SequenceEqual(other.Params);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Params.Count);
}
