namespace Sigmatiq.Backtest.Evidence;

/// <summary>What the gates say of vote 1 (spec 04 §4.8). PROMOTE reads "no gate objects", never "works".</summary>
public enum Recommendation
{
    /// <summary>Every gate passes.</summary>
    Promote,

    /// <summary>A gate that is not critical fails.</summary>
    Review,

    /// <summary>A critical gate fails, or no combo passed its quality gates.</summary>
    Reject,
}
