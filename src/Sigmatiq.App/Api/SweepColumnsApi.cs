using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Store;

namespace Sigmatiq.App.Api;

/// <summary>What a sweep gave, by column: its leaderboard, and trades and account of a combo.</summary>
internal sealed class SweepColumnsApi(SweepStore sweeps, TrialLedger trials, DataDirectory data)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sweeps/{id}/leaderboard", LeaderboardAsync)
            .Operation("getLeaderboard", "sweeps", "The leaderboard as columns, best first: config, gate and every figure of every combo",
                "Returns, rates and drawdowns are fractions; parameters in _pct are percent. deflated_sharpe stands at the first ranks alone.").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/combos/{combo:int}/trades", (string id, int combo, CancellationToken ct) =>
                OfComboAsync(id, combo, () => SweepColumns.Trades(data, id, combo, ct), ct))
            .Operation("getComboTrades", "sweeps", "The trades of a combo as columns, by entry",
                "Prices and profit are in the currency of the instrument, return, mae and mfe fractions. about.pruned says that the trades were not kept, since another combo beats it.").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/combos/{combo:int}/equity", (string id, int combo, CancellationToken ct) =>
                OfComboAsync(id, combo, () => SweepColumns.Equity(data, id, combo, ct), ct))
            .Operation("getComboEquity", "sweeps", "The account of a combo by trading day as columns", "return and drawdown are fractions, equity is 1 before the first day.").Needs(Right.Read);
    }

    private async Task<ColumnsAnswer> LeaderboardAsync(string id, CancellationToken ct)
    {
        StoredSweep top = await sweeps.LoadTopAsync(id, Deflation.Top, ct);
        Deflation deflation = await trials.DeflationAsync(top, ct);
        JsonObject about = About(top);
        about["trials"] = deflation.ToJson();
        about["overfit"] = top.Overfit?.ToJson();
        about["selection_window"] = top.Window.DeepClone();
        return new(data, SweepColumns.Leaderboard(data, top, deflation, await sweeps.SelectedAsync(id, ct), ct), about);
    }

    // The sweep and its combo are looked up first: a name that is no sweep's never becomes part of a path.
    private async Task<ColumnsAnswer> OfComboAsync(string id, int combo, Func<Store.Columns.ColumnSet> read, CancellationToken ct)
    {
        StoredSweep stored = await sweeps.LoadComboAsync(id, combo, ct);
        StoredCombo found = stored.Combo(combo);
        JsonObject about = About(stored);
        about["combo_id"] = combo;
        about["config_hash"] = found.Row.ConfigHash;
        about["pruned"] = found.TradesSample is null;
        return new(data, read(), about);
    }

    private static JsonObject About(StoredSweep sweep) => new()
    {
        ["sweep_id"] = sweep.SweepId, ["model_id"] = sweep.ModelId, ["status"] = sweep.Status, ["pack"] = sweep.Pack, ["data_snapshot_id"] = sweep.DataSnapshotId,
        ["synthetic"] = sweep.IsSynthetic, ["leaderboard_hash"] = sweep.LeaderboardHash, ["score_source"] = sweep.ScoreSource,
    };
}
