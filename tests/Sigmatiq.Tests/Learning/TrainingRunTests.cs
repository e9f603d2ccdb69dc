using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Learning;

public sealed class TrainingRunTests
{
    private static readonly TrainingData Data = PlantedTraining.Data();

    [Fact]
    [Trait("Row", "S0-19")]
    [Trait("Row", "S1-54")]
    public void A_planted_effect_is_found_and_both_blocks_are_measured()
    {
        TrainingResult result = Train(PlantedTraining.Plan(Data), Data);
        result.Validation.AucRoc.Should().BeGreaterThan(0.6);
        result.Training.AucRoc.Should().BeGreaterThan(result.Validation.AucRoc!.Value);
        foreach (var block in new[] { result.Training, result.Validation })
        {
            foreach (double? metric in new[] { block.Accuracy, block.Precision, block.Recall, block.F1Score, block.AucRoc })
            {
                metric.Should().NotBeNull();
                metric!.Value.Should().BeInRange(0, 1);
            }
        }

        result.CrossValidation.Keys.Should().BeEquivalentTo("accuracy", "precision", "recall", "f1_score", "auc_roc");
        result.CrossValidation["auc_roc"].Folds.Should().Be(5);
        result.CalibrationReport.ReliabilityAfter.Sum(b => b.Count).Should().Be(result.Rows.Validation);
        result.Calibration.Should().Match<Sigmatiq.Learning.Calibration.PlattMap>(m => m.Fitted && m.A < 0 && m.N == result.Rows.OutOfFold);
        result.MeanGain.Should().BePositive();
        result.MeanLoss.Should().BeNegative();
        result.Rows.Effective.Should().BeLessThan(result.Rows.Training / 3.0);
        result.Flags.Should().NotContain(TrainingFlags.NoSkill).And.NotContain(TrainingFlags.ValidationContaminated);
    }

    [Fact]
    [Trait("Row", "S0-20")]
    [Trait("Row", "S1-55")]
    public void Importance_is_sorted_and_sums_to_one_over_all_inputs()
    {
        IReadOnlyList<FeatureShare> importance = Train(PlantedTraining.Plan(Data), Data).Importance;
        importance.Select(i => i.Feature).Should().BeEquivalentTo("volume", "momentum", "range");
        importance.Select(i => i.Importance).Should().BeInDescendingOrder();
        importance.Sum(i => i.Importance).Should().BeApproximately(1, 1e-6);
        importance[0].Feature.Should().Be("volume", "the mood that drives the price is told by the volume");
    }

