using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>How the combos of a sweep came to be evaluated.</summary>
/// <param name="Drawn">Combos of the plan, or of its sample, that were evaluated.</param>
/// <param name="Refined">Neighbours of the best that followed.</param>
/// <param name="IsStoppedEarly">Whether the ranking had settled before the end.</param>
/// <param name="Agreements">Kendall's τ of the ten best between windows of 100; empty where nobody asked for an early stop.</param>
public sealed record SweepCourse(int Drawn, int Refined, bool IsStoppedEarly, IReadOnlyList<double> Agreements)
{
    /// <summary>The course as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["drawn"] = Drawn, ["refined"] = Refined, ["stopped_early"] = IsStoppedEarly, ["agreements"] = new JsonArray([.. Agreements.Select(a => (JsonNode?)a)]),
    };
}
