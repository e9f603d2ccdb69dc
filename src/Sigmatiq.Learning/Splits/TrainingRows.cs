using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning.Splits;

/// <summary>The rows of one training: which decision bars have a label, which train, which validate.</summary>
internal sealed class TrainingRows
{
    private TrainingRows(LabelColumns labels, TradingDays days, int from, int holdoutStart, bool isContaminated, int[] decisionBars, int[] endBars)
    {
        Labels = labels;
        Days = days;
        From = from;
        HoldoutStart = holdoutStart;
        IsContaminated = isContaminated;
        DecisionBars = decisionBars;
        EndBars = endBars;
        Training = holdoutStart < labels.Count
            ? TimeSeriesSplit.Purged(decisionBars, endBars, days, from, holdoutStart)
            : TimeSeriesSplit.Between(decisionBars, from, holdoutStart);
        Validation = TimeSeriesSplit.Between(decisionBars, holdoutStart, labels.Count);
    }

    /// <summary>Labels of all bars.</summary>
    public LabelColumns Labels { get; }

    /// <summary>Trading days of the bars.</summary>
    public TradingDays Days { get; }

    /// <summary>First bar of the range.</summary>
    public int From { get; }

    /// <summary>First bar of the hold-out; the number of bars where nothing is held out.</summary>
    public int HoldoutStart { get; }

    /// <summary>Whether the sweep had seen bars of this hold-out.</summary>
    public bool IsContaminated { get; }

    /// <summary>Decision bar of each row, ascending.</summary>
    public int[] DecisionBars { get; }

    /// <summary>Closing bar of each row's label.</summary>
    public int[] EndBars { get; }

    /// <summary>Rows of the selection window, purged against the hold-out.</summary>
    public int[] Training { get; }

    /// <summary>Labelled rows of the hold-out.</summary>
    public int[] Validation { get; }

    /// <summary>Number of bars.</summary>
    public int Bars => Labels.Count;

    /// <summary>All bars of the hold-out, labelled or not: the model is asked about each.</summary>
    public int[] Holdout => [.. Enumerable.Range(HoldoutStart, Bars - HoldoutStart)];

    /// <summary>Cuts the hold-out off labelled bars.</summary>
    /// <exception cref="ProblemException">TRN-1004: too few rows, or one kind of outcome.</exception>
    public static TrainingRows Prepare(TrainingPlan plan, TrainingData data, LabelColumns labels, int rowsMin)
    {
        int[] decision = [.. labels.LabelledBars().Where(t => t >= data.From)];
        TradingDays days = new(data.Fills);
        var (holdout, sweepHoldout) = HoldoutStarts(plan, data, days);
        TrainingRows rows = new(labels, days, data.From, holdout, holdout < sweepHoldout, decision, [.. decision.Select(t => labels.EndBar[t])]);
        int gains = rows.LabelsOf(rows.Training).Count(y => y > 0.5);
        return rows.Training.Length >= rowsMin && gains > 0 && gains < rows.Training.Length
            ? rows
            : throw new ProblemException("TRN-1004",
                $"The selection window has {rows.Training.Length} labelled rows, {gains} of them gains; {rowsMin} rows with both kinds are needed.",
                plan.ModelId, "Use a longer date range or shorter bars.");
    }

    /// <summary>Which hold-out a training looks at: the sweep's where the rows it is judged on lie in it, even in part, and else those rows
    /// themselves; null where it looks at none, as a refit.</summary>
    /// <remarks>Both end with the bars, so they share a row wherever neither is empty: a share of its own does not make a look at other rows.</remarks>
    public static string? HoldoutId(TrainingPlan plan, TrainingData data)
    {
        long[] starts = data.Fills.StartUtcUs;
        var (own, sweeps) = HoldoutStarts(plan, data, new(data.Fills));
        return own == starts.Length ? null : HoldoutLooks.IdOf(plan.DataSnapshotId, starts[sweeps < starts.Length ? sweeps : own], starts[^1]);
    }

    // First bar of the training's hold-out and of the sweep's; the number of bars where nothing is held out.
    private static (int Own, int Sweeps) HoldoutStarts(TrainingPlan plan, TrainingData data, TradingDays days)
    {
        int sweeps = FirstBarFrom(data.Fills.StartUtcUs, plan.SweepHoldoutFirstUtcUs), n = data.Fills.Count;
        int own = plan.RefitOf is not null ? n : Math.Abs(plan.Parameters.TestSize - plan.SweepHoldoutShare) < 1e-9
            ? sweeps
            : TimeSeriesSplit.HoldoutStart(days, data.From, plan.Parameters.TestSize);
        return (Math.Clamp(own, data.From + 1, n), sweeps);
    }

    /// <summary>Training rows whose decision bar is in [<paramref name="fromBar"/>, <paramref name="toBar"/>).</summary>
    public int[] TrainingIn(int fromBar, int toBar) => [.. Training.Where(r => DecisionBars[r] >= fromBar && DecisionBars[r] < toBar)];

    /// <summary>Decision bars of rows.</summary>
    public int[] BarsOf(int[] rows) => [.. rows.Select(r => DecisionBars[r])];

    /// <summary>Labels of rows.</summary>
    public double[] LabelsOf(int[] rows) => [.. rows.Select(r => Labels.Label[DecisionBars[r]])];

    /// <summary>Uniqueness weights among the given rows alone, so that a fold's weights know no later row.</summary>
    public double[] WeightsOf(int[] rows) => Uniqueness.Weights(BarsOf(rows), [.. rows.Select(r => EndBars[r])]);

    private static int FirstBarFrom(long[] startUtcUs, long utcUs)
    {
        int at = Array.BinarySearch(startUtcUs, utcUs);
        return at >= 0 ? at : ~at;
    }
}
