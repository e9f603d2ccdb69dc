using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Ends a sweep once its ten best combos stay the same over windows of 100 (02 §2.4). Decided on the order of evaluation, which is a
/// function of the request, never on which thread was first.</summary>
internal sealed class EarlyStop(QualityGates gates)
{
    /// <summary>Combos between two looks at the ranking.</summary>
    public const int Window = 100;

    private const int Top = 10, TimesMin = 3;
    private const double AgreementMin = 0.95;

    private readonly List<double> agreements = [];
    private LeaderboardOrder.Entry[] best = [];
    private int times;

    /// <summary>How far the best of each window agree with those of the one before.</summary>
    public IReadOnlyList<double> Agreements => agreements;

    /// <summary>Whether the ranking has settled.</summary>
    public bool IsReached => times >= TimesMin;

    /// <summary>Looks at the ranking after another window.</summary>
    public void Add(IEnumerable<ComboFigures> window)
    {
        LeaderboardOrder.Entry[] before = best;
        best = BestOf(before.Concat(window.Select(f => new LeaderboardOrder.Entry(f.ComboId, GateResult.Of(gates, f.Metrics).Status, f.Metrics))), Top);
        if (before.Length > 0)
        {
            double agreement = Agreement([.. before.Select(e => e.ComboId)], [.. best.Select(e => e.ComboId)]);
            agreements.Add(agreement);
            times = agreement >= AgreementMin ? times + 1 : 0;
        }
    }

    /// <summary>The best of some combos, best first.</summary>
    public static LeaderboardOrder.Entry[] BestOf(IEnumerable<LeaderboardOrder.Entry> entries, int count) => [.. LeaderboardOrder.Rank(entries).Take(count)];

    /// <summary>Kendall's τ-b of two top lists over all that stand on either; who is missing from one shares the place after its last.</summary>
    /// <returns>1 for equal lists, −1 for reversed ones; 0 where all places are shared.</returns>
    public static double Agreement(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        int[] all = [.. first.Union(second)];
        int Place(IReadOnlyList<int> list, int id)
        {
            for (int i = 0; i < list.Count; i++)
            {
                if (list[i] == id)
                {
                    return i;
                }
            }

            return list.Count;
        }

        int score = 0, variesFirst = 0, variesSecond = 0;
        for (int i = 0; i < all.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int a = Math.Sign(Place(first, all[i]) - Place(first, all[j])), b = Math.Sign(Place(second, all[i]) - Place(second, all[j]));
                score += a * b;
                variesFirst += a * a;
                variesSecond += b * b;
            }
        }

        return variesFirst == 0 || variesSecond == 0 ? 0 : score / Math.Sqrt((double)variesFirst * variesSecond);
    }
}
