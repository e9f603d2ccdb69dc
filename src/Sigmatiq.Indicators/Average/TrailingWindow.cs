namespace Sigmatiq.Indicators.Average;

/// <summary>The last values of a stream, oldest first, with one step of undo so that a look ahead leaves no trace.</summary>
/// <remarks>Every value is kept twice, one length apart, so that the window is always one contiguous span.</remarks>
internal sealed class TrailingWindow(int length)
{
    private readonly double[] values = new double[2 * length];
    private int head;
    private int pushed;
    private double displaced;

    /// <summary>Whether <c>length</c> values have been pushed.</summary>
    internal bool IsFull => pushed >= length;

    /// <summary>The window, oldest first; meaningful once it is full.</summary>
    internal ReadOnlySpan<double> Values => values.AsSpan(head, length);

    /// <summary>Takes the newest value.</summary>
    internal void Push(double value)
    {
        displaced = values[head];
        values[head] = value;
        values[head + length] = value;
        head = head + 1 == length ? 0 : head + 1;
        pushed++;
    }

    /// <summary>Takes the last push back; once per push.</summary>
    internal void Undo()
    {
        head = head == 0 ? length - 1 : head - 1;
        values[head] = displaced;
        values[head + length] = displaced;
        pushed--;
    }
}
