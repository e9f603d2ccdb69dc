using System.Globalization;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Lint;

/// <summary>Says whether the parts of a pack fit together (01 §1.11). PCK-2003 and PCK-2004 need a backtest: <see cref="SanityFindings"/>.</summary>
public static class PackLinter
{
    /// <summary>Fewest and most indicators of a pack.</summary>
    public const int IndicatorsMin = 3, IndicatorsMax = 15;

    /// <summary>Lints a folder: what keeps it from being a pack, or what <see cref="Lint(Pack, string?)"/> finds.</summary>
    /// <param name="folder">Folder with the six files.</param>
    /// <param name="publishedHash">Hash under which this version was published, or null.</param>
    public static IReadOnlyList<LintFinding> LintFolder(string folder, string? publishedHash = null)
    {
        ParseResult<Pack> parsed = PackFolder.Load(folder);
        return [.. (parsed.IsOk ? Lint(parsed.Value, publishedHash) : [.. parsed.Problems.Select(LintFinding.Of)]).Select(f => f.In(folder))];
    }

    /// <summary>Lints a pack: errors and warnings in the order of the files.</summary>
    public static IReadOnlyList<LintFinding> Lint(Pack pack, string? publishedHash = null)
    {
        List<LintFinding> findings = [];
        if (publishedHash is not null && publishedHash != pack.Hash.Hex)
        {
            findings.Add(LintFinding.Of(PublishedPacks.Changed(pack, publishedHash)));
        }

        if (!pack.SupportedInstruments.Contains(pack.DefaultInstrument))
        {
            findings.Add(Error(
                "PCK-1008", pack, "default_instrument", $"The default instrument '{EnumWords<InstrumentType>.Text(pack.DefaultInstrument)}' is not supported.",
                "Add it to supported_instruments, or choose one of them."));
        }

        Indicators(pack, findings);
        Names(pack, findings);
        Expressions(pack, findings);
        Strategies(pack, findings);
        Policies(pack, findings);
        return findings;
    }

    private static void Indicators(Pack pack, List<LintFinding> findings)
    {
        if (pack.Indicators.Count is < IndicatorsMin or > IndicatorsMax)
        {
            findings.Add(Error(
                "PCK-1002", pack, "indicators", $"The pack has {pack.Indicators.Count} indicators.", $"Use {IndicatorsMin} to {IndicatorsMax}."));
        }

        foreach (PackIndicator entry in pack.Indicators)
        {
            string path = $"indicators.{entry.Id}";
            IndicatorInstance instance = new(entry.Id, entry.Params);
            if (instance.Catalog is not { } catalog)
            {
                findings.Add(Error(
                    "PCK-1001", pack, path, $"There is no indicator '{entry.Id}'.",
                    $"Use one of: {string.Join(", ", IndicatorCatalog.All.Select(i => i.Name))}; averages take a length, e.g. ema_20."));
                continue;
            }

            try
            {
                instance.Settings();
            }
            catch (ProblemException refused)
            {
                findings.AddRange(refused.All.Select(p => Error("PCK-1001", pack, path, p.Message, p.Remedy ?? "")));
            }

            foreach (var (name, value) in catalog.Implied)
            {
                if (instance.Param(name) != value)
                {
                    findings.Add(Error("PCK-1001", pack, path, FormattableString.Invariant($"{entry.Id} has {name} {instance.Param(name)}."), FormattableString.Invariant($"The id says {value}.")));
                }
            }

            if (catalog.Spec.Group != entry.Group)
            {
                findings.Add(Error("PCK-1001", pack, path, $"{entry.Id} stands in the group {entry.Group}.", $"Move it to {catalog.Spec.Group}."));
            }

            Horizon(pack, instance, catalog.Spec, path, findings);
        }
    }

    // A window that reaches far beyond the life of a position says nothing about it.
    private static void Horizon(Pack pack, IndicatorInstance instance, IndicatorSpec spec, string path, List<LintFinding> findings)
    {
        int longest = pack.Vibe.TimeHorizon switch { TimeHorizon.Seconds => 30, TimeHorizon.Minutes => 120, _ => 500 };
        int shortest = pack.Vibe.TimeHorizon == TimeHorizon.Months ? 5 : 1;
        foreach (IndicatorParameter parameter in spec.Parameters.Where(p => p.Name.EndsWith("period", StringComparison.Ordinal) && p.Name is not ("d_period" or "signal_period")))
        {
            double period = instance.Param(parameter.Name)!.Value;
            if (period > longest || period < shortest)
            {
                findings.Add(Error(
                    "PCK-1007", pack, path,
                    FormattableString.Invariant($"{instance.Id} looks back {period} periods; the horizon is {EnumWords<TimeHorizon>.Text(pack.Vibe.TimeHorizon)}."),
                    FormattableString.Invariant($"Use periods from {shortest} to {longest}, or another horizon.")));
            }
        }
    }

    private static void Names(Pack pack, List<LintFinding> findings)
    {
        RuleScope bare = RuleScope.Build([.. pack.Indicators.Select(i => new IndicatorInstance(i.Id, i.Params))], []);
        foreach (PackFeature feature in pack.Features.Where(f => bare.Find(f.Id) is not null || RuleFunctions.All.ContainsKey(f.Id)))
        {
            findings.Add(Error("PCK-1001", pack, $"features.{feature.Id}", $"The feature '{feature.Id}' has the name of something else.", "Give it another id."));
        }
    }

