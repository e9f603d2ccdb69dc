using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Packs.Grid;

/// <summary>A sweep request that passed every check against its model, pack and plan: which combos will run.</summary>
/// <param name="Request">The request.</param>
/// <param name="Pack">The pack.</param>
/// <param name="Model">The model.</param>
/// <param name="Grid">The whole grid.</param>
/// <param name="ComboIds">Ids that run, ascending: all, or the sample.</param>
/// <param name="Cap">The plan's cap, or null.</param>
/// <param name="Gates">Effective quality gates: request, else model, else platform.</param>
/// <param name="SessionHours">The hours of <c>all_day</c>.</param>
/// <param name="Warnings">What the user should know.</param>
public sealed record SweepPlan(
    SweepRequest Request, Pack Pack, ModelConfig Model, ParameterGrid Grid, IReadOnlyList<int> ComboIds, int? Cap, QualityGates Gates,
    HourSet SessionHours, IReadOnlyList<Problem> Warnings)
{
    // One in so many of a sample's budget is kept for the neighbours of its best.
    private const int RefineShare = 5;

    // Resolved by one thread at a time.
    private const int ConfigsInARow = 512;

    // Above it a sweep is one that only the larger plans allow, and its trades outgrow what anybody reads.
    private const int DetailedCombosMax = 1_000;

    /// <summary>Combos that may follow the sample, around its best ones.</summary>
    public int RefineBudget { get; init; }

    /// <summary>Combos that run at most.</summary>
    public int Total => ComboIds.Count + RefineBudget;

    /// <summary>Of which combos the trades are stored: of all in sweeps of up to 1,000, else of those that no other beats in Sharpe ratio,
    /// drawdown and number of trades alike.</summary>
    public SweepDetail Detail => Request.Detail ?? (Total > DetailedCombosMax ? SweepDetail.Pareto : SweepDetail.All);

    /// <summary>The effective configs that run, in the order of their ids.</summary>
    public IEnumerable<EffectiveConfig> Configs()
    {
        ComboResolver resolver = new(Pack, Model, SessionHours, Request.Confidence);
        return ComboIds.Select(id => resolver.Resolve(Grid.Combo(id)));
    }

    /// <summary>The same at once.</summary>
    /// <param name="threads">Threads to use, at least 1; the configs do not depend on it.</param>
    public EffectiveConfig[] Configs(int threads)
    {
        ComboResolver resolver = new(Pack, Model, SessionHours, Request.Confidence);
        var configs = new EffectiveConfig[ComboIds.Count];
        SharedLoop.Run(configs.Length, ConfigsInARow, threads, i => configs[i] = resolver.Resolve(Grid.Combo(ComboIds[i])), CancellationToken.None);
        return configs;
    }

    /// <summary>Checks a request and lists its combos.</summary>
    /// <param name="request">The request.</param>
    /// <param name="pack">The pack that the model pins.</param>
    /// <param name="model">The model.</param>
    /// <param name="plan">The user's plan.</param>
    /// <param name="calendar">Whose session hours the presets mean.</param>
    /// <returns>The plan, or SWS-1001 to SWS-1004 and SWS-2003. SWS-1005 and the <c>top_pct</c> shim are warnings.</returns>
    public static ParseResult<SweepPlan> Of(SweepRequest request, Pack pack, ModelConfig model, Plan plan, ISessionCalendar calendar)
    {
        List<Problem> problems = [], warnings = [];
        if (request.Type == SweepType.Custom && plan == Plan.Free)
        {
            return ParseResult<SweepPlan>.Refused(new Problem(
                "SWS-1004", "The plan 'free' does not allow custom sweeps.", "sweep_type", "Use a simple sweep, or a premium or pro plan.", ExitCode.BadUsage));
        }

        if ((request.EarlyStop || request.Refine) && (request.Type == SweepType.Simple || plan is Plan.Free or Plan.Premium))
        {
            return ParseResult<SweepPlan>.Refused(new Problem(
                "SWS-1004", request.Type == SweepType.Simple ? "A simple sweep runs all of its combos." : $"The plan '{EnumWords<Plan>.Text(plan)}' does not allow early_stop or refine.",
                request.EarlyStop ? "early_stop" : "refine", "Leave it out, or use a custom sweep with a pro plan.", ExitCode.BadUsage));
        }

        EnginePolicy engine = pack.Policies.Engine;
        HourSet session = engine.Hours == HoursClock.Utc ? HourSet.All : HourSet.RegularSession(calendar);
        Dictionary<string, JsonArray> given = Shim(request, problems, warnings);
        IReadOnlyList<SweepParameter> registry = ParameterRegistry.Of(pack, model);
        foreach (string key in given.Keys)
        {
            SweepParameter? known = registry.FirstOrDefault(p => p.RequestKey == key);
            if (known is null || (request.Type == SweepType.Simple && !known.IsSimple))
            {
                problems.Add(new(
                    "SWS-1002", known is null ? $"There is no parameter '{key}' in this model." : $"A simple sweep does not vary '{key}'.", $"parameters.{key}",
                    $"Use some of: {string.Join(", ", registry.Where(p => request.Type == SweepType.Custom || p.IsSimple).Select(p => p.RequestKey))}.", ExitCode.BadUsage));
            }
        }

        List<GridAxis> axes = [];
        foreach (SweepParameter parameter in registry.Where(p => given.ContainsKey(p.RequestKey)))
        {
            axes.Add(new(parameter.RequestKey, parameter.Key, Values(parameter, given[parameter.RequestKey], pack, model, session, problems, warnings)));
        }

        if (given.Count == 0)
        {
            problems.Add(SweepRequest.Malformed("parameters", "The sweep varies nothing.", "Give at least one parameter with its values."));
        }

        CheckHours(axes, engine, session, problems, warnings);
        if (problems.Count > 0)
        {
            return ParseResult<SweepPlan>.Refused(problems);
        }

        ParameterGrid grid;
        try
        {
            grid = new(axes);
        }
        catch (OverflowException)
        {
            return ParseResult<SweepPlan>.Refused(TooLarge(null, plan.CustomCap()));
        }

        if (grid.Size > int.MaxValue)
        {
            return ParseResult<SweepPlan>.Refused(TooLarge(grid.Size, plan.CustomCap()));
        }

        int? cap = plan == Plan.Unlimited ? null : request.Type == SweepType.Simple ? Plans.SimpleCap : plan.CustomCap();
        IReadOnlyList<int> ids = new FirstIds((int)Math.Min(grid.Size, cap ?? int.MaxValue));
        int refine = 0;
        if (cap is { } limit && grid.Size > limit)
        {
            OnCapExceeded action = request.OnCapExceeded ?? (plan == Plan.Pro ? OnCapExceeded.Sample : OnCapExceeded.Reject);
            if (action == OnCapExceeded.Reject || request.Type == SweepType.Simple)
            {
                return ParseResult<SweepPlan>.Refused(TooLarge(grid.Size, limit));
            }

            refine = request.Refine ? limit / RefineShare : 0;
            ids = StratifiedSample.Draw(grid, limit - refine, request.Seed);
        }

        WarnAboveModelCap(axes, model, warnings);
        return ParseResult<SweepPlan>.Ok(new(
            request, pack, model, grid, ids, cap, QualityGates.Effective(request.QualityGates, model.Gates.Quality), session, warnings)
        {
            RefineBudget = refine,
        });
    }

    private static Dictionary<string, JsonArray> Shim(SweepRequest request, List<Problem> problems, List<Problem> warnings)
    {
        Dictionary<string, JsonArray> given = new(request.Parameters, StringComparer.Ordinal);
        if (given.Remove("top_pct", out JsonArray? shares))
        {
            if (given.ContainsKey("position_size_pct"))
            {
                problems.Add(SweepRequest.Malformed("parameters.top_pct", "'top_pct' and 'position_size_pct' are both given.", "Keep position_size_pct."));
                return given;
            }

            // The domain of top_pct is 0 to 1, that of the size is percent.
            given["position_size_pct"] = new JsonArray([.. shares.Select(s => s?.GetValueKind() == JsonValueKind.Number
                ? JsonValue.Create((double)((decimal)double.Parse(s.ToJsonString(), CultureInfo.InvariantCulture) * 100m)) : s?.DeepClone())]);
            warnings.Add(new("SWS-1006", "'top_pct' is deprecated here and was read as position_size_pct = 100 · top_pct.", "parameters.top_pct", "Write position_size_pct."));
        }

        return given;
    }

    private static List<GridValue> Values(
        SweepParameter parameter, JsonArray list, Pack pack, ModelConfig model, HourSet session, List<Problem> problems, List<Problem> warnings)
    {
        string where = $"parameters.{parameter.RequestKey}";
        List<GridValue> values = [];
        if (list.Count == 0)
        {
            problems.Add(SweepRequest.Malformed(where, "The list is empty.", "Give at least one value."));
        }

        foreach (JsonNode? item in list)
        {
            GridValue? value = parameter.Key == "allowed_hours" ? HoursOf(item, session, where, problems) : ValueOf(parameter.Key, item, pack, model, where, problems);
            if (value is not null && values.Any(v => v.Number == value.Number && v.Hours == value.Hours && v.IsNone == value.IsNone))
            {
                problems.Add(SweepRequest.Malformed(where, $"The value {item?.ToJsonString()} stands twice.", "Keep one of them."));
            }
            else if (value is not null)
            {
                values.Add(value);
            }
        }

        return values;
    }

    private static GridValue? ValueOf(string key, JsonNode? item, Pack pack, ModelConfig model, string where, List<Problem> problems)
    {
        if (item?.GetValueKind() == JsonValueKind.String && item.GetValue<string>() == "none" && ParameterRegistry.AllowsNone(key))
        {
            return GridValue.None;
        }

        if (item?.GetValueKind() != JsonValueKind.Number)
        {
            problems.Add(SweepRequest.Malformed(where, $"{item?.ToJsonString() ?? "null"} is not a number{(ParameterRegistry.AllowsNone(key) ? " or none" : "")}.", "Write numbers."));
            return null;
        }

        double number = double.Parse(item.ToJsonString(), CultureInfo.InvariantCulture);
        Problem? wrong = key == "threshold"
            ? number is >= 0 and <= 1 ? null : SweepRequest.Malformed(where, $"The threshold {item.ToJsonString()} is not from 0 to 1.", "Use a probability.")
            : IndicatorOverride.Parse(key, model.FullIndicators(pack)) is { } target
                ? Overrides.ParameterProblem(target, key, number)
                : Overrides.PolicyProblem(key, number, pack);
        if (wrong is not null)
        {
            problems.Add(wrong with { Code = "SWS-1001", Where = where });
            return null;
        }

        return GridValue.Of(number);
    }

    private static GridValue? HoursOf(JsonNode? item, HourSet session, string where, List<Problem> problems)
    {
        if (item?.GetValueKind() == JsonValueKind.String)
        {
            string preset = item.GetValue<string>();
            HourSet? hours = preset switch
            {
                "all_day" => session,
                "morning_only" => HourSet.Of([9, 10, 11]),
                "afternoon_only" => HourSet.Of([13, 14, 15]),
                _ => null,
            };
            if (hours is null)
            {
                problems.Add(SweepRequest.Malformed(where, $"There is no preset '{preset}'.", "Use all_day, morning_only, afternoon_only or a list of hours."));
            }

            return hours is { } found ? GridValue.Of(found, preset) : null;
        }

        if (item is JsonArray { Count: > 0 } list && list.All(h => h?.GetValueKind() == JsonValueKind.Number && int.TryParse(h.ToJsonString(), out int hour) && hour is >= 0 and <= 23))
        {
            return GridValue.Of(HourSet.Of(list.Select(h => int.Parse(h!.ToJsonString(), CultureInfo.InvariantCulture))));
        }

        problems.Add(SweepRequest.Malformed(where, $"{item?.ToJsonString() ?? "null"} is not a list of hours.", "Write hours from 0 to 23, e.g. [9, 10, 11]."));
        return null;
    }

    private static void CheckHours(List<GridAxis> axes, EnginePolicy engine, HourSet session, List<Problem> problems, List<Problem> warnings)
    {
        if (axes.FirstOrDefault(a => a.Key == "allowed_hours") is not { } axis)
        {
            return;
        }

        if (engine.Interval == Interval.Day1 && axis.Values.Any(v => v.Hours != session))
        {
            problems.Add(new("SWS-2003", "An hour filter needs intraday bars; this pack trades daily ones.", "parameters.allowed_hours", "Use all_day only.", ExitCode.BadUsage));
        }

        int[] idle = [.. axis.Values.SelectMany(v => v.Hours!.Value.Hours).Distinct().Where(h => !session.Contains(h)).Order()];
        if (idle.Length > 0)
        {
            warnings.Add(new("SWS-1007", $"No bar of a regular session starts in hour {string.Join(", ", idle)}.", "parameters.allowed_hours", "Harmless; leave it out if it was not meant."));
        }
    }

    private static void WarnAboveModelCap(List<GridAxis> axes, ModelConfig model, List<Problem> warnings)
    {
        double? largest = axes.FirstOrDefault(a => a.Key == "position_size_pct")?.Values.Max(v => v.Number);
        if (largest > model.Risk.MaxPositionPct)
        {
            warnings.Add(new(
                "SWS-1005", string.Create(CultureInfo.InvariantCulture, $"Sizes up to {largest}% are above the model's cap of {model.Risk.MaxPositionPct}%."),
                "parameters.position_size_pct", "Such combos are flagged exceeds_model_cap and cannot be published until the model's cap is raised."));
        }
    }

    private static Problem TooLarge(long? size, int? cap) => new(
        "SWS-1003",
        string.Create(CultureInfo.InvariantCulture, $"The grid has {(size is { } n ? n.ToString(CultureInfo.InvariantCulture) : "more than 9e18")} combos; the cap is {cap ?? int.MaxValue}."),
        string.Create(CultureInfo.InvariantCulture, $"grid_size={size}, cap={cap ?? int.MaxValue}"), "Give fewer values, or let a custom sweep draw a sample: on_cap_exceeded: sample (--on-cap-exceeded sample).", ExitCode.BadUsage);
}
