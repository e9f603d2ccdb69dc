using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Outbox;

/// <summary>Messages written in the transaction that caused them and delivered after it, so that neither exists without the other.</summary>
/// <remarks>Outside effects are delivered at least once (<see cref="DispatchAsync"/>): the receiver drops a second one by its key.
/// Effects in the store happen exactly once (<see cref="ApplyAsync"/>): effect and mark share a transaction.</remarks>
public sealed class OutboxQueue(IRowStore store, TimeProvider clock)
{
    /// <summary>After this a message whose deliverer died is taken up again.</summary>
    public static readonly TimeSpan DeliveryTerm = TimeSpan.FromMinutes(1);

    /// <summary>Why a message went to no channel.</summary>
    public const string Unwanted = "no route takes this kind";

    private static readonly TimeSpan RetryFirst = TimeSpan.FromSeconds(2), RetryMax = TimeSpan.FromMinutes(10);

    private const string Claim = """
        update outbox set attempts = attempts + 1, next_attempt_at_utc = @Until
         where seq = (select seq from outbox where delivered_at_utc is null and next_attempt_at_utc <= @Now
                       and kind in @Kinds order by seq limit 1 {lock})
           and delivered_at_utc is null
        returning seq, key, kind, payload, attempts
        """;

    /// <summary>Adds a message to a transaction; a key that is there already adds nothing.</summary>
    /// <param name="tx">The transaction that caused it.</param>
    /// <param name="key">Makes it one message.</param>
    /// <param name="kind">What it is, e.g. <c>alert.workflow</c>.</param>
    /// <param name="payload">JSON.</param>
    /// <param name="ct">Cancels before it is written.</param>
    /// <param name="subject">What it is about: a channel gets messages of one subject in their order. Null lets it overtake.</param>
    /// <param name="wakeKey">Whoever waits for its arrival is woken by this key; null wakes nobody.</param>
    /// <returns>Whether it is new.</returns>
    public async Task<bool> EnqueueAsync(
        IRowTransaction tx, string key, string kind, JsonNode? payload, CancellationToken ct, string? subject = null, string? wakeKey = null)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return await tx.ExecuteAsync("""
            insert into outbox (key, kind, payload, enqueued_at_utc, next_attempt_at_utc, subject, wake_key)
            values (@Key, @Kind, @Payload, @Now, @Now, @Subject, @WakeKey)
            on conflict (key) do nothing
            """, new { Key = key, Kind = kind, Payload = CanonicalJson.Text(payload), Now = now, Subject = subject, WakeKey = wakeKey }, ct) == 1;
    }

    /// <summary>Hands everything that waits to the channels that want it: a message leaves the outbox in the transaction that writes its
    /// deliveries.</summary>
    /// <param name="route">Names the channels of a message; none where nobody wants to know.</param>
    /// <param name="ct">Stops between batches.</param>
    /// <returns>How many messages left the outbox.</returns>
    public async Task<int> RouteAsync(Func<OutboxMessage, IReadOnlyList<string>> route, CancellationToken ct)
    {
        int routed = 0;
        while (true)
        {
            // A look every second must not queue among the writers for nothing.
            if (await store.FirstAsync<int>("select count(*) from (select seq from outbox where delivered_at_utc is null limit 1) one", null, ct) == 0)
            {
                return routed;
            }

            int batch = await store.InTransactionAsync(async tx =>
            {
                IReadOnlyList<Waiting> found = await tx.QueryAsync<Waiting>(
                    "select seq, key, kind, payload, attempts, enqueued_at_utc, subject, wake_key from outbox where delivered_at_utc is null order by seq limit 100 {lock}", null, ct);
                foreach (Waiting w in found)
                {
                    IReadOnlyList<string> channels = route(new(w.Seq, w.Key, w.Kind, w.Payload, w.Attempts));
                    await tx.ExecuteAsync("""
                        insert into deliveries (key, channel, kind, subject, payload, wake_key, enqueued_at_utc, since_utc, next_attempt_at_utc)
                        values (@Key, @Channel, @Kind, @Subject, @Payload, @WakeKey, @EnqueuedAtUtc, @EnqueuedAtUtc, @EnqueuedAtUtc) on conflict (key, channel) do nothing
                        """, channels.Select(c => new { w.Key, Channel = c, w.Kind, w.Subject, w.Payload, w.WakeKey, w.EnqueuedAtUtc }).ToList(), ct);
                    await tx.ExecuteAsync("update outbox set delivered_at_utc = @Now, last_error = @Why where seq = @Seq",
                        new { w.Seq, Now = clock.GetUtcNow(), Why = channels.Count == 0 ? Unwanted : null }, ct);
                }

                return found.Count;
            }, ct);
            routed += batch;
            if (batch == 0)
            {
                // Another process has them.
                return routed;
            }
        }
    }

    /// <summary>Delivers what is due of these kinds, oldest first; a message that fails waits longer each time and holds up no other.</summary>
    /// <param name="kinds">Which kinds the deliverer understands.</param>
    /// <param name="deliver">Sends one message; throwing means not delivered.</param>
    /// <param name="ct">Stops between messages; a delivery that it breaks off is repeated after <see cref="DeliveryTerm"/>.</param>
    /// <returns>How many were delivered.</returns>
    public async Task<int> DispatchAsync(IReadOnlyList<string> kinds, Func<OutboxMessage, CancellationToken, Task> deliver, CancellationToken ct)
    {
        int delivered = 0;
        while (await ClaimAsync(kinds, ct) is { } message)
        {
            try
            {
                await deliver(message, ct);
            }
            catch (Exception e) when (!(e is OperationCanceledException && ct.IsCancellationRequested))
            {
                await PostponeAsync(message, e.Message, ct);
                continue;
            }

            await MarkAsync(store, message, ct);
            delivered++;
        }

        return delivered;
    }

    /// <summary>Applies what is due of these kinds to the store, each with its mark in one transaction.</summary>
    /// <inheritdoc cref="DispatchAsync"/>
    public async Task<int> ApplyAsync(IReadOnlyList<string> kinds, Func<OutboxMessage, IRowTransaction, Task> apply, CancellationToken ct)
    {
        int applied = 0;
        while (await ClaimAsync(kinds, ct) is { } message)
        {
            try
            {
                applied += await store.InTransactionAsync(async tx =>
                {
                    // Marked first: who finds it marked by another does nothing.
                    int mine = await MarkAsync(tx, message, ct);
                    if (mine == 1)
                    {
                        await apply(message, tx);
                    }

                    return mine;
                }, ct);
            }
            catch (Exception e) when (!(e is OperationCanceledException && ct.IsCancellationRequested))
            {
                await PostponeAsync(message, e.Message, ct);
            }
        }

        return applied;
    }

    /// <summary>Messages not delivered yet.</summary>
    public Task<int> CountPendingAsync(CancellationToken ct) =>
        store.FirstAsync<int>("select count(*) from outbox where delivered_at_utc is null", null, ct);

    private Task<OutboxMessage?> ClaimAsync(IReadOnlyList<string> kinds, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        DateTimeOffset now = clock.GetUtcNow();
        return store.InTransactionAsync(
            tx => tx.FirstOrDefaultAsync<OutboxMessage>(Claim, new { Now = now, Until = now + DeliveryTerm, Kinds = kinds }, ct), ct);
    }

    private Task<int> MarkAsync(IRows rows, OutboxMessage message, CancellationToken ct) =>
        rows.ExecuteAsync("update outbox set delivered_at_utc = @Now, last_error = null where seq = @Seq and delivered_at_utc is null",
            new { message.Seq, Now = clock.GetUtcNow() }, ct);

    private Task<int> PostponeAsync(OutboxMessage message, string error, CancellationToken ct)
    {
        TimeSpan wait = RetryFirst * Math.Pow(2, Math.Min(message.Attempts - 1, 20));
        return store.ExecuteAsync("update outbox set last_error = @Error, next_attempt_at_utc = @Next where seq = @Seq and delivered_at_utc is null",
            new { message.Seq, Error = error, Next = clock.GetUtcNow() + (wait < RetryMax ? wait : RetryMax) }, ct);
    }

    private sealed record Waiting(long Seq, string Key, string Kind, string Payload, int Attempts, DateTimeOffset EnqueuedAtUtc, string? Subject, string? WakeKey);
}
