namespace Sigmatiq.Packs.Rules;

/// <summary>A column, or one number that stands for every bar.</summary>
internal readonly record struct Series(double[]? Column, double Scalar)
{
    public static Series Of(double[] column) => new(column, double.NaN);

    public static Series Of(double scalar) => new(null, scalar);

    public double[] ToColumn(int count)
    {
        if (Column is not null)
        {
            return Column;
        }

        double[] filled = new double[count];
        Array.Fill(filled, Scalar);
        return filled;
    }
}

internal interface IUnaryKernel
{
    static abstract double Apply(double a);
}

internal interface IBinaryKernel
{
    static abstract double Apply(double a, double b);
}

/// <summary>Element-wise passes. Booleans are 1, 0 and NaN; logic is Kleene's three-valued one.</summary>
internal static class Kernels
{
    public static Series Unary<T>(Series a, Func<double[]> rent) where T : struct, IUnaryKernel
    {
        if (a.Column is null)
        {
            return Series.Of(T.Apply(a.Scalar));
        }

        double[] x = a.Column, y = rent();
        for (int t = 0; t < y.Length; t++)
        {
            y[t] = T.Apply(x[t]);
        }

        return Series.Of(y);
    }

    public static Series Binary<T>(Series a, Series b, Func<double[]> rent) where T : struct, IBinaryKernel
    {
        if (a.Column is null && b.Column is null)
        {
            return Series.Of(T.Apply(a.Scalar, b.Scalar));
        }

        double[] y = rent();
        if (a.Column is null)
        {
            double left = a.Scalar;
            double[] right = b.Column!;
            for (int t = 0; t < y.Length; t++)
            {
                y[t] = T.Apply(left, right[t]);
            }
        }
        else if (b.Column is null)
        {
            double[] left = a.Column;
            double right = b.Scalar;
            for (int t = 0; t < y.Length; t++)
            {
                y[t] = T.Apply(left[t], right);
            }
        }
        else
        {
            double[] left = a.Column, right = b.Column;
            for (int t = 0; t < y.Length; t++)
            {
                y[t] = T.Apply(left[t], right[t]);
            }
        }

        return Series.Of(y);
    }

    private static bool AnyUndefined(double a, double b) => double.IsNaN(a) || double.IsNaN(b);

    private static double Flag(bool value) => value ? 1 : 0;

    private static bool Same(double a, double b) => a == b || Math.Abs(a - b) <= 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b));

    public readonly struct Negate : IUnaryKernel { public static double Apply(double a) => -a; }

    public readonly struct Not : IUnaryKernel { public static double Apply(double a) => 1 - a; }

    public readonly struct Abs : IUnaryKernel { public static double Apply(double a) => Math.Abs(a); }

    public readonly struct Sign : IUnaryKernel { public static double Apply(double a) => a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : double.NaN; }

    public readonly struct Or : IBinaryKernel
    {
        public static double Apply(double a, double b) => a == 1 || b == 1 ? 1 : AnyUndefined(a, b) ? double.NaN : 0;
    }

    public readonly struct And : IBinaryKernel
    {
        public static double Apply(double a, double b) => a == 0 || b == 0 ? 0 : AnyUndefined(a, b) ? double.NaN : 1;
    }

    public readonly struct Greater : IBinaryKernel
    {
        public static double Apply(double a, double b) => AnyUndefined(a, b) ? double.NaN : Flag(a > b);
    }

    public readonly struct Less : IBinaryKernel
    {
        public static double Apply(double a, double b) => AnyUndefined(a, b) ? double.NaN : Flag(a < b);
    }

    public readonly struct GreaterOrEqual : IBinaryKernel
    {
        public static double Apply(double a, double b) => AnyUndefined(a, b) ? double.NaN : Flag(a >= b);
    }

    public readonly struct LessOrEqual : IBinaryKernel
    {
        public static double Apply(double a, double b) => AnyUndefined(a, b) ? double.NaN : Flag(a <= b);
    }

    public readonly struct Equal : IBinaryKernel
    {
        public static double Apply(double a, double b) => AnyUndefined(a, b) ? double.NaN : Flag(Same(a, b));
    }

    public readonly struct NotEqual : IBinaryKernel
    {
        public static double Apply(double a, double b) => AnyUndefined(a, b) ? double.NaN : Flag(!Same(a, b));
    }

    public readonly struct Add : IBinaryKernel { public static double Apply(double a, double b) => a + b; }

    public readonly struct Subtract : IBinaryKernel { public static double Apply(double a, double b) => a - b; }

    public readonly struct Multiply : IBinaryKernel { public static double Apply(double a, double b) => a * b; }

    public readonly struct Divide : IBinaryKernel { public static double Apply(double a, double b) => b == 0 ? double.NaN : a / b; }

    public readonly struct Min : IBinaryKernel { public static double Apply(double a, double b) => Math.Min(a, b); }

    public readonly struct Max : IBinaryKernel { public static double Apply(double a, double b) => Math.Max(a, b); }
}
