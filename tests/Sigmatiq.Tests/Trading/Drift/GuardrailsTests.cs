using Sigmatiq.Trading.Drift;

namespace Sigmatiq.Tests.Trading.Drift;

public sealed class GuardrailsTests
{
    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    public void Five_losses_in_a_row_stop_trading(int losses, bool tripped)
    {
        ClosedTrade[] trades = [Trade(0, 0.01, 101), .. Enumerable.Range(1, losses).Select(i => Trade(i, -0.001, 101 - (0.1 * i)))];
        Guardrails.Read(trades, 100, new())[0].Tripped.Should().Be(tripped);
    }

    [Fact]
    public void A_win_ends_a_losing_streak()
    {
        ClosedTrade[] trades = [.. Enumerable.Range(0, 5).Select(i => Trade(i, -0.001, 100 - i)), Trade(5, 0.001, 96)];
        Guardrails.Read(trades, 100, new())[0].Tripped.Should().BeFalse();
    }

    [Theory]
    [InlineData(88.1, false)]
    [InlineData(88.0, true)]
    [InlineData(87.9, true)]
    public void A_fall_of_twelve_percent_from_the_peak_stops_trading(double equity, bool tripped) =>
        Guardrails.Read([Trade(0, -0.1, equity)], 100, new())[1].Tripped.Should().Be(tripped);

    [Fact]
    public void Without_a_trade_nothing_is_measured_and_nothing_trips() =>
        Guardrails.Read([], 100, new()).Should().OnlyContain(r => !r.Tripped && r.Value == null);

    private static ClosedTrade Trade(int day, double net, double equity) =>
        new(new DateTimeOffset(2024, 1, 2, 21, 0, 0, TimeSpan.Zero).AddDays(day), net, equity);
}
