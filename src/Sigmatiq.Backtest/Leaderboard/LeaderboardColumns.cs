using System.Globalization;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>A leaderboard by column, best first: what the sweep wrote into its file, and beside it what is formed when somebody asks. A hundred
/// thousand combos never become an object each, and a column that nobody asked for is neither read nor formed.</summary>
/// <remarks>Formed are <c>gate_reasons</c> (words of <see cref="GateResult.Reasons"/>), <c>exceeds_model_cap</c>, <c>size_group</c> (the best-ranked combo
/// with the same trades that differs in size alone, itself where it is that one), <c>near_duplicate_of</c> (<see cref="NearDuplicates"/>, among the
/// first <see cref="NearRanksMax"/> ranks whose trades are kept), <c>deflated_sharpe</c>, <c>deflated_sharpe_reason</c> and <c>selected</c>.
/// A parameter whose values are all numbers is a column of numbers; there <c>none</c> is undefined.</remarks>
/// <param name="data">Where the file lies.</param>
/// <param name="sweeps">Ticks, caps and trial figures.</param>
/// <param name="kept">Where columns are kept that were formed once; null keeps none. A sweep's own never change, deflated ones depend on the ledger's count
/// alone, and ticks are read each time.</param>
public sealed class LeaderboardColumns(DataDirectory data, SweepStore sweeps, KeptByContent? kept = null)
{
    /// <summary>Near duplicates are looked for down to this rank.</summary>
    public const int NearRanksMax = 5_000;

    // An entry of an array and what it names.
    private const int TrialBytes = 96;

    private const string SizeKey = "position_size_pct", Selected = "selected", Deflated = "deflated_sharpe", DeflatedReason = "deflated_sharpe_reason";

    private static readonly string[] GateFigures = ["total_trades", "sharpe_ratio", "max_drawdown", "win_rate"];

    private static readonly string[] TrialColumns = ["sharpe_per_period", "periods", "skewness", "kurtosis"];

    // Formed columns with what they are formed from, beside combo_id and rank.
    private static readonly (string Name, Func<IReadOnlyList<string>, IEnumerable<string>> From)[] Formed =
    [
        ("gate_reasons", _ => GateFigures), ("exceeds_model_cap", _ => []), ("size_group", parameters => [.. parameters, "duplicate_of"]),
        ("near_duplicate_of", parameters => [.. parameters, "duplicate_of"]), (Deflated, _ => TrialColumns), (DeflatedReason, _ => TrialColumns), (Selected, _ => []),
    ];

    private readonly KeptByContent kept = kept ?? new(0);

    /// <summary>Whether a column needs what the ledger says, which counts every trial there was.</summary>
    public static bool NeedsDeflation(Func<string, bool> isWanted) => isWanted(Deflated) || isWanted(DeflatedReason);

    /// <summary>Whether a column needs what people ticked.</summary>
    public static bool NeedsTicks(Func<string, bool> isWanted) => isWanted(Selected);

    /// <summary>The columns.</summary>
    /// <param name="top">The sweep with its first combo at least.</param>
    /// <param name="deflation">What the ledger says of it; null where no column needs it.</param>
    /// <param name="ticked">The combos that are ticked; null where no column needs them.</param>
    /// <param name="isWanted">Whether a column of a name is wanted.</param>
    /// <param name="ranks">Combos down to this rank; null for all.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <returns>One row per combo; figures that are undefined are NaN.</returns>
    /// <exception cref="Store.Errors.ProblemException">SWS-3006: the file is missing.</exception>
    public async Task<ColumnSet> ReadAsync(StoredSweep top, Deflation? deflation, IReadOnlySet<int>? ticked, Func<string, bool> isWanted, int? ranks, CancellationToken ct)
    {
        LeaderboardFacts facts = await FactsAsync(top, ct);
        HashSet<string> wanted = [.. facts.Names.Where(isWanted)];
        ColumnSet lasting = await LastingAsync(top, facts, wanted, ranks, ct);
        List<Column> columns = [.. lasting.Where(c => wanted.Contains(c.Name))];
        if (deflation is not null)
        {
            columns.AddRange((await DeflatedAsync(top, facts, deflation, ranks, ct)).Where(c => wanted.Contains(c.Name)));
        }

        if (ticked is not null && wanted.Contains(Selected))
        {
            columns.Add(Flags(Selected, lasting["combo_id"].Ints, ticked));
        }

        return new(columns);
    }

