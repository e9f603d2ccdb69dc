using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;

namespace Sigmatiq.Market.Import;

/// <summary>Bars of one symbol as a file has them: nothing repaired, nothing sorted, NaN where a value is missing.</summary>
/// <param name="Bars">The bars in the order of the file.</param>
/// <param name="Rows">Row of each bar in the file: the line of a CSV (the header is line 1), the row of a Parquet from 1.</param>
/// <param name="File">The file.</param>
public sealed record PublishedBars(BarColumns Bars, int[] Rows, string File)
{
    /// <summary>Whose bars.</summary>
    public Symbol Symbol => Bars.Symbol;

    /// <summary>Times that the clock of the file's zone shows twice a year, taken as first and second by their order.</summary>
    public int RepeatedTimes { get; init; }

    /// <summary>Where bar t stands: <c>spy.csv row 17</c>.</summary>
    public string Place(int t) => $"{Path.GetFileName(File)} row {Rows[t]}";
}

/// <summary>One row as read; the symbol is null where the file names none.</summary>
internal readonly record struct PublishedRow(
    int Row, string? Symbol, long StartUtcUs, bool IsDate, double Open, double High, double Low, double Close, double Volume, double AdjFactor);
