using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Reads a workflow file (08 §8.11): a <see cref="WorkflowDefinition"/> in hand is a valid one.</summary>
public sealed partial class WorkflowYaml
{
    /// <summary>Most steps in a workflow.</summary>
    public const int StepsMax = 200;

    private static readonly Dictionary<string, ParameterType> ParameterTypes =
        Enum.GetValues<ParameterType>().ToDictionary(t => StepJson.NameOf(t.ToString()), StringComparer.Ordinal);

    private static readonly Dictionary<string, OnFailure> Failures = new(StringComparer.Ordinal) { ["fail"] = OnFailure.Fail, ["continue"] = OnFailure.Continue };

    private static readonly Dictionary<string, bool> Backoffs = new(StringComparer.Ordinal) { ["exponential"] = true, ["fixed"] = false };

    private readonly YamlProblems problems = new(WorkflowCodes.Structure, WorkflowCodes.BadValue);
    private readonly WorkflowLint lint;
    private readonly List<StepPlaces> places = [];

    private readonly StepKinds? kinds;

    private WorkflowYaml(StepKinds? kinds)
    {
        this.kinds = kinds;
        lint = new(kinds, problems);
    }

    /// <summary>Parses and checks a workflow.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Name for places in messages.</param>
    /// <param name="kinds">The step kinds that <c>uses:</c> can name.</param>
    public static ParseResult<WorkflowDefinition> Parse(string text, string file, StepKinds kinds) => ParseWith(text, file, kinds);

    /// <summary>Parses a workflow that was checked when it was published, perhaps by an older program with other step kinds: its runs
    /// must stay readable.</summary>
    internal static ParseResult<WorkflowDefinition> ParsePublished(string text, string file) => ParseWith(text, file, kinds: null);

    private static ParseResult<WorkflowDefinition> ParseWith(string text, string file, StepKinds? kinds)
    {
        ParseResult<YamlNode> tree = YamlText.Parse(text, file, WorkflowCodes.Structure);
        return tree.IsOk ? new WorkflowYaml(kinds).Read(tree.Value, text) : ParseResult<WorkflowDefinition>.Refused(tree.Problems);
    }

    private ParseResult<WorkflowDefinition> Read(YamlNode root, string text)
    {
        var map = new YamlMapReader(root, problems, "");
        string id = Named(map, "workflow");
        string version = map.Text("version");
        if (version.Length > 0 && !SemanticVersion().IsMatch(version))
        {
            Bad(map.PlaceOf("version"), $"'{version}' is no version", "Write three numbers, as in 1.0.0.");
        }

        string summary = map.Text("summary");
        List<ParameterSpec> parameters = [.. Children(map.OptionalMap("parameters")).Select(Parameter)];
        Schedule? schedule = map.Optional("schedule") is { } times ? ScheduleYaml.Read(times, parameters, problems) : null;

        ConcurrencySpec? concurrency = map.OptionalMap("concurrency") is { } slots ? Concurrency(slots) : null;
        List<StepSpec> steps = [.. Children(map.Map("steps")).Take(StepsMax).Select(Step)];
        List<WorkflowTest> tests = [.. map.OptionalList("tests").Select(Test)];
        map.Close();
        if (steps.Count == 0 && problems.All.Count == 0)
        {
            problems.Add(map.PlaceOf("steps"), "The workflow has no steps.", "Add at least one step.");
        }

        IReadOnlyList<StepSpec> settled = lint.Check(parameters, concurrency, steps, places, tests);
        return problems.Result(() =>
            new WorkflowDefinition(id, version, summary, parameters, concurrency, settled, tests, ContentHash.OfJson(root.ToJson()), text)
            {
                Schedule = schedule, Unbuilt = [.. settled.Where(s => kinds?.Announced(s.Uses) is not null)],
            });
    }

    private IEnumerable<(string Name, YamlPlace Place, YamlNode Value)> Children(YamlMapReader? map)
    {
        foreach (YamlEntry entry in map?.Entries ?? [])
        {
            map!.Optional(entry.Key);
            if (Name().IsMatch(entry.Key))
            {
                yield return (entry.Key, entry.Place, entry.Value);
            }
            else
            {
                Bad(entry.Place, $"'{entry.Key}' is no name", "Use lower-case letters, digits and underscores, a letter first.");
            }
        }
    }

