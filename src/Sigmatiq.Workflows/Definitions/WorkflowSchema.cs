using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>The JSON Schema (draft 7) of workflow files, made from the step kinds and the reader's own words: an editor completes
/// <c>uses</c>, and below it <c>with</c>. What a schema cannot say (references, types of expressions, circles) is said on loading.</summary>
public static class WorkflowSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The schema of a whole file, as it is committed.</summary>
    public static string Text(StepKinds kinds) => Of(kinds).ToJsonString(Indented) + "\n";

    /// <summary>Input and output of one kind.</summary>
    /// <exception cref="ProblemException">WFL-1002: there is no such kind.</exception>
    public static string TextOf(StepKinds kinds, string name) => Of(kinds, name).ToJsonString(Indented) + "\n";

    /// <inheritdoc cref="TextOf"/>
    public static JsonObject Of(StepKinds kinds, string name)
    {
        if (!kinds.TryGet(name, out StepKinds.Entry? entry))
        {
            throw new ProblemException(WorkflowCodes.UnknownKind, $"There is no step kind '{name}'.", name, $"Use one of: {string.Join(", ", kinds.Names)}.", ExitCode.BadUsage);
        }

        return new JsonObject
        {
            ["kind"] = name, ["summary"] = entry.Kind.Summary, ["version"] = entry.Kind.Version, ["is_reusable"] = entry.Kind.IsReusable,
            ["with"] = InputOf(entry), ["outputs"] = Record(entry.Outputs, entry.Kind.OutputType, isInput: false),
        };
    }

    /// <summary>The schema of a whole file.</summary>
    public static JsonObject Of(StepKinds kinds) => new()
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = "Sigmatiq workflow",
        ["description"] = "A workflow: parameters, a schedule, and steps that need each other. Texts may hold {expressions} over params, steps.NAME.outputs, run and the item of for_each.",
        ["type"] = "object",
        ["required"] = new JsonArray("workflow", "version", "summary", "steps"),
        ["properties"] = new JsonObject
        {
            ["workflow"] = Named("Id; the file is called {id}.{version}.yaml."),
            ["version"] = Pattern("Semantic version. Once published, its content never changes.", @"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$"),
            ["summary"] = Plain("What it is for, in one sentence."),
            ["parameters"] = NamedMap("What a run can be given.", Ref("parameter")),
            ["schedule"] = OrNothing(Ref("schedule"), "When it starts by itself; left out or empty, it is started by hand."),
            ["concurrency"] = OrNothing(Ref("concurrency"), "Runs with the same group text share slots; a waiting run holds none."),
            ["steps"] = Steps(),
            ["outputs"] = NamedMap("What it gives to a workflow that runs it as a step.", new JsonObject()),
            ["tests"] = new JsonObject { ["description"] = "Cases that 'workflows test' plays.", ["type"] = Types("array", "null"), ["items"] = Ref("test") },
        },
        ["patternProperties"] = Own(),
        ["additionalProperties"] = false,
        ["definitions"] = Definitions(kinds),
    };

    private static JsonObject Steps()
    {
        JsonObject steps = NamedMap("The steps, by name.", Ref("step"));
        (steps["type"], steps["minProperties"], steps["maxProperties"]) = ("object", 1, WorkflowYaml.StepsMax);
        return steps;
    }

    private static JsonObject Definitions(StepKinds kinds)
    {
        JsonObject definitions = new()
        {
            ["expression"] = Pattern("A text with an {expression}.", @"\{"),
            ["duration"] = Pattern("A whole number and ms, s, m, h or d.", @"^\d+(ms|s|m|h|d)$"),
            ["parameter"] = Parameter(),
            ["schedule"] = Schedule(),
            ["fire"] = Closed(["cron"], new() { ["cron"] = Cron(), ["holiday"] = Holiday() }),
            ["concurrency"] = Closed(["group", "limit"], new()
            {
                ["group"] = Plain("Text with parameters in it."), ["limit"] = Whole("How many runs of the group may work at once.", 1, 1_000),
                ["when_full"] = Words("queue waits for its turn (default), refuse gives no run.", WorkflowYaml.WhensFull.Keys),
            }),
            ["for_each"] = ForEach(),
            ["retry"] = Closed(["attempts"], new()
            {
                ["attempts"] = Whole("Attempts in all.", 1, 100), ["backoff"] = Words("Pauses that double, or all alike.", WorkflowYaml.Backoffs.Keys),
                ["first"] = OrNothing(Ref("duration"), "The first pause (default 5s)."),
                ["on"] = new JsonObject
                {
                    ["description"] = "Failure categories and codes worth another try (default: source_unavailable, timeout).", ["type"] = Types("array", "null"),
                    ["items"] = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = Strings(FailureCategories.All) }, new JsonObject { ["type"] = "string", ["pattern"] = "^([A-Z]{3}-[0-9]{4}|[A-Z]+(_[A-Z]+)+)$" }) },
                },
            }),
            ["test"] = Test(),
            ["step"] = Step(kinds),
        };
        foreach (string name in kinds.Names)
        {
            kinds.TryGet(name, out StepKinds.Entry? entry);
            definitions[$"with.{name}"] = InputOf(entry!);
        }

        return definitions;
    }

    // Open: what a case can hold grows with 'workflows test', which says itself what it cannot read.
    private static JsonObject Test() => new()
    {
        ["type"] = "object", ["required"] = new JsonArray("name"),
        ["properties"] = new JsonObject
        {
            ["name"] = Plain("What it shows, as a sentence."), ["parameters"] = new JsonObject { ["description"] = "Parameters of the run.", ["type"] = Types("object", "null") },
            ["mock"] = new JsonObject { ["description"] = "Outputs by step.", ["type"] = Types("object", "null") },
            ["expect"] = new JsonObject { ["description"] = "States by step; run is the run's.", ["type"] = Types("object", "null") },
            ["start"] = Plain("The instant at which the run is asked for."),
            ["play"] = new JsonObject { ["description"] = "What each try at a step does: fails, waits, takes, gives, says.", ["type"] = Types("object", "null") },
            ["then"] = new JsonObject { ["description"] = "What people do, each with at: vote, wake, pause, resume, cancel, retry.", ["type"] = Types("array", "null") },
            ["attempts"] = new JsonObject { ["description"] = "Expected attempts by step.", ["type"] = Types("object", "null") },
            ["outputs"] = new JsonObject { ["description"] = "Expected values, as step.field.", ["type"] = Types("object", "null") },
            ["order"] = new JsonObject { ["description"] = "Steps in the order in which they must end.", ["type"] = Types("array", "null") },
            ["times"] = new JsonObject { ["description"] = "When steps must end, from the start on.", ["type"] = Types("object", "null") },
            ["reasons"] = new JsonObject { ["description"] = "Words that reasons must hold.", ["type"] = Types("object", "null") },
        },
    };

    private static JsonObject Parameter() => Closed(["type"], new()
    {
        ["type"] = Words("Its type.", ParameterYaml.Types.Keys), ["default"] = Described("Value of a run that does not give it; null is \"not set\". Without default a run must give it."),
        ["min"] = Bound("Least number, earliest date, least count of a list."), ["max"] = Bound("Greatest number, latest date, greatest count of a list."),
        ["one_of"] = new JsonObject { ["description"] = "The only values allowed.", ["type"] = Types("array", "null"), ["items"] = new JsonObject { ["type"] = Types("string", "number") } },
        ["items"] = Words("Type of the items of a list (default text).", ParameterYaml.ItemTypes.Keys), ["help"] = Plain("What it is for."),
    });

    private static JsonObject Bound(string description) => new() { ["description"] = description, ["type"] = Types("number", "string", "null") };

    private static JsonObject Schedule() => Closed(["zone"], new()
    {
        ["zone"] = Plain("Time zone by its IANA name, such as America/Bogota."),
        ["calendar"] = Words("Knows the days without trading.", Schedules.Schedule.Calendars.Select(c => c.Id)),
        ["cron"] = Cron(), ["holiday"] = Holiday(),
        ["fires"] = new JsonObject { ["description"] = "Several expressions in place of cron.", ["type"] = Types("array", "null"), ["maxItems"] = ScheduleYaml.LinesMax, ["items"] = Ref("fire") },
        ["catch_up"] = Pattern("What becomes of fires that nobody was there for (default skip).", @"^(skip|latest|all|window\(.*\))$"),
        ["paused"] = new JsonObject { ["description"] = "Keeps it from firing.", ["type"] = Types("boolean", "null") }, ["reason"] = Plain("Why it is paused."),
    });

    private static JsonObject Cron() => Plain("Five fields as Unix cron, six or seven as Quartz.");

    private static JsonObject Holiday() => Words("What happens on days without trading.", EnumWords<HolidayRule>.Words.Keys);

    private static JsonObject ForEach()
    {
        JsonObject each = Closed(["as"], new()
        {
            ["in"] = new JsonObject { ["description"] = "The list.", ["anyOf"] = new JsonArray(Ref("expression"), new JsonObject { ["type"] = "array" }, new JsonObject { ["type"] = "null" }) },
            ["grid"] = OrNothing(
                NamedMap("", new JsonObject { ["anyOf"] = new JsonArray(Ref("expression"), new JsonObject { ["type"] = "array" }) }, orNothing: false),
                "Named lists: every combination once, the last list first."),
            ["as"] = Named("Name of the item in the step's expressions; an item of a grid has a field for each list."),
            ["max_parallel"] = Whole("Items worked on at once (default 1).", 1, 64, orNothing: true),
            ["max"] = Whole($"Most items; more are refused (default {ForEachSpec.ItemsDefault}).", 1, ForEachSpec.ItemsMax, orNothing: true),
        });
        each["anyOf"] = new JsonArray(new JsonObject { ["required"] = new JsonArray("in") }, new JsonObject { ["required"] = new JsonArray("grid") });
        return each;
    }

    private static JsonObject Step(StepKinds kinds)
    {
        JsonObject step = Closed(["uses"], new()
        {
            ["uses"] = new JsonObject
            {
                ["description"] = "The step kind.",
                ["anyOf"] = new JsonArray([.. kinds.Described.Select(k => new JsonObject { ["const"] = k.Name, ["description"] = k.Summary })]),
            },
            ["needs"] = new JsonObject { ["description"] = "Steps that must have succeeded; those that expressions refer to need not be named.", ["type"] = Types("array", "null"), ["items"] = new JsonObject { ["type"] = "string" } },
            ["with"] = new JsonObject { ["description"] = "The kind's input.", ["type"] = Types("object", "null") },
            ["when"] = Plain("An expression; the step is skipped where it does not hold.", orFlag: true),
            ["for_each"] = OrNothing(Ref("for_each"), "Once per item of a list or point of a grid."),
            ["retry"] = OrNothing(Ref("retry"), "What to do when an attempt fails."),
            ["timeout"] = OrNothing(Ref("duration"), "Longest time of one attempt."),
            ["on_failure"] = Words("fail ends the run (default), continue skips what needs the step.", WorkflowYaml.Failures.Keys),
        });
        step["allOf"] = new JsonArray([.. kinds.Names.Select(name =>
        {
            JsonObject then = new() { ["properties"] = new JsonObject { ["with"] = new JsonObject { ["$ref"] = $"#/definitions/with.{name}" } } };
            kinds.TryGet(name, out StepKinds.Entry? entry);
            if (entry!.Inputs.Any(f => f.Required))
            {
                then["required"] = new JsonArray("with");
            }

            return new JsonObject
            {
                ["if"] = new JsonObject { ["properties"] = new JsonObject { ["uses"] = new JsonObject { ["const"] = name } }, ["required"] = new JsonArray("uses") }, ["then"] = then,
            };
        })]);
        return step;
    }

    private static JsonObject InputOf(StepKinds.Entry entry)
    {
        JsonObject input = Record(entry.Inputs, entry.Kind.InputType, isInput: true);
        if (!entry.Inputs.Any(f => f.Required))
        {
            input["type"] = Types("object", "null");
        }

        return input;
    }

    // Fields of an input may be expressions, or nothing where they are optional.
    private static JsonObject Record(IReadOnlyList<StepField> fields, Type? record, bool isInput)
    {
        JsonObject properties = [];
        foreach (StepField field in fields)
        {
            JsonObject schema = OfType(field.Type, isInput, isInput && !field.Required);
            if (record is not null && RecordDocs.Of(record, field.Name) is { } words)
            {
                schema.Insert(0, "description", words);
            }

            if (field.Default is { } standard)
            {
                schema["default"] = standard.DeepClone();
            }

            properties[field.Name] = schema;
        }

        JsonObject map = new() { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (isInput && fields.Any(f => f.Required))
        {
            map["required"] = Strings(fields.Where(f => f.Required).Select(f => f.Name));
        }

        return map;
    }

    private static JsonObject OfType(FieldType type, bool isInput, bool orNothing)
    {
        if (type.Kind == ValueKind.Any)
        {
            return [];
        }

        JsonObject plain = type switch
        {
            { Choices.Count: > 0 } => new() { ["enum"] = Strings(type.Choices) },
            { Kind: ValueKind.Text } => new() { ["type"] = "string" },
            { Kind: ValueKind.Whole } => new() { ["type"] = "integer" },
            { Kind: ValueKind.Number } => new() { ["type"] = "number" },
            { Kind: ValueKind.Truth } => new() { ["type"] = "boolean" },
            { Kind: ValueKind.List } => new() { ["type"] = "array", ["items"] = OfType(type.Item!, isInput, orNothing: false) },
            { Kind: ValueKind.Record } => Record(type.Fields, type.Record, isInput),
            _ => new() { ["type"] = "object" },
        };
        bool isText = type.Kind == ValueKind.Text && type.Choices.Count == 0;
        List<JsonNode> forms = [plain];
        if (isInput && !isText)
        {
            forms.Add(Ref("expression"));
        }

        if (orNothing)
        {
            forms.Add(new JsonObject { ["type"] = "null" });
        }

        return forms.Count == 1 ? plain : isText ? new() { ["type"] = Types("string", "null") } : new() { ["anyOf"] = new JsonArray([.. forms]) };
    }

    private static JsonObject Closed(string[] required, JsonObject properties) => new()
    {
        ["type"] = "object", ["required"] = Strings(required), ["properties"] = properties, ["patternProperties"] = Own(), ["additionalProperties"] = false,
    };

    // Keys of the reader's own, which the program leaves alone.
    private static JsonObject Own() => new() { ["^x_"] = new JsonObject() };

    private static JsonObject NamedMap(string description, JsonObject values, bool orNothing = true)
    {
        JsonObject map = new()
        {
            ["type"] = orNothing ? Types("object", "null") : "object", ["propertyNames"] = new JsonObject { ["pattern"] = Names.Pattern }, ["additionalProperties"] = values,
        };
        if (description.Length > 0)
        {
            map.Insert(0, "description", description);
        }

        return map;
    }

    private static JsonObject Described(string description) => new() { ["description"] = description };

    private static JsonObject Named(string description) => Pattern(description, Names.Pattern);

    private static JsonObject Pattern(string description, string pattern) => new() { ["description"] = description, ["type"] = "string", ["pattern"] = pattern };

    // Plain YAML may look like a number and is text all the same.
    private static JsonObject Plain(string description, bool orFlag = false) =>
        new() { ["description"] = description, ["type"] = orFlag ? Types("string", "number", "boolean", "null") : Types("string", "number", "null") };

    private static JsonObject Words(string description, IEnumerable<string> words) =>
        new() { ["description"] = description, ["enum"] = new JsonArray([.. words.Select(w => (JsonNode?)w), null]) };

    private static JsonObject Whole(string description, int min, int max, bool orNothing = false) =>
        new() { ["description"] = description, ["type"] = orNothing ? Types("integer", "null") : "integer", ["minimum"] = min, ["maximum"] = max };

    private static JsonObject OrNothing(JsonObject schema, string description) =>
        new() { ["description"] = description, ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };

    private static JsonObject Ref(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    private static JsonArray Types(params string[] types) => Strings(types);

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);
}
