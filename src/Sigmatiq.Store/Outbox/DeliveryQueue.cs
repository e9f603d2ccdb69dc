using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Outbox;

/// <summary>Effects of a delivery that has come to its end, in the transaction that says so.</summary>
/// <param name="tx">The transaction.</param>
/// <param name="wakeKey">Who waits for it.</param>
/// <param name="ct">Cancels before it is written.</param>
public delegate Task OnSettled(IRowTransaction tx, string wakeKey, CancellationToken ct);

/// <summary>Messages on their way to channels. A claim lasts <see cref="ClaimTerm"/> and carries a number that grows, so that two processes
/// never send the same message at the same time, and one that slept past its claim decides nothing any more.</summary>
/// <param name="rows">The store.</param>
/// <param name="clock">The clock.</param>
/// <param name="onSettled">Wakes who waits.</param>
public sealed class DeliveryQueue(IRowStore rows, TimeProvider clock, OnSettled onSettled)
{
    /// <summary>How long a claimed message is left to its claimant; an attempt must be over by then.</summary>
    public static readonly TimeSpan ClaimTerm = TimeSpan.FromMinutes(2);

    private const string Open = "delivered_at_utc is null and given_up_at_utc is null";

    private const string Columns = "seq, key, channel, kind, subject, enqueued_at_utc, attempts, next_attempt_at_utc, last_error, delivered_at_utc, given_up_at_utc";

    private const string Claim = $$"""
        update deliveries set attempts = attempts + 1, fence = fence + 1, owner = @owner, next_attempt_at_utc = @until
         where seq = (select d.seq from deliveries d
                       where d.channel = @channel and d.delivered_at_utc is null and d.given_up_at_utc is null and d.next_attempt_at_utc <= @now
                         and not exists (select 1 from deliveries e where e.channel = d.channel and e.subject = d.subject and e.seq < d.seq
                                            and e.delivered_at_utc is null and e.given_up_at_utc is null)
                       order by d.seq limit 1 {lock})
           and {{Open}}
        returning seq, key, channel, kind, subject, payload, wake_key, enqueued_at_utc, since_utc, attempts, fence
        """;

    /// <summary>Takes the oldest message of a channel that is due and behind no other of its subject.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="owner">This process.</param>
    /// <param name="ct">Cancels before the claim.</param>
    public Task<Delivery?> ClaimAsync(string channel, string owner, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return rows.InTransactionAsync(tx => tx.FirstOrDefaultAsync<Delivery>(Claim, new { channel, owner, now, until = now + ClaimTerm }, ct), ct);
    }

    /// <summary>Notes that a message has arrived. Also a claimant that is late says so: it is a fact.</summary>
    public Task<bool> DeliveredAsync(Delivery delivery, CancellationToken ct) => SettleAsync(delivery,
        $"update deliveries set delivered_at_utc = @now, given_up_at_utc = null, last_error = null, owner = null where seq = @Seq and delivered_at_utc is null", null, ct);

    /// <summary>Gives a message up, unless somebody else has taken it meanwhile.</summary>
    public Task<bool> GiveUpAsync(Delivery delivery, string error, CancellationToken ct) =>
        SettleAsync(delivery, $"update deliveries set given_up_at_utc = @now, last_error = @error, owner = null where seq = @Seq and fence = @Fence and {Open}", error, ct);

    /// <summary>Puts a message off, unless somebody else has taken it meanwhile.</summary>
    public Task PostponeAsync(Delivery delivery, string error, DateTimeOffset nextUtc, CancellationToken ct) => rows.ExecuteAsync(
        $"update deliveries set last_error = @error, next_attempt_at_utc = @nextUtc, owner = null where seq = @Seq and fence = @Fence and {Open}",
        new { delivery.Seq, delivery.Fence, error, nextUtc }, ct);

    /// <summary>Deliveries, newest first.</summary>
    /// <param name="all">Those that have arrived too.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels the look.</param>
    public Task<IReadOnlyList<DeliveryView>> ListAsync(bool all, int limit, CancellationToken ct) => rows.QueryAsync<DeliveryView>(
        $"select {Columns} from deliveries {(all ? "" : "where delivered_at_utc is null")} order by seq desc limit @limit", new { limit }, ct);

    /// <summary>Messages that no channel has been chosen for yet, newest first; with <paramref name="all"/> also those that nobody wanted.</summary>
    public Task<IReadOnlyList<DeliveryView>> UnroutedAsync(bool all, int limit, CancellationToken ct) => rows.QueryAsync<DeliveryView>(
        $"""
        select seq, key, '' as channel, kind, subject, enqueued_at_utc, attempts, next_attempt_at_utc, last_error, case when 1 = 0 then delivered_at_utc end as delivered_at_utc,
               delivered_at_utc as given_up_at_utc
          from outbox where delivered_at_utc is null {(all ? "or last_error = @Unwanted" : "")} order by seq desc limit @limit
        """, new { limit, OutboxQueue.Unwanted }, ct);

    /// <summary>Channels with something open.</summary>
    public Task<IReadOnlyList<string>> ChannelsAsync(CancellationToken ct) => rows.QueryAsync<string>($"select distinct channel from deliveries where {Open} order by channel", null, ct);

    /// <summary>Where a message stands.</summary>
    public async Task<Arrival> ArrivalAsync(string key, CancellationToken ct)
    {
        IReadOnlyList<DeliveryView> found = await rows.QueryAsync<DeliveryView>($"select {Columns} from deliveries where key = @key order by seq", new { key }, ct);
        return new(found.Count, found.Count(d => d.Status == "delivered"), found.Count(d => d.Status == "given_up"), found.LastOrDefault(d => d.LastError is not null)?.LastError);
    }

    /// <summary>Tries again at once what has not arrived, also what was given up: its age and attempts count anew.</summary>
    /// <param name="key">One message; null takes all that were given up.</param>
    /// <param name="ct">Cancels before anything is written.</param>
    /// <returns>How many deliveries are open again.</returns>
    /// <exception cref="ProblemException">OUT-1012: no delivery of this key is open or given up.</exception>
    public async Task<int> RetryAsync(string? key, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        // Not what is being sent right now: its claim would come to two at once.
        int opened = await rows.ExecuteAsync(
            $"""
            update deliveries set given_up_at_utc = null, attempts = 0, fence = fence + 1, next_attempt_at_utc = @now, since_utc = @now
             where delivered_at_utc is null and (owner is null or next_attempt_at_utc <= @now)
               and {(key is null ? "given_up_at_utc is not null" : "key = @key and (given_up_at_utc is not null or last_error is not null)")}
            """, new { key, now }, ct);
        return opened > 0 || key is null ? opened : throw new ProblemException(
            "OUT-1012", $"Nothing of the message '{key}' failed.", key, "See 'sigmatiq outbox list --all'.", ExitCode.BadUsage);
    }

    private Task<bool> SettleAsync(Delivery delivery, string sql, string? error, CancellationToken ct) => rows.InTransactionAsync(async tx =>
    {
        bool isFirst = await tx.ExecuteAsync(sql, new { delivery.Seq, delivery.Fence, error, now = clock.GetUtcNow() }, ct) == 1;
        if (isFirst && delivery.WakeKey is { } wakeKey
            && await tx.FirstAsync<int>($"select count(*) from deliveries where key = @Key and {Open}", new { delivery.Key }, ct) == 0)
        {
            await onSettled(tx, wakeKey, ct);
        }

        return isFirst;
    }, ct);
}
