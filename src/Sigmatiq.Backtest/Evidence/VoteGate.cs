using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>One gate of vote 1 with everything that stands beside it (spec 04 §4.8).</summary>
/// <param name="Gate">Stable name; names ending in <c>_pct</c> are in percent.</param>
/// <param name="Label">Name for people.</param>
/// <param name="Comparator"><c>&gt;</c>, <c>&gt;=</c>, <c>&lt;</c> or <c>&lt;=</c>.</param>
/// <param name="Threshold">The limit.</param>
/// <param name="Value">What came out; null fails.</param>
/// <param name="IsCritical">Whether failing it rejects.</param>
/// <param name="Window"><c>selection</c> or <c>holdout</c>: on which data.</param>
/// <param name="Sample">How many trades or returns the value rests on.</param>
public sealed record VoteGate(string Gate, string Label, string Comparator, double Threshold, double? Value, bool IsCritical, string Window, int Sample)
{
    /// <summary>95 % interval of the value, in its unit; null where the value has none.</summary>
    public (double Low, double High)? Interval { get; init; }

    /// <summary>Chance that a strategy without skill passes; null where the gate limits damage or counts, and says nothing of skill.</summary>
    public double? FalsePass { get; init; }

    /// <summary>Whether the value keeps the limit.</summary>
    public bool Passed => Value is { } value && Comparator switch
    {
        ">" => value > Threshold,
        ">=" => value >= Threshold,
        "<" => value < Threshold,
        "<=" => value <= Threshold,
        _ => throw new InvalidOperationException($"'{Comparator}' is no comparator."),
    };

    /// <summary>The gate as files write it.</summary>
    public JsonObject ToJson() => new()
    {
        ["gate"] = Gate, ["label"] = Label, ["passed"] = Passed, ["value"] = Value, ["comparator"] = Comparator, ["threshold"] = Threshold,
        ["critical"] = IsCritical, ["window"] = Window, ["sample"] = Sample,
        ["interval"] = Interval is { } i ? new JsonArray(i.Low, i.High) : null, ["false_pass"] = FalsePass,
    };
}
