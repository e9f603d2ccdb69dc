using System.Globalization;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Reads the files of a sweep as columns: what is drawn and sorted by the hundred thousand never becomes an object per combo.</summary>
public static class SweepColumns
{
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

    /// <summary>Points of a sparkline.</summary>
    public const int SparklinePoints = 32;

    /// <summary>The accounts of some combos at even distances.</summary>
    /// <returns><c>combo_id</c> and <c>p0</c> to <c>p31</c>, 1 before the first day; a row for each combo that is there.</returns>
    /// <exception cref="ProblemException">SWS-3006: the file is missing.</exception>
    public static ColumnSet Sparklines(DataDirectory data, string sweepId, IReadOnlyList<int> combos, CancellationToken ct)
    {
        ColumnSet days = Read(data, sweepId, SweepFiles.Returns,
            $"select combo_id, \"return\" from file where combo_id in ({string.Join(',', combos.Select(c => c.ToString(CultureInfo.InvariantCulture)))}) order by combo_id, date", ct);
        int[] of = days["combo_id"].Ints;
        double[] returns = days["return"].Doubles;
        List<int> ids = [];
        double[][] points = [.. Enumerable.Range(0, SparklinePoints).Select(_ => new double[combos.Count])];
        for (int from = 0, to = 0; from < of.Length; from = to)
        {
            while (to < of.Length && of[to] == of[from])
            {
                to++;
            }

            double worth = 1;
            int at = from;
            for (int p = 0; p < SparklinePoints; p++)
            {
                for (int end = from + ((to - from) * p / (SparklinePoints - 1)); at < end; at++)
                {
                    worth *= 1 + returns[at];
                }

                points[p][ids.Count] = worth;
            }

            ids.Add(of[from]);
        }

        return new([Column.Of("combo_id", [.. ids]), .. points.Select((p, i) => Column.Of(string.Create(CultureInfo.InvariantCulture, $"p{i}"), p[..ids.Count]))]);
    }

    private static ColumnSet Read(DataDirectory data, string sweepId, string name, string sql, CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", PathOf(data, sweepId, name)));
        return query.Read(sql, ct);
    }

    /// <summary>Where a file of a sweep lies that is there.</summary>
    /// <exception cref="ProblemException">SWS-3006: it is missing.</exception>
    internal static string PathOf(DataDirectory data, string sweepId, string name) => SweepFiles.PathOf(data, sweepId, name) is var path && File.Exists(path)
        ? path
        : throw new ProblemException("SWS-3006", $"A file of {sweepId} is missing.", path, "Bring it back from a backup, or run the sweep again with --force.", ExitCode.DataRefused);
}
