using System.Globalization;

namespace Sigmatiq.Market.Import;

/// <summary>Reads a number of a CSV, or that there is none.</summary>
internal static class NumberText
{
    private static readonly string[] MissingTexts = ["", "null", "nan", "na", "n/a", "none"];

    /// <summary>Reads a finite number; NaN where the text says that it is missing.</summary>
    /// <returns>False where it is neither.</returns>
    public static bool TryRead(string text, out double number)
    {
        text = text.Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number))
        {
            return true;
        }

        number = double.NaN;
        return MissingTexts.Contains(text, StringComparer.OrdinalIgnoreCase);
    }
}
