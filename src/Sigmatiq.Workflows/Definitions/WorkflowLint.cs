using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Checks what the file says against the step kinds and against itself, and completes <c>needs</c> from references.</summary>
/// <param name="kinds">The step kinds; null for a published file, which was checked against the kinds of its day.</param>
/// <param name="problems">Receives what is wrong.</param>
/// <param name="lookup">Finds the workflows that steps run, null for one that is not known; null where nobody knows any.</param>
internal sealed class WorkflowLint(StepKinds? kinds, YamlProblems problems, Func<string, string?, WorkflowDefinition?>? lookup)
{
    private readonly Func<string, string?, WorkflowDefinition?> others = lookup ?? ((_, _) => null);
    private readonly List<Problem> warnings = [];
    private string id = "";
    private readonly List<(Template Template, YamlPlace Place, string What)> global = [];
    private IReadOnlyList<ParameterSpec> parameters = [];
    private IReadOnlyList<StepSpec> steps = [];

    /// <summary>What may be meant, but is worth a look.</summary>
    public IReadOnlyList<Problem> Warnings => warnings;

    /// <summary>Remembers a template outside the steps: it may refer to parameters alone.</summary>
    public void Note(Template template, YamlPlace place, string what) => global.Add((template, place, what));

    /// <summary>Checks everything; gives the steps with complete needs.</summary>
    public IReadOnlyList<StepSpec> Check(
        string idOfFile, IReadOnlyList<ParameterSpec> ofFile, IReadOnlyList<StepSpec> given, IReadOnlyList<StepPlaces> places,
        IReadOnlyList<(WorkflowOutput Output, YamlPlace Place)> outputs, IReadOnlyList<WorkflowTest> tests)
    {
        id = idOfFile;
        parameters = ofFile;
        steps = [.. given.Select((s, i) => s with { Needs = Complete(s, places[i]) })];
        foreach (var (template, place, what) in global)
        {
            FieldType type = TypeOf(template, place, reference => OfName(reference, step: null, itemName: null, FieldType.Any));
            if (type.Kind is ValueKind.List or ValueKind.Record or ValueKind.Map)
            {
                problems.Add(WorkflowCodes.TypeMismatch, place, $"{what} is {type}, not a text.", "Refer to a value that is a text or a number.");
            }
        }

        for (int i = 0; i < steps.Count; i++)
        {
            Step(steps[i], places[i]);
        }

        Cycles(places);
        foreach (var (output, place) in outputs)
        {
            TypeOf(output.Value, place, reference => OfName(reference, steps.FirstOrDefault(), itemName: null, FieldType.Any));
        }

        foreach (WorkflowTest test in tests)
        {
            WorkflowTestYaml.Check(test, [.. steps.Select(s => s.Name)], problems);
            if (kinds is not null)
            {
                new CaseLint(steps, kinds, problems).Check(test);
            }
        }

        return steps;
    }

    // A step that another one's expressions refer to is needed by it, whether it says so or not.
    private List<string> Complete(StepSpec step, StepPlaces places)
    {
        IEnumerable<string> referred = step.With.Values.SelectMany(t => t.Expressions())
            .Concat(step.When is null ? [] : [step.When]).Concat(step.ForEach?.In.Expressions() ?? [])
            .SelectMany(e => e.References()).Where(r => r.Path is ["steps", _, ..]).Select(r => r.Path[1]);
        return [.. step.Needs.Concat(referred).Distinct(StringComparer.Ordinal)];
    }

