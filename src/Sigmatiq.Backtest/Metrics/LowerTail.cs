namespace Sigmatiq.Backtest.Metrics;

/// <summary>A low quantile and the values up to it, without sorting the others.</summary>
internal static class LowerTail
{
    /// <summary>Quantile with linear interpolation between order statistics (<see cref="MetricFormulas.Quantile"/>).</summary>
    /// <param name="values">Values in any order, not empty.</param>
    /// <param name="q">0 … 1.</param>
    /// <param name="sum">Sum of the values at or below the quantile, the least first.</param>
    /// <param name="count">How many these are.</param>
    public static double Of(ReadOnlySpan<double> values, double q, out double sum, out int count)
    {
        int below = (int)Math.Floor(q * (values.Length - 1)), needed = Math.Min(below + 2, values.Length);
        double[] rented = System.Buffers.ArrayPool<double>.Shared.Rent(values.Length + 1);
        Span<double> low = rented.AsSpan(0, Negatives(values, rented));

        // Mostly the tail lies among the losses; where there are too few, or something is no number, all values are taken.
        if (low.Length < needed)
        {
            values.CopyTo(rented);
            low = rented.AsSpan(0, values.Length);
        }

        if (needed < low.Length && !double.IsNaN(LaneSum.Of(low)))
        {
            Select(low, needed - 1);
            low[..needed].Sort();
        }
        else
        {
            low.Sort();
            needed = low.Length;
        }

        double share = (q * (values.Length - 1)) - below;
        double quantile = below + 1 < values.Length ? low[below] + (share * (low[below + 1] - low[below])) : low[below];
        sum = count = 0;
        while (count < needed && low[count] <= quantile)
        {
            sum += low[count++];
        }

        // What was not sorted is at least as large as what was, so only its ties can be as low.
        if (count == needed)
        {
            foreach (double value in low[needed..])
            {
                if (value <= quantile)
                {
                    sum += value;
                    count++;
                }
            }
        }

        System.Buffers.ArrayPool<double>.Shared.Return(rented);
        return quantile;
    }

    // Writes each value and steps on only behind those wanted: no branch to guess. A value that is no number empties the answer.
    private static int Negatives(ReadOnlySpan<double> values, double[] into)
    {
        int count = 0;
        bool isNumber = true;
        foreach (double value in values)
        {
            into[count] = value;
            count += value < 0 ? 1 : 0;
            isNumber &= !double.IsNaN(value);
        }

        return isNumber ? count : 0;
    }

    // Hoare's selection: afterwards everything before place k is at most, everything behind at least what stands there.
    private static void Select(Span<double> values, int k)
    {
        int from = 0, to = values.Length - 1;
        while (from < to)
        {
            double pivot = Middle(values[from], values[(from + to) >>> 1], values[to]);
            int i = from, j = to;
            while (i <= j)
            {
                while (values[i] < pivot)
                {
                    i++;
                }

                while (values[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            if (k <= j)
            {
                to = j;
            }
            else if (k >= i)
            {
                from = i;
            }
            else
            {
                return;
            }
        }
    }

    private static double Middle(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
