using System.Globalization;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>A leaderboard by column, best first: what the sweep wrote into its file, and beside it what is formed when somebody asks. A hundred
/// thousand combos never become an object each, and a column that nobody asked for is neither read nor formed.</summary>
/// <remarks>Formed are <c>gate_reasons</c> (words of <see cref="GateResult.Reasons"/>), <c>exceeds_model_cap</c>, <c>size_group</c> (the best-ranked combo
/// with the same trades that differs in size alone, itself where it is that one), <c>near_duplicate_of</c> (<see cref="NearDuplicates"/>, among the
/// first <see cref="NearRanksMax"/> ranks whose trades are kept), <c>deflated_sharpe</c>, <c>deflated_sharpe_reason</c> and <c>selected</c>.
/// A parameter whose values are all numbers is a column of numbers; there <c>none</c> is undefined.</remarks>
/// <param name="data">Where the file lies.</param>
/// <param name="sweeps">Ticks, caps and trial figures.</param>
public sealed class LeaderboardColumns(DataDirectory data, SweepStore sweeps)
{
    /// <summary>Near duplicates are looked for down to this rank.</summary>
    public const int NearRanksMax = 5_000;

    private const string SizeKey = "position_size_pct";

    private static readonly string[] GateFigures = ["total_trades", "sharpe_ratio", "max_drawdown", "win_rate"];

    private static readonly string[] TrialColumns = ["sharpe_per_period", "periods", "skewness", "kurtosis"];

    // Formed columns with what they are formed from, beside combo_id and rank.
    private static readonly (string Name, Func<IReadOnlyList<string>, IEnumerable<string>> From)[] Formed =
    [
        ("gate_reasons", _ => GateFigures), ("exceeds_model_cap", _ => []), ("size_group", parameters => [.. parameters, "duplicate_of"]),
        ("near_duplicate_of", parameters => [.. parameters, "duplicate_of"]), ("deflated_sharpe", _ => TrialColumns), ("deflated_sharpe_reason", _ => TrialColumns), ("selected", _ => []),
    ];

    /// <summary>Whether a column needs what the ledger says, which counts every trial there was.</summary>
    public static bool NeedsDeflation(Func<string, bool> isWanted) => isWanted("deflated_sharpe") || isWanted("deflated_sharpe_reason");

    /// <summary>The columns.</summary>
    /// <param name="top">The sweep with its first combo at least.</param>
    /// <param name="deflation">What the ledger says of it; null where no column needs it.</param>
    /// <param name="isWanted">Whether a column of a name is wanted.</param>
    /// <param name="ranks">Combos down to this rank; null for all.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <returns>One row per combo; figures that are undefined are NaN.</returns>
    /// <exception cref="Store.Errors.ProblemException">SWS-3006: the file is missing.</exception>
    public async Task<ColumnSet> ReadAsync(StoredSweep top, Deflation? deflation, Func<string, bool> isWanted, int? ranks, CancellationToken ct)
    {
        string path = SweepColumns.PathOf(data, top.SweepId, SweepFiles.Results);
        string[] written = [.. ParquetFile.Describe(path, ct).Select(c => c.Name)];
        string[] parameters = [.. top.Leaderboard.Rows.Take(1).SelectMany(r => r.Config.Select(c => c.Key)).Where(written.Contains)];
        HashSet<string> wanted = [.. written.Concat(Formed.Select(f => f.Name)).Where(isWanted)];
        HashSet<string> read = ["combo_id", "rank", .. written.Where(wanted.Contains), .. Formed.Where(f => wanted.Contains(f.Name)).SelectMany(f => f.From(parameters))];
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", path));
        ColumnSet file = query.Read(string.Create(CultureInfo.InvariantCulture,
            $"select {string.Join(", ", written.Where(read.Contains).Select(n => $"\"{n}\""))} from file {(ranks is { } last ? $"where rank <= {last}" : "")} order by rank"), ct);

