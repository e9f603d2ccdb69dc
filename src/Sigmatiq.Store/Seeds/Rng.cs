using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Sigmatiq.Store.Seeds;

/// <summary>Seeded chance that forks by name, so that the same seed gives the same answer on one thread or sixty-four.</summary>
/// <remarks>The generator is xoshiro256** (Blackman and Vigna, 2018). A fork's state is SHA-256 over the parent's seed and the
/// fork's name: it does not depend on how many numbers the parent has given, nor on the order of forks.</remarks>
public sealed class Rng
{
    private readonly byte[] seed;
    private ulong s0, s1, s2, s3;
    private double spareGaussian = double.NaN;

    private Rng(byte[] seed)
    {
        this.seed = seed;
        s0 = BinaryPrimitives.ReadUInt64LittleEndian(seed);
        s1 = BinaryPrimitives.ReadUInt64LittleEndian(seed.AsSpan(8));
        s2 = BinaryPrimitives.ReadUInt64LittleEndian(seed.AsSpan(16));
        s3 = BinaryPrimitives.ReadUInt64LittleEndian(seed.AsSpan(24)) | 1;
    }

    /// <summary>The root of a tree of chance.</summary>
    public static Rng From(long seed)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        return new(SHA256.HashData(bytes));
    }

    /// <summary>An independent generator for a named part, e.g. <c>Fork("combo", 17)</c>.</summary>
    public Rng Fork(string name, long index = 0)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        byte[] bytes = new byte[32 + 8 + text.Length];
        seed.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), index);
        text.CopyTo(bytes, 40);
        return new(SHA256.HashData(bytes));
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        ulong t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform on [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform whole number on [0, bound), without bias.</summary>
    /// <param name="bound">Exclusive upper end, positive.</param>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong limit = ulong.MaxValue - (ulong.MaxValue % (ulong)bound);
        ulong bits;
        do
        {
            bits = NextBits();
        }
        while (bits >= limit);
        return (int)(bits % (ulong)bound);
    }

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double NextGaussian()
    {
        if (!double.IsNaN(spareGaussian))
        {
            double spare = spareGaussian;
            spareGaussian = double.NaN;
            return spare;
        }

        double u, v, s;
        do
        {
            u = (2 * NextDouble()) - 1;
            v = (2 * NextDouble()) - 1;
            s = (u * u) + (v * v);
        }
        while (s is >= 1 or 0);
        double scale = Math.Sqrt(-2 * Math.Log(s) / s);
        spareGaussian = v * scale;
        return u * scale;
    }
}
