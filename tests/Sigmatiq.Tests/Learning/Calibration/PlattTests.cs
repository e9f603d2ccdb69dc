using Sigmatiq.Learning.Calibration;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning.Calibration;

public sealed class PlattTests
{
    [Theory]
    [Trait("Row", "S4-30")]
    [InlineData(-1.0, 0.0)]
    [InlineData(-2.5, 0.7)]
    [InlineData(-0.3, -1.2)]
    public void A_planted_map_is_recovered(double a, double b)
    {
        Rng rng = Rng.From(11);
        int n = 40_000;
        double[] scores = new double[n], labels = new double[n];
        PlattMap truth = new(a, b, true, n);
        for (int i = 0; i < n; i++)
        {
            scores[i] = 1.5 * rng.NextGaussian();
            labels[i] = rng.NextDouble() < truth.Probability(scores[i]) ? 1 : 0;
        }

        PlattMap fitted = Platt.Fit(scores, labels);
        // Standard errors at this size are near 0.02.
        fitted.A.Should().BeApproximately(a, 0.08);
        fitted.B.Should().BeApproximately(b, 0.08);
        fitted.Should().Match<PlattMap>(m => m.Fitted && !m.NoSkill && m.N == n);
    }

    [Fact]
    public void Two_scores_of_each_kind_are_solved_by_hand()
    {
        // Scores −1 and +1, six rows each; at +1 four gains, at −1 two, so N₊ = N₋ = 6, t₊ = 7/8, t₋ = 1/8.
        // With one free parameter per score the minimum meets the mean target of each:
        // p(+1) = (4·7/8 + 2·1/8)/6 = 5/8, p(−1) = 3/8. So A + B = ln((1 − 5/8)/(5/8)) = ln 0.6 and −A + B = −ln 0.6.
        double[] scores = [1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1];
        double[] labels = [1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0];
        PlattMap map = Platt.Fit(scores, labels);
        map.A.Should().BeApproximately(Math.Log(0.6), 1e-9);
        map.B.Should().BeApproximately(0, 1e-9);
        map.Probability(1).Should().BeApproximately(0.625, 1e-9);
    }

    [Fact]
    public void The_gradient_has_the_sign_of_target_minus_probability()
    {
        double[] scores = [0.3, -1.1, 2.0, 0.4], targets = [0.8, 0.2, 0.8, 0.2];
        foreach (var (a, b) in new[] { (0.0, 0.0), (-1.0, 0.5), (0.7, -0.2) })
        {
            const double H = 1e-6;
            var (da, db) = Platt.Gradient(scores, targets, a, b);
            da.Should().BeApproximately((Platt.Loss(scores, targets, a + H, b) - Platt.Loss(scores, targets, a - H, b)) / (2 * H), 1e-7);
            db.Should().BeApproximately((Platt.Loss(scores, targets, a, b + H) - Platt.Loss(scores, targets, a, b - H)) / (2 * H), 1e-7);
        }

        // A gain under-called: t − p > 0 at p = ½, so F falls when f falls.
        Platt.Gradient([1.0], [0.9], 0, 0).B.Should().BeApproximately(0.4, 1e-12);
    }

    [Fact]
    public void A_score_that_ranks_backwards_becomes_the_base_rate_and_is_called_without_skill()
    {
        double[] scores = [-2, -1.5, -1, 1, 1.5, 2, 0.3, -0.2], labels = [1, 1, 1, 0, 0, 0, 0, 1];
        PlattMap map = Platt.Fit(scores, labels);
        map.NoSkill.Should().BeTrue();
        map.A.Should().Be(0);
        map.Probability(-5).Should().Be(map.Probability(5)).And.BeApproximately(0.5, 1e-12);

        PlattMap rare = Platt.Fit([1, 2, 3, 4, 5], [1, 0, 0, 0, 0]);
        rare.NoSkill.Should().BeTrue();
        rare.Probability(0).Should().BeApproximately(2.0 / 7, 1e-12, "(N₊ + 1)/(N + 2)");
    }

    [Fact]
    public void Scores_without_any_variation_are_the_base_rate() =>
        Platt.Fit([0.4, 0.4, 0.4, 0.4], [1, 0, 0, 1]).Should().Match<PlattMap>(m => m.NoSkill && m.A == 0);

    [Fact]
    public void One_class_alone_leaves_the_identity()
    {
        Platt.Fit([1, 2, 3], [1, 1, 1]).Should().Be(PlattMap.Identity);
        Platt.Fit([], []).Should().Be(PlattMap.Identity);
        PlattMap.Identity.Probability(0.7).Should().BeApproximately(1 / (1 + Math.Exp(-0.7)), 1e-15);
    }

    [Fact]
    public void A_fitted_map_never_changes_the_order_of_scores()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Rng rng = Rng.From(seed);
            int n = 5 + rng.NextInt(200);
            double skill = rng.NextGaussian(), scale = Math.Exp(4 * rng.NextGaussian());
            double[] scores = new double[n], labels = new double[n];
            for (int i = 0; i < n; i++)
            {
                double x = rng.NextGaussian();
                scores[i] = x * scale;
                labels[i] = (skill * x) + rng.NextGaussian() > 0 ? 1 : 0;
            }

            PlattMap map = Platt.Fit(scores, labels);
            (double.IsFinite(map.A) && double.IsFinite(map.B)).Should().BeTrue($"seed {seed}");
            double[] ordered = [.. scores.Order()];
            double[] p = map.Probabilities(ordered);
            for (int i = 1; i < n; i++)
            {
                (p[i] >= p[i - 1]).Should().BeTrue($"seed {seed}");
            }

            p.Should().OnlyContain(v => v >= 0 && v <= 1, $"seed {seed}");
        }
    }

    [Fact]
    [Trait("Row", "S4-30")]
    public void Calibration_lowers_the_brier_score_of_an_overconfident_model()
    {
        Rng rng = Rng.From(5);
        double[] scores = new double[4000], labels = new double[4000];
        for (int i = 0; i < scores.Length; i++)
        {
            double truth = rng.NextGaussian();
            scores[i] = 4 * truth;
            labels[i] = rng.NextDouble() < 1 / (1 + Math.Exp(-truth)) ? 1 : 0;
        }

        double before = Reliability.Brier(PlattMap.Identity.Probabilities(scores), labels)!.Value;
        double after = Reliability.Brier(Platt.Fit(scores, labels).Probabilities(scores), labels)!.Value;
        after.Should().BeLessThan(before - 0.02);
    }
}
