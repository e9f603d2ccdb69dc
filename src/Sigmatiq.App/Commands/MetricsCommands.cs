using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Market.Import;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq metrics compute --returns FILE --out FILE.json</c>: the metrics of 02 §2.8 of any file of returns (spec 08 §8.5). Beside
/// it stand <c>overfit</c> and <c>deflated-sharpe</c> (<see cref="OverfitCommands"/>).</summary>
internal static class MetricsCommands
{
    public static Command Create(CommandHost host) => new("metrics", "The metrics of a result, of any file of returns") { Compute(host), OverfitCommands.Overfit(host), OverfitCommands.Deflated(host) };

    private static Command Compute(CommandHost host)
    {
        var returns = new Option<string>("--returns") { Description = "File of returns: CSV with a header or Parquet, columns ts, return[, benchmark]", Required = true };
        var target = new Option<string?>("--out") { Description = "JSON file that receives the metrics", Required = true };
        var perYear = new Option<double>("--periods-per-year") { Description = "Returns a year, e.g. 252, 52, 12", DefaultValueFactory = _ => 252 };
        var riskFree = new Option<double>("--rf") { Description = "Risk-free rate a year as a fraction, e.g. 0.04", DefaultValueFactory = _ => 0 };
        var zone = new Option<string?>("--tz") { Description = "Zone of times that name none, and of the dates they fall on (default: UTC)" };
        Command compute = new("compute", "Compute the metrics of a file of returns") { returns, target, perYear, riskFree, zone };
        host.Run(compute, (parse, context, ct) =>
        {
            OutFile to = OutFile.Required(parse, context, target);
            double periods = Positive(parse.GetValue(perYear)), rate = Fraction(parse.GetValue(riskFree));
            TimeZoneInfo clock = parse.GetValue(zone) is { } name ? BarFileOptions.ParseZone(name) : TimeZoneInfo.Utc;
            PublishedReturns read = ReturnsFile.Read(parse.GetRequiredValue(returns), clock, ct);
            MetricSet metrics = MetricMaker.Make(MetricInput.OfReturns(read.Returns, read.Dates, periods, rate, read.Benchmark));
            JsonObject json = metrics.ToJson();
            to.Write(json.ToJsonString(Output.Json) + "\n");
            if (read.LeftOut > 0)
            {
                context.Output.Warning(string.Create(CultureInfo.InvariantCulture, $"{read.LeftOut} of {read.LeftOut + read.Returns.Length} rows have no return and are left out."));
            }

            Print(context.Output, read, periods, rate, metrics, json, to.FullPath);
            return Task.FromResult(ExitCode.Ok);
        });
        return compute;
    }

    private static void Print(Output output, PublishedReturns read, double periods, double rate, MetricSet metrics, JsonObject json, string path)
    {
        DateOnly? from = read.Dates.Length > 0 ? read.Dates[0] : null, to = read.Dates.Length > 0 ? read.Dates[^1] : null;
        var done = new { Returns = read.Returns.Length, read.LeftOut, From = from, To = to, PeriodsPerYear = periods, Rf = rate, Out = path, Metrics = json };
        string interval = metrics.SharpeLow is null ? "" : $"  [{Text(metrics.SharpeLow)}, {Text(metrics.SharpeHigh)}]";
        output.Item(
            done, ("returns", done.Returns.ToString(CultureInfo.InvariantCulture)),
            ("dates", from is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd} to {to:yyyy-MM-dd}")),
            ("total return", Text(metrics.TotalReturn)), ("annualized return", Text(metrics.AnnualizedReturn)), ("annual volatility", Text(metrics.AnnualVolatility)),
            ("sharpe ratio", Text(metrics.SharpeRatio) + interval), ("sortino ratio", Text(metrics.SortinoRatio)), ("max drawdown", Text(metrics.MaxDrawdown)),
            ("calmar ratio", Text(metrics.CalmarRatio)), ("var 95", Text(metrics.Var95)),
            ("cvar 95", Text(metrics.Cvar95) + (metrics.Cvar95 is not null && metrics.Cvar95IsParametric ? " (parametric)" : "")),
            ("beta", Text(metrics.Beta)), ("alpha", Text(metrics.Alpha)), ("information ratio", Text(metrics.InformationRatio)), ("out", path));
    }

    private static string Text(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";

    internal static double Positive(double periods) => periods > 0 && double.IsFinite(periods) ? periods : throw new ProblemException(
        "APP-1007", FormattableString.Invariant($"{periods} is no number of periods a year."), "--periods-per-year", "Write how many returns a year has, e.g. 252 for days.", ExitCode.BadUsage);

    private static double Fraction(double rate) => rate is > -1 and < 1 ? rate : throw new ProblemException(
        "APP-1007", FormattableString.Invariant($"A risk-free rate of {rate} a year is no fraction."), "--rf", "Write it as a fraction: 0.04 for four percent.", ExitCode.BadUsage);
}
