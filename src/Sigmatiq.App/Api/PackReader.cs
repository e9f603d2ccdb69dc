using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.App.Api;

/// <summary>Reads a pack as a document: rules as sentences, gates with their units, parameters with their bounds.</summary>
internal static class PackReader
{
    /// <summary>The strategies in words.</summary>
    public static IReadOnlyList<PackStrategyRead> Strategies(Pack pack)
    {
        RuleSentence sentence = RuleSentence.Of(pack);
        RuleRead Read(string text) => Rule(sentence, text);
        return [.. pack.Strategies.Select((s, i) => new PackStrategyRead(
            s.Id, s.Name, s.Description, EnumWords<StrategySide>.Text(s.Side), i == 0, [.. s.EntryLogic.Select(Read)], [.. s.ExitLogic.Select(Read)]))];
    }

    /// <summary>An expression with its sentence; one that cannot be read stands for itself, and the linter says why.</summary>
    public static RuleRead Rule(RuleSentence sentence, string text) => new(sentence.Say(text) ?? text, text);

    public static PackCharacter Character(Pack pack) => new(
        EnumWords<TimeHorizon>.Text(pack.Vibe.TimeHorizon), EnumWords<RiskAppetite>.Text(pack.Vibe.RiskAppetite), EnumWords<DecisionStyle>.Text(pack.Vibe.DecisionStyle),
        EnumWords<MarketPreference>.Text(pack.Vibe.MarketPreference), EnumWords<ExecutionCharacter>.Text(pack.Vibe.ExecutionCharacter),
        [.. pack.SupportedInstruments.OrderByDescending(i => i == pack.DefaultInstrument).Select(EnumWords<InstrumentType>.Text)], pack.Tags, pack.Policies.Engine.Interval.Text(),
        EnumWords<RuleFrameKind>.Text(pack.Policies.Engine.RuleFrame), pack.CreatedAt);

    public static IReadOnlyList<PackIndicatorRead> Indicators(Pack pack) => [.. pack.Indicators.Select(i =>
    {
        IndicatorInstance instance = new(i.Id, i.Params);
        IndicatorSpec? spec = instance.Catalog?.Spec;
        return new PackIndicatorRead(
            i.Id, i.Name, i.Group, [.. spec?.Parameters.Select(p => new SettingRead(p.Name, p.Text(instance.Param(p.Name) ?? p.Default))) ?? []], instance.OutputNames(), spec?.Formula ?? "");
    })];

    public static IReadOnlyList<PackFeatureRead> Features(Pack pack)
    {
        RuleSentence sentence = RuleSentence.Of(pack);
        return [.. pack.Features.Select(f => new PackFeatureRead(f.Id, f.Name, Rule(sentence, f.Calculation).Sentence, f.Calculation, f.Scale))];
    }

    /// <summary>The gates, percent turned into fractions.</summary>
    public static IReadOnlyList<PackGateRead> Gates(PackGates gates) =>
    [
        new("quality", "min_trades", "Trades", ">=", gates.Quality.MinTrades, "count"),
        new("quality", "min_sharpe", "Sharpe ratio", ">=", gates.Quality.MinSharpe, "ratio"),
        new("quality", "max_drawdown_pct", "Largest drawdown", "<=", gates.Quality.MaxDrawdown, "drawdown"),
        new("quality", "min_win_rate", "Winning trades", ">=", gates.Quality.MinWinRate, "share"),
        new("execution", "max_slippage_bps", "Expected slippage of an order", "<=", gates.Execution.MaxSlippageBps, "bps"),
        new("execution", "min_volume", "Mean volume of 20 bars", ">=", gates.Execution.MinVolume, "shares"),
        new("execution", "max_spread_pct", "Spread at the decision", "<=", Percent.ToFraction(gates.Execution.MaxSpreadPct), "share"),
        new("risk", "max_position_size_pct", "Position by equity", "<=", Percent.ToFraction(gates.Risk.MaxPositionSizePct), "share"),
        new("risk", "max_correlation", "60-day correlation with what is held", "<=", gates.Risk.MaxCorrelation, "ratio"),
        new("risk", "max_var_95", "One-day value at risk, 95%, by equity", "<=", Percent.ToFraction(gates.Risk.MaxVar95Pct), "share"),
    ];

    /// <summary>What models may override, indicators first.</summary>
    public static IReadOnlyList<PackParameterRead> Parameters(Pack pack) =>
        [.. ModelSettings.Of(pack, RiskProfile.Balanced, [.. pack.Indicators.Select(i => i.Id)], _ => null).Select(s =>
            new PackParameterRead(s.Key, s.Of, s.PackDefault, s.Bounds.Min, s.Bounds.IsMinOpen, s.Bounds.Max, s.Bounds.IsWhole))];

    public static PackFinding Finding(LintFinding f) => new(
        f.Code, f.Level == LintLevel.Error ? "error" : "warn", f.Path, f.Place?.File, f.Place?.Line, f.Place?.Column, f.Message, f.Remediation);
}
