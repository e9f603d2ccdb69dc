using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Models;

/// <summary>A model's config on another version of its pack (01 §1.12): the new config and what it changes.</summary>
/// <remarks>Rules, gates and order policy are the new version's. Exits and caps follow the new version where the model had the old one's
/// values, and stay where its maker chose their own. Indicators and features keep their parameters, and what they compute must not
/// change: a model whose inputs mean something else is another model, and its trials are others.</remarks>
/// <param name="Config">The config after.</param>
/// <param name="Changes">Every changed value, in the file's order.</param>
public sealed record ModelMigration(ModelConfig Config, IReadOnlyList<ConfigChange> Changes)
{
    /// <summary>Works out the migration; nothing is written.</summary>
    /// <returns>The migration, or MDL-1010 where an indicator or feature of the model would have other values, MDL-1003 where the new version
    /// lacks something the model uses, MDL-1005 where a cap of the model lies above the new version's risk gate, MDL-1006 where it does not
    /// support the instrument; EXP codes where the new version does not compile.</returns>
    public static ParseResult<ModelMigration> Of(ModelConfig model, Pack from, Pack to)
    {
        var (config, problems) = Propose(model, from, to);
        return config is null || problems.Count > 0 ? ParseResult<ModelMigration>.Refused(problems) : ParseResult<ModelMigration>.Ok(new(config, ConfigDiff.Of(model, config)));
    }

    /// <summary>The config a migration would give, with all that speaks against it; no config where one cannot even be written.</summary>
    public static (ModelConfig? Config, IReadOnlyList<Problem> Problems) Propose(ModelConfig model, Pack from, Pack to)
    {
        List<Problem> problems = [];
        PackStrategy? strategy = to.FindStrategy(model.Strategy.Id);
        if (strategy is null)
        {
            problems.Add(Lacks(to, "strategy", model.Strategy.Id));
        }

        if (!to.SupportedInstruments.Contains(model.Instrument.Type))
        {
            problems.Add(new(
                "MDL-1006", $"Pack {to.Reference} does not support the instrument '{EnumWords<InstrumentType>.Text(model.Instrument.Type)}'.", "instrument.type",
                "Keep the version, or make a new model.", ExitCode.BadUsage));
        }

        problems.AddRange(model.Indicators.Where(i => to.FindIndicator(i.Id) is null).Select(i => Lacks(to, "indicator", i.Id)));
        problems.AddRange(model.Features.Where(id => to.FindFeature(id) is null).Select(id => Lacks(to, "feature", id)));
        if (problems.Count > 0)
        {
            return (null, problems);
        }

        Needs needs = Needs.Of(to, strategy!, model.Features);
        if (needs.Problems.Count > 0)
        {
            return (null, needs.Problems);
        }

        ModelConfig config = On(model, from, to, strategy!, needs);
        Meanings(model, from, config, to, problems);
        if (config.Risk.MaxPositionPct > to.Gates.Risk.MaxPositionSizePct)
        {
            problems.Add(new(
                "MDL-1005",
                string.Create(CultureInfo.InvariantCulture, $"The model's max_position_pct of {config.Risk.MaxPositionPct} is above the risk gate of {to.Reference}, {to.Gates.Risk.MaxPositionSizePct}."),
                "risk_management.max_position_pct", "Keep the version, or make a new model with a smaller cap.", ExitCode.BadUsage));
        }

        return (config, problems);
    }

