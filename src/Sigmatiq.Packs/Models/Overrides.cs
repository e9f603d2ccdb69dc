using System.Globalization;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Store.Errors;
using CatalogName = Sigmatiq.Indicators.Catalog.PackIndicator;

namespace Sigmatiq.Packs.Models;

/// <summary>Checked overrides of a model: indicator parameters and policy keys (01 §1.15).</summary>
public sealed class Overrides
{
    /// <summary>Shortest and longest period that a user may set.</summary>
    public const int PeriodMin = 2, PeriodMax = 500;

    private static readonly string[] PolicyKeys =
        ["stop_loss_pct", "take_profit_pct", "trailing_stop_pct", "max_position_pct", "time_stop_days", "max_positions"];

    private readonly Dictionary<string, double> policies = new(StringComparer.Ordinal);
    private readonly List<(IndicatorOverride Target, double Value)> parameters = [];

    /// <summary>Keys of the policies that may be overridden.</summary>
    public static IReadOnlyList<string> Policies => PolicyKeys;

    /// <summary>Reads and checks overrides; what is wrong is noted as MDL-1005.</summary>
    internal static Overrides Read(IReadOnlyList<KeyValuePair<string, double>> given, Pack pack, IReadOnlyList<string> indicatorIds, List<Problem> problems)
    {
        Overrides overrides = new();
        IndicatorInstance[] indicators = [.. indicatorIds.Select(id => new IndicatorInstance(id, pack.FindIndicator(id)!.Params))];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var (key, value) in given)
        {
            if (!seen.Add(key))
            {
                problems.Add(Refuse(key, $"The override {key} is given twice.", "Give it once."));
            }
            else if (PolicyKeys.Contains(key))
            {
                if (PolicyProblem(key, value, pack) is { } problem)
                {
                    problems.Add(problem);
                }

                overrides.policies[key] = value;
            }
            else if (IndicatorOverride.Parse(key, indicators) is { } target)
            {
                if (ParameterProblem(target, key, value) is { } problem)
                {
                    problems.Add(problem);
                }

                overrides.parameters.Add((target, value));
            }
            else
            {
                problems.Add(Refuse(key, $"There is no parameter '{key}' in this model.", $"Use one of: {string.Join(", ", Known(indicators))}."));
            }
        }

        if (problems.Count == 0)
        {
            overrides.CheckTogether(indicators, problems);
        }

        return overrides;
    }

    /// <summary>What is wrong with a value of an indicator parameter, or null: used for overrides and for swept values.</summary>
    internal static Problem? ParameterProblem(IndicatorOverride target, string key, double value)
    {
        CatalogName catalog = CatalogName.Find(target.IndicatorId)!;
        if (catalog.Implied.ContainsKey(target.Parameter))
        {
            return Refuse(key, $"The id {target.IndicatorId} fixes its {target.Parameter}.", "Select an indicator with another length instead.");
        }

        (double min, double max, bool isWhole) = BoundsOf(target);
        return value >= min && value <= max && (!isWhole || value == Math.Floor(value))
            ? null
            : Refuse(
                key, string.Create(CultureInfo.InvariantCulture, $"{key} was {value}."),
                string.Create(CultureInfo.InvariantCulture, $"Use a {(isWhole ? "whole " : "")}number from {min} to {max}."));
    }

    /// <summary>Which numbers an indicator parameter takes.</summary>
    internal static (double Min, double Max, bool IsWhole) BoundsOf(IndicatorOverride target)
    {
        IndicatorParameter parameter = CatalogName.Find(target.IndicatorId)!.Spec.Parameters.First(p => p.Name == target.Parameter);
        bool isPeriod = parameter is { IsWhole: true, IsFlag: false };
        return (
            isPeriod && parameter.Name.EndsWith("period", StringComparison.Ordinal) ? PeriodMin : parameter.Min, isPeriod ? Math.Min(PeriodMax, parameter.Max) : parameter.Max,
            parameter.IsWhole);
    }

    /// <summary>How large a policy key may be, and whether it counts from 1; one that does not lies above 0.</summary>
    internal static (double Max, bool IsCount) PolicyBoundsOf(string key, Pack pack)
    {
        bool isCount = key is "time_stop_days" or "max_positions" or "hold_days";
        return (key is "max_position_pct" or "position_size_pct" ? Math.Min(100, pack.Gates.Risk.MaxPositionSizePct) : isCount ? 10_000 : 100, isCount);
    }

    /// <summary>What is wrong with a value of a policy key, or null.</summary>
    internal static Problem? PolicyProblem(string key, double value, Pack pack)
    {
        (double max, bool isCount) = PolicyBoundsOf(key, pack);
        return value > 0 && value <= max && (!isCount || value == Math.Floor(value))
            ? null
            : Refuse(
                key, string.Create(CultureInfo.InvariantCulture, $"{key} was {value}."),
                string.Create(CultureInfo.InvariantCulture, $"Use a {(isCount ? "whole number from 1" : "number above 0 and")} up to {max}{(key is "max_position_pct" ? ", the pack's risk gate" : "")}."));
    }

    /// <summary>A tuned indicator lists what was tuned; another lists what the pack lists.</summary>
    internal IndicatorInstance Apply(PackIndicator entry)
    {
        IndicatorParam[] tuned = [.. parameters.Where(p => p.Target.IndicatorId == entry.Id).Select(p => new IndicatorParam(p.Target.Parameter, p.Value))];
        return new(entry.Id, tuned.Length > 0 ? tuned : entry.Params);
    }

    internal ModelRisk Apply(ModelRisk risk) => risk with
    {
        StopLossPct = Of("stop_loss_pct") ?? risk.StopLossPct,
        TakeProfitPct = Of("take_profit_pct") ?? risk.TakeProfitPct,
        MaxPositionPct = Of("max_position_pct") ?? risk.MaxPositionPct,
        TrailingStopPct = Of("trailing_stop_pct") ?? risk.TrailingStopPct,
        TimeStopDays = (int?)Of("time_stop_days") ?? risk.TimeStopDays,
        MaxPositions = (int?)Of("max_positions") ?? risk.MaxPositions,
    };

    internal static IEnumerable<string> Known(IEnumerable<IndicatorInstance> indicators) =>
        indicators.SelectMany(i => i.Catalog is { } c
            ? c.Spec.Parameters.Where(p => !c.Implied.ContainsKey(p.Name) && !p.IsChoice).Select(p => $"{i.Id}_{p.Name}")
            : []).Concat(PolicyKeys);

    private double? Of(string key) => policies.TryGetValue(key, out double value) ? value : null;

    // A fast period above the slow one is in range alone and wrong together.
    private void CheckTogether(IndicatorInstance[] indicators, List<Problem> problems)
    {
        foreach (IndicatorInstance indicator in indicators.Where(i => parameters.Any(p => p.Target.IndicatorId == i.Id)))
        {
            try
            {
                parameters.Where(p => p.Target.IndicatorId == indicator.Id).Aggregate(indicator, (i, p) => i.With(p.Target.Parameter, p.Value)).Settings();
            }
            catch (ProblemException refused)
            {
                problems.AddRange(refused.All.Select(p => p with { Code = "MDL-1005" }));
            }
        }
    }

    private static Problem Refuse(string key, string message, string remedy) => new("MDL-1005", message, $"parameter_overrides.{key}", remedy, ExitCode.BadUsage);
}
