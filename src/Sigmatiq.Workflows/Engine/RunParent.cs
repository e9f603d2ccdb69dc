using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>The step of another run that a run works for; pinned with its request.</summary>
/// <param name="Run">The other run.</param>
/// <param name="Step">Its step.</param>
/// <param name="Item">Which item of <c>for_each</c>.</param>
/// <param name="Depth">How many runs stand above it: 1 for the child of a run that nobody's step started.</param>
public sealed record RunParent(RunId Run, string Step, int Item, int Depth)
{
    /// <summary>Most runs above a run.</summary>
    public const int DepthMax = 8;

    /// <summary>Where the request keeps it.</summary>
    public const string Pin = "parent";

    /// <summary>The parent that a request names; null where nobody's step asked.</summary>
    public static RunParent? Of(JsonObject pins) => pins[Pin] is JsonObject pinned ? pinned.Deserialize<RunParent>(StepJson.Options) : null;

    /// <summary>What wakes the parent when a run ends.</summary>
    public static string WakeKeyOf(RunId child) => $"run:{child}";
}
