using System.Runtime.InteropServices;

namespace Sigmatiq.Store.Columns.Native;

/// <summary>A query's result; DuckDB wants it by value in one call and by address in the others.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DuckDbResult
{
    public ulong ColumnCount, RowCount, RowsChanged;
    public nint Columns, ErrorMessage, InternalData;
}

/// <summary>A text in a vector: up to 12 bytes lie inside, longer ones behind a pointer.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct DuckDbString
{
    [FieldOffset(0)] public uint Length;
    [FieldOffset(4)] public fixed byte Inline[12];
    [FieldOffset(8)] public byte* Pointer;
}

/// <summary>DuckDB's type numbers, as far as they need to be told apart.</summary>
internal enum DuckDbType
{
    Boolean = 1, TinyInt = 2, SmallInt = 3, Integer = 4, BigInt = 5, UTinyInt = 6, USmallInt = 7, UInteger = 8, UBigInt = 9, Float = 10,
    Double = 11, Timestamp = 12, Date = 13, HugeInt = 16, Varchar = 17, Decimal = 19, TimestampS = 20, TimestampMs = 21, TimestampNs = 22,
    TimestampTz = 31, UHugeInt = 32,
}

/// <summary>The part of DuckDB's C API that the store uses (duckdb.h of 1.5.5); state 0 is success.</summary>
internal static unsafe partial class DuckDbApi
{
    private const string Lib = DuckDbLibrary.Name;

    [LibraryImport(Lib)] public static partial int duckdb_create_config(out nint config);
    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_set_config(nint config, string name, string option);
    [LibraryImport(Lib)] public static partial void duckdb_destroy_config(ref nint config);

    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_open_ext(string? path, out DatabaseHandle database, nint config, out nint error);
    [LibraryImport(Lib)] public static partial void duckdb_close(ref nint database);
    [LibraryImport(Lib)] public static partial int duckdb_connect(DatabaseHandle database, out ConnectionHandle connection);
    [LibraryImport(Lib)] public static partial void duckdb_disconnect(ref nint connection);
    [LibraryImport(Lib)] public static partial void duckdb_interrupt(ConnectionHandle connection);
    [LibraryImport(Lib)] public static partial void duckdb_free(nint memory);

    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_query(ConnectionHandle connection, string sql, ResultHandle result);
    [LibraryImport(Lib)] public static partial void duckdb_destroy_result(DuckDbResult* result);
    [LibraryImport(Lib)] public static partial nint duckdb_result_error(ResultHandle result);
    [LibraryImport(Lib)] public static partial ulong duckdb_column_count(ResultHandle result);
    [LibraryImport(Lib)] public static partial nint duckdb_column_name(ResultHandle result, ulong column);
    [LibraryImport(Lib)] public static partial DuckDbType duckdb_column_type(ResultHandle result, ulong column);
    [LibraryImport(Lib)] public static partial ChunkHandle duckdb_fetch_chunk(DuckDbResult result);

    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_prepare(ConnectionHandle connection, string sql, out StatementHandle statement);
    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ulong duckdb_extract_statements(ConnectionHandle connection, string sql, out nint extracted);
    [LibraryImport(Lib)] public static partial nint duckdb_extract_statements_error(nint extracted);
    [LibraryImport(Lib)] public static partial void duckdb_destroy_extracted(ref nint extracted);
    [LibraryImport(Lib)] public static partial nint duckdb_prepare_error(StatementHandle statement);
    [LibraryImport(Lib)] public static partial void duckdb_destroy_prepare(ref nint statement);
    [LibraryImport(Lib)] public static partial int duckdb_pending_prepared_streaming(StatementHandle statement, out PendingHandle pending);
    [LibraryImport(Lib)] public static partial nint duckdb_pending_error(PendingHandle pending);
    [LibraryImport(Lib)] public static partial int duckdb_execute_pending(PendingHandle pending, ResultHandle result);
    [LibraryImport(Lib)] public static partial void duckdb_destroy_pending(ref nint pending);

    [LibraryImport(Lib)] public static partial nint duckdb_create_logical_type(DuckDbType type);
    [LibraryImport(Lib)] public static partial void duckdb_destroy_logical_type(ref nint type);
    [LibraryImport(Lib)] public static partial ChunkHandle duckdb_create_data_chunk(nint* types, ulong count);
    [LibraryImport(Lib)] public static partial void duckdb_destroy_data_chunk(ref nint chunk);
    [LibraryImport(Lib)] public static partial void duckdb_data_chunk_reset(ChunkHandle chunk);
    [LibraryImport(Lib)] public static partial void duckdb_data_chunk_set_size(ChunkHandle chunk, ulong rows);
    [LibraryImport(Lib)] public static partial ulong duckdb_data_chunk_get_size(ChunkHandle chunk);
    [LibraryImport(Lib)] public static partial nint duckdb_data_chunk_get_vector(ChunkHandle chunk, ulong column);
    [LibraryImport(Lib)] public static partial void* duckdb_vector_get_data(nint vector);
    [LibraryImport(Lib)] public static partial ulong* duckdb_vector_get_validity(nint vector);
    [LibraryImport(Lib)] public static partial void duckdb_vector_ensure_validity_writable(nint vector);
    [LibraryImport(Lib)] public static partial void duckdb_vector_assign_string_element_len(nint vector, ulong row, byte* text, ulong length);

    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_appender_create(ConnectionHandle connection, string? schema, string table, out AppenderHandle appender);
    [LibraryImport(Lib)] public static partial int duckdb_append_data_chunk(AppenderHandle appender, ChunkHandle chunk);
    [LibraryImport(Lib)] public static partial int duckdb_appender_close(AppenderHandle appender);
    [LibraryImport(Lib)] public static partial nint duckdb_appender_error(AppenderHandle appender);
    [LibraryImport(Lib)] public static partial int duckdb_appender_destroy(ref nint appender);
}
