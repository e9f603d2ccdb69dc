using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import.Lean;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>How to understand a file of bars.</summary>
public sealed record BarFileOptions
{
    /// <summary>Names the bars of a file without a symbol column; picks one symbol of a file with one. Null: all, by the file's names.</summary>
    public Symbol? Symbol { get; init; }

    /// <summary>Names the bars of a file without a symbol where <see cref="Symbol"/> does not; null: such a file is refused.</summary>
    public Symbol? Unnamed { get; init; }

    /// <summary>Whether bars without a column of volumes are understood; they are for looking at, not for importing.</summary>
    public bool VolumeOptional { get; init; }

    /// <summary>Asset class of the bars, for the rules that hold for one only; null: from the folder of the file, then from the symbol.</summary>
    public string? AssetClass { get; init; }

    /// <summary>Length of the bars; null: inferred from their times.</summary>
    public Interval? Interval { get; init; }

    /// <summary>Zone of times that name none; UTC by default.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Our name (<c>ts, open, high, low, close, volume, adj_factor, symbol</c>) → the file's name, where they differ.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Adjustment factors by session, in place of those of the file; null: those of the file.</summary>
    public LeanFactors? Factors { get; init; }

    /// <summary>Archives of a folder that are left out of it, by their paths.</summary>
    public IReadOnlySet<string> Except { get; init; } = new HashSet<string>();

    /// <summary>Reads <c>--columns close=adj_close,ts=Date</c>.</summary>
    /// <exception cref="ProblemException">MKT-2012: not of that shape, or a name that bars do not have.</exception>
    public static IReadOnlyDictionary<string, string> ParseColumns(string text)
    {
        Dictionary<string, string> columns = [];
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || pair[1].Length == 0 || !BarFields.All.Contains(pair[0]) || !columns.TryAdd(pair[0], pair[1]))
            {
                throw new ProblemException(
                    "MKT-2012", $"'{part}' does not name a column.", "columns",
                    $"Write ours=theirs with one of {string.Join(", ", BarFields.All)}, each once, e.g. close=adj_close,ts=Date.", ExitCode.BadUsage);
            }
        }

        return columns;
    }

    /// <summary>Reads <c>--tz America/New_York</c>.</summary>
    /// <exception cref="ProblemException">MKT-2009: no such zone.</exception>
    public static TimeZoneInfo ParseZone(string text) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out TimeZoneInfo? zone)
        ? zone
        : throw new ProblemException("MKT-2009", $"'{text}' is not a time zone.", "tz", "Use an IANA name, e.g. America/New_York or UTC.", ExitCode.BadUsage);
}
