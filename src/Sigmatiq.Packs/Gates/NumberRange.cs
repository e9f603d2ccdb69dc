using System.Globalization;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Packs.Gates;

/// <summary>Numbers of a pack held to the range in which they mean something: a percentage of 1e300 is a slip, not a wish.</summary>
internal static class NumberRange
{
    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>, both allowed; another one is noted.</summary>
    public static double InRange(YamlMapReader map, string key, double value, double min, double max)
    {
        if (value < min || value > max)
        {
            map.Problems.Add(
                map.PlaceOf(key), string.Create(CultureInfo.InvariantCulture, $"{map.What}.{key} was {value}."), string.Create(CultureInfo.InvariantCulture, $"Write a number from {min} to {max}."));
        }

        return value;
    }

    /// <summary>A number above 0, up to <paramref name="max"/>; another one is noted where the key was written.</summary>
    public static double Positive(YamlMapReader map, string key, double value, double max)
    {
        if ((value <= 0 || value > max) && map.Has(key))
        {
            map.Problems.Add(
                map.PlaceOf(key), string.Create(CultureInfo.InvariantCulture, $"{map.What}.{key} must be positive and at most {max}, was {value}."),
                string.Create(CultureInfo.InvariantCulture, $"Write a number above 0, up to {max}."));
        }

        return value;
    }
}
