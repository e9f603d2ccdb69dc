using System.Globalization;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Reads which trades the combos of a stored sweep had.</summary>
public static class SweepTrades
{
    /// <summary>Entry and exit bars by combo; an open position ends at -1. Empty where the sweep's file is gone.</summary>
    public static IReadOnlyDictionary<int, IReadOnlySet<(int Entry, int Exit)>> Read(DataDirectory data, string sweepId, CancellationToken ct) =>
        Read(data, sweepId, "", ct);

    /// <summary>The same of some combos.</summary>
    public static IReadOnlyDictionary<int, IReadOnlySet<(int Entry, int Exit)>> Read(DataDirectory data, string sweepId, IReadOnlyList<int> combos, CancellationToken ct) =>
        combos.Count == 0 ? new Dictionary<int, IReadOnlySet<(int, int)>>()
        : Read(data, sweepId, $"where combo_id in ({string.Join(',', combos.Select(c => c.ToString(CultureInfo.InvariantCulture)))})", ct);

    private static Dictionary<int, IReadOnlySet<(int Entry, int Exit)>> Read(DataDirectory data, string sweepId, string where, CancellationToken ct)
    {
        string path = SweepFiles.PathOf(data, sweepId, SweepFiles.Trades);
        Dictionary<int, IReadOnlySet<(int, int)>> trades = [];
        if (!File.Exists(path))
        {
            return trades;
        }

        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", path));
        ColumnSet columns = query.Read($"select combo_id, entry_bar, exit_bar from file {where}", ct);
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
