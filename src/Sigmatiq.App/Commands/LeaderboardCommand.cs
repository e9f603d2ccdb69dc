using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq sweeps leaderboard</c>: combos by rank with what stands beside them, filtered, sorted, or two to four side by side
/// (spec 02 §2.12).</summary>
internal static class LeaderboardCommand
{
    private const int ShownRows = 20;

    public static Command Create(CommandHost host)
    {
        var id = new Argument<string?>("sweep") { Description = "Id of the sweep (default: the latest)", Arity = ArgumentArity.ZeroOrOne };
        var tag = new Option<string?>("--tag") { Description = "The latest sweep with this tag" };
        var gate = new Option<string?>("--gate") { Description = "Only PASS, MARGINAL or FAIL" };
        var minTrades = new Option<int>("--min-trades") { Description = "Only combos with at least so many trades" };
        var limit = new LimitOption("Rows of the table", ShownRows);
        var sort = new Option<string?>("--sort") { Description = "Order by a figure, highest first, e.g. return, trades, break_even_bps, sortino_ratio (default: rank)" };
        var ascending = new Option<bool>("--ascending") { Description = "Lowest first" };
        var compare = new Option<string?>("--compare") { Description = "Two to four combo ids side by side, e.g. 1,5,9" };
        Command board = new("leaderboard", "Show a sweep's combos by rank") { id, tag, gate, minTrades, sort, ascending, compare };
        limit.AddTo(board);
        host.RunOnStore(board, async (parse, context, ct) =>
        {
            int shown = limit.Read(parse);
            if (parse.GetValue(minTrades) is < 0 and var few)
            {
                throw new ProblemException("APP-1007", FormattableString.Invariant($"{few} is no number of trades."), "--min-trades", "Write a whole number from 0.", ExitCode.BadUsage);
            }

            Platform platform = await context.PlatformAsync(ct);
            SweepRecord record = await SweepsCommands.FindAsync(platform, parse.GetValue(id), ct, parse.GetValue(tag));
            StoredSweep stored = await platform.Sweeps.Store.LoadAsync(record.SweepId, ct);
            JudgedLeaderboard judged = await JudgeAsync(platform, stored, ct);
            if (parse.GetValue(compare) is { } ids)
            {
                Compare(context, platform, judged, ids, ct);
                return ExitCode.Ok;
            }

            string? wanted = parse.GetValue(gate)?.ToUpperInvariant();
            if (wanted is not (null or "PASS" or "MARGINAL" or "FAIL"))
            {
                throw new ProblemException("SWS-1001", $"There is no gate status '{wanted}'.", "--gate", "Use PASS, MARGINAL or FAIL.", ExitCode.BadUsage);
            }

            IEnumerable<JudgedRow> rows = judged.Rows.Where(r => r.Row.Trades >= parse.GetValue(minTrades) && (wanted is null || GateOf(r.Row) == wanted));
            Print(context, judged, [.. parse.GetValue(sort) is { } key ? Sorted(judged, rows, key, parse.GetValue(ascending)) : rows], shown);
            return ExitCode.Ok;
        });
        return board;
    }

    /// <summary>The leaderboard with what the store knows now.</summary>
    public static async Task<JudgedLeaderboard> JudgeAsync(Platform platform, StoredSweep stored, CancellationToken ct) =>
        JudgedLeaderboard.Of(stored, await platform.Trials.DeflationAsync(stored, ct), SweepTrades.Read(platform.Data, stored.SweepId, ct));

