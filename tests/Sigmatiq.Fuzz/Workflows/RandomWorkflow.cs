using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Fuzz.Workflows;

/// <summary>Makes valid workflow definitions by chance and notes which parts of the language it used: what it never makes is never tried.</summary>
public sealed class RandomWorkflow
{
    private readonly StepKinds kinds;
    private readonly IReadOnlyDictionary<string, JsonNode> schedules;
    private readonly Rng rng;
    private readonly ISet<string> used;
    private readonly List<(string Expression, FieldType Type)> names = [];
    private readonly List<(string Step, IReadOnlyList<StepField> Outputs)> before = [];

    private RandomWorkflow(StepKinds kinds, Rng rng, ISet<string> used)
    {
        (this.kinds, this.rng, this.used) = (kinds, rng, used);
        schedules = Schedules();
    }

    /// <summary>Everything that the generator can use: kinds of steps, types of parameters, words, forms of values.</summary>
    public static IReadOnlyList<string> Features(StepKinds kinds) =>
    [
        .. kinds.Described.Select(k => $"uses {k.Name}"), .. ParameterTypes.Select(t => $"parameter {t}"), .. Schedules().Keys.Select(s => $"schedule {s}"),
        "parameter required", "parameter default null", "parameter min", "parameter max", "parameter one_of", "parameter items", "parameter help",
        "concurrency queue", "concurrency refuse", "concurrency unsaid", "needs", "when", "for_each list", "for_each expression", "for_each grid", "for_each max", "for_each max_parallel",
        "item in with", "retry exponential", "retry fixed", "retry category", "retry code", "retry unsaid", "timeout", "on_failure fail", "on_failure continue", "outputs", "tests mock", "tests expect", "tests parameters",
        "value constant", "value whole expression", "value mixed text", "value list", "value map", "value nothing", "value braces", "reference parameter", "reference output", "reference run", "own key",
    ];

    private static readonly string[] ParameterTypes = ["text", "symbol", "pack", "int", "number", "bool", "date", "duration", "instant", "list", "map"];

    private static readonly string[] Words = ["alpha", "swingsigma@1.1.0", "SPY", "MKT.SYN", "ein Wort", "日本 株", "a: b", "it's", "say \"x\"", "# no comment", "- dash", "1.0", "true", "null", "0x1F", "trailing ", " leading",
        "two\nlines", "tab\there", "ünï¢ode 🙂", "back\\slash", "@at", "%percent", "&amp", "*star", "!bang", "|bar", ">more", "`tick", "?", "a,b", "[x]", "100%", "no", "~", "\u0085nel", "last\n"];

    /// <summary>A valid definition as JSON, keys in the order of a file.</summary>
    public static JsonObject Make(StepKinds kinds, Rng rng, ISet<string> used) => new RandomWorkflow(kinds, rng, used).Make();

    private JsonObject Make()
    {
        JsonObject file = new()
        {
            ["workflow"] = $"w{rng.NextInt(1000)}", ["version"] = $"{rng.NextInt(3)}.{rng.NextInt(20)}.{rng.NextInt(20)}", ["summary"] = Word(),
        };
        bool isScheduled = Half();
        if (Half())
        {
            file["parameters"] = Parameters(isScheduled);
        }

        foreach (string field in (string[])["run.id", "run.workflow", "run.version", "run.requested_by", "run.as_of"])
        {
            names.Add((field, FieldType.Of(ValueKind.Text)));
        }

        names.Add(("run.seed", FieldType.Of(ValueKind.Whole)));
        if (isScheduled)
        {
            string which = Pick(schedules.Keys.ToList());
            used.Add($"schedule {which}");
            file["schedule"] = schedules[which].DeepClone();
        }
        else if (Half())
        {
            file["schedule"] = null;
        }

        if (Half())
        {
            file["concurrency"] = Concurrency();
        }

        if (One(4))
        {
            used.Add("own key");
            file["x_canvas"] = new JsonObject { ["zoom"] = 1.5, ["at"] = new JsonArray(10, -20) };
        }

        file["steps"] = Steps(1 + rng.NextInt(6));
        if (Half())
        {
            used.Add("outputs");
            file["outputs"] = new JsonObject(before.Take(2).Select((s, i) => KeyValuePair.Create($"out{i}", (JsonNode?)$"{{steps.{s.Step}.outputs}}")));
        }

        if (Half())
        {
            file["tests"] = Tests();
        }

        return file;
    }

