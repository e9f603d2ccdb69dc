using System.CommandLine;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Market.Import;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq metrics overfit / deflated-sharpe</c>: what choosing the best of many is worth (spec 08 §8.10). Both print JSON whatever
/// the output: they are made for other programs.</summary>
internal static class OverfitCommands
{
    public static Command Overfit(CommandHost host)
    {
        var returns = new Option<string>("--returns") { Description = "CSV with a header, one column of returns a strategy; a column ts is allowed", Required = true };
        var perYear = new Option<double>("--periods-per-year") { Description = "Returns a year, e.g. 252, 52, 12", DefaultValueFactory = _ => 252 };
        var trials = new Option<int?>("--trials") { Description = "How many were tried, where the file does not hold them all (default: its columns)" };
        var threads = new Option<int>("--threads") { Description = "Threads (default: all cores); the result does not depend on it", DefaultValueFactory = _ => Environment.ProcessorCount };
        Command overfit = new("overfit", "Deflated Sharpe ratio of the best strategy and probability of overfitting, as JSON") { returns, perYear, trials, threads };
        host.Run(overfit, (parse, context, ct) =>
        {
            double periods = MetricsCommands.Positive(parse.GetValue(perYear));
            ReturnMatrix matrix = ReturnMatrixFile.Read(parse.GetRequiredValue(returns));
            if (parse.GetValue(trials) is { } given && given < matrix.Names.Count)
            {
                throw new ProblemException(
                    "APP-1007", $"{given} trials are fewer than the {matrix.Names.Count} strategies of the file.", "--trials", "Count every strategy that was tried, these included.", ExitCode.BadUsage);
            }

            OverfitReport report = OverfitReport.Of(matrix.Returns, periods, parse.GetValue(trials), Math.Max(1, parse.GetValue(threads)), ct);
            context.Output.Value(report.ToJson(matrix.Names));
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
        Command deflated = new("deflated-sharpe", "Deflated Sharpe ratio of given figures, as JSON") { sharpe, periods, perYear, trials, variance, skewness, kurtosis };
        host.Run(deflated, (parse, context, ct) =>
        {
            double year = MetricsCommands.Positive(parse.GetValue(perYear));
            if (parse.GetValue(trials) < 1)
            {
                throw new ProblemException("APP-1007", $"{parse.GetValue(trials)} is no number of trials.", "--trials", "Write how many were tried, at least 1.", ExitCode.BadUsage);
            }

            double annual = parse.GetValue(sharpe);
            DeflatedSharpe value = DeflatedSharpe.Of(
                annual / Math.Sqrt(year), parse.GetValue(periods), parse.GetValue(skewness), parse.GetValue(kurtosis), parse.GetValue(trials), parse.GetValue(variance) / year);
            context.Output.Value(new JsonObject
            {
                ["sharpe"] = annual, ["t"] = parse.GetValue(periods), ["k"] = value.Trials, ["periods_per_year"] = year, ["sr0"] = value.Floor,
                ["sr0_annual"] = value.Floor * Math.Sqrt(year), ["dsr"] = value.Value, ["dsr_reason"] = value.Reason,
            });
            return Task.FromResult(ExitCode.Ok);
        });
        return deflated;
    }
}
