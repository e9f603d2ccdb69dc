using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>Reads a model, or a request for one, as its page and the wizard show it: value, default, source, and who needs what.</summary>
internal static class ModelReader
{
    /// <summary>A model whose pack is at hand.</summary>
    public static ModelDocument Document(ModelListed listed, ModelConfig config, Pack pack, IReadOnlyList<PastConfig> configs, IReadOnlyList<string> moves, string? locked)
    {
        RuleSentence sentence = RuleSentence.Of(pack);
        RuleRead Read(string text) => PackReader.Rule(sentence, text);
        PackStrategy? ofPack = pack.FindStrategy(config.Strategy.Id);
        return new(
            listed, config.PackReference, pack.Name, EnumWords<InstrumentType>.Text(config.Instrument.Type), EnumWords<RiskProfile>.Text(config.RiskProfile),
            new(config.Strategy.Id, ofPack?.Name ?? config.Strategy.Id, ofPack?.Description ?? "", EnumWords<StrategySide>.Text(config.Strategy.Side), ofPack is not null && ofPack == pack.Strategies[0],
                [.. config.Strategy.EntryRules.Select(Read)], [.. config.Strategy.ExitRules.Select(Read)]),
            [.. ModelSettings.Of(pack, config).Select(Setting)],
            [.. Inputs(pack, config.Strategy.Id, [.. config.Indicators.Select(i => i.Id)], [.. config.Features]).Where(i => i.Selected || i.NeededBy is not null)],
            PackReader.Gates(config.Gates), [.. configs.Reverse().Select(c => new ModelConfigListed(c.ConfigVersion, c.Pack, c.Restores, c.MadeAtUtc))], moves, locked);
    }

    /// <summary>What a request would give, with what is wrong at its field.</summary>
    public static ModelDrafted Draft(ModelRequest asked, Pack pack, DateTimeOffset now)
    {
        ParseResult<ModelDraft> built = ModelBuilder.Build(asked, pack, now);
        PackStrategy? strategy = asked.StrategyId is null ? pack.Strategies.FirstOrDefault() : pack.FindStrategy(asked.StrategyId);
        RiskProfile profile = EnumWords<RiskProfile>.Words.GetValueOrDefault(asked.RiskProfile, RiskProfile.Balanced);
        IReadOnlyList<ModelInputRead> inputs = Inputs(pack, strategy?.Id ?? "", asked.SelectedIndicators, asked.SelectedFeatures);
        Dictionary<string, double> overrides = asked.ParameterOverrides.GroupBy(o => o.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);
        string[] read = [.. inputs.Where(i => i.Kind == "indicator" && (i.Selected || i.NeededBy is not null)).Select(i => i.Id)];
        return new(
            built.IsOk, built.IsOk ? [] : [.. built.Problems.Select(Answers.LineOf)], built.IsOk ? [.. built.Value.Warnings.Select(Answers.LineOf)] : [], pack.Reference,
            strategy is null ? null : PackReader.Strategies(pack).First(s => s.Id == strategy.Id),
            [.. ModelSettings.Of(pack, profile, read, key => overrides.TryGetValue(key, out double value) ? value : null).Select(Setting)], inputs,
            PackReader.Gates(built.IsOk ? built.Value.Config.Gates : pack.Gates), built.IsOk ? built.Value.Config.ToJson() : null);
    }

    /// <summary>A model of the list.</summary>
    public static ModelListed Listed(ModelRecord m, ModelConfig config, int sweeps, int trained) => new(
        m.UserId, m.Id, m.Name, m.Description, m.PackId, m.PackVersion, m.PackHash, m.Status, m.NextStep, m.CreatedAtUtc, config.Instrument.Ticker, config.Strategy.Id,
        Symbol.Parse(config.Instrument.Ticker).IsSynthetic, config.ConfigVersion, sweeps, trained);

    private static ModelSettingRead Setting(ModelSetting s) => new(
        s.Key, s.Group, s.Of, s.PackDefault, s.Default, s.Value, EnumWords<SettingSource>.Text(s.Source), s.Bounds.Min, s.Bounds.IsMinOpen, s.Bounds.Max, s.Bounds.IsWhole);

    private static IReadOnlyList<ModelInputRead> Inputs(Pack pack, string strategy, IReadOnlyCollection<string> indicators, IReadOnlyCollection<string> features)
    {
        Dictionary<string, string> hidden = HiddenInput.Of(pack, strategy, indicators, features).ToDictionary(h => $"{h.Kind} {h.Id}", h => h.NeededBy, StringComparer.Ordinal);
        return
        [
            .. PackReader.Indicators(pack).Select(i => new ModelInputRead(i.Id, "indicator", i.Name, i.Formula, indicators.Contains(i.Id), hidden.GetValueOrDefault($"indicator {i.Id}"))),
            .. PackReader.Features(pack).Select(f => new ModelInputRead(f.Id, "feature", f.Name, f.Calculation, features.Contains(f.Id), hidden.GetValueOrDefault($"feature {f.Id}"))),
        ];
    }
}
