namespace Sigmatiq.Indicators.Average;

/// <summary>Wilder's mean: seeded by the mean of the first n values, then (mean·(n − 1) + x)/n.</summary>
/// <remarks>Written as mean·((n − 1)/n) + x·(1/n), which keeps the division out of the recursion; it agrees to the last digits.
/// <see cref="Momentum.Rsi"/> divides in every step, because its arithmetic is fixed to the bit.</remarks>
internal readonly struct Wilder(int period)
{
    private readonly double keep = (period - 1.0) / period;
    private readonly double take = 1.0 / period;

    internal double Next(double mean, double x) => (mean * keep) + (x * take);
}
