using System.Globalization;
using System.Text.RegularExpressions;

namespace Sigmatiq.App.Pages;

/// <summary>How numbers and times read on a page: with sign and unit, a true minus, and "n/a" where there is no value.</summary>
internal static partial class PageText
{
    public const string None = "n/a";

    /// <summary>A return, always signed: 0.0198 is +1.98%.</summary>
    public static string Return(double? fraction) => fraction is { } f && double.IsFinite(f)
        ? Sign(100 * f, 2) + Fixed(Math.Abs(100 * f), 2) + "%"
        : None;

    /// <summary>A rate or share, unsigned: 0.574 is 57.4%.</summary>
    public static string Rate(double? fraction, int digits = 1) => fraction is { } f && double.IsFinite(f) ? Minus(100 * f, digits) + "%" : None;

    /// <summary>A ratio: 1.89.</summary>
    public static string Ratio(double? value, int digits = 2) => value is { } v && double.IsFinite(v) ? Minus(v, digits) : None;

    /// <summary>A p-value: four digits, never 0.</summary>
    public static string Probability(double? p) => p is { } v && double.IsFinite(v) ? v < 0.0001 ? "under 0.0001" : Fixed(v, 4) : None;

    /// <summary>A count with thin groups.</summary>
    public static string Count(long? value) => value is { } v ? v.ToString("#,0", CultureInfo.InvariantCulture) : None;

    /// <summary>First and last four digits of a digest.</summary>
    public static string Short(string digest) => digest.Length > 12 ? $"{digest[..4]}…{digest[^4..]}" : digest;

    /// <summary>A session: 2 Jan 2024.</summary>
    public static string Date(DateOnly date) => date.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A text in which dates of the form 2024-01-02 read 2 Jan 2024.</summary>
    public static string Dates(string text) => IsoDate().Replace(text, m =>
        DateOnly.TryParseExact(m.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? Date(date) : m.Value);

    /// <summary>An instant with its date, in UTC, as a <c>time</c> element.</summary>
    public static Html Instant(DateTimeOffset at)
    {
        DateTime utc = at.UtcDateTime;
        string iso = utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return Html.Of($"<time datetime=\"{iso}\" title=\"{iso}\">{utc.ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture)} UTC</time>");
    }

    /// <summary>A duration in at most two units: 1 min 12 s.</summary>
    public static string Duration(TimeSpan span)
    {
        double seconds = Math.Max(0, span.TotalSeconds);
        return seconds switch
        {
            < 60 => Fixed(Math.Floor(seconds), 0) + " s",
            < 3600 => $"{(int)span.TotalMinutes} min {span.Seconds} s",
            < 86_400 => $"{(int)span.TotalHours} h {span.Minutes} min",
            _ => $"{(int)span.TotalDays} d {span.Hours} h",
        };
    }

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}\b")]
    private static partial Regex IsoDate();

    // The sign of the rounded number: -0.001% reads 0.00%, not −0.00%.
    private static string Sign(double value, int digits) => Math.Round(value, digits) switch { > 0 => "+", < 0 => "−", _ => "" };

    private static string Minus(double value, int digits) => (Math.Round(value, digits) < 0 ? "−" : "") + Fixed(Math.Abs(value), digits);

    private static string Fixed(double value, int digits) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
