using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>Finds the columns of bars among a file's names, in any case and order.</summary>
internal static class BarFields
{
    public const string Time = "ts", Symbol = "symbol", AdjFactor = "adj_factor";

    public static readonly string[] Numbers = ["open", "high", "low", "close", "volume"];

    public static readonly string[] All = [Time, .. Numbers, AdjFactor, Symbol];

    public static readonly string[] TimeNames = ["ts", "date", "time", "timestamp", "datetime"];

    /// <summary>Our name → index of the file's column; the optional ones only where they are there.</summary>
    /// <exception cref="ProblemException">MKT-2003: a column is missing. MKT-2004: one is there twice.</exception>
    public static Dictionary<string, int> Find(string path, IReadOnlyList<string> header, BarFileOptions options)
    {
        Dictionary<string, int> found = [];
        foreach (string field in All)
        {
            string[] names = options.Columns.TryGetValue(field, out string? theirs) ? [theirs] : field switch
            {
                Time => TimeNames,
                Symbol => ["symbol", "ticker"],
                _ => [field],
            };
            if (At(path, header, field, names, $"Name one with --columns {field}=NAME, or remove the other.") is { } at)
            {
                found[field] = at;
            }
            else if (theirs is not null || (field is not AdjFactor and not Symbol && !(field == "volume" && options.VolumeOptional)))
            {
                throw new ProblemException(
                    "MKT-2003", $"There is no column '{theirs ?? field}'; the file has {string.Join(", ", header)}.", path,
                    $"Name it with --columns {field}=NAME.", ExitCode.BadUsage);
            }
        }

        return found;
    }

    /// <summary>The one column that has one of the names, or null.</summary>
    /// <exception cref="ProblemException">MKT-2004: several have.</exception>
    public static int? At(string path, IReadOnlyList<string> header, string field, IEnumerable<string> names, string remedy)
    {
        int[] at = [.. Enumerable.Range(0, header.Count).Where(i => names.Contains(Clean(header[i]), StringComparer.OrdinalIgnoreCase))];
        return at.Length <= 1 ? at.Length == 1 ? at[0] : null : throw new ProblemException(
            "MKT-2004", $"The columns {string.Join(" and ", at.Select(i => $"'{header[i]}'"))} could both be {field}.", path, remedy, ExitCode.BadUsage);
    }

    internal static string Clean(string name) => name.Trim().Trim('\uFEFF').Trim();
}
