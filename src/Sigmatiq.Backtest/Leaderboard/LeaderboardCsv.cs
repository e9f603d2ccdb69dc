using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>A leaderboard as CSV: one row per combo, best first; its swept parameters, gate and every metric.</summary>
internal static class LeaderboardCsv
{
    public static void Write(StoredSweep stored, Deflation deflation, TextWriter csv)
    {
        IReadOnlyList<LeaderboardRow> board = stored.Leaderboard.Rows;
        string[] swept = board.Count == 0 ? [] : [.. board[0].Config.Select(c => c.Key)];
        string[] metrics = board.Count == 0 ? [] : [.. stored.Combo(board[0].ComboId).Metrics.Select(m => m.Key).Where(k => k != "sharpe_interval")];
        Line(csv, ["rank", "combo_id", .. swept, "gate", "gate_reasons", .. metrics, "sharpe_low", "sharpe_high", "deflated_sharpe", "break_even_bps", "ambiguous_bars", "optimistic_return", "optimistic_sharpe", "duplicate_of", "exceeds_model_cap", "selected", "config_hash"]);
        foreach (LeaderboardRow row in board)
        {
            JsonObject figures = stored.Combo(row.ComboId).Metrics;
            RobustFigures robust = stored.Combo(row.ComboId).Robust;
            Line(csv,
            [
                Text(row.Rank), Text(row.ComboId), .. swept.Select(k => Text(row.Config[k])), row.Gate.ToString().ToUpperInvariant(), string.Join(' ', row.GateReasons),
                .. metrics.Select(k => Text(figures[k])), Text(row.SharpeLow), Text(row.SharpeHigh), Text(deflation.Of(stored.Combo(row.ComboId)).Value),
                Text(robust.BreakEvenBps), Text(robust.AmbiguousBars), Text(robust.OptimisticReturn), Text(robust.OptimisticSharpe), Text(row.DuplicateOf), Text(row.ExceedsModelCap), Text(row.IsSelected),
                row.ConfigHash,
            ]);
        }
    }

    private static void Line(TextWriter csv, IEnumerable<string> cells) => csv.Write(string.Join(',', cells) + "\n");

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join(' ', list.Select(Text)),
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    private static string Text(double? value) => value is { } v ? v.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Text(int? value) => value is { } v ? v.ToString(CultureInfo.InvariantCulture) : "";

    private static string Text(bool value) => value ? "true" : "false";
}
