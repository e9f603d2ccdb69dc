using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Market.Symbols;

/// <summary>What a symbol is and when it trades.</summary>
/// <param name="Symbol">Its ticker.</param>
/// <param name="AssetClass">Folder of its bars: <c>equity</c>, <c>fx</c> or <c>synthetic</c>.</param>
/// <param name="Calendar">Sessions of its exchange.</param>
public sealed record Instrument(Symbol Symbol, string AssetClass, ISessionCalendar Calendar)
{
    /// <summary>The instrument of a symbol: <c>.SYN</c> is synthetic, a pair with COP trades in Colombia, the rest are US equities.</summary>
    public static Instrument Of(Symbol symbol) => symbol.Value switch
    {
        _ when symbol.IsSynthetic => new(symbol, "synthetic", NyseCalendar.Instance),
        { Length: 6 } pair when pair.EndsWith("COP", StringComparison.Ordinal) => new(symbol, "fx", ColombiaCalendar.Instance),
        _ => new(symbol, "equity", NyseCalendar.Instance),
    };
}
