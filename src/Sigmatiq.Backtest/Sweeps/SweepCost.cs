using System.Text.Json.Nodes;
using Sigmatiq.Packs.Grid;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>What a sweep will have to do, known from its plan alone.</summary>
/// <param name="IndicatorSets">Distinct sets of indicator parameters.</param>
/// <param name="ConfidenceFits">Distinct pairs of them and barriers that a classifier is fitted for; 0 with rule scores or none.</param>
/// <param name="SignalSets">Distinct decisions: indicators, confidence, threshold and hours.</param>
/// <param name="Paths">Distinct trade lists at most: signals and barriers that act alike; sizes share them.</param>
/// <param name="Seconds">A rough estimate on one thread.</param>
public sealed record SweepCost(int IndicatorSets, int ConfidenceFits, int SignalSets, int Paths, double Seconds)
{
    // Measured on 2 cores of 2.5 GHz with other work, one thread: 0.45 ms for path, figures and storing of a combo, a third more in reserve; a fit of five
    // boosters of 50 trees takes 0.12 s on 3,500 hourly bars and 0.3 s on 15,600; a second before and after.
    private const double SecondsOfCombo = 0.0006, SecondsOfFit = 0.08, SecondsOfFitOfBar = 0.000015, SecondsBeside = 1;

    /// <summary>Counts over the combos of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="bars">Bars that its combos run over.</param>
    public static SweepCost Of(SweepPlan plan, int bars)
    {
        bool usesConfidence = ModelBars.OptionsOf(plan.Pack, plan.Model).UsesConfidence, isFitted = usesConfidence && plan.Request.Confidence == ConfidenceKind.Classifier;
        HashSet<string> indicators = new(StringComparer.Ordinal);
        HashSet<(string, object?)> confidences = [];
        HashSet<(string, object?, double?, HourSet)> signals = [];
        HashSet<(string, object?, double?, HourSet, object)> paths = [];
        foreach (EffectiveConfig config in plan.Configs())
        {
            object barriers = ModelBars.BarriersOf(config).Effective();
            object? confidence = isFitted ? barriers : null;
            double? threshold = usesConfidence ? config.Threshold : null;
            indicators.Add(config.IndicatorKey);
            confidences.Add((config.IndicatorKey, confidence));
            signals.Add((config.IndicatorKey, confidence, threshold, config.AllowedHours));
            paths.Add((config.IndicatorKey, confidence, threshold, config.AllowedHours, barriers));
        }

        int fits = isFitted ? confidences.Count : 0;
        return new(indicators.Count, fits, signals.Count, paths.Count, SecondsBeside + (fits * (SecondsOfFit + (bars * SecondsOfFitOfBar))) + (plan.Total * SecondsOfCombo));
    }

    /// <summary>The counts as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["indicator_sets"] = IndicatorSets, ["confidence_fits"] = ConfidenceFits, ["signal_sets"] = SignalSets, ["paths"] = Paths,
        ["seconds_on_one_thread"] = Math.Round(Seconds, 1),
    };
}
