using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Api;

/// <summary>Puts the stored values of one trade's decisions into the order of the page, and rules into words. It evaluates nothing.</summary>
internal sealed class DecisionReader(DataDirectory data, PackLibrary packs)
{
    private static readonly Dictionary<string, string> Levels = new(StringComparer.Ordinal)
    {
        ["best"] = "Best price", ["stop"] = "Stop", ["trail"] = "Trailing stop", ["target"] = "Target", ["days"] = "Days held",
    };

    private readonly EvidenceFiles files = new(data);

    /// <summary>One value of the file.</summary>
    private sealed record Row(string Moment, DateTimeOffset BarUtc, string Kind, int? Line, int? Part, string Name, bool IsFlag, double? Value);

    /// <summary>What was known of a trade.</summary>
    /// <param name="approval">The request.</param>
    /// <param name="window">Its window.</param>
    /// <param name="prefix">What the names of the window's files begin with.</param>
    /// <param name="trade">The trade's number.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <exception cref="ProblemException">APP-1170: the window has no such trade. APP-2029: a file of the evidence is gone.</exception>
    public TradeKnown Read(Approval approval, string window, string prefix, int trade, CancellationToken ct)
    {
        string file = prefix + DecisionColumns.File;
        int[] ids = ParquetFile.Read(files.Find(approval, prefix + "trades.parquet"), ["trade_id"], ct)["trade_id"].Ints;
        if (!ids.Contains(trade))
        {
            throw new ProblemException("APP-1170", $"The {window} window of {approval.Id} has no trade {trade}.", "trade",
                ids.Length == 0 ? "It has no trade at all." : $"Use {ids[0]} to {ids[^1]}.", ExitCode.BadUsage);
        }

        JsonNode? evidence = files.Json(approval, f => f == "evidence.json");
        string? prices = JsonReading.Field(JsonReading.Field(evidence, "config"), "engine").Text("prices"), source = JsonReading.Field(evidence, "confidence").Text(window);
        if (approval.Subject.Evidence.All(f => Path.GetFileName(f.Path) != file))
        {
            return new(trade, window, false, prices, source, null, null, null, null, []);
        }

        Row[] rows = RowsOf(ParquetFile.Read(files.Find(approval, file), null, ct), trade);
        Words words = new(PackOf(approval.Subject), rows);
        Row[] entry = [.. rows.Where(r => r.Moment == "entry")], exit = [.. rows.Where(r => r.Moment == "exit")];
        return new(
            trade, window, true, prices, source, One(entry, "score", "score"), One(entry, "score", "threshold"), Moment(entry, words), exit.Length == 0 ? null : Moment(exit, words),
            Values(entry, "feature", words.Name));
    }

    private static Row[] RowsOf(ColumnSet columns, int trade)
    {
        int[] ids = columns["trade_id"].Ints;
        Column bar = columns["bar_ts"], line = columns["line"], part = columns["part"], value = columns["value"];
        string?[] moment = columns["moment"].Texts, kind = columns["kind"].Texts, name = columns["name"].Texts;
        bool[] isFlag = columns["is_flag"].Bools;
        return
        [
            .. Enumerable.Range(0, ids.Length).Where(i => ids[i] == trade).Select(i => new Row(
                moment[i]!, DateTimeOffset.UnixEpoch.AddTicks(10 * bar.TimestampsUtcUs[i]), kind[i]!, line.IsNull(i) ? null : line.Ints[i], part.IsNull(i) ? null : part.Ints[i],
                name[i]!, isFlag[i], double.IsFinite(value.Doubles[i]) ? value.Doubles[i] : null)),
        ];
    }

    private static MomentKnown Moment(Row[] rows, Words words) => new(
        rows[0].BarUtc, One(rows, "bar", "open")!.Value, One(rows, "bar", "high")!.Value, One(rows, "bar", "low")!.Value, One(rows, "bar", "close")!.Value, One(rows, "bar", "volume"),
        (int?)One(rows, "gate", "hour"), (int?)One(rows, "gate", "confirmations"),
        [
            .. rows.Where(r => r.Kind == "line").Select(l => new LineKnown(
                words.Sentence(l.Name), l.Name, Holds(l),
                [
                    .. rows.Where(p => p.Kind == "part" && p.Line == l.Line).Select(p => new PartKnown(
                        words.Sentence(p.Name), p.Name, Holds(p), Values([.. rows.Where(s => s.Line == p.Line && s.Part == p.Part)], "side", words.Name))),
                ])),
        ],
        Values(rows, "input", words.Name), Values(rows, "position", words.Name), Values(rows, "level", n => Levels.GetValueOrDefault(n, n)));

    private static bool? Holds(Row row) => row.Value is { } value ? value == 1 : null;

    private static double? One(Row[] rows, string kind, string name) => rows.FirstOrDefault(r => r.Kind == kind && r.Name == name)?.Value;

    private static IReadOnlyList<ValueKnown> Values(Row[] rows, string kind, Func<string, string> label) =>
        [.. rows.Where(r => r.Kind == kind).Select(r => new ValueKnown(r.Name, label(r.Name), r.IsFlag, r.Value))];

    // Words of another content would say what did not decide.
    private Pack? PackOf(ApprovalSubject subject)
    {
        try
        {
            Pack pack = packs.Load(subject.Pack);
            return pack.Hash.Hex == subject.PackHash ? pack : null;
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    /// <summary>Expressions in words of the pack that the trade was decided with; without that pack they stand for themselves.</summary>
    private sealed class Words(Pack? pack, Row[] rows)
    {
        private readonly RuleSentence? sentence = pack is null ? null : RuleSentence.Of(
            pack, rows.Where(r => r.Kind == "input" && r.Value is not null && r.Name.Contains('.', StringComparison.Ordinal)).DistinctBy(r => r.Name).ToDictionary(r => r.Name, r => r.Value!.Value));

        public string Sentence(string expression) => sentence?.Say(expression) ?? expression;

        public string Name(string expression) => Sentence(expression);
    }
}
