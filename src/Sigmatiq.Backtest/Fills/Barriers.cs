using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Fills;

/// <summary>The protective exits of one combo; null switches one off.</summary>
/// <param name="StopLossPct">Fixed stop, percent below the entry price.</param>
/// <param name="TakeProfitPct">Target, percent above the entry price.</param>
/// <param name="TrailingStopPct">Trailing stop, percent below the best price since entry.</param>
/// <param name="TimeStopDays">Trading days a position may live, the entry's day being 0; filled at that day's last close.</param>
public sealed record Barriers(double? StopLossPct = null, double? TakeProfitPct = null, double? TrailingStopPct = null, int? TimeStopDays = null)
{
    /// <summary>No protective exit at all.</summary>
    public static Barriers None { get; } = new();

    /// <summary>The barriers that can act: a fixed stop wider than the trail never fires, because the trail starts at the entry
    /// (spec 01 PCK-2006), so it is left out. Two sets with the same effective barriers give the same paths.</summary>
    public Barriers Effective() =>
        StopLossPct is { } stop && TrailingStopPct is { } trail && stop > trail + 1e-9 ? this with { StopLossPct = null } : this;

    /// <inheritdoc/>
    public bool Equals(Barriers? other) =>
        other is not null && StopLossPct == other.StopLossPct && TakeProfitPct == other.TakeProfitPct && TrailingStopPct == other.TrailingStopPct
        && TimeStopDays == other.TimeStopDays;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StopLossPct ?? -1, TakeProfitPct ?? -1, TrailingStopPct ?? -1, TimeStopDays ?? -1);

    /// <summary>The barriers as JSON, for hashes and files; <c>null</c> where one is off.</summary>
    public JsonObject ToJson() => new()
    {
        ["stop_loss_pct"] = StopLossPct, ["take_profit_pct"] = TakeProfitPct, ["trailing_stop_pct"] = TrailingStopPct, ["time_stop_days"] = TimeStopDays,
    };
}
