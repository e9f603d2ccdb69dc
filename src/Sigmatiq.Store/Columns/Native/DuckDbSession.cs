using System.Runtime.InteropServices;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Columns.Native;

/// <summary>A private in-memory DuckDB that reaches the given files and nothing else.</summary>
internal sealed class DuckDbSession : IDisposable
{
    private readonly DatabaseHandle database;
    private readonly ConnectionHandle connection;
    private readonly string where;

    private DuckDbSession(DatabaseHandle database, ConnectionHandle connection, string where)
    {
        this.database = database;
        this.connection = connection;
        this.where = where;
    }

    public ConnectionHandle Connection => connection;

    public static DuckDbSession Open(ColumnLimits limits, IReadOnlyList<string> paths)
    {
        string where = paths.Count switch { 0 => "memory", 1 => paths[0], _ => $"{paths[0]} and {paths.Count - 1} more" };
        DatabaseHandle database = OpenDatabase(limits, where);
        if (DuckDbApi.duckdb_connect(database, out ConnectionHandle connection) != 0)
        {
            database.Dispose();
            throw Failed("DuckDB refused a connection.", where);
        }

        DuckDbSession session = new(database, connection, where);
        try
        {
            // The zone would otherwise be the machine's. The order matters: once locked, nothing can be set.
            session.Execute("set TimeZone = 'UTC'");
            session.Execute($"set allowed_paths = [{string.Join(", ", paths.Select(SqlText.Literal))}]");
            session.Execute("set enable_external_access = false");
            session.Execute("set lock_configuration = true");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>A session that can still read files; <see cref="Close"/> ends that for good.</summary>
    public static DuckDbSession OpenToLoad(ColumnLimits limits)
    {
        DatabaseHandle database = OpenDatabase(limits, "memory");
        if (DuckDbApi.duckdb_connect(database, out ConnectionHandle connection) != 0)
        {
            database.Dispose();
            throw Failed("DuckDB refused a connection.", "memory");
        }

        return new(database, connection, "memory");
    }

    /// <summary>Takes away every way to files, network, extensions and settings. Nothing can bring them back.</summary>
    public void Close()
    {
        Execute("set TimeZone = 'UTC'");
        Execute("set allow_community_extensions = false");
        Execute("set enable_external_access = false");
        Execute("set lock_configuration = true");
    }

    /// <summary>How many statements a text holds; it is read and not run.</summary>
    /// <exception cref="ProblemException">STO-2002: it cannot be read.</exception>
    public int CountStatements(string sql)
    {
        ulong count = DuckDbApi.duckdb_extract_statements(connection, sql, out nint extracted);
        try
        {
            return count > 0 ? (int)Math.Min(count, int.MaxValue) : throw Failed(Text(DuckDbApi.duckdb_extract_statements_error(extracted)), "sql");
        }
        finally
        {
            DuckDbApi.duckdb_destroy_extracted(ref extracted);
        }
    }

    public void Execute(string sql, CancellationToken ct = default)
    {
        using ResultHandle result = new();
        using Interruption stop = InterruptOn(ct);
        if (DuckDbApi.duckdb_query(connection, sql, result) != 0)
        {
            throw Failure(Text(DuckDbApi.duckdb_result_error(result)), ct);
        }
    }

    /// <summary>Starts one statement whose chunks are computed as they are fetched.</summary>
    public ResultHandle Stream(string sql, CancellationToken ct)
    {
        using Interruption stop = InterruptOn(ct);
        bool prepared = DuckDbApi.duckdb_prepare(connection, sql, out StatementHandle statement) == 0;
        using (statement)
        {
            if (!prepared)
            {
                throw Failure(Text(DuckDbApi.duckdb_prepare_error(statement)), ct);
            }

            bool started = DuckDbApi.duckdb_pending_prepared_streaming(statement, out PendingHandle pending) == 0;
            using (pending)
            {
                if (!started)
                {
                    throw Failure(Text(DuckDbApi.duckdb_pending_error(pending)), ct);
                }

                ResultHandle result = new();
                if (DuckDbApi.duckdb_execute_pending(pending, result) == 0)
                {
                    return result;
                }

                string message = Text(DuckDbApi.duckdb_result_error(result));
                result.Dispose();
                throw Failure(message, ct);
            }
        }
    }

    /// <summary>The next chunk, or null at the end.</summary>
    public ChunkHandle? Fetch(ResultHandle result, CancellationToken ct)
    {
        ChunkHandle chunk = DuckDbApi.duckdb_fetch_chunk(result.Value);
        if (!chunk.IsInvalid)
        {
            return chunk;
        }

        chunk.Dispose();
        nint error = DuckDbApi.duckdb_result_error(result);
        return error == 0 ? null : throw Failure(Text(error), ct);
    }

    /// <summary>Stops what is computed once the token is cancelled, until the result is disposed.</summary>
    /// <exception cref="OperationCanceledException">It is cancelled already.</exception>
    public Interruption InterruptOn(CancellationToken ct) => new(connection, ct);

    public Exception Failure(string message, CancellationToken ct) =>
        ct.IsCancellationRequested ? new OperationCanceledException(message, ct) : Failed(message, where);

    public static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";

    public void Dispose()
    {
        connection.Dispose();
        database.Dispose();
    }

    private static DatabaseHandle OpenDatabase(ColumnLimits limits, string where)
    {
        _ = DuckDbApi.duckdb_create_config(out nint config);
        try
        {
            (string Name, string Value)[] settings =
            [
                ("threads", limits.ThreadsText), ("memory_limit", limits.MemoryText), ("temp_directory", ""),
                ("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false"), ("preserve_insertion_order", "true"),
            ];
            foreach (var (name, value) in settings)
            {
                if (DuckDbApi.duckdb_set_config(config, name, value) != 0)
                {
                    throw Failed($"DuckDB refused {name} = '{value}'.", where);
                }
            }

            if (DuckDbApi.duckdb_open_ext(null, out DatabaseHandle database, config, out nint error) == 0)
            {
                return database;
            }

            database.Dispose();
            string message = Text(error);
            DuckDbApi.duckdb_free(error);
            throw Failed(message, where);
        }
        finally
        {
            DuckDbApi.duckdb_destroy_config(ref config);
        }
    }

    private static ProblemException Failed(string message, string where) =>
        DiskFull.IsSaidBy(message) ? new(DiskFull.Problem(where, message.Trim())) : new("STO-2002", message.Trim(), where, "Check the file and the statement.");
}
