using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Tests.App.Commands;

public sealed class MetricsCommandsTests
{
    // Three months; worked out by hand in the first test.
    private const string Months = """
        Benchmark,note,Date,RETURN
        0.05,a,2024-01-31,0.1
        -0.02,b,2024-02-29,-0.05
        0.03,c,2024-03-31,0.02

        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_metrics_of_three_months_are_those_worked_out_by_hand()
    {
        using var folder = new TemporaryFolder();
        JsonObject metrics = await ComputeAsync(folder, Months, "--periods-per-year", "12");

        // 1.1 * 0.95 * 1.02 = 1.0659 over 60 days.
        double annual = Math.Pow(1.0659, 365.25 / 60) - 1;
        Is(metrics, "total_return", 0.0659);
        Is(metrics, "annualized_return", annual);

        // Mean 0.07/3; squares 0.0058778 + 0.0053778 + 0.0000111 over 2, times 12 = 0.0676 = 0.26^2; mean * 12 = 0.28.
        Is(metrics, "annual_volatility", 0.26);
        Is(metrics, "sharpe_ratio", 14.0 / 13);

        // sqrt(0.05^2 / 3); (0.07/3) * sqrt(12) * sqrt(3) / 0.05 = 0.14/0.05.
        Is(metrics, "downside_deviation", 0.05 / Math.Sqrt(3));
        Is(metrics, "sortino_ratio", 2.8);

        // From 1.1 at the end of January down to 1.045, and 1.0659 is not back.
        Is(metrics, "max_drawdown", -0.05);
        Is(metrics, "calmar_ratio", annual / 0.05);
        metrics["max_drawdown_duration_days"]!.GetValue<double>().Should().Be(60);
        metrics["max_drawdown_duration_bars"]!.GetValue<int>().Should().Be(2);
        metrics["recovered"]!.GetValue<bool>().Should().BeFalse();

        // The benchmark's deviations 0.03, -0.04, 0.01: squares 0.0026, products 0.0052; 0.28 - 2 * 0.24 = -0.2.
        Is(metrics, "beta", 2);
        Is(metrics, "alpha", -0.2);

        // Differences 0.05, -0.03, -0.01: mean 0.01/3, squares 0.00346667 over 2; 0.04 / sqrt(0.0208).
        Is(metrics, "information_ratio", 0.04 / Math.Sqrt(0.0208));

        // A tenth of the way from -0.05 to 0.02; under 250 returns CVaR is parametric: sigma * phi(1.645)/0.05 - mean.
        Is(metrics, "var_95", 0.043);
        Is(metrics, "cvar_95", (0.26 / Math.Sqrt(12) * Math.Exp(-1.645 * 1.645 / 2) / Math.Sqrt(2 * Math.PI) / 0.05) - (0.07 / 3));
        metrics["cvar_95_parametric"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task Trades_are_none_and_their_ratios_null_since_a_series_of_returns_has_none()
    {
        using var folder = new TemporaryFolder();
        JsonObject metrics = await ComputeAsync(folder, Months);
        metrics["total_trades"]!.GetValue<int>().Should().Be(0);
        string[] ofTrades =
        [
            "win_rate", "profit_factor", "avg_trade_duration_days", "best_trade", "worst_trade", "avg_winner", "avg_loser", "avg_trade_return", "expectancy",
            "exposure", "turnover", "t_statistic", "p_value",
        ];
        foreach (string key in ofTrades)
        {
            metrics.TryGetPropertyValue(key, out JsonNode? value).Should().BeTrue(key);
            value.Should().BeNull(key);
        }
    }

    [Fact]
    public async Task A_year_has_252_returns_unless_said_and_the_risk_free_rate_is_taken_off_by_period()
    {
        using var folder = new TemporaryFolder();
        Is(await ComputeAsync(folder, Months), "annual_volatility", 0.26 * Math.Sqrt(21));

        // 0.12 a year is 0.01 a month: 0.28 - 0.12 = 0.16.
        Is(await ComputeAsync(folder, Months, "--periods-per-year", "12", "--rf", "0.12"), "sharpe_ratio", 8.0 / 13);
    }

    [Fact]
    public async Task An_empty_series_has_counts_of_zero_and_no_ratios()
    {
        using var folder = new TemporaryFolder();
        JsonObject metrics = await ComputeAsync(folder, "ts,return\n");
        (string Key, string Value)[] given = [.. metrics.Where(m => m.Value is not null).Select(m => (m.Key, m.Value!.ToJsonString()))];
        given.Should().BeEquivalentTo(
            [("max_drawdown_duration_bars", "0"), ("recovered", "true"), ("total_trades", "0"), ("cvar_95_parametric", "false"), ("periods", "0")]);
    }

    [Fact]
    public async Task Constant_returns_have_no_sharpe_ratio_no_sortino_and_no_calmar()
    {
        using var folder = new TemporaryFolder();
        JsonObject metrics = await ComputeAsync(folder, "ts,return\n2024-01-31,0.01\n2024-02-29,0.01\n2024-03-31,0.01\n");
        (metrics["sharpe_ratio"], metrics["sharpe_interval"], metrics["sortino_ratio"], metrics["calmar_ratio"], metrics["beta"]).Should().Be((null, null, null, null, null));
        Is(metrics, "max_drawdown", 0);
        Is(metrics, "total_return", 0.030301);
    }

    [Fact]
    public async Task Under_thirty_days_there_is_no_annual_return()
    {
        using var folder = new TemporaryFolder();
        JsonObject metrics = await ComputeAsync(folder, "ts,return\n2024-01-02,0.01\n2024-01-31,-0.02\n");
        metrics["annualized_return"].Should().BeNull("it is 29 days");
        metrics["calmar_ratio"].Should().BeNull();
        Is(metrics, "total_return", (1.01 * 0.98) - 1);
    }

    [Fact]
    public async Task The_command_gives_the_formulas_their_published_series_bit_for_bit()
    {
        // What the formulas give for these series is held against the published figures in EmpyricalVectorTests.
        using var folder = new TemporaryFolder();
        JsonObject series = JsonNode.Parse(File.ReadAllText(Checkout.Material("market/vectors/metrics/empyrical/cases.json")))!["series"]!.AsObject();
        int compared = 0;
        foreach (var (name, given) in series)
        {
            DateOnly[] dates = [.. given!["index"]!.AsArray().Select(t => DateOnly.Parse(t!.GetValue<string>()[..10], CultureInfo.InvariantCulture))];
            double[] values = [.. given["values"]!.AsArray().Select(v => v!.GetValueKind() == System.Text.Json.JsonValueKind.String ? double.NaN : v.GetValue<double>())];
            if (values.Any(v => v < -1) || dates.Distinct().Count() < dates.Length)
            {
                continue; // Nothing can be compounded after such a loss, and the command refuses it.
            }

            string rows = string.Concat(dates.Zip(values, (d, v) => string.Create(CultureInfo.InvariantCulture, $"{d:yyyy-MM-dd},{(double.IsNaN(v) ? "" : v.ToString("R", CultureInfo.InvariantCulture))}\n")));
            File.WriteAllText(folder["returns.csv"], "ts,return\n" + rows);
            CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.csv"], "--out", folder["out.json"]], Token);
            run.ExitCode.Should().Be(0, $"{name}: {run.Error}");
            int[] kept = [.. Enumerable.Range(0, values.Length).Where(t => !double.IsNaN(values[t]))];
            JsonObject formulas = MetricMaker.Make(MetricInput.OfReturns([.. kept.Select(t => values[t])], [.. kept.Select(t => dates[t])], 252, 0)).ToJson();
            JsonNode written = JsonNode.Parse(File.ReadAllText(folder["out.json"]))!;
            JsonNode.DeepEquals(written, JsonNode.Parse(formulas.ToJsonString())).Should().BeTrue(name);
            compared++;
        }

        compared.Should().BeGreaterThan(9, "a comparison of nothing proves nothing");
    }

    [Fact]
    public async Task Parquet_gives_what_csv_gives()
    {
        using var folder = new TemporaryFolder();
        JsonObject csv = await ComputeAsync(folder, Months);
        ParquetFile.Write(
            folder["returns.parquet"],
            new(
                Column.Of("ts", new DateOnly[] { new(2024, 1, 31), new(2024, 2, 29), new(2024, 3, 31) }), Column.Of("return", new[] { 0.1, -0.05, 0.02 }),
                Column.Of("benchmark", new[] { 0.05, -0.02, 0.03 })),
            Token);
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.parquet"], "--out", folder["out.json"]], Token);
        run.ExitCode.Should().Be(0, run.Error);
        JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(folder["out.json"])), csv).Should().BeTrue();
    }

    [Fact]
    public async Task A_row_without_a_return_is_left_out_with_a_warning_and_one_without_a_benchmark_only_of_what_compares()
    {
        using var folder = new TemporaryFolder();
        const string holed = """
            ts,return,benchmark
            2024-01-30,,0.9
            2024-01-31,0.1,0.05
            2024-02-29,-0.05,-0.02
            2024-03-15,0.07,nan
            2024-03-31,0.02,0.03