    private JsonObject Parameters(bool isScheduled)
    {
        JsonObject parameters = [];
        for (int i = rng.NextInt(5); i >= 0; i--)
        {
            string type = Pick(ParameterTypes), name = $"p{i}";
            used.Add($"parameter {type}");
            JsonObject spec = new() { ["type"] = type };
            if (type == "list")
            {
                string items = Pick((string[])["text", "int", "date", "symbol"]);
                used.Add("parameter items");
                spec["items"] = items;
                names.Add(($"params.{name}", FieldType.ListOf(FieldType.Of(items == "int" ? ValueKind.Whole : ValueKind.Text))));
            }
            else
            {
                names.Add(($"params.{name}", FieldType.Of(type switch { "int" => ValueKind.Whole, "number" => ValueKind.Number, "bool" => ValueKind.Truth, "map" => ValueKind.Map, _ => ValueKind.Text })));
            }

            if (isScheduled || !One(3))
            {
                spec["default"] = One(4) ? null : Default(type, spec);
                used.Add(spec["default"] is null ? "parameter default null" : $"parameter {type}");
            }
            else
            {
                used.Add("parameter required");
            }

            if (type is "int" or "number" or "date" or "list" && Half())
            {
                (spec["min"], spec["max"]) = (type == "date" ? "2018-01-02" : 0, type == "date" ? "2031-01-01" : 100);
                used.Add("parameter min");
                used.Add("parameter max");
            }
            else if (type is "text" or "int" && Half())
            {
                used.Add("parameter one_of");
                spec["one_of"] = type == "int" ? new JsonArray(5, 7, 11) : new JsonArray("alpha", "beta");
            }

            if (Half())
            {
                used.Add("parameter help");
                spec["help"] = Word();
            }

            parameters[name] = spec;
        }

        return parameters;
    }

    private JsonNode Default(string type, JsonObject spec) => type switch
    {
        "int" => 7, "number" => rng.NextDouble() * 100, "bool" => Half(), "date" => "2024-07-01", "duration" => "10m", "instant" => "2024-07-01T14:30:00Z",
        "map" => new JsonObject { ["a"] = 1, ["b c"] = "x" }, "symbol" => "SPY", "pack" => "swingsigma@1.1.0",
        "list" => spec["items"]!.GetValue<string>() switch { "int" => new JsonArray(1, 2), "date" => new JsonArray("2024-07-01"), _ => new JsonArray("SPY", "QQQ") },
        _ => "alpha",
    };

    private JsonObject Concurrency()
    {
        JsonObject slots = new() { ["group"] = Half() ? "only" : $"g/{{{Pick(names.Where(n => n.Type.Kind == ValueKind.Text && !n.Expression.StartsWith("steps", StringComparison.Ordinal)).ToList()).Expression}}}", ["limit"] = 1 + rng.NextInt(5) };
        string full = Pick((string[])["queue", "refuse", "unsaid"]);
        used.Add($"concurrency {full}");
        if (full != "unsaid")
        {
            slots["when_full"] = full;
        }

        return slots;
    }

