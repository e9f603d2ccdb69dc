using Sigmatiq.Backtest.Overfitting;

namespace Sigmatiq.Tests.Backtest.Overfitting;

/// <summary>The acceptance on eight seeds and 400 strategies; a hundred and 1,000 are in the system tests, any number of seeds by <c>Sigmatiq.Benchmarks honesty</c>.</summary>
public sealed class GateSimulationTests
{
    [Fact]
    public void A_plain_sharpe_gate_passes_the_best_of_pure_noise_and_ours_do_not_while_a_good_strategy_passes()
    {
        const int seeds = 8;
        GateSimulation[] noise = Draw(0), good = Draw(3.5);
        noise.Count(s => s.PassesSharpeGate).Should().Be(seeds);
        noise.Count(s => s.PassesOurGates).Should().BeLessThanOrEqualTo(1, "5 of 100 are allowed");
        good.Count(s => s.PassesOurGates && s.PlantedWins).Should().BeGreaterThanOrEqualTo(seeds - 2, "90 of 100 are asked for");

        static GateSimulation[] Draw(double planted) =>
            [.. Enumerable.Range(1, seeds).Select(s => GateSimulation.Of(s, 400, 1000, planted, 1, TestContext.Current.CancellationToken))];
    }
}
