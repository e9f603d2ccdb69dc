using System.Text.Json.Nodes;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Forecasts;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Tests.Learning.Forecasts;

public sealed class ShadowForecastTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TrainingData data = PlantedTraining.Data(days: 60);

    [Fact]
    public void The_newest_bars_get_a_probability_and_say_whether_they_would_enter()
    {
        double[] rules = [.. Enumerable.Range(0, data.Bars.Count).Select(t => t % 2 == 0 ? 1.0 : 0.0)];
        ShadowForecast forecast = Make(rules, newest: 10);
        int first = data.Bars.Count - 10;
        forecast.StartUtcUs.Should().Equal(data.Bars.StartUtcUs[first..]);
        forecast.Close.Should().Equal(data.Bars.Close[first..]);
        forecast.Probability.Should().OnlyContain(p => p > 0 && p < 1);
        for (int i = 0; i < 10; i++)
        {
            forecast.RulesHold[i].Should().Be((first + i) % 2 == 0);
            forecast.Enters[i].Should().Be((first + i) % 2 == 0 && forecast.Probability[i] >= 0.5);
            forecast.PredictedReturn[i].Should().BeApproximately((forecast.Probability[i] * 0.02) - ((1 - forecast.Probability[i]) * 0.01), 1e-15);
        }
    }

    [Fact]
    public void Fewer_bars_than_asked_for_are_all_there_are()
    {
        ShadowForecast forecast = Make([.. new double[data.Bars.Count]], newest: 100_000);
        forecast.Count.Should().Be(data.Bars.Count);
        forecast.Enters.Should().NotContain(true);
    }

    [Fact]
    public void The_same_statement_is_written_to_the_same_files_with_the_same_hash()
    {
        DataDirectory directory = new(folder["data"]);
        ShadowForecast forecast = Make([.. Enumerable.Repeat(1.0, data.Bars.Count)], newest: 7);
        ForecastFiles one = forecast.Write(directory, Record(), TestContext.Current.CancellationToken);
        ForecastFiles two = forecast.Write(directory, Record(), TestContext.Current.CancellationToken);
        two.Should().Be(one);
        ContentHash.OfFile(Path.Combine(directory.Root, one.Parquet)).Should().Be(one.Hash);
        ColumnSet rows = ParquetFile.Read(Path.Combine(directory.Root, one.Parquet), null, TestContext.Current.CancellationToken);
        rows["probability"].Doubles.Should().Equal(forecast.Probability);
        rows["ts"].TimestampsUtcUs.Should().Equal(forecast.StartUtcUs);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(Path.Combine(directory.Root, one.Json)))!;
        summary["forecast_hash"]!.GetValue<string>().Should().Be(one.Hash.Hex);
        summary["rows"]!.GetValue<int>().Should().Be(7);
        summary["newest"]!["probability"]!.GetValue<double>().Should().Be(forecast.Probability[^1]);
    }

    public void Dispose() => folder.Dispose();

    private ShadowForecast Make(double[] rules, int newest)
    {
        FeatureColumns features = data.ComputeFeatures(data.Bars);
        int[] rows = [.. Enumerable.Range(70, 200)];
        FeatureScaler scaler = FeatureScaler.Fit(features, rows);
        IFittedModel trees = new XgBoost().Fit(
            features.Rows(rows, scaler), [.. rows.Select(t => data.Bars.Close[t + 5] > data.Bars.Close[t] ? 1.0 : 0.0)], [.. rows.Select(_ => 1.0)],
            new(NEstimators: 10), TestContext.Current.CancellationToken);
        using TrainedModel model = new("m_trained_001", features.Names, scaler, PlattMap.Identity, trees);
        return ShadowForecast.Make(model, Record(), data.Bars, features, rules,
            confidence => [.. Enumerable.Range(0, confidence.Length).Where(t => rules[t] == 1 && confidence[t] >= 0.5)], newest);
    }

    private static TrainedModelRecord Record() => new(
        "m_trained_001", "train_001", "m", 1, "c", "s", "artifact", "{}",
        """{"threshold": 0.5, "metrics": {"mean_gain": 0.02, "mean_loss": -0.01}, "flags": []}""", "trained", DateTimeOffset.UnixEpoch, null, null, null);
}