    private JsonObject Steps(int count)
    {
        JsonObject steps = [];
        for (int i = 0; i < count; i++)
        {
            string name = $"s{i}", uses = Pick(kinds.Described).Name;
            used.Add($"uses {uses}");
            kinds.TryGet(uses, out StepKinds.Entry? kind);
            JsonObject step = new() { ["uses"] = uses };
            if (i > 0 && Half())
            {
                used.Add("needs");
                step["needs"] = new JsonArray($"s{rng.NextInt(i)}");
            }

            int known = names.Count;
            if (One(3))
            {
                step["for_each"] = ForEach();
            }

            if (With(kind, i) is { Count: > 0 } with)
            {
                step["with"] = with;
            }

            names.RemoveRange(known, names.Count - known);
            if (One(3))
            {
                used.Add("when");
                step["when"] = When();
            }

            if (One(3))
            {
                step["retry"] = Retry();
            }

            if (One(3))
            {
                used.Add("timeout");
                step["timeout"] = Pick((string[])["500ms", "5s", "10m", "2h", "7d"]);
            }

            if (One(3))
            {
                string on = Pick((string[])["fail", "continue"]);
                used.Add($"on_failure {on}");
                step["on_failure"] = on;
            }

            if (One(6))
            {
                used.Add("own key");
                step["x_at"] = new JsonArray(rng.NextInt(900), rng.NextInt(900));
            }

            steps[name] = step;
            before.Add((name, kind?.Outputs ?? []));
            if (step["for_each"] is null)
            {
                names.AddRange((kind?.Outputs ?? []).Select(o => ($"steps.{name}.outputs.{o.Name}", o.Type)));
            }
            else
            {
                names.AddRange((kind?.Outputs ?? []).Select(o => ($"steps.{name}.outputs.{o.Name}", FieldType.ListOf(o.Type))));
            }
        }

        return steps;
    }

    private JsonObject ForEach()
    {
        JsonObject each = [];
        if (names.Where(n => n.Type.Kind == ValueKind.List).ToList() is { Count: > 0 } lists && Half())
        {
            used.Add("for_each expression");
            var (expression, type) = Pick(lists);
            each["in"] = $"{{{expression}}}";
            names.Add(("item", type.Item!));
        }
        else if (Half())
        {
            used.Add("for_each grid");
            each["grid"] = new JsonObject { ["fast"] = new JsonArray(5, 10), ["side"] = new JsonArray("long", "short") };
            names.Add(("item.fast", FieldType.Of(ValueKind.Whole)));
            names.Add(("item.side", FieldType.Of(ValueKind.Text)));
        }
        else
        {
            used.Add("for_each list");
            each["in"] = new JsonArray("a", "b", Word());
            names.Add(("item", FieldType.Of(ValueKind.Text)));
        }

        each["as"] = "item";
        if (Half())
        {
            used.Add("for_each max_parallel");
            each["max_parallel"] = 1 + rng.NextInt(64);
        }

        if (Half())
        {
            used.Add("for_each max");
            each["max"] = 4 + rng.NextInt(900);
        }

        return each;
    }

    private JsonObject With(StepKinds.Entry? kind, int index)
    {
        JsonObject with = [];
        if (kind is null)
        {
            // What an announced kind takes is not known yet, and anything is read.
            with["pairs"] = new JsonArray("USDCOP", Word());
            with["deep"] = new JsonObject { ["a b"] = new JsonArray(new JsonObject { ["x"] = 1, ["y"] = Word() }, new JsonArray(1, 2.5, null)), ["e"] = new JsonObject(), ["l"] = new JsonArray() };
            return with;
        }

        foreach (StepField field in kind.Inputs)
        {
            if (kind.Kind.Name == WorkflowStep.KindName && field.Name == "workflow")
            {
                // The name of a file, which stands there as it is.
                with[field.Name] = Pick((string[])["other_one", "other_one@1.2.0"]);
            }
            else if (kind.Kind.Name == ShardForEachStep.KindName && field.Name != "items")
            {
                // What runs for each item is checked too: a kind that takes its items whole.
                if (field.Name == "kind")
                {
                    with[field.Name] = "market.align";
                }
            }
            else if (field.Required || Half())
            {
                with[field.Name] = !field.Required && One(6) ? Nothing() : Value(field.Type, depth: 3);
            }
        }

        Mend(kind, with);
        return with;
    }

