using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>What the quality gates say of a combo.</summary>
public enum GateStatus
{
    /// <summary>Every check passes.</summary>
    Pass,

    /// <summary>Every failing check misses its limit by a tenth of it at most.</summary>
    Marginal,

    /// <summary>A check fails by more.</summary>
    Fail,
}

/// <summary>One check: a limit and what came out.</summary>
/// <param name="Name"><c>min_trades</c>, <c>min_sharpe</c>, <c>max_drawdown</c> or <c>min_win_rate</c>.</param>
/// <param name="Required">The limit, as a count, ratio or fraction.</param>
/// <param name="Actual">The value in the same unit; null where it is undefined, which fails.</param>
/// <param name="Pass">Whether it keeps the limit.</param>
public sealed record GateCheck(string Name, double Required, double? Actual, bool Pass);

/// <summary>The quality gates of one combo (spec 02 §2.9).</summary>
/// <param name="Status">PASS, MARGINAL or FAIL.</param>
/// <param name="Checks">Every check that has a limit, in order.</param>
/// <param name="Reasons">Why not PASS, one word per failing check.</param>
public sealed record GateResult(GateStatus Status, IReadOnlyList<GateCheck> Checks, IReadOnlyList<string> Reasons)
{
    private const double MarginShare = 0.1;

    /// <summary>PASS, MARGINAL or FAIL, as files and screens write it.</summary>
    public string StatusText => Status.ToString().ToUpperInvariant();

    /// <summary>Holds metrics against the effective gates.</summary>
    /// <param name="gates">Limits; percent becomes a fraction here and nowhere else.</param>
    /// <param name="metrics">The metrics of the combo on the selection window.</param>
    public static GateResult Of(QualityGates gates, MetricSet metrics)
    {
        List<GateCheck> checks = [];
        List<string> reasons = [];
        bool marginal = true;
        void Check(string name, double? required, double? actual, bool atLeast, string reason)
        {
            if (required is not { } limit)
            {
                return;
            }

            bool pass = actual is { } value && (atLeast ? value >= limit : value <= limit);
            checks.Add(new(name, limit, actual, pass));
            if (!pass)
            {
                reasons.Add(reason);
                double missed = actual is { } short_ ? (atLeast ? limit - short_ : short_ - limit) : double.PositiveInfinity;

                // The margin of a tenth is meant in decimal: 0.63 is within a tenth of 0.7, whatever binary makes of it.
                marginal &= missed <= MarginShare * Math.Abs(limit) * (1 + 1e-9);
            }
        }

        Check("min_trades", gates.MinTrades, metrics.TotalTrades, true, "min_trades_not_met");
        Check("min_sharpe", gates.MinSharpe, metrics.SharpeRatio, true, "min_sharpe_not_met");
        Check("max_drawdown", gates.MaxDrawdown, metrics.MaxDrawdown is { } drawdown ? Math.Abs(drawdown) : null, false, "max_dd_exceeded");
        Check("min_win_rate", gates.MinWinRate, metrics.WinRate, true, "min_win_rate_not_met");
        return new(reasons.Count == 0 ? GateStatus.Pass : marginal ? GateStatus.Marginal : GateStatus.Fail, checks, reasons);
    }

    /// <summary>The shape of 02 §2.10.</summary>
    public JsonObject ToJson() => new()
    {
        ["pass"] = Status == GateStatus.Pass,
        ["status"] = StatusText,
        ["checks"] = new JsonObject(Checks.Select(c => KeyValuePair.Create(
            c.Name, (JsonNode?)new JsonObject { ["required"] = c.Required, ["actual"] = c.Actual, ["pass"] = c.Pass }))),
        ["reasons"] = new JsonArray([.. Reasons.Select(r => (JsonNode?)r)]),
    };
}
