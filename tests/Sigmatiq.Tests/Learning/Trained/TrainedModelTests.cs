using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Migrations;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.Backtest.Sweeps;

namespace Sigmatiq.Tests.Learning.Trained;

public sealed class TrainedModelTests : IAsyncLifetime
{
    private static readonly TrainingData Data = PlantedTraining.Data();
    private readonly TemporaryFolder folder = new();
    private SqliteRowStore rows = null!;
    private DataDirectory data = null!;
    private TrainedModels models = null!;
    private TrainingJobs jobs = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        data = new(folder["data"]);
        rows = await SqliteRowStore.OpenAsync(data.RowsFile, TimeProvider.System, Ct);
        await Migrator.RunAsync(rows, Migration.Embedded(rows.Dialect), TimeProvider.System, Ct);
        models = new(rows, data, new(TimeProvider.System), () => new XgBoost(), TimeProvider.System);
        jobs = new(rows, data, models, () => new XgBoost(), TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        rows.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Row", "S0-18")]
    [Trait("Row", "S1-50")]
    public async Task The_top_two_become_two_jobs_and_a_failed_one_becomes_none()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        var (made, warnings) = await jobs.QueueAsync([("a", plan), ("b", plan with { ComboId = 18, Rank = 2 })], "ana", Ct);
        made.Select(j => j.JobId).Should().Equal("train_001", "train_002");
        made.Select(j => j.TrainedModelId).Should().Equal("mkt_swing_trained_001", "mkt_swing_trained_002");
        made.Should().OnlyContain(j => j.Status == "queued" && j.Progress.Count == 5 && j.Progress.All(p => p.Status == "pending" && p.Duration == null));
        warnings.Should().BeEmpty();

        Func<Task> failed = () => jobs.QueueAsync([("c", plan), ("d", plan with { Gate = GateStatus.Fail })], "ana", Ct);
        (await failed.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("GATE_FAILED");
        (await jobs.ListAsync(null, Ct)).Should().HaveCount(2, "a refused request leaves nothing behind");
    }

    [Fact]
    public async Task More_than_five_combos_bring_a_warning_and_the_same_key_brings_the_same_job()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        var (six, warnings) = await jobs.QueueAsync([.. Enumerable.Range(1, 6).Select(i => ($"k{i}", plan with { ComboId = i }))], "ana", Ct);
        warnings.Should().ContainSingle().Which.Should().Contain("6 combos");
        var (again, _) = await jobs.QueueAsync([("k3", plan)], "ben", Ct);
        again[0].JobId.Should().Be(six[2].JobId);
        (await jobs.ListAsync("mkt_swing", Ct)).Should().HaveCount(6);
    }

