using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Confidence;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning.Confidence;

public sealed class RankingSkillTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_area_is_the_share_of_pairs_in_order_by_hand()
    {
        // Gains at 0.6 and 0.4, losses at 0.5 and 0.4: 0.6 beats both, 0.4 loses to 0.5 and ties with 0.4, so 2.5 of 4 pairs.
        RankingSkill skill = Skill([0.6, 0.4, 0.5, 0.4], [1, 1, 0, 0]);
        skill.Auc.Should().Be(0.625);
        (skill.Rows, skill.BlockBars, skill.BaseRate).Should().Be((4, 1, 0.5));
    }

    [Fact]
    public void Ties_and_all_it_is_the_area_that_training_reports()
    {
        Rng rng = Rng.From(11);
        double[] values = [.. Enumerable.Range(0, 300).Select(_ => Math.Round(rng.NextDouble(), 2))], labels = [.. values.Select(v => rng.NextDouble() < v ? 1.0 : 0)];
        Skill(values, labels).Auc.Should().BeApproximately(ClassScores.Auc(values, labels)!.Value, 1e-12);
    }

    [Fact]
    public void A_constant_ranks_nothing()
    {
        RankingSkill skill = Skill([.. Enumerable.Repeat(0.7, 400)], [.. Enumerable.Range(0, 400).Select(t => t % 3 == 0 ? 1.0 : 0)]);
        (skill.Auc, skill.Low, skill.High).Should().Be((0.5, 0.5, 0.5));
    }

    [Fact]
    public void The_interval_widens_where_labels_overlap_and_the_rows_count_for_less()
    {
        Rng rng = Rng.From(5);
        double[] values = [.. Enumerable.Range(0, 1200).Select(_ => rng.NextDouble())];

        // Each value and outcome stands for 40 bars: there are 30 independent ones.
        double[] slow = [.. Enumerable.Range(0, 1200).Select(t => values[t / 40])], label = [.. slow.Select((v, t) => Rng.From(t / 40).NextDouble() < v ? 1.0 : 0)];
        RankingSkill single = Skill(slow, label), overlapping = Overlapping(slow, label, 1200, 40);
        overlapping.Auc.Should().BeApproximately(single.Auc!.Value, 0.03);
        (overlapping.High - overlapping.Low).Should().BeGreaterThan(2.5 * (single.High - single.Low)!.Value);
        (single.EffectiveRows, single.BlockBars).Should().Be((1200, 1));
        overlapping.BlockBars.Should().Be(40);

        // Each open bar is shared out once among the labels open on it, a fortieth to each label's mean: 1,160 labels are open on 1,199 bars.
        overlapping.EffectiveRows.Should().BeApproximately(1199 / 40.0, 1e-9);
    }

    [Fact]
    public void The_interval_holds_the_truth_about_as_often_as_it_says()
    {
        // Two normal scores a standard deviation apart: the true area is Φ(1/√2) = 0.7602.
        int held = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            Rng rng = Rng.From(seed);
            double[] label = [.. Enumerable.Range(0, 250).Select(_ => rng.NextDouble() < 0.5 ? 1.0 : 0)], values = [.. label.Select(y => y + rng.NextGaussian())];
            RankingSkill skill = Skill(values, label);
            held += skill.Low < 0.7602 && skill.High > 0.7602 ? 1 : 0;
        }

        held.Should().BeInRange(51, 60);
    }

    [Fact]
    public void It_is_the_same_for_the_same_seed_and_counts_no_label_that_ends_after_the_window()
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(t => (t * 37 % 101) / 101.0)], label = [.. Enumerable.Range(0, 200).Select(t => t % 2.0)];
        RankingSkill one = Overlapping(values, label, 150, 7), again = Overlapping(values, label, 150, 7);
        again.Should().Be(one);
        one.Rows.Should().Be(150 - 7);
        Overlapping(values, label, 150, 7, seed: 2).Low.Should().NotBe(one.Low);
    }

    [Fact]
    public void One_outcome_alone_or_no_row_at_all_has_no_area()
    {
        RankingSkill gains = Skill([0.1, 0.2, 0.3], [1, 1, 1]);
        (gains.Auc, gains.Low, gains.High, gains.BaseRate).Should().Be((null, null, null, 1));
        RankingSkill none = Skill([double.NaN, double.NaN], [1, 0]);
        (none.Auc, none.Rows, none.BaseRate).Should().Be((null, 0, null));
    }

    // Labels that end on the next bar, with one bar of room behind the last.
    private static RankingSkill Skill(double[] values, double[] labels) => RankingSkill.Of(
        [.. values, double.NaN], new([.. labels, double.NaN], [.. Enumerable.Range(1, values.Length), -1], new double[values.Length + 1]), values.Length + 1, seed: 1, Token);

    // Labels that end so many bars later; the last ones have none.
    private static RankingSkill Overlapping(double[] values, double[] labels, int to, int span, long seed = 1) => RankingSkill.Of(
        values, new(labels, [.. Enumerable.Range(span, values.Length).Select(end => end < values.Length ? end : -1)], new double[values.Length]), to, seed, Token);
}
