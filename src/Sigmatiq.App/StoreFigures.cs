using Sigmatiq.Store.Rows;

namespace Sigmatiq.App;

/// <summary>What the store says of the work under way, as counts.</summary>
/// <param name="Runs">Runs by state.</param>
/// <param name="OutboxWaiting">Messages that have neither arrived nor been given up.</param>
/// <param name="Fires">Decided fires by outcome.</param>
/// <param name="Requests">Decisions about runs that the engine has not followed yet.</param>
/// <param name="Took">How long the store took to answer the smallest of questions.</param>
internal sealed record StoreFigures(
    IReadOnlyDictionary<string, long> Runs, long OutboxWaiting, IReadOnlyDictionary<string, long> Fires, long Requests, TimeSpan Took)
{
    /// <summary>Reads them.</summary>
    public static async Task<StoreFigures> ReadAsync(IRowStore rows, TimeProvider clock, CancellationToken ct)
    {
        long began = clock.GetTimestamp();
        long messages = await rows.FirstAsync<long>("select count(*) from outbox where delivered_at_utc is null", null, ct);
        TimeSpan took = clock.GetElapsedTime(began);
        long open = await rows.FirstAsync<long>("select count(*) from deliveries where delivered_at_utc is null and given_up_at_utc is null", null, ct);
        long requests = await rows.FirstAsync<long>("select count(*) from run_requests where handled_at_utc is null", null, ct);
        return new(
            await ByAsync(rows, "select status as word, count(*) as number from runs group by status", ct), messages + open,
            await ByAsync(rows, "select outcome as word, count(*) as number from schedule_fires group by outcome", ct), requests, took);
    }

    private static async Task<IReadOnlyDictionary<string, long>> ByAsync(IRowStore rows, string sql, CancellationToken ct) => new SortedDictionary<string, long>(
        (await rows.QueryAsync<(string Word, long Number)>(sql, null, ct)).ToDictionary(r => r.Word, r => r.Number), StringComparer.Ordinal);
}