    [Fact]
    [Trait("Row", "S0-21")]
    [Trait("Row", "S1-56")]
    [Trait("Row", "S1-53")]
    public async Task Three_files_exist_their_hashes_match_and_the_model_predicts_identically_after_reload()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainedModelRecord record = await TrainAsync("a", plan);
        Directory.GetFiles(data.Models).Select(Path.GetFileName).Should().BeEquivalentTo(
            "mkt_swing_trained_001.model", "mkt_swing_scaler_001.json", "mkt_swing_meta_001.json");
        JsonObject meta = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data.Models, "mkt_swing_meta_001.json"), Ct))!.AsObject();
        meta["hashes"]!["model"]!.GetValue<string>().Should().Be(ContentHash.OfFile(Path.Combine(data.Models, "mkt_swing_trained_001.model")).Hex);
        meta["hashes"]!["scaler"]!.GetValue<string>().Should().Be(ContentHash.OfFile(Path.Combine(data.Models, "mkt_swing_scaler_001.json")).Hex);
        meta["hyperparameters"]!["n_estimators"]!.GetValue<int>().Should().Be(20);
        meta["hyperparameters"]!["subsample"]!.GetValue<double>().Should().Be(0.8);
        foreach (string key in new[] { "model_id", "combo", "config_hash", "data_snapshot_id", "pack", "features", "metrics", "importance", "seed", "engine_version" })
        {
            meta.ContainsKey(key).Should().BeTrue($"the metadata says {key}");
        }

        foreach (string key in new[] { "trained_model_id", "job_id", "sweep_id", "created_at", "holdout", "files" })
        {
            meta.ContainsKey(key).Should().BeFalse($"{key} is history of the store, and the file is the same in every store");
            record.MetaJson.ContainsKey(key).Should().BeTrue($"the record says {key}");
        }

        TrainingResult result = new TrainingRun(new XgBoost(), TimeProvider.System).Run(plan, Data, _ => { }, Ct);
        using TrainedModel model = await models.OpenAsync(record.TrainedModelId, Ct);
        int[] holdout = [.. Enumerable.Range(result.HoldoutStart, Data.Bars.Count - result.HoldoutStart)];
        model.Probabilities(Data.ComputeFeatures(Data.Bars), holdout).Should().Equal(holdout.Select(t => result.HoldoutConfidence[t]));
        model.Calibration.Should().Be(result.Calibration);
    }

    [Fact]
    public async Task Two_runs_on_the_same_bars_have_one_artifact_hash()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainedModelRecord one = await TrainAsync("a", plan), two = await TrainAsync("b", plan);
        two.TrainedModelId.Should().NotBe(one.TrainedModelId);
        two.ArtifactHash.Should().Be(one.ArtifactHash);
        TrainingPlan other = PlantedTraining.Plan(Data, threshold: 0.6);
        (await TrainAsync("c", other)).ArtifactHash.Should().NotBe(one.ArtifactHash);
    }

    [Fact]
    public async Task The_files_of_a_training_have_the_same_bytes_in_every_store_at_any_time_and_after_any_history()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        await TrainAsync("first", PlantedTraining.Plan(Data, threshold: 0.6));
        TrainedModelRecord here = await TrainAsync("a", plan);

        using TemporaryFolder elsewhere = new();
        DataDirectory otherData = new(elsewhere["data"]);
        FixedClock later = new(new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero));
        using SqliteRowStore otherRows = await SqliteRowStore.OpenAsync(otherData.RowsFile, TimeProvider.System, Ct);
        await Migrator.RunAsync(otherRows, Migration.Embedded(otherRows.Dialect), TimeProvider.System, Ct);
        TrainedModels otherModels = new(otherRows, otherData, new(later), () => new XgBoost(), later);
        TrainingJobs otherJobs = new(otherRows, otherData, otherModels, () => new XgBoost(), later);
        var (made, _) = await otherJobs.QueueAsync([("another key", plan with { SweepId = "sweep_20310506_070809" })], "ben", Ct);
        TrainedModelRecord there = await otherJobs.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct);

        there.TrainedModelId.Should().NotBe(here.TrainedModelId);
        there.ArtifactHash.Should().Be(here.ArtifactHash);
        otherModels.FilesOf(there).Select(f => f.Sha256).Should().Equal(models.FilesOf(here).Select(f => f.Sha256)).And.HaveCount(3);
    }

    [Fact]
    [Trait("Row", "S1-52")]
    [Trait("Row", "S0-19")]
    public async Task A_job_shows_its_steps_and_a_finished_one_is_not_run_again()
    {
        TrainedModelRecord record = await TrainAsync("a", PlantedTraining.Plan(Data));
        TrainingJob job = await jobs.FindAsync(record.JobId, Ct);
        job.Status.Should().Be("completed");
        job.Progress.Select(p => p.Step).Should().Equal(TrainingSteps.All);
        job.Progress.Should().OnlyContain(p => p.Status == "complete" && p.Duration >= 0);
        job.ToJson()["progress"]!.AsArray().Should().HaveCount(5);

        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(data.Models, "mkt_swing_trained_001.model"));
        bool ranAgain = false;
        string left = data.File("training", record.JobId, "calibration.checkpoint");
        await File.WriteAllTextAsync(left, "left by a kill right after the end", Ct);
        TrainedModelRecord again = await jobs.RunAsync(record.JobId, PlantedTraining.Plan(Data), Data, _ => ranAgain = true, Ct);
        again.ArtifactHash.Should().Be(record.ArtifactHash);
        ranAgain.Should().BeFalse();
        File.Exists(left).Should().BeFalse();
        File.GetLastWriteTimeUtc(Path.Combine(data.Models, "mkt_swing_trained_001.model")).Should().Be(written);
    }

    [Fact]
    public async Task A_training_that_was_stopped_is_run_again_to_the_same_bytes()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        var (made, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        using CancellationTokenSource stop = new();
        Func<Task> stopped = () => jobs.RunAsync(made[0].JobId, plan, Data, steps =>
        {
            if (steps[2].Status == "in_progress")
            {
                stop.Cancel();
            }
        }, stop.Token);
        await stopped.Should().ThrowAsync<OperationCanceledException>();
        (await jobs.FindAsync(made[0].JobId, Ct)).Status.Should().Be("queued", "it waits to go on");
        Directory.GetFiles(data.Models).Should().BeEmpty("nothing is half written");

        TrainedModelRecord record = await jobs.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct);
        record.ArtifactHash.Should().Be((await TrainAsync("b", plan)).ArtifactHash);
    }

    [Fact]
    public async Task A_running_training_that_is_cancelled_from_elsewhere_stops_in_the_midst_of_its_trees_and_leaves_nothing_behind()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data, parameters: new JsonObject { ["n_estimators"] = 10_000, ["max_depth"] = 8 });
        var (made, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        using SqliteRowStore elsewhere = await SqliteRowStore.OpenAsync(data.RowsFile, TimeProvider.System, Ct);
        TrainingJobs other = new(elsewhere, data, models, () => new XgBoost(), TimeProvider.System);
        TaskCompletionSource fitting = new();
        Task<TrainedModelRecord> run = jobs.RunAsync(made[0].JobId, plan, Data, steps =>
        {
            if (steps[2].Status == "in_progress")
            {
                fitting.TrySetResult();
            }
        }, Ct);
        await fitting.Task.WaitAsync(TimeSpan.FromMinutes(1), Ct);
        await other.CancelAsync(made[0].JobId, Ct);
        (await ((Func<Task>)(() => run.WaitAsync(TimeSpan.FromSeconds(30), Ct))).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Should().Match<Problem>(p => p.Code == "TRN-3010" && p.Exit == ExitCode.Cancelled);
        TrainingJob stopped = await jobs.FindAsync(made[0].JobId, Ct);
        (stopped.Status, stopped.Progress[2].Status).Should().Be(("cancelled", "failed"), "its trees were not grown to their end");
        Directory.GetFiles(data.Models).Should().BeEmpty();
        Directory.Exists(Path.Combine(data.Root, "training", made[0].JobId)).Should().BeFalse();
        await Refused(() => jobs.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct), "TRN-3010");

        var (again, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        again[0].Should().Match<TrainingJob>(j => j.JobId == made[0].JobId && j.Status == "queued");
    }

    [Fact]
    public async Task Tuning_is_shown_and_counted_once_and_a_refit_takes_the_hyperparameters_that_were_chosen()
    {
        TrainingData small = PlantedTraining.Data(days: 130);
        using SweepRoom room = SweepRoom.Open();
        StoredSweep sweep = await room.RunAsync();
        TrainingPlan plan = PlantedTraining.Plan(small, parameters: new JsonObject { ["tune"] = true, ["reg_lambda"] = 2, ["permutation_importance"] = "none" }) with { CountedWith = sweep };
        var (made, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        TrainedModelRecord record = await jobs.RunAsync(made[0].JobId, plan, small, _ => { }, Ct);
        JsonArray tuning = record.MetaJson["tuning"]!.AsArray();
        tuning.Should().HaveCount(12);
        JsonNode chosen = tuning.Single(t => t!["chosen"]!.GetValue<bool>())!;
        chosen["log_loss"]!.GetValue<double>().Should().Be(tuning.Min(t => t!["log_loss"]!.GetValue<double>()));
        record.Hyperparameters.ToJson().ToJsonString().Should().Be(chosen["hyperparameters"]!.ToJsonString());
        record.Hyperparameters.RegLambda.Should().Be(2);
        record.Parameters.Should().Be(plan.Parameters);

        TrialLedger ledger = new(rows);
        (await ledger.ListAsync(sweep.Hypothesis, Ct)).Should().HaveCount(12).And.OnlyContain(t => t.Kind == "tuning" && t.SourceId == record.JobId);
        var (again, _) = await jobs.QueueAsync([("b", plan)], "ana", Ct);
        await jobs.RunAsync(again[0].JobId, plan, small, _ => { }, Ct);
        (await ledger.CountAsync(sweep.Hypothesis, Ct)).Raw.Should().Be(12, "the same runs on the same bars count once");

        TrainingPlan refit = plan.ForRefit(record.ArtifactHash, record.Hyperparameters);
        refit.Parameters.Should().Match<TrainingParameters>(p => !p.Tune && p.Hyperparameters == record.Hyperparameters && p.Calibration == plan.Parameters.Calibration);
    }

    [Fact]
    public async Task The_second_combo_tried_on_one_hold_out_is_shown_as_such()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainedModelReview first = TrainedModelReview.Of(await TrainAsync("a", plan)), second = TrainedModelReview.Of(await TrainAsync("b", plan));
        first.HoldoutLook.Should().Be(1);
        first.Sentence.Should().NotContain("look");
        second.HoldoutLook.Should().Be(2);
        second.Sentence.Should().Contain("look 2 at this hold-out");
        TrainedModelRecord refit = await TrainAsync("c", plan.ForRefit("x", plan.Parameters.Hyperparameters));
        TrainedModelReview.Of(refit).Should().Match<TrainedModelReview>(r => r.HoldoutLook == null && r.Obstacles.Count == 1);
    }

    [Fact]
    public async Task A_failed_training_keeps_its_reason()
    {
        TrainingData tiny = PlantedTraining.Data(days: 25);
        TrainingPlan plan = PlantedTraining.Plan(tiny);
        var (made, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        Func<Task> run = () => jobs.RunAsync(made[0].JobId, plan, tiny, _ => { }, Ct);
        await run.Should().ThrowAsync<ProblemException>();
        TrainingJob job = await jobs.FindAsync(made[0].JobId, Ct);
        job.Status.Should().Be("failed");
        job.Problem.Should().Contain("TRN-1004");
        job.Progress[0].Status.Should().Be("failed");
    }

    [Fact]
    public async Task A_training_that_ends_on_something_nobody_foresaw_has_failed_with_a_code_and_the_cause_and_goes_on_when_asked_again()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainingJobs broken = new(rows, data, models, () => throw new InvalidOperationException("the learner's\nlibrary is of another build"), TimeProvider.System);
        var (made, _) = await broken.QueueAsync([("a", plan)], "ana", Ct);
        ProblemException refusal = (await FluentActions.Awaiting(() => broken.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct)).Should().ThrowAsync<ProblemException>()).Which;
        refusal.Problem.Code.Should().Be("TRN-3012");
        refusal.InnerException.Should().BeOfType<InvalidOperationException>();
        TrainingJob job = await jobs.FindAsync(made[0].JobId, Ct);
        job.Status.Should().Be("failed");
        job.FinishedAtUtc.Should().NotBeNull();
        job.Failure!.Code.Should().Be("TRN-3012");
        job.Failure.Message.Should().Contain("InvalidOperationException").And.Contain("the learner's library is of another build");

        var (again, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        again.Should().ContainSingle().Which.Should().Match<TrainingJob>(j => j.JobId == made[0].JobId && j.Status == "queued" && j.Problem == null);
        (await jobs.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct)).JobId.Should().Be(made[0].JobId);
    }

    [Fact]
    public async Task A_training_that_is_stopped_with_its_process_waits_to_go_on_and_one_that_is_cancelled_leaves_nothing()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        var (made, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        string job = made[0].JobId;
        using var process = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        // At once, also for what listens to this token: told a moment later the training may have come to its end.
        Func<Task> run = () => jobs.RunAsync(job, plan, Data, steps => (steps[2].Status == "in_progress" ? process : null)?.Cancel(), process.Token);
        await run.Should().ThrowAsync<OperationCanceledException>();
        TrainingJob waiting = await jobs.FindAsync(job, Ct);
        waiting.Status.Should().Be("queued");
        waiting.Progress.Should().OnlyContain(p => p.Status == "pending" && p.Duration == null);
        Directory.GetFiles(data.Folder("training", job), "*.checkpoint").Should().NotBeEmpty("its finished steps are kept");

        await jobs.CancelAsync(job, Ct);
        await Refused(() => jobs.RunAsync(job, plan, Data, _ => { }, Ct), "TRN-3010");
        Directory.Exists(Path.Combine(data.Root, "training", job)).Should().BeFalse();
    }

    [Fact]
    public async Task Two_attempts_at_one_training_train_it_once_and_both_get_the_model()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        int attempts = 0;
        TrainingJobs counted = new(rows, data, models, () =>
        {
            Interlocked.Increment(ref attempts);
            return new XgBoost();
        }, TimeProvider.System);
        var (made, _) = await counted.QueueAsync([("a", plan)], "ana", Ct);
        TrainedModelRecord[] both = await Task.WhenAll(
            Task.Run(() => counted.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct), Ct), Task.Run(() => counted.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct), Ct));
        attempts.Should().Be(1);
        both[0].Should().Be(both[1]);
        Directory.Exists(Path.Combine(data.Root, "training", made[0].JobId)).Should().BeFalse("the second attempt leaves no folder behind");
    }

    [Fact]
    public async Task Whoever_followed_an_attempt_that_failed_is_told_its_reason_and_does_not_train_again()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        using SemaphoreSlim started = new(0), follows = new(0);
        int begun = 0;
        TrainingJobs broken = new(rows, data, models, () =>
        {
            begun++;
            started.Release();
            follows.Wait(Ct);
            throw new InvalidOperationException("no learner today");
        }, TimeProvider.System);
        var (made, _) = await broken.QueueAsync([("a", plan)], "ana", Ct);
        Task first = Task.Run(() => broken.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct), Ct);
        await started.WaitAsync(Ct);
        Task second = Task.Run(() => broken.RunAsync(made[0].JobId, plan, Data, _ => follows.Release(), Ct), Ct);
        await Refused(() => first, "TRN-3012");
        await Refused(() => second, "TRN-3012");
        begun.Should().Be(1);
    }

    [Fact]
    public async Task A_disk_that_takes_no_lock_refuses_a_training_with_a_code()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        var (made, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        await File.WriteAllTextAsync(Path.Combine(data.Root, "training"), "a file where the folder would be", Ct);
        await Refused(() => jobs.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct), "STO-1008");
        (await jobs.FindAsync(made[0].JobId, Ct)).Status.Should().Be("queued");
    }

    [Fact]
    public async Task A_machine_without_the_library_fails_the_training_with_the_way_to_get_it()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainingJobs bare = new(rows, data, models, () => throw new ProblemException("TRN-2001", "not here", "learner", "apt-get install libxgboost0"), TimeProvider.System);
        var (made, _) = await bare.QueueAsync([("a", plan)], "ana", Ct);
        await Refused(() => bare.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct), "TRN-2001");
        (await bare.FindAsync(made[0].JobId, Ct)).Problem.Should().Contain("apt-get install libxgboost0");
        (await jobs.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct)).JobId.Should().Be(made[0].JobId, "once it is there, the same job goes on");
    }

    [Fact]
    public async Task A_job_runs_its_own_plan_only_and_an_unknown_one_is_refused()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        var (made, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        await Refused(() => jobs.RunAsync(made[0].JobId, plan with { Threshold = 0.7 }, Data, _ => { }, Ct), "TRN-3009");
        await Refused(() => jobs.FindAsync("train_999", Ct), "TRN-3008");
        await jobs.CancelAsync(made[0].JobId, Ct);
        (await jobs.FindAsync(made[0].JobId, Ct)).Status.Should().Be("cancelled");
    }

    [Fact]
    [Trait("Row", "S1-57")]
    public async Task A_review_shows_both_sharpe_ratios_and_a_decision_is_on_record_with_its_reason()
    {
        TrainedModelRecord record = await TrainAsync("a", PlantedTraining.Plan(Data) with { SharpeBacktest = 0.02 });
        TrainedModelReview review = TrainedModelReview.Of(record);
        review.SharpeBacktest.Should().Be(0.02);
        review.Retention.Should().BeApproximately(review.SharpeValidation!.Value / 0.02, 1e-12);
        review.Trades.Should().BePositive();
        review.Interval.Should().NotBeNull();
        review.Sentence.Should().Contain("cannot be told apart");

        TrainedModelRecord published = await models.PublishAsync(record.TrainedModelId, "ana", "clear on the hold-out", Ct);
        published.Should().Match<TrainedModelRecord>(r => r.State == "published" && r.DecidedBy == "ana" && r.DecisionReason == "clear on the hold-out");
        AuditRecord entry = (await AuditChain.OfSubjectAsync(rows, $"trained_model:{record.TrainedModelId}", Ct)).Should().ContainSingle().Which;
        entry.Should().Match<AuditRecord>(e => e.Actor == "ana" && e.Action == "trained_model.publish" && e.Reason == "clear on the hold-out");
        entry.Payload.Should().Contain(record.ArtifactHash);
        (await AuditChain.VerifyAsync(rows, null, Ct)).Intact.Should().BeTrue();
        await Refused(() => models.PublishAsync(record.TrainedModelId, "ben", "again", Ct), "TRN-3007");
        await Refused(() => models.DiscardAsync(record.TrainedModelId, "ben", "again", Ct), "TRN-3007");
    }

    [Theory]
    [Trait("Row", "S1-57")]
    [InlineData(0.30, 0.049, 0)]
    [InlineData(0.29, 0.049, 1)]
    [InlineData(0.30, 0.05, 1)]
    [InlineData(null, null, 2)]
    public async Task The_publish_gate_asks_for_sharpe_and_p_on_the_hold_out_and_gives_way_to_a_note(double? sharpe, double? p, int fails)
    {
        TrainingData judged = Data with { Backtest = (c, from, to) => Data.Backtest(c, from, to) with { Sharpe = sharpe, PValue = p } };
        TrainingPlan plan = PlantedTraining.Plan(Data) with { SharpeBacktest = 0.25 };
        var (made, _) = await jobs.QueueAsync([("a", plan)], "ana", Ct);
        TrainedModelRecord record = await jobs.RunAsync(made[0].JobId, plan, judged, _ => { }, Ct);
        TrainedModelReview review = TrainedModelReview.Of(record);
        review.PublishGate.Should().HaveCount(fails);
        review.SharpeOof.Should().Be(sharpe);
        review.ToJson()["publish_gate"]!.AsArray().Should().HaveCount(fails);
        if (fails == 0)
        {
            (await models.PublishAsync(record.TrainedModelId, "ana", null, Ct)).State.Should().Be("published");
            return;
        }

        await Refused(() => models.PublishAsync(record.TrainedModelId, "ana", " ", Ct), sharpe is null ? "TRN-3006" : "TRN-3011");
        (await models.PublishAsync(record.TrainedModelId, "ana", "seen by two of us", Ct)).DecisionReason.Should().Be("seen by two of us");
        (await AuditChain.OfSubjectAsync(rows, $"trained_model:{record.TrainedModelId}", Ct)).Should().ContainSingle().Which.Payload.Should().Contain("publish_gate");
    }

    [Fact]
    [Trait("Row", "S1-58")]
    public async Task Discarding_frees_the_files_and_keeps_record_and_history()
    {
        TrainedModelRecord record = await TrainAsync("a", PlantedTraining.Plan(Data));
        await models.DiscardAsync(record.TrainedModelId, "ana", "no edge", Ct);
        Directory.GetFiles(data.Models).Should().BeEmpty();
        (await models.FindAsync(record.TrainedModelId, Ct)).Should().Match<TrainedModelRecord>(r => r.State == "discarded" && r.ArtifactHash == record.ArtifactHash);
        (await AuditChain.OfSubjectAsync(rows, $"trained_model:{record.TrainedModelId}", Ct)).Should().ContainSingle();
        await Refused(() => models.OpenAsync(record.TrainedModelId, Ct), "TRN-3003");
        (await models.DiscardAsync(record.TrainedModelId, "ana", null, Ct)).State.Should().Be("discarded");
        (await AuditChain.OfSubjectAsync(rows, $"trained_model:{record.TrainedModelId}", Ct)).Should().ContainSingle("discarding again only finishes the work");
    }

    [Fact]
    public async Task What_somebody_needs_is_not_discarded_and_its_files_stay()
    {
        TrainedModelRecord record = await TrainAsync("a", PlantedTraining.Plan(Data));
        string? asked = null;
        TrainedModels guarded = new(rows, data, new(TimeProvider.System), () => new XgBoost(), TimeProvider.System, (_, artifact, _) =>
        {
            asked = artifact;
            return Task.FromResult<string?>("trades as pub_1");
        });
        string[] files = Directory.GetFiles(data.Models);
        await Refused(() => guarded.DiscardAsync(record.TrainedModelId, "ana", "no edge", Ct), "TRN-3014");
        asked.Should().Be(record.ArtifactHash);
        Directory.GetFiles(data.Models).Should().BeEquivalentTo(files);
        (await guarded.FindAsync(record.TrainedModelId, Ct)).State.Should().Be("trained");
        (await AuditChain.OfSubjectAsync(rows, $"trained_model:{record.TrainedModelId}", Ct)).Should().BeEmpty();
        (await guarded.PublishAsync(record.TrainedModelId, "ana", "looked at it", Ct)).State.Should().Be("published", "vouching takes nothing away");
    }

    [Fact]
    public async Task What_may_not_be_published_is_refused_with_its_reason()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainedModelRecord failed = await TrainAsync("a", plan with { Gate = GateStatus.Fail, IsEvidenceOnly = true });
        await Refused(() => models.PublishAsync(failed.TrainedModelId, "ana", "please", Ct), "GATE_FAILED");
        TrainedModelReview.Of(failed).Should().Match<TrainedModelReview>(r => r.Suggestion == "discard" && r.Obstacles.Count == 1);

        TrainedModelRecord seen = await TrainAsync("b", plan with { SweepHoldoutShare = 0, SweepHoldoutFirstUtcUs = Data.Bars.StartUtcUs[^1] + 1 });
        await Refused(() => models.PublishAsync(seen.TrainedModelId, "ana", "please", Ct), "TRN-3005");

        TrainedModelRecord weak = await TrainAsync("c", plan with { SharpeBacktest = -0.5 });
        TrainedModelReview.Of(weak).Should().Match<TrainedModelReview>(r => r.Retention == null && r.Suggestion == "discard");
        await Refused(() => models.PublishAsync(weak.TrainedModelId, "ana", null, Ct), "TRN-3006");
        await Refused(() => models.PublishAsync("nobody_trained_001", "ana", null, Ct), "TRN-3001");
    }

    [Fact]
    public async Task One_flipped_byte_of_a_file_is_found()
    {
        TrainedModelRecord record = await TrainAsync("a", PlantedTraining.Plan(Data));
        string path = Path.Combine(data.Models, "mkt_swing_trained_001.model");
        byte[] bytes = await File.ReadAllBytesAsync(path, Ct);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Ct);
        await Refused(() => models.OpenAsync(record.TrainedModelId, Ct), "TRN-3003");
        await Refused(() => models.PublishAsync(record.TrainedModelId, "ana", "fine", Ct), "TRN-3003");
        (await models.FindAsync(record.TrainedModelId, Ct)).State.Should().Be("trained");
    }

    [Theory]
    [InlineData("mkt_swing_trained_001.model")]
    [InlineData("mkt_swing_scaler_001.json")]
    [InlineData("mkt_swing_meta_001.json")]
    public async Task A_file_that_was_cut_off_emptied_or_replaced_is_refused_before_any_loader_sees_it(string name)
    {
        TrainedModelRecord record = await TrainAsync("a", PlantedTraining.Plan(Data));
        TrainedModels unopened = new(rows, data, new(TimeProvider.System), () => throw new InvalidOperationException("a loader was asked"), TimeProvider.System);
        string path = Path.Combine(data.Models, name);
        byte[] whole = await File.ReadAllBytesAsync(path, Ct);
        foreach (byte[] bytes in new[] { whole[..(whole.Length / 2)], [], System.Text.Encoding.ASCII.GetBytes(new string('[', 100_000)), [.. whole, (byte)' '] })
        {
            await File.WriteAllBytesAsync(path, bytes, Ct);
            await Refused(() => unopened.OpenAsync(record.TrainedModelId, Ct), "TRN-3003");
        }
    }

    [Fact]
    public async Task Model_and_scaler_that_name_their_inputs_in_another_order_are_refused_even_where_the_row_vouches_for_them()
    {
        TrainedModelRecord record = await TrainAsync("a", PlantedTraining.Plan(Data));
        string path = Path.Combine(data.Models, "mkt_swing_scaler_001.json");
        string before = ContentHash.OfFile(path).Hex;
        JsonObject scaler = JsonNode.Parse(await File.ReadAllTextAsync(path, Ct))!.AsObject();
        scaler["columns"] = new JsonArray([.. scaler["columns"]!.AsArray().Reverse().Select(c => c!.DeepClone())]);
        await File.WriteAllTextAsync(path, scaler.ToJsonString(), Ct);
        await rows.ExecuteAsync("update trained_models set files = replace(files, @Before, @After)", new { Before = before, After = ContentHash.OfFile(path).Hex }, Ct);
        await Refused(() => models.OpenAsync(record.TrainedModelId, Ct), "TRN-3002");
    }

    [Fact]
    public async Task A_missing_input_is_named()
    {
        TrainedModelRecord record = await TrainAsync("a", PlantedTraining.Plan(Data));
        using TrainedModel model = await models.OpenAsync(record.TrainedModelId, Ct);
        FeatureColumns all = Data.ComputeFeatures(Data.Bars);
        Action predict = () => model.Probabilities(new([.. all.Names.Take(2)], [.. all.Columns.Take(2)]), [100]);
        predict.Should().Throw<ProblemException>().Which.Problem.Should().Match<Problem>(p => p.Code == "TRN-3004" && p.Where == "range");
    }

    [Theory]
    [InlineData(1.2, "publish")]
    [InlineData(0.90, "publish")]
    [InlineData(0.8999, "review")]
    [InlineData(0.75, "review")]
    [InlineData(0.7499, "discard")]
    [InlineData(null, "discard")]
    public void The_suggestion_follows_retention(double? retention, string suggestion) => TrainedModelReview.Suggest(retention).Should().Be(suggestion);

    [Theory]
    [InlineData("""{"format": "other"}""")]
    [InlineData("not json")]
    [InlineData("""{"format": "sigmatiq.trained/1"}""")]
    public void Bytes_that_are_no_trained_model_are_refused(string text)
    {
        Action read = () => TrainedModelFiles.ReadModel(System.Text.Encoding.UTF8.GetBytes(text), "x.model");
        read.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("TRN-3002");
        Action scaler = () => TrainedModelFiles.ReadScaler(System.Text.Encoding.UTF8.GetBytes(text), "x.json");
        scaler.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("TRN-3002");
    }

    private async Task<TrainedModelRecord> TrainAsync(string key, TrainingPlan plan)
    {
        var (made, _) = await jobs.QueueAsync([(key, plan)], "ana", Ct);
        return await jobs.RunAsync(made[0].JobId, plan, Data, _ => { }, Ct);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private static async Task Refused(Func<Task> work, string code) =>
        (await work.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be(code);
}
