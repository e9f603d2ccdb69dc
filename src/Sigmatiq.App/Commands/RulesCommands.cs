using System.CommandLine;
using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq rules eval "EXPRESSION" --bars FILE --out FILE.csv</c>: an expression on any file of bars (spec 08 §8.5).</summary>
internal static class RulesCommands
{
    public static Command Create(CommandHost host) => new("rules", "The rule language, on any file of bars") { Evaluate(host) };

    private static Command Evaluate(CommandHost host)
    {
        var expression = new Argument<string>("expression") { Description = "E.g. \"rsi < 30 AND close > ema[1]\"" };
        var pack = new Option<string?>("--pack") { Description = "Use the names of this pack, e.g. swingsigma@1.1.0 (default: bar fields and the catalog's defaults)" };
        var frame = new Option<string?>("--frame") { Description = "Bars that the names live on: bar or day (default: bar; with --pack the pack's)" };
        frame.AcceptOnlyFromAmong("bar", "day");
        var target = new Option<string?>("--out") { Description = "CSV file that receives ts and value", Required = true };
        var file = new BarsFileOptions();
        Command eval = new("eval", "Evaluate an expression on a file of bars") { expression, pack, frame, target };
        file.AddTo(eval);
        host.Run(eval, (parse, context, ct) =>
        {
            OutFile to = OutFile.Required(parse, context, target);
            Pack? named = parse.GetValue(pack) is { } reference ? PacksCommands.Library.Load(reference) : null;
            RuleScope scope = named is null ? RuleScope.OfCatalog() : RuleScope.OfPack(named);
            ParseResult<RuleProgram> compiled = RuleProgram.Compile(parse.GetRequiredValue(expression), scope);
            RuleProgram program = compiled.Value;
            BarColumns bars = file.Read(parse, ct);
            RuleFrameKind kind = parse.GetValue(frame) is { } word ? EnumWords<RuleFrameKind>.Words[word] : named?.Policies.Engine.RuleFrame ?? RuleFrameKind.Bar;

            // Daily bars are their own days.
            bool isDayFrame = kind == RuleFrameKind.Day && bars.Interval != Interval.Day1;
            FrameColumns columns = new(isDayFrame ? RuleFrame.OfDays(bars, NyseCalendar.Instance) : RuleFrame.OfBars(bars), NyseCalendar.Instance, scope);
            double[] values = program.Evaluate(columns);
            BarsCsv.Write(to, bars, [("value", t => program.Type == RuleType.Number ? BarsCsv.Number(values[t]) : values[t] switch { 1 => "true", 0 => "false", _ => "" })]);
            var done = new
            {
                Id = RulePrinter.Print(program.Expr),
                Expression = program.Text,
                Type = program.Type == RuleType.Bool ? "bool" : "number",
                Frame = isDayFrame ? "day" : "bar",
                Bars = bars.Count,
                Defined = values.Count(v => !double.IsNaN(v)),
                True = program.Type == RuleType.Bool ? values.Count(v => v == 1) : (int?)null,
                Out = to.FullPath,
            };
            context.Output.Item(
                done, ("expression", done.Id), ("type", done.Type), ("frame", done.Frame), ("bars", done.Bars.ToString(CultureInfo.InvariantCulture)),
                ("defined", done.Defined.ToString(CultureInfo.InvariantCulture)), ("true", done.True?.ToString(CultureInfo.InvariantCulture) ?? "-"), ("out", done.Out));
            return Task.FromResult(ExitCode.Ok);
        });
        return eval;
    }
}
