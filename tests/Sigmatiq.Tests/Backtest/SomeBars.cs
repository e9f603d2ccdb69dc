using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Tests.Backtest;

/// <summary>Bars that tests trade on.</summary>
internal static class SomeBars
{
    private static readonly Lazy<BarColumns> Made = new(() => MarketSimulator.Default.Bars(Symbol.Parse("MKT.SYN"), Interval.Hour1, null, new(2023, 12, 29)));

    /// <summary>Six synthetic years of hourly bars.</summary>
    public static BarColumns Synthetic => Made.Value;

    /// <summary>The real hourly bars of a symbol.</summary>
    public static BarColumns Real(string symbol)
    {
        ColumnSet set = ParquetFile.Read(
            Checkout.Material($"market/bars/equity/hour/{symbol}.parquet"), ["ts", "open", "high", "low", "close", "volume"], TestContext.Current.CancellationToken);
        return new(
            Symbol.Parse(symbol), Interval.Hour1, set["ts"].TimestampsUtcUs, set["open"].Doubles, set["high"].Doubles, set["low"].Doubles, set["close"].Doubles,
            set["volume"].Type == ColumnType.Double ? set["volume"].Doubles : [.. set["volume"].Longs.Select(v => (double)v)]);
    }
}