    private void Step(StepSpec step, StepPlaces places)
    {
        foreach (var (need, place) in places.Needs)
        {
            if (steps.All(s => s.Name != need))
            {
                problems.Add(WorkflowCodes.UnknownStep, place, $"{step.Name} needs '{need}', which is no step.", $"Use some of: {Names(steps.Select(s => s.Name))}.");
            }
        }

        FieldType item = step.ForEach is { } each ? ItemOf(step, each, places.ForEach) : FieldType.Any;
        (FieldType?, TypeFault?) Name(Expression.Reference r) => OfName(r, step, step.ForEach?.As, item);
        if (step.When is { } when)
        {
            FieldType condition = TypeOf(when, places.When, r => OfName(r, step, null, FieldType.Any));
            if (!condition.Fits(FieldType.Of(ValueKind.Truth)))
            {
                problems.Add(WorkflowCodes.TypeMismatch, places.When, $"when of {step.Name} is {condition}, not true or false.", "Compare it with something.");
            }
        }

        if (KindOf(step) is not { } kind)
        {
            if (kinds is not null && step.Uses.Length > 0 && kinds.Announced(step.Uses) is null)
            {
                problems.Add(WorkflowCodes.UnknownKind, places.Uses, $"There is no step kind '{step.Uses}'.", $"Use one of: {Names(kinds.Names)}.");
            }

            foreach (var (field, template) in step.With)
            {
                TypeOf(template, places.With[field], Name);
            }

            return;
        }

        HashSet<string> wrong = [.. places.Broken];
        foreach (var (field, template) in step.With)
        {
            TypeOf(template, places.With[field], Name);
            int before = problems.All.Count;
            if (kind.Inputs.FirstOrDefault(f => f.Name == field) is not { } wanted)
            {
                problems.Add(WorkflowCodes.UnknownField, places.With[field], $"{step.Uses} has no input '{field}'.", $"Use some of: {Names(kind.Inputs.Select(f => f.Name))}.");
            }
            else if (Misfit(template, wanted.Type, Name) is { } misfit)
            {
                problems.Add(misfit.Code, places.With[field], $"{field} of {step.Name} {misfit.Message}.", misfit.Remedy);
            }

            if (problems.All.Count > before)
            {
                wrong.Add(field);
            }
        }

        if (step.Uses == WorkflowStep.KindName)
        {
            SubWorkflow(step, places);
        }
        else if (step.Uses == UpstreamStep.KindName && LiteralText(step, "workflow") is { } upstream && Definitions.Names.IsName(upstream))
        {
            WarnOfUnknown(upstream, null, places.With["workflow"], "the run fails unless a workflow of this id has completed by then");
        }

        Spread(step, places);
        foreach (InputFault fault in kind.Kind.Faults(LiteralsOf(step, wrong)))
        {
            problems.Add(fault.Code, fault.Field is { } field && places.With.TryGetValue(field, out YamlPlace at) ? at : places.Name, $"{step.Name}: {fault.Message}", fault.Remedy);
        }

        foreach (StepField missing in kind.Inputs.Where(f => f.Required && !wrong.Contains(f.Name) && step.With.GetValueOrDefault(f.Name) is null or Template.Constant { Value: null }))
        {
            problems.Add(WorkflowCodes.MissingInput, places.Name, $"{step.Name} lacks the input '{missing.Name}' of {step.Uses}.", $"Add '{missing.Name}' ({missing.Type}) below with.");
        }
    }

    // What is wrong already is not looked at again.
    private static StepLiterals LiteralsOf(StepSpec step, HashSet<string> wrong)
    {
        JsonObject values = [];
        HashSet<string> open = [.. wrong];
        foreach (var (field, template) in step.With.Where(w => !wrong.Contains(w.Key)))
        {
            if (template is Template.Whole or Template.Mixed)
            {
                open.Add(field);
            }
            else
            {
                values[field] = LiteralOf(template);
            }
        }

        return new(values, open);
    }

    private static JsonNode? LiteralOf(Template template) => template switch
    {
        Template.Constant constant => constant.Value?.DeepClone(),
        Template.Map map => new JsonObject(map.Fields.Select(f => KeyValuePair.Create(f.Key, LiteralOf(f.Value)))),
        Template.Many many => new JsonArray([.. many.Items.Select(LiteralOf)]),
        _ => null,
    };

    private static string? LiteralText(StepSpec step, string field) => step.With.GetValueOrDefault(field) is Template.Constant { Value: { } value } ? StepLiterals.TextOf(value) : null;

    // A file that comes later is found when the step begins, so this keeps nothing from running.
    private void WarnOfUnknown(string workflow, string? version, YamlPlace place, string consequence)
    {
        if (lookup is not null && workflow != id && others(workflow, version) is null)
        {
            warnings.Add(new(WorkflowCodes.UnknownWorkflow, $"There is no valid file of {workflow}{(version is null ? "" : $"@{version}")} among the workflows: {consequence}.",
                place.ToString(), "Correct the id, or add the file before the first run.", ExitCode.BadUsage));
        }
    }

    private FieldType TypeOf(Template template, YamlPlace place, Func<Expression.Reference, (FieldType?, TypeFault?)> names) => template switch
    {
        Template.Constant constant => ExpressionTyping.OfValue(constant.Value),
        Template.Whole whole => TypeOf(whole.Expression, place, names),
        Template.Mixed mixed => mixed.Parts.Select(p => TypeOf(p, place, names)).ToList().Count >= 0 ? FieldType.Of(ValueKind.Text) : FieldType.Any,
        Template.Map map => new(ValueKind.Record, null, [.. map.Fields.Select(f => new StepField(f.Key, TypeOf(f.Value, place, names), Required: true))]),
        Template.Many many => FieldType.ListOf(Common([.. many.Items.Select(i => TypeOf(i, place, names))])),
        _ => FieldType.Any,
    };

