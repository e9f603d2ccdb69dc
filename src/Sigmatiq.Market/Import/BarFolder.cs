using System.Globalization;
using Sigmatiq.Market.Import.Lean;

namespace Sigmatiq.Market.Import;

/// <summary>A file that is passed over, and why.</summary>
/// <param name="File">Its path.</param>
/// <param name="Reason">Why, as a part of a sentence.</param>
public readonly record struct PassedOver(string File, string Reason);

/// <summary>What of a folder's files is read, and as what: none is left out without a word.</summary>
/// <param name="Units">Files by themselves, and folders whose archives of a day each are read as one; in the order of their names.</param>
/// <param name="PassedOver">What is not read.</param>
public sealed record BarFolder(IReadOnlyList<BarFolderUnit> Units, IReadOnlyList<PassedOver> PassedOver)
{
    private static readonly string[] Extensions = [".csv", ".tsv", ".txt", ".parquet", ".pq", ".zip"];

    /// <summary>Whether a name ends like a file of bars.</summary>
    public static bool HasFormat(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>All files of a folder and below it, for looking at them one by one.</summary>
    public static BarFolder Of(string folder)
    {
        List<BarFolderUnit> units = [];
        List<PassedOver> passed = [];
        foreach (IGrouping<string, string> place in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).GroupBy(f => Path.GetDirectoryName(f)!))
        {
            string[] days = [.. place.Where(IsDay)];
            if (days.Length > 0)
            {
                units.Add(new(place.Key, days));
            }

            foreach (string file in place.Except(days))
            {
                if (ReasonOf(file) is { } reason)
                {
                    passed.Add(new(file, reason));
                }
                else
                {
                    units.Add(new(file, []));
                }
            }
        }

        return new([.. units.OrderBy(u => u.Path, StringComparer.Ordinal)], passed);
    }

    /// <summary>What an import of a folder passes over: all but the archives of trade bars that lie in it.</summary>
    public static IReadOnlyList<PassedOver> BesideArchives(string folder) =>
    [
        .. Directory.EnumerateFiles(folder).Except(LeanZip.Archives(folder)).Order(StringComparer.Ordinal)
            .Select(f => new PassedOver(f, ReasonOf(f) ?? "of a folder the zip archives are imported; import it by itself")),
        .. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(d => new PassedOver(d, "a folder of its own; import it by itself")),
    ];

    private static string? ReasonOf(string file) =>
        !HasFormat(file) ? "no format of bars" : Path.GetExtension(file).Equals(".zip", StringComparison.OrdinalIgnoreCase) && LeanZip.IsQuotes(file) ? "quotes are not bars" : null;

    // 20131007_trade.zip: one day of a series.
    private static bool IsDay(string file) => Path.GetExtension(file).Equals(".zip", StringComparison.OrdinalIgnoreCase)
        && Path.GetFileNameWithoutExtension(file).Split('_') is [var day, "trade"]
        && DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}

/// <summary>What is read as one.</summary>
/// <param name="Path">A file, or a folder.</param>
/// <param name="Days">The archives of the folder that belong to it; empty for a file.</param>
public sealed record BarFolderUnit(string Path, IReadOnlyList<string> Days);
