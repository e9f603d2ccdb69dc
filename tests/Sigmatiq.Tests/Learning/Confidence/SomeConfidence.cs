using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning.Confidence;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Tests.Backtest.Sweeps;

namespace Sigmatiq.Tests.Learning.Confidence;

/// <summary>Blocks, labels and classifiers of which a test says only what matters.</summary>
internal static class SomeConfidence
{
    /// <summary>The real classifier.</summary>
    public static ClassifierConfidence Classifier => new(() => new XgBoost());

    /// <summary>Seven hourly bars on each of so many weekdays from 2022-01-03.</summary>
    public static FillBars Hours(int days) => FillBars.From(PlantedTraining.Data(days).Bars, PlantedTraining.NewYork, PriceKind.Raw);

    /// <summary>Labels that end a fixed number of bars after their decision; the last ones have none.</summary>
    public static LabelColumns Labels(int bars, int span, Func<int, bool> isGain)
    {
        double[] label = new double[bars], net = new double[bars];
        int[] end = new int[bars];
        for (int t = 0; t < bars; t++)
        {
            end[t] = t + span < bars ? t + span : -1;
            label[t] = end[t] < 0 ? double.NaN : isGain(t) ? 1 : 0;
            net[t] = end[t] < 0 ? double.NaN : isGain(t) ? 0.01 : -0.01;
        }

        return new(label, end, net);
    }

    /// <summary>One column that is the number of the bar, so that a learner's rows say which bars they are.</summary>
    public static DenseRows BarNumbers(int bars) => new([.. Enumerable.Range(0, bars).Select(t => (float)t)], bars, 1);

    /// <summary>A sweep of one combo on the synthetic market, from 2019 to 2021, or on other bars.</summary>
    public static SweepInputs Inputs(BarColumns? bars = null, DateOnly? from = null) => SweepInputs.Prepare(Work(bars, from));

    public static SweepWork Work(BarColumns? bars = null, DateOnly? from = null, DateOnly? to = null) => SomeSweep.Work(
        SweepRequest.Simple(SomeSweep.Model.Id, from ?? new(2018, 1, 2), to ?? new(2021, 12, 31)), bars: bars);

    public static ConfidencePair Pair(SweepWork work, SweepInputs inputs, long seed = 42)
    {
        EffectiveConfig config = work.Plan.Configs().First();
        return new(config, inputs.Bars.Rules(config), inputs, seed);
    }

    /// <summary>Hourly bars of a random walk: the sample market without regimes.</summary>
    public static BarColumns RandomWalk(long seed, DateOnly to)
    {
        SimulatorSettings own = SimulatorSettings.Default;
        Regime still = new("still", 0, 0.9, 1000, new Dictionary<string, double>());
        return new MarketSimulator(own with { Seed = seed, Regimes = [still], VolatilityNoise = 0 }).Bars(Symbol.Parse("MKT.SYN"), Interval.Hour1, null, to);
    }

    /// <summary>A learner that notes what it is fitted on and scores a row by a function of its first column.</summary>
    public sealed class Noting(Func<float, double> score) : ILearner
    {
        public List<(int[] Bars, double[] Labels, double[] Weights)> Fits { get; } = [];

        public string Algorithm => "noting";

        public IFittedModel Fit(DenseRows rows, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Hyperparameters hyperparameters, CancellationToken ct)
        {
            ct.ThrowIfCancellationRequested();
            Fits.Add(([.. Enumerable.Range(0, rows.Rows).Select(r => (int)rows.Row(r)[0])], labels.ToArray(), weights.ToArray()));
            return new Model(score);
        }

        public IFittedModel Load(ReadOnlySpan<byte> model) => throw new NotSupportedException();

        private sealed class Model(Func<float, double> score) : IFittedModel
        {
            public int Columns => 1;

            public double[] Scores(DenseRows rows) => [.. Enumerable.Range(0, rows.Rows).Select(r => score(rows.Row(r)[0]))];

            public double[] TotalGain() => [0];

            public byte[] ToBytes() => [];

            public void Dispose() { }
        }
    }
}
