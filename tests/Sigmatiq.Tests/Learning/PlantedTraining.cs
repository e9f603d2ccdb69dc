using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning;

/// <summary>Hourly bars whose drift follows a mood that the volume tells, so that a classifier has something to find; and a training on
/// them.</summary>
internal static class PlantedTraining
{
    public static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    public static TrainingPlan Plan(TrainingData data, double threshold = 0.55, JsonObject? parameters = null)
    {
        int holdout = TimeSeriesSplit.HoldoutStart(new(data.Fills), data.From, 0.2);
        return new()
        {
            ModelId = "mkt_swing", SweepId = "sweep_20240101_000000", ComboId = 17, Rank = 1, Gate = GateStatus.Pass,
            ComboConfig = new JsonObject { ["threshold"] = threshold, ["allowed_hours"] = "all_day", ["position_size_pct"] = 2 },
            ConfigHash = new string('a', 64), DataSnapshotId = new string('b', 64), Pack = "swingsigma@1.1.0",
            Barriers = new(StopLossPct: 3, TakeProfitPct: 4, TrailingStopPct: null, TimeStopDays: 4), Threshold = threshold,
            SweepHoldoutShare = 0.2, SweepHoldoutFirstUtcUs = data.Bars.StartUtcUs[holdout],
            SharpeBacktest = 1.0, TradesBacktest = 40,
            Parameters = TrainingParameters.Parse(parameters ?? new JsonObject { ["n_estimators"] = 20, ["learning_rate"] = 0.1, ["max_depth"] = 3 }),
        };
    }

    public static TrainingData Data(int days = 300, long seed = 5, double skill = 1, Func<BarColumns, FeatureColumns>? features = null)
    {
        BarColumns bars = Bars(days, seed, skill);
        FillBars fills = FillBars.From(bars, NewYork, PriceKind.Raw);
        EngineOptions options = new();
        return new()
        {
            Bars = bars, Fills = fills, From = 70, Options = options, ComputeFeatures = features ?? Features,
            Backtest = (confidence, from, to) => Outcome(fills, options, confidence, from, to),
        };
    }

    public static FeatureColumns Features(BarColumns bars)
    {
        int n = bars.Count;
        double[] volume = new double[n], momentum = new double[n], range = new double[n];
        for (int t = 0; t < n; t++)
        {
            volume[t] = bars.Volume[t];
            momentum[t] = t < 7 ? double.NaN : (bars.Close[t] / bars.Close[t - 7]) - 1;
            range[t] = bars.High[t] - bars.Low[t];
        }

        return new(["volume", "momentum", "range"], [volume, momentum, range]);
    }

    private static ComboOutcome Outcome(FillBars bars, EngineOptions options, double[] confidence, int from, int to)
    {
        int[] entries = [.. Enumerable.Range(from, to - from).Where(t => confidence[t] >= 0.55)];
        TradePath path = PathFinder.Find(bars, new SignalSet(entries, []), new Barriers(3, 4, null, 4), options, from, to);
        double[] returns = [.. Enumerable.Range(0, path.Count).Select(i => (path.ExitPrice[i] / path.EntryPrice[i]) - 1)];
        double? mean = returns.Length == 0 ? null : returns.Average();
        return new(mean * 10, mean * 10 - 3, mean * 10 + 3, path.Closed, returns.Sum(), 0, mean, 0.5);
    }

    private static BarColumns Bars(int days, long seed, double skill)
    {
        Rng rng = Rng.From(seed);
        List<long> starts = [];
        DateTimeOffset day = new(2022, 1, 3, 0, 0, 0, TimeSpan.Zero);
        for (int d = 0; d < days; day = day.AddDays(1))
        {
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            {
                starts.AddRange(Enumerable.Range(0, 7).Select(h => day.AddHours(14.5 + h).ToUnixTimeMilliseconds() * 1000));
                d++;
            }
        }

        int n = starts.Count;
        double[] open = new double[n], high = new double[n], low = new double[n], close = new double[n], volume = new double[n];
        double price = 100, mood = 0;
        for (int t = 0; t < n; t++)
        {
            mood = (0.98 * mood) + (0.2 * rng.NextGaussian());
            open[t] = price;
            price *= Math.Exp((0.0015 * skill * mood) + (0.006 * rng.NextGaussian()));
            close[t] = price;
            high[t] = Math.Max(open[t], price) * (1 + (0.002 * rng.NextDouble()));
            low[t] = Math.Min(open[t], price) * (1 - (0.002 * rng.NextDouble()));
            volume[t] = 1e6 * Math.Exp((0.4 * mood) + (0.1 * rng.NextGaussian()));
        }

        return new(Symbol.Parse("MKT.SYN"), Interval.Hour1, [.. starts], open, high, low, close, volume);
    }
}
