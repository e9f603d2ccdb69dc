using Sigmatiq.Backtest.Evidence;

namespace Sigmatiq.Trading.Approvals;

/// <summary>How long the reason of a vote is that somebody casts at the review page, or over HTTP as it does: long enough to say something, and longer where it
/// goes against what the gates said. Characters are code points, without white space at either end.</summary>
public static class VoteReason
{
    /// <summary>The most that a reason holds.</summary>
    public const int Most = 2_000;

    private const int Least = 10, LeastAgainstGates = 40;

    /// <summary>The least length of a reason.</summary>
    public static int LeastOf(Recommendation? recommendation, VoteChoice choice) =>
        choice == VoteChoice.Approve && recommendation == Recommendation.Reject ? LeastAgainstGates : Least;

    /// <summary>The length of a reason as it is counted.</summary>
    public static int LengthOf(string reason) => reason.Trim().EnumerateRunes().Count();
}
