namespace Sigmatiq.Packs.Rules;

/// <summary>Columns for what an expression needs on the way, kept per thread: a sweep evaluates the same rules under many parameters, and
/// fresh memory costs more than most passes over it. Contents are whatever was there before.</summary>
internal static class ScratchColumns
{
    // Of longer columns a thread would keep too much.
    private const int LengthMax = 1 << 16, KeptMax = 8;

    [ThreadStatic]
    private static Stack<double[]>? spare;

    /// <summary>A column of some length.</summary>
    public static double[] Rent(int count)
    {
        while (spare is not null && spare.TryPop(out double[]? column))
        {
            if (column.Length == count)
            {
                return column;
            }
        }

        return new double[count];
    }

    /// <summary>Gives back a column that nobody reads any more.</summary>
    public static void Return(double[] column)
    {
        spare ??= new(KeptMax);
        if (spare.Count < KeptMax && column.Length <= LengthMax)
        {
            spare.Push(column);
        }
    }
}
