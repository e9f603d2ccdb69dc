using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>Sweeps that are stopped, cancelled, killed and go on: the end is the same.</summary>
public sealed class SweepLifeTests : IDisposable
{
    // 3 lengths x 3 stops x 3 targets x 3 trails x 4 sizes x 4 thresholds = 1,296 combos in a handful of chunks.
    private static readonly Lazy<SweepWork> LargeWork = new(() => SomeSweep.Work(SomeSweep.Custom(
        """
        {"thresholds": [0.5, 0.55, 0.6, 0.65], "position_size_pct": [1, 2, 3, 4], "rsi_period": [14, 21, 28], "stop_loss_pct": [3, 4, 6],
         "take_profit_pct": [8, 12, 16], "trailing_stop_pct": [3, 5, 7]}
        """)));

    // Run once for all tests; combos of a stored sweep are made when asked for, from memory.
    private static readonly Lazy<Task<(StoredSweep Sweep, Sigmatiq.Backtest.Trials.TrialCount Trials)>> Calm = new(async () =>
    {
        using SweepRoom calm = SweepRoom.Open();
        StoredSweep run = await calm.RunAsync(LargeWork.Value, threads: 2);
        return (await calm.Store.LoadAsync(run.SweepId, CancellationToken.None), await calm.Ledger.CountAsync(LargeWork.Value.Hypothesis, CancellationToken.None));
    });

    private readonly SweepRoom room = SweepRoom.Open();

    private static CancellationToken Ct => SweepRoom.Ct;

    private static SweepWork Work => LargeWork.Value;

