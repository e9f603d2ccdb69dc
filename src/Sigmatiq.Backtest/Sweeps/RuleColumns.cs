using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Rules;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>The rules of one set of indicator parameters, evaluated once over all bars.</summary>
public sealed class RuleColumns
{
    private readonly StrategyProgram program;
    private readonly FrameColumns columns;

    internal RuleColumns(StrategyProgram program, FrameColumns columns)
    {
        this.program = program;
        this.columns = columns;
        Entry = program.EntryMask(columns);
        ExitBars = SignalSet.Where(program.ExitMask(columns));
        IReadOnlyList<PositionRule> inPosition = program.PositionExits(columns);
        PositionExit = inPosition.Count == 0 ? null : new AnyOf(inPosition);
    }

    /// <summary>1 where every entry line holds at the bar's close, shape [n].</summary>
    public double[] Entry { get; }

    /// <summary>Bars at whose close an exit line holds that does not know the position, ascending.</summary>
    public int[] ExitBars { get; }

    /// <summary>Exit lines that know the position, or null.</summary>
    public IPositionExit? PositionExit { get; }

    /// <summary>Every name the rules may use as a column.</summary>
    public FrameColumns Columns => columns;

    /// <summary>The rule score, shape [n].</summary>
    public double[] Score() => program.Score(columns);

    /// <summary>The entry lines, to be read at single bars.</summary>
    public IReadOnlyList<RuleReading> ReadEntry() => [.. program.Entry.Select(line => line.Read(columns))];

    /// <summary>The exit lines, to be read at single bars.</summary>
    public IReadOnlyList<RuleReading> ReadExit() => [.. program.Exit.Select(line => line.Read(columns))];

    private sealed class AnyOf(IReadOnlyList<PositionRule> rules) : IPositionExit
    {
        public bool Leaves(int bar, in PositionState position)
        {
            foreach (PositionRule rule in rules)
            {
                if (rule.Evaluate(bar, position.Return, position.Days, position.Best) == 1)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
