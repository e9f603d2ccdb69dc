using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Packs.Models;

/// <summary>Where the value of a setting comes from (01 §1.15): the later wins.</summary>
public enum SettingSource
{
    /// <summary>The catalog's default, which the pack leaves as it is.</summary>
    Catalog,

    /// <summary>The pack.</summary>
    Pack,

    /// <summary>The risk profile, which multiplies the pack's value.</summary>
    Profile,

    /// <summary>The model's maker.</summary>
    Override,
}

/// <summary>One setting of a model: what it is, what it would be without the model's own choice, and why. Keys that end in <c>_pct</c> are percent.</summary>
/// <param name="Key">Key of the override: <c>rsi_period</c>, <c>stop_loss_pct</c>.</param>
/// <param name="Group"><c>indicators</c> or <c>risk</c>.</param>
/// <param name="Of">What it belongs to: the indicator by its name, or what the policy is.</param>
/// <param name="PackDefault">The pack's value; null where the pack switches it off.</param>
/// <param name="Default">The value without an override: the pack's under the risk profile.</param>
/// <param name="Value">The value that holds.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Bounds">What an override may be.</param>
public sealed record ModelSetting(string Key, string Group, string Of, double? PackDefault, double? Default, double? Value, SettingSource Source, SettingBounds Bounds);

/// <summary>The settings that a model's maker may choose, for a wizard before there is a model and for a page after.</summary>
public static class ModelSettings
{
    private static readonly (string Key, string Of)[] Risks =
    [
        ("stop_loss_pct", "Stop, against the entry"), ("take_profit_pct", "Target, in favour"), ("trailing_stop_pct", "Trail, behind the best price"),
        ("time_stop_days", "Time stop, in trading days"), ("max_position_pct", "Position, of equity at most"), ("max_positions", "Open positions at most"),
    ];

    /// <summary>The settings under given overrides, which are taken as they are: what is wrong with one is <see cref="ModelBuilder"/>'s to say.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="profile">The risk profile.</param>
    /// <param name="indicatorIds">Indicators of the model, hidden ones too; ids that the pack has not are passed over.</param>
    /// <param name="overridden">The override of a key; null where there is none.</param>
    public static IReadOnlyList<ModelSetting> Of(Pack pack, RiskProfile profile, IReadOnlyCollection<string> indicatorIds, Func<string, double?> overridden)
    {
        ModelRisk plain = RiskProfiles.Risk(pack, RiskProfile.Balanced), preset = RiskProfiles.Risk(pack, profile);
        List<ModelSetting> settings = [];
        foreach (PackIndicator entry in pack.Indicators.Where(i => indicatorIds.Contains(i.Id)))
        {
            IndicatorInstance instance = new(entry.Id, entry.Params);
            foreach (IndicatorParameter parameter in instance.Catalog is { } known ? known.Spec.Parameters.Where(p => !known.Implied.ContainsKey(p.Name) && !p.IsChoice) : [])
            {
                string key = $"{entry.Id}_{parameter.Name}";
                double value = instance.Param(parameter.Name) ?? parameter.Default;
                SettingSource unchosen = entry.Params.Any(p => p.Name == parameter.Name) ? SettingSource.Pack : SettingSource.Catalog;
                settings.Add(Setting(key, "indicators", entry.Name, value, value, unchosen, overridden(key), SettingBounds.Of(new(entry.Id, parameter.Name))));
            }
        }

        foreach (var (key, of) in Risks)
        {
            double? packs = ValueOf(plain, key), presets = ValueOf(preset, key);
            settings.Add(Setting(key, "risk", of, packs, presets, packs == presets ? SettingSource.Pack : SettingSource.Profile, overridden(key), SettingBounds.OfPolicy(key, pack)));
        }

        return settings;
    }

    /// <summary>The settings of a model as it is; what equals its default counts as not chosen.</summary>
    public static IReadOnlyList<ModelSetting> Of(Pack pack, ModelConfig model)
    {
        IReadOnlyList<IndicatorInstance> full = model.FullIndicators(pack);
        return
        [
            .. Of(pack, model.RiskProfile, [.. full.Select(i => i.Id)], _ => null).Select(s =>
            {
                double? value = s.Group == "risk" ? ValueOf(model.Risk, s.Key)
                    : IndicatorOverride.Parse(s.Key, full) is { } target ? full.First(i => i.Id == target.IndicatorId).Param(target.Parameter) : s.Value;
                return value == s.Default ? s : s with { Value = value, Source = SettingSource.Override };
            }),
        ];
    }

    private static ModelSetting Setting(
        string key, string group, string of, double? packDefault, double? byDefault, SettingSource unchosen, double? chosen, SettingBounds bounds) =>
        new(key, group, of, packDefault, byDefault, chosen ?? byDefault, chosen is { } own && own != byDefault ? SettingSource.Override : unchosen, bounds);

    private static double? ValueOf(ModelRisk risk, string key) => key switch
    {
        "stop_loss_pct" => risk.StopLossPct,
        "take_profit_pct" => risk.TakeProfitPct,
        "trailing_stop_pct" => risk.TrailingStop ? risk.TrailingStopPct : null,
        "time_stop_days" => risk.TimeStopDays,
        "max_position_pct" => risk.MaxPositionPct,
        _ => risk.MaxPositions,
    };
}
