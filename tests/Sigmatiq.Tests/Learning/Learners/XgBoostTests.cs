using System.Text.Json.Nodes;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning.Learners;

public sealed class XgBoostTests
{
    private static readonly Hyperparameters Stump =
        new(NEstimators: 1, MaxDepth: 1, LearningRate: 1, Subsample: 1, ColsampleBytree: 1, RegLambda: 1, MinChildWeight: 0);

    [Fact]
    public void A_stump_has_the_leaves_that_the_formula_gives_by_hand()
    {
        // x = 1, 2, 3, 4 with y = 0, 0, 1, 1. Every row starts at p = 0.5: g = p − y = ½, ½, −½, −½ and h = p(1 − p) = ¼.
        // The best split lies between 2 and 3: G = ±1, H = ½ on its sides, so the leaves are −G/(H + λ) = −1/1.5 and +1/1.5.
        using IFittedModel model = new XgBoost().Fit(
            new([1, 2, 3, 4], 4, 1), [0, 0, 1, 1], [1, 1, 1, 1], Stump, TestContext.Current.CancellationToken);
        double[] scores = model.Scores(new([1, 2, 3, 4], 4, 1));
        scores.Should().BeEquivalentTo([-2.0 / 3, -2.0 / 3, 2.0 / 3, 2.0 / 3], o => o.WithStrictOrdering().Using<double>(
            c => c.Subject.Should().BeApproximately(c.Expectation, 1e-6)).WhenTypeIs<double>());
        // Gain as the library counts it, twice the ½[…] of the spec: 1/1.5 + 1/1.5 − 0.
        model.TotalGain().Should().ContainSingle().Which.Should().BeApproximately(4.0 / 3, 1e-6);
    }

    [Fact]
    public void Weights_count_rows_as_the_formula_says()
    {
        // The same four rows, each with weight 3: G = ±3, H = 1.5, leaves ±3/2.5.
        using IFittedModel model = new XgBoost().Fit(
            new([1, 2, 3, 4], 4, 1), [0, 0, 1, 1], [3, 3, 3, 3], Stump, TestContext.Current.CancellationToken);
        double[] scores = model.Scores(new([1, 4], 2, 1));
        scores[0].Should().BeApproximately(-1.2, 1e-6);
        scores[1].Should().BeApproximately(1.2, 1e-6);
    }

    [Fact]
    public void A_missing_value_goes_to_the_side_that_its_rows_belong_to()
    {
        // Rows without a value are all gains, so they belong right, with x = 3 and 4: G = −2, H = 1, leaf 2/2.
        using IFittedModel model = new XgBoost().Fit(
            new([1, 2, 3, 4, float.NaN, float.NaN], 6, 1), [0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], Stump, TestContext.Current.CancellationToken);
        model.Scores(new([float.NaN], 1, 1))[0].Should().BeApproximately(1.0, 1e-6);
    }

    [Fact]
    [Trait("Row", "S0-21")]
    public void The_same_rows_give_the_same_bytes_and_a_saved_model_predicts_identically()
    {
        (DenseRows rows, double[] labels) = Planted(600, 42);
        double[] weights = [.. Enumerable.Range(0, rows.Rows).Select(i => 0.2 + (i % 5 * 0.2))];
        Hyperparameters few = new(NEstimators: 20, MinChildWeight: 0.1);
        using IFittedModel one = new XgBoost().Fit(rows, labels, weights, few, TestContext.Current.CancellationToken);
        using IFittedModel two = new XgBoost().Fit(rows, labels, weights, few, TestContext.Current.CancellationToken);
        byte[] bytes = one.ToBytes();
        two.ToBytes().Should().Equal(bytes);
        using IFittedModel loaded = new XgBoost().Load(bytes);
        loaded.Columns.Should().Be(rows.Columns);
        loaded.Scores(rows).Should().Equal(one.Scores(rows));
        loaded.TotalGain().Should().Equal(one.TotalGain());
        loaded.ToBytes().Should().Equal(bytes);
    }

    [Theory]
    [Trait("Row", "S1-51")]
    [InlineData("n_estimators", "5")]
    [InlineData("max_depth", "1")]
    [InlineData("learning_rate", "0.3")]
    [InlineData("subsample", "0.3")]
    [InlineData("colsample_bytree", "0.4")]
    [InlineData("reg_lambda", "50")]
    [InlineData("gamma", "5")]
    [InlineData("min_child_weight", "30")]
    [InlineData("seed", "7")]
    public void Each_hyperparameter_changes_the_model(string name, string value)
    {
        (DenseRows rows, double[] labels) = Planted(400, 1);
        double[] weights = [.. Enumerable.Repeat(1.0, rows.Rows)];
        Hyperparameters usual = new(NEstimators: 10, LearningRate: 0.1);
        using IFittedModel one = new XgBoost().Fit(rows, labels, weights, usual, TestContext.Current.CancellationToken);
        using IFittedModel other = new XgBoost().Fit(
            rows, labels, weights, usual.With(new JsonObject { [name] = JsonNode.Parse(value) }), TestContext.Current.CancellationToken);
        other.Scores(rows).Should().NotEqual(one.Scores(rows));
    }

    [Fact]
    public void The_column_that_drives_the_label_has_the_gain()
    {
        (DenseRows rows, double[] labels) = Planted(600, 3);
        using IFittedModel model = new XgBoost().Fit(
            rows, labels, [.. Enumerable.Repeat(1.0, rows.Rows)], new(NEstimators: 20), TestContext.Current.CancellationToken);
        double[] gain = model.TotalGain();
        gain.Should().HaveCount(4);
        gain[2].Should().Be(gain.Max());
    }

    [Fact]
    public void A_fit_that_is_cancelled_stops_as_cancelled()
    {
        (DenseRows rows, double[] labels) = Planted(100, 3);
        Action fit = () => new XgBoost().Fit(rows, labels, [.. Enumerable.Repeat(1.0, 100)], new(), new CancellationToken(canceled: true));
        fit.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void A_missing_library_is_refused_with_the_way_to_get_it()
    {
        Action load = () => XgBoostNative.EnsureLoaded("libxgboost-that-is-not-here.so.9");
        Problem problem = load.Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("TRN-2001");
        problem.Remedy.Should().Contain("apt-get install libxgboost0");
    }

    // Column 2 drives the label, the others are noise; every 11th value is missing.
    internal static (DenseRows Rows, double[] Labels) Planted(int n, long seed)
    {
        Rng rng = Rng.From(seed);
        float[] values = new float[n * 4];
        double[] labels = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < 4; c++)
            {
                values[(i * 4) + c] = ((i * 4) + c) % 11 == 0 ? float.NaN : (float)rng.NextGaussian();
            }

            float driver = values[(i * 4) + 2];
            labels[i] = (float.IsNaN(driver) ? 0 : driver) + (0.7 * rng.NextGaussian()) > 0 ? 1 : 0;
        }

        return (new(values, n, 4), labels);
    }
}
