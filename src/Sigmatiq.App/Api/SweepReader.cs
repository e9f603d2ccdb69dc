using System.Text.Json.Nodes;
using Sigmatiq.App.Pages;
using Sigmatiq.Store;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Api;

/// <summary>Reads the leaderboard of a run's sweep as the sweep wrote it (spec 02 §2.12).</summary>
internal static class SweepReader
{
    public static SweepView? Read(DataDirectory data, RunView run)
    {
        string? sweepId = StatusReader.OutputsOf(run, "sweep").Text("sweep");
        if (sweepId is null || JsonReading.File(Path.Combine(data.Sweeps, Path.GetFileName(sweepId), "leaderboard.json")) is not { } board)
        {
            return null;
        }

        HashSet<int> trained = [.. Trained(run)];
        var rows = board.List("leaderboard").Select(r => RowOf(r, trained)).ToList();
        string window = board.Text("selection_window") is { } text ? PageText.Dates(text) : "selection window, hold-out cut off before";
        return new(sweepId, (int)(board.Number("evaluated") ?? rows.Count), (int)(board.Number("passed_gates") ?? 0), (int)(board.Number("marginal_gates") ?? 0),
            (int)(board.Number("failed_gates") ?? 0), window, rows);
    }

    private static IEnumerable<int> Trained(RunView run) =>
        run.State.Steps.Where(s => s.Spec.Name == "train").SelectMany(s => s.Instances)
            .Select(i => JsonReading.Field(i.Input, "combo") switch
            {
                JsonObject combo => combo.Number("combo_id") ?? combo.Number("id"),
                JsonValue => i.Input.Number("combo"),
                _ => i.Input.Number("combo_id"),
            }).Where(c => c is not null).Select(c => (int)c!.Value);

    private static ComboView RowOf(JsonNode? row, HashSet<int> trained)
    {
        JsonNode? config = JsonReading.Field(row, "config");
        int combo = (int)(row.Number("combo_id") ?? 0);
        Mark gate = row.Text("gate") switch { "PASS" or "pass" => Mark.Ok, "MARGINAL" or "marginal" => Mark.Caution, _ => Mark.Bad };
        bool isTrained = trained.Contains(combo);
        return new((int)(row.Number("rank") ?? 0), combo, config.Number("threshold"), Hours(JsonReading.Field(config, "allowed_hours")),
            config.Number("position_size_pct") / 100, row.Number("sharpe"), row.Number("return"), (int)(row.Number("trades") ?? 0), Depth(row.Number("max_drawdown")), gate,
            [.. row.List("gate_reasons").Select(r => r?.ToString() ?? "")], isTrained, isTrained && gate == Mark.Bad, (int?)row.Number("duplicate_of"));
    }

    private static double? Depth(double? drawdown) => drawdown is { } d ? Math.Abs(d) : null;

    private static string Hours(JsonNode? hours) => hours switch
    {
        JsonArray list => list.Select(h => (int)h!.AsValue().GetValue<System.Text.Json.JsonElement>().GetDouble()).ToArray() switch
        {
            [9, 10, 11] => "Morning",
            [13, 14, 15] => "Afternoon",
            [9, 10, 11, 12, 13, 14, 15] => "All day",
            var some => string.Join(" ", some),
        },
        null => "",
        _ => hours.ToString().Replace('_', ' '),
    };
}
