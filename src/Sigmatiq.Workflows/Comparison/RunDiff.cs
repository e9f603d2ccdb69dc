using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Comparison;

/// <summary>In what two runs differ, over graph, parameters, data, outputs, metrics, trades and timing. Pure.</summary>
public static partial class RunDiff
{
    private static readonly string[] NotOfTheGraph = ["summary", "tests"];

    /// <summary>Compares two runs.</summary>
    public static RunComparison Of(RunFacts a, RunFacts b)
    {
        (RunState one, RunState other) = (a.State, b.State);
        RunDifference[] found =
        [
            .. In(DiffArea.Graph, "", Graph(one.Definition), Graph(other.Definition)),
            .. In(DiffArea.Parameters, "", Asked(one.Request), Asked(other.Request)),
            .. In(DiffArea.Data, "as_of", Instant(one.Request.AsOfUtc), Instant(other.Request.AsOfUtc)),
            .. Outputs(one, other),
            .. In(DiffArea.Metrics, "", a.Metrics, b.Metrics),
            .. Trades(a.Trades, b.Trades),
            .. In(DiffArea.Timing, "", Timing(a), Timing(b)),
            .. In(DiffArea.Ids, "run", one.Id.Value, other.Id.Value),
            .. In(DiffArea.Ids, "rerun.of", one.Request.Rerun?.Of.Value, other.Request.Rerun?.Of.Value),
            .. In(DiffArea.Ids, "pins.key", one.Request.Pins["key"], other.Request.Pins["key"]),
        ];
        return new([.. found.Where(d => !IsApart(d.Area))], [.. found.Where(d => IsApart(d.Area))]);
    }

    private static bool IsApart(DiffArea area) => area is DiffArea.Ids or DiffArea.Timing;

    private static IEnumerable<RunDifference> In(DiffArea area, string path, JsonNode? a, JsonNode? b) =>
        JsonDifferences.Of(path, a, b).Select(d => new RunDifference(area, d.Path, d.A, d.B));

    // The file as it was published, without what changes nothing that is run.
    private static JsonObject Graph(WorkflowDefinition workflow)
    {
        JsonObject file = Written(workflow);
        foreach (string key in NotOfTheGraph)
        {
            file.Remove(key);
        }

        return file;
    }

    /// <summary>All that the file of a definition says.</summary>
    internal static JsonObject Written(WorkflowDefinition workflow) =>
        (JsonObject)YamlText.Parse(workflow.Text, workflow.Id, WorkflowCodes.Structure).Value.ToJson()!;

    private static JsonObject Asked(RunRequest request)
    {
        JsonObject asked = request.Parameters.DeepClone().AsObject();
        JsonObject pins = request.Pins.DeepClone().AsObject();
        pins.Remove("key");
        asked["run.seed"] = request.Seed;
        asked["run.until"] = request.Until;
        asked["run.pins"] = pins;
        return asked;
    }

    private static JsonNode? Instant(DateTimeOffset at) => JsonSerializer.SerializeToNode(at, StepJson.Options);

    private static IEnumerable<RunDifference> Outputs(RunState one, RunState other)
    {
        foreach (string name in one.Steps.Concat(other.Steps).Select(s => s.Spec.Name).Distinct(StringComparer.Ordinal))
        {
            // A step that only one version has is a difference of the graph.
            if (!one.Definition.Has(name) || !other.Definition.Has(name))
            {
                continue;
            }

            (StepRun a, StepRun b) = (one.Step(name), other.Step(name));
            if (a.Status != b.Status)
            {
                yield return new(DiffArea.Outputs, $"{name}.status", StepJson.NameOf(a.Status.ToString()), StepJson.NameOf(b.Status.ToString()));
            }
            else
            {
                foreach (RunDifference difference in Items(name, a, b))
                {
                    yield return Placed(difference, one, other);
                }
            }
        }
    }

