using System.CommandLine;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Comparison;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq runs diff</c>: in what two runs differ.</summary>
internal static class RunsDiffCommand
{
    public static Command Create(CommandHost host)
    {
        var a = new Argument<string>("a") { Description = "One run" };
        var b = new Argument<string>("b") { Description = "Another" };
        Command diff = new("diff", "In what two runs differ: graph, parameters, data, outputs, metrics, trades; ids and timing apart") { a, b };
        host.RunOnStore(diff, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            RunFactsReader facts = new(platform.Engine.Views, platform.Data);
            RunId one = new(parse.GetRequiredValue(a)), other = new(parse.GetRequiredValue(b));
            RunComparison comparison = RunDiff.Of(await facts.ReadAsync(one, ct), await facts.ReadAsync(other, ct));
            if (context.Output.AsJson)
            {
                context.Output.Value(Json(one, other, comparison));
                return ExitCode.Ok;
            }

            context.Output.List(
                [.. comparison.Differences, .. comparison.Apart],
                new("about", d => d.Area.ToString().ToLowerInvariant(), Tone: d => d.Area is DiffArea.Ids or DiffArea.Timing ? Tone.Quiet : Tone.Caution),
                new("where", d => d.Path, Weight: Weight.Key), new(one.Value, d => Text(d.A), Weight: Weight.Key), new(other.Value, d => Text(d.B), Weight: Weight.Key));
            context.Output.Note(comparison.Same ? "Both runs did and gave the same; what is listed are names and times." : $"{comparison.Differences.Count} differences, names and times not counted.");
            return ExitCode.Ok;
        });
        return diff;
    }

    /// <summary>A comparison as JSON, for the command and over HTTP.</summary>
    internal static JsonObject Json(RunId a, RunId b, RunComparison comparison) => new()
    {
        ["a"] = a.Value, ["b"] = b.Value, ["same"] = comparison.Same,
        ["differences"] = new JsonArray([.. comparison.Differences.Select(Json)]), ["apart"] = new JsonArray([.. comparison.Apart.Select(Json)]),
    };

    private static JsonNode Json(RunDifference d) => new JsonObject
    {
        ["area"] = StepJson.NameOf(d.Area.ToString()), ["path"] = d.Path, ["a"] = d.A?.DeepClone(), ["b"] = d.B?.DeepClone(),
    };

    private static string Text(JsonNode? value) => value switch
    {
        null => "—",
        JsonValue => value.ToString(),
        _ => value.ToJsonString(),
    };
}
