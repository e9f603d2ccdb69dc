using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Market.Quality;

namespace Sigmatiq.Tests.Backtest.Evidence;

public sealed class QualityDoubtsTests
{
    private static readonly DateOnly Last = new(2025, 1, 31);

    [Fact]
    public void Bars_that_ended_long_ago_are_one_doubt_that_names_their_end() =>
        Of("stale_sessions", 454).Should().Equal("The bars end with the session of 2025-01-31; 454 sessions have closed since then, and nothing here has seen them.");

    [Fact]
    public void One_missed_session_is_said_in_the_singular() =>
        Of("stale_sessions", 1).Should().Equal("The bars end with the session of 2025-01-31; one session has closed since then, and nothing here has seen it.");

    [Fact]
    public void Every_rule_has_a_sentence_that_a_person_can_read_and_what_was_not_found_has_none()
    {
        foreach (QualityRule rule in QualityRule.All)
        {
            string sentence = Of(rule.Name, 3).Should().ContainSingle().Subject;
            sentence.Should().NotContain("_", "a name of the program is no plain word").And.EndWith(".");
            Of(rule.Name, 0).Should().BeEmpty();
        }

        Of("zero_volume", 1).Should().Equal("Nothing was traded in one bar; a fill there is a guess.");
        Of("of_an_older_version", 2).Should().ContainSingle().Which.Should().Contain("of_an_older_version");
    }

    private static string[] Of(string name, int count) => [.. QualityDoubts.Of(new Dictionary<string, int> { [name] = count }, Last)];
}
