namespace Sigmatiq.Market.Import;

/// <summary>One numeric series of a table as a file has it: nothing repaired, nothing sorted; rows without a value are left out.</summary>
/// <param name="Name">Name of its column, with the symbol before it where the table has several: <c>vix</c>, <c>SPY.close</c>.</param>
/// <param name="StartUtcUs">Time of each value, microseconds since 1970 UTC, shape [n].</param>
/// <param name="Values">The values, shape [n].</param>
/// <param name="Rows">Row of each value in the file: the line of a CSV (the header is line 1), the row of a Parquet from 1.</param>
/// <param name="File">The file.</param>
public sealed record PublishedSeries(string Name, long[] StartUtcUs, double[] Values, int[] Rows, string File)
{
    /// <summary>Where value t stands: <c>macro.csv row 17 column usdmxn</c>.</summary>
    public string Place(int t) => $"{Path.GetFileName(File)} row {Rows[t]} column {Name}";
}
