using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>What one seed came to.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Worlds">Schedules with ten years each.</param>
/// <param name="Fires">Fires decided.</param>
/// <param name="Outcomes">How many of each outcome, dropped ones too.</param>
/// <param name="Differences">Between the product and the oracle: none.</param>
internal sealed record SimulatedSeed(long Seed, int Worlds, int Fires, IReadOnlyDictionary<string, int> Outcomes, IReadOnlyList<string> Differences);

/// <summary>Ten years of schedules in three zones for each seed, lived through by the product and told by the oracle.</summary>
internal static class ScheduleSimulation
{
    /// <summary>Zones in one seed; in turn, so that two hundred seeds in a row see every zone there is.</summary>
    public const int ZonesPerSeed = 3;

    /// <summary>The zones of a seed.</summary>
    public static IEnumerable<string> ZonesOf(long seed) =>
        Enumerable.Range(0, ZonesPerSeed).Select(i => ZoneFile.Names[(int)(((seed * ZonesPerSeed) + i) % ZoneFile.Names.Count)]);

    public static SimulatedSeed Run(long seed, SchedulerFunctions functions)
    {
        List<string> differences = [];
        Dictionary<string, int> outcomes = [];
        int count = 0;
        foreach (string zone in ZonesOf(seed))
        {
            var (world, fires, dropped) = SchedulerWorld.Draw(Rng.From(seed).Fork(zone), zone);
            History expected = new LifeOracle(world, fires, dropped).Tell(), lived = new SchedulerLife(world, functions).Live();
            differences.AddRange(lived.Differences(expected).Select(d => $"seed {seed}, {world.Schedule}: {d}"));
            count += expected.Fires.Count;
            foreach (string what in expected.Fires.Select(f => f.Reason is null || f.What != "started" ? f.What : f.Reason).Concat(expected.Dropped.Select(_ => "dropped")))
            {
                outcomes[what] = outcomes.GetValueOrDefault(what) + 1;
            }
        }

        return new(seed, ZonesPerSeed, count, outcomes, differences);
    }
}
