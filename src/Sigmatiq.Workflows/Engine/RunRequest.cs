using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Workflows.Engine;

/// <summary>What a run was asked to do, and all that it is pinned to.</summary>
/// <param name="Workflow">Workflow id.</param>
/// <param name="Version">Its version.</param>
/// <param name="WorkflowHash">Its content.</param>
/// <param name="Parameters">Every parameter of the workflow with its value.</param>
/// <param name="AsOfUtc">The run's now.</param>
/// <param name="Seed">The run's chance.</param>
/// <param name="Until">Last step to run, with what it needs; null runs all.</param>
/// <param name="Pins">Further facts the caller pins, e.g. <c>pack_hash</c>.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Build">Version of the program that took the request.</param>
/// <param name="Rerun">The run that this one goes over again; null where it is a first one.</param>
public sealed record RunRequest(
    string Workflow, string Version, ContentHash WorkflowHash, JsonObject Parameters, DateTimeOffset AsOfUtc, long Seed, string? Until,
    JsonObject Pins, string RequestedBy, string Build, RunRerun? Rerun = null);

/// <summary>What a run goes over again.</summary>
/// <param name="Of">The earlier run.</param>
/// <param name="From">This step and all that need it take nothing over; null takes over wherever the inputs are the same.</param>
public sealed record RunRerun(RunId Of, string? From);
