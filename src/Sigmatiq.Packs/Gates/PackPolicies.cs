using System.Text.Json.Nodes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Packs.Gates;

/// <summary>How a pack trades (01 §1.7).</summary>
public sealed record PackPolicies(ExecutionPolicy Execution, SizingPolicy Sizing, RiskPolicy Risk, EnginePolicy Engine);

/// <summary>Kind of entry order.</summary>
public enum OrderType { Limit, Market, Stop }

/// <summary>How long an order works.</summary>
public enum TimeInForce { Day, Gtc }

/// <summary>How orders leave.</summary>
/// <param name="OrderType">Kind of entry order.</param>
/// <param name="TimeInForce">How long it works.</param>
/// <param name="WaitForConfirmation">Entry conditions must hold on the close of the bar and again on the next evaluation.</param>
/// <param name="PartialFillsAllowed">False means all or none.</param>
public sealed record ExecutionPolicy(OrderType OrderType, TimeInForce TimeInForce, bool WaitForConfirmation, bool PartialFillsAllowed);

/// <summary>How a position is sized.</summary>
public enum SizingMethod { KellyFraction, FixedPct, VolTarget }

/// <summary>Sizes and their caps.</summary>
/// <param name="Method">How the size is found.</param>
/// <param name="MaxPositionPct">Cap on the share of equity, in percent.</param>
/// <param name="ScaleInAllowed">Whether a winner may grow up to the cap.</param>
/// <param name="MaxPositions">Open positions per model.</param>
/// <param name="VolTargetPct">What a position may swing in a year, in percent of equity; for <see cref="SizingMethod.VolTarget"/> only, else null.</param>
public sealed record SizingPolicy(SizingMethod Method, double MaxPositionPct, bool ScaleInAllowed, int MaxPositions, double? VolTargetPct = null);

/// <summary>Protective exits; null switches one off (written <c>none</c>).</summary>
/// <param name="StopLossPct">Percent below the entry.</param>
/// <param name="TakeProfitPct">Percent above the entry.</param>
/// <param name="TrailingStop">Whether the trail is on.</param>
/// <param name="TrailingStopPct">Percent below the best price since the entry.</param>
/// <param name="TimeStopDays">Trading days, the entry's day being 0.</param>
public sealed record RiskPolicy(double? StopLossPct, double? TakeProfitPct, bool TrailingStop, double? TrailingStopPct, int? TimeStopDays);

/// <summary>Which prices the engine trades on.</summary>
public enum PriceKind { Adjusted, Raw }

/// <summary>Whether a quantity may have a fraction.</summary>
public enum QuantityKind { Whole, Fractional }

/// <summary>What the size is a share of.</summary>
public enum SizeBase { Equity, Cash }

/// <summary>At which price the size is worked out.</summary>
public enum SizePrice { DecisionClose, Fill }

/// <summary>How a commission is charged: 05 §5.11's per-share model, a rate on the notional, or none.</summary>
public enum CommissionKind { IbkrFixed, Bps, Zero }

/// <summary>When a target or an entry limit fills: at the first touch, or once a bar trades through it.</summary>
public enum LimitFill { Through, Touch }

/// <summary>What happens to a position that is open after the last bar.</summary>
public enum OpenAtEnd { Close, List }

/// <summary>Whose clock the hours of a filter are.</summary>
public enum HoursClock { Exchange, Utc }

/// <summary>Marks from which the returns are taken.</summary>
public enum ReturnSeries { Day, Bar }

/// <summary>Whether an entry needs a confidence at or above the threshold, or the rules alone.</summary>
public enum ConfidenceUse { Required, None }

/// <summary>The engine's terms for a pack: block <c>policies.engine</c>, every key optional; the defaults are those of 01 and 02.</summary>
public sealed record EnginePolicy
{
    /// <summary>Bars the engine walks (<c>interval</c>).</summary>
    public required Interval Interval { get; init; }

