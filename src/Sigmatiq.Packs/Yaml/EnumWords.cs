using System.Text;

namespace Sigmatiq.Packs.Yaml;

/// <summary>The words of an enum in YAML and JSON: its names in lower case with underscores, <c>AllWeather</c> is <c>all_weather</c>.</summary>
public static class EnumWords<T> where T : struct, Enum
{
    private static readonly Dictionary<T, string> Texts = Enum.GetValues<T>().ToDictionary(v => v, v => Snake(v.ToString()));

    /// <summary>Word to value, in the order of the enum.</summary>
    public static IReadOnlyDictionary<string, T> Words { get; } = Texts.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);

    /// <summary>The word of a value.</summary>
    public static string Text(T value) => Texts[value];

    private static string Snake(string name)
    {
        StringBuilder text = new();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
