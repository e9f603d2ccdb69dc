using System.Numerics;
using System.Runtime.InteropServices;

namespace Sigmatiq.Packs.Rules;

/// <summary>Columns of 1 and 0 that three-valued columns are joined to, where undefined counts as false.</summary>
internal static class Masks
{
    /// <summary>mask ← mask and holds.</summary>
    public static void And(double[] mask, double[] holds)
    {
        Span<Vector<double>> wide = MemoryMarshal.Cast<double, Vector<double>>(mask.AsSpan());
        ReadOnlySpan<Vector<double>> other = MemoryMarshal.Cast<double, Vector<double>>(holds.AsSpan());
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = Vector.ConditionalSelect(Vector.Equals(other[i], Vector<double>.One), wide[i], Vector<double>.Zero);
        }

        for (int t = wide.Length * Vector<double>.Count; t < mask.Length; t++)
        {
            mask[t] = holds[t] == 1 ? mask[t] : 0;
        }
    }

    /// <summary>mask ← mask or holds.</summary>
    public static void Or(double[] mask, double[] holds)
    {
        Span<Vector<double>> wide = MemoryMarshal.Cast<double, Vector<double>>(mask.AsSpan());
        ReadOnlySpan<Vector<double>> other = MemoryMarshal.Cast<double, Vector<double>>(holds.AsSpan());
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = Vector.ConditionalSelect(Vector.Equals(other[i], Vector<double>.One), Vector<double>.One, wide[i]);
        }

        for (int t = wide.Length * Vector<double>.Count; t < mask.Length; t++)
        {
            mask[t] = holds[t] == 1 ? 1 : mask[t];
        }
    }
}
