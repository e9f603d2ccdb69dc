using System.Globalization;
using Sigmatiq.Market.Quality;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>Says in plain words what is odd about the bars behind a piece of evidence.</summary>
internal static class QualityDoubts
{
    /// <summary>Name under which completed sessions after the last bar are counted.</summary>
    public const string StaleSessions = "stale_sessions";

    /// <summary>One sentence per kind of oddity, the gravest first.</summary>
    /// <param name="flags">Rule of the quality gates, or <see cref="StaleSessions"/>, to how often it found something.</param>
    /// <param name="last">Session of the last bar.</param>
    public static IEnumerable<string> Of(IReadOnlyDictionary<string, int> flags, DateOnly last)
    {
        if (flags.GetValueOrDefault(StaleSessions) is > 0 and int missed)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"The bars end with the session of {last:yyyy-MM-dd}; {(missed == 1 ? "one session has" : $"{missed} sessions have")} closed since then, and nothing here has seen {(missed == 1 ? "it" : "them")}.");
        }

        foreach (QualityRule rule in QualityRule.All)
        {
            if (flags.GetValueOrDefault(rule.Name) is > 0 and int count)
            {
                yield return Sentence(rule, count);
            }
        }

        foreach ((string name, int count) in flags.Where(f => f.Value > 0 && f.Key != StaleSessions && QualityRule.Find(f.Key) is null).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The bars carry the flag {name}, {count} times.");
        }
    }

    private static string Sentence(QualityRule rule, int count)
    {
        string bars = count == 1 ? "one bar" : $"{count.ToString(CultureInfo.InvariantCulture)} bars";
        return rule.Name switch
        {
            _ when rule == QualityRule.ZeroVolume => $"Nothing was traded in {bars}; a fill there is a guess.",
            _ when rule == QualityRule.Wick =>
                $"The high or low of {bars} lies more than 5 % beyond open and close; a stop or target may have filled where hardly anyone traded.",
            _ when rule == QualityRule.Jump => $"The close of {bars} differs from the one before by more than 25 %: a real move, a split that was not adjusted, or an error.",
            _ when rule == QualityRule.Gap =>
                $"The bars have {(count == 1 ? "one gap" : $"{count.ToString(CultureInfo.InvariantCulture)} gaps")}, where the calendar has sessions or parts of them and the file has no bars.",
            _ when rule == QualityRule.FactorMissing =>
                "Some bars have no adjustment factor, so all prices are used as traded: dividends and splits look like moves of the price.",
            _ when rule == QualityRule.NoVolume => "The bars have no volumes, so nothing here knows how much could have been traded.",
            _ when rule.IsBroken => $"A broken fact was let pass for {bars}: {rule.Meaning}; 'sigmatiq data check' says who let it pass and why.",
            _ => $"Of {bars} it is to be known that {rule.Meaning}.",
        };
    }
}
