using System.Globalization;
using Sigmatiq.Store.Columns.Native;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Columns;

/// <summary>Columns at rest. A Parquet file is written once and never changed; the same columns give the same bytes.</summary>
/// <remarks>NaN of a double column is null at rest, so that every reader sees a missing value. Timestamps are microseconds in UTC.</remarks>
public static class ParquetFile
{
    private const int RowGroupRows = 122_880;

    // What is in memory before it goes to a file of its own: half of what the writer may take.
    private const long PieceBytes = 1L << 30;

    // One thread: with several, the writer's row groups depend on their timing.
    private static readonly ColumnLimits WriteLimits = new(Threads: 1);

    /// <summary>Writes the columns, compressed with zstd: aside, fsynced, renamed. Writing the same columns again changes nothing.</summary>
    /// <returns>The hash of the file's bytes.</returns>
    /// <exception cref="ProblemException">STO-1001: a file with other bytes has that name.</exception>
    public static ContentHash Write(string path, ColumnSet columns, CancellationToken ct) => WriteParts(path, [columns], ct);

    /// <summary>Writes parts with the same columns one after the other, so that they need not be in memory together. The same parts
    /// give the same bytes.</summary>
    /// <inheritdoc cref="Write(string, ColumnSet, CancellationToken)"/>
    public static ContentHash WriteParts(string path, IEnumerable<ColumnSet> parts, CancellationToken ct) => WriteParts(path, parts, PieceBytes, ct);

    /// <summary>As <see cref="WriteParts(string, IEnumerable{ColumnSet}, CancellationToken)"/> with at most so much in memory, give or take a row group and a part. The values do
    /// not depend on it, the bytes may.</summary>
    internal static ContentHash WriteParts(string path, IEnumerable<ColumnSet> parts, long pieceBytes, CancellationToken ct)
    {
        string aside = WriteAside(path, parts, pieceBytes, ct);
        ContentHash hash = ContentHash.OfFile(aside);
        AtomicFile.PlaceOnce(aside, path);
        return hash;
    }

    /// <summary>Writes the columns under a name that holds their hash, <c>{stem}-{first 12 digits}.parquet</c>.</summary>
    /// <returns>The file's path and the hash of its bytes.</returns>
    public static (string Path, ContentHash Hash) WriteHashed(string folder, string stem, ColumnSet columns, CancellationToken ct)
    {
        string aside = WriteAside(Path.Combine(folder, stem + ".parquet"), [columns], PieceBytes, ct);
        ContentHash hash = ContentHash.OfFile(aside);
        string path = Path.Combine(folder, DataDirectory.HashedName(stem, hash, ".parquet"));
        AtomicFile.PlaceOnce(aside, path);
        return (path, hash);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">Which columns, in this order; null for all.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="ProblemException">STO-2001: no such file. STO-2002: not a Parquet file, or damaged. STO-2003: no such column.</exception>
    public static ColumnSet Read(string path, IReadOnlyList<string>? names, CancellationToken ct) => Read([path], names, ct);

    /// <summary>Reads several files with the same columns, one after the other, in the order given.</summary>
    /// <inheritdoc cref="Read(string, IReadOnlyList{string}, CancellationToken)"/>
    public static ColumnSet Read(IReadOnlyList<string> paths, IReadOnlyList<string>? names, CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", paths));
        string[] there = [.. query.Describe("select * from file", ct).Select(c => c.Name)];
        if (names?.FirstOrDefault(n => !there.Contains(n)) is { } missing)
        {
            throw new ProblemException("STO-2003", $"There is no column '{missing}'.", paths[0], $"There are: {string.Join(", ", there)}.");
        }

        string list = string.Join(", ", (names ?? there).Select(SqlText.Name));
        return query.Read($"select {list} from file", CountRows(query, ct), ct);
    }

    /// <summary>The columns of a file, without reading them.</summary>
    /// <exception cref="ProblemException">STO-2001: no such file. STO-2002: not a Parquet file.</exception>
    public static IReadOnlyList<ColumnShape> Describe(string path, CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", path));
        return query.Describe("select * from file", ct);
    }

    /// <summary>The number of rows, from the file's own directory.</summary>
    /// <exception cref="ProblemException">STO-2001: no such file. STO-2002: not a Parquet file.</exception>
    public static long CountRows(string path, CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", path));
        return CountRows(query, ct);
    }

    private static long CountRows(ColumnQuery query, CancellationToken ct) => query.Read("select count(*) as n from file", 1, ct)["n"].Longs[0];

    // More than fits into memory goes to pieces of whole row groups, which are then copied into one file a row group at a time.
    private static string WriteAside(string path, IEnumerable<ColumnSet> parts, long pieceBytes, CancellationToken ct)
    {
        string aside = AtomicFile.Aside(path);
        List<string> pieces = [];
        try
        {
            using IEnumerator<ColumnSet> each = parts.GetEnumerator();
            bool isMore = each.MoveNext();
            ColumnSet? left = null;
            while (isMore || left is not null)
            {
                string piece = string.Create(CultureInfo.InvariantCulture, $"{aside}.{pieces.Count}");
                using DuckDbSession session = DuckDbSession.Open(WriteLimits, [aside, piece]);
                long bytes = 0, rows = 0;
                void Append(ColumnSet columns)
                {
                    if (bytes == 0)
                    {
                        session.Execute($"create table rows ({string.Join(", ", columns.Select(c => $"{SqlText.Name(c.Name)} {ChunkWriter.SqlType(c.Type)}"))})", ct);
                    }

                    ChunkWriter.Append(session, "rows", columns, ct);
                    bytes += Math.Max(1, columns.Bytes);
                    rows += columns.Rows;
                }

                if (left is not null)
                {
                    Append(left);
                    left = null;
                }

                while (isMore && (bytes <= pieceBytes || rows < RowGroupRows))
                {
                    Append(each.Current);
                    isMore = each.MoveNext();
                }

                if (!isMore && pieces.Count == 0)
                {
                    Copy(session, "rows", aside, ct);
                    return aside;
                }

                long whole = isMore ? rows / RowGroupRows * RowGroupRows : rows;
                pieces.Add(piece);
                Copy(session, string.Create(CultureInfo.InvariantCulture, $"(select * from rows limit {whole})"), piece, ct);
                if (whole < rows)
                {
                    using ColumnQuery query = ColumnQuery.Within(session);
                    left = query.Read(string.Create(CultureInfo.InvariantCulture, $"select * from rows offset {whole}"), ct);
                }
            }

            using DuckDbSession joined = DuckDbSession.Open(WriteLimits, [aside, .. pieces]);
            Copy(joined, $"(select * from read_parquet([{string.Join(", ", pieces.Select(SqlText.Literal))}], hive_partitioning = false))", aside, ct);
            return aside;
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
        finally
        {
            pieces.ForEach(File.Delete);
        }
    }

    private static void Copy(DuckDbSession session, string from, string to, CancellationToken ct) => session.Execute(
        $"copy {from} to {SqlText.Literal(to)} (format parquet, compression zstd, row_group_size {RowGroupRows}, use_tmp_file false)", ct);
}
