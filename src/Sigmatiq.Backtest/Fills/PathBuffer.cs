namespace Sigmatiq.Backtest.Fills;

/// <summary>Columns that grow while a path is found; kept per thread, so that a path costs its own trade list and nothing more.</summary>
internal sealed class PathBuffer
{
    [ThreadStatic]
    private static PathBuffer? spare;

    private int[] decisionBar = new int[64], entryBar = new int[64], exitBar = new int[64];
    private double[] entryPrice = new double[64], exitPrice = new double[64];
    private ExitReason[] reason = new ExitReason[64];
    private int[] expired = [];
    private int count, expiredCount;

    public static PathBuffer Rent()
    {
        PathBuffer buffer = spare ?? new();
        spare = null;
        buffer.count = buffer.expiredCount = 0;
        return buffer;
    }

    public static void Return(PathBuffer buffer) => spare = buffer;

    public void Add(int decision, int entry, double price, in PositionEnd end)
    {
        if (count == entryBar.Length)
        {
            Grow();
        }

        decisionBar[count] = decision;
        entryBar[count] = entry;
        entryPrice[count] = price;
        exitBar[count] = end.Bar;
        exitPrice[count] = end.Price;
        reason[count++] = end.Reason;
    }

    public void AddExpired(int decision)
    {
        if (expiredCount == expired.Length)
        {
            Array.Resize(ref expired, Math.Max(16, expiredCount * 2));
        }

        expired[expiredCount++] = decision;
    }

    public TradePath ToPath(int ambiguous, int refused) =>
        new(
        new(ambiguous, expiredCount, refused), decisionBar[..count], entryBar[..count], entryPrice[..count], exitBar[..count], exitPrice[..count],
        reason[..count], expiredCount == 0 ? [] : expired[..expiredCount]);

    private void Grow()
    {
        int size = count * 2;
        Array.Resize(ref decisionBar, size);
        Array.Resize(ref entryBar, size);
        Array.Resize(ref exitBar, size);
        Array.Resize(ref entryPrice, size);
        Array.Resize(ref exitPrice, size);
        Array.Resize(ref reason, size);
    }
}
