using Sigmatiq.Learning.Calibration;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning.Calibration;

public sealed class ClassScoresTests
{
    [Fact]
    [Trait("Row", "S1-54")]
    public void Six_rows_are_scored_by_hand()
    {
        // Called at ≥ 0.6: rows 0, 1, 3. Gains: 0, 3, 4. So TP 2, FP 1, FN 1, TN 2.
        ClassScores scores = ClassScores.Of([0.9, 0.7, 0.1, 0.6, 0.5, 0.3], [1, 0, 0, 1, 1, 0], 0.6, [2.0, 0.8, -2.0, 0.4, 0.0, -0.8]);
        scores.Rows.Should().Be(6);
        scores.Accuracy.Should().BeApproximately(4.0 / 6, 1e-15);
        scores.Precision.Should().BeApproximately(2.0 / 3, 1e-15);
        scores.Recall.Should().BeApproximately(2.0 / 3, 1e-15);
        scores.F1Score.Should().BeApproximately(2.0 / 3, 1e-15);
        // Pairs (gain, loss) in order: 0.9 beats all three losses, 0.6 beats 0.1 and 0.3, 0.5 beats 0.1 and 0.3: 7 of 9.
        scores.AucRoc.Should().BeApproximately(7.0 / 9, 1e-15);
    }

    [Fact]
    public void Ties_count_half() => ClassScores.Auc([0.5, 0.5, 0.5, 0.2], [1, 0, 1, 0]).Should().BeApproximately((0.5 + 1 + 0.5 + 1) / 4, 1e-15);

    [Fact]
    public void What_cannot_be_computed_is_null()
    {
        ClassScores scores = ClassScores.Of([0.1, 0.2], [0, 0], 0.5, [0.1, 0.2]);
        scores.Accuracy.Should().Be(1);
        scores.Should().Match<ClassScores>(s => s.Precision == null && s.Recall == null && s.F1Score == null && s.AucRoc == null);
    }

    [Fact]
    public void The_area_equals_the_share_of_pairs_in_order()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Rng rng = Rng.From(seed);
            double[] p = new double[40], y = new double[40];
            for (int i = 0; i < 40; i++)
            {
                p[i] = rng.NextInt(12) / 12.0;
                y[i] = rng.NextInt(2);
            }

            double won = 0, pairs = 0;
            for (int i = 0; i < 40; i++)
            {
                for (int j = 0; j < 40; j++)
                {
                    if (y[i] > y[j])
                    {
                        pairs++;
                        won += p[i] > p[j] ? 1 : p[i].Equals(p[j]) ? 0.5 : 0;
                    }
                }
            }

            ClassScores.Auc(p, y)!.Value.Should().BeApproximately(won / pairs, 1e-12, $"seed {seed}");
        }
    }
}
