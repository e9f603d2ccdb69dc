using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Tests.Workflows.Schedules;

public sealed class FireDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_fire_on_time_starts_and_one_beyond_the_threshold_was_missed()
    {
        FireTime late = Fire(FireDecision.MisfireThreshold + TimeSpan.FromSeconds(1)), edge = Fire(FireDecision.MisfireThreshold), now = Fire(TimeSpan.Zero);
        FireDecision.Of([late, edge, now], CatchUp.Skip, null, Now).Should().Equal(
            new(late, false, "missed: no engine was there, or its file was held"), new FireDecision(edge, true, null), new FireDecision(now, true, null));
    }

    [Theory]
    [InlineData("skip", "")]
    [InlineData("latest", "1h")]
    [InlineData("all", "3h 2h 1h")]
    [InlineData("window(2)", "2h 1h")]
    [InlineData("window(150m)", "2h 1h")]
    public void What_was_missed_starts_as_the_policy_says_and_what_is_on_time_always(string policy, string started)
    {
        FireTime[] due = [Fire(TimeSpan.FromHours(3)), Fire(TimeSpan.FromHours(2)), Fire(TimeSpan.FromHours(1)), Fire(TimeSpan.Zero)];
        IReadOnlyList<FireDecision> decisions = FireDecision.Of(due, CatchUp.Read(policy)!, null, Now);
        decisions.Select(d => d.Fire).Should().Equal(due, "each fire is decided once, in order");
        decisions.Where(d => d.Starts).Select(d => $"{(Now - d.Fire.AtUtc).TotalHours}h").Should()
            .Equal([.. started.Split(' ', StringSplitOptions.RemoveEmptyEntries), "0h"]);
        decisions.Where(d => d.Starts && d.Fire.AtUtc < Now).Select(d => d.Reason).Should().BeSubsetOf(["caught up"]);
    }

    [Fact]
    public void Nothing_starts_in_a_pause() =>
        FireDecision.Of([Fire(TimeSpan.FromHours(1)), Fire(TimeSpan.Zero)], CatchUp.All, "closed", Now).Should().OnlyContain(d => !d.Starts && d.Reason == "closed");

    private static FireTime Fire(TimeSpan age) => new(Now - age, (Now - age).DateTime, null);
}