    /// <summary>What a leaderboard has, without its columns.</summary>
    /// <exception cref="Store.Errors.ProblemException">SWS-3006: the file is missing.</exception>
    public Task<LeaderboardFacts> FactsAsync(StoredSweep top, CancellationToken ct) => kept.GetAsync(
        ContentOf(top) + "\nfacts",
        stop =>
        {
            using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", SweepColumns.PathOf(data, top.SweepId, SweepFiles.Results)));
            string[] written = [.. query.Describe("select * from file", stop).Select(c => c.Name)];
            ColumnSet counted = query.Read("select gate, count(*) as rows, count(*) - count(duplicate_of) as own from file group by gate", stop);
            Dictionary<string, long> rows = counted["gate"].Texts.Zip(counted["rows"].Longs).ToDictionary(g => g.First!, g => g.Second);
            LeaderboardCounts counts = new((int)rows.GetValueOrDefault("PASS"), (int)rows.GetValueOrDefault("MARGINAL"), (int)rows.GetValueOrDefault("FAIL"), (int)counted["own"].Longs.Sum());
            return Task.FromResult(new LeaderboardFacts([.. written, .. Formed.Select(f => f.Name)], written, counts));
        },
        facts => 1_000 + (100L * facts.Names.Count), ct);

    /// <summary>For each combo that is one, the best-ranked combo it is nearly the same as.</summary>
    /// <param name="top">The sweep with one combo at least; without one there is no answer but none.</param>
    /// <param name="ct">Stops the reading.</param>
    public Task<IReadOnlyDictionary<int, int>> NearAsync(StoredSweep top, CancellationToken ct)
    {
        string[] parameters = ParametersOf(top);
        return kept.GetAsync(
            $"{ContentOf(top)}\nnear {string.Join(',', parameters)}",
            stop =>
            {
                using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", SweepColumns.PathOf(data, top.SweepId, SweepFiles.Results)));
                ColumnSet file = query.Read(string.Create(CultureInfo.InvariantCulture,
                    $"select combo_id, duplicate_of{string.Concat(parameters.Select(p => $", \"{p}\""))} from file where rank <= {NearRanksMax} order by rank"), stop);
                return Task.FromResult(Near(file, parameters, top.SweepId, stop));
            },
            near => 1_000 + (40L * near.Count), ct);
    }

    /// <summary>Everything that the columns of a sweep depend on but ticks and the ledger, as one name. A leaderboard that a cancelled sweep leaves is another
    /// one than that of its end; and a file that was put in the place of another has another time.</summary>
    public string ContentOf(StoredSweep top) => string.Join('\n', [
        top.SweepId, top.Status, top.LeaderboardHash, top.Gates.ToString(),
        .. top.Files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} {f.Value} {StampOf(SweepFiles.PathOf(data, top.SweepId, f.Key))}")]);

    private static string StampOf(string path) => new FileInfo(path) is { Exists: true } file
        ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}") : "missing";

    private static string[] ParametersOf(StoredSweep top) => [.. top.Leaderboard.Rows.Take(1).SelectMany(r => r.Config.Select(c => c.Key))];

    private static string RanksText(int? ranks) => ranks?.ToString(CultureInfo.InvariantCulture) ?? "all";

    // What is wanted of what never changes, with combo_id in any case.
    private Task<ColumnSet> LastingAsync(StoredSweep top, LeaderboardFacts facts, HashSet<string> wanted, int? ranks, CancellationToken ct)
    {
        string[] names = [.. facts.Names.Where(n => n is not (Deflated or DeflatedReason or Selected) && (n == "combo_id" || wanted.Contains(n)))];
        return kept.GetAsync($"{ContentOf(top)}\ncolumns {RanksText(ranks)} {string.Join(',', names)}", stop => FormAsync(top, facts, names, ranks, stop), set => set.Bytes, ct);
    }

    private async Task<ColumnSet> FormAsync(StoredSweep top, LeaderboardFacts facts, string[] names, int? ranks, CancellationToken ct)
    {
        string[] parameters = [.. ParametersOf(top).Where(facts.Written.Contains)];
        ColumnSet file = ReadFile(top.SweepId, facts, [.. names, .. Formed.Where(f => names.Contains(f.Name)).SelectMany(f => f.From(parameters))], ranks, ct);
        List<Column> columns = [.. file.Where(c => names.Contains(c.Name)).Select(c => parameters.Contains(c.Name) ? NumbersOf(c) : c)];
        int[] combos = file["combo_id"].Ints;
        if (names.Contains("gate_reasons"))
        {
            columns.Add(Column.Of("gate_reasons", Reasons(file, top.Gates)));
        }

        if (names.Contains("exceeds_model_cap"))
        {
            columns.Add(Flags("exceeds_model_cap", combos, await sweeps.AboveModelCapAsync(top.SweepId, ct)));
        }

        if (names.Contains("size_group"))
        {
            columns.Add(Column.Of("size_group", SizeGroups(file, parameters)));
        }

        if (names.Contains("near_duplicate_of"))
        {
            columns.Add(NearOf(file, parameters, top.SweepId, ct));
        }

        return new(columns);
    }

    private ColumnSet ReadFile(string sweepId, LeaderboardFacts facts, HashSet<string> wanted, int? ranks, CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", SweepColumns.PathOf(data, sweepId, SweepFiles.Results)));
        return query.Read(string.Create(CultureInfo.InvariantCulture,
            $"select {string.Join(", ", facts.Written.Where(n => n is "combo_id" or "rank" || wanted.Contains(n)).Select(n => $"\"{n}\""))} from file {(ranks is { } last ? $"where rank <= {last}" : "")} order by rank"), ct);
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

    // Of all that the ledger says only these two figures matter.
    private Task<ColumnSet> DeflatedAsync(StoredSweep top, LeaderboardFacts facts, Deflation deflation, int? ranks, CancellationToken ct) => kept.GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"{ContentOf(top)}\ndeflated {RanksText(ranks)} {deflation.Count.Different} {deflation.Count.SharpeVariance:R}"),
        async stop =>
        {
            TrialFigures[] trials = await TrialsAsync(top, facts, ranks, stop);
            DeflatedSharpe[] deflated = [.. trials.Select(deflation.Of)];
            return new ColumnSet(Column.Of(Deflated, [.. deflated.Select(d => d.Value ?? double.NaN)]), Column.Of(DeflatedReason, [.. deflated.Select(d => d.Reason)]));
        },
        set => set.Bytes, ct);

    private Task<TrialFigures[]> TrialsAsync(StoredSweep top, LeaderboardFacts facts, int? ranks, CancellationToken ct) => kept.GetAsync(
        $"{ContentOf(top)}\ntrials {RanksText(ranks)}",
        async stop =>
        {
            ColumnSet file = ReadFile(top.SweepId, facts, [.. TrialColumns], ranks, stop);
            int[] combos = file["combo_id"].Ints;
            double[] sharpe = file["sharpe_per_period"].Doubles, periods = file["periods"].Doubles, skewness = file["skewness"].Doubles, kurtosis = file["kurtosis"].Doubles;
            IReadOnlyDictionary<int, TrialFigures> trials = await sweeps.TrialFiguresAsync(top.SweepId, combos.Length == 0 ? 0 : file["rank"].Ints[^1], stop);
            return combos.Select((combo, i) => trials.TryGetValue(combo, out TrialFigures? trial) ? trial with { BehaviourKey = "" }
                : new TrialFigures("", (int)periods[i], Known(sharpe[i]), Known(skewness[i]), Known(kurtosis[i]))).ToArray();
        },
        figures => (long)TrialBytes * figures.Length, ct);

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

/// <summary>What a leaderboard has, without its columns.</summary>
/// <param name="Names">The names of all columns that there are.</param>
/// <param name="Written">Those of them that stand in the sweep's file.</param>
/// <param name="Counts">Combos by gate.</param>
public sealed record LeaderboardFacts(IReadOnlyList<string> Names, IReadOnlyList<string> Written, LeaderboardCounts Counts);

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