    [Fact]
    public void The_same_plan_gives_the_same_bytes_whatever_the_clock_says()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainingResult one = Train(plan, Data);
        TrainingResult two = new TrainingRun(new XgBoost(), new JumpingClock()).Run(plan, PlantedTraining.Data(), _ => { }, TestContext.Current.CancellationToken);
        two.Trees.Should().Equal(one.Trees);
        two.Calibration.Should().Be(one.Calibration);
        two.OofConfidence.Should().Equal(one.OofConfidence);
        two.HoldoutConfidence.Should().Equal(one.HoldoutConfidence);
        two.Validation.Should().Be(one.Validation);
    }

    [Fact]
    [Trait("Row", "S1-54")]
    public void Bars_of_the_hold_out_change_neither_fit_nor_calibration()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainingResult before = Train(plan, Data);
        BarColumns altered = LeakageCheck.Altered(Data.Bars, before.HoldoutStart - 1);
        TrainingResult after = Train(plan, Data with
        {
            Bars = altered, Fills = Sigmatiq.Backtest.Fills.FillBars.From(altered, PlantedTraining.NewYork, Sigmatiq.Packs.Gates.PriceKind.Raw),
        });
        after.Trees.Should().Equal(before.Trees);
        after.Calibration.Should().Be(before.Calibration);
        after.Scaler.Mean.Should().Equal(before.Scaler.Mean);
        after.OofConfidence.Should().Equal(before.OofConfidence);
        after.Validation.Should().NotBe(before.Validation);
    }

    [Fact]
    [Trait("Row", "S1-54")]
    public void A_scaler_that_had_read_the_hold_out_would_be_found_by_the_same_test()
    {
        int start = Train(PlantedTraining.Plan(Data), Data).HoldoutStart;
        int[] all = [.. Enumerable.Range(0, Data.Bars.Count)], earlier = [.. Enumerable.Range(0, start)];
        FeatureColumns before = Data.ComputeFeatures(Data.Bars), after = Data.ComputeFeatures(LeakageCheck.Altered(Data.Bars, start - 1));
        FeatureScaler.Fit(after, earlier).Mean.Should().Equal(FeatureScaler.Fit(before, earlier).Mean);
        FeatureScaler.Fit(after, all).Mean.Should().NotEqual(FeatureScaler.Fit(before, all).Mean);
    }

    [Fact]
    [Trait("Row", "S1-52")]
    public void The_five_steps_appear_in_order_from_pending_to_complete()
    {
        List<IReadOnlyList<TrainingProgress>> seen = [];
        _ = new TrainingRun(new XgBoost(), TimeProvider.System).Run(PlantedTraining.Plan(Data), Data, seen.Add, TestContext.Current.CancellationToken);
        seen.Should().HaveCount(10).And.OnlyContain(s => s.Select(p => p.Step).SequenceEqual(TrainingSteps.All));
        seen[0].Select(p => p.Status).Should().Equal("in_progress", "pending", "pending", "pending", "pending");
        seen[0][1].Duration.Should().BeNull();
        for (int i = 0; i < seen.Count; i++)
        {
            seen[i].Select(p => p.Status).Should().Equal(
                Enumerable.Range(0, 5).Select(s => s < (i + 1) / 2 ? "complete" : s == i / 2 && i % 2 == 0 ? "in_progress" : "pending"), $"event {i}");
        }

        seen[^1].Should().OnlyContain(p => p.Duration >= 0);
    }

    [Fact]
    public void A_step_that_fails_is_shown_as_failed()
    {
        List<IReadOnlyList<TrainingProgress>> seen = [];
        TrainingData leaky = PlantedTraining.Data(features: b => new(["tomorrow"], [[.. Enumerable.Range(0, b.Count).Select(t => b.Close[Math.Min(t + 7, b.Count - 1)])]]));
        Action run = () => new TrainingRun(new XgBoost(), TimeProvider.System).Run(PlantedTraining.Plan(leaky), leaky, seen.Add, TestContext.Current.CancellationToken);
        run.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("TRN-1006");
        seen[^1].Select(p => p.Status).Should().Equal("complete", "failed", "pending", "pending", "pending");
    }

    [Fact]
    [Trait("Row", "S0-18")]
    public void A_combo_that_failed_its_gates_is_refused_unless_it_is_for_evidence_only()
    {
        TrainingPlan failed = PlantedTraining.Plan(Data) with { Gate = GateStatus.Fail };
        Action run = () => Train(failed, Data);
        run.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("GATE_FAILED");
        Train(failed with { IsEvidenceOnly = true }, Data).Flags.Should().Contain(TrainingFlags.GateFailed);
        Train(PlantedTraining.Plan(Data) with { Gate = GateStatus.Marginal }, Data).Flags.Should().NotContain(TrainingFlags.GateFailed);
    }

    [Fact]
    [Trait("Row", "S1-54")]
    public void A_hold_out_that_the_sweep_has_seen_is_called_contaminated()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainingPlan seen = plan with { SweepHoldoutShare = 0, SweepHoldoutFirstUtcUs = Data.Bars.StartUtcUs[^1] + 1 };
        Train(seen, Data).Flags.Should().Contain(TrainingFlags.ValidationContaminated);
    }

    [Theory]
    [Trait("Row", "S1-51")]
    [InlineData("""{"test_size": 0.1}""")]
    [InlineData("""{"calibration": "none"}""")]
    [InlineData("""{"tune": true}""")]
    [InlineData("""{"hyperparameters": {"max_depth": 2}}""")]
    [InlineData("""{"seed": 7}""")]
    public void Each_training_parameter_changes_the_run(string parameters)
    {
        JsonObject usual = new() { ["n_estimators"] = 5, ["learning_rate"] = 0.1 };
        JsonObject changed = new() { ["n_estimators"] = 5, ["learning_rate"] = 0.1 };
        foreach (var (key, value) in JsonNode.Parse(parameters)!.AsObject())
        {
            changed[key] = value?.DeepClone();
        }

        TrainingResult one = Train(PlantedTraining.Plan(Data, parameters: usual), Data), other = Train(PlantedTraining.Plan(Data, parameters: changed), Data);
        other.OofConfidence.SequenceEqual(one.OofConfidence).Should().BeFalse();
        PlantedTraining.Plan(Data, parameters: changed).Hash.Should().NotBe(PlantedTraining.Plan(Data, parameters: usual).Hash);
    }

    [Fact]
    public void Tuning_tries_the_small_grid_and_counts_it()
    {
        TrainingData small = PlantedTraining.Data(days: 130);
        TrainingResult tuned = Train(PlantedTraining.Plan(small, parameters: new JsonObject { ["tune"] = true }), small);
        tuned.Tuning.Should().HaveCount(12);
        Sigmatiq.Learning.Tuning.Grid(new()).Should().HaveCount(12).And.Contain(tuned.Hyperparameters);
    }

    [Fact]
    public void A_market_without_effect_gets_no_probability_far_from_its_base_rate()
    {
        TrainingData noise = PlantedTraining.Data(seed: 8, skill: 0);
        TrainingResult result = Train(PlantedTraining.Plan(noise), noise);
        double baseRate = result.Rows.Gains / (double)result.Rows.Training;
        double[] said = [.. result.HoldoutConfidence.Where(double.IsFinite)];
        Math.Abs(said.Average() - baseRate).Should().BeLessThan(0.15);
        result.Validation.AucRoc.Should().BeInRange(0.3, 0.7);
    }

    [Fact]
    public void A_refit_learns_from_every_labelled_bar_and_calibrates_out_of_fold()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data);
        TrainingResult trained = Train(plan, Data), refit = Train(plan.ForRefit("a", trained.Hyperparameters), Data);
        refit.Rows.Training.Should().BeGreaterThan(trained.Rows.Training + trained.Rows.Validation);
        refit.Rows.Validation.Should().Be(0);
        refit.Calibration.Should().Match<Sigmatiq.Learning.Calibration.PlattMap>(m => m.Fitted && m.N > trained.Calibration.N);
        refit.Flags.Should().Contain(TrainingFlags.Refit).And.NotContain(TrainingFlags.ValidationContaminated);
        refit.SharpeValidation.Should().Be(ComboOutcome.None);
        plan.ForRefit("a", trained.Hyperparameters).Hash.Should().NotBe(plan.Hash);
    }

    [Fact]
    public void Too_few_rows_are_refused_with_their_number()
    {
        TrainingData tiny = PlantedTraining.Data(days: 25);
        Action run = () => Train(PlantedTraining.Plan(tiny), tiny);
        run.Should().Throw<ProblemException>().Which.Problem.Should().Match<Problem>(p => p.Code == "TRN-1004" && p.Message.Contains("labelled rows"));
    }

    [Fact]
    public void A_model_without_inputs_is_refused()
    {
        TrainingData empty = PlantedTraining.Data(days: 130, features: _ => new([], []));
        Action run = () => Train(PlantedTraining.Plan(empty), empty);
        run.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("TRN-1007");
    }

    [Theory]
    [InlineData("""{"algorithm": "catboost"}""", "TRN-1001")]
    [InlineData("""{"validation": "shuffle_split"}""", "TRN-1003")]
    [InlineData("""{"test_size": 0.9}""", "TRN-1003")]
    [InlineData("""{"calibration": "isotonic"}""", "TRN-1003")]
    [InlineData("""{"tune": "yes"}""", "TRN-1003")]
    [InlineData("""{"permutation_importance": "gini"}""", "TRN-1003")]
    [InlineData("""{"permutation_importance": 1}""", "TRN-1003")]
    [InlineData("""{"test_size": "a fifth"}""", "TRN-1003")]
    [InlineData("""{"test_size": 1e999}""", "TRN-1003")]
    [InlineData("""{"tune": null}""", "TRN-1003")]
    [InlineData("""{"max_dept": 3}""", "TRN-1002")]
    [InlineData("""{"hyperparameters": [1]}""", "TRN-1002")]
    [InlineData("""{"max_depth": 0}""", "TRN-1002")]
    [InlineData("""{"max_depth": 17}""", "TRN-1002")]
    [InlineData("""{"max_depth": 3.5}""", "TRN-1002")]
    [InlineData("""{"n_estimators": 10001}""", "TRN-1002")]
    [InlineData("""{"learning_rate": 0}""", "TRN-1002")]
    [InlineData("""{"learning_rate": 1e400}""", "TRN-1002")]
    [InlineData("""{"subsample": 1.01}""", "TRN-1002")]
    [InlineData("""{"reg_lambda": -1}""", "TRN-1002")]
    [InlineData("""{"seed": -1}""", "TRN-1002")]
    [InlineData("""{"seed": {"deep": []}}""", "TRN-1002")]
    [InlineData("""{"objective": "reg:squarederror"}""", "TRN-1002")]
    public void A_wrong_request_is_refused_with_place_and_remedy(string request, string code)
    {
        Action parse = () => TrainingParameters.Parse(JsonNode.Parse(request)!.AsObject());
        string key = JsonNode.Parse(request)!.AsObject().First().Key;
        parse.Should().Throw<ProblemException>().Which.Problem.Should().Match<Problem>(p =>
            p.Code == code && p.Exit == ExitCode.BadUsage && p.Where == key && p.Message.Contains(key == "max_dept" ? key : key.Split(' ')[0]) && !string.IsNullOrEmpty(p.Remedy));
    }

    [Fact]
    public void An_unknown_setting_is_refused_with_every_setting_that_there_is()
    {
        Action parse = () => TrainingParameters.Parse(new() { ["tuned"] = true });
        JsonObject known = TrainingParameters.Default.ToJson();
        IEnumerable<string> names = known.Select(p => p.Key).Where(k => k != "hyperparameters").Concat(known["hyperparameters"]!.AsObject().Select(p => p.Key));
        parse.Should().Throw<ProblemException>().Which.Problem.Remedy.Should().ContainAll(names);
    }

    [Fact]
    public void Parameters_read_back_what_they_write() =>
        TrainingParameters.Parse(new TrainingParameters(new(MaxDepth: 3), TestSize: 0.3, Calibration: "none", Tune: true, PermutationImportance: "auc").ToJson())
            .Should().Be(new TrainingParameters(new(MaxDepth: 3), TestSize: 0.3, Calibration: "none", Tune: true, PermutationImportance: "auc"));

    private static TrainingResult Train(TrainingPlan plan, TrainingData data) =>
        new TrainingRun(new XgBoost(), TimeProvider.System).Run(plan, data, _ => { }, TestContext.Current.CancellationToken);

    // Every look at this clock is an hour later.
    private sealed class JumpingClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => now += 3600;
    }
}