    // Items of several types have none in common that could be relied upon.
    private static FieldType Common(IReadOnlyList<FieldType> types) =>
        types.FirstOrDefault(t => types.All(o => o.Fits(t))) ?? FieldType.Any;

    private FieldType ItemOf(StepSpec step, ForEachSpec each, YamlPlace place)
    {
        return each.In is Template.Grid grid
            ? new(ValueKind.Record, null, [.. grid.Axes.Select(a => new StepField(a.Key, ItemOfList($"The axis {a.Key} of for_each", a.Value), Required: true))])
            : ItemOfList("for_each.in", each.In);

        FieldType ItemOfList(string what, Template list)
        {
            FieldType type = TypeOf(list, place, r => OfName(r, step, null, FieldType.Any));
            if (type.Kind is not (ValueKind.List or ValueKind.Any))
            {
                problems.Add(WorkflowCodes.TypeMismatch, place, $"{what} of {step.Name} is {type}, not a list.", "Refer to an output that is a list.");
            }

            return type.Item ?? FieldType.Any;
        }
    }

    // What stands in the file is compared part by part, so that one wrong item of a list is found.
    private static (string Code, string Message, string Remedy)? Misfit(Template template, FieldType wanted, Func<Expression.Reference, (FieldType?, TypeFault?)> names)
    {
        switch (template)
        {
            case Template.Constant { Value: null }:
                return null;
            case Template.Many many when wanted.Kind == ValueKind.List:
                return many.Items.Select(i => Misfit(i, wanted.Item!, names)).FirstOrDefault(m => m is not null);
            case Template.Map map when wanted.Kind == ValueKind.Record:
                return map.Fields.Keys.FirstOrDefault(k => wanted.Fields.All(f => f.Name != k)) is { } unknown
                    ? (WorkflowCodes.UnknownField, $"has no field '{unknown}'", $"Use some of: {Names(wanted.Fields.Select(f => f.Name))}.")
                    : wanted.Fields.FirstOrDefault(f => f.Required && !map.Fields.ContainsKey(f.Name)) is { } missing
                        ? (WorkflowCodes.MissingInput, $"lacks the field '{missing.Name}'", $"Add '{missing.Name}' ({missing.Type}).")
                        : map.Fields.Select(f => Misfit(f.Value, wanted.Fields.First(w => w.Name == f.Key).Type, names)).FirstOrDefault(m => m is not null);
            case Template.Constant { Value: JsonValue value } when wanted.Choices.Count > 0 && value.TryGetValue(out string? word) && !wanted.Choices.Contains(word):
                return (WorkflowCodes.BadValue, $"has no value '{word}'", $"Use one of: {Names(wanted.Choices)}.");
            default:
                FieldType type = Quietly(template, names);
                return type.Fits(wanted) ? null : (WorkflowCodes.TypeMismatch, $"is {type}, and {wanted} is asked for", "Refer to a value of that type.");
        }
    }

    // Its faults have been noted already.
    private static FieldType Quietly(Template template, Func<Expression.Reference, (FieldType?, TypeFault?)> names) => template switch
    {
        Template.Constant constant => ExpressionTyping.OfValue(constant.Value),
        Template.Whole whole => new ExpressionTyping(names, []).Of(whole.Expression),
        Template.Mixed => FieldType.Of(ValueKind.Text),
        Template.Map map => new(ValueKind.Record, null, [.. map.Fields.Select(f => new StepField(f.Key, Quietly(f.Value, names), Required: true))]),
        Template.Many many => FieldType.ListOf(Common([.. many.Items.Select(i => Quietly(i, names))])),
        _ => FieldType.Any,
    };

    private FieldType TypeOf(Expression expression, YamlPlace place, Func<Expression.Reference, (FieldType?, TypeFault?)> names)
    {
        List<TypeFault> faults = [];
        FieldType type = new ExpressionTyping(names, faults).Of(expression);
        foreach (TypeFault fault in faults)
        {
            problems.Add(fault.Code, place, $"{fault.Message}.", fault.Code == WorkflowCodes.TypeMismatch
                ? "Compare and compute values of one kind." : "Correct the name.");
        }

        return type;
    }

