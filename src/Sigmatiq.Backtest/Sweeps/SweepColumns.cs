using System.Globalization;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Reads the files of a sweep as columns: what is drawn and sorted by the hundred thousand never becomes an object per combo.</summary>
public static class SweepColumns
{
    /// <summary>The leaderboard, best first: config, gate and every figure as the sweep wrote them, and beside them what the store knows now.</summary>
    /// <param name="data">Where it lies.</param>
    /// <param name="top">The sweep with its combos down to <see cref="Deflation.Top"/>.</param>
    /// <param name="deflation">What the ledger says of it.</param>
    /// <param name="selected">The combos that are ticked.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <returns>One row per combo; figures that are undefined are NaN. <c>deflated_sharpe</c> is NaN below the first ranks.</returns>
    /// <exception cref="ProblemException">SWS-3006: the file is missing.</exception>
    public static ColumnSet Leaderboard(DataDirectory data, StoredSweep top, Deflation deflation, IReadOnlySet<int> selected, CancellationToken ct)
    {
        ColumnSet written = Read(data, top.SweepId, SweepFiles.Results, "select * from file order by rank", ct);
        int[] combos = written["combo_id"].Ints;
        Dictionary<int, double> deflated = top.Leaderboard.Rows.Where(r => r.Rank <= Deflation.Top)
            .ToDictionary(r => r.ComboId, r => deflation.Of(top.Combo(r.ComboId)).Value ?? double.NaN);
        return new(
        [
            .. written, Column.Of("deflated_sharpe", [.. combos.Select(c => deflated.GetValueOrDefault(c, double.NaN))]),
            Column.Of("selected", [.. combos.Select(selected.Contains)]),
        ]);
    }

    /// <summary>The trades of one combo in the order of their entries; none where another combo beats it and its trades were not kept.</summary>
    /// <exception cref="ProblemException">SWS-3006: the file is missing.</exception>
    public static ColumnSet Trades(DataDirectory data, string sweepId, int comboId, CancellationToken ct) => Read(
        data, sweepId, SweepFiles.Trades, string.Create(CultureInfo.InvariantCulture, $"select * exclude (combo_id) from file where combo_id = {comboId} order by trade"), ct);

    /// <summary>The account of one combo by trading day of the selection window.</summary>
    /// <returns><c>date</c>; <c>return</c>, of the day, a fraction; <c>equity</c>, 1 before the first day; <c>drawdown</c>, from the highest close so far, at or
    /// below 0.</returns>
    /// <exception cref="ProblemException">SWS-3006: the file is missing.</exception>
    public static ColumnSet Equity(DataDirectory data, string sweepId, int comboId, CancellationToken ct)
    {
        ColumnSet days = Read(data, sweepId, SweepFiles.Returns,
            string.Create(CultureInfo.InvariantCulture, $"select date, \"return\" from file where combo_id = {comboId} order by date"), ct);
        double[] returns = days["return"].Doubles, equity = new double[days.Rows], drawdown = new double[days.Rows];
        double worth = 1, highest = 1;
        for (int i = 0; i < returns.Length; i++)
        {
            worth *= 1 + returns[i];
            highest = Math.Max(highest, worth);
            (equity[i], drawdown[i]) = (worth, (worth / highest) - 1);
        }

        return new([.. days, Column.Of("equity", equity), Column.Of("drawdown", drawdown)]);
    }

    private static ColumnSet Read(DataDirectory data, string sweepId, string name, string sql, CancellationToken ct)
    {
        string path = SweepFiles.PathOf(data, sweepId, name);
        if (!File.Exists(path))
        {
            throw new ProblemException("SWS-3006", $"A file of {sweepId} is missing.", path, "Bring it back from a backup, or run the sweep again with --force.", ExitCode.DataRefused);
        }

        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", path));
        return query.Read(sql, ct);
    }
}
