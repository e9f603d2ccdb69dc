using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>The files of a sweep, <c>sweeps/{sweep_id}/…</c>: the same sweep gives the same bytes.</summary>
public static class SweepFiles
{
    /// <summary>One row per combo: config, figures, gate, and what stands beside the figures on the leaderboard.</summary>
    public const string Results = "results.parquet";

    /// <summary>One row per trade of every combo.</summary>
    public const string Trades = "trades.parquet";

    /// <summary>One row per combo and trading day: its return.</summary>
    public const string Returns = "returns.parquet";

    /// <summary>The object of 02 §2.12 as it was when the sweep ended.</summary>
    public const string Leaderboard = "leaderboard.json";

    // So many combos' trades or returns are in memory at a time.
    private const int CombosOfPart = 512;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Where a file of a sweep lies.</summary>
    public static string PathOf(DataDirectory data, string sweepId, string name) => data.File("sweeps", sweepId, name);

    /// <summary>Writes all columns of a result.</summary>
    /// <returns>Hash of each file by name.</returns>
    internal static SortedDictionary<string, string> WriteColumns(DataDirectory data, string sweepId, SweepResult result, CancellationToken ct)
    {
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        void Put(string name, Func<IEnumerable<ColumnSet>> parts) => hashes[name] = Write(PathOf(data, sweepId, name), parts, ct).Hex;
        Put(Results, () => [ResultColumns(result)]);
        Put(Trades, () => result.Combos.Where(c => result.IsDetailed(c.ComboId)).Chunk(CombosOfPart).Select(combos => TradeColumns(result, combos)));
        Put(Returns, () => result.Combos.Chunk(CombosOfPart).Select(combos => ReturnColumns(result, combos)));
        return hashes;
    }

    internal static string WriteLeaderboard(DataDirectory data, string sweepId, JsonObject leaderboard)
    {
        string text = leaderboard.ToJsonString(Indented) + "\n";
        AtomicFile.Write(PathOf(data, sweepId, Leaderboard), text);
        return ContentHash.Of(text).Hex;
    }

    // What a killed attempt left may be of another program version; nothing refers to it yet. The same bytes stay untouched, for a process
    // that runs the same sweep may be reading them.
    private static ContentHash Write(string path, Func<IEnumerable<ColumnSet>> parts, CancellationToken ct)
    {
        try
        {
            return ParquetFile.WriteParts(path, parts(), ct);
        }
        catch (ProblemException e) when (e.Problem.Code == "STO-1001")
        {
            File.Delete(path);
            return ParquetFile.WriteParts(path, parts(), ct);
        }
    }

    private static ColumnSet ResultColumns(SweepResult result)
    {
        IReadOnlyList<ComboResult> combos = result.Combos;
        var ranks = result.Leaderboard.Rows.ToDictionary(r => r.ComboId, r => r.Rank);
        List<Column> columns =
        [
            Column.Of("combo_id", [.. combos.Select(c => c.ComboId)]), Column.Of("rank", [.. combos.Select(c => ranks[c.ComboId])]),
            Column.Of("gate", [.. combos.Select(c => (string?)c.Gate.StatusText)]), Column.Of("config_hash", [.. combos.Select(c => (string?)c.ConfigHash.Hex)]),
            Column.Of("duplicate_of", [.. combos.Select(c => c.DuplicateOf ?? 0)], [.. combos.Select(c => c.DuplicateOf is null)]),
            .. result.Work.Plan.Grid.Axes.Select(axis => Column.Of(axis.Key, [.. combos.Select(c => Text(c.Config.Combo.Find(axis.Key)?.ToJson()))])),
        ];
        string[] keys = combos.Count == 0 ? [] : [.. combos[0].Metrics.ToJson().Select(m => m.Key).Where(k => k != "sharpe_interval")];
        double[][] metrics = [.. keys.Select(_ => new double[combos.Count])];
        for (int i = 0; i < combos.Count; i++)
        {
            JsonObject json = combos[i].Metrics.ToJson();
            for (int k = 0; k < keys.Length; k++)
            {
                metrics[k][i] = Number(json[keys[k]]);
            }
        }

        columns.AddRange(keys.Select((key, k) => Column.Of(key, metrics[k])));

        columns.Add(Column.Of("sharpe_low", [.. combos.Select(c => c.Metrics.SharpeLow ?? double.NaN)]));
        columns.Add(Column.Of("sharpe_high", [.. combos.Select(c => c.Metrics.SharpeHigh ?? double.NaN)]));
        columns.Add(Column.Of("break_even_bps", [.. combos.Select(c => c.Robust.BreakEvenBps ?? double.NaN)]));
        columns.Add(Column.Of("ambiguous_bars", [.. combos.Select(c => c.Robust.AmbiguousBars)]));
        columns.Add(Column.Of("optimistic_return", [.. combos.Select(c => c.Robust.OptimisticReturn ?? double.NaN)]));
        columns.Add(Column.Of("optimistic_sharpe", [.. combos.Select(c => c.Robust.OptimisticSharpe ?? double.NaN)]));
        columns.Add(Column.Of("optimistic_drawdown", [.. combos.Select(c => c.Robust.OptimisticDrawdown ?? double.NaN)]));
        return new(columns);
    }

