namespace Sigmatiq.Backtest.Fills;

internal static class Percent
{
    /// <summary>A percentage as the double nearest to the decimal fraction a person wrote.</summary>
    public static double ToFraction(double percent) => (double)((decimal)percent / 100m);
}
