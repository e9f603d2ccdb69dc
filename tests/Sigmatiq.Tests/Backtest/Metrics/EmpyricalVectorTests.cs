using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Tests.Backtest.Metrics;

/// <summary>The metrics against the published cases of empyrical, wherever both define a figure alike or one follows from the other
/// (docs/metrics.md). Each test writes what it compared and fails if that is nothing.</summary>
public sealed class EmpyricalVectorTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["omega_ratio"] = "no metric of ours",
        ["stability_of_timeseries"] = "no metric of ours",
        ["beta_fragility_heuristic"] = "no metric of ours",
        ["gpd_risk_estimates_aligned"] = "no metric of ours",
        ["capture"] = "no metric of ours",
        ["up_capture"] = "no metric of ours",
        ["up_down_capture"] = "no metric of ours",
        ["roll_up_capture"] = "no metric of ours",
        ["roll_down_capture"] = "no metric of ours",
        ["roll_up_down_capture"] = "no metric of ours",
        ["test_down_alpha_beta"] = "no metric of ours",
    };

    private static readonly string[] Compared =
    [
        "simple_returns", "cum_returns", "cum_returns_final", "aggregate_returns", "annual_return", "max_drawdown", "roll_max_drawdown", "annual_volatility",
        "sharpe_ratio", "downside_risk", "test_alpha_beta", "beta", "test_roll_alpha_beta",
    ];

    private readonly Lazy<JsonObject> file =
        new(() => JsonNode.Parse(File.ReadAllText(Checkout.Material("market/vectors/metrics/empyrical/cases.json")))!.AsObject());

    private int compared, asserted, leftOut;

    [Fact]
    public void Every_published_case_is_compared_or_left_out_with_a_reason()
    {
        foreach (string name in file.Value["tests"]!.AsArray().Select(t => NameOf(t!)))
        {
            (Compared.Contains(name) ^ LeftOut.ContainsKey(name)).Should().BeTrue($"{name} is one or the other");
            output.WriteLine($"{name}: {(LeftOut.TryGetValue(name, out string? reason) ? $"left out, {reason}" : "compared")}");
        }
    }

    [Fact]
    public void The_list_in_the_docs_names_every_published_test_with_all_of_its_cases()
    {
        Dictionary<string, (int Cases, int Compared)> documented = Documented();
        Dictionary<string, int> published = file.Value["tests"]!.AsArray().ToDictionary(t => NameOf(t!), t => t!["cases"]!.AsArray().Count);
        documented.Keys.Should().BeEquivalentTo(published.Keys);
        foreach (var (name, cases) in published)
        {
            documented[name].Cases.Should().Be(cases, name);
            (documented[name].Compared == 0).Should().Be(LeftOut.ContainsKey(name), $"{name}: compared or left out");
        }

        documented.Values.Sum(d => d.Compared).Should().BeGreaterThan(50);
    }

    [Fact]
    public void Returns_of_prices() => Each("simple_returns", c =>
    {
        double[] prices = Series(c["prices"]!).Values;
        var input = new MetricInput(prices, new int[prices.Length], 252, 0, TradeColumns.None, double.NaN, double.NaN, []);
        Same("returns", c["expected"]!.AsArray(), [.. input.Returns]);
    });

    [Fact]
    public void Equity_and_total_return()
    {
        Each("cum_returns", c =>
        {
            (DateTime[] times, double[] values) = Series(c["returns"]!);
            MetricInput input = Input(times, values);
            double start = c["starting_value"]!.GetValue<double>();

            // A missing return leaves their curve where it was; our series does not have the row.
            int missing = values.Count(double.IsNaN);
            double?[] ours = [.. input.Equity.Skip(1 - missing).Select(e => (double?)(start == 0 ? e - 1 : start * e))];
            Same("equity", c["expected"]!.AsArray(), ours);
        });
        Each("cum_returns_final", c =>
        {
            double start = c["starting_value"]!.GetValue<double>();
            double? total = Metrics(c["returns"]!).TotalReturn;
            Same("total_return", c["expected"]!, start == 0 ? total : start * (1 + total));
        });
        Each("aggregate_returns", c =>
        {
            int Part(DateTime t) => c["convert_to"]!.GetValue<string>() switch
            {
                "weekly" => (ISOWeek.GetYear(t) * 100) + ISOWeek.GetWeekOfYear(t),
                "monthly" => (t.Year * 100) + t.Month,
                "quarterly" => (t.Year * 10) + ((t.Month - 1) / 3),
                _ => t.Year,
            };
            (DateTime[] times, double[] values) = Series(c["returns"]!);
            double?[] totals = [.. times.Zip(values).GroupBy(p => Part(p.First)).Select(g => Make([.. g.Select(p => p.First)], [.. g.Select(p => p.Second)]).TotalReturn)];
            Same("total_return of each part", c["expected"]!.AsArray(), totals);
        });
    }

    [Fact]
    public void Annual_return_over_years_of_so_many_periods() => Each("annual_return", c =>
    {
        // Their years are periods over P, ours calendar days over 365.25; from there on it is one formula.
        int periods = Series(c["returns"]!).Values.Length;
        double annual = MetricFormulas.AnnualizedReturn(Metrics(c["returns"]!).TotalReturn!.Value, periods / PerYear(c));
        if (double.IsNaN(annual))
        {
            LeaveOut("under 30 days ours is null");
            return;
        }

        Same("annualized_return", c["expected"]!, annual);
    });

    [Fact]
    [Trait("Row", "S4-47")]
    public void Drawdown()
    {
        Each("max_drawdown", c => Same("max_drawdown", c["expected"]!, Metrics(c["returns"]!).MaxDrawdown));
        Each("roll_max_drawdown", c => Same("max_drawdown of each window", c["expected"]!.AsArray(), [.. Windows(c).Select(w => Make(w.Times, w.Values).MaxDrawdown)]));
    }

    [Fact]
    [Trait("Row", "S4-40")]
    public void Volatility_and_sharpe_ratio()
    {
        Each("annual_volatility", c => Same("annual_volatility", c["expected"]!, Metrics(c["returns"]!, PerYear(c)).AnnualVolatility));
        Each("sharpe_ratio", c =>
        {
            if (c["risk_free"] is JsonObject)
            {
                LeaveOut("a risk-free rate of its own for each day");
                return;
            }

            Same("sharpe_ratio", c["expected"]!, Metrics(c["returns"]!, 252, c["risk_free"]!.GetValue<double>() * 252).SharpeRatio);
        });
    }

    [Fact]
    public void Downside() => Each("downside_risk", c =>
    {
        if (c["required_return"] is JsonObject)
        {
            LeaveOut("a required return of its own for each day");
            return;
        }

        // Theirs is annual, and what is required is a return per period.
        double perYear = PerYear(c);
        double? ours = Metrics(c["returns"]!, perYear, c["required_return"]!.GetValue<double>() * perYear).DownsideDeviation * Math.Sqrt(perYear);
        Same("downside_deviation", c["expected"]!, ours);
    });

    [Fact]
    [Trait("Row", "S4-43")]
    [Trait("Row", "S4-44")]
    public void Beta_and_alpha()
    {
        // A fresh benchmark series named "returns" stands one level deeper.
        Each("beta", c => Same("beta", c["expected"]!, Against(Series(c["returns"]!), Series(c["benchmark"]!["returns"] ?? c["benchmark"]!)).Beta, c["decimal_places"]?.GetValue<int>()));
        Each("test_alpha_beta", c =>
        {
            MetricSet ours = Against(Series(c["returns"]!), Series(c["benchmark"]!));
            Same("alpha", c["expected"]![0]!, Compounded(ours.Alpha));
            Same("beta", c["expected"]![1]!, ours.Beta);
        });
        Each("test_roll_alpha_beta", c =>
        {
            (DateTime[] Times, double[] Values) benchmark = Series(c["benchmark"]!);
            MetricSet[] ours = [.. Windows(c).Select(w => Against(w, benchmark))];
            if (ours.Length == 0 || c["window"]!.GetValue<int>() == 1)
            {
                LeaveOut("windows of one return");
                return;
            }

            Same("alpha of each window", [.. c["expected"]!.AsArray().Select(e => e![0]!.DeepClone())], [.. ours.Select(m => Compounded(m.Alpha))]);
            Same("beta of each window", [.. c["expected"]!.AsArray().Select(e => e![1]!.DeepClone())], [.. ours.Select(m => m.Beta)]);
        });
    }

    private void LeaveOut(string reason)
    {
        leftOut++;
        output.WriteLine($"  left out: {reason}");
    }

    // | `sharpe_ratio` | 6 | 4 | why the others are not |
    private static Dictionary<string, (int Cases, int Compared)> Documented() => File.ReadLines(Path.Combine(Checkout.Root, "docs/metrics.md"))
        .Select(line => Regex.Match(line, @"^\| `(?<name>[a-z_]+)` \| (?<cases>\d+) \| (?<compared>\d+) \| (?<why>.*) \|$")).Where(m => m.Success)
        .ToDictionary(
            m => m.Groups["name"].Value,
            m =>
            {
                (int cases, int same) = (int.Parse(m.Groups["cases"].Value, CultureInfo.InvariantCulture), int.Parse(m.Groups["compared"].Value, CultureInfo.InvariantCulture));
                (m.Groups["why"].Value.Trim().Length > 0).Should().Be(same < cases, $"{m.Groups["name"].Value} says why, where a case is left out");
                return (cases, same);
            });

    // Ours is alpha per period times P, theirs compounds it over P periods.
    private static double? Compounded(double? alpha) => alpha is { } a ? Math.Pow(1 + (a / 252), 252) - 1 : null;

    private void Each(string name, Action<JsonNode> compare)
    {
        (compared, leftOut) = (0, 0);
        JsonNode test = file.Value["tests"]!.AsArray().Single(t => NameOf(t!) == name)!;
        asserted = test["decimals"]!.GetValue<int>();
        output.WriteLine($"{name}:");
        foreach (JsonNode? one in test["cases"]!.AsArray())
        {
            compare(one!);
        }

        compared.Should().BePositive($"a comparison of nothing proves nothing ({name})");
        int cases = test["cases"]!.AsArray().Count;
        Documented()[name].Should().Be((cases, cases - leftOut), $"docs/metrics.md counts the cases of {name}");
    }

    private void Same(string what, JsonArray expected, double?[] ours)
    {
        ours.Should().HaveSameCount(expected, what);
        for (int i = 0; i < ours.Length; i++)
        {
            Same($"{what} [{i}]", expected[i]!, ours[i], quiet: true);
        }

        output.WriteLine($"  {what}: {ours.Length} values");
    }

    // 1e-9; half a unit of the last digit where the source wrote three to eight, or of the decimals it asserts where those are fewer (its
    // running returns are written with more than are right).
    private void Same(string what, JsonNode expected, double? ours, int? decimals = null, bool quiet = false)
    {
        compared++;
        if (expected.GetValueKind() == System.Text.Json.JsonValueKind.String)
        {
            string word = expected.GetValue<string>();
            (word == "NaN" ? ours is null : ours == double.PositiveInfinity).Should().BeTrue($"{what} is {word}, ours was {ours}");
        }
        else
        {
            string digits = expected.ToJsonString();
            int written = digits.Contains('E', StringComparison.OrdinalIgnoreCase) ? 17 : digits.Length - digits.IndexOf('.', StringComparison.Ordinal) - 1;
            int given = decimals ?? (asserted < 8 ? asserted : written);
            double distance = Math.Abs((ours ?? double.NaN) - double.Parse(digits, CultureInfo.InvariantCulture));
            bool rounded = decimals is not null || asserted < 8 || written is >= 3 and <= 8;
            double tolerance = rounded ? 0.5 * Math.Pow(10, -given) * (1 + 1e-6) : 1e-9;
            (distance <= tolerance).Should().BeTrue($"{what} is {digits} within {tolerance:g2}, ours was {ours:r}");
        }

        if (!quiet)
        {
            output.WriteLine($"  {what}: {expected.ToJsonString()}");
        }
    }

    private static string NameOf(JsonNode test) => test["function"]?.GetValue<string>() ?? test["test"]!.GetValue<string>();

    private static double PerYear(JsonNode one) => one["period"]!.GetValue<string>() switch { "weekly" => 52, "monthly" => 12, _ => 252 };

    private MetricSet Metrics(JsonNode series, double perYear = 252, double riskFree = 0)
    {
        (DateTime[] times, double[] values) = Series(series);
        return Make(times, values, perYear, riskFree);
    }

    private static MetricSet Make(DateTime[] times, double[] values, double perYear = 252, double riskFree = 0) => MetricMaker.Make(Input(times, values, perYear, riskFree));

    private static MetricInput Input(DateTime[] times, double[] values, double perYear = 252, double riskFree = 0)
    {
        int[] kept = [.. Enumerable.Range(0, values.Length).Where(t => !double.IsNaN(values[t]))];
        return MetricInput.OfReturns([.. kept.Select(t => values[t])], [.. kept.Select(t => DateOnly.FromDateTime(times[t]))], perYear, riskFree);
    }

    private static MetricSet Against((DateTime[] Times, double[] Values) own, (DateTime[] Times, double[] Values) benchmark)
    {
        Dictionary<DateTime, double> theirs = benchmark.Times.Zip(benchmark.Values).ToDictionary(p => p.First, p => p.Second);
        int[] kept = [.. Enumerable.Range(0, own.Values.Length).Where(t => !double.IsNaN(own.Values[t]))];
        return MetricMaker.Make(MetricInput.OfReturns(
            [.. kept.Select(t => own.Values[t])], [.. kept.Select(t => DateOnly.FromDateTime(own.Times[t]))], 252, 0,
            [.. kept.Select(t => theirs.GetValueOrDefault(own.Times[t], double.NaN))]));
    }

    private IEnumerable<(DateTime[] Times, double[] Values)> Windows(JsonNode one)
    {
        (DateTime[] times, double[] values) = Series(one["returns"]!);
        int window = one["window"]!.GetValue<int>();
        for (int end = window; end <= values.Length; end++)
        {
            yield return (times[(end - window)..end], values[(end - window)..end]);
        }
    }

    private (DateTime[] Times, double[] Values) Series(JsonNode node)
    {
        JsonNode given = node["series"] is { } name ? file.Value["series"]![name.GetValue<string>()]! : node;
        return (
            [.. given["index"]!.AsArray().Select(t => DateTime.Parse(t!.GetValue<string>()[..19], CultureInfo.InvariantCulture))],
            [.. given["values"]!.AsArray().Select(v => v!.GetValueKind() == System.Text.Json.JsonValueKind.String ? double.NaN : v.GetValue<double>())]);
    }
}
