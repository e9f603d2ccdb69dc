using System.Globalization;
using System.Text.RegularExpressions;

namespace Sigmatiq.Packs;

/// <summary>A semantic version (SemVer 2.0), without build metadata.</summary>
public readonly partial record struct PackVersion(int Major, int Minor, int Patch, string Label = "") : IComparable<PackVersion>
{
    /// <summary>Reads <c>1.1.0</c> or <c>2.0.0-beta.1</c>.</summary>
    public static bool TryParse(string? text, out PackVersion version)
    {
        version = default;
        Match match = Form().Match(text ?? "");
        if (!match.Success || !int.TryParse(match.Groups[1].ValueSpan, out int major) || !int.TryParse(match.Groups[2].ValueSpan, out int minor)
            || !int.TryParse(match.Groups[3].ValueSpan, out int patch))
        {
            return false;
        }

        version = new(major, minor, patch, match.Groups[4].Value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(PackVersion other)
    {
        int order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return order != 0 ? order : CompareLabels(Label ?? "", other.Label ?? "");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(string.IsNullOrEmpty(Label) ? "" : "-" + Label)}");

    // SemVer §11: a version without a label is the later one; numbers compare as numbers and come before words.
    private static int CompareLabels(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return (a.Length == 0 ? 1 : 0) - (b.Length == 0 ? 1 : 0);
        }

        string[] left = a.Split('.'), right = b.Split('.');
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            bool isLeft = long.TryParse(left[i], out long x), isRight = long.TryParse(right[i], out long y);
            int order = isLeft && isRight ? x.CompareTo(y) : isLeft != isRight ? (isLeft ? -1 : 1) : string.CompareOrdinal(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    [GeneratedRegex(@"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-((?:0|[1-9]\d*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?\z")]
    private static partial Regex Form();
}
