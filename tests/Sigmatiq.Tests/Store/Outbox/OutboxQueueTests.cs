using System.Text.Json.Nodes;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Outbox;

public abstract class OutboxQueueTests(StoreEngine engine) : IAsyncLifetime
{
    private StoreFixture store = null!;
    private OutboxQueue outbox = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await StoreFixture.CreateAsync(engine);
        outbox = new(store.Rows, store.Clock);
    }

    [Fact]
    public async Task The_same_key_twice_is_one_message()
    {
        (await EnqueueAsync("k1")).Should().BeTrue();
        (await EnqueueAsync("k1")).Should().BeFalse();
        (await outbox.CountPendingAsync(Ct)).Should().Be(1);
        (await DispatchAsync()).Should().Equal("k1");
        (await EnqueueAsync("k1")).Should().BeFalse("it has been delivered already");
        (await DispatchAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_message_of_a_transaction_that_fails_never_existed()
    {
        Func<Task> act = () => store.Rows.InTransactionAsync(async tx =>
        {
            await outbox.EnqueueAsync(tx, "k1", "mail", null, Ct);
            throw new TimeoutException();
        }, Ct);
        await act.Should().ThrowAsync<TimeoutException>();
        (await DispatchAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Messages_are_delivered_in_order_and_only_of_the_kinds_asked_for()
    {
        await EnqueueAsync("k1");
        await EnqueueAsync("k2", "webhook");
        await EnqueueAsync("k3");
        (await DispatchAsync()).Should().Equal("k1", "k3");
        (await outbox.CountPendingAsync(Ct)).Should().Be(1);
    }

    [Fact]
    public async Task A_failed_delivery_waits_longer_each_time_and_holds_up_no_other()
    {
        await EnqueueAsync("bad");
        await EnqueueAsync("good");
        List<int> attempts = [];
        async Task<int> Round() => await outbox.DispatchAsync(["mail"], (m, _) =>
        {
            if (m.Key == "bad")
            {
                attempts.Add(m.Attempts);
                throw new IOException("no route");
            }

            return Task.CompletedTask;
        }, Ct);

        (await Round()).Should().Be(1);
        (await Round()).Should().Be(0);
        attempts.Should().Equal(1);
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        await Round();
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        await Round();
        attempts.Should().Equal([1, 2], "the second wait is four seconds");
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        await Round();
        attempts.Should().Equal(1, 2, 3);
        (await store.Rows.FirstAsync<string>("select last_error from outbox where key = 'bad'", null, Ct)).Should().Be("no route");
    }

    [Fact]
    public async Task A_message_whose_deliverer_died_is_taken_up_again_after_its_term()
    {
        await EnqueueAsync("k1");
        using CancellationTokenSource killed = new();
        Func<Task> act = () => outbox.DispatchAsync(["mail"], (_, _) =>
        {
            killed.Cancel();
            throw new OperationCanceledException(killed.Token);
        }, killed.Token);
        await act.Should().ThrowAsync<OperationCanceledException>();

        (await DispatchAsync()).Should().BeEmpty();
        store.Clock.Advance(OutboxQueue.DeliveryTerm);
        (await DispatchAsync()).Should().Equal("k1");
    }

    [Fact]
    public async Task An_effect_in_the_store_and_its_mark_happen_together_or_not_at_all()
    {
        await store.Rows.ExecuteAsync("create table effect (key text not null)", null, Ct);
        await EnqueueAsync("k1");
        int tries = 0;
        Task<int> Round() => outbox.ApplyAsync(["mail"], async (m, tx) =>
        {
            await tx.ExecuteAsync("insert into effect values (@Key)", new { m.Key }, Ct);
            if (++tries == 1)
            {
                throw new IOException("in the middle");
            }
        }, Ct);

        (await Round()).Should().Be(0);
        (await store.Rows.QueryAsync<string>("select key from effect", null, Ct)).Should().BeEmpty();
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Round()).Should().Be(1);
        (await Round()).Should().Be(0);
        (await store.Rows.QueryAsync<string>("select key from effect", null, Ct)).Should().Equal("k1");
    }

    [Fact]
    public async Task Several_dispatchers_deliver_each_message_once()
    {
        IRowStore other = await store.OpenAgainAsync();
        for (int i = 0; i < 30; i++)
        {
            await EnqueueAsync($"k{i}");
        }

        System.Collections.Concurrent.ConcurrentBag<string> delivered = [];
        await Task.WhenAll(new[] { outbox, new OutboxQueue(other, store.Clock), outbox }.Select(o => Task.Run(() => o.DispatchAsync(["mail"], (m, _) =>
        {
            delivered.Add(m.Key);
            return Task.CompletedTask;
        }, Ct), Ct)));
        delivered.Should().HaveCount(30).And.OnlyHaveUniqueItems();
    }

    private Task<bool> EnqueueAsync(string key, string kind = "mail") =>
        store.Rows.InTransactionAsync(tx => outbox.EnqueueAsync(tx, key, kind, new JsonObject { ["to"] = "ana" }, Ct), Ct);

    private async Task<List<string>> DispatchAsync()
    {
        List<string> keys = [];
        await outbox.DispatchAsync(["mail"], (m, _) =>
        {
            keys.Add(m.Key);
            m.Payload.Should().Be("""{"to":"ana"}""");
            return Task.CompletedTask;
        }, Ct);
        return keys;
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

public sealed class OutboxQueueOnSqliteTests() : OutboxQueueTests(StoreEngine.Sqlite);

public sealed class OutboxQueueOnPostgresTests() : OutboxQueueTests(StoreEngine.Postgres);
