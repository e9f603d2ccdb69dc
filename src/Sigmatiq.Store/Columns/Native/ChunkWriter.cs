using System.Buffers;
using System.Text;

namespace Sigmatiq.Store.Columns.Native;

/// <summary>Brings columns into a DuckDB table, 2,048 rows at a time.</summary>
internal static unsafe class ChunkWriter
{
    private const int ChunkRows = 2048;

    public static string SqlType(ColumnType type) => type switch
    {
        ColumnType.Double => "double",
        ColumnType.Long => "bigint",
        ColumnType.Int => "integer",
        ColumnType.Bool => "boolean",
        ColumnType.Timestamp => "timestamp",
        ColumnType.Date => "date",
        ColumnType.Text => "varchar",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a column type."),
    };

    public static void Append(DuckDbSession session, string table, ColumnSet columns, CancellationToken ct)
    {
        int state = DuckDbApi.duckdb_appender_create(session.Connection, null, table, out AppenderHandle appender);
        using (appender)
        {
            Demand(state);
            using ChunkHandle chunk = CreateChunk(columns);
            for (int from = 0; from < columns.Rows; from += ChunkRows)
            {
                ct.ThrowIfCancellationRequested();
                int n = Math.Min(ChunkRows, columns.Rows - from);
                DuckDbApi.duckdb_data_chunk_reset(chunk);
                for (int c = 0; c < columns.Count; c++)
                {
                    Fill(DuckDbApi.duckdb_data_chunk_get_vector(chunk, (ulong)c), columns[c], from, n);
                }

                DuckDbApi.duckdb_data_chunk_set_size(chunk, (ulong)n);
                Demand(DuckDbApi.duckdb_append_data_chunk(appender, chunk));
            }

            Demand(DuckDbApi.duckdb_appender_close(appender));

            void Demand(int result)
            {
                if (result != 0)
                {
                    throw session.Failure(DuckDbSession.Text(DuckDbApi.duckdb_appender_error(appender)), ct);
                }
            }
        }
    }

    private static ChunkHandle CreateChunk(ColumnSet columns)
    {
        var types = new nint[columns.Count];
        try
        {
            for (int c = 0; c < types.Length; c++)
            {
                types[c] = DuckDbApi.duckdb_create_logical_type(columns[c].Type switch
                {
                    ColumnType.Double => DuckDbType.Double,
                    ColumnType.Long => DuckDbType.BigInt,
                    ColumnType.Int => DuckDbType.Integer,
                    ColumnType.Bool => DuckDbType.Boolean,
                    ColumnType.Timestamp => DuckDbType.Timestamp,
                    ColumnType.Date => DuckDbType.Date,
                    _ => DuckDbType.Varchar,
                });
            }

            fixed (nint* first = types)
            {
                return DuckDbApi.duckdb_create_data_chunk(first, (ulong)types.Length);
            }
        }
        finally
        {
            for (int c = 0; c < types.Length; c++)
            {
                DuckDbApi.duckdb_destroy_logical_type(ref types[c]);
            }
        }
    }

    private static void Fill(nint vector, Column column, int from, int n)
    {
        void* data = DuckDbApi.duckdb_vector_get_data(vector);
        switch (column.Type)
        {
            case ColumnType.Double:
                column.Doubles.AsSpan(from, n).CopyTo(new(data, n));
                break;
            case ColumnType.Long:
                column.Longs.AsSpan(from, n).CopyTo(new(data, n));
                break;
            case ColumnType.Int:
                column.Ints.AsSpan(from, n).CopyTo(new(data, n));
                break;
            case ColumnType.Bool:
                column.Bools.AsSpan(from, n).CopyTo(new(data, n));
                break;
            case ColumnType.Timestamp:
                column.TimestampsUtcUs.AsSpan(from, n).CopyTo(new(data, n));
                break;
            case ColumnType.Date:
                Span<int> days = new(data, n);
                for (int row = 0; row < n; row++)
                {
                    days[row] = ColumnBuilder.DaysSince1970(column.Dates[from + row]);
                }

                break;
            default:
                FillTexts(vector, column.Texts.AsSpan(from, n));
                break;
        }

        MarkNulls(vector, column, from, n);
    }

    private static void FillTexts(nint vector, ReadOnlySpan<string?> texts)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(256);
        for (int row = 0; row < texts.Length; row++)
        {
            if (texts[row] is not { } text)
            {
                continue;
            }

            int bytesMax = Encoding.UTF8.GetMaxByteCount(text.Length);
            if (bytesMax > buffer.Length)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(bytesMax);
            }

            int length = Encoding.UTF8.GetBytes(text, buffer);
            fixed (byte* first = buffer)
            {
                DuckDbApi.duckdb_vector_assign_string_element_len(vector, (ulong)row, first, (ulong)length);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static void MarkNulls(nint vector, Column column, int from, int n)
    {
        if (column.Type is not (ColumnType.Double or ColumnType.Text) && column.Nulls is null)
        {
            return;
        }

        ulong* validity = null;
        for (int row = 0; row < n; row++)
        {
            if (!column.IsNull(from + row))
            {
                continue;
            }

            if (validity == null)
            {
                DuckDbApi.duckdb_vector_ensure_validity_writable(vector);
                validity = DuckDbApi.duckdb_vector_get_validity(vector);
            }

            validity[row >> 6] &= ~(1UL << (row & 63));
        }
    }
}
