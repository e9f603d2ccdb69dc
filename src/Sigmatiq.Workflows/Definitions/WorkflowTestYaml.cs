using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Reads the cases of a workflow, from its own file or from the one beside it.</summary>
public static class WorkflowTestYaml
{
    /// <summary>Folder of cases beside the workflow files.</summary>
    public const string Folder = "tests";

    private static readonly Dictionary<string, RehearsedAct> Acts = new(StringComparer.Ordinal)
    {
        ["vote"] = RehearsedAct.Vote, ["wake"] = RehearsedAct.Wake, ["pause"] = RehearsedAct.Pause, ["resume"] = RehearsedAct.Resume, ["cancel"] = RehearsedAct.Cancel,
        ["retry"] = RehearsedAct.Retry,
    };

    /// <summary>Reads a file of cases, <c>tests/{id}.{version}.yaml</c>.</summary>
    /// <param name="text">The YAML: a list under <c>tests</c>.</param>
    /// <param name="file">Name for places in messages.</param>
    /// <param name="workflow">The workflow whose steps they name.</param>
    /// <param name="kinds">The step kinds, which know what steps give.</param>
    public static ParseResult<IReadOnlyList<WorkflowTest>> Parse(string text, string file, WorkflowDefinition workflow, StepKinds kinds)
    {
        ParseResult<YamlNode> tree = YamlText.Parse(text, file, WorkflowCodes.Structure);
        if (!tree.IsOk)
        {
            return ParseResult<IReadOnlyList<WorkflowTest>>.Refused(tree.Problems);
        }

        YamlProblems problems = new(WorkflowCodes.Structure, WorkflowCodes.BadValue);
        var map = new YamlMapReader(tree.Value, problems, "");
        List<WorkflowTest> tests = [.. map.List("tests").Select(t => Read(t, problems, isNew: true))];
        map.Close();
        CaseLint lint = new(workflow.Steps, kinds, problems);
        foreach (WorkflowTest test in tests)
        {
            Check(test, [.. workflow.Steps.Select(s => s.Name)], problems);
            lint.Check(test);
        }

        return problems.Result<IReadOnlyList<WorkflowTest>>(() => tests);
    }

    /// <summary>Reads one case.</summary>
    /// <param name="node">The case.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="isNew">False for a published file, which an older and milder program may have taken.</param>
    internal static WorkflowTest Read(YamlNode node, YamlProblems problems, bool isNew)
    {
        var map = new YamlMapReader(node, problems, "tests");
        Dictionary<string, YamlPlace> places = new(StringComparer.Ordinal) { [""] = node.Place };
        IEnumerable<YamlEntry> Entries(string key)
        {
            foreach (YamlEntry entry in map.OptionalMap(key)?.Entries ?? [])
            {
                places[$"{key}.{entry.Key}"] = entry.Place;
                yield return entry;
            }
        }

        JsonObject Fields(YamlNode? value, string what, Func<string, string> keyOf)
        {
            if (value is not YamlMap fields)
            {
                return isNew && value is not null ? Bad<JsonObject>(value.Place, $"{what} must be a map, was {value.Kind}", "Write outputs with their values.", problems, []) : [];
            }

            foreach (YamlEntry field in fields.Entries)
            {
                places[keyOf(field.Key)] = field.Place;
            }

            return (JsonObject)fields.ToJson()!;
        }

        string name = map.Text("name");
        JsonObject parameters = Fields(map.Optional("parameters"), "parameters", p => $"parameters.{p}");
        Dictionary<string, JsonObject> mock = Entries("mock").ToDictionary(e => e.Key, e => Fields(e.Value, $"mock.{e.Key}", f => $"mock.{e.Key}.{f}"), StringComparer.Ordinal);
        Dictionary<string, string> expect = Entries("expect").ToDictionary(e => e.Key, e => TextOf(e.Value), StringComparer.Ordinal);
        Dictionary<string, IReadOnlyList<RehearsedTry>> play = Entries("play").ToDictionary(
            e => e.Key, e => (IReadOnlyList<RehearsedTry>)[.. ((e.Value as YamlList)?.Items ?? [e.Value])
                .Select((t, i) => Try(t, problems) with { Gives = (t as YamlMap)?.Find("gives") is { } gives ? Fields(gives.Value, "gives", f => $"play.{e.Key}#{i}.{f}") : null })], StringComparer.Ordinal);
        Dictionary<string, int> attempts = Entries("attempts").ToDictionary(e => e.Key, e => Whole(e.Value, problems), StringComparer.Ordinal);
        Dictionary<string, JsonNode?> outputs = Entries("outputs").ToDictionary(e => e.Key, e => e.Value.ToJson(), StringComparer.Ordinal);
        Dictionary<string, TimeSpan> times = Entries("times").ToDictionary(e => e.Key, e => Span(TextOf(e.Value), e.Value.Place, problems), StringComparer.Ordinal);
        Dictionary<string, string> reasons = Entries("reasons").ToDictionary(e => e.Key, e => TextOf(e.Value), StringComparer.Ordinal);
        IReadOnlyList<string> order = map.OptionalTextList("order");
        places["order"] = places["then"] = map.PlaceOf("order");
        places["expect"] = map.PlaceOf("expect");
        List<RehearsedDeed> then = [.. map.OptionalList("then").Select(d => Deed(d, problems))];
        WorkflowTest test = new(name, parameters, mock, expect) { Play = play, Attempts = attempts, Outputs = outputs, Times = times, Reasons = reasons, Order = order, Then = then, Places = places };
        if (map.OptionalText("start") is { } start)
        {
            test = DateTimeOffset.TryParse(start, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset at)
                ? test with { StartUtc = at } : Bad(map.PlaceOf("start"), $"'{start}' is no instant", "Write ISO 8601, as in 2026-03-02T15:00:00Z.", problems, test);
        }

        map.Close();
        return test;
    }

