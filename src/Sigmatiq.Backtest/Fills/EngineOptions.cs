using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Fills;

/// <summary>Every choice of the one backtest engine (spec 08 §8.9); all of them are part of a config's hash.</summary>
/// <remarks>The defaults are those of packs (specs 01 and 02); <see cref="Bench"/> are those of the published benchmark.</remarks>
public sealed record EngineOptions
{
    /// <summary>Changes whenever the same inputs could give another trade list or another metric.</summary>
    public const string EngineVersion = "1.5.0";

    /// <summary>Whole or fractional shares.</summary>
    public QuantityKind Quantity { get; init; } = QuantityKind.Whole;

    /// <summary>Commission.</summary>
    public FeeModel Fee { get; init; } = FeeModel.IbkrFixed;

    /// <summary>Slippage in basis points on market, stop, trail, time-stop and end-of-data fills; limits and targets have none.</summary>
    public double SlippageBps { get; init; } = 5;

    /// <summary>Of what the size is a share.</summary>
    public SizeBase SizeBase { get; init; } = SizeBase.Equity;

    /// <summary>At which price the quantity is worked out.</summary>
    public SizePrice SizePrice { get; init; } = SizePrice.DecisionClose;

    /// <summary>How the size is found.</summary>
    public SizingMethod Sizing { get; init; } = SizingMethod.FixedPct;

    /// <summary>Whether a position open at the end is closed at the last close, as by a market order (reason <c>end_of_data</c>), or listed as
    /// <c>open</c>, marked at the last close, without an exit fee.</summary>
    public OpenAtEnd OpenAtEnd { get; init; } = OpenAtEnd.Close;

    /// <summary>On whose clock hour filters are read.</summary>
    public HoursClock Hours { get; init; } = HoursClock.Exchange;

    /// <summary>How often equity is marked.</summary>
    public ReturnSeries Returns { get; init; } = ReturnSeries.Day;

    /// <summary>Returns a year, for annual figures.</summary>
    public double PeriodsPerYear { get; init; } = 252;

    /// <summary>How an entry is ordered.</summary>
    public OrderType Order { get; init; } = OrderType.Market;

    /// <summary>Distance of the entry limit below (of the entry stop above) the decision close, in basis points.</summary>
    public double OrderOffsetBps { get; init; }

    /// <summary>How long a working entry order lives.</summary>
    public TimeInForce TimeInForce { get; init; } = TimeInForce.Day;

    /// <summary>Whether an entry limit may fill in part; if not, a bar that cannot fill it whole refuses it.</summary>
    public bool PartialFills { get; init; } = true;

    /// <summary>The share of a bar's volume that an entry limit can take (spec 05 §5.11); what is left of the order is cancelled. A bar of
    /// unknown volume fills whole.</summary>
    public double VolumeShareMax { get; init; } = 0.1;

    /// <summary>When a reached limit fills.</summary>
    public LimitFill LimitFill { get; init; } = LimitFill.Through;

    /// <summary>Smallest price step.</summary>
    public double Tick { get; init; } = 0.01;

    /// <summary>On which bars rules live.</summary>
    public RuleFrameKind RuleFrame { get; init; } = RuleFrameKind.Day;

    /// <summary>Raw or adjusted prices.</summary>
    public PriceKind Prices { get; init; } = PriceKind.Adjusted;

    /// <summary>Money at the start.</summary>
    public double StartingCash { get; init; } = 100_000;

    /// <summary>How many closes in a row after the first must repeat the entry rules (spec 01 §1.7: 1 with confirmation).</summary>
    public int ConfirmationBars { get; init; }

    /// <summary>Whether a confidence column takes part in the entry.</summary>
    public bool UsesConfidence { get; init; } = true;

    /// <summary>Stop or target where a bar holds both.</summary>
    public BothTouched BothTouched { get; init; } = BothTouched.StopFirst;

    /// <summary>The options of the published benchmark (bench SPEC.md): market orders, 1 bp fee, fractional, marked by bar.</summary>
    public static EngineOptions Bench { get; } = new()
    {
        Quantity = QuantityKind.Fractional, Fee = FeeModel.OfBps(1), SlippageBps = 0, SizeBase = SizeBase.Cash, SizePrice = SizePrice.Fill,
        OpenAtEnd = OpenAtEnd.List, Hours = HoursClock.Utc, Returns = ReturnSeries.Bar, PeriodsPerYear = 1764, Order = OrderType.Market,
        LimitFill = LimitFill.Touch, RuleFrame = RuleFrameKind.Bar, Prices = PriceKind.Raw, StartingCash = 10_000, ConfirmationBars = 0, UsesConfidence = false,
    };

    /// <summary>The options of a model: the terms of its pack and its own order policy.</summary>
    /// <param name="terms">Block <c>policies.engine</c>.</param>
    /// <param name="execution">How orders leave.</param>
    /// <param name="sizing">How sizes are found where a combo has none.</param>
    public static EngineOptions Of(EnginePolicy terms, ExecutionPolicy execution, SizingMethod sizing) => new()
    {
        Quantity = terms.Quantity,
        Fee = terms.Commission switch
        {
            CommissionKind.IbkrFixed => FeeModel.IbkrFixed,
            CommissionKind.Bps => FeeModel.OfBps(terms.CommissionBps),
            _ => FeeModel.Zero,
        },
        SlippageBps = terms.SlippageBps, SizeBase = terms.SizeOf, SizePrice = terms.SizePrice, Sizing = sizing, OpenAtEnd = terms.OpenAtEnd,
        Hours = terms.Hours, Returns = terms.Returns, PeriodsPerYear = terms.PeriodsPerYear, Order = execution.OrderType,
        TimeInForce = execution.TimeInForce, PartialFills = execution.PartialFillsAllowed, LimitFill = terms.LimitFill, RuleFrame = terms.RuleFrame, Prices = terms.Prices,
        StartingCash = terms.StartingCash, ConfirmationBars = terms.ConfirmationBars, UsesConfidence = terms.Confidence == ConfidenceUse.Required,
    };

    /// <summary>The options as JSON: what a config's hash covers.</summary>
    public JsonObject ToJson() => new()
    {
        ["quantity"] = Lower(Quantity), ["fee"] = Fee.ToJson(), ["slippage_bps"] = SlippageBps, ["size_base"] = Lower(SizeBase),
        ["size_price"] = SizePrice == SizePrice.DecisionClose ? "decision_close" : "fill",
        ["sizing"] = Sizing switch { SizingMethod.FixedPct => "fixed_pct", SizingMethod.KellyFraction => "kelly_fraction", _ => "vol_target" }, ["open_at_end"] = Lower(OpenAtEnd), ["hours"] = Lower(Hours),
        ["returns"] = Lower(Returns), ["periods_per_year"] = PeriodsPerYear, ["order_type"] = Lower(Order), ["order_offset_bps"] = OrderOffsetBps,
        ["time_in_force"] = Lower(TimeInForce), ["partial_fills"] = PartialFills, ["volume_share_max"] = VolumeShareMax, ["limit_fill"] = Lower(LimitFill), ["tick"] = Tick, ["rule_frame"] = Lower(RuleFrame),
        ["prices"] = Lower(Prices), ["starting_cash"] = StartingCash, ["confirmation_bars"] = ConfirmationBars, ["uses_confidence"] = UsesConfidence,
        ["both_touched"] = BothTouched == BothTouched.StopFirst ? "stop_first" : "target_first",
    };

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
