using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Market.Import;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq metrics overfit / deflated-sharpe</c>: what choosing the best of many is worth (spec 08 §8.10). Both are made for other
/// programs and print JSON unless a table is asked for.</summary>
internal static class OverfitCommands
{
    public static Command Overfit(CommandHost host)
    {
        var returns = new Option<string>("--returns") { Description = "CSV with a header, one column of returns a strategy; a column ts is allowed", Required = true };
        var perYear = new Option<double>("--periods-per-year") { Description = "Returns a year, e.g. 252, 52, 12", DefaultValueFactory = _ => 252 };
        var trials = new Option<int?>("--trials") { Description = "How many were tried, where the file does not hold them all (default: its columns)" };
        var threads = new ThreadsOption();
        Command overfit = new("overfit", "Deflated Sharpe ratio of the best strategy and probability of overfitting") { returns, perYear, trials };
        threads.AddTo(overfit);
        host.Run(overfit, (parse, context, ct) =>
        {
            int workers = threads.Read(parse);
            double periods = MetricsCommands.Positive(parse.GetValue(perYear));
            ReturnMatrix matrix = ReturnMatrixFile.Read(parse.GetRequiredValue(returns));
            if (parse.GetValue(trials) is { } given && given < matrix.Names.Count)
            {
                throw new ProblemException(
                    "APP-1007", $"{given} trials are fewer than the {matrix.Names.Count} strategies of the file.", "--trials", "Count every strategy that was tried, these included.", ExitCode.BadUsage);
            }

            OverfitReport report = OverfitReport.Of(matrix.Returns, periods, parse.GetValue(trials), workers, ct);
            JsonObject json = report.ToJson(matrix.Names);
            Print(
                host, context, parse, json, ("strategies", Figure(json, "strategies", "0")), ("returns each", Figure(json, "t", "0")), ("trials", Figure(json, "k", "0")),
                ("best", json["best"]?.GetValue<string>() ?? "–"), ("sharpe ratio", Figure(json, "sharpe", "0.00") + Interval(json["sharpe_interval"])),
                ("best by luck", Figure(json, "sr0_annual", "0.00")), ("deflated sharpe", Figure(json, "dsr", "0.000", "dsr_reason")),
                ("overfitting", Figure(json, "pbo", "0.000", "pbo_reason")), ("splits", $"{Figure(json, "overfit_splits", "0")} of {Figure(json, "splits", "0")} overfit"),
                ("blocks", $"{Figure(json, "blocks", "0")} of {Figure(json, "block_rows", "0")} rows"));
            return Task.FromResult(ExitCode.Ok);
        });
        return overfit;
    }

    public static Command Deflated(CommandHost host)
    {
        var sharpe = new Option<double>("--sharpe") { Description = "Annual Sharpe ratio", Required = true };
        var periods = new Option<int>("--periods") { Description = "Number of returns it was made of", Required = true };
        var perYear = new Option<double>("--periods-per-year") { Description = "Returns a year", DefaultValueFactory = _ => 252 };
        var trials = new Option<int>("--trials") { Description = "How many were tried", Required = true };
        var variance = new Option<double?>("--variance") { Description = "Variance of the annual Sharpe ratios of the trials; not needed for one" };
        var skewness = new Option<double>("--skewness") { Description = "Skewness of the returns" };
        var kurtosis = new Option<double>("--kurtosis") { Description = "Kurtosis of the returns; a normal has 3", DefaultValueFactory = _ => 3 };
        Command deflated = new("deflated-sharpe", "Deflated Sharpe ratio of given figures") { sharpe, periods, perYear, trials, variance, skewness, kurtosis };
        host.Run(deflated, (parse, context, ct) =>
        {
            double year = MetricsCommands.Positive(parse.GetValue(perYear));
            double annual = Number(parse, sharpe, "a Sharpe ratio", double.MinValue), g3 = Number(parse, skewness, "a skewness", double.MinValue), g4 = Number(parse, kurtosis, "a kurtosis", 1);
            int length = Count(parse, periods, "number of returns", 2), tried = Count(parse, trials, "number of trials", 1);
            double? spread = parse.GetValue(variance) is null ? null : Number(parse, variance, "a variance", 0);
            if (spread is null && tried > 1)
            {
                throw new ProblemException(
                    "APP-1007", $"{tried} trials are given without the variance of their Sharpe ratios.", "--variance", "Write the variance of the annual Sharpe ratios of the trials.", ExitCode.BadUsage);
            }

            DeflatedSharpe value = DeflatedSharpe.Of(annual / Math.Sqrt(year), length, g3, g4, tried, spread / year);
            JsonObject json = new()
            {
                ["sharpe"] = annual, ["t"] = length, ["k"] = value.Trials, ["periods_per_year"] = year, ["sr0"] = value.Floor,
                ["sr0_annual"] = value.Floor * Math.Sqrt(year), ["dsr"] = value.Value, ["dsr_reason"] = value.Reason,
            };
            Print(
                host, context, parse, json, ("sharpe ratio", Figure(json, "sharpe", "0.00")), ("returns", Figure(json, "t", "0")), ("trials", Figure(json, "k", "0")),
                ("best by luck", Figure(json, "sr0_annual", "0.00")), ("deflated sharpe", Figure(json, "dsr", "0.000", "dsr_reason")));
            return Task.FromResult(ExitCode.Ok);
        });
        return deflated;
    }

    private static void Print(CommandHost host, CommandContext context, ParseResult parse, JsonObject json, params (string Label, string? Value)[] fields)
    {
        if (host.AsksForTable(parse))
        {
            context.Output.Item(json, fields);
        }
        else
        {
            context.Output.Value(json);
        }
    }

    // The reason stands where a figure is undefined.
    private static string Figure(JsonObject json, string key, string format, string? reason = null) =>
        json[key] is { } value ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture).ToString(format, CultureInfo.InvariantCulture)
        : reason is not null && json[reason] is { } why ? $"– ({why})" : "–";

    private static string Interval(JsonNode? interval) => interval is not JsonArray { Count: 2 } ends ? ""
        : string.Create(CultureInfo.InvariantCulture, $"  [{ends[0]!.GetValue<double>():0.00}, {ends[1]!.GetValue<double>():0.00}]");

    private static double Number<T>(ParseResult parse, Option<T> option, string what, double min) =>
        Convert.ToDouble(parse.GetValue(option), CultureInfo.InvariantCulture) is var given && double.IsFinite(given) && given >= min ? given : throw new ProblemException(
            "APP-1007", FormattableString.Invariant($"{given} is not {what}."), option.Name, min == double.MinValue ? "Write a number." : FormattableString.Invariant($"Write a number from {min}."), ExitCode.BadUsage);

    private static int Count(ParseResult parse, Option<int> option, string what, int min) => parse.GetValue(option) is var given && given >= min ? given : throw new ProblemException(
        "APP-1007", FormattableString.Invariant($"{given} is no {what}."), option.Name, FormattableString.Invariant($"Write how many there were, at least {min}."), ExitCode.BadUsage);
}
