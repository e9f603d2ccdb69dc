using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning.Features;

public sealed class FeatureColumnsTests
{
    [Fact]
    public void The_scaler_knows_training_rows_only()
    {
        FeatureColumns features = new(["a", "b"], [[1, 2, 3, 1e9], [5, 5, double.NaN, 7]]);
        FeatureScaler scaler = FeatureScaler.Fit(features, [0, 1, 2]);
        scaler.Mean.Should().Equal(2, 5);
        scaler.Std.Should().Equal([1, 1], "a column that does not vary is only shifted");
        DenseRows rows = features.Rows([2, 0], scaler);
        rows.Row(0)[0].Should().Be(1);
        float.IsNaN(rows.Row(0)[1]).Should().BeTrue("a missing value stays missing");
        rows.Row(1).ToArray().Should().Equal(-1, 0);
    }

    [Fact]
    public void A_feature_that_knows_the_answer_is_refused_by_name()
    {
        Rng rng = Rng.From(1);
        int[] bars = [.. Enumerable.Range(0, 200)];
        double[] labels = [.. bars.Select(_ => (double)rng.NextInt(2))];
        FeatureColumns features = new(["honest", "leaky"], [[.. bars.Select(_ => rng.NextGaussian())], [.. labels.Select(y => y + (0.01 * rng.NextGaussian()))]]);
        Action check = () => LeakageCheck.Correlation(features, bars, labels);
        Problem problem = check.Should().Throw<ProblemException>().Which.All.Should().ContainSingle().Which;
        problem.Code.Should().Be("TRN-1005");
        problem.Where.Should().Be("leaky");
    }

    [Fact]
    public void A_feature_that_sees_the_future_is_refused_and_one_of_closed_bars_passes()
    {
        BarColumns bars = Walk(120);
        FeatureColumns Past(BarColumns b) => new(["change"], [[.. Enumerable.Range(0, b.Count).Select(t => t == 0 ? double.NaN : b.Close[t] / b.Close[t - 1])]]);
        FeatureColumns Future(BarColumns b) => new(["next"], [[.. Enumerable.Range(0, b.Count).Select(t => t + 1 < b.Count ? b.Close[t + 1] : double.NaN)]]);
        LeakageCheck.Future(bars, 60, Past);
        Action check = () => LeakageCheck.Future(bars, 60, Future);
        check.Should().Throw<ProblemException>().Which.Problem.Should().Match<Problem>(p => p.Code == "TRN-1006" && p.Where == "next");
    }

    [Fact]
    public void The_altered_future_is_made_of_legal_bars()
    {
        BarColumns altered = LeakageCheck.Altered(Walk(50), 20);
        for (int t = 0; t < altered.Count; t++)
        {
            (altered.Low[t] > 0 && altered.Low[t] <= Math.Min(altered.Open[t], altered.Close[t])
                && altered.High[t] >= Math.Max(altered.Open[t], altered.Close[t])).Should().BeTrue();
        }
    }

    private static BarColumns Walk(int n)
    {
        Rng rng = Rng.From(9);
        double[] close = new double[n], open = new double[n], high = new double[n], low = new double[n], volume = new double[n];
        long[] starts = new long[n];
        double price = 100;
        for (int t = 0; t < n; t++)
        {
            open[t] = price;
            price *= Math.Exp(0.01 * rng.NextGaussian());
            close[t] = price;
            high[t] = Math.Max(open[t], price) * 1.001;
            low[t] = Math.Min(open[t], price) * 0.999;
            volume[t] = 1000;
            starts[t] = 1_700_000_000_000_000L + (t * 3_600_000_000L);
        }

        return new(Symbol.Parse("MKT.SYN"), Interval.Hour1, starts, open, high, low, close, volume);
    }
}
