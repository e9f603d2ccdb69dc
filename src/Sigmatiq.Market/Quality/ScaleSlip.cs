namespace Sigmatiq.Market.Quality;

/// <summary>Finds stretches of a series that are a power of ten away from the rest of it: cents for dollars, a lost decimal point.</summary>
/// <remarks>
/// A slip begins and ends with a step of almost exactly a power of ten, which no market makes from one value to the next; inside it the
/// series moves as it always does. So the steps tell, not the level: the level of the values before a step is what the values after it
/// are held against, however far both have wandered since the beginning. The scale that most values have is the right one.
/// </remarks>
internal static class ScaleSlip
{
    // In decades: a real move of up to a third may fall on the same day.
    private const double StepTolerance = 0.12;

    // A value of one or two of its smallest units can really grow tenfold: a rate of 0.01 % to 0.1 %.
    private const double UnitsMin = 10;

    private const int DecimalsMax = 8;

    // What lies on both sides of zero (a balance, a growth rate) has no scale; a price that was negative for a day has one.
    private const double PositiveMin = 0.95;

    /// <summary>Every value that is off, with the power of ten by which it is.</summary>
    /// <param name="values">A series, oldest first, shape [n]; values that are missing or not above zero are passed over.</param>
    /// <param name="splits">Whether a tenfold change that lasts may be a split and is none then.</param>
    public static List<(int At, int Power)> Find(ReadOnlySpan<double> values, bool splits)
    {
        List<int> known = [];
        int present = 0;
        for (int t = 0; t < values.Length; t++)
        {
            present += double.IsFinite(values[t]) ? 1 : 0;
            if (double.IsFinite(values[t]) && values[t] > 0)
            {
                known.Add(t);
            }
        }

        if (known.Count < PositiveMin * present || Powers(values, known) is not { } powers)
        {
            return [];
        }

        if (splits)
        {
            LeaveOutSplits(powers);
        }

        int usual = powers.CountBy(p => p).MaxBy(p => p.Value).Key;
        List<(int, int)> found = [];
        for (int i = 0; i < powers.Length; i++)
        {
            if (powers[i] != usual)
            {
                found.Add((known[i], powers[i] - usual));
            }
        }

        return found;
    }

    /// <summary>Power of ten of each value against the first; null where there is no such step.</summary>
    private static int[]? Powers(ReadOnlySpan<double> values, List<int> known)
    {
        int[]? powers = null;
        double unit = 0;
        for (int i = 1; i < known.Count; i++)
        {
            double before = values[known[i - 1]], now = values[known[i]];
            double ratio = now / before;
            int step = 0;
            if (ratio is > 7 or < 1 / 7.0)
            {
                double decades = Math.Log10(ratio);
                double whole = Math.Round(decades);
                unit = unit > 0 ? unit : UnitOf(values, known);
                step = Math.Abs(decades - whole) <= StepTolerance && Math.Min(before, now) >= UnitsMin * unit * (1 - 1e-9) ? (int)whole : 0;
            }

            if (step != 0)
            {
                powers ??= new int[known.Count];
            }

            if (powers is not null)
            {
                powers[i] = powers[i - 1] + step;
            }
        }

        return powers;
    }

    /// <summary>The smallest decimal step in which the values are written.</summary>
    private static double UnitOf(ReadOnlySpan<double> values, List<int> known)
    {
        double unit = 1;
        for (int digits = 0; digits < DecimalsMax; digits++, unit /= 10)
        {
            bool all = true;
            foreach (int t in known)
            {
                double scaled = values[t] / unit;
                all &= Math.Abs(scaled - Math.Round(scaled)) <= 1e-9 * Math.Max(1, Math.Abs(scaled));
            }

            if (all)
            {
                break;
            }
        }

        return unit;
    }

    // A tenfold change that neither is undone nor undoes another is how a split of raw prices looks.
    private static void LeaveOutSplits(int[] powers)
    {
        for (int i = 1; i < powers.Length; i++)
        {
            int step = powers[i] - powers[i - 1];
            if (Math.Abs(step) == 1 && !powers.AsSpan(i).Contains(powers[i - 1]) && !powers.AsSpan(0, i).Contains(powers[i]))
            {
                for (int j = i; j < powers.Length; j++)
                {
                    powers[j] -= step;
                }
            }
        }
    }
}