    private static ModelConfig On(ModelConfig model, Pack from, Pack to, PackStrategy strategy, Needs needs)
    {
        HashSet<string> selected = [.. model.Indicators.Select(i => i.Id)];
        ModelRisk was = RiskProfiles.Risk(from, model.RiskProfile), now = RiskProfiles.Risk(to, model.RiskProfile), own = model.Risk;
        return model with
        {
            PackId = to.Id,
            PackVersion = to.Version,
            ConfigVersion = model.ConfigVersion + 1,
            Strategy = new(strategy.Id, strategy.EntryLogic, strategy.ExitLogic, strategy.Side),
            HiddenInputs =
            [
                .. to.Indicators.Where(i => needs.Indicators.ContainsKey(i.Id) && !selected.Contains(i.Id))
                    .Select(i => model.HiddenInputs.FirstOrDefault(h => h.Id == i.Id) ?? new IndicatorInstance(i.Id, i.Params)),
            ],
            HiddenFeatures = [.. to.Features.Select(f => f.Id).Where(id => needs.Features.ContainsKey(id) && !model.Features.Contains(id))],
            Risk = new(
                Follow(own.StopLossPct, was.StopLossPct, now.StopLossPct), Follow(own.TakeProfitPct, was.TakeProfitPct, now.TakeProfitPct),
                Follow(own.MaxPositionPct, was.MaxPositionPct, now.MaxPositionPct), Follow(own.TrailingStop, was.TrailingStop, now.TrailingStop),
                Follow(own.TrailingStopPct, was.TrailingStopPct, now.TrailingStopPct), Follow(own.TimeStopDays, was.TimeStopDays, now.TimeStopDays),
                Follow(own.MaxPositions, was.MaxPositions, now.MaxPositions)),
            Execution = to.Policies.Execution,
            Gates = RiskProfiles.Gates(to.Gates, model.RiskProfile),
        };
    }

    private static T Follow<T>(T own, T was, T now) => EqualityComparer<T>.Default.Equals(own, was) ? now : own;

    // What the inputs are made of; the same words on the same bars give the same bits, which MigrationCheck then measures.
    private static void Meanings(ModelConfig model, Pack from, ModelConfig config, Pack to, List<Problem> problems)
    {
        EnginePolicy was = from.Policies.Engine, now = to.Policies.Engine;
        if (was.Interval != now.Interval)
        {
            problems.Add(Differs("policies.engine.interval", "bars", was.Interval.Text(), now.Interval.Text(), to));
        }

        if (was.RuleFrame != now.RuleFrame)
        {
            problems.Add(Differs("policies.engine.rule_frame", "rule frame", EnumWords<RuleFrameKind>.Text(was.RuleFrame), EnumWords<RuleFrameKind>.Text(now.RuleFrame), to));
        }

        if (was.Prices != now.Prices)
        {
            problems.Add(Differs("policies.engine.prices", "prices", EnumWords<PriceKind>.Text(was.Prices), EnumWords<PriceKind>.Text(now.Prices), to));
        }

        Dictionary<string, string> before = model.FullIndicators(from).ToDictionary(i => i.Id, i => i.ValueKey());
        foreach (IndicatorInstance after in config.FullIndicators(to))
        {
            if (before.TryGetValue(after.Id, out string? key) && after.ValueKey() != key)
            {
                problems.Add(Differs($"indicators.{after.Id}", $"indicator {after.Id}", key, after.ValueKey(), to));
            }
        }

        foreach (string id in model.Features.Concat(model.HiddenFeatures))
        {
            string? old = Meaning(from, id), after = Meaning(to, id);
            if (after is not null && after != old)
            {
                problems.Add(Differs($"features.{id}", $"feature {id}", old ?? "nothing", after, to));
            }
        }
    }

    private static string? Meaning(Pack pack, string id) =>
        pack.FindFeature(id) is { } feature && RuleParser.Parse(feature.Calculation) is { IsOk: true } parsed ? RulePrinter.Print(parsed.Value) : null;

    private static Problem Lacks(Pack to, string what, string id) =>
        new("MDL-1003", $"Pack {to.Reference} has no {what} '{id}'.", what, "Keep the version, or make a new model.", ExitCode.BadUsage);

    private static Problem Differs(string where, string what, string before, string after, Pack to) =>
        new("MDL-1010", $"The {what} would be {after} on {to.Reference}, it is {before}.", where, "Keep the version, or make a new model: its trials are others.", ExitCode.BadUsage);
}
