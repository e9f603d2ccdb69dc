using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>A workflow file that a designer can change: what is drawn becomes the least edits of the text, and what stands in the text
/// (comments, order, layout) stays. It may be half finished; whether it is a valid workflow says <see cref="Read"/>.</summary>
public sealed class WorkflowDocument
{
    private static readonly string[] KeyOrder = ["workflow", "version", "summary", "parameters", "schedule", "concurrency", "steps", "outputs", "tests"];

    private static readonly string[] TestMaps = ["mock", "expect", "play", "attempts", "times", "reasons", "outputs"];

    private readonly YamlDocument yaml;
    private readonly string file;

    private WorkflowDocument(YamlDocument yaml, string file) => (this.yaml, this.file) = (yaml, file);

    /// <summary>The YAML.</summary>
    public string Text => yaml.Text;

    /// <summary>What it says, keys in the order of the text; a new object at each call.</summary>
    public JsonObject Content => yaml.Content as JsonObject ?? [];

    /// <summary>Names of the steps in their order.</summary>
    public IReadOnlyList<string> Steps => [.. (Content["steps"] as JsonObject ?? []).Select(s => s.Key)];

    /// <summary>Reads a text; it must be YAML with a map at its top, and need not be a valid workflow yet.</summary>
    public static ParseResult<WorkflowDocument> Parse(string text, string file)
    {
        ParseResult<YamlDocument> yaml = YamlDocument.Parse(text, file, WorkflowCodes.Structure);
        return !yaml.IsOk ? ParseResult<WorkflowDocument>.Refused(yaml.Problems)
            : yaml.Value.Root is YamlMap ? ParseResult<WorkflowDocument>.Ok(new(yaml.Value, file))
            : ParseResult<WorkflowDocument>.Refused(new Problem(WorkflowCodes.Structure, $"The file must be a map, was {yaml.Value.Root.Kind}.", $"{file}:1:1", "Write keys with values.", ExitCode.BadUsage));
    }

