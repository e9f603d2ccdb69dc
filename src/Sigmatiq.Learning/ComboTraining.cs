using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning.Confidence;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Forecasts;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;

namespace Sigmatiq.Learning;

/// <summary>One combo on one range of bars: its features, its backtest under a confidence, and what a trained model says of it. What the
/// sweep ran with and what is trained are the same rules, costs and exits, because both come from <see cref="ModelBars"/>.</summary>
public sealed class ComboTraining
{
    private readonly ModelBars bars;
    private readonly EffectiveConfig config;

    /// <summary>Prepares the combo.</summary>
    /// <param name="pack">The model's pack.</param>
    /// <param name="model">The model.</param>
    /// <param name="config">The combo's effective config.</param>
    /// <param name="columns">Bars of the instrument, warm-up before the range included; they end with the range.</param>
    /// <param name="calendar">Sessions and clock of the exchange.</param>
    /// <param name="from">First bar of the range (<see cref="SweepWindow.From"/>).</param>
    public ComboTraining(Pack pack, ModelConfig model, EffectiveConfig config, BarColumns columns, ISessionCalendar calendar, int from)
    {
        bars = new(pack, model, columns, calendar);
        this.config = config;
        Data = new()
        {
            Bars = columns,
            Fills = bars.Fills,
            From = from,
            Options = bars.Options,
            ComputeFeatures = b => FeaturesOf(ReferenceEquals(b, columns) ? bars : new ModelBars(pack, model, b, calendar)),
            Backtest = (confidence, first, end) => Outcome(Run(confidence, first, end)),
        };
    }

    /// <summary>Prepares the combo on a sweep's whole range, hold-out included; bars after it are cut off.</summary>
    /// <param name="pack">The model's pack.</param>
    /// <param name="model">The model.</param>
    /// <param name="config">The combo's effective config.</param>
    /// <param name="columns">All stored bars that the window was cut from.</param>
    /// <param name="calendar">Sessions and clock of the exchange.</param>
    /// <param name="window">The sweep's window.</param>
    public static ComboTraining OnWindow(
        Pack pack, ModelConfig model, EffectiveConfig config, BarColumns columns, ISessionCalendar calendar, SweepWindow window) =>
        new(pack, model, config, Math.Max(window.HoldoutTo, window.To) is var end && end < columns.Count ? columns.Slice(0, end) : columns, calendar, window.From);

    /// <summary>The plan to train this combo as a sweep left it.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="rank">The combo's rank.</param>
    /// <param name="gate">What its gates said.</param>
    /// <param name="metrics">Its metrics on the selection window.</param>
    /// <param name="window">The sweep's window, on the same bars.</param>
    /// <param name="holdout">The sweep's hold-out rule.</param>
    /// <param name="configHash">Hash of the config (02 §2.5).</param>
    /// <param name="dataSnapshotId">Hash of the bars.</param>
    /// <param name="parameters">How to fit, validate and calibrate.</param>
    /// <param name="isEvidenceOnly">Whether a combo that failed its gates may be trained for evidence.</param>
    public TrainingPlan Plan(
        string sweepId, int rank, GateStatus gate, MetricSet metrics, SweepWindow window, HoldoutRule holdout, string configHash, string dataSnapshotId,
        TrainingParameters parameters, bool isEvidenceOnly) => new()
    {
        ModelId = config.Model.Id, SweepId = sweepId, ComboId = config.Combo.Id, Rank = rank, Gate = gate, ComboConfig = config.ToJson(),
        ConfigHash = configHash, DataSnapshotId = dataSnapshotId, Pack = config.Model.PackReference, Barriers = Barriers,
        Threshold = config.Threshold ?? 0.5,

        // A hold-out after the range has no share: whatever is asked for, the sweep's own cut stands.
        SweepHoldoutShare = holdout.Share ?? parameters.TestSize,
        SweepHoldoutFirstUtcUs = window.HoldoutFrom < Data.Bars.Count ? Data.Bars.StartUtcUs[window.HoldoutFrom] : Data.Bars.StartUtcUs[^1] + 1,
        SharpeBacktest = metrics.SharpeRatio, TradesBacktest = metrics.TotalTrades, Parameters = parameters,

        // What passed its gates is trained for all that it may become: the leave changes nothing for it.
        IsEvidenceOnly = isEvidenceOnly && gate == GateStatus.Fail,
    };

    /// <summary>What <see cref="TrainingRun"/> reads.</summary>
    public TrainingData Data { get; }

    /// <summary>The combo's protective exits, which its labels share.</summary>
    public Barriers Barriers => ModelBars.BarriersOf(config);

    /// <summary>Backtests the combo.</summary>
    /// <param name="confidence">Calibrated probability per bar, NaN where there is none; shape [bars].</param>
    /// <param name="from">First bar on whose close an entry may be decided; metrics start here.</param>
    /// <param name="to">End, exclusive.</param>
    public BacktestResult Run(double[] confidence, int from, int to) =>
        new BacktestRun(bars.Fills, bars.Options, Signals(confidence), Barriers, bars.SizeOf(config), from, to).Execute();

    /// <summary>Probability of a trained model per bar of [from, to), NaN elsewhere; shape [bars].</summary>
    public double[] Confidence(TrainedModel model, int from, int to)
    {
        double[] confidence = new double[bars.Fills.Count];
        Array.Fill(confidence, double.NaN);
        int[] rows = [.. Enumerable.Range(from, to - from)];
        model.Probabilities(FeaturesOf(bars), rows).CopyTo(confidence, from);
        return confidence;
    }

    /// <summary>How well a confidence tells gains from losses under this combo's barriers.</summary>
    /// <param name="confidence">Probability per bar, NaN where there is none; shape [bars].</param>
    /// <param name="to">End, exclusive: what had not ended by then is not counted.</param>
    /// <param name="seed">Seed of the interval's resamples.</param>
    /// <param name="ct">Stops between resamples.</param>
    public RankingSkill SkillOf(double[] confidence, int to, long seed, CancellationToken ct) =>
        RankingSkill.Of(confidence, TripleBarrier.Label(bars.Fills, bars.Options, Barriers.Effective(), to), to, seed, ct);

    /// <summary>What a trained model says of the newest bars.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="record">Its record.</param>
    /// <param name="newest">How many bars, counted from the end.</param>
    public ShadowForecast Forecast(TrainedModel model, TrainedModelRecord record, int newest) => ShadowForecast.Make(
        model, record, bars.Bars, FeaturesOf(bars), bars.Rules(config).Entry, confidence => Signals(confidence).Entries, newest);

    private static ComboOutcome Outcome(BacktestResult run) => ComboOutcome.Of(run.Metrics, run.Account.Path);

    private FeatureColumns FeaturesOf(ModelBars of) => ModelFeatures.Of(of.Rules(config).Columns, config);

    private SignalSet Signals(double[] confidence) => bars.Signals(config, new(confidence, ConfidenceColumn.Classifier));
}