    private static void Expressions(Pack pack, List<LintFinding> findings)
    {
        RuleScope scope = RuleScope.OfPack(pack);
        foreach (PackFeature feature in pack.Features)
        {
            ParseResult<RuleProgram> compiled = scope.FeatureProgram(feature.Id);
            findings.AddRange(compiled.Problems.Select(p => Compile(pack, $"features.{feature.Id}.calculation", p)));
        }

        foreach (PackStrategy strategy in pack.Strategies)
        {
            Lines(strategy.EntryLogic, $"strategies.{strategy.Id}.entry_logic", allowsPosition: false);
            Lines(strategy.ExitLogic, $"strategies.{strategy.Id}.exit_logic", allowsPosition: true);
        }

        void Lines(IReadOnlyList<string> lines, string path, bool allowsPosition)
        {
            for (int i = 0; i < lines.Count; i++)
            {
                string place = FormattableString.Invariant($"{path}[{i}]");
                ParseResult<RuleProgram> compiled = RuleProgram.Compile(lines[i], scope, allowsPosition);
                findings.AddRange(compiled.Problems.Select(p => Compile(pack, place, p)));
                if (compiled.IsOk && compiled.Value.Type != RuleType.Bool)
                {
                    findings.Add(Error("PCK-1006", pack, place, $"EXP-1003: '{lines[i]}' is a number, not true or false.", "Compare it with something."));
                }
            }
        }
    }

    private static void Strategies(Pack pack, List<LintFinding> findings)
    {
        if (pack.Strategies.Count == 0)
        {
            findings.Add(Error("PCK-1003", pack, "strategies", "The pack has no strategy, so no default one.", "Add at least one; the first is the default."));
        }

        foreach (PackStrategy strategy in pack.Strategies.Where(s => s.EntryLogic.Count == 0))
        {
            findings.Add(Error("PCK-1003", pack, $"strategies.{strategy.Id}", $"The strategy {strategy.Id} has no entry line, so it is none.", "Add entry_logic."));
        }
    }

    private static void Policies(Pack pack, List<LintFinding> findings)
    {
        RiskPolicy risk = pack.Policies.Risk;
        string appetite = EnumWords<RiskAppetite>.Text(pack.Vibe.RiskAppetite);
        if ((pack.Vibe.RiskAppetite == RiskAppetite.Conservative && risk.StopLossPct > 10) || (pack.Vibe.RiskAppetite == RiskAppetite.Aggressive && risk.StopLossPct < 2))
        {
            findings.Add(Warn(
                "PCK-2001", pack, "policies.risk_management.stop_loss_pct", string.Create(CultureInfo.InvariantCulture, $"A stop of {risk.StopLossPct}% does not suit the appetite '{appetite}'."),
                appetite == "conservative" ? "Use at most 10%." : "Use at least 2%."));
        }

        if (risk.TakeProfitPct < risk.StopLossPct)
        {
            findings.Add(Warn(
                "PCK-2002", pack, "policies.risk_management.take_profit_pct",
                string.Create(CultureInfo.InvariantCulture, $"The target of {risk.TakeProfitPct}% is nearer than the stop of {risk.StopLossPct}%."), "Widen the target or tighten the stop."));
        }

        if (pack.Policies.Sizing.MaxPositionPct > pack.Gates.Risk.MaxPositionSizePct)
        {
            findings.Add(Warn(
                "PCK-2005", pack, "policies.position_sizing.max_position_pct",
                string.Create(CultureInfo.InvariantCulture, $"The position cap of {pack.Policies.Sizing.MaxPositionPct}% is above the risk gate of {pack.Gates.Risk.MaxPositionSizePct}%."),
                "Lower the cap, or raise gates.risk.max_position_size_pct."));
        }

        if (risk.TrailingStop && risk.TrailingStopPct < risk.StopLossPct)
        {
            findings.Add(Warn(
                "PCK-2006", pack, "policies.risk_management.trailing_stop_pct",
                string.Create(CultureInfo.InvariantCulture, $"The trail of {risk.TrailingStopPct}% starts at the entry price, so the stop of {risk.StopLossPct}% can never fire."),
                "Widen the trail beyond the stop, or accept that the trail is the stop."));
        }
    }

    private static LintFinding Compile(Pack pack, string path, Problem problem) =>
        new("PCK-1006", LintLevel.Error, $"{PathOf(pack, path)}{(problem.Where is null ? "" : $", {problem.Where}")}", $"{problem.Code}: {problem.Message}", problem.Remedy ?? "");

    private static LintFinding Error(string code, Pack pack, string path, string message, string remediation) =>
        new(code, LintLevel.Error, PathOf(pack, path), message, remediation);

    private static LintFinding Warn(string code, Pack pack, string path, string message, string remediation) =>
        new(code, LintLevel.Warn, PathOf(pack, path), message, remediation);

    private static string PathOf(Pack pack, string path) => pack.Places.TryGetValue(path, out YamlPlace place) ? $"{place} ({path})" : path;
}
