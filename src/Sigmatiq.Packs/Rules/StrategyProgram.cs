using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Rules;

/// <summary>The compiled rules of one strategy: all entry lines must hold, any exit line closes; undefined counts as false (01 §1.5, §1.8).</summary>
public sealed class StrategyProgram
{
    private StrategyProgram(IReadOnlyList<RuleProgram> entry, IReadOnlyList<RuleProgram> exit)
    {
        Entry = entry;
        Exit = exit;
    }

    /// <summary>The entry lines.</summary>
    public IReadOnlyList<RuleProgram> Entry { get; }

    /// <summary>The exit lines.</summary>
    public IReadOnlyList<RuleProgram> Exit { get; }

    /// <summary>Whether an exit line needs the position; ask <see cref="PositionExits"/> for those.</summary>
    public bool HasPositionExits => Exit.Any(e => e.UsesPosition);

    /// <summary>Compiles the rules of a model.</summary>
    public static ParseResult<StrategyProgram> Compile(ModelStrategy strategy, RuleScope scope) =>
        Compile(strategy.EntryRules, strategy.ExitRules, scope, $"strategies.{strategy.Id}");

    /// <summary>Compiles entry and exit lines; each must be true or false.</summary>
    /// <param name="entryRules">Entry lines.</param>
    /// <param name="exitRules">Exit lines.</param>
    /// <param name="scope">Names they may use.</param>
    /// <param name="where">Path for messages.</param>
    public static ParseResult<StrategyProgram> Compile(IReadOnlyList<string> entryRules, IReadOnlyList<string> exitRules, RuleScope scope, string where)
    {
        List<Problem> problems = [];
        List<RuleProgram> entry = Lines(entryRules, "entry_logic", allowsPosition: false), exit = Lines(exitRules, "exit_logic", allowsPosition: true);
        return problems.Count == 0 ? ParseResult<StrategyProgram>.Ok(new(entry, exit)) : ParseResult<StrategyProgram>.Refused(problems);

        List<RuleProgram> Lines(IReadOnlyList<string> lines, string list, bool allowsPosition)
        {
            List<RuleProgram> programs = [];
            for (int i = 0; i < lines.Count; i++)
            {
                string place = $"{where}.{list}[{i}]";
                ParseResult<RuleProgram> compiled = RuleProgram.Compile(lines[i], scope, allowsPosition);
                problems.AddRange(compiled.Problems.Select(p => p with { Where = $"{place}, {p.Where}" }));
                if (compiled.IsOk && compiled.Value.Type != RuleType.Bool)
                {
                    problems.Add(new("EXP-1003", $"'{lines[i]}' is a number, not true or false.", place, "Compare it with something.", ExitCode.BadUsage));
                }
                else if (compiled.IsOk)
                {
                    programs.Add(compiled.Value);
                }
            }

            return programs;
        }
    }

    /// <summary>1 where every entry line holds, else 0. Shape [bars].</summary>
    public double[] EntryMask(FrameColumns columns)
    {
        double[] mask = new double[columns.Count];
        Array.Fill(mask, Entry.Count == 0 ? 0 : 1);
        foreach (RuleProgram line in Entry)
        {
            double[] holds = line.EvaluateFor(columns, out bool isScratch);
            Masks.And(mask, holds);
            if (isScratch)
            {
                ScratchColumns.Return(holds);
            }
        }

        return mask;
    }

    /// <summary>1 where an exit line without a position holds, else 0. Shape [bars].</summary>
    public double[] ExitMask(FrameColumns columns)
    {
        double[] mask = new double[columns.Count];
        foreach (RuleProgram line in Exit.Where(e => !e.UsesPosition))
        {
            double[] holds = line.EvaluateFor(columns, out bool isScratch);
            Masks.Or(mask, holds);
            if (isScratch)
            {
                ScratchColumns.Return(holds);
            }
        }

        return mask;
    }

    /// <summary>The exit lines that need the position, ready for bars inside one.</summary>
    public IReadOnlyList<PositionRule> PositionExits(FrameColumns columns) => [.. Exit.Where(e => e.UsesPosition).Select(e => e.BindPosition(columns))];

    /// <summary>The rule score (02 §2.6), shape [bars]; see <see cref="RuleScore"/>.</summary>
    public double[] Score(FrameColumns columns) => RuleScore.Of(Entry, columns);
}
