using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Checks that a case can prove something: that what it makes steps give, do and end as is what they can give, do and end as.</summary>
/// <param name="steps">The steps of the workflow.</param>
/// <param name="kinds">The step kinds.</param>
/// <param name="problems">Receives what is wrong.</param>
internal sealed partial class CaseLint(IReadOnlyList<StepSpec> steps, StepKinds kinds, YamlProblems problems)
{
    private static readonly string[] RunStates = [.. Enum.GetNames<RunStatus>().Select(StepJson.NameOf)];
    private static readonly string[] StepStates = [.. Enum.GetNames<StepStatus>().Select(StepJson.NameOf)];

    /// <summary>Checks a case whose steps are all there.</summary>
    public void Check(WorkflowTest test)
    {
        int before = problems.All.Count;
        foreach (var (_, name, place) in test.Named)
        {
            Item(name, place);
        }

        foreach (var (name, gives) in test.Mock)
        {
            Gives(test, name, gives, field => $"mock.{name}.{field}");
        }

        foreach (var (name, tries) in test.Play)
        {
            for (int i = 0; i < tries.Count; i++)
            {
                int number = i;
                Gives(test, name, tries[i].Gives ?? [], field => $"play.{name}#{number}.{field}");
            }
        }

        foreach (RehearsedDeed vote in test.Then.Where(d => d.Act == RehearsedAct.Vote && d.Step is not null))
        {
            if (OutputsOf(vote.Step!) is { } outputs && outputs.All(o => o.Name != "decision"))
            {
                Bad(vote.Place ?? test.PlaceOf(""), $"{vote.Step} is of the kind {StepOf(vote.Step!)!.Uses}, on which nobody votes", "Vote on an approval; 'wake' brings about what another step waits for.");
            }
        }

        foreach (var (name, state) in test.Expect)
        {
            string[] states = name == "run" ? RunStates : name == WorkflowTest.StepOf(name) ? StepStates : [.. StepStates, Rehearsal.NoItem];
            if (!states.Contains(state))
            {
                Bad(test.PlaceOf($"expect.{name}"), $"'{state}' is no state of {(name == "run" ? "a run" : "a step")}", $"Use one of: {string.Join(", ", states)}.");
            }
        }

        foreach (string path in test.Outputs.Keys)
        {
            string[] parts = path.Split('.');
            int at = StepOf(parts[0])?.ForEach is not null && parts[0] == WorkflowTest.StepOf(parts[0]) ? 2 : 1;
            if (parts.Length > at && OutputsOf(parts[0]) is { } outputs && outputs.All(o => o.Name != parts[at]))
            {
                Unknown(test.PlaceOf($"outputs.{path}"), parts[0], parts[at], outputs);
            }
        }

        if (problems.All.Count == before && test is { Expect.Count: 0, Attempts.Count: 0, Outputs.Count: 0, Order.Count: 0, Times.Count: 0, Reasons.Count: 0 })
        {
            Bad(test.PlaceOf("expect"), $"The case '{test.Name}' expects nothing, so it proves nothing", "Say how the run or a step must come out: expect: { run: completed }.");
        }
    }

    private void Item(string name, YamlPlace place)
    {
        if (name == "run" || StepOf(name) is not { } step)
        {
            return;
        }

        if (ItemName().Match(name) is not { Success: true } match)
        {
            Bad(place, $"'{name}' names neither a step nor an item", "Write the step's name, or name[0] for its first item.");
        }
        else if (match.Groups[1] is { Success: true, Value: var digits } && double.Parse(digits, CultureInfo.InvariantCulture) is var index
            && (step.ForEach is null ? 1 : step.ForEach.In.Count) is { } count && index >= count)
        {
            Bad(place, step.ForEach is null ? $"{step.Name} has no for_each, so there is no {name}" : string.Create(CultureInfo.InvariantCulture, $"{step.Name} has {count} items, so there is no {name}"),
                step.ForEach is null ? "Write the step's name alone." : "Items are counted from 0.");
        }
    }

    private void Gives(WorkflowTest test, string name, JsonObject gives, Func<string, string> keyOf)
    {
        if (OutputsOf(name) is not { } outputs)
        {
            return;
        }

        foreach (var (field, value) in gives)
        {
            if (outputs.FirstOrDefault(o => o.Name == field) is not { } output)
            {
                Unknown(test.PlaceOf(keyOf(field)), name, field, outputs);
            }
            else if (Misfit(value, output.Type) is { } wanted)
            {
                string shown = value!.ToJsonString();
                problems.Add(WorkflowCodes.TypeMismatch, test.PlaceOf(keyOf(field)), $"{field} of {name} cannot be {(shown.Length <= 60 ? shown : shown[..60] + "…")}.", $"Give it {wanted}.");
            }
        }
    }

    // What would have been right, as the rest of a sentence; null where it fits. Parts of a record may be left out, since a case needs few of them.
    private static string? Misfit(JsonNode? value, FieldType type) => (type.Kind, value) switch
    {
        (ValueKind.Any, _) or (_, null) => null,
        (ValueKind.List, JsonArray list) => list.Select(i => Misfit(i, type.Item!)).FirstOrDefault(m => m is not null),
        (ValueKind.Record, JsonObject map) => map.Select(p => type.Fields.FirstOrDefault(f => f.Name == p.Key) is { } field ? Misfit(p.Value, field.Type) : $"a {type}").FirstOrDefault(m => m is not null),
        (ValueKind.Map, JsonObject) => null,
        (ValueKind.Text, JsonValue text) when text.GetValueKind() == JsonValueKind.String =>
            type.Choices.Count == 0 || type.Choices.Contains(text.GetValue<string>()) ? null : $"one of {string.Join(", ", type.Choices)}",
        (ValueKind.Whole, JsonValue number) when ExpressionTyping.OfValue(number).Kind == ValueKind.Whole => null,
        (ValueKind.Number, JsonValue number) when number.GetValueKind() == JsonValueKind.Number => null,
        (ValueKind.Truth, JsonValue truth) when truth.GetValueKind() is JsonValueKind.True or JsonValueKind.False => null,
        _ => type.Kind == ValueKind.Truth ? "true or false" : $"a {type}",
    };

    private StepSpec? StepOf(string name) => steps.FirstOrDefault(s => s.Name == WorkflowTest.StepOf(name));

    // Null for a kind that this program does not have, or has announced alone.
    private IReadOnlyList<StepField>? OutputsOf(string name) => StepOf(name) is { } step && kinds.TryGet(step.Uses, out StepKinds.Entry? kind) ? kind.Outputs : null;

    private void Unknown(YamlPlace place, string name, string field, IReadOnlyList<StepField> outputs) => problems.Add(WorkflowCodes.UnknownField, place,
        $"{name} is of the kind {StepOf(name)!.Uses}, which has no output '{field}'.", Names.Remedy(outputs.Select(o => o.Name), "There are no outputs."));

    private void Bad(YamlPlace place, string message, string remedy) => problems.Add(WorkflowCodes.BadValue, place, $"{message}.", remedy);

    [GeneratedRegex(@"^[^\[\]]+(?:\[(\d{1,9})\])?$")]
    private static partial Regex ItemName();
}