    [Fact]
    public async Task A_sweep_stopped_in_any_chunk_and_run_again_equals_an_undisturbed_one_bit_for_bit()
    {
        var (whole, counted) = await Calm.Value;
        string id = (await room.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        int stops = 0;
        for (int after = 100; after < whole.Total; after += 360)
        {
            using var stop = new CancellationTokenSource();
            Func<Task> run = () => room.Jobs.RunAsync(id, Work, 2, p =>
            {
                if (Combos(p) >= after)
                {
                    stop.Cancel();
                }
            }, stop.Token);
            await run.Should().ThrowAsync<OperationCanceledException>();
            (await room.Store.FindAsync(id, Ct)).Status.Should().Be("queued", "a stopped command leaves a sweep that goes on when it is run again");
            stops++;
        }

        stops.Should().BeGreaterThan(2);
        StoredSweep resumed = await room.Jobs.RunAsync(id, Work, 1, null, Ct);
        Equal(resumed, whole);
        (await room.Ledger.CountAsync(Work.Hypothesis, Ct)).Should().Be(counted);
        Directory.Exists(Path.Combine(room.Data.Sweeps, id, "work")).Should().BeFalse("a completed sweep needs its work in progress no more");
    }

    [Fact]
    public async Task What_is_stored_is_not_evaluated_again()
    {
        string id = (await room.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        var counting = new CountingConfidence();
        await StopAfterAsync(room.JobsWith(counting), id, 700);
        int asked = counting.Asked;
        asked.Should().Be(3, "one column per distinct set of indicators");
        int first = -1;
        await room.JobsWith(counting).RunAsync(id, Work, 1, p =>
        {
            if (first < 0 && Combos(p) > 0)
            {
                first = Combos(p);
            }
        }, Ct);
        counting.Asked.Should().Be(asked);
        first.Should().BeGreaterThan(200, "the first chunk was there");
    }

    [Fact]
    public async Task A_sweep_killed_while_its_classifiers_are_fitted_fits_only_the_rest_counts_from_there_and_ends_with_the_same_hashes()
    {
        SweepWork work = SomeSweep.Work(SomeSweep.Custom(
            """{"thresholds": [0.5, 0.6], "rsi_period": [14, 21, 28], "stop_loss_pct": [3, 4, 6], "take_profit_pct": [8, 12]}""") with { Confidence = ConfidenceKind.Classifier });
        using SweepRoom calm = SweepRoom.Open();
        StoredSweep whole = await calm.JobsWith(new PairConfidence(int.MaxValue)).RunAsync(work, "user:operator", false, 1, null, Ct);
        string id = (await room.Store.BeginAsync(work, "user:operator", false, Ct)).SweepId;
        await room.Rows.ExecuteAsync("update sweeps set status = 'running' where sweep_id = @Id", new { Id = id }, Ct);
        var killed = new PairConfidence(7);
        await ((Func<Task>)(() => room.JobsWith(killed).RunAsync(id, work, 1, null, Ct))).Should().ThrowAsync<ProblemException>();
        killed.Fitted.Should().HaveCount(7);

        var rest = new PairConfidence(int.MaxValue);
        List<SweepProgress> told = [];
        StoredSweep resumed = await room.JobsWith(rest).RunAsync(id, work, 1, told.Add, Ct);
        told[0].Should().Be(SweepProgress.OfConfidence(7, 18), "what is kept is not counted again from one");
        rest.Fitted.Should().HaveCount(11).And.NotIntersectWith(killed.Fitted);
        resumed.LeaderboardHash.Should().Be(whole.LeaderboardHash);
        resumed.Files.Where(f => f.Key.EndsWith(".parquet")).Should().BeEquivalentTo(whole.Files.Where(f => f.Key.EndsWith(".parquet")));
    }

    [Fact]
    public async Task A_running_sweep_says_how_long_it_still_takes_and_one_that_has_ended_does_not()
    {
        using SweepRoom hurried = SweepRoom.Open(new HurriedClock());
        string id = (await hurried.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        double? seconds = null;
        bool isBegun = false;
        SweepRecord Record() => hurried.Store.FindAsync(id, Ct).GetAwaiter().GetResult();
        await hurried.Jobs.RunAsync(id, Work, 1, p =>
        {
            // It stands still until the row has what it waits for: where it began, and then its pace.
            SpinWait.SpinUntil(() => isBegun || Record().Progress > 0, TimeSpan.FromSeconds(20));
            isBegun = true;
            if (seconds is null && p.Share > 0.5)
            {
                SpinWait.SpinUntil(() => (seconds = Record().EtaSeconds) is not null, TimeSpan.FromSeconds(20));
                Record().ToJson()["eta_seconds"]!.GetValue<double>().Should().BePositive();
            }
        }, Ct);
        seconds.Should().BePositive();
        (Record().Status, Record().EtaSeconds).Should().Be(("completed", null));
        Record().ToJson().Should().Contain(p => p.Key == "eta_seconds" && p.Value == null);
    }

    [Fact]
    public async Task A_cancelled_sweep_keeps_what_was_evaluated_and_counts_it()
    {
        string id = (await room.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        await CancelAfterAsync(id, 700);
        SweepRecord record = await room.Store.FindAsync(id, Ct);
        (record.Status, record.Evaluated < record.Total, record.Evaluated > 0).Should().Be(("cancelled", true, true));
        record.Log.Should().Contain(e => e.Status == "cancelled" && e.Message.StartsWith("SWS-4001"));
        StoredSweep part = await room.Store.LoadAsync(id, Ct);
        JsonObject board = part.ToJson();
        (board["status"]!.GetValue<string>(), board["evaluated"]!.GetValue<int>(), board["total_combinations"]!.GetValue<int>())
            .Should().Be(("cancelled", record.Evaluated, Work.Plan.ComboIds.Count));
        part.Leaderboard.Rows.Should().HaveCount(record.Evaluated);
        room.Store.VerifyFiles(part);
        (await room.Ledger.CountAsync(Work.Hypothesis, Ct)).Raw.Should().Be(record.Evaluated, "a look is a look");
        (await Refusal(() => room.Jobs.RunAsync(id, Work, 1, null, Ct))).Should().Be("SWS-4001", "it does not go on by itself");
        (await room.Store.CancelAsync(id, "user:operator", Ct)).Should().BeFalse();
    }

    [Fact]
    public async Task A_cancelled_sweep_asked_for_again_goes_on_and_equals_an_undisturbed_one()
    {
        var (whole, counted) = await Calm.Value;
        string id = (await room.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        await CancelAfterAsync(id, 700);
        int ticked = (await room.Store.LoadAsync(id, Ct)).Leaderboard.Rows[0].ComboId;
        await room.Store.SelectAsync(id, ticked, true, Ct);
        SweepBegun again = await room.Store.BeginAsync(Work, "user:operator", false, Ct);
        again.Should().Be(new SweepBegun(id, "queued", false, IsResumed: true));
        StoredSweep resumed = await room.Jobs.RunAsync(id, Work, 2, null, Ct);
        Equal(resumed, whole);
        (await room.Ledger.CountAsync(Work.Hypothesis, Ct)).Should().Be(counted, "no combo is counted twice");
        StoredSweep loaded = await room.Store.LoadAsync(id, Ct);
        loaded.Status.Should().Be("completed");
        loaded.Leaderboard.Rows.Where(r => r.IsSelected).Select(r => r.ComboId).Should().Equal(ticked);
        (await AuditChain.OfSubjectAsync(room.Rows, $"sweep:{id}", Ct)).Select(a => a.Action).Should().Equal("sweep.create", "sweep.cancel", "sweep.resume");
    }

    [Fact]
    public async Task A_sweep_cancelled_while_nobody_runs_it_keeps_what_was_stored()
    {
        string id = (await room.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        await StopAfterAsync(room.Jobs, id, 700);
        await room.Store.CancelAsync(id, "user:operator", Ct);
        (await Refusal(() => room.Store.LoadAsync(id, Ct))).Should().Be("SWS-3005", "nothing is kept before it is gathered");
        await room.Jobs.KeepCancelledAsync(id, () => Task.FromResult(Work), Ct);
        StoredSweep part = await room.Store.LoadAsync(id, Ct);
        part.Evaluated.Should().BeInRange(256, Work.Plan.ComboIds.Count - 1);
    }

    [Fact]
    public async Task A_sweep_under_way_shows_the_combos_of_its_chunks_as_its_end_will_rank_them()
    {
        var (whole, _) = await Calm.Value;
        string id = (await room.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        LeaderboardSoFar soFar = new(room.Data, (_, _) => Task.FromResult(Work.Plan));
        (await soFar.ReadAsync(id, LeaderboardSoFar.RanksMax, Ct)).Counts.Evaluated.Should().Be(0);
        await StopAfterAsync(room.Jobs, id, 700);
        var (columns, counts, chunks, parameters) = await soFar.ReadAsync(id, LeaderboardSoFar.RanksMax, Ct);
        counts.Evaluated.Should().BeInRange(256, Work.Plan.ComboIds.Count - 1);
        chunks.Should().BePositive();
        parameters.Should().Equal(Work.Plan.Grid.Axes.Select(a => a.Key));
        HashSet<int> there = [.. columns["combo_id"].Ints];
        LeaderboardRow[] later = [.. whole.Leaderboard.Rows.Where(r => there.Contains(r.ComboId))];
        columns["combo_id"].Ints.Should().Equal(later.Select(r => r.ComboId));
        columns["gate"].Texts.Should().Equal(later.Select(r => r.Gate.ToString().ToUpperInvariant()));
        columns["sharpe_ratio"].Doubles.Select(d => double.IsNaN(d) ? null : (double?)d).Should().Equal(later.Select(r => r.Sharpe));
        (await soFar.ReadAsync(id, 5, Ct)).Columns["combo_id"].Ints.Should().Equal(later.Take(5).Select(r => r.ComboId));
    }

    [Fact]
    public async Task A_sweep_cancelled_a_second_time_keeps_all_that_was_stored_by_then()
    {
        string id = (await room.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        await StopAfterAsync(room.Jobs, id, 300);
        await room.Store.CancelAsync(id, "user:operator", Ct);
        await room.Jobs.KeepCancelledAsync(id, () => Task.FromResult(Work), Ct);
        StoredSweep first = await room.Store.LoadAsync(id, Ct);
        (await room.Store.ResumeAsync(id, "user:operator", Ct)).IsResumed.Should().BeTrue();
        await StopAfterAsync(room.Jobs, id, 900);
        await room.Store.CancelAsync(id, "user:operator", Ct);
        await room.Jobs.KeepCancelledAsync(id, () => Task.FromResult(Work), Ct);
        StoredSweep second = await room.Store.LoadAsync(id, Ct);
        second.Evaluated.Should().BeGreaterThan(first.Evaluated);
        room.Store.VerifyFiles(second);
        (await room.Ledger.CountAsync(Work.Hypothesis, Ct)).Raw.Should().Be(second.Evaluated, "a look is a look");
    }

    [Fact]
    public async Task A_sweep_cancelled_before_its_first_chunk_has_no_leaderboard_and_no_trials()
    {
        SweepWork work = SomeSweep.Work();
        string id = (await room.Store.BeginAsync(work, "user:operator", false, Ct)).SweepId;
        var slow = new WaitingConfidence();
        Task<StoredSweep> run = room.JobsWith(slow).RunAsync(id, work, 1, null, Ct);
        await slow.Asked.Task;
        (await room.Store.CancelAsync(id, "user:operator", Ct)).Should().BeTrue();
        (await Refusal(() => run)).Should().Be("SWS-4001");
        (await Refusal(() => room.Store.LoadAsync(id, Ct))).Should().Be("SWS-3005");
        (await room.Ledger.CountAsync(work.Hypothesis, Ct)).Raw.Should().Be(0);
        (await room.RunAsync(work)).SweepId.Should().Be(id, "asked for again, it goes on under its own id");
    }

    [Fact]
    public async Task A_damaged_chunk_counts_as_not_evaluated()
    {
        var (whole, counted) = await Calm.Value;
        string id = (await room.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        await StopAfterAsync(room.Jobs, id, 900);
        string[] chunks = [.. Directory.GetFiles(Path.Combine(room.Data.Sweeps, id, "work"), "chunk-*.bin").Order()];
        chunks.Length.Should().BeGreaterThan(2);
        byte[] bytes = File.ReadAllBytes(chunks[0]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(chunks[0], bytes);
        File.WriteAllBytes(chunks[1], [.. File.ReadAllBytes(chunks[1]).Take(100)]);
        Equal(await room.Jobs.RunAsync(id, Work, 2, null, Ct), whole);
    }

    [Fact]
    public async Task A_second_process_follows_the_first_and_gets_its_result()
    {
        SweepWork work = SomeSweep.Work();
        string id = (await room.Store.BeginAsync(work, "user:operator", false, Ct)).SweepId;
        var slow = new WaitingConfidence();
        Task<StoredSweep> first = room.JobsWith(slow).RunAsync(id, work, 1, null, Ct);
        await slow.Asked.Task;
        var followed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<StoredSweep> second = room.Jobs.RunAsync(id, work, 1, _ => followed.TrySetResult(), Ct);
        await followed.Task;
        slow.Answer.TrySetResult();
        (await second).LeaderboardHash.Should().Be((await first).LeaderboardHash);
        slow.Calls.Should().Be(1);
    }

    [Fact]
    [Trait("Row", "S1-43")]
    public async Task A_lost_worker_is_noted_and_replaced_and_lost_thrice_without_progress_the_sweep_fails()
    {
        SweepWork work = SomeSweep.Work();
        string id = (await room.Store.BeginAsync(work, "user:operator", false, Ct)).SweepId;
        await room.Rows.ExecuteAsync("update sweeps set status = 'running' where sweep_id = @Id", new { Id = id }, Ct);
        StoredSweep done = await room.Jobs.RunAsync(id, work, 1, null, Ct);
        done.Log[0].Message.Should().StartWith("SWS-3002");
        done.Log.Should().HaveCount(5);

        string other = (await room.Store.BeginAsync(work, "user:operator", force: true, Ct)).SweepId;
        await room.Rows.ExecuteAsync("update sweeps set status = 'running', lost = 2 where sweep_id = @Id", new { Id = other }, Ct);
        (await Refusal(() => room.Jobs.RunAsync(other, work, 1, null, Ct))).Should().Be("SWS-3002");
        (await room.Store.FindAsync(other, Ct)).Problem!.Code.Should().Be("SWS-3002");
        (await room.Store.ResumeAsync(other, "user:operator", Ct)).IsResumed.Should().BeTrue();
        (await room.Jobs.RunAsync(other, work, 1, null, Ct)).LeaderboardHash.Should().Be(done.LeaderboardHash);
    }

    [Fact]
    public async Task A_worker_that_only_finds_what_others_stored_counts_as_lost_again()
    {
        string id = (await room.Store.BeginAsync(Work, "user:operator", false, Ct)).SweepId;
        await StopAfterAsync(room.Jobs, id, 700);
        await room.Rows.ExecuteAsync("update sweeps set status = 'running', lost = 1, evaluated = 0 where sweep_id = @Id", new { Id = id }, Ct);
        int found = 0, lostWhenFound = -1, lostWhenStored = -1;
        await room.Jobs.RunAsync(id, Work, 1, p =>
        {
            // The row is written twice a second; the work waits for it here.
            if (found == 0 && Combos(p) > 0)
            {
                found = Combos(p);
                lostWhenFound = Row(found, _ => true);
            }
            else if (lostWhenStored < 0 && Combos(p) > found + 700)
            {
                lostWhenStored = Row(Combos(p), lost => lost == 0);
            }
        }, Ct);
        (lostWhenFound, lostWhenStored).Should().Be((2, 0));

        int Row(int evaluated, Func<int, bool> isEnough)
        {
            for (int look = 0; ; look++)
            {
                var (lost, done) = (Number("lost"), Number("evaluated"));
                if ((done >= evaluated && isEnough(lost)) || look == 100)
                {
                    return lost;
                }

                Task.Delay(100, Ct).GetAwaiter().GetResult();
            }
        }

        int Number(string column) => room.Rows.FirstAsync<int>($"select {column} from sweeps where sweep_id = @Id", new { Id = id }, Ct).GetAwaiter().GetResult();
    }

    [Fact]
    [Trait("Row", "S1-41")]
    public async Task A_tag_is_no_part_of_the_work_and_the_same_work_is_found_by_each_of_its_tags()
    {
        StoredSweep first = await room.RunAsync(SomeSweep.Work(SomeSweep.Simple with { Tag = "january" }));
        StoredSweep again = await room.RunAsync(SomeSweep.Work(SomeSweep.Simple with { Tag = "february" }));
        StoredSweep other = await room.RunAsync(SomeSweep.Work(SomeSweep.Simple with { Tag = "february", Seed = 43 }));
        again.SweepId.Should().Be(first.SweepId);
        (await room.Store.ListAsync("january", null, Ct)).Select(s => s.SweepId).Should().Equal(first.SweepId);
        (await room.Store.ListAsync("february", null, Ct)).Select(s => s.SweepId).Should().Equal(other.SweepId, first.SweepId);
        (await room.Store.TagsAsync(first.SweepId, Ct)).Should().Equal("february", "january");
    }

    [Fact]
    public async Task A_forced_repetition_adds_no_trials()
    {
        StoredSweep first = await room.RunAsync();
        var count = await room.Ledger.CountAsync(first.Hypothesis, Ct);
        count.Raw.Should().Be(45);
        (await room.RunAsync(force: true)).SweepId.Should().NotBe(first.SweepId);
        (await room.Ledger.CountAsync(first.Hypothesis, Ct)).Should().Be(count);
    }

    [Fact]
    public void Every_metric_comes_back_from_a_chunk_as_it_was()
    {
        var metrics = new MetricSet();
        double value = 0.1;
        foreach (var property in typeof(MetricSet).GetProperties().Where(p => p.CanWrite))
        {
            value = (value * 1.7) + (1.0 / 3);
            object set = property.PropertyType == typeof(double?) ? value : property.PropertyType == typeof(int) ? (int)(value % 1000)
                : property.PropertyType == typeof(bool) ? true : throw new InvalidOperationException($"{property.Name} is of no kind that is known here.");
            property.SetValue(metrics, set);
        }

        var robust = new RobustFigures(0.1, 2, 1.0 / 3, -1.0 / 7, -0.3, 11, new("key", 250, 0.05, -1.0 / 3, 3.7));
        var folder = new SweepFolder(room.Data, "sweep_test");
        var key = Sigmatiq.Store.Content.ContentHash.Of("key");
        ComboFigures[] figures =
        [
            new(7, "config", "behaviour", metrics, robust) { DailyReturns = [0.1, -0.0, 1.0 / 3] },
            new(9, "other", "behaviour", new() { TotalReturn = -0.0, ProfitFactor = double.PositiveInfinity }, RobustFigures.None) { DailyReturns = [0, 1e-300, double.NaN] },
        ];
        folder.PutChunk(3, key, figures);
        ComboFigures[] back = folder.FindChunk(3, key)!;
        back.Select(f => f with { DailyReturns = [] }).Should().Equal(figures.Select(f => f with { DailyReturns = [] }), (a, b) => a.Metrics == b.Metrics && a.Robust == b.Robust && (a.ComboId, a.ConfigHash, a.Behaviour) == (b.ComboId, b.ConfigHash, b.Behaviour));
        for (int row = 0; row < 2; row++)
        {
            folder.ReturnsOf(3, row, 3).Select(BitConverter.DoubleToInt64Bits).Should().Equal(figures[row].DailyReturns.Select(BitConverter.DoubleToInt64Bits));
        }

        folder.FindChunk(3, Sigmatiq.Store.Content.ContentHash.Of("other work")).Should().BeNull("a chunk of other work is none of ours");
        folder.FindChunk(4, key).Should().BeNull();
    }

    public void Dispose() => room.Dispose();

    private static int Combos(SweepProgress progress) => progress.Stage == SweepProgress.Combo ? progress.Done : 0;

    private static async Task<string> Refusal(Func<Task> act) => (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;

    private static void Equal(StoredSweep got, StoredSweep want)
    {
        got.LeaderboardHash.Should().Be(want.LeaderboardHash);
        got.Files.Where(f => f.Key.EndsWith(".parquet")).Should().BeEquivalentTo(want.Files.Where(f => f.Key.EndsWith(".parquet")));
        got.Files.Should().HaveCount(4);
        foreach (int combo in want.Combos.Keys)
        {
            StoredCombo a = got.Combo(combo), b = want.Combo(combo);
            a.Metrics.ToJsonString().Should().Be(b.Metrics.ToJsonString());
            (a.TradesSample?.ToJsonString()).Should().Be(b.TradesSample?.ToJsonString());
            a.Robust.Should().Be(b.Robust);
        }

        got.Overfit.Should().Be(want.Overfit);
    }

    private static async Task StopAfterAsync(SweepJobs jobs, string id, int combos)
    {
        using var stop = new CancellationTokenSource();
        Func<Task> run = () => jobs.RunAsync(id, Work, 1, p =>
        {
            if (Combos(p) >= combos)
            {
                stop.Cancel();
            }
        }, stop.Token);
        await run.Should().ThrowAsync<OperationCanceledException>();
    }

    // Cancelled from beside, as another process does; the work waits for it at that combo, so that it cannot be done before.
    private async Task CancelAfterAsync(string id, int combos)
    {
        bool asked = false;
        (await Refusal(() => room.Jobs.RunAsync(id, Work, 1, p =>
        {
            if (Combos(p) >= combos && !asked)
            {
                asked = true;
                room.Store.CancelAsync(id, "user:operator", CancellationToken.None).GetAwaiter().GetResult().Should().BeTrue();

                LooksPassAsync().GetAwaiter().GetResult();
            }
        }, Ct))).Should().Be("SWS-4001");
        asked.Should().BeTrue();

        // Time for several looks at the row, one each half second, however slowly this machine's threads and store come to them.
        async Task LooksPassAsync()
        {
            for (int look = 0; look < 4; look++)
            {
                await Task.Delay(500, Ct).ConfigureAwait(false);
                await room.Rows.FirstAsync<int>("select count(*) from sweeps", null, Ct).ConfigureAwait(false);
            }
        }
    }

    private sealed class CountingConfidence : IConfidenceSource
    {
        private readonly RuleScoreConfidence score = new();

        public int Asked { get; private set; }

        public string KeyOf(EffectiveConfig config) => score.KeyOf(config);

        public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct)
        {
            Asked++;
            return score.For(pair, ct);
        }
    }

    // A column per pair of indicators and barriers, as a classifier has it; after so many it dies.
    private sealed class PairConfidence(int lives) : IConfidenceSource
    {
        public List<string> Fitted { get; } = [];

        public string KeyOf(EffectiveConfig config) => $"{config.IndicatorKey} {ModelBars.BarriersOf(config)}";

        public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct)
        {
            if (Fitted.Count == lives)
            {
                throw new InvalidOperationException("killed");
            }

            Fitted.Add(KeyOf(pair.Config));
            return new(pair.Rules.Score(), ConfidenceColumn.Rule);
        }
    }

    private sealed class WaitingConfidence : IConfidenceSource
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Calls { get; private set; }

        public string KeyOf(EffectiveConfig config) => config.IndicatorKey;

        public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct)
        {
            Calls++;
            Asked.TrySetResult();
            Answer.Task.Wait(ct);
            return new(pair.Rules.Score(), ConfidenceColumn.Rule);
        }
    }

    // A second on the wall is twenty by its timestamps.
    private sealed class HurriedClock : TimeProvider
    {
        public override long GetTimestamp() => 20 * base.GetTimestamp();
    }
}
