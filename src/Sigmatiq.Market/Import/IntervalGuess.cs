using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>Infers the length of bars from the distance that occurs most often between neighbours.</summary>
internal static class IntervalGuess
{
    /// <summary>The interval of times in any order, or the given one where they do not speak against it.</summary>
    /// <exception cref="ProblemException">MKT-2007: not to be inferred. MKT-2008: they say something else than the given one.</exception>
    public static Interval Of(string path, IEnumerable<long> startUtcUs, Interval? given)
    {
        long[] sorted = [.. startUtcUs.Distinct().Order()];
        Interval? seen = null;
        if (sorted.Length > 1)
        {
            long usual = sorted.Zip(sorted.Skip(1)).Select(pair => pair.Second - pair.First).CountBy(d => d).MaxBy(d => d.Value).Key;
            seen = Enum.GetValues<Interval>().Cast<Interval?>().FirstOrDefault(i => i!.Value.Minutes() * 60_000_000L == usual);
        }

        if (given is { } told)
        {
            return seen is null || seen == told ? told : throw new ProblemException(
                "MKT-2008", $"The bars lie {seen.Value.Text()} apart, not {told.Text()}.", path, $"Use --interval {seen.Value.Text()}, or leave it out.", ExitCode.BadUsage);
        }

        return seen ?? throw new ProblemException(
            "MKT-2007", $"The length of the bars does not follow from their {sorted.Length} different times.", path,
            "Give it with --interval 1m, 5m, 1h or 1d.", ExitCode.BadUsage);
    }
}
