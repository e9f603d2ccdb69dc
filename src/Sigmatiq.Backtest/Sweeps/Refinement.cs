using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Packs.Grid;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Which combos follow a sample: the neighbours of its best (02 §2.4), round by round while the budget lasts. They are trials like any
/// other.</summary>
internal static class Refinement
{
    private const int Top = 10;

    /// <summary>Neighbours of the ten best, one step along one axis, that were not evaluated yet.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="evaluated">What was evaluated so far.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="isKnown">Whether a combo's confidence is there: a new pair would move the start of all metrics.</param>
    /// <returns>Ids in the order of rank, axis and step.</returns>
    public static IReadOnlyList<int> Around(ParameterGrid grid, IReadOnlyList<LeaderboardOrder.Entry> evaluated, int count, Func<int, bool> isKnown)
    {
        HashSet<int> taken = [.. evaluated.Select(e => e.ComboId)];
        List<int> next = [];
        foreach (LeaderboardOrder.Entry best in EarlyStop.BestOf(evaluated, Top))
        {
            int[] at = grid.Indices(best.ComboId);
            for (int axis = 0; axis < at.Length; axis++)
            {
                for (int step = -1; step <= 1; step += 2)
                {
                    at[axis] += step;
                    if (at[axis] >= 0 && at[axis] < grid.Axes[axis].Values.Count && grid.IdOf(at) is var id && !taken.Contains(id) && isKnown(id) && next.Count < count)
                    {
                        taken.Add(id);
                        next.Add(id);
                    }

                    at[axis] -= step;
                }
            }
        }

        return next;
    }
}