        List<Column> columns = [.. file.Where(c => wanted.Contains(c.Name)).Select(c => parameters.Contains(c.Name) ? NumbersOf(c) : c)];
        int[] combos = file["combo_id"].Ints;
        if (wanted.Contains("gate_reasons"))
        {
            columns.Add(Column.Of("gate_reasons", Reasons(file, top.Gates)));
        }

        if (wanted.Contains("exceeds_model_cap"))
        {
            columns.Add(Flags("exceeds_model_cap", combos, await sweeps.AboveModelCapAsync(top.SweepId, ct)));
        }

        if (wanted.Contains("size_group"))
        {
            columns.Add(Column.Of("size_group", SizeGroups(file, parameters)));
        }

        if (wanted.Contains("near_duplicate_of"))
        {
            columns.Add(NearOf(file, parameters, top.SweepId, ct));
        }

        if (deflation is not null)
        {
            DeflatedSharpe[] deflated = await DeflatedAsync(file, top.SweepId, deflation, ct);
            columns.AddRange(((Column[])
            [
                Column.Of("deflated_sharpe", [.. deflated.Select(d => d.Value ?? double.NaN)]), Column.Of("deflated_sharpe_reason", [.. deflated.Select(d => d.Reason)]),
            ]).Where(c => wanted.Contains(c.Name)));
        }

        if (wanted.Contains("selected"))
        {
            columns.Add(Flags("selected", combos, await sweeps.SelectedAsync(top.SweepId, ct)));
        }

