using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Backtest.Sweeps;
using Sigmatiq.Tests.Learning;
using Sigmatiq.Workflows.Cluster;

namespace Sigmatiq.Tests.Workflows.Shards;

/// <summary>A process that slept while another took its sweep or training over: what it still writes is refused.</summary>
public sealed class LostWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<StoreEngine> Engines => [StoreEngine.Sqlite, StoreEngine.Postgres];

    private static CancellationToken Ct => RunRoom.Ct;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_sweep_that_was_taken_over_takes_no_end_from_its_former_process(StoreEngine engine)
    {
        await using RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System, engine: engine);
        SweepWork work = SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.5, 0.6]}""") with { Confidence = ConfidenceKind.Classifier });
        ManualClock asleep = new();
        RefusedRows sleeping = new(room.Rows);
        GatedConfidence first = new(), second = new();
        SweepStore store = new(room.Rows, room.Data, new AuditChain(TimeProvider.System), TimeProvider.System);
        string id = (await store.BeginAsync(work, "operator", false, Ct)).SweepId;
        // Its clock stands: it looks at nothing but the end of its work.
        SweepJobs former = new(sleeping, room.Data, store, new(TimeProvider.System, first), asleep, new DeafClaims(Claims(room, "former")));
        SweepJobs next = new(room.Rows, room.Data, store, new(TimeProvider.System, second), TimeProvider.System, Claims(room, "next"));
        Task<StoredSweep> late = Task.Run(() => former.RunAsync(id, work, 1, null, Ct), Ct);
        await first.Reached.WaitAsync(Patience, Ct);
        (await next.IsWorkedOnAsync(id, Ct)).Should().BeTrue();
        Task<StoredSweep> now = Task.Run(() => next.RunAsync(id, work, 1, null, Ct), Ct);
        await LetExpireAsync(room, $"sweeps/{id}/work", second.Reached);

        first.Open();
        await UntilAsync(() => sleeping.Refused > 0);
        late.IsCompleted.Should().BeFalse("it follows the one that has it now");
        SweepRecord record = await store.FindAsync(id, Ct);
        (record.Status, await room.Rows.FirstAsync<int>("select count(*) from combos", null, Ct)).Should().Be(("running", 0));

        second.Open();
        StoredSweep kept = await now.WaitAsync(Patience, Ct);
        StoredSweep followed = await RunRoom.WhileTimePassesOnAsync(asleep, late);
        sleeping.Refused.Should().Be(1);
        followed.LeaderboardHash.Should().Be(kept.LeaderboardHash);
        store.VerifyFiles(kept);
        (await new TrialLedger(room.Rows).CountAsync(work.Hypothesis, Ct)).Raw.Should().Be(2, "each combo is counted once");
        (await next.IsWorkedOnAsync(id, Ct)).Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_process_that_hears_in_time_that_its_sweep_was_taken_over_stops_writes_nothing_and_follows(StoreEngine engine)
    {
        await using RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System, engine: engine);
        SweepWork work = SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.5, 0.6]}""") with { Confidence = ConfidenceKind.Classifier });
        RefusedRows told = new(room.Rows);
        GatedConfidence first = new(), second = new();
        SweepStore store = new(room.Rows, room.Data, new AuditChain(TimeProvider.System), TimeProvider.System);
        string id = (await store.BeginAsync(work, "operator", false, Ct)).SweepId;
        // It looks at its row never again, so that its claim alone can tell it.
        ManualClock still = new();
        SweepJobs former = new(told, room.Data, store, new(TimeProvider.System, first), still, Claims(room, "former"));
        SweepJobs next = new(room.Rows, room.Data, store, new(TimeProvider.System, second), TimeProvider.System, Claims(room, "next"));
        Task<StoredSweep> late = Task.Run(() => former.RunAsync(id, work, 1, null, Ct), Ct);
        await first.Reached.WaitAsync(Patience, Ct);
        Task<StoredSweep> now = Task.Run(() => next.RunAsync(id, work, 1, null, Ct), Ct);
        await LetExpireAsync(room, $"sweeps/{id}/work", second.Reached);

        await first.Stopped.WaitAsync(Patience, Ct);
        second.Open();
        StoredSweep kept = await now.WaitAsync(Patience, Ct);
        StoredSweep followed = await RunRoom.WhileTimePassesOnAsync(still, late);
        told.Refused.Should().Be(0);
        followed.LeaderboardHash.Should().Be(kept.LeaderboardHash);
        (await new TrialLedger(room.Rows).CountAsync(work.Hypothesis, Ct)).Raw.Should().Be(2, "each combo is counted once");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_training_that_was_taken_over_takes_no_end_from_its_former_process(StoreEngine engine)
    {
        await using RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System, engine: engine);
        TrainingData data = PlantedTraining.Data(days: 160);
        TrainingPlan plan = PlantedTraining.Plan(data, parameters: new JsonObject { ["n_estimators"] = 5 });
        ManualClock asleep = new();
        RefusedRows sleeping = new(room.Rows);
        GatedLearner first = new(), second = new();
        TrainingJobs former = Jobs(sleeping, first, asleep, new DeafClaims(Claims(room, "former"))), next = Jobs(room.Rows, second, TimeProvider.System, Claims(room, "next"));
        string id = (await next.QueueAsync([("key", plan)], "operator", Ct)).Jobs[0].JobId;
        Task<TrainedModelRecord> late = Task.Run(() => former.RunAsync(id, plan, data, _ => { }, Ct), Ct);
        await first.Reached.WaitAsync(Patience, Ct);
        Task<TrainedModelRecord> now = Task.Run(() => next.RunAsync(id, plan, data, _ => { }, Ct), Ct);
        await LetExpireAsync(room, $"training/{id}", second.Reached);
        (await next.SeenAsync(await next.FindAsync(id, Ct), Ct)).Status.Should().Be("training");

        first.Open();
        await UntilAsync(() => sleeping.Refused > 0);
        late.IsCompleted.Should().BeFalse("it follows the one that has it now");
        (await room.Rows.FirstAsync<int>("select count(*) from trained_models", null, Ct)).Should().Be(0);

        second.Open();
        TrainedModelRecord kept = await now.WaitAsync(Patience, Ct), followed = await RunRoom.WhileTimePassesOnAsync(asleep, late);
        followed.Should().Be(kept);
        Models(room.Rows, TimeProvider.System).VerifyFiles(kept);
        (await room.Rows.FirstAsync<int>("select count(*) from trained_models", null, Ct)).Should().Be(1);
        (await next.SeenAsync(await next.FindAsync(id, Ct) with { Status = "training" }, Ct)).Status.Should().Be(TrainingJobs.Stopped, "nobody works on it any more");

        TrainedModels Models(IRowStore rows, TimeProvider clock) => new(rows, room.Data, new AuditChain(clock), () => new XgBoost(), clock);

        TrainingJobs Jobs(IRowStore rows, GatedLearner learner, TimeProvider clock, IWorkClaims claims) =>
            new(rows, room.Data, Models(rows, clock), () => learner, clock, claims);
    }

    private static StoreClaims Claims(RunRoom room, string who) =>
        new(room.Rows, () => null, who, IdSource.FromSystem(TimeProvider.System), TimeProvider.System, NullLogger.Instance);

    // Again and again: its former process may renew the claim in between.
    private static async Task LetExpireAsync(RunRoom room, string name, Task taken)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!taken.IsCompleted)
        {
            TimeProvider.System.GetElapsedTime(begun).Should().BeLessThan(Patience);
            await room.Rows.ExecuteAsync("update leases set expires_at_utc = '2000-01-01T00:00:00.000000Z' where name = @name and owner like 'former%'", new { name }, Ct);
            await Task.WhenAny(taken, Task.Delay(50, Ct));
        }

        await taken;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            TimeProvider.System.GetElapsedTime(begun).Should().BeLessThan(Patience);
            await Task.Delay(5, Ct);
        }
    }

    /// <summary>Claims of a process that sleeps: it is not told in time that another took them, so that nothing but the store can refuse what it
    /// writes.</summary>
    private sealed class DeafClaims(IWorkClaims claims) : IWorkClaims
    {
        public async Task<IWorkClaim?> TryTakeAsync(string[] folder, CancellationToken ct) =>
            await claims.TryTakeAsync(folder, ct) is { } claim ? new DeafClaim(claim) : null;

        public Task<bool> IsHeldAsync(string[] folder, CancellationToken ct) => claims.IsHeldAsync(folder, ct);

        private sealed class DeafClaim(IWorkClaim claim) : IWorkClaim
        {
            public CancellationToken Lost => CancellationToken.None;

            public long Fence => claim.Fence;

            public RowStatement Held => claim.Held;

            public ValueTask DisposeAsync() => claim.DisposeAsync();
        }
    }

    /// <summary>A rule score that comes when it may.</summary>
    private sealed class GatedConfidence : IConfidenceSource
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously), open = new();
        private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => reached.Task;

        /// <summary>Completes when its work was cancelled while it waited.</summary>
        public Task Stopped => stopped.Task;

        public void Open() => open.SetResult();

        public string KeyOf(EffectiveConfig config) => config.IndicatorKey;

        public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct)
        {
            reached.TrySetResult();
            using (ct.Register(() => stopped.TrySetResult()))
            {
                open.Task.Wait(ct);
            }

            return new RuleScoreConfidence().For(pair, ct);
        }
    }

    private sealed class GatedLearner : ILearner
    {
        private readonly XgBoost learner = new();
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously), open = new();

        public Task Reached => reached.Task;

        public void Open() => open.SetResult();

        public string Algorithm => learner.Algorithm;

        public IFittedModel Fit(
            DenseRows rows, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Hyperparameters hyperparameters, CancellationToken ct)
        {
            reached.TrySetResult();
            open.Task.Wait(ct);
            return learner.Fit(rows, labels, weights, hyperparameters, ct);
        }

        public IFittedModel Load(ReadOnlySpan<byte> model) => learner.Load(model);
    }
}
