using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>What was known when each position was decided and when it ended, one value a row.</summary>
/// <remarks>
/// The values are those of the columns that decided, read at one bar each: <c>bar_ts</c> is its start, and no value depends on a later bar.
/// An entry is told at the bar on whose close it was decided. An exit by rule is told likewise; one by a level at the bar that reached the level,
/// which stood before that bar. A position that is open has no exit.
/// <para>Columns: <c>trade_id</c>, <c>moment</c> (<c>entry, exit</c>), <c>bar_ts</c>, <c>kind</c>, <c>line</c> and <c>part</c> (from 0; null where the kind has
/// none), <c>name</c>, <c>is_flag</c> (1 and 0 stand for true and false), <c>value</c> (null where undefined). Kinds:</para>
/// <list type="bullet">
/// <item><c>bar</c>: <c>open, high, low, close, volume</c> at the prices that the model trades on.</item>
/// <item><c>score</c>: <c>score</c> and <c>threshold</c>, where the combo has them.</item>
/// <item><c>gate</c>: <c>hour</c> that the allowed hours are held against, not on daily bars; <c>confirmations</c>, the bars before at whose closes all entry lines held too.</item>
/// <item><c>line</c>: a rule line and whether it held; <c>part</c>: a condition of it; <c>side</c>: what that compared.</item>
/// <item><c>input</c>: what the lines name. <c>feature</c>: the model's features, as computed; a classifier scales some.</item>
/// <item><c>position</c>: <c>position.return, .days, .best</c> when a rule decided the exit.</item>
/// <item><c>level</c>: <c>best, stop, trail, target</c> before the bar of the end, where set, and <c>days</c> held.</item>
/// </list>
/// </remarks>
public static class DecisionColumns
{
    /// <summary>Name of the file; that of the selection window begins with <c>selection_</c>.</summary>
    public const string File = "decisions.parquet";

    /// <summary>The rows of a window's positions.</summary>
    /// <param name="bars">The model's bars.</param>
    /// <param name="config">The combo.</param>
    /// <param name="confidence">What its threshold was compared with; null where rules alone decide.</param>
    /// <param name="window">Its backtest on the window.</param>
    public static ColumnSet Of(ModelBars bars, EffectiveConfig config, ConfidenceColumn? confidence, WindowResult window)
    {
        RuleColumns rules = bars.Rules(config);
        Lines entry = new(rules.ReadEntry(), rules.Columns), exit = new(rules.ReadExit(), rules.Columns);
        Rows rows = new();
        TradePath path = window.Result.Account.Path;
        TradeReplay replay = new(window.Run, path);
        for (int i = 0; i < path.Count; i++)
        {
            int decision = path.DecisionBar[i];
            rows.Begin(i + 1, "entry", window.Run.Bars.StartUtcUs[decision]);
            Bar(rows, window.Run.Bars, decision);
            if (confidence is not null)
            {
                rows.Add("score", "score", confidence.Values[decision]);
            }

            if (config.Threshold is { } threshold)
            {
                rows.Add("score", "threshold", threshold);
            }

            if (bars.HourAt(decision) is { } hour)
            {
                rows.Add("gate", "hour", hour);
            }

            rows.Add("gate", "confirmations", window.Run.Options.ConfirmationBars);

            entry.Write(rows, decision, PositionKnown.None);
            foreach (string feature in config.Model.Features)
            {
                rows.Add("feature", feature, rules.Columns.Column(feature)[decision], IsFlag(rules.Columns, feature));
            }

            if (path.ExitBar[i] >= 0)
            {
                Exit(rows, window.Run.Bars, path, i, replay.LevelsAtEnd(i), exit);
            }
        }

        return rows.ToColumns();
    }

