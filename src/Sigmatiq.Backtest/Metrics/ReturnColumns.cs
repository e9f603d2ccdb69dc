using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>Returns as columns; each value by itself, so the bits do not depend on the width of vectors.</summary>
internal static class ReturnColumns
{
    /// <summary>Returns between marks: e(t + 1)/e(t) − 1.</summary>
    /// <param name="equity">Money at the start and at each mark, shape [n + 1], or nothing at all.</param>
    /// <returns>Shape [n].</returns>
    public static double[] Between(double[] equity)
    {
        double[] returns = new double[Math.Max(0, equity.Length - 1)];
        ref double e = ref MemoryMarshal.GetArrayDataReference(equity);
        ref double r = ref MemoryMarshal.GetArrayDataReference(returns);
        Vector512<double> one = Vector512.Create(1.0);
        int t = 0;
        for (; t + 8 <= returns.Length; t += 8)
        {
            Vector512<double> before = Vector512.LoadUnsafe(ref e, (nuint)t), after = Vector512.LoadUnsafe(ref e, (nuint)(t + 1));
            ((after / before) - one).StoreUnsafe(ref r, (nuint)t);
        }

        for (; t < returns.Length; t++)
        {
            returns[t] = (equity[t + 1] / equity[t]) - 1;
        }

        return returns;
    }

    /// <summary>Returns less those of a benchmark.</summary>
    /// <param name="returns">Shape [n].</param>
    /// <param name="benchmark">Shape [n].</param>
    /// <param name="excess">Receives the differences, shape [n].</param>
    public static void Excess(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, Span<double> excess)
    {
        ReadOnlySpan<Vector512<double>> own = MemoryMarshal.Cast<double, Vector512<double>>(returns), theirs = MemoryMarshal.Cast<double, Vector512<double>>(benchmark);
        Span<Vector512<double>> into = MemoryMarshal.Cast<double, Vector512<double>>(excess);
        for (int i = 0; i < own.Length; i++)
        {
            into[i] = own[i] - theirs[i];
        }

        for (int t = own.Length * 8; t < returns.Length; t++)
        {
            excess[t] = returns[t] - benchmark[t];
        }
    }
}
