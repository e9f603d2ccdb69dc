namespace Sigmatiq.Learning.Learners;

/// <summary>What a learner reads: a dense block of numbers, row after row; NaN is a missing value.</summary>
/// <param name="Values">Row-major values, shape [rows × columns].</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
public sealed record DenseRows(float[] Values, int Rows, int Columns)
{
    /// <summary>The values of one row, shape [columns].</summary>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>The block of the given rows, in the given order.</summary>
    public DenseRows Take(ReadOnlySpan<int> rows)
    {
        float[] taken = new float[rows.Length * Columns];
        for (int i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(taken.AsSpan(i * Columns));
        }

        return new(taken, rows.Length, Columns);
    }
}