    private ParameterSpec Parameter((string Name, YamlPlace Place, YamlNode Value) entry)
    {
        var map = new YamlMapReader(entry.Value, problems, $"parameters.{entry.Name}");
        ParameterType type = map.OneOf("type", ParameterTypes);
        bool hasDefault = entry.Value is YamlMap found && found.Find("default") is not null;
        JsonNode? standard = map.Optional("default")?.ToJson();
        var parameter = new ParameterSpec(
            entry.Name, type, !hasDefault, standard, map.OptionalNumber("min"), map.OptionalNumber("max"), map.OptionalText("help"));
        map.Close();
        if (standard is not null && RunParameters.Complaint(parameter, standard) is { } complaint)
        {
            problems.Add(WorkflowCodes.TypeMismatch, map.PlaceOf("default"), $"The default of {entry.Name} {complaint}.", "Correct the default, the type or the range.");
        }

        return parameter;
    }

    private ConcurrencySpec Concurrency(YamlMapReader map)
    {
        Template group = Texts(map.Required("group"), map.PlaceOf("group"));
        lint.Note(group, map.PlaceOf("group"), "concurrency.group");
        int limit = Within(map, "limit", map.Whole("limit"), 1, 1_000);
        map.OneOf("when_full", new Dictionary<string, bool>(StringComparer.Ordinal) { ["queue"] = true }, fallback: true);
        map.Close();
        return new(group, limit);
    }

    private StepSpec Step((string Name, YamlPlace Place, YamlNode Value) entry)
    {
        var map = new YamlMapReader(entry.Value, problems, $"steps.{entry.Name}");
        string uses = map.Text("uses");
        List<(string Step, YamlPlace Place)> needs = [.. map.OptionalList("needs").OfType<YamlScalar>().Select(n => (n.Text, n.Place))];
        map.OptionalTextList("needs");
        var with = new Dictionary<string, Template>(StringComparer.Ordinal);
        var withPlaces = new Dictionary<string, YamlPlace>(StringComparer.Ordinal);
        foreach (YamlEntry field in map.OptionalMap("with")?.Entries ?? [])
        {
            with[field.Key] = Texts(field.Value, field.Place);
            withPlaces[field.Key] = field.Value.Place;
        }

        string? whenText = map.OptionalText("when");
        Expression? when = whenText is null ? null : Parsed(whenText, map.PlaceOf("when"), offset: 0);
        ForEachSpec? forEach = map.OptionalMap("for_each") is { } each ? ForEach(each) : null;
        RetrySpec retry = map.OptionalMap("retry") is { } again ? Retry(again) : RetrySpec.None;
        TimeSpan? timeout = Period(map, "timeout");
        OnFailure onFailure = map.OneOf("on_failure", Failures, OnFailure.Fail);
        map.Close();
        places.Add(new(entry.Place, map.PlaceOf("uses"), map.PlaceOf("when"), map.PlaceOf("for_each"), needs, withPlaces));
        return new(entry.Name, uses, [.. needs.Select(n => n.Step)], with, when, whenText, forEach, retry, timeout, onFailure);
    }

    private ForEachSpec ForEach(YamlMapReader map)
    {
        Template list = Texts(map.Required("in"), map.PlaceOf("in"));
        string name = Named(map, "as");
        int parallel = map.Has("max_parallel") ? Within(map, "max_parallel", map.Whole("max_parallel"), 1, 64) : 1;
        map.Optional("max_parallel");
        map.Close();
        return new(list, name, parallel);
    }

    private RetrySpec Retry(YamlMapReader map)
    {
        int attempts = Within(map, "attempts", map.Whole("attempts"), 1, 100);
        bool exponential = map.OneOf("backoff", Backoffs, fallback: true);
        TimeSpan first = Period(map, "first") ?? TimeSpan.FromSeconds(5);
        List<string> on = [.. map.OptionalTextList("on")];
        foreach (string unknown in on.Except(FailureCategories.All))
        {
            Bad(map.PlaceOf("on"), $"'{unknown}' is no failure category", $"Use some of: {string.Join(", ", FailureCategories.All)}.");
        }

        map.Close();
        return new(attempts, exponential, first, on.Count > 0 ? on : FailureCategories.WorthRetrying);
    }