    /// <summary>Prints rows of a leaderboard.</summary>
    public static void Print(CommandContext context, JudgedLeaderboard judged, JudgedRow[] rows, int limit)
    {
        StoredSweep stored = judged.Sweep;
        JsonObject json = judged.ToJson(rows);
        context.Output.List(
            rows.Take(limit).ToArray(), json, new("rank", r => Text(r.Row.Rank), Right: true, Weight: Weight.Key), new("combo", r => Text(r.Row.ComboId), Right: true, Weight: Weight.Key),
            new("config", r => string.Join(" ", r.Row.Config.Select(c => $"{c.Key}={c.Value!.ToJsonString()}")), Weight: Weight.Key), new("sharpe", r => Number(r.Row.Sharpe, "0.00"), Right: true, Weight: Weight.Key),
            new("95% interval", r => r.Row.SharpeLow is null ? "–" : $"{Number(r.Row.SharpeLow, "0.0")} to {Number(r.Row.SharpeHigh, "0.0")}", Right: true, Weight: Weight.Detail),
            new("deflated", r => Number(r.Deflated.Value, "0.00"), Right: true),
            new("return %", r => Number(r.Row.Return * 100, "0.00"), Right: true, Weight: Weight.Key), new("break-even bps", r => Number(r.Robust.BreakEvenBps, "0.0"), Right: true),
            new("trades", r => Text(r.Row.Trades), Right: true), new("drawdown %", r => Number(r.Row.MaxDrawdown * 100, "0.00"), Right: true),
            new("optimistic %", r => r.Robust.AmbiguousBars == 0 ? null : $"{Number(r.Robust.OptimisticReturn * 100, "0.00")} ({r.Robust.AmbiguousBars} bars)", Right: true, Weight: Weight.Detail),
            new("gate", r => GateOf(r.Row), Tone: r => ToneOf(r.Row.Gate), Weight: Weight.Key),
            new("reasons", r => string.Join(" ", r.Row.GateReasons), Tone: r => ToneOf(r.Row.Gate)),
            new("same as", r => r.Row.DuplicateOf is { } other ? Text(other) : r.NearDuplicateOf is { } near ? $"~{Text(near)}" : null, Right: true, Weight: Weight.Detail),
            new("ticked", r => r.Row.IsSelected ? "yes" : null, Weight: Weight.Detail));
        context.Output.Line();
        context.Output.Line($"{stored.SweepId}: {EvaluatedText(stored)}, {Text(stored.Leaderboard.Passed)} pass, {Text(stored.Leaderboard.Marginal)} "
            + $"marginal, {Text(stored.Leaderboard.Failed)} fail; {json["selection_window"]!.GetValue<string>()}{FiguresFrom(stored)}.");
        context.Output.Line(judged.Words());
        context.Output.Line($"Bars {stored.DataSnapshotId[..12]}{(stored.IsSynthetic ? " (synthetic)" : "")}.");
        context.Output.Line(ConfidenceSkills.Sentence(stored));
        if (stored.Leaderboard.Passed + stored.Leaderboard.Marginal == 0)
        {
            context.Output.Line("No combo passes its gates. That is a result.");
        }

        context.Output.Line("The top Sharpe is the best of many, and rows that differ only in size trade alike: size is a choice of risk.");
        context.Output.Line(OverfittingWords.Legend);
        if (rows.Any(r => stored.Combo(r.Row.ComboId).TradesSample is null))
        {
            context.Output.Line("Trades are stored of combos that no other beats in Sharpe ratio, drawdown and number of trades; near duplicates are looked for among these.");
        }

        if (rows.Any(r => r.NearDuplicateOf is not null))
        {
            context.Output.Line("~ is nearly the same as a better-ranked combo: one parameter differs, and more than 90% of the trades are shared.");
        }
    }

    // Indicators need the first bars of the window, a classifier learns on them; nothing is traded there.
    private static string FiguresFrom(StoredSweep stored)
    {
        string from = stored.FiguresFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return string.CompareOrdinal(from, stored.Window["selection"]!["start"]!.GetValue<string>()) > 0 ? $"; figures from {from}" : "";
    }

    private static IEnumerable<JudgedRow> Sorted(JudgedLeaderboard judged, IEnumerable<JudgedRow> rows, string key, bool ascending)
    {
        double? Value(JudgedRow row)
        {
            JsonNode? value = row.ToJson("")[key] ?? judged.Sweep.Combo(row.Row.ComboId).Metrics[key] ?? row.Row.Config[key];
            return value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;
        }

        JudgedRow[] all = [.. rows];
        if (judged.Rows.Count > 0 && judged.Rows.All(r => Value(r) is null))
        {
            string known = string.Join(", ", judged.Sweep.Combo(judged.Rows[0].Row.ComboId).Metrics.Select(m => m.Key).Order(StringComparer.Ordinal));
            throw new ProblemException("SWS-1001", $"No combo has a figure '{key}'.", "--sort", $"Use one of return, trades, deflated_sharpe, break_even_bps, {known}.", ExitCode.BadUsage);
        }

        // What is undefined comes last either way.
        return all.OrderBy(r => Value(r) is null).ThenBy(r => ascending ? Value(r) : -Value(r)).ThenBy(r => r.Row.Rank);
    }

