using System.Globalization;

namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>What became of one fire; times in milliseconds since 1970 as the scheduler's clock showed them.</summary>
/// <param name="AtMs">The fire.</param>
/// <param name="What"><c>started, skipped, paused</c>.</param>
/// <param name="Reason">Why not, or why so late.</param>
/// <param name="DecidedMs">When that was decided.</param>
/// <param name="MovedFrom">The date it was moved from, as days since 1970.</param>
internal sealed record Outcome(long AtMs, string What, string? Reason, long DecidedMs, int? MovedFrom)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Text(AtMs)} {What} at {Text(DecidedMs)}{(Reason is null ? "" : $" ({Reason})")}{(MovedFrom is { } day ? $" moved from {MinuteWalk.Date(day):yyyy-MM-dd}" : "")}";

    /// <summary>An instant as text.</summary>
    public static string Text(long ms) => DateTime.UnixEpoch.AddMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The history of a schedule's life.</summary>
/// <param name="Fires">What became of each fire, in order.</param>
/// <param name="Dropped">What a convention dropped, with the reason, in order.</param>
internal sealed record History(IReadOnlyList<Outcome> Fires, IReadOnlyList<(long AtMs, string Reason)> Dropped)
{
    /// <summary>What one has and the other has not.</summary>
    public IEnumerable<string> Differences(History expected)
    {
        foreach (Outcome o in Fires.Except(expected.Fires).Take(5))
        {
            yield return $"not expected: {o}";
        }

        foreach (Outcome o in expected.Fires.Except(Fires).Take(5))
        {
            yield return $"missing: {o}";
        }

        foreach (var (at, reason) in Dropped.Except(expected.Dropped).Take(5))
        {
            yield return $"not expected: {Outcome.Text(at)} dropped ({reason})";
        }

        foreach (var (at, reason) in expected.Dropped.Except(Dropped).Take(5))
        {
            yield return $"missing: {Outcome.Text(at)} dropped ({reason})";
        }
    }
}
