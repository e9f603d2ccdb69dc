using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The benchmark command as a stranger runs it, on bars of their own.</summary>
public sealed class SweepBenchmarkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sigmatiq-bench-").FullName;

    [Fact]
    public void One_line_of_json_tells_bars_combos_seconds_speed_trades_and_peak_bytes_beside_the_plain_loop_and_the_tables_hold_what_it_says()
    {
        string bars = Bars(400), metrics = Path.Combine(folder, "metrics.csv"), trades = Path.Combine(folder, "trades");
        (int code, string said, string error) = Run("--bars", bars, "--grid", "small", "--threads", "2", "--reps", "3", "--out", metrics, "--trades", trades, "--ids", "0,7,44");
        code.Should().Be(0, error);
        said.Trim().Split('\n').Should().ContainSingle();
        JsonNode line = JsonNode.Parse(said)!;
        line["bars"]!.GetValue<int>().Should().Be(400);
        line["combos"]!.GetValue<int>().Should().Be(45);
        line["threads"]!.GetValue<int>().Should().Be(2);
        double seconds = line["seconds"]!.GetValue<double>();
        seconds.Should().BePositive();
        line["bar_evals_per_s"]!.GetValue<double>().Should().BeApproximately(400 * 45 / seconds, 1);
        line["peak_bytes"]!.GetValue<long>().Should().BePositive();
        line["plain_seconds"]!.GetValue<double>().Should().BePositive();
        line["plain_trades"]!.GetValue<int>().Should().Be(line["trades"]!.GetValue<int>());

        string[] rows = File.ReadAllLines(metrics);
        rows[0].Should().Be("id,p,L,sl,tp,tr,s,H,trades,wins,total_return,max_drawdown,sharpe");
        rows.Should().HaveCount(46);
        rows.Skip(1).Sum(r => int.Parse(r.Split(',')[8], CultureInfo.InvariantCulture)).Should().Be(line["trades"]!.GetValue<int>()).And.BePositive();
        Directory.GetFiles(trades).Select(f => Path.GetFileName(f)).Should().BeEquivalentTo("trades_00000.csv", "trades_00007.csv", "trades_00044.csv");
        string[] listed = File.ReadAllLines(Path.Combine(trades, "trades_00007.csv"));
        listed[0].Should().Be("entry_bar,entry_price,exit_bar,exit_price,reason,qty");
        listed.Skip(1).Count(r => r.Split(',')[2] != "-1").Should().Be(int.Parse(rows[8].Split(',')[8], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Bars_fewer_than_the_indicators_need_trade_nothing_and_are_no_error()
    {
        (int code, string said, string error) = Run("--bars", Bars(50), "--grid", "small", "--reps", "1");
        code.Should().Be(0, error);
        JsonNode.Parse(said)!["trades"]!.GetValue<int>().Should().Be(0);
    }

    [Theory]
    [InlineData("--bars FILE is missing", "--grid", "small")]
    [InlineData("There is no file", "--bars", "absent.csv")]
    [InlineData("There is no grid 'huge'", "--bars", "absent.csv", "--grid", "huge")]
    [InlineData("--threads takes whole numbers", "--bars", "absent.csv", "--threads", "0")]
    [InlineData("--reps needs a value", "--bars", "absent.csv", "--reps")]
    [InlineData("There is no option '--fast'", "--fast")]
    public void What_it_cannot_do_it_says_in_a_sentence_and_ends_with_2(string sentence, params string[] args)
    {
        (int code, string said, string error) = Run(args);
        code.Should().Be(2);
        said.Should().BeEmpty();
        error.Should().Contain(sentence).And.NotContain("   at ");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Hours from 2 January 2024, 00:00 UTC on; some volumes are unknown, which is none of the workload's business.
    private string Bars(int count)
    {
        Rng rng = Rng.From(5).Fork("bars");
        string file = Path.Combine(folder, $"bars{count}.csv");
        double close = 100;
        List<string> rows = ["ts,open,high,low,close,volume"];
        for (int t = 0; t < count; t++)
        {
            double open = close;
            close = open * (1 + (0.004 * rng.NextGaussian()));
            rows.Add(string.Create(
                CultureInfo.InvariantCulture, $"{1704153600L + (3600L * t)},{open},{Math.Max(open, close) * 1.001},{Math.Min(open, close) * 0.999},{close},{(t % 9 == 0 ? "NaN" : "1000")}"));
        }

        File.WriteAllLines(file, rows);
        return file;
    }

    private static (int Code, string Out, string Error) Run(params string[] args)
    {
        string program = Path.Combine(AppContext.BaseDirectory.Replace("Sigmatiq.Tests.System", "Sigmatiq.Benchmarks", StringComparison.Ordinal), "Sigmatiq.Benchmarks.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, "sweep", .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said, error.Result);
    }
}
