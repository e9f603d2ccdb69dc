using System.Globalization;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Reads the daily returns of a stored sweep's different combos: what its probability of overfitting is made of.</summary>
public static class SweepReturns
{
    /// <summary>Writes them as CSV, <c>ts</c> and one column a combo, the way <c>metrics overfit</c> reads them.</summary>
    public static void Write(DataDirectory data, StoredSweep sweep, TextWriter csv, CancellationToken ct)
    {
        ColumnSet columns = ParquetFile.Read(SweepFiles.PathOf(data, sweep.SweepId, SweepFiles.Returns), ["combo_id", "date", "return"], ct);
        int[] combos = [.. DifferentCombos.Of(sweep.Leaderboard.Rows, r => r.ComboId, r => r.DuplicateOf, r => r.Sharpe).Select(r => r.ComboId)];
        Dictionary<int, List<double>> returns = combos.ToDictionary(c => c, _ => new List<double>());
        List<DateOnly> dates = [];
        int[] id = columns["combo_id"].Ints;
        double[] value = columns["return"].Doubles;
        DateOnly[] date = columns["date"].Dates;
        for (int i = 0; i < id.Length; i++)
        {
            if (returns.TryGetValue(id[i], out List<double>? series))
            {
                series.Add(value[i]);
                if (id[i] == combos[0])
                {
                    dates.Add(date[i]);
                }
            }
        }

        csv.Write("ts," + string.Join(',', combos.Select(c => string.Create(CultureInfo.InvariantCulture, $"combo_{c}"))) + "\n");
        for (int d = 0; d < dates.Count; d++)
        {
            csv.Write(dates[d].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            foreach (int combo in combos)
            {
                csv.Write(',');
                csv.Write(returns[combo][d].ToString("R", CultureInfo.InvariantCulture));
            }

            csv.Write('\n');
        }
    }
}