    private static void Exit(Rows rows, FillBars bars, TradePath path, int i, PositionLevels levels, Lines lines)
    {
        bool isRule = path.Reason[i] == ExitReason.Signal;
        int told = isRule ? path.ExitBar[i] - 1 : path.ExitBar[i];
        rows.Begin(i + 1, "exit", bars.StartUtcUs[told]);
        Bar(rows, bars, told);
        if (isRule)
        {
            PositionState state = PositionWalk.KnownAt(bars, told, path.EntryBar[i], path.EntryPrice[i], levels.Best);
            lines.Write(rows, told, new(state.Return, state.Days, state.Best));
            rows.Add("position", "position.return", state.Return);
            rows.Add("position", "position.days", state.Days);
            rows.Add("position", "position.best", state.Best);
        }

        foreach (var (name, price) in new[] { ("best", levels.Best), ("stop", levels.Stop), ("trail", levels.Trail), ("target", levels.Target) })
        {
            if (double.IsFinite(price))
            {
                rows.Add("level", name, price);
            }
        }

        rows.Add("level", "days", bars.DayOf[told] - bars.DayOf[path.EntryBar[i]]);
    }

    private static void Bar(Rows rows, FillBars bars, int t)
    {
        rows.Add("bar", "open", bars.Open[t]);
        rows.Add("bar", "high", bars.High[t]);
        rows.Add("bar", "low", bars.Low[t]);
        rows.Add("bar", "close", bars.Close[t]);
        rows.Add("bar", "volume", bars.Volume[t]);
    }

    private static bool IsFlag(FrameColumns columns, string name) => columns.Scope.Find(name) is { } known
        && (known.Kind == RuleNameKind.Feature ? columns.Scope.FeatureProgram(known.Canonical).Value.Type : known.Type) == RuleType.Bool;

    /// <summary>Entry or exit lines and what they name.</summary>
    private sealed class Lines(IReadOnlyList<RuleReading> lines, FrameColumns columns)
    {
        private readonly (string Name, double[] Column, bool IsFlag)[] inputs =
        [
            .. lines.SelectMany(l => l.Line.Names).Where(n => n.Kind != RuleNameKind.Position).Select(n => n.Canonical).Distinct()
                .Select(n => (n, columns.Column(n), DecisionColumns.IsFlag(columns, n))),
        ];

        public void Write(Rows rows, int t, in PositionKnown position)
        {
            for (int l = 0; l < lines.Count; l++)
            {
                RuleReading line = lines[l];
                rows.Add("line", line.Line.Text, line.Holds(t, position), isFlag: true, l);
                for (int p = 0; p < line.Parts.Count; p++)
                {
                    RulePart part = line.Parts[p];
                    rows.Add("part", part.Text, line.Holds(part, t, position), isFlag: true, l, p);
                    foreach (RuleSide side in part.Sides)
                    {
                        rows.Add("side", side.Text, line.Value(side, t, position), side.Type == RuleType.Bool, l, p);
                    }
                }
            }

            foreach (var (name, column, isFlag) in inputs)
            {
                rows.Add("input", name, column[t], isFlag);
            }
        }
    }

    private sealed class Rows
    {
        private readonly List<int> trade = [], line = [], part = [];
        private readonly List<string> moment = [], kind = [], name = [];
        private readonly List<long> barUtcUs = [];
        private readonly List<bool> isFlag = [];
        private readonly List<double> value = [];
        private (int Trade, string Moment, long BarUtcUs) now;

        public void Begin(int tradeId, string at, long startUtcUs) => now = (tradeId, at, startUtcUs);

        public void Add(string of, string what, double amount, bool isFlag = false, int inLine = -1, int inPart = -1)
        {
            trade.Add(now.Trade);
            moment.Add(now.Moment);
            barUtcUs.Add(now.BarUtcUs);
            kind.Add(of);
            line.Add(inLine);
            part.Add(inPart);
            name.Add(what);
            this.isFlag.Add(isFlag);
            value.Add(amount);
        }

        public ColumnSet ToColumns() => new(
            Column.Of("trade_id", trade.ToArray()), Column.Of("moment", moment.ToArray()), Column.OfTimestamps("bar_ts", [.. barUtcUs]), Column.Of("kind", kind.ToArray()),
            Column.Of("line", line.ToArray(), [.. line.Select(l => l < 0)]), Column.Of("part", part.ToArray(), [.. part.Select(p => p < 0)]), Column.Of("name", name.ToArray()),
            Column.Of("is_flag", isFlag.ToArray()), Column.Of("value", value.ToArray()));
    }
}