    /// <summary>Names every step of a case that is not there.</summary>
    internal static void Check(WorkflowTest test, HashSet<string> steps, YamlProblems problems)
    {
        foreach (var (part, unknown) in test.Names.Where(n => !steps.Contains(n.Step)))
        {
            YamlPlace place = test.Places.FirstOrDefault(p => p.Key == $"{part}.{unknown}" || p.Key.StartsWith($"{part}.{unknown}[", StringComparison.Ordinal)
                || p.Key.StartsWith($"{part}.{unknown}.", StringComparison.Ordinal)).Value;
            problems.Add(WorkflowCodes.UnknownStep, place == default ? test.Places.GetValueOrDefault("") : place, $"The test '{test.Name}' names the step '{unknown}', which is not there.", "Correct the name.");
        }
    }

    private static RehearsedTry Try(YamlNode node, YamlProblems problems)
    {
        var map = new YamlMapReader(node, problems, "play");
        string? fails = map.OptionalText("fails"), waits = map.OptionalText("waits");
        if (fails is not null && !FailureCategories.All.Contains(fails))
        {
            Bad(map.PlaceOf("fails"), $"'{fails}' is no category of failures", $"Use one of: {string.Join(", ", FailureCategories.All)}.", problems, fails);
        }

        RehearsedTry made = new()
        {
            Fails = fails, Waits = waits is not null, WaitsFor = waits is null or "true" ? null : Span(waits, map.PlaceOf("waits"), problems),
            Takes = map.OptionalText("takes") is { } takes ? Span(takes, map.PlaceOf("takes"), problems) : TimeSpan.Zero,
            Says = map.OptionalText("says"),
        };
        map.Optional("gives");
        map.Close();
        return made;
    }

    private static RehearsedDeed Deed(YamlNode node, YamlProblems problems)
    {
        var map = new YamlMapReader(node, problems, "then");
        TimeSpan at = Span(map.Text("at"), map.PlaceOf("at"), problems);
        string[] acts = [.. Acts.Keys.Where(a => map.Optional(a) is not null)];
        if (acts.Length != 1)
        {
            Bad(node.Place, acts.Length == 0 ? "nothing is done" : $"{string.Join(" and ", acts)} are done at once", $"Write one of: {string.Join(", ", Acts.Keys)}.", problems, acts);
        }

        RehearsedAct act = acts.Length == 0 ? RehearsedAct.Wake : Acts[acts[0]];
        string subject = acts.Length == 0 ? "" : map.OptionalText(acts[0]) ?? "";
        bool isOfStep = act is RehearsedAct.Vote or RehearsedAct.Wake || (act == RehearsedAct.Retry && subject != "all");
        string decision = map.OptionalText("decision") ?? "approved";
        if (decision is not ("approved" or "rejected"))
        {
            Bad(map.PlaceOf("decision"), $"'{decision}' is no decision", "Use approved or rejected.", problems, decision);
        }

        RehearsedDeed deed = new(at, act, isOfStep && subject.Length > 0 ? subject : null)
        {
            By = map.OptionalText("by") ?? "somebody", Decision = decision, Says = map.OptionalText("says") ?? (isOfStep ? "" : subject), Place = node.Place,
        };
        map.Close();
        return deed;
    }

    /// <summary>Reads <c>3d</c> or <c>1d 2h 30m</c>.</summary>
    private static TimeSpan Span(string text, YamlPlace place, YamlProblems problems)
    {
        TimeSpan sum = TimeSpan.Zero;
        foreach (string part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "0")
            {
                continue;
            }

            if (!Duration.TryParse(part, out TimeSpan one))
            {
                return Bad(place, $"'{text}' is no duration", "Write whole numbers with ms, s, m, h or d, as in 10m or 1d 2h.", problems, sum);
            }

            sum += one;
        }

        return sum;
    }

    private static int Whole(YamlNode node, YamlProblems problems) => int.TryParse(TextOf(node), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        ? count : Bad(node.Place, $"'{TextOf(node)}' is no number of attempts", "Write a whole number.", problems, 0);

    private static string TextOf(YamlNode node) => (node as YamlScalar)?.Text ?? "";

    private static T Bad<T>(YamlPlace place, string message, string remedy, YamlProblems problems, T instead)
    {
        problems.Add(WorkflowCodes.BadValue, place, $"{message}.", remedy);
        return instead;
    }

}
