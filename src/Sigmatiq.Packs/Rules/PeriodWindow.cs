using Sigmatiq.Market.Bars;

namespace Sigmatiq.Packs.Rules;

/// <summary>Joins values of neighbouring periods, oldest first.</summary>
internal interface IWindowKernel<T>
{
    static abstract T Of(double value);

    static abstract T Join(T older, T newer);
}

/// <summary>Windows over the periods of a rule frame: the last n − 1 completed periods and the running one.</summary>
/// <remarks>O(bars + periods) for any length, after van Herk (1992): joins run inside blocks, forwards and backwards, and any window is one
/// join of two of them. Nothing is ever subtracted, so no error stays behind when a large value leaves the window, and an undefined value
/// leaves with its bar.</remarks>
internal static class PeriodWindow
{
    /// <summary>Fills <paramref name="output"/>[t] from the joined window at t.</summary>
    /// <param name="frame">Which bars are whose periods.</param>
    /// <param name="input">The series on the frame, shape [bars].</param>
    /// <param name="length">Periods in the window, the running one included.</param>
    /// <param name="output">Receives the values, shape [bars].</param>
    /// <param name="value">From the join, the value now and the number of periods in the window to the result.</param>
    public static void Fill<T, TKernel>(RuleFrame frame, double[] input, int length, double[] output, Func<T, double, int, double> value)
        where TKernel : struct, IWindowKernel<T>
    {
        int[] periodOf = frame.PeriodOf, lastBarOf = frame.LastBarOf;
        int block = Math.Min(length - 1, lastBarOf.Length);
        if (block == 0)
        {
            for (int t = 0; t < output.Length; t++)
            {
                output[t] = value(TKernel.Of(input[t]), input[t], 1);
            }

            return;
        }

        int periods = lastBarOf.Length;
        T[] forwards = new T[periods], backwards = new T[periods];
        for (int p = 0; p < periods; p++)
        {
            T one = TKernel.Of(input[lastBarOf[p]]);
            forwards[p] = p % block == 0 ? one : TKernel.Join(forwards[p - 1], one);
        }

        for (int p = periods - 1; p >= 0; p--)
        {
            T one = TKernel.Of(input[lastBarOf[p]]);
            backwards[p] = p % block == block - 1 || p == periods - 1 ? one : TKernel.Join(one, backwards[p + 1]);
        }

        for (int t = 0; t < output.Length; t++)
        {
            int before = periodOf[t] - 1;
            T now = TKernel.Of(input[t]);
            if (before < 0)
            {
                output[t] = value(now, input[t], 1);
                continue;
            }

            int first = before - block + 1;
            T past = first <= 0 || first % block == 0 ? forwards[before] : TKernel.Join(backwards[first], forwards[before]);
            output[t] = value(TKernel.Join(past, now), input[t], Math.Min(before + 2, length));
        }
    }

    /// <summary>The series k periods ago; undefined before the first period.</summary>
    public static void Shift(RuleFrame frame, double[] input, int back, double[] output)
    {
        int[] periodOf = frame.PeriodOf, lastBarOf = frame.LastBarOf;
        for (int t = 0; t < output.Length; t++)
        {
            int p = periodOf[t] - back;
            output[t] = p < 0 ? double.NaN : back == 0 ? input[t] : input[lastBarOf[p]];
        }
    }

    public readonly struct Sum : IWindowKernel<double>
    {
        public static double Of(double value) => value;

        public static double Join(double older, double newer) => older + newer;
    }

    public readonly struct Highest : IWindowKernel<double>
    {
        public static double Of(double value) => value;

        public static double Join(double older, double newer) => Math.Max(older, newer);
    }

    public readonly struct Lowest : IWindowKernel<double>
    {
        public static double Of(double value) => value;

        public static double Join(double older, double newer) => Math.Min(older, newer);
    }

    public readonly struct Any : IWindowKernel<double>
    {
        public static double Of(double value) => value;

        public static double Join(double older, double newer) => Kernels.Or.Apply(older, newer);
    }

    /// <summary>Count, mean and sum of squared deviations of the defined values (Chan, Golub, LeVeque 1979): exact zero for a constant.</summary>
    public readonly record struct Moments(int Count, double Mean, double Squares);

    public readonly struct Spread : IWindowKernel<Moments>
    {
        public static Moments Of(double value) => double.IsNaN(value) ? default : new(1, value, 0);

        public static Moments Join(Moments older, Moments newer)
        {
            if (older.Count == 0)
            {
                return newer;
            }

            if (newer.Count == 0)
            {
                return older;
            }

            int count = older.Count + newer.Count;
            double delta = newer.Mean - older.Mean;
            return new(
                count, older.Mean + (delta * newer.Count / count),
                older.Squares + newer.Squares + (delta * delta * older.Count * newer.Count / count));
        }
    }
}
