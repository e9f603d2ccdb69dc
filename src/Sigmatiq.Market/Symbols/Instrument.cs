using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Market.Symbols;

/// <summary>What a symbol is and when it trades.</summary>
/// <param name="Symbol">Its ticker.</param>
/// <param name="AssetClass">Folder of its bars: <c>equity</c>, <c>index</c>, <c>fx</c>, <c>cfd</c> or <c>synthetic</c>.</param>
/// <param name="Calendar">Sessions of its exchange.</param>
public sealed record Instrument(Symbol Symbol, string AssetClass, ISessionCalendar Calendar)
{
    private static readonly string[] Indices = ["SPX", "NDX", "DJI", "RUT", "VIX"];

    /// <summary>The instrument of a symbol: <c>.SYN</c> is synthetic, a pair with COP trades in Colombia, <c>_CFD</c> follows the hours of
    /// what it is a contract on, a few names are indices, the rest are US equities.</summary>
    public static Instrument Of(Symbol symbol) => symbol.Value switch
    {
        _ when symbol.IsSynthetic => new(symbol, "synthetic", NyseCalendar.Instance),
        { Length: 6 } pair when pair.EndsWith("COP", StringComparison.Ordinal) => new(symbol, "fx", ColombiaCalendar.Instance),
        string name when name.EndsWith("_CFD", StringComparison.Ordinal) => new(symbol, "cfd", NyseCalendar.Instance),
        string name when Indices.Contains(name) => new(symbol, "index", NyseCalendar.Instance),
        _ => new(symbol, "equity", NyseCalendar.Instance),
    };
}
