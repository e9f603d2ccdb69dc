using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Market.Symbols;

/// <summary>What a symbol is and when it trades.</summary>
/// <param name="Symbol">Its ticker.</param>
/// <param name="AssetClass">Folder of its bars: <c>equity</c>, <c>index</c>, <c>fx</c>, <c>cfd</c> or <c>synthetic</c>.</param>
/// <param name="Calendar">Sessions of its exchange.</param>
public sealed record Instrument(Symbol Symbol, string AssetClass, ISessionCalendar Calendar)
{
    private static readonly HashSet<string> Currencies =
    [
        "USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "ZAR", "ILS", "CNY", "CNH", "HKD", "SGD", "KRW",
        "INR", "IDR", "THB", "TWD", "PHP", "MYR", "MXN", "BRL", "CLP", "COP", "PEN", "ARS", "UYU", "XAU", "XAG",
    ];

    private static readonly string[] Indices = ["SPX", "NDX", "DJI", "RUT", "VIX"];

    /// <summary>Whether <see cref="Calendar"/> is that of its own market. No calendar of pairs without the Colombian peso is known here: they are
    /// simulated on the hours of New York, and bars of theirs are not held against any.</summary>
    public bool HasOwnCalendar => AssetClass != "fx" || Calendar is ColombiaCalendar;

    /// <summary>The instrument of a symbol: <c>.SYN</c> is synthetic, two currencies are a pair, one with COP trades in Colombia, <c>_CFD</c>
    /// follows the hours of what it is a contract on, a few names are indices, the rest are US equities.</summary>
    public static Instrument Of(Symbol symbol) => symbol.Value switch
    {
        _ when symbol.IsSynthetic => new(symbol, "synthetic", NyseCalendar.Instance),
        { Length: 6 } pair when Currencies.Contains(pair[..3]) && Currencies.Contains(pair[3..]) =>
            new(symbol, "fx", pair.Contains("COP", StringComparison.Ordinal) ? ColombiaCalendar.Instance : NyseCalendar.Instance),
        string name when name.EndsWith("_CFD", StringComparison.Ordinal) => new(symbol, "cfd", NyseCalendar.Instance),
        string name when Indices.Contains(name) => new(symbol, "index", NyseCalendar.Instance),
        _ => new(symbol, "equity", NyseCalendar.Instance),
    };
}
