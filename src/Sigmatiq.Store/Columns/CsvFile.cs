using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Columns;

/// <summary>Comma-separated text as columns.</summary>
public static class CsvFile
{
    /// <summary>Reads a file whole.</summary>
    /// <exception cref="ProblemException">STO-2001: no such file. STO-2002: not readable as CSV; the message names the line.</exception>
    public static ColumnSet Read(string path, CsvShape shape, CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Csv("file", path, shape));
        return query.Read("select * from file", ct);
    }
}
