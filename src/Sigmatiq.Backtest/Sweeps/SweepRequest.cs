using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Errors;

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

    /// <summary>Reads a share between 0 and 1, or <c>after</c>.</summary>
    /// <exception cref="ProblemException">SWS-1001: something else.</exception>
    public static HoldoutRule Parse(string text) =>
        text == "after" ? After
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and < 1 ? new(share, false)
        : throw new ProblemException("SWS-1001", $"'{text}' is not a hold-out.", "holdout", "Use a share from 0 to below 1, e.g. 0.2, or 'after'.", ExitCode.BadUsage);

    /// <summary>The rule as JSON: a number or <c>after</c>.</summary>
    public JsonNode ToJson() => IsAfterEnd ? JsonValue.Create("after") : JsonValue.Create(Share!.Value);
}

/// <summary>A request for a sweep (spec 02 §2.1), its parameters already read as a grid.</summary>
public sealed record SweepRequest
{
    /// <summary>The model whose combos are tried.</summary>
    public required string ModelId { get; init; }

    /// <summary><c>simple</c> or <c>custom</c>.</summary>
    public required string SweepType { get; init; }

    /// <summary>The combos.</summary>
    public required ParameterGrid Grid { get; init; }

    /// <summary>First date; null for the first stored one.</summary>
    public DateOnly? Start { get; init; }

    /// <summary>Last date; null for the last stored one.</summary>
    public DateOnly? End { get; init; }

    /// <summary>Gates that win over the pack's, key by key.</summary>
    public QualityGates? QualityGates { get; init; }

    /// <summary>Word to find the sweep by.</summary>
    public string? Tag { get; init; }

    /// <summary>Seed of everything random in the sweep.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>What the sweep never sees.</summary>
    public HoldoutRule Holdout { get; init; } = HoldoutRule.Default;

    /// <summary>The request as JSON, without its tag: what decides the result.</summary>
    public JsonObject ToJson() => new()
    {
        ["sweep_type"] = SweepType,
        ["date_range"] = new JsonObject { ["start"] = Text(Start), ["end"] = Text(End) },
        ["parameters"] = new JsonObject(Grid.Axes.Select(a => KeyValuePair.Create(
            a.RequestKey, (JsonNode?)new JsonArray([.. a.Values.Select(v => (JsonNode?)v.ToJson())])))),
        ["quality_gates"] = QualityGates is not { } gates ? null : new JsonObject
        {
            ["min_trades"] = gates.MinTrades, ["min_sharpe"] = gates.MinSharpe, ["max_drawdown_pct"] = gates.MaxDrawdownPct, ["min_win_rate"] = gates.MinWinRatePct,
        },
        ["seed"] = Seed,
        ["holdout"] = Holdout.ToJson(),
    };

    private static string? Text(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
