using System.Security.Cryptography;

namespace Sigmatiq.Store.Seeds;

/// <summary>Gives new ids; the clock and the chance in them are given, so a test can repeat them.</summary>
public sealed class IdSource(TimeProvider clock, Func<int, byte[]> randomBytes)
{
    /// <summary>Ids from the operating system's chance, for production.</summary>
    public static IdSource FromSystem(TimeProvider clock) => new(clock, RandomNumberGenerator.GetBytes);

    /// <summary>Ids that repeat with the seed, for tests.</summary>
    public static IdSource FromSeed(TimeProvider clock, long seed)
    {
        Rng rng = Rng.From(seed);
        return new(clock, n =>
        {
            byte[] bytes = new byte[n];
            lock (rng)
            {
                for (int i = 0; i < n; i++)
                {
                    bytes[i] = (byte)rng.NextInt(256);
                }
            }

            return bytes;
        });
    }

    /// <summary>A UUID version 7 (RFC 9562): sorts by time.</summary>
    public Guid NextUuid()
    {
        byte[] bytes = randomBytes(16);
        long ms = clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 5; i >= 0; i--)
        {
            bytes[i] = (byte)ms;
            ms >>= 8;
        }

        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new(bytes, bigEndian: true);
    }

    /// <summary>A secret of 256 bits as URL-safe text, e.g. for a sign-in link.</summary>
    public string NextSecret() => Convert.ToHexStringLower(randomBytes(32));
}
