using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Outbox;

public abstract class DeliveryQueueTests(StoreEngine engine) : IAsyncLifetime
{
    private readonly List<string> woken = [];
    private StoreFixture store = null!;
    private OutboxQueue outbox = null!;
    private DeliveryQueue queue = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await StoreFixture.CreateAsync(engine);
        outbox = new(store.Rows, store.Clock);
        queue = QueueOn(store.Rows);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_message_leaves_the_outbox_for_every_channel_that_wants_it_once()
    {
        await EnqueueAsync("k1");
        (await outbox.RouteAsync(_ => ["a", "b"], Ct)).Should().Be(1);
        (await outbox.RouteAsync(_ => ["a", "b"], Ct)).Should().Be(0);
        (await queue.ListAsync(all: true, 10, Ct)).Select(d => (d.Key, d.Channel, d.Status)).Should().BeEquivalentTo([("k1", "a", "pending"), ("k1", "b", "pending")]);
        (await outbox.CountPendingAsync(Ct)).Should().Be(0);
    }

    [Fact]
    public async Task A_message_that_nobody_wants_is_shown_as_such()
    {
        await EnqueueAsync("k1");
        await outbox.RouteAsync(_ => [], Ct);
        (await queue.UnroutedAsync(all: false, 10, Ct)).Should().BeEmpty();
        (await queue.UnroutedAsync(all: true, 10, Ct)).Should().ContainSingle().Which.LastError.Should().Be(OutboxQueue.Unwanted);
    }

    [Fact]
    public async Task Two_processes_never_have_one_message_at_the_same_time()
    {
        IRowStore other = await store.OpenAgainAsync();
        for (int i = 0; i < 40; i++)
        {
            await EnqueueAsync($"k{i}");
        }

        await outbox.RouteAsync(_ => ["a"], Ct);
        System.Collections.Concurrent.ConcurrentBag<string> claimed = [];
        await Task.WhenAll(new[] { queue, QueueOn(other), queue, QueueOn(other) }.Select((q, i) => Task.Run(async () =>
        {
            while (await q.ClaimAsync("a", $"p{i}", Ct) is { } mine)
            {
                claimed.Add(mine.Key);
            }
        }, Ct)));
        claimed.Should().HaveCount(40).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_claimant_that_slept_past_its_claim_decides_nothing_but_may_say_that_it_arrived()
    {
        await EnqueueAsync("k1");
        await outbox.RouteAsync(_ => ["a"], Ct);
        Delivery frozen = (await queue.ClaimAsync("a", "frozen", Ct))!;
        (await queue.ClaimAsync("a", "second", Ct)).Should().BeNull();
        store.Clock.Advance(DeliveryQueue.ClaimTerm);
        Delivery second = (await queue.ClaimAsync("a", "second", Ct))!;
        second.Fence.Should().Be(frozen.Fence + 1);

        await queue.PostponeAsync(frozen, "late", store.Clock.GetUtcNow() + TimeSpan.FromDays(9), Ct);
        (await queue.GiveUpAsync(frozen, "late", Ct)).Should().BeFalse();
        (await OneAsync()).Should().Match<DeliveryView>(d => d.LastError == null && d.GivenUpAtUtc == null);
        (await queue.DeliveredAsync(frozen, Ct)).Should().BeTrue();
        (await queue.DeliveredAsync(second, Ct)).Should().BeFalse("it is one arrival");
    }

    [Fact]
    public async Task Messages_of_one_subject_keep_their_order_and_hold_up_no_other()
    {
        await EnqueueAsync("x1", "x");
        await EnqueueAsync("x2", "x");
        await EnqueueAsync("y1", "y");
        await EnqueueAsync("free");
        await outbox.RouteAsync(_ => ["a"], Ct);
        Delivery x1 = (await queue.ClaimAsync("a", "p", Ct))!;
        await queue.PostponeAsync(x1, "down", store.Clock.GetUtcNow() + TimeSpan.FromMinutes(1), Ct);
        (await ClaimAllAsync()).Should().Equal("y1", "free");
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        x1 = (await queue.ClaimAsync("a", "p", Ct))!;
        x1.Key.Should().Be("x1");
        await queue.GiveUpAsync(x1, "gone", Ct);
        (await ClaimAllAsync()).Should().Contain("x2", "what was given up is in nobody's way");
    }

    [Fact]
    public async Task Who_waits_is_woken_once_when_the_last_channel_has_settled()
    {
        await EnqueueAsync("k1", wakeKey: "w1");
        await outbox.RouteAsync(_ => ["a", "b"], Ct);
        await queue.DeliveredAsync((await queue.ClaimAsync("a", "p", Ct))!, Ct);
        woken.Should().BeEmpty();
        await queue.GiveUpAsync((await queue.ClaimAsync("b", "p", Ct))!, "gone", Ct);
        woken.Should().Equal("w1");
        (await queue.ArrivalAsync("k1", Ct)).Should().Be(new Arrival(2, 1, 1, "gone"));
    }

    [Fact]
    public async Task What_was_given_up_is_sent_again_when_a_person_asks()
    {
        await EnqueueAsync("k1");
        await outbox.RouteAsync(_ => ["a"], Ct);
        await queue.GiveUpAsync((await queue.ClaimAsync("a", "p", Ct))!, "gone", Ct);
        (await queue.ClaimAsync("a", "p", Ct)).Should().BeNull();
        store.Clock.Advance(TimeSpan.FromDays(30));
        (await queue.RetryAsync(null, Ct)).Should().Be(1);
        Delivery again = (await queue.ClaimAsync("a", "p", Ct))!;
        (again.Attempts, again.Fence, again.SinceUtc).Should().Be((1, 3L, store.Clock.GetUtcNow()));
        again.EnqueuedAtUtc.Should().BeBefore(again.SinceUtc, "the message says when it was written");
        (await FluentActions.Awaiting(() => queue.RetryAsync("k1", Ct)).Should().ThrowAsync<ProblemException>("it is being sent right now"))
            .Which.Problem.Code.Should().Be("OUT-1012");
    }

    private DeliveryQueue QueueOn(IRowStore rows) => new(rows, store.Clock, (_, key, _) =>
    {
        woken.Add(key);
        return Task.CompletedTask;
    });

    private Task EnqueueAsync(string key, string? subject = null, string? wakeKey = null) =>
        store.Rows.InTransactionAsync(tx => outbox.EnqueueAsync(tx, key, "mail", null, Ct, subject, wakeKey), Ct);

    private async Task<DeliveryView> OneAsync() => (await queue.ListAsync(all: true, 10, Ct)).Single();

    private async Task<List<string>> ClaimAllAsync()
    {
        List<string> keys = [];
        while (await queue.ClaimAsync("a", "p", Ct) is { } mine)
        {
            keys.Add(mine.Key);
        }

        return keys;
    }
}

public sealed class DeliveryQueueOnSqliteTests() : DeliveryQueueTests(StoreEngine.Sqlite);

public sealed class DeliveryQueueOnPostgresTests() : DeliveryQueueTests(StoreEngine.Postgres);
