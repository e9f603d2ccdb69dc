using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Learning.Confidence;

/// <summary>The confidence of sweeps (spec 02 §2.6): out-of-fold probability that a position opened after this bar nets a gain under the combo's own
/// stop, target, trail and time stop. Start reading at <see cref="ConfidenceFit"/>.</summary>
/// <remarks>Features are worked out once per set of indicator parameters and labels once per set of barriers; a model is fitted on one thread, and
/// several pairs may be asked for at a time. What is remembered for that goes with the sweep's bars.</remarks>
/// <param name="openLearner">Opens the learner when the first pair is asked for.</param>
public sealed class ClassifierConfidence(Func<ILearner> openLearner) : IConfidenceSource
{
    private readonly ConditionalWeakTable<SweepInputs, SharedColumns> shared = [];
    private readonly Lazy<ILearner> learner = new(openLearner);

    /// <inheritdoc/>
    public string KeyOf(EffectiveConfig config) => $"{config.IndicatorKey} {CanonicalJson.Text(BarriersOf(config).ToJson())}";

    /// <inheritdoc/>
    public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct)
    {
        SharedColumns columns = shared.GetValue(pair.Inputs, inputs => new(inputs));
        DenseRows features = columns.Features(pair);
        LabelColumns labels = columns.Labels(BarriersOf(pair.Config));
        ConfidenceFit fit = ConfidenceFit.Of(learner.Value, features, labels, columns.Days, columns.Blocks, ConfidenceFit.Classifier(pair.Seed), ct);
        RankingSkill skill = RankingSkill.Of(fit.Values, labels, columns.Blocks.To, pair.Seed, ct);
        return new(fit.Values, ConfidenceColumn.Classifier, SkillJson(skill, fit, columns));
    }

    // Barriers that behave alike share a column.
    private static Barriers BarriersOf(EffectiveConfig config) => ModelBars.BarriersOf(config).Effective();

    private static JsonObject SkillJson(RankingSkill skill, ConfidenceFit fit, SharedColumns columns)
    {
        JsonObject json = skill.ToJson();
        json["earlier_bars"] = columns.Blocks.UsesEarlierBars;
        json["blocks"] = new JsonArray([.. fit.Blocks.Select(b => (JsonNode?)new JsonObject
        {
            ["block"] = b.Block, ["start"] = columns.DateText(b.FromBar), ["end"] = columns.DateText(b.ToBar - 1), ["training_rows"] = b.TrainingRows,
            ["effective_training_rows"] = b.EffectiveRows, ["confidence"] = b.HasConfidence,
            ["calibration"] = b.Calibration is { } map ? new JsonObject { ["A"] = map.A, ["B"] = map.B, ["n"] = map.N, ["no_skill"] = map.NoSkill } : null,
        })]);
        return json;
    }

    // What pairs of one sweep share. Rule columns and indicators serve one thread at a time, so all of it is made under one lock.
    private sealed class SharedColumns
    {
        private readonly Lock gate = new();
        private readonly SweepInputs inputs;
        private readonly Dictionary<string, DenseRows> features = new(StringComparer.Ordinal);
        private readonly Dictionary<Barriers, LabelColumns> labels = [];

        public SharedColumns(SweepInputs inputs)
        {
            this.inputs = inputs;
            Days = new(inputs.Bars.Fills);
            Blocks = ConfidenceBlocks.Cut(Days, inputs.Window);
        }

        public TradingDays Days { get; }

        public ConfidenceBlocks Blocks { get; }

        public DenseRows Features(ConfidencePair pair)
        {
            lock (gate)
            {
                if (!features.TryGetValue(pair.Config.IndicatorKey, out DenseRows? rows))
                {
                    features[pair.Config.IndicatorKey] = rows = ModelFeatures.Of(pair.Rules.Columns, pair.Config).Unscaled();
                }

                return rows;
            }
        }

        public LabelColumns Labels(Barriers barriers)
        {
            lock (gate)
            {
                if (!labels.TryGetValue(barriers, out LabelColumns? known))
                {
                    labels[barriers] = known = TripleBarrier.Label(inputs.Bars.Fills, inputs.Bars.Options, barriers, Blocks.To);
                }

                return known;
            }
        }

        public string DateText(int bar) =>
            inputs.Bars.Fills.DateOfDay(Days.DayOf[bar]).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }
}
