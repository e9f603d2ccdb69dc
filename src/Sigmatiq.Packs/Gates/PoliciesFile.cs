using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Packs.Gates;

/// <summary><c>policies.yaml</c> (01 §1.7), and the engine's terms that its other words leave out.</summary>
internal static class PoliciesFile
{
    private const double CashMax = 1e12, BpsMax = 10_000;

    private static readonly Dictionary<string, Interval> IntervalWords =
        Enum.GetValues<Interval>().ToDictionary(i => i.Text(), StringComparer.Ordinal);

    public static PackPolicies Read(YamlMapReader file, TimeHorizon horizon)
    {
        YamlMapReader policies = file.Map("policies");
        YamlMapReader execution = policies.Map("execution"), sizing = policies.Map("position_sizing"), risk = policies.Map("risk_management");
        ExecutionPolicy executionPolicy = new(
            execution.OneOf("order_type", EnumWords<OrderType>.Words), execution.OneOf("time_in_force", EnumWords<TimeInForce>.Words),
            execution.Flag("wait_for_confirmation"), execution.Flag("partial_fills_allowed"));
        SizingPolicy sizingPolicy = new(
            sizing.OneOf("method", EnumWords<SizingMethod>.Words), Required(sizing, "max_position_pct", sizing.OptionalNumber, 100),
            sizing.Flag("scale_in_allowed"), (int)Required(sizing, "max_positions", key => sizing.OptionalWhole(key), 10_000), VolTarget(sizing));
        RiskPolicy riskPolicy = new(
            Exit(risk, "stop_loss_pct"), Exit(risk, "take_profit_pct"), risk.Flag("trailing_stop"), Exit(risk, "trailing_stop_pct"),
            Days(risk, "time_stop_days"));
        EnginePolicy engine = ReadEngine(policies.OptionalMap("engine"), horizon, executionPolicy);
        execution.Close();
        sizing.Close();
        risk.Close();
        policies.Close();
        file.Close();
        return new(executionPolicy, sizingPolicy, riskPolicy, engine);
    }

    private static EnginePolicy ReadEngine(YamlMapReader? map, TimeHorizon horizon, ExecutionPolicy execution)
    {
        EnginePolicy defaults = new()
        {
            // 02 §2.7: hourly bars for "days"; 01 §1.3: the rules of days and longer live on daily bars.
            Interval = horizon switch
            {
                TimeHorizon.Seconds or TimeHorizon.Minutes => Interval.Minute1,
                TimeHorizon.Hours => Interval.Minute5,
                _ => Interval.Hour1,
            },
            RuleFrame = horizon >= TimeHorizon.Days ? RuleFrameKind.Day : RuleFrameKind.Bar,
            ConfirmationBars = execution.WaitForConfirmation ? 1 : 0,
        };
        if (map is null)
        {
            return defaults;
        }

        EnginePolicy engine = new()
        {
            Interval = map.OneOf("interval", IntervalWords, defaults.Interval),
            RuleFrame = map.OneOf("rule_frame", EnumWords<RuleFrameKind>.Words, defaults.RuleFrame),
            ConfirmationBars = map.OptionalWhole("confirmation_bars") ?? defaults.ConfirmationBars,
            Prices = map.OneOf("prices", EnumWords<PriceKind>.Words, defaults.Prices),
            StartingCash = NumberRange.Positive(map, "starting_cash", map.OptionalNumber("starting_cash") ?? defaults.StartingCash, CashMax),
            Quantity = map.OneOf("quantity", EnumWords<QuantityKind>.Words, defaults.Quantity),
            SizeOf = map.OneOf("size_of", EnumWords<SizeBase>.Words, defaults.SizeOf),
            SizePrice = map.OneOf("size_price", EnumWords<SizePrice>.Words, defaults.SizePrice),
            Commission = map.OneOf("commission", EnumWords<CommissionKind>.Words, defaults.Commission),
            CommissionBps = NumberRange.InRange(map, "commission_bps", map.OptionalNumber("commission_bps") ?? defaults.CommissionBps, 0, BpsMax),
            SlippageBps = NumberRange.InRange(map, "slippage_bps", map.OptionalNumber("slippage_bps") ?? defaults.SlippageBps, 0, BpsMax),
            LimitFill = map.OneOf("limit_fill", EnumWords<LimitFill>.Words, defaults.LimitFill),
            OpenAtEnd = map.OneOf("open_at_end", EnumWords<OpenAtEnd>.Words, defaults.OpenAtEnd),
            Hours = map.OneOf("hours", EnumWords<HoursClock>.Words, defaults.Hours),
            Returns = map.OneOf("returns", EnumWords<ReturnSeries>.Words, defaults.Returns),
            PeriodsPerYear = NumberRange.Positive(map, "periods_per_year", map.OptionalNumber("periods_per_year") ?? defaults.PeriodsPerYear, 1e7),
            Confidence = map.OneOf("confidence", EnumWords<ConfidenceUse>.Words, defaults.Confidence),
        };
        NumberRange.InRange(map, "confirmation_bars", engine.ConfirmationBars, 0, 1_000);
        map.Close();
        return engine;
    }

    // One word for one slip: what is missing or no number is not out of range too.
    private static double Required(YamlMapReader map, string key, Func<string, double?> number, double max) =>
        map.Required(key) is not null && number(key) is { } value ? NumberRange.Positive(map, key, value, max) : 0;

    // The target and the method that needs it come together: a target that nothing reads would be believed.
    private static double? VolTarget(YamlMapReader map)
    {
        double? target = map.OptionalNumber("vol_target_pct");
        bool isMethod = map.Optional("method") is YamlScalar { Text: var method } && method == EnumWords<SizingMethod>.Text(SizingMethod.VolTarget);
        if (isMethod && !map.Has("vol_target_pct"))
        {
            map.Problems.Add(map.Place, $"{map.What} lacks the key 'vol_target_pct', which the method vol_target needs.", "Add 'vol_target_pct:', e.g. 2: a position may swing 2 % of equity a year.");
        }
        else if (!isMethod && map.Has("vol_target_pct"))
        {
            map.Problems.Add(map.PlaceOf("vol_target_pct"), $"{map.What}.vol_target_pct belongs to the method vol_target.", "Remove it, or use that method.");
        }

        return target is null ? null : NumberRange.Positive(map, "vol_target_pct", target.Value, 100);
    }

    // A protective exit: a positive number, or the word none.
    private static double? Exit(YamlMapReader map, string key)
    {
        if (map.Required(key) is YamlScalar { Text: "none" })
        {
            return null;
        }

        double? value = map.OptionalNumber(key);
        return value is null ? null : NumberRange.Positive(map, key, value.Value, 100);
    }

    private static int? Days(YamlMapReader map, string key)
    {
        if (map.Required(key) is YamlScalar { Text: "none" })
        {
            return null;
        }

        int? value = map.OptionalWhole(key);
        return value is null ? null : (int)NumberRange.Positive(map, key, value.Value, 10_000);
    }
}