    private static IEnumerable<RunDifference> Items(string name, StepRun a, StepRun b)
    {
        for (int i = 0; i < Math.Max(a.Instances.Length, b.Instances.Length); i++)
        {
            string item = a.Spec.ForEach is null && b.Spec.ForEach is null ? name : string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]");
            (StepInstance? mine, StepInstance? theirs) = (a.Instances.ElementAtOrDefault(i), b.Instances.ElementAtOrDefault(i));
            if (mine?.Status != theirs?.Status)
            {
                yield return new(DiffArea.Outputs, $"{item}.status", NameOf(mine), NameOf(theirs));
                continue;
            }

            foreach (RunDifference difference in In(DiffArea.Outputs, item, mine!.Output, theirs!.Output)
                .Concat(In(DiffArea.Outputs, $"{item}.problem", JsonSerializer.SerializeToNode(mine.Problem, StepJson.Options), JsonSerializer.SerializeToNode(theirs.Problem, StepJson.Options))))
            {
                yield return difference;
            }
        }
    }

    private static JsonNode? NameOf(StepInstance? item) => item is null ? null : StepJson.NameOf(item.Status.ToString());

    // The snapshot of the bars is what was seen, not what was made of it; a name that each run makes for itself is neither.
    private static RunDifference Placed(RunDifference d, RunState one, RunState other) =>
        d.Path.EndsWith(".snapshot", StringComparison.Ordinal) ? d with { Area = DiffArea.Data }
        : IsId(d.A, d.B, one.Id.Value, other.Id.Value) ? d with { Area = DiffArea.Ids }
        : d;

    // Trainings, sweeps and their files are numbered by the store, runs name what is theirs after themselves.
    private static bool IsId(JsonNode? a, JsonNode? b, string one, string other) => (a, b) switch
    {
        (JsonArray mine, JsonArray theirs) => mine.Count == theirs.Count && mine.Zip(theirs).All(p => JsonNode.DeepEquals(p.First, p.Second) || IsId(p.First, p.Second, one, other)),
        (JsonValue mine, JsonValue theirs) => mine.GetValueKind() == JsonValueKind.String && theirs.GetValueKind() == JsonValueKind.String
            && Neutral(mine.GetValue<string>(), one) == Neutral(theirs.GetValue<string>(), other),
        _ => false,
    };

    // Requests for a vote carry the end of their run's id.
    private static string Neutral(string text, string run)
    {
        string neutral = Numbers().Replace(text.Replace(run, "{run}", StringComparison.Ordinal), "{n}");
        return run.Length > 16 ? neutral.Replace(run[^12..], "{run}", StringComparison.Ordinal) : neutral;
    }

    private static IEnumerable<RunDifference> Trades(IReadOnlyList<JsonObject> a, IReadOnlyList<JsonObject> b)
    {
        Dictionary<string, JsonObject> mine = ByEntry(a), theirs = ByEntry(b);
        return mine.Keys.Union(theirs.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .SelectMany(key => In(DiffArea.Trades, key, mine.GetValueOrDefault(key), theirs.GetValueOrDefault(key)));
    }

    // Known by its entry and not by its number, so that one trade more is one difference and not one for each that follows.
    private static Dictionary<string, JsonObject> ByEntry(IReadOnlyList<JsonObject> trades)
    {
        Dictionary<string, JsonObject> found = new(StringComparer.Ordinal);
        foreach (JsonObject trade in trades)
        {
            string entry = $"{trade["timestamp"]} {trade["side"]}", key = entry;
            for (int n = 2; found.ContainsKey(key); n++)
            {
                key = string.Create(CultureInfo.InvariantCulture, $"{entry} #{n}");
            }

            JsonObject kept = trade.DeepClone().AsObject();
            kept.Remove("trade_id");
            found[key] = kept;
        }

        return found;
    }

    private static double? Milliseconds(double? seconds) => seconds is { } s ? Math.Round(s, 3) : null;

    private static JsonObject Timing(RunFacts run)
    {
        JsonObject timing = new() { ["run.seconds"] = Milliseconds((run.State.EndedUtc - run.State.RequestedUtc)?.TotalSeconds) };
        foreach (IGrouping<string, AttemptView> step in run.Attempts.GroupBy(a => a.Step).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            timing[$"{step.Key}.seconds"] = Milliseconds(step.Sum(a => (a.EndedAtUtc - a.StartedAtUtc)?.TotalSeconds ?? 0));
            timing[$"{step.Key}.attempts"] = step.Count();
        }

        return timing;
    }

    [GeneratedRegex(@"(?<=[a-z]_)\d{3}(?!\d)")]
    private static partial Regex Numbers();
}
