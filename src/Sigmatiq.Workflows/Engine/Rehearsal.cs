using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>How a case of a workflow went.</summary>
/// <param name="Test">Its sentence.</param>
/// <param name="Differences">What came out otherwise than expected; empty when it passed.</param>
/// <param name="State">The run as it ended.</param>
public sealed record RehearsalResult(string Test, IReadOnlyList<string> Differences, RunState State)
{
    /// <summary>Whether all came out as expected.</summary>
    public bool Passed => Differences.Count == 0;

    /// <summary>Everything that happened, in order and with its instants.</summary>
    public IReadOnlyList<RunEvent> Events { get; init; } = [];

    /// <summary>How long it took by the case's clock.</summary>
    public TimeSpan Took => Events.Count == 0 ? TimeSpan.Zero : Events[^1].AtUtc - Events[0].AtUtc;
}

/// <summary>Plays the cases of a workflow: the real machine, no step kind, no store, and a clock that jumps to what is due next, so that weeks pass in
/// milliseconds. A step does what the case says; what a case leaves out of its outputs is a sample of the right type.</summary>
public static partial class Rehearsal
{
    /// <summary>State of an item that the fan-out did not make.</summary>
    internal const string NoItem = "no such item";

    /// <summary>Plays every case that a workflow's own file carries.</summary>
    /// <exception cref="ProblemException">WFL-1006, WFL-1013: the parameters of a case do not fit.</exception>
    public static IReadOnlyList<RehearsalResult> Play(WorkflowDefinition workflow, StepKinds kinds) => [.. workflow.Tests.Select(t => Play(workflow, kinds, t))];

    /// <summary>Plays one case.</summary>
    /// <exception cref="ProblemException">WFL-1006, WFL-1013: its parameters do not fit.</exception>
    public static RehearsalResult Play(WorkflowDefinition workflow, StepKinds kinds, WorkflowTest test)
    {
        RehearsedRun run = RehearsedRun.Play(workflow, kinds, test);
        return new(test.Name, [.. Differences(run, test)], run.State) { Events = run.Events };
    }

    /// <summary>A duration as files write it, e.g. <c>1d 2h</c>.</summary>
    internal static string SpanText(TimeSpan span)
    {
        (int Count, string Unit)[] parts = [(span.Days, "d"), (span.Hours, "h"), (span.Minutes, "m"), (span.Seconds, "s"), (span.Milliseconds, "ms")];
        string text = string.Join(' ', parts.Where(p => p.Count > 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Count}{p.Unit}")));
        return text.Length == 0 ? "0s" : text;
    }

    /// <summary>Outputs of the right types.</summary>
    internal static JsonObject SampleOf(StepSpec step, StepKinds kinds) => kinds.TryGet(step.Uses, out StepKinds.Entry? kind) ? Sample(kind.Outputs) : [];

    private static IEnumerable<string> Differences(RehearsedRun run, WorkflowTest test)
    {
        foreach (string refused in run.Refused)
        {
            yield return refused;
        }

        foreach (var (name, expected) in test.Expect)
        {
            (string actual, string? reason) = StandOf(run.State, name);
            if (actual != expected)
            {
                yield return $"{At(test, $"expect.{name}")}{name} is {actual}{(reason is null ? "" : $" ({reason.TrimEnd('.')})")}, expected {expected}";
            }
        }

        foreach (var (name, expected) in test.Attempts)
        {
            StepInstance[] instances = InstancesOf(run.State, name);
            int actual = instances.Sum(i => i.Attempts);
            if (actual != expected)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{At(test, $"attempts.{name}")}{name} had {actual} attempts, expected {expected}");
            }
        }

        foreach (var (path, expected) in test.Outputs)
        {
            JsonNode? actual = OutputOf(run.State, path);
            if (CanonicalJson.Text(actual) != CanonicalJson.Text(expected))
            {
                yield return $"{At(test, $"outputs.{path}")}{path} is {CanonicalJson.Text(actual)}, expected {CanonicalJson.Text(expected)}";
            }
        }

        foreach (var (name, expected) in test.Times)
        {
            TimeSpan? actual = (name == "run" ? run.State.EndedUtc : run.Ended.LastOrDefault(e => e.Step == name) is { Step: not null } ended ? ended.AtUtc : (DateTimeOffset?)null) - test.StartUtc;
            if (actual != expected)
            {
                yield return $"{At(test, $"times.{name}")}{name} {(actual is { } time ? $"ended after {SpanText(time)}" : "did not end")}, expected {SpanText(expected)}";
            }
        }

        foreach (var (name, expected) in test.Reasons)
        {
            string reason = (name == "run" ? run.State.Reason : run.State.Step(name).Reason) ?? "";
            if (!reason.Contains(expected, StringComparison.Ordinal))
            {
                yield return $"{At(test, $"reasons.{name}")}the reason of {name} is '{reason}', which does not hold '{expected}'";
            }
        }

        string[] order = [.. run.Ended.Select(e => e.Step).Where(test.Order.Contains)];
        if (test.Order.Count > 0 && !order.SequenceEqual(test.Order))
        {
            yield return $"{At(test, "order")}the steps ended in the order {string.Join(", ", order)}, expected {string.Join(", ", test.Order)}";
        }
    }

    private static string At(WorkflowTest test, string part) => test.Places.TryGetValue(part, out YamlPlace place) ? $"{place}: " : "";

    private static (string Status, string? Reason) StandOf(RunState state, string name)
    {
        if (name == "run")
        {
            return (StepJson.NameOf(state.Status.ToString()), state.Reason);
        }

        if (name == WorkflowTest.StepOf(name))
        {
            return (StepJson.NameOf(state.Step(name).Status.ToString()), state.Step(name).Reason);
        }

        return InstancesOf(state, name) is [var item] ? (StepJson.NameOf(item.Status.ToString()), item.Reason ?? item.Problem?.ToString()) : (NoItem, null);
    }

    private static StepInstance[] InstancesOf(RunState state, string name)
    {
        StepRun step = state.Step(WorkflowTest.StepOf(name));
        return Item().Match(name) is { Success: true } item ? [.. step.Instances.Where(i => i.Index == int.Parse(item.Groups[1].Value, CultureInfo.InvariantCulture))] : [.. step.Instances];
    }

    private static JsonNode? OutputOf(RunState state, string path)
    {
        string[] parts = path.Split('.');
        JsonNode? at = parts[0] == WorkflowTest.StepOf(parts[0]) ? state.Step(parts[0]).Outputs : InstancesOf(state, parts[0]).FirstOrDefault()?.Output;
        foreach (string part in parts[1..])
        {
            at = at is JsonArray items && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < items.Count ? items[index] : (at as JsonObject)?[part];
        }

        return at;
    }

    private static JsonObject Sample(IReadOnlyList<StepField> fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, Sample(f.Type))));

    private static JsonNode? Sample(FieldType type) => type.Kind switch
    {
        ValueKind.Text => "sample",
        ValueKind.Whole or ValueKind.Number => 1,
        ValueKind.Truth => true,
        ValueKind.List => new JsonArray(Sample(type.Item!)),
        ValueKind.Record => Sample(type.Fields),
        ValueKind.Map => new JsonObject(),
        _ => null,
    };

    [GeneratedRegex(@"\[(\d+)\]$")]
    private static partial Regex Item();
}
