using Sigmatiq.App;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Store;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.App.Api;

/// <summary>What the pages about schedules, system and data ask of the rows, on both engines.</summary>
public sealed class OperateQueriesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreEngine.Sqlite)]
    [InlineData(StoreEngine.Postgres)]
    public async Task Fires_of_a_stretch_are_told_oldest_first_and_one_that_was_made_up_for_beside_what_was_decided(StoreEngine engine)
    {
        await using StoreFixture store = await StoreFixture.CreateAsync(engine);
        DateTimeOffset At(int day) => new(2026, 1, day, 9, 0, 0, TimeSpan.Zero);
        await store.Rows.ExecuteAsync("insert into workflow_versions (workflow_hash, workflow_id, version, text, published_at_utc) values ('h', 'daily', '1.0.0', 't', @Now)", new { Now = At(1) }, Ct);
        foreach ((int day, string outcome) in new[] { (5, "skipped"), (6, "paused"), (12, "skipped") })
        {
            await store.Rows.ExecuteAsync("insert into schedule_fires (workflow_id, schedule, fire_utc, outcome, reason, decided_at_utc) values ('daily', 'schedule', @at, @outcome, 'why', @at)", new { at = At(day), outcome }, Ct);
        }

        await store.Rows.ExecuteAsync("insert into backfills (token, workflow_id, workflow_hash, stop_on_failure, requested_by, reason, committed_at_utc, state) values ('bf', 'daily', 'h', 1, 'ana', 'r', @Now, 'active')", new { Now = At(13) }, Ct);
        await store.Rows.ExecuteAsync("insert into backfill_fires (token, workflow_id, fire_utc, outcome) values ('bf', 'daily', @a, null), ('bf', 'daily', @b, 'not_started')", new { a = At(5), b = At(6) }, Ct);
        ScheduleBook book = new(store.Rows, new(store.Clock), store.Clock);
        (await book.SettledAsync(At(5), At(12), Ct)).Select(f => $"{f.FireUtc.Day} {f.Outcome} {f.RunStatus} {f.Reason}".Trim()).Should().BeEquivalentTo(["5 made_up queued", "5 skipped  why", "6 paused  why"]);
        (await book.SettledAsync(At(5), At(12), Ct)).Select(f => f.FireUtc).Should().BeInAscendingOrder();

        Backfill backfill = new(store.Rows, null!, null!, new(store.Clock), store.Clock);
        (await backfill.FiresAsync("daily", "bf", Ct)).Select(f => (f.FireUtc.Day, f.RunId, f.Status)).Should().Equal((5, null, "pending"), (6, null, "not_started"));
        (await backfill.AlreadyAsync("daily", new Stretch(At(1), At(20)), Ct)).Select(f => (f.FireUtc.Day, f.Status)).Should().Equal((5, "pending"));
        (await backfill.ListAsync("daily", Ct)).Single().CommittedAtUtc.Should().Be(At(13));
        (await backfill.TookAsync("daily", Ct)).Should().BeEmpty();
        (await FluentActions.Awaiting(() => backfill.FiresAsync("other", "bf", Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("WFL-1026");
    }

    [Theory]
    [InlineData(StoreEngine.Sqlite)]
    [InlineData(StoreEngine.Postgres)]
    public async Task A_page_hears_of_every_recorded_decision_and_the_record_is_read_newest_first(StoreEngine engine)
    {
        await using StoreFixture store = await StoreFixture.CreateAsync(engine);
        string before = await RunViews.StampAsync(store.Rows, Ct);
        (await RunViews.StampAsync(store.Rows, Ct)).Should().Be(before, "nothing happened");
        foreach (string subject in new[] { "user:a", "user:50%_x", "key:b" })
        {
            await store.Rows.InTransactionAsync(tx => new AuditChain(store.Clock).AppendAsync(tx, new("ana", subject.Split(':')[0] + ".made", subject, "why", null), Ct), Ct);
        }

        (await RunViews.StampAsync(store.Rows, Ct)).Should().NotBe(before);
        async Task<long[]> AskAsync(string actor, string action, string about, long beforeSeq = long.MaxValue) =>
            [.. (await AuditChain.NewestAsync(store.Rows, new(actor, action, about), beforeSeq, 10, Ct)).Select(r => r.Seq)];
        (await AskAsync("", "", "")).Should().Equal(3, 2, 1);
        (await AskAsync("ana", "user", "")).Should().Equal(2, 1);
        (await AskAsync("", "", "%_")).Should().Equal(2);
        (await AskAsync("", "", "", 3)).Should().Equal(2, 1);
        (await AskAsync("ben", "", "")).Should().BeEmpty();
    }

    [Theory]
    [InlineData(StoreEngine.Sqlite)]
    [InlineData(StoreEngine.Postgres)]
    public async Task What_uses_a_snapshot_is_named_and_counted_and_the_history_of_a_series_goes_back(StoreEngine engine)
    {
        await using StoreFixture store = await StoreFixture.CreateAsync(engine);
        BarStore bars = new(store.Data, store.Rows, store.Clock, IdSource.FromSeed(store.Clock, 5));
        BarColumns Days(int count) => new(Sigmatiq.Market.Symbols.Symbol.Parse("SPY"), Interval.Day1, [.. Enumerable.Range(0, count).Select(i => 86_400_000_000L * (20_458 + i))], Same(count), Same(count), Same(count), Same(count), Same(count));
        BarSnapshot first = (await bars.PutAsync([new BarState(Days(1), BarOrigin.Import, null)], Ct))[0];
        store.Clock.Advance(TimeSpan.FromHours(1));
        BarSnapshot second = (await bars.PutAsync([new BarState(Days(2), BarOrigin.Import, first)], Ct))[0];
        (await bars.HistoryAsync(null, null, 10, Ct)).Select(h => h.Snapshot.Id).Should().Equal(second.Id, first.Id);
        (await bars.HistoryAsync(first.Symbol, Interval.Hour1, 10, Ct)).Should().BeEmpty();
        (await bars.HistoryAsync(first.Symbol, Interval.Day1, 1, Ct)).Should().ContainSingle().Which.MadeAtUtc.Should().Be(store.Clock.GetUtcNow());

        SnapshotUses uses = new(store.Rows, bars);
        (await uses.IsUsedAsync(first.Id, Ct)).Should().BeFalse();
        (await uses.CountedAsync(Ct)).Should().BeEmpty();
        var named = await uses.NamedAsync(first.Id, Ct);
        (named.Sweeps.Count, named.Trainings.Count, named.Models.Count, named.Runs.Count).Should().Be((0, 0, 0, 0));
        (await FluentActions.Awaiting(() => uses.NamedAsync(ContentHash.Of("none"), Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MKT-4002");
    }

    private static double[] Same(int count) => [.. Enumerable.Repeat(480.0, count)];
}
