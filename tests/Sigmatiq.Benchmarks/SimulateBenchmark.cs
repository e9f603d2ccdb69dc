using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sigmatiq.Tests.SystemTests.Simulation;

namespace Sigmatiq.Benchmarks;

/// <summary><c>simulate --seeds N [--from S] [--threads N]</c>: ten years of schedules a seed, lived through by the product's functions and told by
/// an oracle that walks every minute. Ends with 1 where the two differ, and says on which seed.</summary>
internal static class SimulateBenchmark
{
    public static int Run(string[] args)
    {
        int Given(string name, int otherwise) =>
            Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
        int seeds = Given("--seeds", 10_000), from = Given("--from", 0), threads = Given("--threads", Environment.ProcessorCount);
        var watch = Stopwatch.StartNew();
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        int fires = 0, differing = 0, done = 0;
        object gate = new();
        Parallel.For(from, from + seeds, new ParallelOptions { MaxDegreeOfParallelism = threads }, seed =>
        {
            SimulatedSeed run = ScheduleSimulation.Run(seed, SchedulerFunctions.Product);
            lock (gate)
            {
                fires += run.Fires;
                differing += run.Differences.Count > 0 ? 1 : 0;
                foreach (string difference in run.Differences)
                {
                    Console.Error.WriteLine(difference);
                }

                if (++done % 500 == 0)
                {
                    Console.Error.WriteLine($"{done} seeds, {differing} differ, {watch.Elapsed.TotalSeconds:f0} s");
                }
            }
        });
        process.Refresh();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = "simulate", seeds, from, years = 10L * ScheduleSimulation.ZonesPerSeed * seeds, zones = ZoneFile.Names.Count, fires, seeds_that_differ = differing,
            seconds = Math.Round(watch.Elapsed.TotalSeconds, 2), cpu_seconds_per_seed = Math.Round((process.TotalProcessorTime - before).TotalSeconds / seeds, 3),
        }));
        return differing == 0 ? 0 : 1;
    }
}
