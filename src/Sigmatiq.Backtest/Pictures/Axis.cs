namespace Sigmatiq.Backtest.Pictures;

/// <summary>Round numbers for an axis.</summary>
internal static class Axis
{
    /// <summary>Multiples of 1, 2, 2.5 or 5 times a power of ten that lie in [low, high], at most <paramref name="count"/> + 1 of them.</summary>
    public static IReadOnlyList<double> Ticks(double low, double high, int count)
    {
        double raw = (high - low) / count;
        if (!(raw > 0))
        {
            return [low];
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = new[] { 1, 2, 2.5, 5, 10 }.Select(m => m * power).First(s => s >= raw * (1 - 1e-9));
        List<double> ticks = [];
        for (long k = (long)Math.Ceiling((low / step) - 1e-9); k * step <= high + (step * 1e-9); k++)
        {
            ticks.Add(k * step);
        }

        return ticks;
    }
}
