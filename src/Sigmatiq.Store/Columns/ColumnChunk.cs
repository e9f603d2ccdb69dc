using System.Text;
using Sigmatiq.Store.Columns.Native;

namespace Sigmatiq.Store.Columns;

/// <summary>What a scan does with each chunk.</summary>
public delegate void ChunkReader(ColumnChunk chunk);

/// <summary>Up to 2,048 rows as they lie in DuckDB's own memory: nothing is copied, and nothing may outlive the call that received it.</summary>
public readonly unsafe ref struct ColumnChunk
{
    private readonly ChunkHandle handle;
    private readonly ColumnShape[] shape;

    internal ColumnChunk(ChunkHandle handle, ColumnShape[] shape)
    {
        this.handle = handle;
        this.shape = shape;
        Rows = (int)DuckDbApi.duckdb_data_chunk_get_size(handle);
    }

    /// <summary>Number of rows here.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns => shape.Length;

    /// <summary>A double column. Copied only where a value is missing, to make it NaN.</summary>
    public ReadOnlySpan<double> Doubles(int column)
    {
        ReadOnlySpan<double> values = Data<double>(column, ColumnType.Double);
        if (!HasNulls(column))
        {
            return values;
        }

        double[] copy = values.ToArray();
        for (int row = 0; row < copy.Length; row++)
        {
            if (IsNull(column, row))
            {
                copy[row] = double.NaN;
            }
        }

        return copy;
    }

    /// <summary>A column of whole numbers; where <see cref="IsNull"/> the value means nothing.</summary>
    public ReadOnlySpan<long> Longs(int column) => Data<long>(column, ColumnType.Long);

    /// <summary>A column of 32-bit whole numbers; where <see cref="IsNull"/> the value means nothing.</summary>
    public ReadOnlySpan<int> Ints(int column) => Data<int>(column, ColumnType.Int);

    /// <summary>A column of flags; where <see cref="IsNull"/> the value means nothing.</summary>
    public ReadOnlySpan<bool> Bools(int column) => Data<bool>(column, ColumnType.Bool);

    /// <summary>Instants in microseconds since 1970 UTC; where <see cref="IsNull"/> the value means nothing.</summary>
    public ReadOnlySpan<long> TimestampsUtcUs(int column) => Data<long>(column, ColumnType.Timestamp);

    /// <summary>Dates as days since 1970-01-01; where <see cref="IsNull"/> the value means nothing.</summary>
    public ReadOnlySpan<int> DaysSince1970(int column) => Data<int>(column, ColumnType.Date);

    /// <summary>A text's UTF-8 bytes; empty where missing.</summary>
    public ReadOnlySpan<byte> Utf8(int column, int row)
    {
        if (IsNull(column, row))
        {
            Data<DuckDbString>(column, ColumnType.Text);
            return [];
        }

        ref readonly DuckDbString text = ref Data<DuckDbString>(column, ColumnType.Text)[row];
        fixed (DuckDbString* address = &text)
        {
            return address->Length <= 12 ? new(address->Inline, (int)address->Length) : new(address->Pointer, (int)address->Length);
        }
    }

    /// <summary>A text, or null where missing.</summary>
    public string? Text(int column, int row) => IsNull(column, row) ? null : Encoding.UTF8.GetString(Utf8(column, row));

    /// <summary>Whether a value of the column may be missing in this chunk.</summary>
    public bool HasNulls(int column) => DuckDbApi.duckdb_vector_get_validity(Vector(column)) != null;

    /// <summary>Whether the value is missing.</summary>
    public bool IsNull(int column, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        ulong* validity = DuckDbApi.duckdb_vector_get_validity(Vector(column));
        return validity != null && (validity[row >> 6] & (1UL << (row & 63))) == 0;
    }

    private ReadOnlySpan<T> Data<T>(int column, ColumnType wanted) where T : unmanaged
    {
        nint vector = Vector(column);
        return shape[column].Type == wanted
            ? new(DuckDbApi.duckdb_vector_get_data(vector), Rows)
            : throw new InvalidOperationException($"Column '{shape[column].Name}' holds {shape[column].Type}, not {wanted}.");
    }

    private nint Vector(int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)shape.Length, nameof(column));
        return DuckDbApi.duckdb_data_chunk_get_vector(handle, (ulong)column);
    }
}
