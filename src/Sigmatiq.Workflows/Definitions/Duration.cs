using System.Globalization;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Durations as workflow files write them: a whole number and one of <c>ms s m h d</c>.</summary>
public static class Duration
{
    /// <summary>Longest duration: a year.</summary>
    public static TimeSpan Max { get; } = TimeSpan.FromDays(366);

    /// <summary>Reads <c>5s</c>, <c>10m</c>, <c>7d</c>.</summary>
    /// <exception cref="ProblemException">WFL-1011: the text is no duration.</exception>
    public static TimeSpan Parse(string text) => TryParse(text, out TimeSpan duration)
        ? duration
        : throw new ProblemException(WorkflowCodes.BadValue, $"'{text}' is no duration.", null, "Write a whole number and ms, s, m, h or d, as in 10m.", ExitCode.BadUsage);

    /// <summary>Reads <c>5s</c>, <c>10m</c>, <c>7d</c>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        double? milliseconds = text[digits..] switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => null };
        if (milliseconds is null || !int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            || count * milliseconds.Value > Max.TotalMilliseconds)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(count * milliseconds.Value);
        return true;
    }
}
