using System.Globalization;
using System.Text.Json.Nodes;

namespace Sigmatiq.Learning.Trained;

/// <summary>What a person is shown before publishing or discarding (spec 03 §3.10). The suggestion never decides.</summary>
/// <param name="SharpeBacktest">In the sweep.</param>
/// <param name="SharpeOof">On the selection window with the trained model's out-of-fold probabilities; the sweep's own was made with the faster
/// classifier that the threshold was picked on.</param>
/// <param name="SharpeValidation">On the hold-out.</param>
/// <param name="Interval">Its 95 % interval; null where it has none.</param>
/// <param name="Trades">Trades on the hold-out.</param>
/// <param name="Retention">Validation over backtest; null where the backtest's is not above 0.</param>
/// <param name="Suggestion"><c>publish</c>, <c>review</c> or <c>discard</c>.</param>
/// <param name="Sentence">Why the suggestion proves little.</param>
/// <param name="HoldoutLook">The how-manieth look at this hold-out it is, from 1; null where nothing was held out.</param>
/// <param name="Obstacles">Why it cannot be published, in words; empty where it can.</param>
/// <param name="PublishGate">What of the publish gate fails on the hold-out, in words: a person may publish all the same, with a note.</param>
public sealed record TrainedModelReview(
    double? SharpeBacktest, double? SharpeOof, double? SharpeValidation, (double Low, double High)? Interval, int Trades, double? Retention, string Suggestion,
    string Sentence, int? HoldoutLook, IReadOnlyList<string> Obstacles, IReadOnlyList<string> PublishGate)
{
    /// <summary>Sharpe ratio on the hold-out that publishing asks for.</summary>
    public const double PublishSharpeMin = 0.30;

    /// <summary>One-sided p of the mean trade return on the hold-out that publishing asks to be below. With the Sharpe ratio it passes a strategy
    /// without edge in about 1 of 20 cases.</summary>
    public const double PublishPBelow = 0.05;

    private const string Overlap = "Models whose intervals overlap cannot be told apart, and the suggestion decides nothing.";
    private const double PublishFrom = 0.90, ReviewFrom = 0.75;

    /// <summary>Reviews a trained model from its metadata.</summary>
    public static TrainedModelReview Of(TrainedModelRecord record)
    {
        JsonNode metrics = record.MetaJson["metrics"]!;
        double? backtest = Number(metrics["sharpe_backtest"]), validation = Number(metrics["sharpe_validation"]!["sharpe_ratio"]);
        (double, double)? interval = metrics["sharpe_validation"]!["sharpe_interval"] is JsonArray ends && Number(ends[0]) is { } low && Number(ends[1]) is { } high
            ? (low, high)
            : null;
        int trades = metrics["sharpe_validation"]!["total_trades"]!.GetValue<int>();
        double? retention = backtest > 0 ? validation / backtest : null;
        IReadOnlyList<string> obstacles = ObstaclesOf(record.Flags);
        int? look = record.MetaJson["holdout"]?["look"]?.GetValue<int>();
        return new(
            backtest, Number(metrics["sharpe_oof"]?["sharpe_ratio"]), validation, interval, trades, retention, obstacles.Count > 0 ? "discard" : Suggest(retention),
            Say(validation, interval, trades, look), look, obstacles, Gate(validation, Number(metrics["sharpe_validation"]!["p_value"])));
    }

    private static List<string> Gate(double? sharpe, double? p)
    {
        List<string> fails = [];
        if (!(sharpe >= PublishSharpeMin))
        {
            fails.Add(string.Create(CultureInfo.InvariantCulture, $"The Sharpe ratio on the hold-out is {(sharpe is { } s ? $"{s:0.00}" : "undefined")}, at least {PublishSharpeMin:0.00} is asked for."));
        }

        if (!(p < PublishPBelow))
        {
            fails.Add(string.Create(CultureInfo.InvariantCulture, $"The mean trade return on the hold-out has p {(p is { } value ? $"{value:0.000}" : "undefined")}, below {PublishPBelow:0.00} is asked for."));
        }

        return fails;
    }

    /// <summary>≥ 0.90 publish, ≥ 0.75 review, below or unknown discard.</summary>
    public static string Suggest(double? retention) => retention switch
    {
        >= PublishFrom => "publish",
        >= ReviewFrom => "review",
        _ => "discard",
    };

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["sharpe_backtest"] = SharpeBacktest,
        ["sharpe_oof"] = SharpeOof,
        ["sharpe_validation"] = SharpeValidation,
        ["sharpe_interval"] = Interval is { } i ? new JsonArray(i.Low, i.High) : null,
        ["trades_validation"] = Trades,
        ["retention"] = Retention,
        ["suggestion"] = Suggestion,
        ["sentence"] = Sentence,
        ["holdout_look"] = HoldoutLook,
        ["obstacles"] = new JsonArray([.. Obstacles.Select(o => (JsonNode)o)]),
        ["publish_gate"] = new JsonArray([.. PublishGate.Select(o => (JsonNode)o)]),
    };

    private static string Say(double? sharpe, (double Low, double High)? interval, int trades, int? look)
    {
        string said = sharpe is { } value && interval is { } ends
            ? string.Create(CultureInfo.InvariantCulture,
                $"{trades} trades put the Sharpe ratio anywhere from {ends.Low:0.0} to {ends.High:0.0}; {value:0.00} is the middle. {Overlap}")
            : string.Create(CultureInfo.InvariantCulture, $"{trades} trades on the hold-out give no Sharpe ratio: nothing was shown, good or bad.");
        return look > 1
            ? said + string.Create(CultureInfo.InvariantCulture, $" This is look {look} at this hold-out: the best of several looks better than it is.")
            : said;
    }

    private static List<string> ObstaclesOf(IReadOnlyList<string> flags)
    {
        List<string> obstacles = [];
        foreach (string flag in flags)
        {
            switch (flag)
            {
                case TrainingFlags.ValidationContaminated:
                    obstacles.Add("The sweep had seen part of the hold-out (validation_contaminated).");
                    break;
                case TrainingFlags.NoSkill:
                    obstacles.Add("The score ranks backwards or not at all (no_skill).");
                    break;
                case TrainingFlags.Refit:
                    obstacles.Add("It refits an approved model and follows that model's decision (refit).");
                    break;
                case TrainingFlags.GateFailed:
                    obstacles.Add("The combo failed its gates and was trained for evidence only (gate_failed).");
                    break;
            }
        }

        return obstacles;
    }

    private static double? Number(JsonNode? node) => node?.GetValue<double>();
}