    private static void Compare(CommandContext context, Platform platform, JudgedLeaderboard judged, string text, CancellationToken ct)
    {
        int[] ids = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)];
        if (ids.Length is < 2 or > 4 || ids.Contains(0) || ids.Distinct().Count() < ids.Length)
        {
            throw new ProblemException("SWS-1001", $"'{text}' does not name two to four combos.", "--compare", "Write their ids with commas, e.g. 1,5,9.", ExitCode.BadUsage);
        }

        StoredSweep stored = judged.Sweep;
        StoredCombo[] combos = [.. ids.Select(stored.Combo)];
        var trades = SweepTrades.Read(platform.Data, stored.SweepId, ct);
        IReadOnlySet<(int, int)> TradesOf(int id) => trades.GetValueOrDefault(id) ?? new HashSet<(int, int)>();
        List<(string Figure, JsonNode?[] Values)> lines = [("rank", [.. combos.Select(c => (JsonNode?)c.Row.Rank)])];
        lines.AddRange(combos[0].Row.Config.Select(p => (p.Key, combos.Select(c => c.Row.Config[p.Key]?.DeepClone()).ToArray())));
        lines.Add(("deflated_sharpe", [.. combos.Select(c => (JsonNode?)judged.Deflation.Of(c).Value)]));
        lines.AddRange(combos[0].Metrics.Select(m => (m.Key, combos.Select(c => c.Metrics[m.Key]?.DeepClone()).ToArray())));
        foreach (string key in combos[0].Robust.ToJson().Select(r => r.Key).Where(k => k != "trial"))
        {
            lines.Add((key, [.. combos.Select(c => c.Robust.ToJson()[key]?.DeepClone())]));
        }

        lines.Add(("gate", [.. combos.Select(c => (JsonNode?)GateText(c.Row))]));
        lines.Add(($"trades shared with {Text(ids[0])}", [.. combos.Select((c, i) => combos[0].TradesSample is null || c.TradesSample is null
            ? null : (JsonNode?)NearDuplicates.Overlap(TradesOf(ids[0]), TradesOf(ids[i])))]));
        JsonObject json = new()
        {
            ["sweep_id"] = stored.SweepId, ["combos"] = new JsonArray([.. ids.Select(i => (JsonNode?)i)]), ["trials"] = judged.Deflation.ToJson(),
            ["compare"] = new JsonObject(lines.Select(l => KeyValuePair.Create(l.Figure.Replace(' ', '_'), (JsonNode?)new JsonArray([.. l.Values.Select(v => v?.DeepClone())])))),
        };
        context.Output.List(
            lines, json,
            [new("figure", l => l.Figure), .. ids.Select((id, i) => new Column<(string Figure, JsonNode?[] Values)>($"combo {Text(id)}", l => Cell(l.Values[i]), Right: true))]);
    }

    private static string Cell(JsonNode? value) => value switch
    {
        null => "–",
        JsonArray list => string.Join(' ', list.Select(Cell)),
        _ when value.GetValueKind() == JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture).ToString("0.####", CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static string EvaluatedText(StoredSweep stored)
    {
        string grid = stored.GridSize > stored.Total ? string.Create(CultureInfo.InvariantCulture, $" of a grid of {stored.GridSize}") : "";
        return stored.Evaluated == stored.Total ? $"{Text(stored.Total)} combos{grid}"
            : stored.Status == "cancelled" ? $"cancelled after {Text(stored.Evaluated)} of {Text(stored.Total)} combos{grid}"
            : $"{Text(stored.Evaluated)} combos of {Text(stored.Total)} allowed{grid}{(stored.IsStoppedEarly ? ", ended when the best had settled" : "")}";
    }

    private static string GateOf(LeaderboardRow row) => row.Gate.ToString().ToUpperInvariant();

    internal static string GateText(LeaderboardRow row) => row.GateReasons.Count == 0 ? GateOf(row) : $"{GateOf(row)} {string.Join(" ", row.GateReasons)}";

    private static Tone ToneOf(GateStatus gate) => gate switch { GateStatus.Pass => Tone.Ok, GateStatus.Marginal => Tone.Caution, _ => Tone.Bad };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double? value, string format) => value is { } v ? v.ToString(format, CultureInfo.InvariantCulture) : "–";
}
