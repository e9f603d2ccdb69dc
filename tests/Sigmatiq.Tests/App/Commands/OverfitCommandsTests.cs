using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Commands;

public sealed class OverfitCommandsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_published_worked_example_comes_out()
    {
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["metrics", "deflated-sharpe", "--sharpe", "2.5", "--periods", "1250", "--periods-per-year", "250", "--trials", "100", "--variance", "0.5", "--skewness", "-3",
            "--kurtosis", "10"], Token);
        run.ExitCode.Should().Be(0, run.Error);
        JsonNode json = JsonNode.Parse(run.Out)!;
        json["sr0"]!.GetValue<double>().Should().BeApproximately(0.1132, 0.00005);
        json["dsr"]!.GetValue<double>().Should().BeApproximately(0.9004, 0.00005);
    }

    [Fact]
    public async Task A_matrix_gives_the_figures_of_its_best_strategy_worked_by_hand()
    {
        // Per period: a has mean 0.01, Σ(r − mean)² = 2·0.01² + 2·0.03² = 0.002, deviation √(0.002/3) = 0.0258199, Sharpe 0.387298; b's is
        // its negative. Their variance is 2·0.387298² = 0.3. K = 2: Φ⁻¹(1/2) = 0, Φ⁻¹(1 − 1/(2e)) = 0.9005, so SR0 = √0.3·0.5772157·0.9005 = 0.28470.
        using var folder = new TemporaryFolder();
        JsonNode json = await ReadAsync(folder, "ts,a,b\n2024-01-02,0.02,-0.02\n2024-01-03,0,0\n2024-01-04,0.04,-0.04\n2024-01-05,-0.02,0.02\n", "--periods-per-year", "4");
        json["best"]!.GetValue<string>().Should().Be("a");
        (json["strategies"]!.GetValue<int>(), json["k"]!.GetValue<int>(), json["t"]!.GetValue<int>()).Should().Be((2, 2, 4));
        json["sharpe_per_period"]!.GetValue<double>().Should().BeApproximately(0.3872983, 1e-6);
        json["sharpe"]!.GetValue<double>().Should().BeApproximately(0.7745967, 1e-6);
        json["sharpe_variance"]!.GetValue<double>().Should().BeApproximately(0.3, 1e-12);
        json["sr0"]!.GetValue<double>().Should().BeApproximately(0.2847, 0.0001);

        // Symmetric, so g₃ = 0; g₄ = (2·0.01⁴ + 2·0.03⁴)/4 over (0.002/4)² = 1.64. z = (0.387298 − 0.2847)·√3/√(1 + 0.16·0.15) = 0.17562.
        json["skewness"]!.GetValue<double>().Should().BeApproximately(0, 1e-12);
        json["kurtosis"]!.GetValue<double>().Should().BeApproximately(1.64, 1e-12);
        json["dsr"]!.GetValue<double>().Should().BeApproximately(0.5697, 0.0002);
        json["pbo"].Should().BeNull("two strategies are too few");
        json["pbo_reason"]!.GetValue<string>().Should().Contain("2 different");
    }

    [Fact]
    public async Task More_trials_than_columns_can_be_said_and_no_column_of_times_is_needed()
    {
        using var folder = new TemporaryFolder();
        string csv = Noise(12, 64, seed: 3);
        JsonNode all = await ReadAsync(folder, csv), more = await ReadAsync(folder, csv, "--trials", "500"), one = await ReadAsync(folder, csv, "--threads", "1");
        all["k"]!.GetValue<int>().Should().Be(12);
        all["pbo"]!.GetValue<double>().Should().BeInRange(0, 1);
        all["splits"]!.GetValue<int>().Should().Be(12_870);
        more["k"]!.GetValue<int>().Should().Be(500);
        more["sr0"]!.GetValue<double>().Should().BeGreaterThan(all["sr0"]!.GetValue<double>());
        more["dsr"]!.GetValue<double>().Should().BeLessThan(all["dsr"]!.GetValue<double>());
        JsonNode.DeepEquals(one, all).Should().BeTrue("threads change nothing");
    }

    [Theory]
    [InlineData("ts,a,b\n2024-01-02,0.1,0.2\n2024-01-03,0.1\n", "MKT-2013", "row 3")]
    [InlineData("a,b\n0.1,abc\n0.1,0.2\n", "MKT-2005", "'abc' of b")]
    [InlineData("a,b\n0.1,\n0.1,0.2\n", "MKT-2005", "'' of b")]
    [InlineData("a,b\n0.1,NaN\n0.1,0.2\n", "MKT-2005", "'NaN' of b")]
    [InlineData("a,b\n0.1,inf\n0.1,0.2\n", "MKT-2005", "'inf' of b")]
    [InlineData("a,b\n-1.5,0.1\n0.1,0.2\n", "MKT-2108", "-1.5")]
    [InlineData("a,b\n0.1,0.2\n", "MKT-2071", "1 rows")]
    [InlineData("a,b\n", "MKT-2071", "0 rows")]
    [InlineData("ts\n2024-01-02\n2024-01-03\n", "MKT-2003", "no column of a strategy")]
    [InlineData("", "MKT-2003", "empty")]
    [InlineData("0.1,0.2\n0.1,0.2\n0.3,0.1\n", "MKT-2003", "no header")]
    [InlineData("a,a\n0.1,0.2\n0.3,0.1\n", "MKT-2004", "'a'")]
    [InlineData("a,,b\n0.1,0.2,0.1\n0.3,0.1,0.1\n", "MKT-2004", "no name")]
    [InlineData("ts,a\n2024-01-03,0.2\n2024-01-02,0.1\n", "MKT-2106", "earlier")]
    [InlineData("ts,a\n2024-01-03,0.2\n2024-01-03,0.1\n", "MKT-2105", "same time")]
    [InlineData("ts,a\nmonday,0.2\n2024-01-03,0.1\n", "MKT-2006", "monday")]
    public async Task A_bad_file_is_refused_with_its_place(string csv, string code, string where)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["matrix.csv"], csv);
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "overfit", "--returns", folder["matrix.csv"]], Token);
        run.ExitCode.Should().NotBe(0);
        run.Error.Should().Contain(code).And.Contain(where);
        run.Out.Should().BeEmpty();
    }

    [Theory]
    [InlineData("--periods-per-year", "0")]
    [InlineData("--trials", "1")]
    public async Task An_option_that_makes_no_sense_is_refused(string option, string value)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["matrix.csv"], Noise(12, 64, seed: 4));
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "overfit", "--returns", folder["matrix.csv"], option, value], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("APP-1007").And.Contain(option);
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_not_text_is_refused_and_a_table_with_row_labels_is_read()
    {
        using var folder = new TemporaryFolder();
        (await CommandLineRun.OfAsync(["metrics", "overfit", "--returns", folder["none.csv"]], Token)).Error.Should().Contain("MKT-2001");
        File.WriteAllBytes(folder["bytes.csv"], [0x61, 0xff, 0xfe, 0x0a]);
        (await CommandLineRun.OfAsync(["metrics", "overfit", "--returns", folder["bytes.csv"]], Token)).Error.Should().Contain("MKT-2002");
        JsonNode labelled = await ReadAsync(folder, ",0,1\n0,0.01,0.02\n1,0.02,-0.01\n2,-0.01,0.03\n");
        (labelled["strategies"]!.GetValue<int>(), labelled["t"]!.GetValue<int>()).Should().Be((2, 3));
    }

    [Fact]
    public async Task Both_print_a_table_where_one_is_asked_for_and_json_else()
    {
        string[] given = ["metrics", "deflated-sharpe", "--sharpe", "2.5", "--periods", "1250", "--periods-per-year", "250", "--trials", "100", "--variance", "0.5", "--skewness", "-3", "--kurtosis", "10"];
        CommandLineRun table = await CommandLineRun.OfAsync([.. given, "--output", "table"], Token), json = await CommandLineRun.OfAsync([.. given, "--output", "json"], Token);
        table.Out.Should().MatchRegex(@"(?m)^deflated sharpe\s+0\.900$").And.MatchRegex(@"(?m)^best by luck\s+1\.79$").And.NotContain("{");
        json.Out.Should().Be((await CommandLineRun.OfAsync(given, Token)).Out);

        using var folder = new TemporaryFolder();
        JsonNode figures = await ReadAsync(folder, Noise(12, 64, seed: 4));
        CommandLineRun overfit = await CommandLineRun.OfAsync(["metrics", "overfit", "--returns", folder["matrix.csv"], "--output", "table"], Token);
        overfit.ExitCode.Should().Be(0, overfit.Error);
        overfit.Out.Should().NotContain("{").And.MatchRegex($@"(?m)^overfitting\s+{figures["pbo"]!.GetValue<double>():0.000}$").And.MatchRegex($@"(?m)^best\s+{figures["best"]}$")
            .And.MatchRegex(@"(?m)^strategies\s+12$");
        File.WriteAllText(folder["short.csv"], "a,b\n0.01,0.02\n0.02,-0.01\n-0.01,0.03\n");
        (await CommandLineRun.OfAsync(["metrics", "overfit", "--returns", folder["short.csv"], "-o", "table"], Token)).Out.Should().MatchRegex(@"(?m)^overfitting\s+– \(.+\)$", "it says why there is none");
    }

    [Theory]
    [InlineData("--sharpe", "NaN")]
    [InlineData("--periods", "1")]
    [InlineData("--periods-per-year", "-1")]
    [InlineData("--trials", "0")]
    [InlineData("--variance", "-0.1")]
    [InlineData("--variance", "1e999")]
    [InlineData("--skewness", "NaN")]
    [InlineData("--kurtosis", "0.5")]
    public async Task A_figure_that_cannot_be_is_refused_with_its_option_and_value(string option, string value)
    {
        Dictionary<string, string> given = new() { ["--sharpe"] = "1", ["--periods"] = "250", ["--trials"] = "10", ["--variance"] = "0.5", [option] = value };
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "deflated-sharpe", .. given.SelectMany(g => new[] { g.Key, g.Value })], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("APP-1007").And.Contain(option);
        run.Out.Should().BeEmpty();
    }

    [Fact]
    public async Task Several_trials_need_the_spread_of_their_sharpe_ratios_and_one_does_not()
    {
        string[] asked = ["metrics", "deflated-sharpe", "--sharpe", "1", "--periods", "250", "--trials"];
        CommandLineRun several = await CommandLineRun.OfAsync([.. asked, "2"], Token), one = await CommandLineRun.OfAsync([.. asked, "1"], Token);
        several.ExitCode.Should().Be(2);
        several.Error.Should().Contain("APP-1007").And.Contain("--variance");
        one.ExitCode.Should().Be(0, one.Error);
        JsonNode.Parse(one.Out)!["sr0"]!.GetValue<double>().Should().Be(0);
    }

    private static string Noise(int strategies, int rows, long seed)
    {
        Rng rng = Rng.From(seed);
        StringBuilder csv = new(string.Join(',', Enumerable.Range(1, strategies).Select(n => $"s{n}")) + "\n");
        for (int t = 0; t < rows; t++)
        {
            csv.Append(string.Join(',', Enumerable.Range(0, strategies).Select(_ => (0.01 * rng.NextGaussian()).ToString("R")))).Append('\n');
        }

        return csv.ToString();
    }

    private static async Task<JsonNode> ReadAsync(TemporaryFolder folder, string csv, params string[] more)
    {
        File.WriteAllText(folder["matrix.csv"], csv);
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "overfit", "--returns", folder["matrix.csv"], .. more], Token);
        run.ExitCode.Should().Be(0, run.Error);
        return JsonNode.Parse(run.Out)!;
    }
}
