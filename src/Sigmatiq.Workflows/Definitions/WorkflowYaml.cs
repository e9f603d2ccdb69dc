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

    /// <summary>The words after <c>on_failure:</c>.</summary>
    internal static IReadOnlyDictionary<string, OnFailure> Failures { get; } = EnumWords<OnFailure>.Words;

    /// <summary>The words after <c>when_full:</c>.</summary>
    internal static IReadOnlyDictionary<string, WhenFull> WhensFull { get; } = EnumWords<WhenFull>.Words;

    /// <summary>The words after <c>backoff:</c>; true doubles each pause.</summary>
    internal static IReadOnlyDictionary<string, bool> Backoffs { get; } =
        new Dictionary<string, bool>(StringComparer.Ordinal) { ["exponential"] = true, ["fixed"] = false };

    private readonly YamlProblems problems = new(WorkflowCodes.Structure, WorkflowCodes.BadValue);
    private readonly WorkflowLint lint;
    private readonly List<StepPlaces> places = [];

    private readonly StepKinds? kinds;

    private WorkflowYaml(StepKinds? kinds, Func<string, string?, WorkflowDefinition?>? others)
    {
        this.kinds = kinds;
        lint = new(kinds, problems, others);
    }

    /// <summary>Parses and checks a workflow.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Name for places in messages.</param>
    /// <param name="kinds">The step kinds that <c>uses:</c> can name.</param>
    public static ParseResult<WorkflowDefinition> Parse(string text, string file, StepKinds kinds) => ParseWith(text, file, kinds, others: null);

    /// <summary>Parses and checks a workflow together with those that it runs as steps.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Name for places in messages.</param>
    /// <param name="kinds">The step kinds that <c>uses:</c> can name.</param>
    /// <param name="others">Finds a workflow by id and version, the newest one for null; gives null for one that it does not know.</param>
    public static ParseResult<WorkflowDefinition> Parse(string text, string file, StepKinds kinds, Func<string, string?, WorkflowDefinition?> others) => ParseWith(text, file, kinds, others);

    /// <summary>Parses a workflow that was checked when it was published, perhaps by an older program with other step kinds: its runs
    /// must stay readable.</summary>
    internal static ParseResult<WorkflowDefinition> ParsePublished(string text, string file) => ParseWith(text, file, kinds: null, others: null);

    private static ParseResult<WorkflowDefinition> ParseWith(string text, string file, StepKinds? kinds, Func<string, string?, WorkflowDefinition?>? others)
    {
        ParseResult<YamlNode> tree = YamlText.Parse(text, file, WorkflowCodes.Structure);
        return tree.IsOk ? new WorkflowYaml(kinds, others).Read(tree.Value, text) : ParseResult<WorkflowDefinition>.Refused(tree.Problems);
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
        List<ParameterSpec> parameters = [.. Children(map.OptionalMap("parameters")).Select(p => ParameterYaml.Read(p.Name, p.Value, problems))];
        Schedule? schedule = map.Optional("schedule") is { } times ? ScheduleYaml.Read(times, parameters, problems) : null;

        ConcurrencySpec? concurrency = map.OptionalMap("concurrency") is { } slots ? Concurrency(slots) : null;
        List<(string Name, YamlPlace Place, YamlNode Value)> written = [.. Children(map.Map("steps"))];
        if (written.Count > StepsMax)
        {
            Bad(written[StepsMax].Place, $"The workflow has {written.Count} steps", $"Keep to {StepsMax}: put some of them into a workflow of their own.");
        }

        List<StepSpec> steps = [.. written.Take(StepsMax).Select(Step)];
        List<(WorkflowOutput Output, YamlPlace Place)> outputs =
            [.. Children(map.OptionalMap("outputs")).Select(o => (new WorkflowOutput(o.Name, Texts(o.Value, o.Value.Place)), o.Value.Place))];
        List<WorkflowTest> tests = [.. map.OptionalList("tests").Select(t => WorkflowTestYaml.Read(t, problems, isNew: kinds is not null))];
        map.Close();
        if (steps.Count == 0 && problems.All.Count == 0)
        {
            problems.Add(map.PlaceOf("steps"), "The workflow has no steps.", "Add at least one step.");
        }

        IReadOnlyList<StepSpec> settled = lint.Check(id, parameters, steps, places, outputs, tests);
        return problems.Result(() =>
            new WorkflowDefinition(id, version, summary, parameters, concurrency, settled, tests, HashOf(root), text)
            {
                Content = root.ToJson()!.AsObject(), Schedule = schedule, Outputs = [.. outputs.Select(o => o.Output)], Warnings = lint.Warnings, Unbuilt = [.. settled.Where(s => kinds?.Announced(s.Uses) is not null)],
            });
    }

    // The order of keys is no content, but for a grid: it says which combination is which item.
    private static ContentHash HashOf(YamlNode root)
    {
        JsonNode? content = root.ToJson();
        foreach (JsonObject? each in (content?["steps"] as JsonObject ?? []).Select(s => (s.Value as JsonObject)?["for_each"] as JsonObject))
        {
            if (each?["grid"] is JsonObject grid)
            {
                each["grid"] = new JsonArray([.. grid.Select(a => new JsonArray(a.Key, a.Value?.DeepClone()))]);
            }
        }

        return ContentHash.OfJson(content);
    }

    private IEnumerable<(string Name, YamlPlace Place, YamlNode Value)> Children(YamlMapReader? map)
    {
        foreach (YamlEntry entry in map?.Entries ?? [])
        {
            map!.Optional(entry.Key);
            if (Names.IsName(entry.Key))
            {
                yield return (entry.Key, entry.Place, entry.Value);
            }
            else
            {
                Bad(entry.Place, $"'{entry.Key}' is no name", "Use lower-case letters, digits and underscores, a letter first.");
            }
        }
    }

    private ConcurrencySpec Concurrency(YamlMapReader map)
    {
        Template group = Texts(map.Required("group"), map.PlaceOf("group"));
        lint.Note(group, map.PlaceOf("group"), "concurrency.group");
        int limit = Within(map, "limit", map.Whole("limit"), 1, 1_000);
        WhenFull whenFull = map.OneOf("when_full", WhensFull, WhenFull.Queue);
        map.Close();
        return new(group, limit) { WhenFull = whenFull };
    }

    private StepSpec Step((string Name, YamlPlace Place, YamlNode Value) entry)
    {
        var map = new YamlMapReader(entry.Value, problems, $"steps.{entry.Name}");
        string uses = map.Text("uses");
        map.OptionalTextList("needs");
        List<(string Step, YamlPlace Place)> needs = [.. ((map.Optional("needs") as YamlList)?.Items ?? []).OfType<YamlScalar>().Select(n => (n.Text, n.Place))];
        var with = new Dictionary<string, Template>(StringComparer.Ordinal);
        var withPlaces = new Dictionary<string, YamlPlace>(StringComparer.Ordinal);
        HashSet<string> broken = new(StringComparer.Ordinal);
        foreach (YamlEntry field in map.OptionalMap("with")?.Entries ?? [])
        {
            int before = problems.All.Count;
            with[field.Key] = Texts(field.Value, field.Place);
            withPlaces[field.Key] = field.Value.Place;
            if (problems.All.Count > before)
            {
                broken.Add(field.Key);
            }
        }

        string? whenText = map.OptionalText("when");
        Expression? when = whenText is null ? null : Parsed(whenText, map.PlaceOf("when"), offset: 0);
        ForEachSpec? forEach = map.OptionalMap("for_each") is { } each ? ForEach(each) : null;
        RetrySpec retry = map.OptionalMap("retry") is { } again ? Retry(again) : RetrySpec.None;
        TimeSpan? timeout = Period(map, "timeout");
        if (timeout == TimeSpan.Zero)
        {
            Bad(map.PlaceOf("timeout"), "A timeout of nothing lets no attempt end", "Write a duration, or leave it out for no bound.");
        }

        OnFailure onFailure = map.OneOf("on_failure", Failures, OnFailure.Fail);
        map.Close();
        places.Add(new(entry.Place, map.PlaceOf("uses"), map.PlaceOf("when"), map.PlaceOf("for_each"), needs, withPlaces, broken));
        return new(entry.Name, uses, [.. needs.Select(n => n.Step)], with, when, whenText, forEach, retry, timeout, onFailure);
    }

    private ForEachSpec ForEach(YamlMapReader map)
    {
        Template items = map.Has("grid") ? Grid(map) : Texts(map.Required("in"), map.PlaceOf("in"));
        string name = Named(map, "as");
        int parallel = Within(map, "max_parallel", map.OptionalWhole("max_parallel") ?? 1, 1, 64);
        int max = Within(map, "max", map.OptionalWhole("max") ?? ForEachSpec.ItemsDefault, 1, ForEachSpec.ItemsMax);
        map.Close();
        if (items.Count is { } count && count > max)
        {
            problems.Add(WorkflowCodes.TooManyItems, map.Place, $"{ForEachSpec.TooMany(count, max).Message}.", $"Shorten the list, or raise max (at most {ForEachSpec.ItemsMax}).");
        }

        return new(items, name, parallel) { Max = max };
    }

    private Template.Grid Grid(YamlMapReader map)
    {
        if (map.Optional("in") is { } both)
        {
            Bad(both.Place, "for_each has both in and grid", "Keep one of them.");
        }

        List<KeyValuePair<string, Template>> axes = [.. Children(map.OptionalMap("grid")).Select(a => KeyValuePair.Create(a.Name, Texts(a.Value, a.Value.Place)))];
        if (axes.Count == 0)
        {
            Bad(map.PlaceOf("grid"), "The grid has no axis", "Write one list or more: grid: { period: [5, 10] }.");
        }

        return new(axes);
    }

    private RetrySpec Retry(YamlMapReader map)
    {
        int attempts = Within(map, "attempts", map.Whole("attempts"), 1, 100);
        bool exponential = map.OneOf("backoff", Backoffs, fallback: true);
        TimeSpan first = Period(map, "first") ?? TimeSpan.FromSeconds(5);
        if (kinds is not null && first > RetrySpec.PauseMax)
        {
            Bad(map.PlaceOf("first"), $"first is {map.OptionalText("first")}, and no pause is longer than 1h", "Write 1h or less.");
        }

        List<string> on = [.. map.OptionalTextList("on")];
        foreach (string unknown in on.Except(FailureCategories.All).Where(c => !Code().IsMatch(c)))
        {
            Bad(map.PlaceOf("on"), $"'{unknown}' is neither a failure category nor a code", $"Use some of: {string.Join(", ", FailureCategories.All)}, or codes such as STO-1005.");
        }

        map.Close();
        return new(attempts, exponential, first, on.Count > 0 ? on : FailureCategories.WorthRetrying);
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
        if (name.Length > 0 && !Names.IsName(name))
        {
            Bad(map.PlaceOf(key), $"'{name}' is no name", "Use lower-case letters, digits and underscores, a letter first.");
        }

        return name;
    }

    private void Bad(YamlPlace place, string message, string remedy) => problems.Add(WorkflowCodes.BadValue, place, $"{message}.", remedy);

    [GeneratedRegex("^([A-Z]{3}-[0-9]{4}|[A-Z]+(_[A-Z]+)+)$")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$")]
    private static partial Regex SemanticVersion();
}

/// <summary>Where the parts of a step stand in the file, and which of its inputs could not be read.</summary>
internal sealed record StepPlaces(
    YamlPlace Name, YamlPlace Uses, YamlPlace When, YamlPlace ForEach, IReadOnlyList<(string Step, YamlPlace Place)> Needs,
    IReadOnlyDictionary<string, YamlPlace> With, IReadOnlySet<string> Broken);