    // What chance writes is seldom a duration or a statement: a value that the kind itself refuses gives way to one that can work.
    private static void Mend(StepKinds.Entry kind, JsonObject with)
    {
        for (int i = 0; i < 50 && kind.Kind.Faults(Literals(with)).FirstOrDefault() is { } fault; i++)
        {
            string field = fault.Field ?? Sound.Keys.First(k => k.Kind == kind.Kind.Name && kind.Inputs.Any(f => f.Name == k.Field && !f.Required)).Field;
            if (fault.Field is null || kind.Inputs.Single(f => f.Name == field).Required)
            {
                with[field] = Sound[(kind.Kind.Name, field)].DeepClone();
            }
            else
            {
                with.Remove(field);
            }
        }
    }

    private static readonly Dictionary<(string Kind, string Field), JsonNode> Sound = new()
    {
        [("wait.until", "after")] = "2h", [("sql.query", "sql")] = "select 1 as one", [("sql.query", "tables")] = new JsonObject(), [("http.call", "url")] = "https://api.test/v1",
        [("workflows.upstream", "workflow")] = "other_one", [("workflows.upstream", "since")] = "today", [("approval", "votes")] = new JsonArray("gates", "person"),
    };

    private static StepLiterals Literals(JsonObject with)
    {
        HashSet<string> open = [];
        JsonObject values = [];
        foreach (var (field, value) in with)
        {
            if (value is JsonValue text && text.TryGetValue(out string? written) && Template.Parse(written).Template is not Template.Constant)
            {
                open.Add(field);
            }
            else
            {
                values[field] = Literal(value);
            }
        }

        return new(values, open);
    }

