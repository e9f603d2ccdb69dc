using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Quality;

/// <summary>One gate that bars pass on their way into the store.</summary>
/// <param name="Name">Its name, as <c>--waive</c> takes it.</param>
/// <param name="Code">Error code of a broken fact; empty for a flag.</param>
/// <param name="Meaning">What it found.</param>
/// <param name="WhenWaived">What happens to the bars where a person waives it; null for a flag, which never stops an import.</param>
/// <param name="IsRemark">Whether it is said apart from the flags: worth knowing, and usual in bars of some kinds.</param>
public sealed record QualityRule(string Name, string Code, string Meaning, string? WhenWaived, bool IsRemark = false)
{
    /// <summary>A price is missing.</summary>
    public static readonly QualityRule NullPrice = new("null_price", "MKT-2101", "a price is missing", "the bar is left out");

    /// <summary>A price is zero or below.</summary>
    public static readonly QualityRule NonPositivePrice = new("nonpositive_price", "MKT-2102", "a price is not above zero", "the bar is kept as published");

    /// <summary>The high is below the open or the close.</summary>
    public static readonly QualityRule HighBelowBody = new("high_below_body", "MKT-2103", "the high is below the open or the close", "the bar is kept as published");

    /// <summary>The low is above the open or the close.</summary>
    public static readonly QualityRule LowAboveBody = new("low_above_body", "MKT-2104", "the low is above the open or the close", "the bar is kept as published");

    /// <summary>Several bars share a time.</summary>
    public static readonly QualityRule DuplicateTime = new("duplicate_ts", "MKT-2105", "several bars share one time", "the first of them is kept, the others are left out");

    /// <summary>A bar is earlier than the one before.</summary>
    public static readonly QualityRule UnorderedTime = new("unordered_ts", "MKT-2106", "a bar is earlier than the one before it", "the bars are sorted by time");

    /// <summary>Less than nothing was traded.</summary>
    public static readonly QualityRule NegativeVolume = new("negative_volume", "MKT-2107", "the volume is below zero", "the bar is kept as published");

    /// <summary>Times are those of another clock than the file says.</summary>
    public static readonly QualityRule WrongZone = new("wrong_zone", "MKT-2120", "the bar carries the time of another zone", "the bar is kept as published");

    /// <summary>Prices are ten, a hundred … times those around them.</summary>
    public static readonly QualityRule ScaleSlip = new("scale_slip", "MKT-2121", "the value is a power of ten away from those around it", "the value is kept as published");

    /// <summary>Nothing was traded in a bar of an equity, a day or an hour of regular trading long.</summary>
    public static readonly QualityRule ZeroVolume = new("zero_volume", "", "nothing was traded", null);

    /// <summary>An intraday high or low lies more than 5 % beyond open and close.</summary>
    public static readonly QualityRule Wick = new("wick_over_5pct_intraday", "", "the high or low lies more than 5 % beyond open and close", null);

    /// <summary>A close differs from the one before by more than 25 %.</summary>
    public static readonly QualityRule Jump = new("jump_over_25pct", "", "the close differs from the one before by more than 25 %", null);

    /// <summary>A session, or a stretch of one, has no bar.</summary>
    public static readonly QualityRule Gap = new("gap", "", "the calendar has a session, or bars of one, that are missing", null);

    /// <summary>Bars without an adjustment factor in a series where others have one; the whole series is used as traded then.</summary>
    public static readonly QualityRule FactorMissing = new("factor_missing", "", "bars have no adjustment factor where others have one", null);

    /// <summary>Volume is not known.</summary>
    public static readonly QualityRule NullVolume = new("null_volume", "", "the volume is missing", null, IsRemark: true);

    /// <summary>No bar has a volume.</summary>
    public static readonly QualityRule NoVolume = new("no_volume", "", "the source gives no volume at all", null, IsRemark: true);

    /// <summary>Nothing was traded in a short bar, outside regular hours, or of what is not an equity.</summary>
    public static readonly QualityRule QuietBar = new("quiet_bar", "", "nothing was traded where that is usual", null, IsRemark: true);

    /// <summary>A bar lies outside regular hours.</summary>
    public static readonly QualityRule OutsideSession = new("outside_session", "", "the bar starts outside regular hours", null, IsRemark: true);

    /// <summary>The price has stood still for many bars.</summary>
    public static readonly QualityRule StalePrice = new("stale_price", "", "the price stands still for many bars", null, IsRemark: true);

    /// <summary>All rules: broken facts first, then flags, then remarks.</summary>
    public static readonly IReadOnlyList<QualityRule> All =
    [
        NullPrice, NonPositivePrice, HighBelowBody, LowAboveBody, DuplicateTime, UnorderedTime, NegativeVolume, WrongZone, ScaleSlip,
        ZeroVolume, Wick, Jump, Gap, FactorMissing,
        NullVolume, NoVolume, QuietBar, OutsideSession, StalePrice,
    ];

    /// <summary>Whether it refuses an import; else it is a flag or a remark.</summary>
    public bool IsBroken => WhenWaived is not null;

    /// <summary><c>broken</c>, <c>flag</c> or <c>remark</c>.</summary>
    public string Kind => IsBroken ? "broken" : IsRemark ? "remark" : "flag";

    /// <summary>The rule of a name; null for one that this version does not know.</summary>
    public static QualityRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);

    /// <summary>Reads the name of a rule that can be waived.</summary>
    /// <exception cref="ProblemException">MKT-2110: no such rule, or a flag.</exception>
    public static QualityRule ParseWaivable(string name) => All.FirstOrDefault(rule => rule.Name == name && rule.IsBroken) ?? throw new ProblemException(
        "MKT-2110", $"'{name}' is not a rule that can be waived.", "waive", $"Use one of: {string.Join(", ", All.Where(r => r.IsBroken).Select(r => r.Name))}.", ExitCode.BadUsage);
}

/// <summary>What a rule found at a bar.</summary>
/// <param name="Rule">Which rule.</param>
/// <param name="Bar">Index of the bar; for a gap, of the bar after it.</param>
/// <param name="Detail">The values, e.g. <c>h=10 o=11 c=9</c>.</param>
public readonly record struct QualityFinding(QualityRule Rule, int Bar, string Detail);

/// <summary>A person's decision to take bars with a broken fact.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Reason">Why; never empty.</param>
public sealed record QualityWaiver(string Rule, string Reason)
{
    /// <summary>Makes a waiver of a known rule with a reason.</summary>
    /// <exception cref="ProblemException">MKT-2110: no such rule. MKT-2111: no reason.</exception>
    public static QualityWaiver Of(string rule, string? reason) => QualityRule.ParseWaivable(rule) is var waivable && string.IsNullOrWhiteSpace(reason)
        ? throw new ProblemException("MKT-2111", $"Waiving '{rule}' needs a reason.", "reason", "Say why with --reason TEXT; it is stored beside the bars.", ExitCode.BadUsage)
        : new(waivable.Name, reason.Trim());
}