    private (FieldType?, TypeFault?) OfName(Expression.Reference reference, StepSpec? step, string? itemName, FieldType item)
    {
        List<TypeFault> faults = [];
        var typing = new ExpressionTyping(_ => (null, null), faults);
        FieldType Deeper(FieldType type, int used) => reference.Path.Skip(used).Aggregate(type, (t, name) => typing.FieldOf(t, name, reference.Position));
        FieldType? type = reference.Path switch
        {
            [var first, ..] when first == itemName => Deeper(item, 1),
            ["params", var name, ..] => parameters.FirstOrDefault(p => p.Name == name) is { } parameter
                ? Deeper(RunParameters.TypeOf(parameter), 2)
                : Fault(WorkflowCodes.UnknownParameter, $"There is no parameter '{name}'; there are {Names(parameters.Select(p => p.Name))}"),
            ["steps", var name, "outputs", ..] when step is not null => OfOutputs(name) is { } outputs
                ? Deeper(outputs, 3)
                : Fault(WorkflowCodes.UnknownStep, $"There is no step '{name}'"),
            ["run", var name] when RunNames.RunFields.Contains(name) => FieldType.Of(name == "seed" ? ValueKind.Whole : ValueKind.Text),
            _ => Fault(WorkflowCodes.UnknownField, $"There is no '{reference.Text}'"),
        };
        return (type, faults.FirstOrDefault());

        FieldType? Fault(string code, string message)
        {
            faults.Add(new(code, message, reference.Position));
            return null;
        }
    }

    // What runs for each item is checked like a step of its own, where the file says it.
    private void Spread(StepSpec step, StepPlaces places)
    {
        if (ShardForEachStep.KindOf(step) is not { } name || kinds!.Announced(name) is not null)
        {
            return;
        }

        if (ShardForEachStep.RefusalOf(name, kinds, null) is { } refusal)
        {
            problems.Add(refusal.Code, places.With["kind"], refusal.Message, refusal.Remedy!);
            return;
        }

        kinds.TryGet(name, out StepKinds.Entry? kind);
        IReadOnlyDictionary<string, Template> given = (step.With.GetValueOrDefault("input") as Template.Map)?.Fields ?? new Dictionary<string, Template>();
        string? item = step.With.GetValueOrDefault("as") is Template.Constant { Value: JsonValue value } && value.TryGetValue(out string? text) ? text : null;
        foreach (string field in given.Keys.Concat(item is null ? [] : [item]).Where(f => kind!.Inputs.All(i => i.Name != f)))
        {
            problems.Add(WorkflowCodes.UnknownField, places.With[given.ContainsKey(field) ? "input" : "as"], $"{name} has no input '{field}'.", $"Use some of: {Names(kind!.Inputs.Select(f => f.Name))}.");
        }

        bool isWhole = item is not null && step.With.GetValueOrDefault("input") is null or Template.Map;
        foreach (StepField missing in kind!.Inputs.Where(f => isWhole && f.Required && f.Name != item && !given.ContainsKey(f.Name)))
        {
            problems.Add(WorkflowCodes.MissingInput, places.With["kind"], $"{step.Name} lacks the input '{missing.Name}' of {name}.", $"Add '{missing.Name}' ({missing.Type}) below input.");
        }
    }

    private void SubWorkflow(StepSpec step, StepPlaces places)
    {
        if (step.With.GetValueOrDefault("workflow") is not Template.Constant { Value: JsonValue value } || !value.TryGetValue(out string? reference))
        {
            return;
        }

        YamlPlace place = places.With["workflow"];
        string[] parts = reference.Split('@', 2);
        if (!Definitions.Names.IsName(parts[0]) || (parts.Length == 2 && !Version.TryParse(parts[1], out _)))
        {
            problems.Add(WorkflowCodes.BadValue, place, $"'{reference}' is neither an id nor an id@version.", "Write the id of a workflow, as in lifecycle@1.0.0.");
        }
        else if (CircleFrom(parts[0], ChildOf(step), [id]) is { } circle)
        {
            problems.Add(WorkflowCodes.Recursion, place, $"The workflows run each other in a circle: {string.Join(" → ", circle)}.", "Remove one of these steps.");
        }
        else if (ChildOf(step) is null)
        {
            WarnOfUnknown(parts[0], parts.Length == 2 ? parts[1] : null, place, "the step fails unless it is there or published by then");
        }
        else if (ChildOf(step) is { } child && step.With.GetValueOrDefault("parameters") is null or Template.Map)
        {
            Parameters(step, places, child, (step.With.GetValueOrDefault("parameters") as Template.Map)?.Fields ?? new Dictionary<string, Template>());
        }
    }

