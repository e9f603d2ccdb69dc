using System.Text.Json.Nodes;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Importance;
using Sigmatiq.Learning.Learners;

namespace Sigmatiq.Tests.Learning.Importance;

public sealed class PermutationImportanceTests
{
    [Theory]
    [InlineData("log_loss")]
    [InlineData("auc")]
    public void The_input_that_tells_the_mood_matters_on_unseen_rows_and_the_same_seed_says_so_again(string loss)
    {
        TrainingData data = PlantedTraining.Data();
        TrainingPlan plan = PlantedTraining.Plan(data, parameters: new JsonObject { ["n_estimators"] = 20, ["learning_rate"] = 0.1, ["max_depth"] = 3, ["permutation_importance"] = loss });
        PermutationReport report = Train(plan, data).Permutation!;
        report.Loss.Should().Be(loss);
        report.Rows.Should().BeGreaterThan(500);
        report.Features.Select(f => f.Feature).Should().BeEquivalentTo("volume", "momentum", "range");
        report.Features.Select(f => f.Importance).Should().BeInDescendingOrder();
        report.Features[0].Feature.Should().Be("volume");
        report.Features[0].Importance.Should().BeGreaterThan(3 * Math.Abs(report.Features[1].Importance));
        Train(plan, data).Permutation!.Features.Should().Equal(report.Features);
    }

    [Fact]
    public void It_is_left_out_where_it_was_not_asked_for()
    {
        TrainingData data = PlantedTraining.Data(days: 160);
        TrainingPlan plan = PlantedTraining.Plan(data, parameters: new JsonObject { ["n_estimators"] = 5, ["permutation_importance"] = "none" });
        Train(plan, data).Permutation.Should().BeNull();
    }

    [Fact]
    public void An_input_that_no_tree_uses_costs_nothing_and_one_that_decides_costs_what_its_shuffles_cost()
    {
        // The model says the first column itself as log-odds, so the loss of every shuffle can be taken by hand.
        float[] values = [2, 7, -2, 7, 2, 7, -2, 7];
        double[] labels = [1, 0, 1, 0];
        PermutationImportance importance = new("log_loss", seed: 1);
        importance.Add(importance.Of(new FirstColumn(), new(values, 4, 2), labels, fold: 0, TestContext.Current.CancellationToken)!);
        IReadOnlyList<PermutedFeature> found = importance.Of(["told", "idle"]);
        found.Single(f => f.Feature == "idle").Should().Be(new PermutedFeature("idle", 0, 0));

        // Right rows lose ln(1 + e^-2), wrong ones ln(1 + e^2); a shuffle of two and two has 0, 2 or 4 wrong rows, so the mean of three
        // shuffles is a whole number of twelfths of twice the difference, which is 2.
        double told = found.Single(f => f.Feature == "told").Importance;
        (Math.Log(1 + Math.Exp(2)) - Math.Log(1 + Math.Exp(-2))).Should().BeApproximately(2, 1e-12);
        double halves = told / (2 * 0.5 / 3);
        halves.Should().BeApproximately(Math.Round(halves), 1e-9).And.BeInRange(1, 6);
        LogLosses.Mean([2, -2], [1, 1]).Should().BeApproximately((Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(2))) / 2, 1e-12);
    }

    private static TrainingResult Train(TrainingPlan plan, TrainingData data) =>
        new TrainingRun(new XgBoost(), TimeProvider.System).Run(plan, data, _ => { }, TestContext.Current.CancellationToken);

    private sealed class FirstColumn : IFittedModel
    {
        public int Columns => 2;

        public double[] Scores(DenseRows rows) => [.. Enumerable.Range(0, rows.Rows).Select(i => (double)rows.Row(i)[0])];

        public double[] TotalGain() => [1, 0];

        public byte[] ToBytes() => [];

        public void Dispose() { }
    }
}
