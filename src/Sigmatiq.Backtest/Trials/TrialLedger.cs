using System.Globalization;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Backtest.Trials;

/// <summary>One evaluation on a hypothesis (spec 08 §8.10).</summary>
/// <param name="ConfigHash">Which config.</param>
/// <param name="DataSnapshotId">On which bars.</param>
/// <param name="BehaviourKey">What it did there: trials with the same are rows, and count once. Null for duplicates of before that was kept.</param>
/// <param name="Kind"><c>sweep</c> or <c>tuning</c>.</param>
/// <param name="IsDuplicate">Whether another combo of its sweep has the same trades.</param>
/// <param name="Periods">Number of returns T.</param>
/// <param name="SharpePerPeriod">Sharpe ratio per return, never annual; null where the returns do not vary, or no backtest was made.</param>
/// <param name="Skewness">g₃ of the returns.</param>
/// <param name="Kurtosis">g₄ of the returns, 3 for a normal.</param>
/// <param name="SourceId">The sweep or training that evaluated it first.</param>
/// <param name="ComboId">Its number there.</param>
public sealed record Trial(
    string ConfigHash, string DataSnapshotId, string? BehaviourKey, string Kind, bool IsDuplicate, int Periods, double? SharpePerPeriod, double? Skewness,
    double? Kurtosis, string SourceId, int ComboId);

/// <summary>What deflated Sharpe needs of a ledger.</summary>
/// <param name="Raw">All rows.</param>
/// <param name="Different">Different behaviours: K.</param>
/// <param name="SharpeVariance">Sample variance of the per-period Sharpe over the different trials that have one; null under two.</param>
public sealed record TrialCount(int Raw, int Different, double? SharpeVariance);

/// <summary>One tuning run of a training.</summary>
/// <param name="ConfigHash">Its identity: the combo's config with the hyperparameters that were tried.</param>
/// <param name="Number">Its number within the training, from 1.</param>
/// <param name="Figures">Its backtest, where one was made; a tuning run that was only scored counts in K and not in the variance.</param>
public sealed record TuningTrial(string ConfigHash, int Number, TrialFigures? Figures = null);

/// <summary>Every evaluation there ever was, across sweeps, users and months; tuning runs of a training too. Rows are only ever added.</summary>
/// <param name="rows">The rows.</param>
/// <param name="kept">Where counts are kept that were made once; null keeps none. A count depends on its trials alone, and since these are only ever added,
/// their number says which they are.</param>
public sealed class TrialLedger(IRowStore rows, KeptByContent? kept = null)
{
    // Kinship goes on: a version whose rules changed has the name of its parent, a copy of that version its rules. Without the steps between,
    // changing a rule and then the name would start the count anew.
    private const string Family = """
        with recursive family (hypothesis, name) as (
            select hypothesis_key, lineage from trial_kin where hypothesis_key = @Key or lineage = @Lineage
            union
            select k.hypothesis_key, k.lineage from trial_kin k join family f on k.hypothesis_key = f.hypothesis or k.lineage = f.name)
        """;

    // Every name of a hypothesis of the family is in the family.
    private const string OfFamily = "where hypothesis_key in (select hypothesis from family)";

    private const string Kinship = "insert into trial_kin (hypothesis_key, lineage) values (@Key, @Lineage) on conflict do nothing";

    private const string Insert = """
        insert into trials (hypothesis_key, config_hash, data_snapshot_id, range_key, behaviour_key, lineage, synthetic, kind, duplicate, periods, sharpe_per_period,
            skewness, kurtosis, source_id, combo_id, at_utc)
        values (@Key, @ConfigHash, @DataSnapshotId, @Range, @BehaviourKey, @Lineage, @Synthetic, @Kind, @Duplicate, @Periods, @SharpePerPeriod,
            @Skewness, @Kurtosis, @SourceId, @ComboId, @Now)
        on conflict (hypothesis_key, config_hash, data_snapshot_id, range_key) do nothing
        """;

    private readonly KeptByContent kept = kept ?? new(0);

