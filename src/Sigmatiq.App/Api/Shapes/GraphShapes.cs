using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>A workflow as a graph, with what a person must say to start it.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Version">Its version.</param>
/// <param name="Summary">What it is for.</param>
/// <param name="WorkflowHash">Hash of its content.</param>
/// <param name="Steps">Its steps in the order of the file.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Text">The file.</param>
public sealed record WorkflowGraph(
    string Id, string Version, string Summary, string WorkflowHash, IReadOnlyList<GraphStep> Steps, IReadOnlyList<GraphParameter> Parameters, string Text);

/// <summary>One step of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uses">Its kind.</param>
/// <param name="Needs">Steps whose end it waits for, also those that only its values name.</param>
/// <param name="When">Its condition; null where it always runs.</param>
/// <param name="ForEach">Name of the item where it fans out; null where it does not.</param>
/// <param name="Attempts">Attempts in all.</param>
/// <param name="TimeoutSeconds">The most an attempt may take; null where nothing limits it.</param>
public sealed record GraphStep(string Name, string Uses, IReadOnlyList<string> Needs, string? When, string? ForEach, int Attempts, double? TimeoutSeconds);

/// <summary>One parameter of a workflow.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, e.g. <c>symbol</c>.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="Default">What it is where nothing is given.</param>
/// <param name="OneOf">The only values allowed; empty where the type alone decides.</param>
/// <param name="Min">Smallest number.</param>
/// <param name="Max">Largest number.</param>
/// <param name="Help">What it means.</param>
public sealed record GraphParameter(string Name, string Type, bool IsRequired, JsonNode? Default, IReadOnlyList<JsonNode> OneOf, double? Min, double? Max, string? Help);
