namespace Sigmatiq.Learning.Calibration;

/// <summary>A map from raw score to probability: P = 1/(1 + e^(A·s + B)) (spec 03 §3.5).</summary>
/// <param name="A">Slope; negative where a higher score means a likelier gain.</param>
/// <param name="B">Intercept.</param>
/// <param name="Fitted">False for the identity (A = −1, B = 0), where there was nothing to fit on.</param>
/// <param name="N">Number of scores fitted on.</param>
/// <param name="NoSkill">The score ranked backwards or not at all: the map is the base rate alone, and the model cannot be
/// published.</param>
public sealed record PlattMap(double A, double B, bool Fitted, int N, bool NoSkill = false)
{
    /// <summary>The logistic function itself: what a score of log-odds says before any calibration.</summary>
    public static PlattMap Identity { get; } = new(-1, 0, Fitted: false, N: 0);

    /// <summary>Probability of a score; NaN for NaN.</summary>
    public double Probability(double score) => Logistic(-((A * score) + B));

    /// <summary>Probability per score, same shape.</summary>
    public double[] Probabilities(ReadOnlySpan<double> scores)
    {
        double[] p = new double[scores.Length];
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = Probability(scores[i]);
        }

        return p;
    }

    /// <summary>1/(1 + e^(−x)) without overflow.</summary>
    internal static double Logistic(double x)
    {
        if (x >= 0)
        {
            return 1 / (1 + Math.Exp(-x));
        }

        double e = Math.Exp(x);
        return e / (1 + e);
    }
}

/// <summary>Platt's sigmoid, fitted by Newton's method with his Bayes-corrected targets (Platt 1999; the stable form of Lin, Lin and
/// Weng 2007).</summary>
public static class Platt
{
    private const double Ridge = 1e-12;
    private const double SmallestStep = 1e-10;
    private const int IterationsMax = 100;
    private const int HalvingsMax = 60;

    /// <summary>Fits the map on out-of-fold scores.</summary>
    /// <param name="scores">Raw scores (log-odds), finite, shape [n].</param>
    /// <param name="labels">1 or 0, shape [n].</param>
    /// <returns>The identity where n = 0 or one class is missing; the base rate with <see cref="PlattMap.NoSkill"/> where A ≥ 0: the
    /// map must never turn a losing score around.</returns>
    public static PlattMap Fit(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels)
    {
        int n = scores.Length, positives = 0;
        for (int i = 0; i < n; i++)
        {
            positives += labels[i] > 0.5 ? 1 : 0;
        }

        int negatives = n - positives;
        if (positives == 0 || negatives == 0)
        {
            return PlattMap.Identity;
        }

        double[] targets = new double[n];
        double high = (positives + 1.0) / (positives + 2.0), low = 1.0 / (negatives + 2.0);
        for (int i = 0; i < n; i++)
        {
            targets[i] = labels[i] > 0.5 ? high : low;
        }

        double startB = Math.Log((negatives + 1.0) / (positives + 1.0));
        var (a, b) = Minimise(scores, targets, startB);
        return a < 0
            ? new(a, b, Fitted: true, n)
            : new(0, startB, Fitted: true, n, NoSkill: true);
    }

    /// <summary>F = −Σ[t ln p + (1 − t) ln(1 − p)] with p = 1/(1 + e^f), f = A·s + B, in the form that neither overflows nor takes the
    /// logarithm of zero.</summary>
    internal static double Loss(ReadOnlySpan<double> scores, ReadOnlySpan<double> targets, double a, double b)
    {
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double f = (a * scores[i]) + b;
            // −ln p = ln(1 + e^f) and −ln(1 − p) = ln(1 + e^−f) = ln(1 + e^f) − f.
            sum += f >= 0
                ? (targets[i] * f) + Math.Log(1 + Math.Exp(-f))
                : ((targets[i] - 1) * f) + Math.Log(1 + Math.Exp(f));
        }

        return sum;
    }

    /// <summary>(∂F/∂A, ∂F/∂B) = (Σ(t − p)·s, Σ(t − p)).</summary>
    internal static (double A, double B) Gradient(ReadOnlySpan<double> scores, ReadOnlySpan<double> targets, double a, double b)
    {
        double da = 0, db = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double d = targets[i] - PlattMap.Logistic(-((a * scores[i]) + b));
            da += d * scores[i];
            db += d;
        }

        return (da, db);
    }

    private static (double A, double B) Minimise(ReadOnlySpan<double> scores, ReadOnlySpan<double> targets, double startB)
    {
        double a = 0, b = startB, loss = Loss(scores, targets, a, b);
        for (int iteration = 0; iteration < IterationsMax; iteration++)
        {
            var (da, db) = Gradient(scores, targets, a, b);
            double haa = Ridge, hbb = Ridge, hab = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                double p = PlattMap.Logistic(-((a * scores[i]) + b)), w = p * (1 - p);
                haa += w * scores[i] * scores[i];
                hab += w * scores[i];
                hbb += w;
            }

            double determinant = (haa * hbb) - (hab * hab);
            double stepA = -((hbb * da) - (hab * db)) / determinant, stepB = -((haa * db) - (hab * da)) / determinant;
            if (!double.IsFinite(stepA) || !double.IsFinite(stepB))
            {
                break;
            }

            double share = 1;
            int halvings = 0;
            double next = Loss(scores, targets, a + stepA, b + stepB);
            while (next > loss && halvings++ < HalvingsMax)
            {
                share /= 2;
                next = Loss(scores, targets, a + (share * stepA), b + (share * stepB));
            }

            if (next > loss)
            {
                break;
            }

            a += share * stepA;
            b += share * stepB;
            loss = next;
            if (Math.Max(Math.Abs(share * stepA), Math.Abs(share * stepB)) < SmallestStep)
            {
                break;
            }
        }

        return (a, b);
    }
}
