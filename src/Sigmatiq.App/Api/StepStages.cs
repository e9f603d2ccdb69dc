using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.App.Api;

/// <summary>The steps of the versions of a workflow as rows: in an order in which each follows what it needs, under the eight stages of spec 04 §4.1.</summary>
internal static class StepStages
{
    /// <summary>The stages in order; the last one is for steps that belong to none.</summary>
    public static readonly IReadOnlyList<string> All = ["Bootstrap", "Data", "Train", "Forecast", "Backtest", "Approve", "Deploy", "Monitor", "Other"];

    private static readonly int Other = All.Count - 1;

    /// <summary>A row.</summary>
    /// <param name="Name">The step.</param>
    /// <param name="Uses">Its kind, in the newest version that has it.</param>
    /// <param name="Stage">Its stage.</param>
    public sealed record Row(string Name, string Uses, string Stage);

    /// <summary>The steps of all versions.</summary>
    /// <param name="versions">The versions, the one that counts most first.</param>
    public static IReadOnlyList<Row> Of(IReadOnlyList<WorkflowDefinition> versions)
    {
        Dictionary<string, Place> places = new(StringComparer.Ordinal);
        foreach (StepSpec step in versions.SelectMany(v => v.Steps))
        {
            places.TryAdd(step.Name, new(step, places.Count));
        }

        foreach (Place place in places.Values)
        {
            place.Needs.UnionWith(place.Step.Needs);
        }

        // What only an older version has still stands before what needed it there, unless a newer one turned that round.
        foreach (StepSpec step in versions.SelectMany(v => v.Steps))
        {
            foreach (string need in step.Needs.Where(n => !places[step.Name].Needs.Contains(n) && !IsAfter(places, n, step.Name)))
            {
                places[step.Name].Needs.Add(need);
            }
        }

        foreach (Place place in places.Values)
        {
            place.Stage = StageOf(places, place);
        }

        List<Row> rows = [];
        HashSet<string> done = new(StringComparer.Ordinal);
        while (places.Values.Where(p => !done.Contains(p.Step.Name) && p.Needs.IsSubsetOf(done)).MinBy(p => (p.Stage, p.Index)) is { } next)
        {
            done.Add(next.Step.Name);
            rows.Add(new(next.Step.Name, next.Step.Uses, All[next.Stage]));
        }

        return rows;
    }

    // Steps of general use belong to the stage of what they follow, and at the beginning to that of what follows them.
    private static int StageOf(Dictionary<string, Place> places, Place place) => OwnStage(place.Step.Uses) ?? Nearest(places, place, above: true) ?? Nearest(places, place, above: false) ?? Other;

    private static int? Nearest(Dictionary<string, Place> places, Place from, bool above)
    {
        HashSet<string> seen = new(StringComparer.Ordinal) { from.Step.Name };
        for (List<Place> at = [from]; at.Count > 0;)
        {
            at = [.. at.SelectMany(p => above ? p.Needs.Select(n => places[n]) : places.Values.Where(o => o.Needs.Contains(p.Step.Name))).Where(p => seen.Add(p.Step.Name))];
            int[] stages = [.. at.Select(p => OwnStage(p.Step.Uses)).OfType<int>()];
            if (stages.Length > 0)
            {
                return above ? stages.Max() : stages.Min();
            }
        }

        return null;
    }

    private static int? OwnStage(string uses) => (uses.Split('.', 2)[0], uses) switch
    {
        (_, "store.bootstrap") => 0,
        ("market", _) => 1,
        (_, "backtest.sweep" or "backtest.queued_sweep" or "learning.train" or "learning.queued_training") => 2,
        (_, "learning.forecast") or ("forecast", _) => 3,
        (_, "backtest.evidence") or ("pipeline", _) => 4,
        (_, "approval") => 5,
        (_, "trading.deploy") or ("desk", _) => 6,
        (_, "trading.monitor") => 7,
        _ => null,
    };

    private static bool IsAfter(Dictionary<string, Place> places, string step, string of)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Queue<string> at = new([step]);
        while (at.TryDequeue(out string? name))
        {
            if (name == of)
            {
                return true;
            }

            foreach (string need in places[name].Needs.Where(seen.Add))
            {
                at.Enqueue(need);
            }
        }

        return false;
    }

    private sealed class Place(StepSpec step, int index)
    {
        public StepSpec Step { get; } = step;

        public int Index { get; } = index;

        public HashSet<string> Needs { get; } = new(StringComparer.Ordinal);

        public int Stage { get; set; }
    }
}
