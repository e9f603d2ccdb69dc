using System.Globalization;

namespace Sigmatiq.Store.Columns;

/// <summary>What a query may use.</summary>
/// <param name="Threads">One by default: sums over several threads depend on their number in the last digit.</param>
/// <param name="MemoryBytesMax">Beyond it the query fails; nothing is spilled to disk.</param>
public sealed record ColumnLimits(int Threads = 1, long MemoryBytesMax = 2L << 30)
{
    internal string ThreadsText => Threads.ToString(CultureInfo.InvariantCulture);

    internal string MemoryText => string.Create(CultureInfo.InvariantCulture, $"{MemoryBytesMax}B");
}
