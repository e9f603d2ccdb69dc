namespace Sigmatiq.Backtest.Sweeps;

/// <summary>How long work under way still takes, by its pace since it was first looked at: work that goes on after a stop begins with a
/// share that it did not do now.</summary>
/// <param name="clock">The clock whose timestamps are given.</param>
public sealed class Pace(TimeProvider clock)
{
    private const double ShareMin = 0.02;
    private static readonly TimeSpan SinceMin = TimeSpan.FromSeconds(2);
    private double firstShare = double.NaN;
    private long firstAt;

    /// <summary>The time that the rest takes; null before two seconds and two percent, once it is done, and where the whole is not known.</summary>
    /// <param name="share">What is done, 0 to 1; NaN where the whole is not known.</param>
    /// <param name="timestamp">When: a timestamp of the clock.</param>
    public TimeSpan? Left(double share, long timestamp)
    {
        if (double.IsNaN(firstShare))
        {
            (firstShare, firstAt) = (share, timestamp);
        }

        TimeSpan since = clock.GetElapsedTime(firstAt, timestamp);
        return share - firstShare >= ShareMin && share < 1 && since >= SinceMin ? (1 - share) / (share - firstShare) * since : null;
    }
}
