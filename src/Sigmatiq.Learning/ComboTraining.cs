using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Forecasts;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning;

/// <summary>One combo on one range of bars: its features, its backtest under a confidence, and what a trained model says of it. What the
/// sweep ran with and what is trained are the same rules, costs and exits, because both come from <see cref="ModelBars"/>.</summary>
public sealed class ComboTraining
{
    private readonly ModelBars bars;
    private readonly EffectiveConfig config;

    /// <summary>Prepares a combo.</summary>
    /// <param name="bars">The bars of the range as the model trades them, warm-up before it included; they end with the range.</param>
    /// <param name="config">The combo's effective config.</param>
    /// <param name="calendar">Sessions and clock of the exchange.</param>
    /// <param name="from">First bar of the range (<see cref="SweepWindow.From"/>).</param>
    public ComboTraining(ModelBars bars, EffectiveConfig config, ISessionCalendar calendar, int from)
    {
        this.bars = bars;
        this.config = config;
        Data = new()
        {
            Bars = bars.Bars,
            Fills = bars.Fills,
            From = from,
            Options = bars.Options,
            ComputeFeatures = b => FeaturesOf(ReferenceEquals(b, bars.Bars) ? bars : new ModelBars(bars.Pack, bars.Model, b, calendar)),
            Backtest = (confidence, first, end) => ComboOutcome.Of(Run(confidence, first, end).Metrics),
        };
    }

    /// <summary>Prepares a combo of a stored sweep on exactly the sweep's bars, hold-out included.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="comboId">The combo.</param>
    /// <param name="pack">The sweep's pack.</param>
    /// <param name="model">Its model.</param>
    /// <param name="columns">The bars of its data snapshot.</param>
    /// <param name="calendar">Sessions and clock of the exchange.</param>
    /// <exception cref="ProblemException">SWS-3003: no such combo. SWS-3004: pack, model or bars are not those of the sweep.</exception>
    public static ComboTraining OfSweep(StoredSweep sweep, int comboId, Pack pack, ModelConfig model, BarColumns columns, ISessionCalendar calendar)
    {
        EffectiveConfig config = sweep.ConfigOf(comboId, pack, model, calendar);
        SweepInputs inputs = SweepInputs.Rebuild(sweep, pack, model, columns, calendar);
        return new(inputs.Bars, config, calendar, inputs.Window.From);
    }

    /// <summary>The plan to train a combo as its sweep left it.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="comboId">The combo.</param>
    /// <param name="parameters">How to fit, validate and calibrate.</param>
    /// <param name="isEvidenceOnly">Whether a combo that failed its gates may be trained for evidence.</param>
    public TrainingPlan Plan(StoredSweep sweep, int comboId, TrainingParameters parameters, bool isEvidenceOnly)
    {
        LeaderboardRow row = sweep.Combo(comboId).Row;
        return new()
        {
            ModelId = config.Model.Id, SweepId = sweep.SweepId, ComboId = comboId, Rank = row.Rank, Gate = row.Gate, ComboConfig = row.Config.DeepClone().AsObject(),
            ConfigHash = row.ConfigHash, DataSnapshotId = sweep.DataSnapshotId, Pack = sweep.Pack, Barriers = Barriers, Threshold = config.Threshold ?? 0.5,

            // A hold-out after the range has no share: whatever is asked for, the sweep's own cut stands.
            SweepHoldoutShare = sweep.Request.HoldoutShare ?? parameters.TestSize,
            SweepHoldoutFirstUtcUs = sweep.HoldoutFirstUtcUs ?? Data.Bars.StartUtcUs[^1] + 1,
            SharpeBacktest = row.Sharpe, TradesBacktest = row.Trades, Parameters = parameters, IsEvidenceOnly = isEvidenceOnly,
        };
    }

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

    /// <summary>What a trained model says of the newest bars.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="record">Its record.</param>
    /// <param name="newest">How many bars, counted from the end.</param>
    public ShadowForecast Forecast(TrainedModel model, TrainedModelRecord record, int newest) => ShadowForecast.Make(
        model, record, bars.Bars, FeaturesOf(bars), bars.Rules(config).Entry, confidence => Signals(confidence).Entries, newest);

    private FeatureColumns FeaturesOf(ModelBars of) => ModelFeatures.Of(of.Rules(config).Columns, config);

    private SignalSet Signals(double[] confidence) => bars.Signals(config, new(confidence, ConfidenceColumn.Classifier));
}
