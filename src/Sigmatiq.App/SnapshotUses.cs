using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App;

/// <summary>What uses a snapshot of bars: it stays for as long as anything does.</summary>
/// <param name="rows">The store.</param>
/// <param name="bars">The bars.</param>
internal sealed class SnapshotUses(IRowStore rows, BarStore bars)
{
    private const int NamedMax = 100;

    // A run's journal names the snapshots that its steps were pinned to, so that 'reproduce' finds them.
    private const string Used = """
        select count(*) from (
            select 1 from sweeps where data_snapshot_id = @Id
            union all select 1 from training_jobs where data_snapshot_id = @Id
            union all select 1 from trained_models where data_snapshot_id = @Id
            union all select 1 from run_events where body like '%' || @Id || '%'
            union all select 1 from runs where parameters like '%' || @Id || '%') as uses
        """;

    /// <summary>Whether a sweep, a training, a trained model or a run names it.</summary>
    public async Task<bool> IsUsedAsync(ContentHash id, CancellationToken ct) => await rows.FirstAsync<long>(Used, new { Id = id.Hex }, ct) > 0;

    /// <summary>How many sweeps, trainings and trained models name each snapshot.</summary>
    public async Task<ILookup<string, (string Kind, long Count)>> CountedAsync(CancellationToken ct) => (await rows.QueryAsync<(string Id, string Kind, long Count)>(
        """
        select data_snapshot_id as id, 'sweeps' as kind, count(*) as count from sweeps group by data_snapshot_id
        union all select data_snapshot_id, 'trainings', count(*) from training_jobs group by data_snapshot_id
        union all select data_snapshot_id, 'trained_models', count(*) from trained_models group by data_snapshot_id
        """, null, ct)).ToLookup(r => r.Id, r => (r.Kind, r.Count), StringComparer.Ordinal);

    /// <summary>The ids of what names a snapshot, at most a hundred of each kind.</summary>
    public async Task<(IReadOnlyList<string> Sweeps, IReadOnlyList<string> Trainings, IReadOnlyList<string> Models, IReadOnlyList<string> Runs)> NamedAsync(ContentHash id, CancellationToken ct)
    {
        await bars.FindAsync(id, ct);
        Task<IReadOnlyList<string>> AskAsync(string sql) => rows.QueryAsync<string>($"{sql} limit {NamedMax}", new { Id = id.Hex }, ct);
        return (
            await AskAsync("select sweep_id from sweeps where data_snapshot_id = @Id order by sweep_id desc"),
            await AskAsync("select job_id from training_jobs where data_snapshot_id = @Id order by job_id desc"),
            await AskAsync("select trained_model_id from trained_models where data_snapshot_id = @Id order by trained_model_id desc"),
            await AskAsync(
                """
                select distinct run_id from (
                    select run_id from run_events where body like '%' || @Id || '%' union all select run_id from runs where parameters like '%' || @Id || '%') as named order by run_id desc
                """));
    }
}