    /// <summary>Enters the combos of a sweep, in the transaction that completes it. The same config on the same bars is entered once.</summary>
    /// <returns>How many rows are new.</returns>
    internal static Task<int> AddAsync(IRowTransaction tx, SweepResult result, string sweepId, DateTimeOffset now, CancellationToken ct)
    {
        Hypothesis hypothesis = result.Work.Hypothesis;
        string range = RangeOf(SweepSpan.Of(result.Inputs));
        return AddAsync(
            tx, hypothesis,
            result.Combos.Select(c =>
            {
                TrialFigures figures = c.Robust.Trial ?? TrialFigures.Of(c.Account.Path, c.Metrics);
                return new
                {
                    Key = hypothesis.Key.Hex, ConfigHash = c.ConfigHash.Hex, result.Work.DataSnapshotId, Range = range, figures.BehaviourKey, hypothesis.Lineage,
                    Synthetic = result.Work.IsSynthetic, Kind = "sweep", Duplicate = c.DuplicateOf is not null, figures.Periods, figures.SharpePerPeriod,
                    figures.Skewness, figures.Kurtosis, SourceId = sweepId, c.ComboId, Now = now,
                };
            }), ct);
    }

    /// <summary>Enters the tuning runs of a training, in the transaction that completes it. The same run on the same bars is entered once, so a
    /// training that was killed and runs again counts none twice.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="stored">The sweep whose combo is trained: its hypothesis, its bars, its selection window.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="sourceId">The training.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>How many rows are new.</returns>
    public static Task<int> AddTuningAsync(
        IRowTransaction tx, StoredSweep stored, IEnumerable<TuningTrial> runs, string sourceId, DateTimeOffset now, CancellationToken ct) => AddAsync(
        tx, stored.Hypothesis,
        runs.Select(r => new
        {
            Key = stored.Hypothesis.Key.Hex, r.ConfigHash, stored.DataSnapshotId, Range = RangeOf(stored.Span),
            BehaviourKey = r.Figures?.BehaviourKey ?? r.ConfigHash, stored.Hypothesis.Lineage, Synthetic = stored.IsSynthetic, Kind = "tuning", Duplicate = false,
            Periods = r.Figures?.Periods ?? 0, r.Figures?.SharpePerPeriod, r.Figures?.Skewness, r.Figures?.Kurtosis, SourceId = sourceId, ComboId = r.Number, Now = now,
        }), ct);

    /// <summary>The trials on a hypothesis: those of its content, those of its name where the rules were changed since, and those of whatever
    /// these are kin to in the same way.</summary>
    public Task<IReadOnlyList<Trial>> ListAsync(Hypothesis hypothesis, CancellationToken ct) => rows.QueryAsync<Trial>(
        $"""
        {Family}
        select config_hash, data_snapshot_id, behaviour_key, kind, duplicate as is_duplicate, periods, sharpe_per_period, skewness, kurtosis, source_id, combo_id
        from trials {OfFamily} order by at_utc, source_id, combo_id
        """,
        new { Key = hypothesis.Key.Hex, hypothesis.Lineage }, ct);

    /// <summary>How many trials a hypothesis has had. Trials that did the same on the same bars count once, with the best Sharpe ratio of their
    /// sizes: that is the one a leaderboard shows first, and it does not depend on which of them came first.</summary>
    public async Task<TrialCount> CountAsync(Hypothesis hypothesis, CancellationToken ct)
    {
        var key = new { Key = hypothesis.Key.Hex, hypothesis.Lineage };
        IReadOnlyList<Tried> tried = await rows.QueryAsync<Tried>(
            $"{Family} select hypothesis_key, count(*) as trials from trials {OfFamily} group by hypothesis_key order by hypothesis_key", key, ct);
        return await kept.GetAsync(
            string.Join('\n', tried.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.HypothesisKey} {t.Trials}")).Prepend("count of trials")),
            async stop =>
            {
                IReadOnlyList<double?> best = await rows.QueryAsync<double?>(
                    $"""
                    {Family}
                    select max(sharpe_per_period) from trials {OfFamily} and behaviour_key is not null
                    group by data_snapshot_id, behaviour_key order by data_snapshot_id, behaviour_key
                    """,
                    key, stop);
                return new TrialCount((int)tried.Sum(t => t.Trials), best.Count, OverfitReport.VarianceOf([.. best.OfType<double>()]));
            },
            _ => 200, ct);
    }

    /// <summary>What the ledger as it stands says of a sweep's combos.</summary>
    public async Task<Deflation> DeflationAsync(StoredSweep stored, CancellationToken ct) => new(await CountAsync(stored.Hypothesis, ct));

    private static async Task<int> AddAsync<T>(IRowTransaction tx, Hypothesis hypothesis, IEnumerable<T> trials, CancellationToken ct)
    {
        await tx.ExecuteAsync(Kinship, new { Key = hypothesis.Key.Hex, hypothesis.Lineage }, ct);
        return await tx.ExecuteAsync(Insert, trials.ToList(), ct);
    }

    private static string RangeOf(SweepSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.FirstUtcUs}-{span.LastUtcUs}");

    private sealed record Tried(string HypothesisKey, long Trials);
}
