using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Backtest.Trials;

/// <summary>One look at a hold-out.</summary>
/// <param name="EffectKey">Which piece of work looked.</param>
/// <param name="HoldoutId">At which hold-out.</param>
/// <param name="Number">The how-manieth, from 1: the second combo tried on one hold-out is shown as such.</param>
/// <param name="ConfigHash">With which config.</param>
/// <param name="SourceId">The training or evidence that looked.</param>
/// <param name="AtUtc">When.</param>
public sealed record HoldoutLook(string EffectKey, string HoldoutId, int Number, string ConfigHash, string SourceId, DateTimeOffset AtUtc);

/// <summary>Looks at hold-outs, numbered per hold-out (spec 03 §3.4, 08 §8.10). Rows are only ever added.</summary>
public sealed class HoldoutLooks(IRowStore rows, TimeProvider clock)
{
    private const string Columns = "effect_key, holdout_id, number, config_hash, source_id, at_utc";

    /// <summary>The id of a hold-out: the bars and the part of them.</summary>
    /// <param name="dataSnapshotId">Hash of the bars.</param>
    /// <param name="firstUtcUs">Its first bar, microseconds since 1970 UTC.</param>
    /// <param name="lastUtcUs">Its last bar.</param>
    public static string IdOf(string dataSnapshotId, long firstUtcUs, long lastUtcUs) =>
        ContentHash.OfJson(new JsonObject { ["data_snapshot_id"] = dataSnapshotId, ["first_us"] = firstUtcUs, ["last_us"] = lastUtcUs }).Hex;

    /// <summary>Enters a look; the same effect key again returns the look that is there.</summary>
    public Task<HoldoutLook> RecordAsync(string holdoutId, string configHash, string sourceId, string effectKey, CancellationToken ct) =>
        rows.InTransactionAsync(async tx =>
        {
            await tx.ExecuteAsync(
                $"""
                insert into holdout_looks ({Columns})
                select @EffectKey, @HoldoutId, 1 + (select count(*) from holdout_looks where holdout_id = @HoldoutId), @ConfigHash, @SourceId, @Now
                where not exists (select 1 from holdout_looks where effect_key = @EffectKey)
                """,
                new { EffectKey = effectKey, HoldoutId = holdoutId, ConfigHash = configHash, SourceId = sourceId, Now = clock.GetUtcNow() }, ct);
            return await tx.FirstAsync<HoldoutLook>($"select {Columns} from holdout_looks where effect_key = @Key", new { Key = effectKey }, ct);
        }, ct);

    /// <summary>The looks at a hold-out so far, in order.</summary>
    public Task<IReadOnlyList<HoldoutLook>> ListAsync(string holdoutId, CancellationToken ct) => rows.QueryAsync<HoldoutLook>(
        $"select {Columns} from holdout_looks where holdout_id = @Id order by number", new { Id = holdoutId }, ct);
}
