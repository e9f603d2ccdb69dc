using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Comparison;

/// <summary>One place at which two definitions differ.</summary>
/// <param name="Path">The place, e.g. <c>steps.train.retry.attempts</c>.</param>
/// <param name="A">What the one says; null where it says nothing.</param>
/// <param name="B">What the other says.</param>
public sealed record WorkflowDifference(string Path, JsonNode? A, JsonNode? B);

/// <summary>In what two definitions differ, by what they say and not by how it is written: comments, order and line ends do not count.</summary>
public static class WorkflowDiff
{
    /// <summary>Compares two definitions.</summary>
    public static IReadOnlyList<WorkflowDifference> Of(WorkflowDefinition a, WorkflowDefinition b) =>
        [.. JsonDifferences.Of("", RunDiff.Written(a), RunDiff.Written(b)).Select(d => new WorkflowDifference(d.Path, d.A, d.B))];
}
