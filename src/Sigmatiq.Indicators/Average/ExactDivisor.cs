using System.Runtime.Intrinsics;

namespace Sigmatiq.Indicators.Average;

/// <summary>Division by a period in two steps instead of one slow one, with the bits of the division.</summary>
/// <remarks>
/// <para>A recursion such as Wilder's waits for its own division, 13 cycles or more, at every bar. Here 1/p is kept as the sum of two doubles,
/// h = 1/p rounded and l = (1 − h·p)/p rounded, and x/p is fma(x, h, y·l), where y is x up to a few units of its last digit and may be known
/// sooner than x.</para>
/// <para>Why this is x/p to the bit: with u = 2⁻⁵³, |l| ≤ u·h and l is right to u·|l|, so the exact value x·h + (y·l rounded) differs from x/p
/// by less than 2⁻¹⁰⁰·x/p, which is less than 2⁻⁴⁷ units of its last digit. It therefore rounds like x/p unless a number halfway between two
/// doubles lies between the two. But x/p keeps away from those: with x = M·2ˢ in units of the quotient's last digit (M of 53 bits, s ≥ 0), its
/// distance from a half (2k + 1)/2 is |M·2ˢ⁺¹ − (2k + 1)·p|/2p, a whole number over 2p, and that number is not 0, since the odd part of
/// (2k + 1)·p has at least 54 bits and that of M·2ˢ⁺¹ at most 53. So it is at least 1/2p, and p is at most a few thousand. (This is the case
/// of an integer divisor in Brisebarre, Muller and Raina, IEEE Transactions on Computers 53(8), 2004.)</para>
/// <para>The argument needs products that do not leave the range of normal numbers: x must be 0 or at least <see cref="Smallest"/>.</para>
/// </remarks>
internal readonly struct ExactDivisor
{
    /// <summary>Below it, and above 0, a true division must be made.</summary>
    internal const double Smallest = 1e-270;

    private readonly Vector128<double> high, low;

    internal ExactDivisor(int period)
    {
        double h = 1.0 / period;
        high = Vector128.Create(h);
        low = Vector128.Create(Math.FusedMultiplyAdd(-h, period, 1.0) / period);
    }

    /// <summary>x divided by the period, in both lanes.</summary>
    /// <param name="x">Zero or from <see cref="Smallest"/> to 1e307.</param>
    /// <param name="near">x up to a few units of its last digit.</param>
    internal Vector128<double> Divide(Vector128<double> x, Vector128<double> near) => Vector128.FusedMultiplyAdd(x, high, near * low);
}
