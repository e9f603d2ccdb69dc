using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Costs;

/// <summary>How commission is charged.</summary>
public enum FeeKind
{
    /// <summary>None; for tests only.</summary>
    Zero,

    /// <summary>Basis points of the traded value.</summary>
    Bps,

    /// <summary>Per share with a minimum per order and a cap in percent of the value.</summary>
    PerShare,
}

/// <summary>Commission per fill.</summary>
/// <param name="Kind">How it is charged.</param>
/// <param name="Bps">Basis points of the traded value, for <see cref="FeeKind.Bps"/>.</param>
/// <param name="PerShare">Money per share, for <see cref="FeeKind.PerShare"/>.</param>
/// <param name="Min">Least money per order.</param>
/// <param name="MaxPct">Most, in percent of the traded value; it wins over <paramref name="Min"/>.</param>
public sealed record FeeModel(FeeKind Kind, double Bps = 0, double PerShare = 0, double Min = 0, double MaxPct = 0)
{
    /// <summary><c>ibkr_fixed</c> (spec 05 §5.11): 0.005 per share, at least 1.00, at most 1 % of the value.</summary>
    public static FeeModel IbkrFixed { get; } = new(FeeKind.PerShare, PerShare: 0.005, Min: 1.00, MaxPct: 1);

    /// <summary>No commission.</summary>
    public static FeeModel Zero { get; } = new(FeeKind.Zero);

    /// <summary>So many basis points of the value of each fill.</summary>
    public static FeeModel OfBps(double bps) => new(FeeKind.Bps, Bps: bps);

    /// <summary>The share of the traded value, 0 for a model that is not proportional.</summary>
    public double Rate => Kind == FeeKind.Bps ? Bps / 10_000 : 0;

    /// <summary>Commission in money of one fill.</summary>
    /// <param name="quantity">Shares, not negative.</param>
    /// <param name="price">Fill price.</param>
    public double Of(double quantity, double price) => Kind switch
    {
        FeeKind.Bps => quantity * price * Rate,
        FeeKind.PerShare => Math.Min(Math.Max(quantity * PerShare, Min), quantity * price * (MaxPct / 100)),
        _ => 0,
    };

    /// <summary>The model as JSON, for hashes and files.</summary>
    public JsonObject ToJson() => Kind switch
    {
        FeeKind.Bps => new() { ["kind"] = "bps", ["bps"] = Bps },
        FeeKind.PerShare => new() { ["kind"] = "per_share", ["per_share"] = PerShare, ["min"] = Min, ["max_pct"] = MaxPct },
        _ => new() { ["kind"] = "zero" },
    };
}
