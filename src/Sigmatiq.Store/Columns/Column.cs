using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Columns;

/// <summary>A named column in memory, shape [n].</summary>
/// <remarks>Missing values: NaN in a double column, null in a text column, and in the others a place where <see cref="Nulls"/> is
/// true. The arrays are taken over, not copied: whoever made the column does not change them afterwards.</remarks>
public sealed class Column
{
    // Header and length of a text in memory.
    private const int TextBytes = 24;

    private readonly Array values;

    private Column(string name, ColumnType type, Array values, bool[]? nulls)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (nulls is not null && nulls.Length != values.Length)
        {
            throw new ArgumentException($"Column '{name}' has {values.Length} values and {nulls.Length} null flags.", nameof(nulls));
        }

        Name = name;
        Type = type;
        this.values = values;
        Nulls = nulls is not null && Array.IndexOf(nulls, true) >= 0 ? nulls : null;
    }

    /// <summary>The name, as in the file.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public ColumnType Type { get; }

    /// <summary>Number of values n.</summary>
    public int Count => values.Length;

    /// <summary>True where a value is missing; null where none is. Always null for double and text.</summary>
    public bool[]? Nulls { get; }

    /// <summary>Numbers; NaN where missing.</summary>
    public double[] Doubles => Values<double>(ColumnType.Double);

    /// <summary>Whole numbers.</summary>
    public long[] Longs => Values<long>(ColumnType.Long);

    /// <summary>Whole numbers of 32 bits.</summary>
    public int[] Ints => Values<int>(ColumnType.Int);

    /// <summary>Flags.</summary>
    public bool[] Bools => Values<bool>(ColumnType.Bool);

    /// <summary>Instants in microseconds since 1970 UTC.</summary>
    public long[] TimestampsUtcUs => Values<long>(ColumnType.Timestamp);

    /// <summary>Dates.</summary>
    public DateOnly[] Dates => Values<DateOnly>(ColumnType.Date);

    /// <summary>Texts; null where missing.</summary>
    public string?[] Texts => Values<string?>(ColumnType.Text);

    /// <summary>A double column.</summary>
    public static Column Of(string name, double[] values) => new(name, ColumnType.Double, values, null);

    /// <summary>A column of whole numbers.</summary>
    public static Column Of(string name, long[] values, bool[]? nulls = null) => new(name, ColumnType.Long, values, nulls);

    /// <summary>A column of 32-bit whole numbers.</summary>
    public static Column Of(string name, int[] values, bool[]? nulls = null) => new(name, ColumnType.Int, values, nulls);

    /// <summary>A column of flags.</summary>
    public static Column Of(string name, bool[] values, bool[]? nulls = null) => new(name, ColumnType.Bool, values, nulls);

    /// <summary>A column of dates.</summary>
    public static Column Of(string name, DateOnly[] values, bool[]? nulls = null) => new(name, ColumnType.Date, values, nulls);

    /// <summary>A column of texts.</summary>
    public static Column Of(string name, string?[] values) => new(name, ColumnType.Text, values, null);

    /// <summary>A column of instants, in microseconds since 1970 UTC.</summary>
    public static Column OfTimestamps(string name, long[] utcUs, bool[]? nulls = null) => new(name, ColumnType.Timestamp, utcUs, nulls);

    /// <summary>Whether the value at a row is missing.</summary>
    public bool IsNull(int row) => Type switch
    {
        ColumnType.Double => double.IsNaN(((double[])values)[row]),
        ColumnType.Text => ((string?[])values)[row] is null,
        _ => Nulls is not null && Nulls[row],
    };

    /// <summary>Bytes that the values take in memory; each text counts as if no other column shared it.</summary>
    public long Bytes => (Nulls?.Length ?? 0) + Type switch
    {
        ColumnType.Double or ColumnType.Long or ColumnType.Timestamp => 8L * Count,
        ColumnType.Int or ColumnType.Date => 4L * Count,
        ColumnType.Bool => Count,
        _ => (8L * Count) + ((string?[])values).Sum(t => t is null ? 0L : TextBytes + (2L * t.Length)),
    };

    private T[] Values<T>(ColumnType wanted) => Type == wanted
        ? (T[])values
        : throw new ProblemException("STO-2004", $"Column '{Name}' holds {Type}, not {wanted}.", Name, "Convert it where it is read.");
}
