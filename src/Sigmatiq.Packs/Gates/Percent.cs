namespace Sigmatiq.Packs.Gates;

/// <summary>The one place where percent becomes fraction.</summary>
public static class Percent
{
    /// <summary>A percentage as a fraction: 0.75 is 0.0075.</summary>
    /// <remarks>By way of decimal, so that the result is the double nearest to the decimal fraction a person wrote: 0.1 / 100 in doubles is
    /// not the double 0.001.</remarks>
    public static double ToFraction(double percent) => (double)((decimal)percent / 100m);
}
