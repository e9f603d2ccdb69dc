using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Pages;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Api;

/// <summary>Reads the evidence that a request for a vote is bound to; nothing here is computed anew, only put into words.</summary>
internal sealed class EvidenceReader(DataDirectory data)
{
    // Evidence files are never written twice, so what was read of one stays true.
    private readonly Lock gate = new();
    private (string Path, IReadOnlyList<EquityPoint> Points)? last;

    public EvidenceView Read(Approval approval, RunView run, CancellationToken ct)
    {
        JsonObject metrics = approval.Metrics;
        IReadOnlyList<GateView> gates = [.. approval.Gates.Select(GateOf)];
        return new(Window(approval), Figures(metrics), gates, Cautions(metrics), Equity(approval, ct), Training(run));
    }

    private static string Window(Approval approval) =>
        approval.Metrics.Text("window") is { } window ? $"{PageText.Dates(window)}, never used to choose." : "the last part of the data, never used to choose.";

    internal static FigureView[] Figures(JsonObject m) =>
    [
        new("Return", PageText.Return(m.Number("return_pct") / 100), string.Join(", ",
            [.. Said("selection", m.Number("selection_return_pct")), .. Said("buy and hold", m.Number("buy_and_hold_return_pct"))])),
        new("Sharpe", PageText.Ratio(m.Number("sharpe")), m.Number("sharpe_low") is { } low ? $"{PageText.Ratio(low)} to {PageText.Ratio(m.Number("sharpe_high"))}" : ""),
        new("Win rate", PageText.Rate(m.Number("win_rate_pct") / 100), m.Number("trades") is { } trades ? $"of {PageText.Count((long)trades)} trades" : ""),
        new("Max drawdown", PageText.Rate(Math.Abs(m.Number("max_dd_pct") / 100 ?? double.NaN), 2)),
        new("p-value", PageText.Probability(m.Number("p_value")), m.Number("p_value") is { } p ? p < 0.05 ? "below 0.05" : "not below 0.05" : "too few trades"),
    ];

    private static string[] Said(string what, double? percent) => percent is { } value ? [$"{what} {PageText.Return(value / 100)}"] : [];

    internal static GateView GateOf(JsonNode? gate)
    {
        string name = gate.Text("gate") ?? "";
        bool isPercent = name.Contains("pct", StringComparison.Ordinal) || name.Contains("drawdown", StringComparison.Ordinal) || name.Contains("win_rate", StringComparison.Ordinal);
        string comparator = gate.Text("comparator") switch { ">" => "above", ">=" => "at least", "<" => "below", "<=" => "at most", var other => other ?? "" };
        string Value(double? v) => v is not { } number ? PageText.None
            : isPercent ? PageText.Ratio(number) + "%"
            : name.Contains("trades", StringComparison.Ordinal) ? PageText.Count((long)number)
            : name.Contains("significance", StringComparison.Ordinal) ? number.ToString("0.####", CultureInfo.InvariantCulture)
            : PageText.Ratio(number);
        string window = gate.Text("window") switch { "selection" => " on the selection window", "holdout" or "hold_out" => " on the hold-out", _ => "" };
        string sample = gate.Number("sample") is { } n ? $", n {PageText.Count((long)n)}" : "";
        return new(gate.Text("label") ?? name, $"{comparator} {Value(gate.Number("threshold"))}{window}{sample}".Trim(), Value(gate.Number("value")),
            gate.Truth("passed") == true ? Mark.Ok : Mark.Bad, gate.Truth("critical") == true, WithoutSkill(gate));
    }

    // A limit that counts or bounds damage has no such chance (spec 04 §4.8).
    private static string WithoutSkill(JsonNode? gate) => gate.Number("false_pass") is { } chance ? PageText.Rate(chance, 0) : gate.Text("gate") switch
    {
        "min_trades" => "a count",
        "max_drawdown_pct" or "min_return_pct" => "damage only",
        "max_pbo" => "under 0.5: half the time",
        _ => "not known",
    };

