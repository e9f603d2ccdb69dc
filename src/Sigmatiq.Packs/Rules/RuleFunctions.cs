namespace Sigmatiq.Packs.Rules;

/// <summary>What an argument of a function may be.</summary>
internal enum ArgumentKind
{
    /// <summary>A number expression.</summary>
    Number,

    /// <summary>A bool expression.</summary>
    Bool,

    /// <summary>A whole number written out: the length of a window, in periods.</summary>
    Window,
}

/// <summary>One function that rules may call.</summary>
internal sealed record RuleFunction(string Name, RuleType Result, IReadOnlyList<ArgumentKind> Arguments, int WindowMin = 1, bool TakesMore = false);

/// <summary>The closed list of functions (01 §1.10).</summary>
internal static class RuleFunctions
{
    /// <summary>Longest window, in periods.</summary>
    public const int WindowMax = 10_000;

    private const ArgumentKind N = ArgumentKind.Number, B = ArgumentKind.Bool, W = ArgumentKind.Window;

    public static IReadOnlyDictionary<string, RuleFunction> All { get; } = new RuleFunction[]
    {
        new("sign", RuleType.Number, [N]),
        new("normalized", RuleType.Number, [N]),
        new("detect_divergence", RuleType.Number, [N, N]),
        new("abs", RuleType.Number, [N]),
        new("min", RuleType.Number, [N, N], TakesMore: true),
        new("max", RuleType.Number, [N, N], TakesMore: true),
        new("avg", RuleType.Number, [N, W]),
        new("stdev", RuleType.Number, [N, W], WindowMin: 2),
        new("highest", RuleType.Number, [N, W]),
        new("lowest", RuleType.Number, [N, W]),
        new("change", RuleType.Number, [N, W]),
        new("pct_change", RuleType.Number, [N, W]),
        new("crosses_above", RuleType.Bool, [N, N]),
        new("crosses_below", RuleType.Bool, [N, N]),
        new("within", RuleType.Bool, [B, W]),
    }.ToDictionary(f => f.Name, StringComparer.Ordinal);
}
