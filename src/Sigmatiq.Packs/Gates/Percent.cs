namespace Sigmatiq.Packs.Gates;

/// <summary>The one place where percent becomes fraction, and back.</summary>
public static class Percent
{
    /// <summary>A percentage as a fraction: 0.75 is 0.0075.</summary>
    /// <remarks>By way of decimal, so that the result is the double nearest to the decimal fraction a person wrote: 0.1 / 100 in doubles is
    /// not the double 0.001.</remarks>
    public static double ToFraction(double percent)
    {
        // With up to four decimals both sides of the division are whole and exact, and its one rounding gives the same double.
        double whole = Math.Round(percent * 10_000);
        return Math.Abs(whole) < 1e14 && whole / 10_000 == percent ? whole / 1_000_000 : (double)((decimal)percent / 100m);
    }

    /// <summary>A finite fraction as a percentage: 0.58 is 58.</summary>
    /// <remarks>By way of decimal too: 29 of 50 times 100 in doubles is less than 58, and a gate of 58 percent must not fail on that.</remarks>
    public static double OfFraction(double fraction) => (double)((decimal)fraction * 100m);
}
