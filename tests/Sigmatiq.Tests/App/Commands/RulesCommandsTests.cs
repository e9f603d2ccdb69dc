using System.Text.Json;

namespace Sigmatiq.Tests.App.Commands;

public sealed class RulesCommandsTests
{
    private const string Bars = """
        ts,open,high,low,close,volume
        2024-01-02T14:30:00Z,1,1.5,0.5,1,100
        2024-01-02T15:30:00Z,1,2.5,1,2,200
        2024-01-02T16:30:00Z,2,3.5,2,3,300
        2024-01-02T17:30:00Z,3,3,1.5,2,400
        2024-01-02T18:30:00Z,2,4.5,2,4,500

        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_condition_becomes_true_false_or_empty_per_bar()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["bars.csv"], Bars);
        CommandLineRun run = await CommandLineRun.OfAsync(["rules", "eval", "close > close[1]", "--bars", folder["bars.csv"], "--out", folder["out.csv"], "-o", "json"], Token);
        run.ExitCode.Should().Be(0, run.Error);
        File.ReadAllText(folder["out.csv"]).Should().Be("""
            ts,value
            2024-01-02T14:30:00Z,
            2024-01-02T15:30:00Z,true
            2024-01-02T16:30:00Z,true
            2024-01-02T17:30:00Z,false
            2024-01-02T18:30:00Z,true

            """);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        (json.RootElement.GetProperty("true").GetInt32(), json.RootElement.GetProperty("type").GetString()).Should().Be((3, "bool"));
    }

    [Fact]
    public async Task A_number_is_written_in_shortest_form()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["bars.csv"], Bars);
        CommandLineRun run = await CommandLineRun.OfAsync(["rules", "eval", "avg(close, 3) / volume", "--bars", folder["bars.csv"], "--out", folder["out.csv"]], Token);
        run.ExitCode.Should().Be(0, run.Error);
        File.ReadAllLines(folder["out.csv"])[1..].Select(l => l.Split(',')[1]).Should().Equal("", "", "0.006666666666666667", "0.005833333333333334", "0.006");
    }

    [Theory]
    [InlineData("close >", "EXP-1001")]
    [InlineData("macd_cross == true", "EXP-1002")]
    [InlineData("close AND true", "EXP-1003")]
    [InlineData("avg(close)", "EXP-1004")]
    public async Task A_wrong_expression_is_refused_with_its_position_and_writes_nothing(string expression, string code)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["bars.csv"], Bars);
        CommandLineRun run = await CommandLineRun.OfAsync(["rules", "eval", expression, "--bars", folder["bars.csv"], "--out", folder["out.csv"]], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain(code).And.Contain("position");
        File.Exists(folder["out.csv"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_pack_lends_its_names_and_its_frame()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["bars.csv"], Bars);
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["rules", "eval", "macd_cross == true OR close > 3", "--pack", "swingsigma", "--bars", folder["bars.csv"], "--out", folder["out.csv"], "-o", "json"], Token);
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        json.RootElement.GetProperty("frame").GetString().Should().Be("day");
        File.ReadAllLines(folder["out.csv"])[^1].Should().EndWith(",true");
    }
}
