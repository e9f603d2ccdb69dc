using Sigmatiq.Backtest.Fills;
using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Confidence;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Splits;

namespace Sigmatiq.Tests.Learning.Confidence;

public sealed class ConfidenceFitTests
{
    private const int Span = 30;

    // 300 days of seven hours; 240 of selection in blocks of 280 bars.
    private static readonly FillBars Bars = SomeConfidence.Hours(300);

    private static readonly TradingDays Days = new(Bars);

    private static readonly ConfidenceBlocks Blocks = ConfidenceBlocks.Cut(Days, new(0, 1680, 1680, 2100));

    private static bool Gains(int t) => (t / 10) % 3 != 0;

    [Fact]
    public void Block_k_is_scored_by_a_model_of_the_blocks_before_it_less_rows_whose_label_ends_within_a_day_of_it()
    {
        var learner = new SomeConfidence.Noting(t => t % 7);
        _ = Fit(learner);

        // A label of bar t ends at t + 30. One trading day before bar 560 is bar 553: the last row is 523. Block 2 has 244 rows before it: too few.
        learner.Fits.Select(f => f.Bars[^1]).Should().Equal([523, 803, 1083, 1363]);
        learner.Fits.Should().OnlyContain(f => f.Bars[0] == 0 && f.Bars.SequenceEqual(Enumerable.Range(0, f.Bars.Length)));
    }

    [Fact]
    public void Rows_weigh_by_the_labels_that_are_open_beside_them_among_the_rows_of_the_fit()
    {
        var learner = new SomeConfidence.Noting(t => t % 7);
        _ = Fit(learner);

        // By hand: row t is open on bars t + 1 to t + 30. On bar b, counted from 1, min(b, 30) labels are open until the last row has opened, then they
        // run out one a bar. Row 0 weighs (1/1 + 1/2 + … + 1/30)/30, a row in the middle 1/30, the last row of the fit as the first.
        double edge = Enumerable.Range(1, 30).Sum(open => 1.0 / open) / 30;
        foreach (var fit in learner.Fits)
        {
            fit.Weights[0].Should().BeApproximately(edge, 1e-12);
            fit.Weights[^1].Should().BeApproximately(edge, 1e-12);
            fit.Weights[100].Should().BeApproximately(1.0 / 30, 1e-12);
        }
    }

    [Fact]
    public void Blocks_one_and_two_have_no_confidence_and_the_others_are_calibrated_on_earlier_scores_out_of_fold()
    {
        // Block 2 must be fitted for block 3 to be calibrated: short labels leave it enough rows.
        var learner = new SomeConfidence.Noting(t => ((int)t / 10) % 3 == 0 ? -1 : 1);
        LabelColumns labels = SomeConfidence.Labels(2100, 5, t => Gains(t) ^ (t % 11 == 0));
        ConfidenceFit fit = ConfidenceFit.Of(learner, SomeConfidence.BarNumbers(2100), labels, Days, Blocks, ConfidenceFit.Classifier(42), Token);
        fit.Blocks.Select(b => (b.Block, b.HasConfidence)).Should().Equal((2, false), (3, true), (4, true), (5, true), (6, true));
        fit.Values[..560].Should().OnlyContain(v => double.IsNaN(v));
        fit.Values[560..1680].Should().OnlyContain(v => v > 0 && v < 1);
        fit.Values[1680..].Should().OnlyContain(v => double.IsNaN(v), "the hold-out is never scored");

        // Block 3 by hand: scores of block 2 (bars 280 on), of rows that ended one trading day before bar 560, as those of the fit did.
        int[] calibrating = [.. Enumerable.Range(280, 553 - 5 - 280 + 1)];
        PlattMap map = Platt.Fit([.. calibrating.Select(t => Gains(t) ? 1.0 : -1.0)], [.. calibrating.Select(t => labels.Label[t])]);
        (map.Fitted, map.NoSkill).Should().Be((true, false));
        fit.Blocks[1].Calibration.Should().Be(map);
        fit.Values[563].Should().Be(map.Probability(Gains(563) ? 1 : -1));

        // Block 5 learns its map from blocks 2 to 4.
        fit.Blocks[3].Calibration!.N.Should().Be(1120 - 7 - 5 - 280 + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_block_needs_250_purged_rows_to_have_a_confidence(int fewer)
    {
        // Block 2 begins at bar 280; labels end 23 bars after their decision, so rows 0 to 273 − 23 = 250 train: 251. One of the first labels is taken
        // away for each that shall be missing.
        LabelColumns full = SomeConfidence.Labels(2100, 23, Gains);
        int[] end = [.. full.EndBar];
        Array.Fill(end, -1, 0, 1 + fewer);
        ConfidenceFit fit = Fit(new SomeConfidence.Noting(t => t % 7), full with { EndBar = end });
        fit.Blocks[0].TrainingRows.Should().Be(250 - fewer);

        // Without a scored block 2 there is nothing to calibrate block 3 on; block 4 has the scores of block 3.
        fit.Blocks.Select(b => b.HasConfidence).Should().Equal(false, fewer == 0, true, true, true);
    }

    [Fact]
    public void A_block_whose_past_knows_one_outcome_has_no_confidence()
    {
        // Every label before bar 600 is a gain.
        ConfidenceFit fit = Fit(new SomeConfidence.Noting(t => t % 7), SomeConfidence.Labels(2100, 5, t => t < 600 || Gains(t)));
        fit.Blocks.Select(b => b.HasConfidence).Should().Equal(false, false, false, true, true);
    }

    [Fact]
    public void A_score_that_ranks_backwards_gives_the_base_rate_and_is_never_turned_around()
    {
        LabelColumns labels = SomeConfidence.Labels(2100, 5, Gains);
        ConfidenceFit fit = Fit(new SomeConfidence.Noting(t => ((int)t / 10) % 3 == 0 ? 1 : -1), labels);
        foreach (BlockFit block in fit.Blocks.Where(b => b.HasConfidence))
        {
            block.Calibration!.NoSkill.Should().BeTrue();
            double[] values = [.. fit.Values[block.FromBar..block.ToBar].Distinct()];
            values.Should().ContainSingle().Which.Should().BeApproximately(2.0 / 3, 0.03);
        }
    }

    [Fact]
    public void The_classifier_is_fifty_trees_of_depth_three_at_a_rate_of_a_tenth() =>
        ConfidenceFit.Classifier(7).Should().Be(new Hyperparameters(NEstimators: 50, MaxDepth: 3, LearningRate: 0.1, Seed: 7));

    [Fact]
    public void It_stops_between_two_fits()
    {
        using CancellationTokenSource cancel = new();
        var learner = new SomeConfidence.Noting(t =>
        {
            cancel.Cancel();
            return t % 7;
        });
        Action run = () => ConfidenceFit.Of(learner, SomeConfidence.BarNumbers(2100), SomeConfidence.Labels(2100, 5, Gains), Days, Blocks, ConfidenceFit.Classifier(1), cancel.Token);
        run.Should().Throw<OperationCanceledException>();
        learner.Fits.Should().ContainSingle();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ConfidenceFit Fit(ILearner learner, LabelColumns? labels = null) => ConfidenceFit.Of(
        learner, SomeConfidence.BarNumbers(2100), labels ?? SomeConfidence.Labels(2100, Span, Gains), Days, Blocks, ConfidenceFit.Classifier(42), Token);
}
