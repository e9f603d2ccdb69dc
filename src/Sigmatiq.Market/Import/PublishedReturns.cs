namespace Sigmatiq.Market.Import;

/// <summary>Returns as a file has them, oldest first, each row with a return.</summary>
/// <param name="Dates">Date of each return, shape [n], non-decreasing.</param>
/// <param name="Returns">Returns as fractions (0.01 is one percent), shape [n], at least -1.</param>
/// <param name="Benchmark">Returns of the benchmark, shape [n], NaN where the row has none; null where the file has no such column.</param>
/// <param name="LeftOut">Rows that carry no return and were left out.</param>
public sealed record PublishedReturns(DateOnly[] Dates, double[] Returns, double[]? Benchmark, int LeftOut);

/// <summary>One row as read; NaN where it has no number.</summary>
internal readonly record struct ReturnRow(int Row, long UtcUs, bool IsDate, double Return, double Benchmark);
