namespace Sigmatiq.Store.Rows;

/// <summary>How the values of a column are written down.</summary>
public enum StoredKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number of up to 64 bits.</summary>
    Whole,

    /// <summary>A floating-point number, every bit of it.</summary>
    Real,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>One column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How its values are written down.</param>
public sealed record StoredColumn(string Name, StoredKind Kind);

/// <summary>One table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, by name.</param>
public sealed record StoredTable(string Name, IReadOnlyList<StoredColumn> Columns);

/// <summary>What a table holds, whatever order its rows come in and whichever engine keeps them.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Digest">The sum of the SHA-256 of every row's line modulo 2^256, 64 hex digits.</param>
public sealed record TableSum(long Rows, string Digest);

/// <summary>The tables of a store as they are at one instant, however long they are read and whatever is written meanwhile.</summary>
public interface ITableSource
{
    /// <summary>Every table, by name.</summary>
    Task<IReadOnlyList<StoredTable>> TablesAsync(CancellationToken ct);

    /// <summary>Writes every row of a table as a line of JSON, in no particular order.</summary>
    Task<TableSum> CopyAsync(StoredTable table, Stream to, CancellationToken ct);

    /// <summary>The last number that each numbering table has given away, by table.</summary>
    Task<IReadOnlyDictionary<string, long>> CountersAsync(CancellationToken ct);

    /// <summary>The rows of a statement.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct);
}

/// <summary>The tables of a store that is being filled: empty, and with their guards down.</summary>
public interface ITableTarget
{
    /// <summary>Every table, by name.</summary>
    Task<IReadOnlyList<StoredTable>> TablesAsync(CancellationToken ct);

    /// <summary>Adds the rows that <see cref="ITableSource.CopyAsync"/> wrote.</summary>
    /// <exception cref="FormatException">A line is no row of the table.</exception>
    Task<TableSum> FillAsync(StoredTable table, Stream from, CancellationToken ct);

    /// <summary>Makes a numbering table go on after a number.</summary>
    Task CountFromAsync(string table, long last, CancellationToken ct);
}

/// <summary>A store whose rows can be taken out and put in as a whole: what backups, and the move from one engine to another, are made of.</summary>
public interface ITableStore : IRowStore
{
    /// <summary>Reads the tables as they are at one instant.</summary>
    Task<T> AtOneInstantAsync<T>(Func<ITableSource, Task<T>> read, CancellationToken ct);

    /// <summary>Empties every table and fills it anew, in one transaction. Triggers do not fire meanwhile, and stand again after it.</summary>
    /// <remarks>For a store that was made for it and that nobody else has seen: what it held is lost.</remarks>
    /// <exception cref="Errors.ProblemException">STO-1007: a row refers to one that is not there.</exception>
    Task FillAsync(Func<ITableTarget, Task> fill, CancellationToken ct);
}
