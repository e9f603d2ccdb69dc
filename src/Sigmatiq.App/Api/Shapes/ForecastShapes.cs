namespace Sigmatiq.App.Api.Shapes;

/// <summary>What a trained model said of the newest bars, before their outcome was known. Returns, probabilities and accuracies are fractions.</summary>
/// <param name="TrainedModelId">The trained model.</param>
/// <param name="ModelId">The model.</param>
/// <param name="ComboId">The combo.</param>
/// <param name="State"><c>trained, published</c> or <c>discarded</c>.</param>
/// <param name="EvidenceOnly">Whether its combo failed its gates.</param>
/// <param name="Symbol">What it speaks of.</param>
/// <param name="Synthetic">Whether the simulator made the bars.</param>
/// <param name="Horizon">Until when it speaks, in words: the barriers of its combo.</param>
/// <param name="FirstBarUtc">Start of the first bar it speaks of.</param>
/// <param name="LastBarUtc">Start of the newest one.</param>
/// <param name="Rows">Bars it speaks of.</param>
/// <param name="Threshold">Probability from which an entry is let through.</param>
/// <param name="Probability">Of a gain, said at the newest bar.</param>
/// <param name="PredictedReturn">Expected return of a position from the newest bar.</param>
/// <param name="RulesHold">Whether its entry lines hold there.</param>
/// <param name="Enters">Whether an entry would be decided there.</param>
/// <param name="Entries">Entries over all its bars.</param>
/// <param name="Accuracy">Share of rows it was right about on the hold-out, at its threshold.</param>
/// <param name="BaseRate">Share of the more frequent outcome there: what saying the same of every row gets; null where it is not known.</param>
/// <param name="Auc">How well it ranked the hold-out; 0.5 is chance.</param>
/// <param name="Return">Return of its combo on the hold-out.</param>
/// <param name="Sharpe">Sharpe ratio there.</param>
/// <param name="SharpeLow">Lower end of its 95 % interval.</param>
/// <param name="SharpeHigh">Upper end.</param>
/// <param name="Age">How old it is: <c>fresh</c>, <c>aging</c> (more than 7 days behind) or <c>stale</c> (more than 14).</param>
/// <param name="AgeDays">Days since its newest bar began.</param>
/// <param name="ForecastHash">Hash of its rows.</param>
public sealed record ForecastListed(
    string TrainedModelId, string ModelId, int ComboId, string State, bool EvidenceOnly, string Symbol, bool Synthetic, string Horizon, DateTimeOffset FirstBarUtc, DateTimeOffset LastBarUtc, int Rows,
    double Threshold, double? Probability, double? PredictedReturn, bool RulesHold, bool Enters, int Entries, double? Accuracy, double? BaseRate, double? Auc, double? Return, double? Sharpe,
    double? SharpeLow, double? SharpeHigh, string Age, double AgeDays, string ForecastHash);