    private void Parameters(StepSpec step, StepPlaces places, WorkflowDefinition child, IReadOnlyDictionary<string, Template> given)
    {
        YamlPlace place = places.With.GetValueOrDefault("parameters", places.With["workflow"]);
        foreach (string unknown in given.Keys.Where(k => child.Parameters.All(p => p.Name != k)))
        {
            problems.Add(WorkflowCodes.UnknownParameter, place, $"{child.Id} {child.Version} has no parameter '{unknown}'.", Definitions.Names.Remedy(child.Parameters.Select(p => p.Name), "It has no parameters."));
        }

        foreach (ParameterSpec parameter in child.Parameters)
        {
            if (parameter.Required && !given.ContainsKey(parameter.Name))
            {
                problems.Add(WorkflowCodes.MissingInput, place, $"{step.Name} lacks the parameter '{parameter.Name}' of {child.Id} {child.Version}.", $"Add '{parameter.Name}' below parameters.");
            }
            else if (given.GetValueOrDefault(parameter.Name) is Template.Constant { Value: { } value } && RunParameters.Complaint(parameter, value) is { } complaint)
            {
                problems.Add(WorkflowCodes.TypeMismatch, place, $"The parameter '{parameter.Name}' of {child.Id} {complaint}.", "Correct the value.");
            }
        }
    }

    private WorkflowDefinition? ChildOf(StepSpec step) =>
        step.Uses == WorkflowStep.KindName && step.With.GetValueOrDefault("workflow") is Template.Constant { Value: JsonValue value } && value.TryGetValue(out string? reference)
            ? reference.Split('@', 2) is [var one, var version] ? others(one, version) : others(reference, null) : null;

    // As far as the workflows that are run stand in files and are named by constants.
    private List<string>? CircleFrom(string reached, WorkflowDefinition? child, IReadOnlyList<string> way)
    {
        if (way.Contains(reached))
        {
            return [.. way.SkipWhile(w => w != reached), reached];
        }

        return way.Count > RunParent.DepthMax ? [.. way, reached, "…"]
            : child?.Steps.Select(s => (Step: s, Child: ChildOf(s))).Where(c => c.Child is not null)
                .Select(c => CircleFrom(c.Child!.Id, c.Child, [.. way, reached])).FirstOrDefault(c => c is not null);
    }

    private StepKinds.Entry? KindOf(StepSpec step) => kinds is not null && kinds.TryGet(step.Uses, out StepKinds.Entry? kind) ? kind : null;

    private FieldType? OfOutputs(string name)
    {
        if (steps.FirstOrDefault(s => s.Name == name) is not { } step)
        {
            return null;
        }

        FieldType outputs = KindOf(step) is { } kind ? new(ValueKind.Record, null, kind.Outputs) : FieldType.Any;
        if (ChildOf(step) is { Outputs.Count: > 0 } child)
        {
            // What it declares is all that it gives.
            FieldType declared = new(ValueKind.Record, null, [.. child.Outputs.Select(o => new StepField(o.Name, FieldType.Any, Required: true))]);
            outputs = new(ValueKind.Record, null, [.. outputs.Fields.Select(f => f.Name == "outputs" ? f with { Type = declared } : f)]);
        }

        return step.ForEach is null ? outputs : FieldType.ListOf(outputs);
    }

    private void Cycles(IReadOnlyList<StepPlaces> places)
    {
        Dictionary<string, StepSpec> open = steps.ToDictionary(s => s.Name, StringComparer.Ordinal);
        while (open.Values.FirstOrDefault(s => !s.Needs.Any(open.ContainsKey)) is { } free)
        {
            open.Remove(free.Name);
        }

        if (open.Count == 0)
        {
            return;
        }

        // Walking along needs that are still open must come round again; what lies before the circle is cut off.
        List<string> way = [];
        string at = open.Keys.First();
        while (!way.Contains(at))
        {
            way.Add(at);
            at = open[at].Needs.First(open.ContainsKey);
        }

        way = way[way.IndexOf(at)..];
        int place = steps.ToList().FindIndex(s => s.Name == at);
        problems.Add(WorkflowCodes.Cycle, places[place].Name, $"The steps need each other in a circle: {string.Join(" → ", way.Append(at))}.", "Remove one of these needs.");
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("(none)"));
}
