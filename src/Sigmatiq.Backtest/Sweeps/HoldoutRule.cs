using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>What part of the data a sweep never sees (spec 02 §2.1).</summary>
/// <param name="Share">The last share of the range's trading days; null where <paramref name="IsAfterEnd"/>.</param>
/// <param name="IsAfterEnd">The stored data after the range's end instead, at least 60 trading days.</param>
public readonly record struct HoldoutRule(double? Share, bool IsAfterEnd)
{
    /// <summary>The last fifth of the range.</summary>
    public static HoldoutRule Default { get; } = new(0.2, false);

    /// <summary>Everything stored after the range.</summary>
    public static HoldoutRule After { get; } = new(null, true);

    /// <summary>The rule of a request: a share, or null for <c>after</c>.</summary>
    public static HoldoutRule Of(double? share) => share is null ? After : new(share, false);

    /// <summary>The rule as JSON: a number or <c>after</c>.</summary>
    public JsonNode ToJson() => IsAfterEnd ? JsonValue.Create("after") : JsonValue.Create(Share!.Value);
}