            """;
        File.WriteAllText(folder["returns.csv"], holed);
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["metrics", "compute", "--returns", folder["returns.csv"], "--out", folder["out.json"], "--periods-per-year", "12", "-o", "json"], Token);
        run.ExitCode.Should().Be(0);
        run.Error.Should().Contain("1 of 5 rows");
        JsonObject said = JsonNode.Parse(run.Out)!.AsObject();
        (said["returns"]!.GetValue<int>(), said["left_out"]!.GetValue<int>(), said["from"]!.GetValue<string>()).Should().Be((4, 1, "2024-01-31"));
        JsonObject metrics = JsonNode.Parse(File.ReadAllText(folder["out.json"]))!.AsObject();
        JsonNode.DeepEquals(said["metrics"], metrics).Should().BeTrue();
        Is(metrics, "beta", 2);
        Is(metrics, "total_return", (1.0659 * 1.07) - 1);
    }

    [Theory]
    [InlineData(2, "APP-1007", "--periods-per-year", "0")]
    [InlineData(2, "APP-1007", "--periods-per-year", "nan")]
    [InlineData(2, "APP-1007", "--rf", "4")]
    [InlineData(2, "MKT-2009", "--tz", "Mars/Olympus")]
    public async Task A_wrong_option_is_refused_and_leaves_nothing(int exit, string code, params string[] options)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["returns.csv"], Months);
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.csv"], "--out", folder["out.json"], .. options], Token);
        run.ExitCode.Should().Be(exit);
        run.Error.Should().StartWith($"{code} at ");
        File.Exists(folder["out.json"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_broken_file_is_refused_with_its_row_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["returns.csv"], Months.Replace(",0.02", ",2 %", StringComparison.Ordinal));
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.csv"], "--out", folder["out.json"]], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith("MKT-2005 at returns.csv row 4: The return '2 %' is not a number.");
        File.Exists(folder["out.json"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["returns.csv"], Months);
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.csv"], "--out", folder.Path], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith($"APP-1006 at {folder.Path}: ");
    }

    private static async Task<JsonObject> ComputeAsync(TemporaryFolder folder, string csv, params string[] options)
    {
        File.WriteAllText(folder["returns.csv"], csv);
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.csv"], "--out", folder["out.json"], .. options], Token);
        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().BeEmpty();
        return JsonNode.Parse(File.ReadAllText(folder["out.json"]))!.AsObject();
    }

    private static void Is(JsonObject metrics, string key, double expected) => metrics[key]!.GetValue<double>().Should().BeApproximately(expected, 1e-12, key);
}