    private static JsonNode? Literal(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Literal(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Literal)]),
        JsonValue text when text.TryGetValue(out string? written) => (Template.Parse(written).Template as Template.Constant)?.Value?.DeepClone(),
        _ => value?.DeepClone(),
    };

    private JsonNode? Nothing()
    {
        used.Add("value nothing");
        return null;
    }

    private JsonNode? Value(FieldType wanted, int depth)
    {
        if (Half() && names.Where(n => n.Type.Fits(wanted) && (wanted.Kind == ValueKind.Any || n.Type.Kind != ValueKind.Any)).ToList() is { Count: > 0 } fitting)
        {
            string expression = Pick(fitting).Expression;
            used.Add("value whole expression");
            used.Add(expression.StartsWith("params", StringComparison.Ordinal) ? "reference parameter"
                : expression.StartsWith("steps", StringComparison.Ordinal) ? "reference output" : expression.StartsWith("run", StringComparison.Ordinal) ? "reference run" : "item in with");
            return $"{{{expression}}}";
        }

        used.Add("value constant");
        switch (wanted.Kind)
        {
            case ValueKind.Text when wanted.Choices.Count > 0:
                return Pick(wanted.Choices);
            case ValueKind.Text when One(4):
                used.Add("value mixed text");
                return $"a {{{Pick(names).Expression}}} b";
            case ValueKind.Text when One(6):
                used.Add("value braces");
                return "{{no expression}}";
            case ValueKind.Text:
                return Word();
            case ValueKind.Whole:
                return rng.NextInt(1000);
            case ValueKind.Number:
                return Half() ? rng.NextDouble() * 1e-7 : (JsonNode)rng.NextInt(50);
            case ValueKind.Truth:
                return Half();
            case ValueKind.List:
                used.Add("value list");
                return new JsonArray([.. Enumerable.Range(0, rng.NextInt(3)).Select(_ => Value(wanted.Item!, depth - 1))]);
            case ValueKind.Record when depth > 0:
                used.Add("value map");
                return new JsonObject(wanted.Fields.Where(f => f.Required || Half()).Select(f => KeyValuePair.Create(f.Name, Value(f.Type, depth - 1))));
            case ValueKind.Map:
                used.Add("value map");
                return new JsonObject { ["k"] = Word(), ["n"] = rng.NextInt(9), ["l"] = new JsonArray(1, "two") };
            default:
                return Word();
        }
    }

    private string When()
    {
        var (expression, type) = Pick(names.Where(n => n.Type.Kind is ValueKind.Text or ValueKind.Whole or ValueKind.Number or ValueKind.Truth && !n.Expression.StartsWith("item", StringComparison.Ordinal)).ToList());
        string one = type.Kind switch
        {
            ValueKind.Text => $"{expression} != \"a b\"",
            ValueKind.Truth => $"NOT {expression}",
            _ => $"{expression} + 1 >= 2.5",
        };
        return Half() ? one : $"{one} OR run.seed == 42 AND run.workflow == \"w\"";
    }

    private JsonObject Retry()
    {
        JsonObject retry = new() { ["attempts"] = 1 + rng.NextInt(5) };
        string backoff = Pick((string[])["exponential", "fixed", "unsaid"]);
        used.Add($"retry {backoff}");
        if (backoff != "unsaid")
        {
            (retry["backoff"], retry["first"]) = (backoff, "5s");
        }

        if (Half())
        {
            used.Add("retry category");
            used.Add("retry code");
            retry["on"] = new JsonArray("timeout", "internal", "STO-1005", "UPSTREAM_MISSING");
        }

        return retry;
    }

    private JsonArray Tests()
    {
        used.Add("tests expect");
        JsonObject test = new() { ["name"] = Word(), ["expect"] = new JsonObject { ["run"] = "completed", ["s0"] = "succeeded" } };
        if (before.FirstOrDefault(b => b.Outputs.Any(o => o.Type.Kind == ValueKind.Text)) is { Step: { } step, Outputs: { } outputs })
        {
            used.Add("tests mock");
            StepField output = outputs.First(o => o.Type.Kind == ValueKind.Text);
            test["mock"] = new JsonObject { [step] = new JsonObject { [output.Name] = output.Type.Choices.Count > 0 ? output.Type.Choices[0] : Word() } };
        }

        if (Half())
        {
            used.Add("tests parameters");
            test["parameters"] = new JsonObject { ["p0"] = 1 };
        }

        return [test];
    }

    private static Dictionary<string, JsonNode> Schedules() => new(StringComparer.Ordinal)
    {
        ["unix"] = new JsonObject { ["zone"] = "America/Bogota", ["cron"] = "30 14 * * 5" },
        ["quartz"] = new JsonObject { ["zone"] = "America/New_York", ["cron"] = "0 30 16 ? * MON-FRI" },
        ["skip"] = new JsonObject { ["zone"] = "America/New_York", ["calendar"] = "NYSE", ["cron"] = "30 16 * * 1-5", ["holiday"] = "skip" },
        ["following"] = new JsonObject { ["zone"] = "America/Bogota", ["calendar"] = "COLOMBIA", ["cron"] = "0 9 * * 1", ["holiday"] = "following", ["catch_up"] = "latest" },
        ["preceding"] = new JsonObject { ["zone"] = "America/Bogota", ["calendar"] = "COLOMBIA", ["cron"] = "30 14 * * 5", ["holiday"] = "preceding", ["catch_up"] = "all" },
        ["none"] = new JsonObject { ["zone"] = "UTC", ["cron"] = "0 1 * * *", ["holiday"] = "none", ["catch_up"] = "window(3)" },
        ["fires"] = new JsonObject
        {
            ["zone"] = "America/Bogota", ["calendar"] = "COLOMBIA", ["catch_up"] = "skip",
            ["fires"] = new JsonArray(new JsonObject { ["cron"] = "35 13 * * 1" }, new JsonObject { ["cron"] = "*/5 9-12 * * 1-5", ["holiday"] = "none" }),
        },
        ["paused"] = new JsonObject { ["zone"] = "UTC", ["cron"] = "0 1 1 * *", ["catch_up"] = "window(6h)", ["paused"] = true, ["reason"] = "not yet: wait" },
    };

    private string Word() => Pick(Words);

    private bool Half() => rng.NextInt(2) == 0;

    private bool One(int of) => rng.NextInt(of) == 0;

    private T Pick<T>(IReadOnlyList<T> from) => from[rng.NextInt(from.Count)];
}
