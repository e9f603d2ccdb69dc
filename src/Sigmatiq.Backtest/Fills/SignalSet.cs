namespace Sigmatiq.Backtest.Fills;

/// <summary>What a position knows of itself when an exit rule asks (<c>position.*</c>, spec 01 §1.9).</summary>
/// <param name="Return">Close over entry price, less 1.</param>
/// <param name="Days">Trading days since the entry's day.</param>
/// <param name="Best">Best price since entry over entry price, less 1.</param>
public readonly record struct PositionState(double Return, int Days, double Best);

/// <summary>An exit rule that needs the position: asked at each close while one is open.</summary>
public interface IPositionExit
{
    /// <summary>Whether the close of this bar decides to leave.</summary>
    bool Leaves(int bar, in PositionState position);
}

/// <summary>Where the rules of one combo decide: the bars, in order, not a flag for every bar.</summary>
/// <remarks>One set is shared by every combo that differs only in barriers and size.</remarks>
public sealed class SignalSet
{
    /// <summary>Takes the lists over.</summary>
    /// <param name="entries">Bars on whose close an entry may be decided, ascending.</param>
    /// <param name="exits">Bars on whose close an exit rule that does not know the position holds, ascending.</param>
    /// <param name="positionExit">Exit rules that know the position, or null.</param>
    public SignalSet(int[] entries, int[] exits, IPositionExit? positionExit = null)
    {
        Entries = entries;
        Exits = exits;
        PositionExit = positionExit;
    }

    /// <summary>Bars whose close may decide an entry, ascending.</summary>
    public int[] Entries { get; }

    /// <summary>Bars whose close decides an exit, ascending.</summary>
    public int[] Exits { get; }

    /// <summary>Exit rules that know the position, or null.</summary>
    public IPositionExit? PositionExit { get; }

    /// <summary>The bars at which a three-valued column is true (1; 0 and NaN are not).</summary>
    public static int[] Where(ReadOnlySpan<double> column)
    {
        int count = 0;
        foreach (double value in column)
        {
            count += value == 1 ? 1 : 0;
        }

        int[] bars = new int[count];
        count = 0;
        for (int t = 0; t < column.Length; t++)
        {
            if (column[t] == 1)
            {
                bars[count++] = t;
            }
        }

        return bars;
    }
}
