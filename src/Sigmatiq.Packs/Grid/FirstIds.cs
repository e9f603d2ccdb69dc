using System.Collections;

namespace Sigmatiq.Packs.Grid;

/// <summary>The ids 1 to n of a whole grid without a list of them: whoever looks up one combo of a grid of a thousand million shall not hold
/// as many numbers.</summary>
internal sealed class FirstIds(int count) : IReadOnlyList<int>
{
    public int Count => count;

    public int this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            return index + 1;
        }
    }

    public IEnumerator<int> GetEnumerator() => Enumerable.Range(1, count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