        return new(columns);
    }

    /// <summary>The names of all columns that there are.</summary>
    /// <exception cref="Store.Errors.ProblemException">SWS-3006: the file is missing.</exception>
    public IReadOnlyList<string> Names(string sweepId, CancellationToken ct) =>
        [.. ParquetFile.Describe(SweepColumns.PathOf(data, sweepId, SweepFiles.Results), ct).Select(c => c.Name), .. Formed.Select(f => f.Name)];

    /// <summary>How many combos have which gate, and how many of all have trades of their own.</summary>
    public LeaderboardCounts Count(string sweepId, CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", SweepColumns.PathOf(data, sweepId, SweepFiles.Results)));
        ColumnSet counted = query.Read("select gate, count(*) as rows, count(*) - count(duplicate_of) as own from file group by gate", ct);
        Dictionary<string, long> rows = counted["gate"].Texts.Zip(counted["rows"].Longs).ToDictionary(g => g.First!, g => g.Second);
        return new((int)rows.GetValueOrDefault("PASS"), (int)rows.GetValueOrDefault("MARGINAL"), (int)rows.GetValueOrDefault("FAIL"), (int)counted["own"].Longs.Sum());
    }

    /// <summary>For each combo that is one, the best-ranked combo it is nearly the same as.</summary>
    public IReadOnlyDictionary<int, int> Near(StoredSweep top, CancellationToken ct)
    {
        string[] parameters = [.. top.Leaderboard.Rows.Take(1).SelectMany(r => r.Config.Select(c => c.Key))];
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", SweepColumns.PathOf(data, top.SweepId, SweepFiles.Results)));
        ColumnSet file = query.Read(string.Create(CultureInfo.InvariantCulture,
            $"select combo_id, duplicate_of{string.Concat(parameters.Select(p => $", \"{p}\""))} from file where rank <= {NearRanksMax} order by rank"), ct);
        return Near(file, parameters, top.SweepId, ct);
    }

    private Column NearOf(ColumnSet file, string[] parameters, string sweepId, CancellationToken ct)
    {
        IReadOnlyDictionary<int, int> near = Near(file, parameters, sweepId, ct);
        int[] combos = file["combo_id"].Ints;
        return Column.Of("near_duplicate_of", [.. combos.Select(c => near.GetValueOrDefault(c))], [.. combos.Select(c => !near.ContainsKey(c))]);
    }

    private IReadOnlyDictionary<int, int> Near(ColumnSet file, string[] parameters, string sweepId, CancellationToken ct)
    {
        int[] combos = [.. file["combo_id"].Ints.Take(NearRanksMax)];
        var trades = SweepTrades.Read(data, sweepId, combos, ct);
        Column duplicates = file["duplicate_of"];
        string?[][] values = [.. parameters.Select(p => file[p].Texts)];
        return NearDuplicates.Of(
            [.. Enumerable.Range(0, combos.Length).Where(i => trades.ContainsKey(combos[i]))
                .Select(i => new NearDuplicates.Entry(combos[i], duplicates.IsNull(i) ? combos[i] : duplicates.Ints[i], [.. values.Select(v => v[i] ?? "")]))],
            trades);
    }

    private async Task<DeflatedSharpe[]> DeflatedAsync(ColumnSet file, string sweepId, Deflation deflation, CancellationToken ct)
    {
        int[] combos = file["combo_id"].Ints;
        double[] sharpe = file["sharpe_per_period"].Doubles, periods = file["periods"].Doubles, skewness = file["skewness"].Doubles, kurtosis = file["kurtosis"].Doubles;
        IReadOnlyDictionary<int, TrialFigures> trials = await sweeps.TrialFiguresAsync(sweepId, combos.Length == 0 ? 0 : file["rank"].Ints[^1], ct);
        return [.. combos.Select((combo, i) => deflation.Of(trials.GetValueOrDefault(combo)
            ?? new TrialFigures("", (int)periods[i], Known(sharpe[i]), Known(skewness[i]), Known(kurtosis[i]))))];
    }

    private static string?[] Reasons(ColumnSet file, QualityGates gates)
    {
        double[][] figures = [.. GateFigures.Select(f => file[f].Doubles)];
        return [.. Enumerable.Range(0, file.Rows).Select(i => string.Join(' ', GateResult.Of(gates, new MetricSet
        {
            TotalTrades = (int)figures[0][i], SharpeRatio = Known(figures[1][i]), MaxDrawdown = Known(figures[2][i]), WinRate = Known(figures[3][i]),
        }).Reasons) is { Length: > 0 } words ? words : null)];
    }

    private static int[] SizeGroups(ColumnSet file, string[] parameters)
    {
        int[] combos = file["combo_id"].Ints, groups = new int[combos.Length];
        Column duplicates = file["duplicate_of"];
        string?[][] others = [.. parameters.Where(p => p != SizeKey).Select(p => file[p].Texts)];
        Dictionary<string, int> best = new(StringComparer.Ordinal);
        for (int i = 0; i < combos.Length; i++)
        {
            int trades = duplicates.IsNull(i) ? combos[i] : duplicates.Ints[i];
            string key = string.Create(CultureInfo.InvariantCulture, $"{trades}|{string.Join('|', others.Select(o => o[i]))}");
            groups[i] = best.TryAdd(key, combos[i]) ? combos[i] : best[key];
        }

        return groups;
    }

    private static Column NumbersOf(Column texts)
    {
        double[] numbers = new double[texts.Count];
        bool hasNumber = false;
        for (int i = 0; i < numbers.Length; i++)
        {
            bool isNumber = double.TryParse(texts.Texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]);
            hasNumber |= isNumber;
            if (!isNumber)
            {
                if (texts.Texts[i] is not (null or "none"))
                {
                    return texts;
                }

                numbers[i] = double.NaN;
            }
        }

        return hasNumber || numbers.Length == 0 ? Column.Of(texts.Name, numbers) : texts;
    }

    private static Column Flags(string name, int[] combos, IReadOnlySet<int> set) => Column.Of(name, [.. combos.Select(set.Contains)]);

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>Combos of a leaderboard by gate.</summary>
/// <param name="Passed">With PASS.</param>
/// <param name="Marginal">With MARGINAL.</param>
/// <param name="Failed">With FAIL.</param>
/// <param name="Different">With trades that no combo of a lower id has.</param>
public sealed record LeaderboardCounts(int Passed, int Marginal, int Failed, int Different)
{
    /// <summary>All of them.</summary>
    public int Evaluated => Passed + Marginal + Failed;
}
