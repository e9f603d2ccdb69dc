using System.CommandLine;
using System.Globalization;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq indicators list / compute</c>: the catalog, and its indicators on any file of bars.</summary>
internal static class IndicatorsCommands
{
    public static Command Create(CommandHost host) => new("indicators", "The catalog of indicators, and their values on any file of bars") { List(host), Compute(host) };

    private static Command List(CommandHost host)
    {
        Command list = new("list", "List every indicator with its settings and outputs");
        host.Run(list, (_, context) =>
        {
            context.Output.List(
                IndicatorCatalog.All, IndicatorCatalog.All.Select(AsJson).ToArray(),
                new("name", i => i.Name, Weight: Weight.Key),
                new("group", i => i.Group, Tone: _ => Tone.Quiet, Weight: Weight.Detail),
                new("settings", i => string.Join(" ", i.Parameters.Where(p => !p.IsConstant).Select(p => $"{p.Name}={p.Text(p.Default)}"))),
                new("outputs", i => string.Join(" ", i.Outputs)),
                new("meaning", i => i.Meaning, Tone: _ => Tone.Quiet, Weight: Weight.Key),
                new("warm-up bars", i => i.WarmUpBars(IndicatorSettings.Defaults(i)).ToString(CultureInfo.InvariantCulture), Right: true, Weight: Weight.Detail),
                new("formula", i => i.Formula, Tone: _ => Tone.Quiet, Weight: Weight.Detail));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Compute(CommandHost host)
    {
        var name = new Argument<string>("name") { Description = "Name of the indicator, e.g. rsi" };
        var set = new Option<string[]>("--set") { Description = "Settings, e.g. period=14", AllowMultipleArgumentsPerToken = true };
        var target = new Option<string?>("--out") { Description = "CSV file that receives ts and the outputs", Required = true };
        var file = new BarsFileOptions();
        Command compute = new("compute", "Compute one indicator on a file of bars") { name, set, target };
        file.AddTo(compute);
        host.Run(compute, (parse, context, ct) =>
        {
            OutFile to = OutFile.Required(parse, context, target);
            IndicatorSpec spec = IndicatorCatalog.Get(parse.GetRequiredValue(name));
            IndicatorSettings settings = IndicatorSettings.Parse(spec, Pairs(parse.GetValue(set) ?? []));
            BarColumns bars = file.Read(parse, ct);
            double[][] outputs = [.. spec.Outputs.Select(_ => new double[bars.Count])];
            spec.Batch(bars, settings, outputs);
            BarsCsv.Write(to, bars, [.. spec.Outputs.Select((output, i) => (output, (Func<int, string>)(t => BarsCsv.Number(outputs[i][t]))))]);
            var done = new
            {
                Id = spec.Name,
                Settings = spec.Parameters.Zip(settings.Values).ToDictionary(p => p.First.Name, p => Value(p.First, p.Second)),
                spec.Outputs,
                Bars = bars.Count,
                WarmUpBars = spec.WarmUpBars(settings),
                Out = to.FullPath,
            };
            context.Output.Item(
                done, ("indicator", spec.Title), ("settings", string.Join(" ", spec.Parameters.Zip(settings.Values, (p, v) => $"{p.Name}={p.Text(v)}"))),
                ("outputs", string.Join(" ", spec.Outputs)), ("bars", done.Bars.ToString(CultureInfo.InvariantCulture)), ("out", done.Out));
            return Task.FromResult(ExitCode.Ok);
        });
        return compute;
    }

    private static object AsJson(IndicatorSpec spec) => new
    {
        Id = spec.Name,
        spec.Title,
        spec.Group,
        spec.Meaning,
        Settings = spec.Parameters.Select(p => new
        {
            p.Name,
            Type = p.IsChoice ? "choice" : p.IsFlag ? "flag" : p.IsConstant ? "constant" : p.IsWhole ? "whole" : "number",
            Default = Value(p, p.Default),
            Min = p.IsChoice || p.IsFlag ? (double?)null : p.Min,
            Max = p.IsChoice || p.IsFlag ? (double?)null : p.Max,
            p.Choices,
            p.Help,
        }),
        spec.Outputs,
        spec.Aliases,
        NamesInRules = PackIndicator.Find(spec.Name)!.RuleNames().Keys,
        WarmUpBars = spec.WarmUpBars(IndicatorSettings.Defaults(spec)),
        spec.Formula,
        spec.Sources,
    };

    private static object Value(IndicatorParameter parameter, double value) =>
        parameter.IsChoice ? parameter.Text(value) : parameter.IsFlag ? value != 0 : value;

    private static Dictionary<string, string> Pairs(string[] texts)
    {
        Dictionary<string, string> pairs = [];
        foreach (string text in texts)
        {
            string[] pair = text.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || pair[0].Length == 0 || !pairs.TryAdd(pair[0], pair[1]))
            {
                throw new ProblemException(
                    "IND-1005", $"'{text}' does not set anything.", "--set", "Write name=value, each name once, e.g. --set period=14.", ExitCode.BadUsage);
            }
        }

        return pairs;
    }
}
