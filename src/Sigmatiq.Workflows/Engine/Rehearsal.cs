using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>How a test of a workflow file went.</summary>
/// <param name="Test">Its sentence.</param>
/// <param name="Differences">What came out otherwise than expected; empty when it passed.</param>
/// <param name="State">The run as it ended.</param>
public sealed record RehearsalResult(string Test, IReadOnlyList<string> Differences, RunState State)
{
    /// <summary>Whether all came out as expected.</summary>
    public bool Passed => Differences.Count == 0;
}

/// <summary>Plays the tests that a workflow file carries: the real machine, no step kind, no store, no time. A step succeeds with the
/// outputs that the test gives; what the test leaves out is a sample of the right type.</summary>
public static class Rehearsal
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    /// <summary>Plays every test of a workflow.</summary>
    /// <exception cref="Store.Errors.ProblemException">WFL-1006, WFL-1013: the parameters of a test do not fit.</exception>
    public static IReadOnlyList<RehearsalResult> Play(WorkflowDefinition workflow, StepKinds kinds) => [.. workflow.Tests.Select(t => Play(workflow, kinds, t))];

    private static RehearsalResult Play(WorkflowDefinition workflow, StepKinds kinds, WorkflowTest test)
    {
        JsonObject parameters = RunParameters.Complete(workflow, test.Parameters);
        RunState state = RunMachine.Begin(new("run_rehearsal"), workflow,
            new(Start, new(workflow.Id, workflow.Version, workflow.Hash, parameters, Start, 0, null, [], "rehearsal", "")));
        state = RunMachine.Apply(state, new RunAdmitted(Start)).State;
        while (RunMachine.Outstanding(state).OfType<RunCommand.StartAttempt>().FirstOrDefault() is { } start)
        {
            JsonObject output = Output(workflow.Step(start.Step), kinds, test);
            state = RunMachine.Apply(state, new AttemptStarted(Start, start.Step, start.Index, start.Attempt)).State;
            state = RunMachine.Apply(state, new AttemptSucceeded(Start, start.Step, start.Index, start.Attempt, output, ContentHash.OfJson(output))).State;
        }

        return new(test.Name, [.. test.Expect.Select(e => Difference(state, e.Key, e.Value)).OfType<string>()], state);
    }

    private static string? Difference(RunState state, string name, string expected)
    {
        string actual = StepJson.NameOf(name == "run" ? state.Status.ToString() : state.Step(name).Status.ToString());
        return actual == expected ? null : $"{name} is {actual}, expected {expected}";
    }

    private static JsonObject Output(StepSpec step, StepKinds kinds, WorkflowTest test)
    {
        JsonObject output = kinds.TryGet(step.Uses, out StepKinds.Entry? kind) ? Sample(kind.Outputs) : [];
        foreach (var (field, value) in test.Mock.TryGetValue(step.Name, out JsonObject? mock) ? mock : [])
        {
            output[field] = value?.DeepClone();
        }

        return output;
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
}
