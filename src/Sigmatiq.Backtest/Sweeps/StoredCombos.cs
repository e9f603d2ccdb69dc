using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>A combo's result in the shapes of spec 02 §2.9 and §2.10.</summary>
public static class StoredCombos
{
    private const int SampleTrades = 5;

    internal static StoredCombo Of(ComboResult combo, LeaderboardRow row, SweepResult result) =>
        new(row, Exits(combo.Config), combo.Metrics.ToJson(), combo.Gate.ToJson(), result.IsDetailed(combo.ComboId) ? Sample(result.Fills, combo.Account.Path) : null) { Robust = combo.Robust };

    /// <summary>Limits of gates as a leaderboard names them; fractions, null without.</summary>
    public static JsonObject GatesJson(QualityGates gates) => new()
    {
        ["min_trades"] = gates.MinTrades, ["min_sharpe"] = gates.MinSharpe, ["max_drawdown"] = gates.MaxDrawdown, ["min_win_rate"] = gates.MinWinRate,
    };

    private static JsonObject Exits(EffectiveConfig config) => new()
    {
        ["threshold"] = config.Threshold, ["allowed_hours"] = config.AllowedHours.ToJson(), ["position_size_pct"] = config.PositionSizePct,
        ["stop_loss_pct"] = config.StopLossPct, ["take_profit_pct"] = config.TakeProfitPct, ["trailing_stop_pct"] = config.TrailingStopPct,
        ["time_stop_days"] = config.TimeStopDays, ["max_positions"] = config.MaxPositions,
    };

    private static JsonArray Sample(FillBars bars, TradePath path)
    {
        JsonArray sample = [];
        for (int i = 0; i < Math.Min(path.Closed, SampleTrades); i++)
        {
            DateOnly entry = bars.DateOfDay(bars.DayOf[path.EntryBar[i]]), exit = bars.DateOfDay(bars.DayOf[path.ExitBar[i]]);
            sample.Add(new JsonObject
            {
                ["entry_date"] = Text(entry), ["exit_date"] = Text(exit), ["entry_price"] = path.EntryPrice[i], ["exit_price"] = path.ExitPrice[i],
                ["return"] = Math.Round((path.ExitPrice[i] / path.EntryPrice[i]) - 1, 4), ["duration_days"] = exit.DayNumber - entry.DayNumber,
            });
        }

        return sample;
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
