using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Quality;

/// <summary>What the rules must know of the market whose bars they look at.</summary>
/// <param name="AssetClass"><c>equity</c>, <c>index</c>, <c>fx</c>, <c>cfd</c> or <c>synthetic</c>.</param>
/// <param name="Calendar">Sessions of its exchange; null where it trades around the clock or its hours are not known here: then nothing lies outside or is missing.</param>
public sealed record CheckedMarket(string AssetClass, ISessionCalendar? Calendar)
{
    /// <summary>Names that <c>--asset-class</c> takes and folders of bars carry.</summary>
    public static readonly IReadOnlyList<string> AssetClasses = ["equity", "index", "fx", "cfd", "synthetic"];

    /// <summary>Whether a bar without volume is a finding, since shares are counted.</summary>
    public bool CountsShares => AssetClass is "equity" or "synthetic";

    /// <summary>Whether a lasting change by a factor of ten may be a split.</summary>
    public bool Splits => AssetClass is "equity" or "synthetic";

    /// <summary>The market of a symbol; what a person says of it comes first, then the folder its file lies in, then its name.</summary>
    /// <param name="symbol">Ticker.</param>
    /// <param name="said">Asset class by option; null where nothing was said.</param>
    /// <param name="path">File of the bars, e.g. <c>bars/index/hour/SPX.parquet</c>; null for bars of the store.</param>
    public static CheckedMarket Of(Symbol symbol, string? said = null, string? path = null)
    {
        Instrument instrument = Instrument.Of(symbol);
        string assetClass = said ?? FolderOf(path) ?? instrument.AssetClass;
        bool hasSessions = assetClass == instrument.AssetClass ? assetClass != "cfd" && instrument.HasOwnCalendar : assetClass is "equity" or "index" or "synthetic";
        return new(assetClass, hasSessions ? instrument.Calendar : null);
    }

    /// <summary>Reads <c>--asset-class equity</c>.</summary>
    /// <exception cref="ProblemException">MKT-2015: no such class.</exception>
    public static string Parse(string text) => AssetClasses.Contains(text) ? text : throw new ProblemException(
        "MKT-2015", $"'{text}' is not an asset class.", "asset-class", $"Use one of: {string.Join(", ", AssetClasses)}.", ExitCode.BadUsage);

    // The nearest folder that is named like a class, as bars/{asset_class}/{interval}/ has it.
    private static string? FolderOf(string? path) => path is null ? null
        : Path.GetFullPath(path).Split(Path.DirectorySeparatorChar).SkipLast(1).LastOrDefault(AssetClasses.Contains);
}
