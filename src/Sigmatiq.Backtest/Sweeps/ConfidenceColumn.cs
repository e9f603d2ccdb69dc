using System.Text.Json.Nodes;
using Sigmatiq.Packs.Grid;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>What a threshold is compared with (spec 02 §2.6), bar by bar.</summary>
/// <param name="Values">Confidence at each bar's close, shape [n]; NaN where there is none, and then no entry.</param>
/// <param name="Source"><c>rule</c> (a score, never called a probability) or <c>classifier</c>.</param>
/// <param name="Skill">What is known of its skill (out-of-fold AUC with interval, effective rows); null for a rule score.</param>
public sealed record ConfidenceColumn(double[] Values, string Source, JsonObject? Skill = null)
{
    /// <summary>The source of rule scores.</summary>
    public const string Rule = "rule";

    /// <summary>The source of out-of-fold probabilities.</summary>
    public const string Classifier = "classifier";

    /// <summary>First bar at or after <paramref name="from"/> with a confidence; <paramref name="to"/> if none.</summary>
    public int FirstBar(int from, int to)
    {
        for (int t = from; t < to; t++)
        {
            if (!double.IsNaN(Values[t]))
            {
                return t;
            }
        }

        return to;
    }
}

/// <summary>What one confidence column follows from: a distinct pair of indicator parameters and barriers on the bars of a sweep.</summary>
/// <param name="Config">Any config of the pair.</param>
/// <param name="Rules">The compiled rules and columns of its indicators.</param>
/// <param name="Inputs">The sweep's bars and window.</param>
/// <param name="Seed">Seed of everything that is drawn.</param>
public sealed record ConfidencePair(EffectiveConfig Config, RuleColumns Rules, SweepInputs Inputs, long Seed);

/// <summary>Gives the confidence of one distinct pair of indicator parameters and barriers; asked once per pair.</summary>
public interface IConfidenceSource
{
    /// <summary>Equal for configs that share a column. The rule score does not know the barriers, a classifier's label does.</summary>
    string KeyOf(EffectiveConfig config);

    /// <summary>The column of a pair: the same for the same pair, whatever was asked before and however many threads ask at once. It must
    /// not depend on a bar at or after the end of the selection window.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="ct">Stops the work.</param>
    ConfidenceColumn For(ConfidencePair pair, CancellationToken ct);

    /// <summary>The column of a pair where it was worked out before, else null.</summary>
    ConfidenceColumn? Find(ConfidencePair pair) => null;
}

/// <summary>The rule score of 02 §2.6, last bullet.</summary>
public sealed class RuleScoreConfidence : IConfidenceSource
{
    /// <inheritdoc/>
    public string KeyOf(EffectiveConfig config) => config.IndicatorKey;

    /// <inheritdoc/>
    public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct)
    {
        // Columns of the rules are worked out when first asked for, on indicators that all pairs share.
        lock (pair.Inputs)
        {
            return new(pair.Rules.Score(), ConfidenceColumn.Rule);
        }
    }
}
