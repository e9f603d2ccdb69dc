namespace Sigmatiq.Learning.Labels;

/// <summary>Weights of rows whose labels overlap in time: forty positions open at once say little more than one (spec 02 §2.6; López de
/// Prado 2018, chapter 4, "average uniqueness").</summary>
public static class Uniqueness
{
    /// <summary>Weight of each row: the mean, over the bars of its label, of 1/(labels open at that bar).</summary>
    /// <param name="decisionBars">Decision bar of each row, shape [rows]. A label is open from the bar after it, where the position is
    /// entered, to its end, both included.</param>
    /// <param name="endBars">Closing bar of each row's label, later than the decision bar, shape [rows].</param>
    /// <returns>Weights in (0, 1], shape [rows]. Their sum is the effective number of rows.</returns>
    public static double[] Weights(ReadOnlySpan<int> decisionBars, ReadOnlySpan<int> endBars)
    {
        int last = -1;
        foreach (int end in endBars)
        {
            last = Math.Max(last, end);
        }

        // Opening adds one at the entry bar, closing takes it away after the end bar: the running sum is the number open.
        int[] change = new int[last + 2];
        for (int i = 0; i < decisionBars.Length; i++)
        {
            change[decisionBars[i] + 1]++;
            change[endBars[i] + 1]--;
        }

        double[] shareBefore = new double[last + 2];
        int open = 0;
        for (int t = 0; t <= last; t++)
        {
            open += change[t];
            shareBefore[t + 1] = shareBefore[t] + (open == 0 ? 0 : 1.0 / open);
        }

        double[] weights = new double[decisionBars.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            int entry = decisionBars[i] + 1;
            weights[i] = (shareBefore[endBars[i] + 1] - shareBefore[entry]) / (endBars[i] + 1 - entry);
        }

        return weights;
    }
}
