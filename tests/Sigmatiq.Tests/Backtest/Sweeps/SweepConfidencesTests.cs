using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Backtest.Sweeps;

public sealed class SweepConfidencesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Metrics_start_at_the_first_bar_at_which_all_columns_have_a_confidence()
    {
        SweepWork work = TwoPairs();
        SweepInputs inputs = SweepInputs.Prepare(work);
        int late = inputs.Window.From + 700;
        Given source = new(key => key.Contains("\"period\":21", StringComparison.Ordinal) ? late : inputs.Window.From + 100);
        SweepResult result = new SweepRunner(new SomeSweep.Clock(), source).Run(work, 1, null, Token);
        (result.Start, result.ScoreSource).Should().Be((late, "classifier"));
        result.Combos.Should().OnlyContain(c => c.DailyReturns.Length == result.Days.Length);
    }

    [Fact]
    public void One_column_without_any_confidence_makes_the_whole_sweep_take_the_rule_score()
    {
        SweepWork work = TwoPairs();
        Given source = new(key => key.Contains("\"period\":21", StringComparison.Ordinal) ? int.MaxValue : 0);
        SweepResult result = new SweepRunner(new SomeSweep.Clock(), source).Run(work, 1, null, Token);
        SweepResult rule = SomeSweep.Run(work);
        (result.ScoreSource, result.Skill).Should().Be(("rule", null));
        result.Leaderboard.Hash.Should().Be(rule.Leaderboard.Hash, "a mixture of scores and probabilities cannot be compared");
    }

    [Fact]
    public void A_request_for_the_rule_score_asks_no_classifier_and_has_another_hash()
    {
        SweepWork classified = TwoPairs(), rule = TwoPairs(""", "confidence": "rule" """);
        Given source = new(_ => throw new InvalidOperationException("It was asked."));
        SweepResult result = new SweepRunner(new SomeSweep.Clock(), source).Run(rule, 1, null, Token);
        result.ScoreSource.Should().Be("rule");
        rule.Hash.Should().NotBe(classified.Hash);
        rule.Plan.Configs().Select(c => c.ConfigHash("1", ModelBars.OptionsOf(c.Pack, c.Model).ToJson()))
            .Should().NotIntersectWith(classified.Plan.Configs().Select(c => c.ConfigHash("1", ModelBars.OptionsOf(c.Pack, c.Model).ToJson())), "they are other trials");
    }

    [Fact]
    public void An_unknown_confidence_is_refused_by_name()
    {
        ProblemException refused = FluentActions.Invoking(() => TwoPairs(""", "confidence": "hope" """)).Should().Throw<ProblemException>().Which;
        (refused.Problem.Code, refused.Problem.Where).Should().Be(("SWS-1001", "confidence"));
        refused.Problem.Remedy.Should().Contain("classifier").And.Contain("rule");
    }

    [Fact]
    public void Progress_counts_columns_first_and_never_goes_back()
    {
        List<SweepProgress> seen = [];
        _ = new SweepRunner(new SomeSweep.Clock(), new Given(_ => 0)).Run(TwoPairs(), 1, seen.Add, Token);
        seen.Select(p => p.ToString()).Should().Equal("confidence 1 of 2", "confidence 2 of 2", "combo 1 of 4", "combo 2 of 4", "combo 3 of 4", "combo 4 of 4");
        seen.Select(p => p.Share).Should().BeInAscendingOrder();
        seen[^1].Share.Should().Be(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_cancelled_sweep_stops_between_two_columns(int threads)
    {
        using CancellationTokenSource cancel = new();
        int asked = 0;
        Given source = new(_ =>
        {
            Interlocked.Increment(ref asked);
            cancel.Cancel();
            return 0;
        });
        SweepWork work = SomeSweep.Work(SomeSweep.Custom("""{"rsi_period": [10,11,12,13,14,15,16,17], "thresholds": [0.5]}"""));
        FluentActions.Invoking(() => new SweepRunner(new SomeSweep.Clock(), source).Run(work, threads, null, cancel.Token)).Should().Throw<OperationCanceledException>();
        asked.Should().BeLessThanOrEqualTo(threads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_refusal_of_the_classifier_reaches_the_caller_as_itself(int threads)
    {
        Given source = new(_ => throw new ProblemException("TRN-2001", "The library is not on this machine.", "learner", "Install it."));
        FluentActions.Invoking(() => new SweepRunner(new SomeSweep.Clock(), source).Run(TwoPairs(), threads, null, Token))
            .Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("TRN-2001");
    }

    [Fact]
    public void The_skill_of_several_columns_is_the_middle_one_and_how_many_have_any()
    {
        Dictionary<string, ConfidenceColumn> columns = new()
        {
            ["a"] = Told(0.61, 0.55, 0.67), ["b"] = Told(0.47, 0.40, 0.54), ["c"] = Told(0.52, 0.45, 0.58),
        };
        JsonObject skill = ConfidenceSkills.Summary(columns)!;
        (skill["auc"]!.GetValue<double>(), skill["auc_min"]!.GetValue<double>(), skill["auc_max"]!.GetValue<double>()).Should().Be((0.52, 0.47, 0.61));
        (skill["columns"]!.GetValue<int>(), skill["columns_with_skill"]!.GetValue<int>()).Should().Be((3, 1));
        skill["by_column"]!.AsObject().Select(c => c.Key).Should().Equal("a", "b", "c");
        ConfidenceSkills.Words(skill).Should().Be(
            "Out-of-fold AUC 0.520 (95 % interval 0.450 to 0.580) on 8000 bars, worth 130 independent ones. That is the middle one of 3 classifiers, 0.470 to 0.610; "
            + "the interval lies above 0.5 for 1 of them. The interval holds 0.5: thresholds rank noise.");
    }

    [Theory]
    [InlineData(0.61, 0.55, 0.67, "Bars with a higher confidence gained more often.")]
    [InlineData(0.55, 0.5, 0.6, "The interval holds 0.5: thresholds rank noise.")]
    [InlineData(0.45, 0.4, 0.5, "The interval holds 0.5: thresholds rank noise.")]
    [InlineData(0.4, 0.31, 0.49, "The interval lies below 0.5: bars with a higher confidence gained less often.")]
    public void One_column_is_told_in_a_sentence_with_its_verdict(double auc, double low, double high, string verdict) =>
        ConfidenceSkills.Words(ConfidenceSkills.Summary(new Dictionary<string, ConfidenceColumn> { ["a"] = Told(auc, low, high) })).Should().EndWith(verdict);

    [Fact]
    public void Nothing_is_said_of_the_skill_of_rule_scores()
    {
        ConfidenceSkills.Words(ConfidenceSkills.Summary(new Dictionary<string, ConfidenceColumn> { ["a"] = new([0.5], ConfidenceColumn.Rule) })).Should().BeNull();
        ConfidenceSkills.Words(new JsonObject { ["auc"] = null }).Should().Contain("could not be judged");
    }

    private static ConfidenceColumn Told(double auc, double low, double high) => new(
        [0.5], ConfidenceColumn.Classifier,
        new JsonObject { ["auc"] = auc, ["auc_low"] = low, ["auc_high"] = high, ["rows"] = 8000, ["effective_rows"] = 130.2 });

    private static SweepWork TwoPairs(string more = "") => SomeSweep.Work(SomeSweep.Custom("""{"rsi_period": [14, 21], "thresholds": [0.5, 0.6]}""", more));

    /// <summary>A confidence of 0.7 from a given bar on.</summary>
    private sealed class Given(Func<string, int> firstBar) : IConfidenceSource
    {
        public string KeyOf(EffectiveConfig config) => config.IndicatorKey;

        public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct)
        {
            int first = firstBar(KeyOf(pair.Config));
            ct.ThrowIfCancellationRequested();
            return new([.. Enumerable.Range(0, pair.Inputs.Bars.Fills.Count).Select(t => t >= first ? 0.7 : double.NaN)], ConfidenceColumn.Classifier);
        }
    }
}
