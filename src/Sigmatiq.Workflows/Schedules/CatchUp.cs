using System.Globalization;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Schedules;

/// <summary>What becomes of fires that came due while no engine was there to start them.</summary>
/// <param name="Most">So many of the newest are still started.</param>
/// <param name="Age">Only those that are no older than this; null takes every age.</param>
public sealed record CatchUp(int Most, TimeSpan? Age)
{
    /// <summary>None is started: the default (04 §4.11).</summary>
    public static CatchUp Skip { get; } = new(0, null);

    /// <summary>The newest is started.</summary>
    public static CatchUp Latest { get; } = new(1, null);

    /// <summary>All are started, oldest first.</summary>
    public static CatchUp All { get; } = new(int.MaxValue, null);

    /// <summary>Reads <c>skip</c>, <c>latest</c>, <c>all</c>, <c>window(3)</c> (the newest three) or <c>window(6h)</c> (those of the last
    /// six hours).</summary>
    /// <returns>The policy; null where the text is none.</returns>
    public static CatchUp? Read(string text)
    {
        if (text.StartsWith("window(", StringComparison.Ordinal) && text.EndsWith(')'))
        {
            string size = text[7..^1];
            return int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int most) && most > 0 ? new(most, null)
                : Duration.TryParse(size, out TimeSpan age) && age > TimeSpan.Zero ? new(int.MaxValue, age)
                : null;
        }

        return text switch { "skip" => Skip, "latest" => Latest, "all" => All, _ => null };
    }

    /// <summary>Those of the missed fires that are still to be started, oldest first.</summary>
    /// <param name="missed">Fires that nobody started, oldest first.</param>
    /// <param name="nowUtc">Ages count back from here.</param>
    public IReadOnlyList<FireTime> Of(IReadOnlyList<FireTime> missed, DateTimeOffset nowUtc) =>
        [.. missed.Where(fire => Age is null || nowUtc - fire.AtUtc <= Age).TakeLast(Most)];
}