    /// <summary>Bars the rules see (<c>rule_frame</c>).</summary>
    public required RuleFrameKind RuleFrame { get; init; }

    /// <summary>Bars on which entry conditions must hold again after the first (<c>confirmation_bars</c>).</summary>
    public required int ConfirmationBars { get; init; }

    /// <summary>Prices (<c>prices</c>).</summary>
    public PriceKind Prices { get; init; } = PriceKind.Adjusted;

    /// <summary>Equity at the start (<c>starting_cash</c>).</summary>
    public double StartingCash { get; init; } = 100_000;

    /// <summary>Whole or fractional shares (<c>quantity</c>).</summary>
    public QuantityKind Quantity { get; init; } = QuantityKind.Whole;

    /// <summary>Share of equity or of cash (<c>size_of</c>).</summary>
    public SizeBase SizeOf { get; init; } = SizeBase.Equity;

    /// <summary>Price of the decision or of the fill (<c>size_price</c>).</summary>
    public SizePrice SizePrice { get; init; } = SizePrice.DecisionClose;

    /// <summary>Commission model (<c>commission</c>).</summary>
    public CommissionKind Commission { get; init; } = CommissionKind.IbkrFixed;

    /// <summary>Rate of the <see cref="CommissionKind.Bps"/> model, in basis points of the notional of each fill (<c>commission_bps</c>).</summary>
    public double CommissionBps { get; init; }

    /// <summary>Slippage on market, stop, trail and time-stop fills, in basis points (<c>slippage_bps</c>).</summary>
    public double SlippageBps { get; init; } = 5;

    /// <summary>Touch or through (<c>limit_fill</c>).</summary>
    public LimitFill LimitFill { get; init; } = LimitFill.Through;

    /// <summary>Close or list (<c>open_at_end</c>).</summary>
    public OpenAtEnd OpenAtEnd { get; init; } = OpenAtEnd.Close;

    /// <summary>Clock of the hour filter (<c>hours</c>).</summary>
    public HoursClock Hours { get; init; } = HoursClock.Exchange;

    /// <summary>Day or bar marks (<c>returns</c>).</summary>
    public ReturnSeries Returns { get; init; } = ReturnSeries.Day;

    /// <summary>Periods a year of the return series (<c>periods_per_year</c>).</summary>
    public double PeriodsPerYear { get; init; } = 252;

    /// <summary>Rules alone, or with confidence (<c>confidence</c>).</summary>
    public ConfidenceUse Confidence { get; init; } = ConfidenceUse.Required;

    /// <summary>Every term as JSON, for the config hash.</summary>
    public JsonObject ToJson() => new()
    {
        ["interval"] = Interval.Text(),
        ["rule_frame"] = EnumWords<RuleFrameKind>.Text(RuleFrame),
        ["confirmation_bars"] = ConfirmationBars,
        ["prices"] = EnumWords<PriceKind>.Text(Prices),
        ["starting_cash"] = StartingCash,
        ["quantity"] = EnumWords<QuantityKind>.Text(Quantity),
        ["size_of"] = EnumWords<SizeBase>.Text(SizeOf),
        ["size_price"] = EnumWords<SizePrice>.Text(SizePrice),
        ["commission"] = EnumWords<CommissionKind>.Text(Commission),
        ["commission_bps"] = CommissionBps,
        ["slippage_bps"] = SlippageBps,
        ["limit_fill"] = EnumWords<LimitFill>.Text(LimitFill),
        ["open_at_end"] = EnumWords<OpenAtEnd>.Text(OpenAtEnd),
        ["hours"] = EnumWords<HoursClock>.Text(Hours),
        ["returns"] = EnumWords<ReturnSeries>.Text(Returns),
        ["periods_per_year"] = PeriodsPerYear,
        ["confidence"] = EnumWords<ConfidenceUse>.Text(Confidence),
    };
}