    /// <summary>Writes a definition that has no text yet, its keys in the usual order.</summary>
    public static WorkflowDocument Of(JsonObject content, string file)
    {
        JsonObject ordered = new(content.OrderBy(p => Array.IndexOf(KeyOrder, p.Key) is >= 0 and var at ? at : KeyOrder.Length).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        return new(YamlDocument.Of(ordered, file, WorkflowCodes.Structure), file);
    }

    /// <summary>The workflow, or all that keeps the text from being one.</summary>
    public ParseResult<WorkflowDefinition> Read(StepKinds kinds) => WorkflowYaml.Parse(Text, file, kinds);

    /// <summary>The document that says something else, by the least edits.</summary>
    public WorkflowDocument With(JsonObject content) => new(yaml.With(content), file);

    /// <summary>Sets a value; keys above it must be there.</summary>
    /// <exception cref="ProblemException">WFL-1001: there is nothing above it.</exception>
    public WorkflowDocument Set(IReadOnlyList<string> path, JsonNode? value) => new(yaml.Set(path, value), file);

    /// <summary>Takes a value away, with the comments that belong to it.</summary>
    /// <exception cref="ProblemException">WFL-1001: there is nothing.</exception>
    public WorkflowDocument Remove(IReadOnlyList<string> path) => new(yaml.Remove(path), file);

    /// <summary>Adds a step behind another one; behind the last where none is named.</summary>
    /// <exception cref="ProblemException">WFL-1001: the name is taken, or there is no step to stand behind.</exception>
    public WorkflowDocument AddStep(string name, JsonObject step, string? after = null)
    {
        IReadOnlyList<string> steps = Steps;
        return new(yaml.Insert(["steps"], after is null ? steps.Count : PlaceOf(after) + 1, name, step), file);
    }

    /// <summary>Takes a step away, and its name from the needs and tests of the file. What referred to its outputs still does: only a person
    /// knows what shall stand there.</summary>
    /// <exception cref="ProblemException">WFL-1001: there is no such step.</exception>
    public WorkflowDocument RemoveStep(string name)
    {
        PlaceOf(name);
        JsonObject content = Content;
        content["steps"]!.AsObject().Remove(name);
        foreach (JsonObject step in StepsOf(content))
        {
            if (step["needs"] is JsonArray needs && needs.FirstOrDefault(n => IsName(n, name)) is { } need)
            {
                needs.Remove(need);
                if (needs.Count == 0)
                {
                    step.Remove("needs");
                }
            }
        }

        InTests(content, name, newName: null);
        return With(content);
    }

    /// <summary>Gives a step another name, everywhere: needs, expressions, tests.</summary>
    /// <exception cref="ProblemException">WFL-1001: there is no such step, or the name is taken.</exception>
    public WorkflowDocument RenameStep(string name, string newName)
    {
        PlaceOf(name);
        WorkflowDocument renamed = new(yaml.Rename(["steps", name], newName), file);
        JsonObject content = renamed.Content;
        foreach (JsonObject step in StepsOf(content))
        {
            if (step["needs"] is JsonArray needs)
            {
                for (int i = 0; i < needs.Count; i++)
                {
                    needs[i] = IsName(needs[i], name) ? newName : needs[i]?.DeepClone();
                }
            }

            if (step["when"] is JsonValue when && when.TryGetValue(out string? condition))
            {
                step["when"] = StepReferences.RenamedIn(condition, isExpression: true, name, newName);
            }

            Rename(step, "with", name, newName);
            Rename(step, "for_each", name, newName);
        }

        Rename(content, "outputs", name, newName);
        InTests(content, name, newName);
        return renamed.With(content);
    }

    /// <summary>Moves a step to another place in the file; the order says nothing to the engine and much to a reader.</summary>
    /// <exception cref="ProblemException">WFL-1001: there is no such step.</exception>
    public WorkflowDocument MoveStep(string name, int index) => new(yaml.Move(["steps", name], index), file);

    private int PlaceOf(string step) => Steps.ToList().IndexOf(step) is >= 0 and var at ? at
        : throw new ProblemException(WorkflowCodes.Structure, $"There is no step '{step}'.", file, $"Use one of: {string.Join(", ", Steps)}.", ExitCode.BadUsage);

    private static IEnumerable<JsonObject> StepsOf(JsonObject content) => (content["steps"] as JsonObject ?? []).Select(s => s.Value).OfType<JsonObject>();

    // Cases name steps by key (train, train[1], train.model), in their order, and in what people do.
    private static void InTests(JsonObject content, string name, string? newName)
    {
        foreach (JsonObject test in (content["tests"] as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (JsonObject named in TestMaps.Select(m => test[m]).OfType<JsonObject>())
            {
                foreach (string key in named.Select(p => p.Key).Where(k => k.Split('[', '.')[0] == name).ToList())
                {
                    (int at, JsonNode? value) = (named.IndexOf(key), named[key]);
                    named.RemoveAt(at);
                    if (newName is not null)
                    {
                        named.Insert(at, newName + key[name.Length..], value);
                    }
                }
            }

            if (test["order"] is JsonArray order && order.Any(o => IsName(o, name)))
            {
                test["order"] = new JsonArray([.. order.Where(o => newName is not null || !IsName(o, name)).Select(o => IsName(o, name) ? newName : o?.DeepClone())]);
            }

            if (test["then"] is JsonArray deeds && deeds.OfType<JsonObject>().Any(d => OfDeed(d, name) is not null))
            {
                test["then"] = new JsonArray([.. deeds.Where(d => newName is not null || d is not JsonObject deed || OfDeed(deed, name) is null).Select(d =>
                {
                    JsonNode? kept = d?.DeepClone();
                    if (kept is JsonObject deed && OfDeed(deed, name) is { } act)
                    {
                        deed[act] = newName;
                    }

                    return kept;
                })]);
            }
        }
    }

    private static string? OfDeed(JsonObject deed, string name) => Array.Find(["vote", "wake", "retry"], act => IsName(deed[act], name));

    private static bool IsName(JsonNode? node, string name) => node is JsonValue value && value.TryGetValue(out string? text) && text == name;

    private static void Rename(JsonObject map, string key, string name, string newName)
    {
        if (map[key] is { } value)
        {
            map[key] = Renamed(value, name, newName);
        }
    }

    private static JsonNode? Renamed(JsonNode? value, string name, string newName) => value switch
    {
        JsonObject map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Renamed(p.Value, name, newName)))),
        JsonArray list => new JsonArray([.. list.Select(i => Renamed(i, name, newName))]),
        JsonValue scalar when scalar.TryGetValue(out string? text) => StepReferences.RenamedIn(text, isExpression: false, name, newName),
        _ => value?.DeepClone(),
    };
}
