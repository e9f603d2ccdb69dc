using Sigmatiq.Store;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Reads which trades the combos of a stored sweep had.</summary>
public static class SweepTrades
{
    /// <summary>Entry and exit bars by combo; an open position ends at -1. Empty where the sweep's file is gone.</summary>
    public static IReadOnlyDictionary<int, IReadOnlySet<(int Entry, int Exit)>> Read(DataDirectory data, string sweepId, CancellationToken ct)
    {
        string path = SweepFiles.PathOf(data, sweepId, SweepFiles.Trades);
        Dictionary<int, IReadOnlySet<(int, int)>> trades = [];
        if (!File.Exists(path))
        {
            return trades;
        }

        ColumnSet columns = ParquetFile.Read(path, ["combo_id", "entry_bar", "exit_bar"], ct);
        Dictionary<int, HashSet<(int, int)>> sets = [];
        int[] combo = columns["combo_id"].Ints, entry = columns["entry_bar"].Ints, exit = columns["exit_bar"].Ints;
        for (int i = 0; i < combo.Length; i++)
        {
            if (!sets.TryGetValue(combo[i], out HashSet<(int, int)>? set))
            {
                sets[combo[i]] = set = [];
                trades[combo[i]] = set;
            }

            set.Add((entry[i], exit[i]));
        }

        return trades;
    }
}