    // What an earlier program did not compute is a doubt too; what cannot be computed is among the cautions with its reason.
    internal static IReadOnlyList<string> Cautions(JsonObject metrics) =>
    [
        .. metrics.List("cautions").Select(c => c?.ToString() ?? "").Where(c => c.Length > 0),
        .. !metrics.ContainsKey("deflated_sharpe") ? new[] { "Deflated Sharpe and the probability of overfitting are not computed." } : [],
    ];

    private static string Four(double score) => score.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture);

    private static List<FigureView> Training(RunView run)
    {
        List<FigureView> figures = [];
        foreach (var (instance, k) in run.State.Steps.Where(s => s.Spec.Name == "train").SelectMany(s => s.Instances).Select((i, k) => (i, k)))
        {
            JsonNode? validation = JsonReading.Field(instance.Output, "validation_metrics") ?? JsonReading.Field(instance.Output, "validation");
            if ((validation.Number("auc") ?? instance.Output.Number("auc")) is { } auc)
            {
                string name = instance.Output.Text("combo_id") is { } combo ? $"Model of combo {combo}" : $"Model {k + 1}";
                IEnumerable<string> flags = instance.Output.List("flags").Select(f => f!.ToString().Replace('_', ' '));
                figures.Add(new(name, $"AUC {PageText.Ratio(auc)}", string.Join(", ", flags.Prepend("on the hold-out; 0.5 ranks nothing"))));
                if (instance.Output.Number("brier_after") is { } after)
                {
                    figures.Add(new("Its Brier score", Four(after), $"after calibration, {(instance.Output.Number("brier_before") is { } before ? Four(before) : "none")} before; 0.25 is a guess"));
                }
            }
        }

        return figures;
    }

    private IReadOnlyList<EquityPoint> Equity(Approval approval, CancellationToken ct)
    {
        EvidenceFile? file = approval.Subject.Evidence.FirstOrDefault(f => Path.GetFileName(f.Path) == "equity.parquet");
        if (file is null)
        {
            return [];
        }

        lock (gate)
        {
            if (last is { } known && known.Path == file.Path)
            {
                return known.Points;
            }

            IReadOnlyList<EquityPoint> points = ReadEquity(Path.Combine(data.Root, file.Path), ct);
            last = (file.Path, points);
            return points;
        }
    }

    private static IReadOnlyList<EquityPoint> ReadEquity(string path, CancellationToken ct)
    {
        ColumnSet columns;
        try
        {
            columns = ParquetFile.Read(path, null, ct);
        }
        catch (ProblemException)
        {
            return []; // The vote panel says that the evidence has changed; the page itself still opens.
        }

        Column? time = columns.FirstOrDefault(c => c.Type is ColumnType.Timestamp or ColumnType.Date);
        Column? equity = columns.Find("equity") ?? columns.Find("strategy");
        Column? benchmark = columns.Find("buy_and_hold") ?? columns.Find("benchmark");
        if (time is null || equity is not { Type: ColumnType.Double } || columns.Rows == 0)
        {
            return [];
        }

        double first = equity.Doubles[0], firstHeld = benchmark is { Type: ColumnType.Double } ? benchmark.Doubles[0] : double.NaN;
        return
        [
            .. Enumerable.Range(0, columns.Rows).Where(i => double.IsFinite(equity.Doubles[i])).Select(i => new EquityPoint(
                time.Type == ColumnType.Date ? new(time.Dates[i], TimeOnly.MinValue, TimeSpan.Zero) : DateTimeOffset.UnixEpoch.AddTicks(10 * time.TimestampsUtcUs[i]),
                (equity.Doubles[i] / first) - 1,
                double.IsFinite(firstHeld) ? (benchmark!.Doubles[i] / firstHeld) - 1 : null)),
        ];
    }
}