    private WorkflowTest Test(YamlNode node)
    {
        var map = new YamlMapReader(node, problems, "tests");
        string name = map.Text("name");
        JsonObject parameters = map.Optional("parameters")?.ToJson() as JsonObject ?? [];
        Dictionary<string, JsonObject> mock = new(StringComparer.Ordinal);
        foreach (YamlEntry entry in map.OptionalMap("mock")?.Entries ?? [])
        {
            mock[entry.Key] = entry.Value.ToJson() as JsonObject ?? [];
        }

        var expect = (map.OptionalMap("expect")?.Entries ?? []).ToDictionary(e => e.Key, e => (e.Value as YamlScalar)?.Text ?? "", StringComparer.Ordinal);
        map.Close();
        return new(name, parameters, mock, expect);
    }

    // Every text of a value may hold expressions.
    private Template Texts(YamlNode? node, YamlPlace place)
    {
        switch (node)
        {
            case YamlMap map:
                return new Template.Map(map.Entries.ToDictionary(e => e.Key, e => Texts(e.Value, e.Place), StringComparer.Ordinal));
            case YamlList list:
                return new Template.Many([.. list.Items.Select(i => Texts(i, i.Place))]);
            case YamlScalar { IsNull: false } scalar when scalar.Text.Contains('{') || scalar.Text.Contains('}'):
                var (template, error, position) = Template.Parse(scalar.Text);
                if (template is null)
                {
                    SyntaxError(scalar.Text, error!, At(scalar, position));
                }

                return template ?? new Template.Constant(null);
            default:
                return new Template.Constant(node?.ToJson());
        }
    }

    private Expression? Parsed(string text, YamlPlace place, int offset)
    {
        ParsedExpression parsed = ExpressionParser.Parse(text);
        if (parsed.Expression is null)
        {
            SyntaxError(text, parsed.Error!, place with { Column = place.Column + offset + parsed.Position });
        }

        return parsed.Expression;
    }

    private void SyntaxError(string text, string error, YamlPlace place) =>
        problems.Add(WorkflowCodes.Syntax, place, $"'{(text.Length <= 80 ? text : text[..80] + "…")}' cannot be read: {error}.",
            "Use comparisons, AND, OR, NOT, numbers, texts in quotes, and names such as params.x or steps.y.outputs.z.");

    // Exact for one-line texts; the opening quote counts.
    private static YamlPlace At(YamlScalar scalar, int position) =>
        scalar.Place with { Column = scalar.Place.Column + position + (scalar.IsQuoted ? 1 : 0) };

    private TimeSpan? Period(YamlMapReader map, string key)
    {
        if (map.OptionalText(key) is not { } text)
        {
            return null;
        }

        if (Duration.TryParse(text, out TimeSpan period))
        {
            return period;
        }

        Bad(map.PlaceOf(key), $"'{text}' is no duration", "Write a whole number and ms, s, m, h or d, as in 10m.");
        return null;
    }

    private int Within(YamlMapReader map, string key, int value, int min, int max)
    {
        if (map.Has(key) && (value < min || value > max))
        {
            Bad(map.PlaceOf(key), $"{key} is {value}", $"Use {min} to {max}.");
            return min;
        }

        return value;
    }

    private string Named(YamlMapReader map, string key)
    {
        string name = map.Text(key);
        if (name.Length > 0 && !Name().IsMatch(name))
        {
            Bad(map.PlaceOf(key), $"'{name}' is no name", "Use lower-case letters, digits and underscores, a letter first.");
        }

        return name;
    }

    private void Bad(YamlPlace place, string message, string remedy) => problems.Add(WorkflowCodes.BadValue, place, $"{message}.", remedy);

    [GeneratedRegex("^[a-z][a-z0-9_]{0,63}$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$")]
    private static partial Regex SemanticVersion();
}

/// <summary>Where the parts of a step stand in the file.</summary>
internal sealed record StepPlaces(
    YamlPlace Name, YamlPlace Uses, YamlPlace When, YamlPlace ForEach, IReadOnlyList<(string Step, YamlPlace Place)> Needs,
    IReadOnlyDictionary<string, YamlPlace> With);
