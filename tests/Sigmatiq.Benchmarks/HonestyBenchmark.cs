using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sigmatiq.Backtest.Overfitting;

namespace Sigmatiq.Benchmarks;

/// <summary><c>honesty --seeds N [--strategies 1000] [--days 1000] [--planted 3.5] [--threads N]</c>: what a plain Sharpe gate and our gates
/// let pass, of noise alone and of noise with one strategy that is truly good.</summary>
internal static class HonestyBenchmark
{
    public static int Run(string[] args)
    {
        double Given(string name, double otherwise) =>
            Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
        int seeds = (int)Given("--seeds", 100), strategies = (int)Given("--strategies", 1000), days = (int)Given("--days", 1000);
        int threads = (int)Given("--threads", Environment.ProcessorCount);
        double planted = Given("--planted", 3.5);
        var watch = Stopwatch.StartNew();
        GateSimulation[] Draw(double sharpe) =>
            [.. Enumerable.Range(1, seeds).Select(seed => GateSimulation.Of(seed, strategies, days, sharpe, threads, CancellationToken.None))];
        GateSimulation[] noise = Draw(0), good = Draw(planted);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = "honesty", seeds, strategies, days, planted_sharpe = planted, seconds = Math.Round(watch.Elapsed.TotalSeconds, 2),
            noise = Counts(noise), with_planted = Counts(good), planted_wins_and_passes = good.Count(s => s.PlantedWins && s.PassesOurGates),
        }));
        return 0;
    }

    private static object Counts(GateSimulation[] runs) => new
    {
        pass_sharpe_gate = runs.Count(s => s.PassesSharpeGate), pass_our_gates = runs.Count(s => s.PassesOurGates),
        pass_deflated_sharpe = runs.Count(s => s.PassesDeflatedSharpe), pass_pbo = runs.Count(s => s.PassesOverfit), pbo_under_half = runs.Count(s => s.Overfit < 0.5),
        mean_sharpe = Math.Round(runs.Average(s => s.Sharpe), 3), mean_deflated_sharpe = Math.Round(runs.Average(s => s.Deflated), 3),
        mean_pbo = Math.Round(runs.Average(s => s.Overfit), 3),
    };
}
