using Sigmatiq.Backtest.Overfitting;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>1,000 strategies of pure noise over 1,000 days, a hundred times over.</summary>
public sealed class HonestyTests(ITestOutputHelper output)
{
    [Fact]
    public void The_best_of_a_thousand_coins_passes_a_sharpe_gate_and_not_ours_while_a_good_strategy_among_them_passes()
    {
        GateSimulation[] noise = Draw(0), good = Draw(3.5);
        int naive = noise.Count(s => s.PassesSharpeGate), ours = noise.Count(s => s.PassesOurGates), planted = good.Count(s => s.PassesOurGates && s.PlantedWins);
        output.WriteLine($"of 100: noise passes a Sharpe gate {naive}, ours {ours}; the planted strategy passes ours {planted}");
        naive.Should().BeGreaterThanOrEqualTo(95);
        ours.Should().BeLessThanOrEqualTo(5);
        planted.Should().BeGreaterThanOrEqualTo(90);
    }

    private static GateSimulation[] Draw(double planted) =>
        [.. Enumerable.Range(1, 100).Select(seed => GateSimulation.Of(seed, 1000, 1000, planted, Environment.ProcessorCount, TestContext.Current.CancellationToken))];
}
