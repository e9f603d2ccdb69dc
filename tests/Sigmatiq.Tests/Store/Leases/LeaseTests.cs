using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Settings;

namespace Sigmatiq.Tests.Store.Leases;

public abstract class LeaseTests(StoreEngine engine) : IAsyncLifetime
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(30);
    private StoreFixture store = null!;
    private LeaseTable leases = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await StoreFixture.CreateAsync(engine);
        leases = new(store.Rows, store.Clock);
    }

    [Fact]
    public async Task A_held_lease_is_refused_and_says_who_holds_it_and_where()
    {
        Lease? mine = await leases.TryClaimAsync("run:1", "a/1", "http://a", Term, Ct);
        mine.Should().NotBeNull();
        (await leases.TryClaimAsync("run:1", "b/2", null, Term, Ct)).Should().BeNull();
        (await leases.TryClaimAsync("run:2", "b/2", null, Term, Ct)).Should().NotBeNull();
        (await leases.HolderAsync("run:1", Ct)).Should().Be(
            new LeaseHolder("run:1", "a/1", "http://a", 1, store.Clock.GetUtcNow(), store.Clock.GetUtcNow() + Term));
    }

    [Fact]
    public async Task An_expired_lease_goes_to_the_next_with_a_higher_number_and_the_old_holder_cannot_write()
    {
        Lease slow = (await leases.TryClaimAsync("run:1", "a/1", null, Term, Ct))!;
        store.Clock.Advance(Term);
        (await leases.HolderAsync("run:1", Ct)).Should().BeNull();
        Lease next = (await leases.TryClaimAsync("run:1", "b/2", null, Term, Ct))!;

        next.Fence.Should().Be(slow.Fence + 1);
        (await slow.RenewAsync(Term, Ct)).Should().BeFalse();
        Func<Task> write = () => store.Rows.InTransactionAsync(async tx =>
        {
            await tx.ExecuteAsync("insert into settings values ('k', 'v', '')", null, Ct);
            await slow.EnsureHeldAsync(tx, Ct);
        }, Ct);
        (await write.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-5001");
        (await SettingTable.FindAsync(store.Rows, "k", Ct)).Should().BeNull("the write was rolled back");
        await slow.ReleaseAsync(Ct);
        await store.Rows.InTransactionAsync(tx => next.EnsureHeldAsync(tx, Ct), Ct);
    }

    [Fact]
    public async Task The_same_owner_claiming_again_after_expiry_does_not_revive_its_old_claim()
    {
        Lease old = (await leases.TryClaimAsync("run:1", "a/1", null, Term, Ct))!;
        store.Clock.Advance(Term);
        (await leases.TryClaimAsync("run:1", "a/1", null, Term, Ct))!.Fence.Should().Be(2);
        (await old.RenewAsync(Term, Ct)).Should().BeFalse();
    }

    [Fact]
    public async Task A_renewed_lease_stays_and_a_released_one_is_free_at_once()
    {
        Lease lease = (await leases.TryClaimAsync("run:1", "a/1", null, Term, Ct))!;
        store.Clock.Advance(TimeSpan.FromSeconds(20));
        (await lease.RenewAsync(Term, Ct)).Should().BeTrue();
        store.Clock.Advance(TimeSpan.FromSeconds(20));
        (await leases.TryClaimAsync("run:1", "b/2", null, Term, Ct)).Should().BeNull();
        await lease.ReleaseAsync(Ct);
        (await leases.HolderAsync("run:1", Ct)).Should().BeNull();
        (await leases.TryClaimAsync("run:1", "b/2", null, Term, Ct))!.Fence.Should().Be(2);
    }

    [Fact]
    public async Task Of_many_claimants_one_wins()
    {
        IRowStore other = await store.OpenAgainAsync();
        LeaseTable otherLeases = new(other, store.Clock);
        Lease?[] claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => (i % 2 == 0 ? leases : otherLeases).TryClaimAsync("run:1", $"w/{i}", null, Term, Ct), Ct)));
        claims.Count(c => c is not null).Should().Be(1);
    }

    [Fact]
    public async Task A_local_store_has_one_engine_and_the_second_learns_its_address()
    {
        EngineClaim first = await TakeAsync("a/1");
        first.Lease.Should().NotBeNull();
        await first.Lease!.AnnounceAsync("http://127.0.0.1:5080", Ct);

        EngineClaim second = await TakeAsync("b/2");
        second.Lease.Should().BeNull();
        second.HeldBy!.Owner.Should().Be("a/1");
        second.HeldBy.Address.Should().Be("http://127.0.0.1:5080");
        (await EngineLease.HolderAsync(store.Data, store.Rows, TimeProvider.System, Ct))!.Owner.Should().Be("a/1");

        await first.Lease.DisposeAsync();
        (await EngineLease.HolderAsync(store.Data, store.Rows, TimeProvider.System, Ct)).Should().BeNull();
        EngineClaim third = await TakeAsync("b/2");
        third.Lease!.Fence.Should().Be(2);
        await third.Lease.DisposeAsync();
    }

    [Fact]
    public async Task An_engine_whose_file_another_took_cannot_write_any_more()
    {
        EngineClaim first = await TakeAsync("a/1");
        // What a network disk that lost its lock would look like.
        await leases.TakeOverAsync(EngineLease.Name, "b/2", null, Term, Ct);
        Func<Task> write = () => store.Rows.InTransactionAsync(tx => first.Lease!.EnsureHeldAsync(tx, Ct), Ct);
        (await write.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-5001");
        await first.Lease!.DisposeAsync();
    }

    [Fact]
    public async Task A_setting_is_replaced_or_stays_as_asked()
    {
        SettingTable settings = new(store.Clock);
        (await SettingTable.FindAsync(store.Rows, "seed", Ct)).Should().BeNull();
        (await settings.SetOnceAsync(store.Rows, "seed", "1", Ct)).Should().Be("1");
        (await settings.SetOnceAsync(store.Rows, "seed", "2", Ct)).Should().Be("1");
        await settings.SetAsync(store.Rows, "seed", "3", Ct);
        (await SettingTable.FindAsync(store.Rows, "seed", Ct)).Should().Be("3");
    }

    [Fact]
    public async Task An_engine_that_no_living_process_holds_back_is_refused_with_the_place_instead_of_waited_for()
    {
        File.CreateSymbolicLink(store.Data.EngineLockFile, store.Data.EngineLockFile);
        foreach (Func<Task> ask in (Func<Task>[])[() => TakeAsync("a/1"), () => EngineLease.HolderAsync(store.Data, store.Rows, TimeProvider.System, Ct)])
        {
            (await ask.Should().ThrowAsync<ProblemException>()).Which.Problem.Should().Match<Problem>(p => p.Code == "STO-1008" && p.Where == store.Data.EngineLockFile);
        }
    }

    private Task<EngineClaim> TakeAsync(string owner) => EngineLease.TryTakeAsync(store.Data, store.Rows, TimeProvider.System, owner, Ct);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

public sealed class LeaseOnSqliteTests() : LeaseTests(StoreEngine.Sqlite);

public sealed class LeaseOnPostgresTests() : LeaseTests(StoreEngine.Postgres);
