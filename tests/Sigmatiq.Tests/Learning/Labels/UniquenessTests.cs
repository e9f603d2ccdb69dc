using Sigmatiq.Learning.Labels;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning.Labels;

public sealed class UniquenessTests
{
    [Fact]
    public void Three_labels_are_weighed_by_hand()
    {
        // Open at bar: row 0 at 1–2, row 1 at 2–4, row 2 at 6. Number open at 1…6: 1, 2, 1, 1, 0, 1.
        // Row 0: (1 + ½)/2, row 1: (½ + 1 + 1)/3, row 2: 1.
        double[] weights = Uniqueness.Weights([0, 1, 5], [2, 4, 6]);
        weights[0].Should().BeApproximately(0.75, 1e-15);
        weights[1].Should().BeApproximately(2.5 / 3, 1e-15);
        weights[2].Should().Be(1);
    }

    [Fact]
    public void Labels_that_never_overlap_weigh_one_and_copies_share_one()
    {
        Uniqueness.Weights([0, 3, 6], [3, 6, 9]).Should().Equal(1, 1, 1);
        Uniqueness.Weights([0, 0, 0, 0], [5, 5, 5, 5]).Should().OnlyContain(w => Math.Abs(w - 0.25) < 1e-15);
        Uniqueness.Weights([], []).Should().BeEmpty();
    }

    [Fact]
    public void Weights_equal_the_slow_definition()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Rng rng = Rng.From(seed);
            int n = 1 + rng.NextInt(60);
            int[] decision = new int[n], end = new int[n];
            for (int i = 0; i < n; i++)
            {
                decision[i] = i + rng.NextInt(3);
                end[i] = decision[i] + 1 + rng.NextInt(20);
            }

            double[] weights = Uniqueness.Weights(decision, end);
            for (int i = 0; i < n; i++)
            {
                double sum = 0;
                for (int t = decision[i] + 1; t <= end[i]; t++)
                {
                    int at = t;
                    sum += 1.0 / Enumerable.Range(0, n).Count(j => decision[j] < at && at <= end[j]);
                }

                weights[i].Should().BeApproximately(sum / (end[i] - decision[i]), 1e-12, $"seed {seed}, row {i}");
            }
        }
    }
}
