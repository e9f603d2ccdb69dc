using System.Text.Json.Nodes;
using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Learning.Confidence;

/// <summary>How well a confidence tells gains from losses, with the doubt that overlapping labels leave (spec 02 §2.6, "Skill shown").</summary>
/// <remarks>All blocks are ranked together, as one threshold is held against all of them. Ranking each block by itself would flatter: on 30 random
/// walks the interval then lay above 0.5 four times instead of once, because within a short window what stands high has yet to come down, and
/// prices among the features tell the classifier so.</remarks>
/// <param name="Auc">Chance that a gain had the higher confidence, ties ½; null where one outcome is missing.</param>
/// <param name="Low">2.5 % quantile over resamples; null without an AUC.</param>
/// <param name="High">97.5 % quantile.</param>
/// <param name="Rows">Bars with a confidence and a known outcome.</param>
/// <param name="EffectiveRows">Σ of their uniqueness weights: how many independent outcomes they are worth.</param>
/// <param name="BaseRate">Share of gains; null without rows.</param>
/// <param name="BlockBars">Length of the resampled blocks: that of the longest label.</param>
public sealed record RankingSkill(double? Auc, double? Low, double? High, int Rows, double EffectiveRows, double? BaseRate, int BlockBars)
{
    /// <summary>Resamples behind the interval.</summary>
    public const int Resamples = 1000;

    /// <summary>Measures the confidence against the labels that had ended by the end of the selection window.</summary>
    /// <param name="values">Confidence per bar, NaN where there is none, shape [bars].</param>
    /// <param name="labels">Labels per bar.</param>
    /// <param name="to">End of the selection window, exclusive.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="ct">Stops between resamples.</param>
    public static RankingSkill Of(double[] values, LabelColumns labels, int to, long seed, CancellationToken ct)
    {
        int[] rows = [.. Enumerable.Range(0, Math.Min(to, values.Length)).Where(t => double.IsFinite(values[t]) && labels.EndBar[t] >= 0 && labels.EndBar[t] < to)];
        if (rows.Length == 0)
        {
            return new(null, null, null, 0, 0, null, 0);
        }

        double[] score = [.. rows.Select(t => values[t])], label = [.. rows.Select(t => labels.Label[t])];
        int[] end = [.. rows.Select(t => labels.EndBar[t])];
        int block = Math.Clamp(rows.Max(t => labels.EndBar[t] - t), 1, rows.Length);
        double? auc = ClassScores.Auc(score, label);
        var (low, high) = auc is null ? (null, null) : Interval(score, label, block, seed, ct);
        return new(auc, low, high, rows.Length, Uniqueness.Weights(rows, end).Sum(), label.Average(), block);
    }

    /// <summary>As JSON, null where undefined.</summary>
    public JsonObject ToJson() => new()
    {
        ["auc"] = Auc, ["auc_low"] = Low, ["auc_high"] = High, ["rows"] = Rows, ["effective_rows"] = EffectiveRows, ["base_rate"] = BaseRate,
        ["block_bars"] = BlockBars, ["resamples"] = Resamples,
    };

    // Blocks of the longest label's length keep rows that share a position together (Künsch's moving blocks). A resample is how often each row is
    // drawn, so the order by score is worked out once.
    private static (double? Low, double? High) Interval(double[] score, double[] label, int block, long seed, CancellationToken ct)
    {
        int n = score.Length;
        int[] order = [.. Enumerable.Range(0, n)];
        double[] sorted = [.. score];
        Array.Sort(sorted, order);
        Rng rng = Rng.From(seed).Fork("auc");
        List<double> drawn = new(Resamples);
        int[] change = new int[n + 1], times = new int[n];
        for (int r = 0; r < Resamples; r++)
        {
            ct.ThrowIfCancellationRequested();
            Array.Clear(change);
            for (int taken = 0; taken < n; taken += block)
            {
                int start = rng.NextInt(n - block + 1);
                change[start]++;
                change[start + Math.Min(block, n - taken)]--;
            }

            for (int i = 0, open = 0; i < n; i++)
            {
                open += change[i];
                times[i] = open;
            }

            if (AucOf(sorted, order, label, times) is { } auc)
            {
                drawn.Add(auc);
            }
        }

        if (drawn.Count == 0)
        {
            return (null, null);
        }

        drawn.Sort();
        return (Quantile(drawn, 0.025), Quantile(drawn, 0.975));
    }

    private static double? AucOf(double[] sorted, int[] order, double[] label, int[] times)
    {
        long losses = 0, gains = 0;
        double wins = 0;
        for (int from = 0; from < sorted.Length;)
        {
            int to = from;
            long tiedLosses = 0, tiedGains = 0;
            for (; to < sorted.Length && sorted[to].Equals(sorted[from]); to++)
            {
                if (label[order[to]] > 0.5)
                {
                    tiedGains += times[order[to]];
                }
                else
                {
                    tiedLosses += times[order[to]];
                }
            }

            wins += tiedGains * (losses + (0.5 * tiedLosses));
            losses += tiedLosses;
            gains += tiedGains;
            from = to;
        }

        return gains == 0 || losses == 0 ? null : wins / ((double)gains * losses);
    }

    private static double Quantile(List<double> sorted, double share)
    {
        double at = share * (sorted.Count - 1);
        int below = (int)at;
        return below + 1 < sorted.Count ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
