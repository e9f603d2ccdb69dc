namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Which combos stand for those that trade alike and differ in size alone.</summary>
internal static class DifferentCombos
{
    /// <summary>Of each group the one with the best Sharpe ratio, the first of equal ones, in the order in which the groups came: a least fee weighs on small sizes, and nobody
    /// would choose these (decision 0026).</summary>
    /// <param name="combos">All combos.</param>
    /// <param name="id">The id of one.</param>
    /// <param name="duplicateOf">The first that trades alike; null for that one itself.</param>
    /// <param name="sharpe">Its Sharpe ratio; null where there is none.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> combos, Func<T, int> id, Func<T, int?> duplicateOf, Func<T, double?> sharpe) => combos
        .GroupBy(c => duplicateOf(c) ?? id(c)).OrderBy(g => g.Key).Select(g => g.MaxBy(c => (sharpe(c) ?? double.NegativeInfinity, -id(c)))!);
}
