using System.Runtime.InteropServices;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Columns;

/// <summary>Collects the chunks of one column into arrays.</summary>
internal abstract class ColumnBuilder
{
    private static readonly int UnixEpochDay = new DateOnly(1970, 1, 1).DayNumber;

    public static ColumnBuilder For(ColumnShape shape, int rowsExpected) => shape.Type switch
    {
        ColumnType.Double => new Of<double>(rowsExpected, (chunk, c) => chunk.Doubles(c), (v, _) => Column.Of(shape.Name, v), flags: false),
        ColumnType.Long => new Of<long>(rowsExpected, (chunk, c) => chunk.Longs(c), (v, nulls) => Column.Of(shape.Name, v, nulls)),
        ColumnType.Int => new Of<int>(rowsExpected, (chunk, c) => chunk.Ints(c), (v, nulls) => Column.Of(shape.Name, v, nulls)),
        ColumnType.Bool => new Of<bool>(rowsExpected, (chunk, c) => chunk.Bools(c), (v, nulls) => Column.Of(shape.Name, v, nulls)),
        ColumnType.Timestamp => new Of<long>(rowsExpected, (chunk, c) => chunk.TimestampsUtcUs(c), (v, nulls) => Column.OfTimestamps(shape.Name, v, nulls)),
        ColumnType.Date => new Of<int>(rowsExpected, (chunk, c) => chunk.DaysSince1970(c), (v, nulls) => Column.Of(shape.Name, ToDates(shape.Name, v, nulls), nulls)),
        ColumnType.Text => new Texts(shape.Name, rowsExpected),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape.Type, "Not a column type."),
    };

    public static int DaysSince1970(DateOnly date) => date.DayNumber - UnixEpochDay;

    public abstract void Append(ColumnChunk chunk, int column);

    public abstract Column Build();

    private static DateOnly[] ToDates(string name, int[] days, bool[]? nulls)
    {
        var dates = new DateOnly[days.Length];
        for (int row = 0; row < days.Length; row++)
        {
            if (nulls is not null && nulls[row])
            {
                continue;
            }

            long day = (long)days[row] + UnixEpochDay;
            dates[row] = day >= DateOnly.MinValue.DayNumber && day <= DateOnly.MaxValue.DayNumber
                ? DateOnly.FromDayNumber((int)day)
                : throw new ProblemException("STO-2006", $"Column '{name}' holds a date outside the years 1 to 9999 in row {row}.", name, "Correct the date at its source.");
        }

        return dates;
    }

    private delegate ReadOnlySpan<T> Reader<T>(ColumnChunk chunk, int column);

    private sealed class Of<T>(int rowsExpected, Reader<T> read, Func<T[], bool[]?, Column> build, bool flags = true) : ColumnBuilder where T : unmanaged
    {
        private T[] values = new T[rowsExpected];
        private bool[]? nulls;
        private int count;

        public override void Append(ColumnChunk chunk, int column)
        {
            int end = count + chunk.Rows;
            if (end > values.Length)
            {
                Array.Resize(ref values, Math.Max(end, values.Length * 2));
            }

            read(chunk, column).CopyTo(values.AsSpan(count));
            if (flags && chunk.HasNulls(column))
            {
                Flag(chunk, column);
            }

            count = end;
        }

        public override Column Build()
        {
            Array.Resize(ref values, count);
            if (nulls is not null)
            {
                Array.Resize(ref nulls, count);
            }

            return build(values, nulls);
        }

        private void Flag(ColumnChunk chunk, int column)
        {
            if (nulls is null || nulls.Length < values.Length)
            {
                Array.Resize(ref nulls, values.Length);
            }

            for (int row = 0; row < chunk.Rows; row++)
            {
                if (chunk.IsNull(column, row))
                {
                    nulls[count + row] = true;
                    values[count + row] = default;
                }
            }
        }
    }

    private sealed class Texts(string name, int rowsExpected) : ColumnBuilder
    {
        private readonly List<string?> values = new(rowsExpected);
        private string? last;

        public override void Append(ColumnChunk chunk, int column)
        {
            for (int row = 0; row < chunk.Rows; row++)
            {
                string? text = chunk.Text(column, row);
                // Columns like a symbol repeat: keep one string for a run of equal ones.
                last = text == last ? last : text;
                values.Add(last);
            }
        }

        public override Column Build() => Column.Of(name, values.Count == 0 ? [] : CollectionsMarshal.AsSpan(values).ToArray());
    }
}
