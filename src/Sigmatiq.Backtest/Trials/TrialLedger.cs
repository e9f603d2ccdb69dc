using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Backtest.Trials;

/// <summary>One combo once evaluated on a hypothesis (spec 08 §8.10).</summary>
/// <param name="ConfigHash">Which config.</param>
/// <param name="DataSnapshotId">On which bars.</param>
/// <param name="IsDuplicate">Whether another combo of its sweep has the same trades: it is a row, and counts once with that one.</param>
/// <param name="Periods">Number of returns T.</param>
/// <param name="SharpePerPeriod">Sharpe ratio per return, never annual; null where the returns do not vary.</param>
/// <param name="Skewness">g₃ of the returns.</param>
/// <param name="Kurtosis">g₄ of the returns, 3 for a normal.</param>
/// <param name="SourceId">The sweep or training that evaluated it first.</param>
/// <param name="ComboId">Its number there.</param>
public sealed record Trial(
    string ConfigHash, string DataSnapshotId, bool IsDuplicate, int Periods, double? SharpePerPeriod, double? Skewness, double? Kurtosis, string SourceId, int ComboId);

/// <summary>What deflated Sharpe needs of a ledger.</summary>
/// <param name="Raw">All rows.</param>
/// <param name="Different">Rows without duplicates: K.</param>
/// <param name="SharpeVariance">Sample variance of the per-period Sharpe over the different trials that have one; null under two.</param>
public sealed record TrialCount(int Raw, int Different, double? SharpeVariance);

/// <summary>Every combo ever evaluated, across sweeps, users and months. Rows are only ever added.</summary>
public sealed class TrialLedger(IRowStore rows)
{
    private const string OfHypothesis = "where hypothesis_key = @Key or lineage = @Lineage";

    /// <summary>Enters the combos of a sweep, in the transaction that completes it. The same config on the same data is entered once.</summary>
    /// <returns>How many rows are new.</returns>
    internal static Task<int> AddAsync(IRowTransaction tx, SweepResult result, string sweepId, DateTimeOffset now, CancellationToken ct)
    {
        Hypothesis hypothesis = result.Work.Hypothesis;
        return tx.ExecuteAsync(
            """
            insert into trials (hypothesis_key, config_hash, data_snapshot_id, lineage, synthetic, kind, duplicate, periods, sharpe_per_period, skewness, kurtosis,
                source_id, combo_id, at_utc)
            values (@Key, @ConfigHash, @DataSnapshotId, @Lineage, @Synthetic, 'sweep', @Duplicate, @Periods, @SharpePerPeriod, @Skewness, @Kurtosis,
                @SweepId, @ComboId, @Now)
            on conflict (hypothesis_key, config_hash, data_snapshot_id) do nothing
            """,
            result.Combos.Select(c => new
            {
                Key = hypothesis.Key.Hex, ConfigHash = c.ConfigHash.Hex, result.Work.DataSnapshotId, hypothesis.Lineage, Synthetic = result.Work.IsSynthetic,
                Duplicate = c.DuplicateOf is not null, c.Metrics.Periods, c.Metrics.SharpePerPeriod, c.Metrics.Skewness, c.Metrics.Kurtosis, SweepId = sweepId,
                c.ComboId, Now = now,
            }).ToList(), ct);
    }

    /// <summary>The trials on a hypothesis: those of its content, and those of its name where the rules were changed since.</summary>
    public Task<IReadOnlyList<Trial>> ListAsync(Hypothesis hypothesis, CancellationToken ct) => rows.QueryAsync<Trial>(
        $"""
        select config_hash, data_snapshot_id, duplicate as is_duplicate, periods, sharpe_per_period, skewness, kurtosis, source_id, combo_id
        from trials {OfHypothesis} order by at_utc, source_id, combo_id
        """,
        new { Key = hypothesis.Key.Hex, hypothesis.Lineage }, ct);

    /// <summary>How many trials a hypothesis has had.</summary>
    public async Task<TrialCount> CountAsync(Hypothesis hypothesis, CancellationToken ct)
    {
        IReadOnlyList<Trial> trials = await ListAsync(hypothesis, ct);
        double[] sharpes = [.. trials.Where(t => !t.IsDuplicate).Select(t => t.SharpePerPeriod).OfType<double>()];
        double? variance = null;
        if (sharpes.Length > 1)
        {
            double mean = sharpes.Sum() / sharpes.Length;
            variance = sharpes.Sum(s => (s - mean) * (s - mean)) / (sharpes.Length - 1);
        }

        return new(trials.Count, trials.Count(t => !t.IsDuplicate), variance);
    }
}
