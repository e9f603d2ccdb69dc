using Sigmatiq.Store.Columns.Native;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Columns;

/// <summary>SQL over files: each <see cref="ColumnSource"/> is a table, and nothing else on the machine can be reached.</summary>
/// <remarks>For one thread at a time. Rows come in the order of the files unless the statement orders them otherwise.</remarks>
public sealed class ColumnQuery : IDisposable
{
    private readonly DuckDbSession session;

    private readonly bool isBorrowed;

    private ColumnQuery(DuckDbSession session, bool isBorrowed = false) => (this.session, this.isBorrowed) = (session, isBorrowed);

    /// <summary>Opens the sources with the ordinary limits.</summary>
    /// <exception cref="ProblemException">STO-2002: a file cannot be read.</exception>
    public static ColumnQuery Over(params IReadOnlyList<ColumnSource> sources) => Over(new ColumnLimits(), sources);

    /// <summary>Opens the sources.</summary>
    /// <exception cref="ProblemException">STO-2002: a file cannot be read.</exception>
    public static ColumnQuery Over(ColumnLimits limits, IReadOnlyList<ColumnSource> sources)
    {
        DuckDbSession session = DuckDbSession.Open(limits, [.. sources.SelectMany(s => s.Paths).Distinct()]);
        try
        {
            foreach (ColumnSource source in sources)
            {
                session.Execute(source.ViewSql);
            }

            return new(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Queries on a session that somebody else keeps.</summary>
    internal static ColumnQuery Within(DuckDbSession session) => new(session, isBorrowed: true);

    /// <summary>The columns a statement gives, without running it through.</summary>
    /// <exception cref="ProblemException">STO-2002: DuckDB refuses the statement.</exception>
    public IReadOnlyList<ColumnShape> Describe(string sql, CancellationToken ct)
    {
        using ResultHandle result = Start(sql, out ColumnShape[] shape, ct);
        return shape;
    }

    /// <summary>Runs one statement and hands out its rows chunk by chunk as they lie in memory.</summary>
    /// <param name="sql">One select; other numeric types become double, long or int, other time types timestamps, the rest text.</param>
    /// <param name="onChunk">Receives spans that are valid until it returns.</param>
    /// <param name="ct">Stops the query inside DuckDB too.</param>
    /// <returns>The columns.</returns>
    /// <exception cref="ProblemException">STO-2002: DuckDB refuses the statement or a file's content.</exception>
    public IReadOnlyList<ColumnShape> Scan(string sql, ChunkReader onChunk, CancellationToken ct)
    {
        using ResultHandle result = Start(sql, out ColumnShape[] shape, ct);
        using Interruption stop = session.InterruptOn(ct);
        while (session.Fetch(result, ct) is { } chunk)
        {
            using (chunk)
            {
                ct.ThrowIfCancellationRequested();
                onChunk(new(chunk, shape));
            }
        }

        return shape;
    }

    /// <summary>Runs one statement and copies its columns into arrays.</summary>
    /// <param name="sql">As in <see cref="Scan"/>; the columns' names must differ.</param>
    /// <param name="ct">Stops the query inside DuckDB too.</param>
    /// <exception cref="ProblemException">STO-2002: DuckDB refuses the statement or a file's content.</exception>
    public ColumnSet Read(string sql, CancellationToken ct) => Read(sql, rowsExpected: 0, ct);

    /// <summary>As <see cref="Read(string, CancellationToken)"/>; when the number of rows is known, each value is copied once.</summary>
    internal ColumnSet Read(string sql, long rowsExpected, CancellationToken ct) => Read(sql, rowsExpected, long.MaxValue, ct);

    /// <summary>As <see cref="Read(string, CancellationToken)"/>; a result with more rows than allowed is refused as soon as that is known.</summary>
    /// <exception cref="ProblemException">STO-2009: there are more rows.</exception>
    internal ColumnSet Read(string sql, long rowsExpected, long rowsMax, CancellationToken ct)
    {
        long count = 0;
        using ResultHandle result = Start(sql, out ColumnShape[] shape, ct);
        using Interruption stop = session.InterruptOn(ct);
        ColumnBuilder[] builders = [.. shape.Select(s => ColumnBuilder.For(s, (int)rowsExpected))];
        while (session.Fetch(result, ct) is { } chunk)
        {
            using (chunk)
            {
                ColumnChunk rows = new(chunk, shape);
                if ((count += rows.Rows) > rowsMax)
                {
                    throw new ProblemException("STO-2009", $"The statement gives more than {rowsMax} rows.", "sql", "Aggregate, filter, or add a limit.", ExitCode.BadUsage);
                }

                for (int c = 0; c < builders.Length; c++)
                {
                    builders[c].Append(rows, c);
                }
            }
        }

        return new(builders.Select(b => b.Build()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!isBorrowed)
        {
            session.Dispose();
        }
    }

    private ResultHandle Start(string sql, out ColumnShape[] shape, CancellationToken ct)
    {
        ResultHandle result = session.Stream(sql, ct);
        try
        {
            int n = (int)DuckDbApi.duckdb_column_count(result);
            shape = new ColumnShape[n];
            var casts = new string[n];
            bool cast = false;
            for (int c = 0; c < n; c++)
            {
                string name = DuckDbSession.Text(DuckDbApi.duckdb_column_name(result, (ulong)c));
                (ColumnType type, string? target) = TypeOf(DuckDbApi.duckdb_column_type(result, (ulong)c));
                shape[c] = new(name, type);
                cast |= target is not null;
                casts[c] = target is null ? SqlText.Name(name) : $"cast({SqlText.Name(name)} as {target}) as {SqlText.Name(name)}";
            }

            if (!cast)
            {
                return result;
            }

            // Nothing has been computed yet: asking again, with the types we hold, costs a plan.
            result.Dispose();
            return session.Stream($"select {string.Join(", ", casts)} from ({sql.TrimEnd().TrimEnd(';')}\n)", ct);
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static (ColumnType Type, string? CastTo) TypeOf(DuckDbType type) => type switch
    {
        DuckDbType.Double => (ColumnType.Double, null),
        DuckDbType.Float or DuckDbType.Decimal or DuckDbType.HugeInt or DuckDbType.UHugeInt => (ColumnType.Double, "double"),
        DuckDbType.BigInt => (ColumnType.Long, null),
        DuckDbType.UInteger or DuckDbType.UBigInt => (ColumnType.Long, "bigint"),
        DuckDbType.Integer => (ColumnType.Int, null),
        DuckDbType.TinyInt or DuckDbType.SmallInt or DuckDbType.UTinyInt or DuckDbType.USmallInt => (ColumnType.Int, "integer"),
        DuckDbType.Boolean => (ColumnType.Bool, null),
        DuckDbType.Timestamp or DuckDbType.TimestampTz => (ColumnType.Timestamp, null),
        DuckDbType.TimestampS or DuckDbType.TimestampMs or DuckDbType.TimestampNs => (ColumnType.Timestamp, "timestamp"),
        DuckDbType.Date => (ColumnType.Date, null),
        DuckDbType.Varchar => (ColumnType.Text, null),
        _ => (ColumnType.Text, "varchar"),
    };
}