    private static string? Text(JsonNode? value) => value is null ? null : CanonicalJson.Text(value).Trim('"');

    private static double Number(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => double.NaN,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),
    };

    private static ColumnSet TradeColumns(SweepResult result, IReadOnlyList<ComboResult> combos)
    {
        FillBars bars = result.Fills;
        List<(int ComboId, AccountPath Account, int Trade)> all =
            [.. combos.Select(c => (c.ComboId, c.Account)).SelectMany(c => Enumerable.Range(0, c.Account.Path.Count).Select(i => (c.ComboId, c.Account, i)))];
        T[] Each<T>(Func<AccountPath, int, T> of) => [.. all.Select(a => of(a.Account, a.Trade))];
        (double Adverse, double Favourable)[] reached = Each((a, i) => TradeExcursions.Of(bars, a.Path, i, result.Inputs.Window.To));
        bool[] open = Each((a, i) => a.Path.ExitBar[i] < 0);
        FeeModel fee = result.Inputs.Bars.Options.Fee;
        return new(
            Column.Of("combo_id", [.. all.Select(a => a.ComboId)]), Column.Of("trade", [.. all.Select(a => a.Trade + 1)]),
            Column.Of("entry_bar", Each((a, i) => a.Path.EntryBar[i])), Column.Of("exit_bar", Each((a, i) => a.Path.ExitBar[i])),
            Column.OfTimestamps("entry_ts", Each((a, i) => bars.StartUtcUs[a.Path.EntryBar[i]])),
            Column.OfTimestamps("exit_ts", Each((a, i) => a.Path.ExitBar[i] < 0 ? 0 : bars.StartUtcUs[a.Path.ExitBar[i]]), open),
            Column.Of("entry_price", Each((a, i) => a.Path.EntryPrice[i])), Column.Of("exit_price", Each((a, i) => a.Path.ExitPrice[i])),
            Column.Of("quantity", Each((a, i) => a.Quantity[i])),
            Column.Of("costs", Each((a, i) => fee.Of(a.Quantity[i], a.Path.EntryPrice[i]) + (a.Path.ExitBar[i] < 0 ? 0 : fee.Of(a.Quantity[i], a.Path.ExitPrice[i])))),
            Column.Of("reason", Each((a, i) => (string?)a.Path.Reason[i].Text())), Column.Of("profit", Each((a, i) => a.Profit[i])),
            Column.Of("return", Each((a, i) => a.TradeReturn[i])), Column.Of("mae", [.. reached.Select(r => r.Adverse)]),
            Column.Of("mfe", [.. reached.Select(r => r.Favourable)]));
    }

    private static ColumnSet ReturnColumns(SweepResult result, IReadOnlyList<ComboResult> combos)
    {
        int days = result.Days.Length, rows = days * combos.Count;
        int[] combo = new int[rows];
        var date = new DateOnly[rows];
        double[] value = new double[rows];
        for (int i = 0; i < combos.Count; i++)
        {
            combo.AsSpan(i * days, days).Fill(combos[i].ComboId);
            result.Days.CopyTo(date, i * days);
            combos[i].DailyReturns.CopyTo(value, i * days);
        }

        return new(Column.Of("combo_id", combo), Column.Of("date", date), Column.Of("return", value));
    }
}
