using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Leases;

/// <summary>The one clock by which processes on several machines judge expiries: the server's own. An SQLite file is on one machine, whose
/// clock all its processes share.</summary>
/// <param name="machine">This machine's clock, for SQLite.</param>
public sealed class StoreClock(TimeProvider machine)
{
    // As UtcText writes it.
    private const string ServerNow = """select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""";

    /// <summary>The store's now. Time goes on after it was read, so a claim judged by it may wait a moment too long, never too short.</summary>
    public async Task<DateTimeOffset> NowAsync(IRows rows, CancellationToken ct) =>
        rows.Dialect == SqlDialect.Postgres ? UtcText.Parse(await rows.FirstAsync<string>(ServerNow, null, ct)) : machine.GetUtcNow();
}
