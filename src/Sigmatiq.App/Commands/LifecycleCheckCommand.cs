using System.CommandLine;
using System.Globalization;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq lifecycle check</c>: the operator's checklist of each stage (spec 04 §4.20), line by line with what was found.</summary>
internal static class LifecycleCheckCommand
{
    public static Command Create(CommandHost host)
    {
        var id = new Argument<string?>("id") { Description = "The run (default: the latest of the lifecycle)", Arity = ArgumentArity.ZeroOrOne };
        var stage = new Option<int?>("--stage") { Description = "0 bootstrap, 1 align, 2 train, 3 forecast, 4 backtest, 5 approve, 6 deploy, 7 monitor (default: all)" };
        Command check = new("check", "Check a stage line by line, with what was found; exit 1 where a line does not hold") { id, stage };
        host.Run(check, async (parse, context, ct) =>
        {
            int? wanted = parse.GetValue(stage);
            if (wanted is < 0 or > LifecycleChecklist.LastStage)
            {
                throw new ProblemException("APP-1147", $"There is no stage {wanted.Value.ToString(CultureInfo.InvariantCulture)}.", "--stage", $"Use 0 to {LifecycleChecklist.LastStage}.", ExitCode.BadUsage);
            }

            Platform platform = await context.PlatformAsync(ct);
            RunId? run = parse.GetValue(id) is { } named ? await platform.Engine.Views.MeantAsync(named, "lifecycle", ct)
                : await platform.Engine.Views.ListAsync("lifecycle", 1, ct) is [var latest] ? new RunId(latest.Id) : null;
            LifecycleChecklist checklist = new(platform, run is { } known ? await platform.Engine.Views.ShowAsync(known, ct) : null, platform.Clock.GetUtcNow());
            List<CheckedLine> lines = [];
            for (int s = wanted ?? 0; s <= (wanted ?? LifecycleChecklist.LastStage); s++)
            {
                lines.AddRange(await checklist.OfStageAsync(s, ct));
            }

            context.Output.List(
                lines, lines.Select(l => new { Id = $"{l.Stage}.{l.Line}", l.Stage, l.Line, Result = Word(l), l.Evidence }),
                new("stage", l => l.Stage.ToString(CultureInfo.InvariantCulture), Right: true, Weight: Weight.Key), new("check", l => l.Line, Weight: Weight.Key),
                new("result", Word, Tone: l => l.Holds switch { true => Tone.Ok, false => Tone.Bad, _ => Tone.Quiet }, Weight: Weight.Key), new("found", l => l.Evidence));
            return lines.Exists(l => l.Holds == false) ? ExitCode.Error : ExitCode.Ok;
        });
        return check;
    }

    private static string Word(CheckedLine line) => line.Holds switch { true => "holds", false => "fails", _ => "does not apply" };
}
