using System.Globalization;
using System.Runtime.InteropServices;
using Sigmatiq.Store.Errors;
using static Sigmatiq.Learning.Learners.XgBoostNative;

namespace Sigmatiq.Learning.Learners;

/// <summary>Gradient boosting by XGBoost's own library (1.7) through its C API: histogram trees, level by level, on one thread.</summary>
/// <remarks>
/// <para>Second-order boosting (Chen and Guestrin, 2016): g = p − y, h = p(1 − p), leaf weight −ΣG/(ΣH+λ), split gain
/// ½[G_L²/(H_L+λ) + G_R²/(H_R+λ) − G²/(H+λ)] − γ; a missing value goes to the side that gains more.</para>
/// <para>One thread, so that several models can be fitted side by side. A fit is never continued: further trees on a saved model
/// draw other rows than one long fit would.</para>
/// </remarks>
public sealed unsafe class XgBoost : ILearner
{
    /// <summary>Opens the library.</summary>
    /// <exception cref="ProblemException">TRN-2001: the library is not on this machine.</exception>
    public XgBoost() => EnsureLoaded();

    /// <inheritdoc/>
    public string Algorithm => "xgboost";

    /// <inheritdoc/>
    /// <exception cref="ProblemException">TRN-1001, TRN-1002: wrong hyperparameters; TRN-2002: the library refused.</exception>
    public IFittedModel Fit(
        DenseRows rows, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Hyperparameters hyperparameters, CancellationToken ct)
    {
        if (hyperparameters.Problems() is { Count: > 0 } problems)
        {
            throw new ProblemException(problems);
        }

        if (labels.Length != rows.Rows || weights.Length != rows.Rows)
        {
            throw new ArgumentException($"{rows.Rows} rows with {labels.Length} labels and {weights.Length} weights.", nameof(rows));
        }

        using MatrixHandle matrix = CreateMatrix(rows);
        SetFloats(matrix, "label", labels);
        SetFloats(matrix, "weight", weights);
        BoosterHandle booster = CreateBooster(matrix);
        try
        {
            foreach (var (name, value) in Settings(hyperparameters))
            {
                Check(BoosterSet(booster, name, value), $"set {name}");
            }

            for (int tree = 0; tree < hyperparameters.NEstimators; tree++)
            {
                ct.ThrowIfCancellationRequested();
                Check(BoosterUpdate(booster, tree, matrix), $"fit tree {tree}");
            }

            return new Fitted(booster, rows.Columns, []);
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Any binary:logistic model of XGBoost 1.7 that was saved as JSON, by whichever program; keys beside the library's own are
    /// passed over.</remarks>
    /// <exception cref="ProblemException">TRN-2003: the bytes are not such a model; the library has not seen them. TRN-2002: the library
    /// refused them.</exception>
    public IFittedModel Load(ReadOnlySpan<byte> model)
    {
        IReadOnlyList<string> names = XgBoostJson.Check(model.ToArray());
        BoosterHandle booster = CreateBooster(null);
        try
        {
            fixed (byte* bytes = model)
            {
                Check(BoosterLoad(booster, bytes, (ulong)model.Length), "read a model");
            }

            Check(BoosterSet(booster, "nthread", "1"), "set nthread");
            Check(BoosterColumns(booster, out ulong columns), "count columns");
            return new Fitted(booster, (int)columns, names);
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    private static IEnumerable<(string Name, string Value)> Settings(Hyperparameters h)
    {
        yield return ("objective", Hyperparameters.Objective);
        yield return ("tree_method", "hist");
        yield return ("nthread", "1");
        yield return ("base_score", "0.5");
        yield return ("max_depth", Text(h.MaxDepth));
        yield return ("eta", Text(h.LearningRate));
        yield return ("subsample", Text(h.Subsample));
        yield return ("colsample_bytree", Text(h.ColsampleBytree));
        yield return ("lambda", Text(h.RegLambda));
        yield return ("gamma", Text(h.Gamma));
        yield return ("min_child_weight", Text(h.MinChildWeight));
        yield return ("seed", Text(h.Seed));
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static MatrixHandle CreateMatrix(DenseRows rows)
    {
        fixed (float* values = rows.Values)
        {
            Check(MatrixFromDense(ArrayInterface(values, rows.Rows, rows.Columns), """{"missing":NaN,"nthread":1}""", out nint matrix), "take the rows");
            return new(matrix);
        }
    }

    private static void SetFloats(MatrixHandle matrix, string field, ReadOnlySpan<double> values)
    {
        float[] floats = new float[values.Length];
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = (float)values[i];
        }

        fixed (float* pinned = floats)
        {
            Check(MatrixSetFloats(matrix, field, pinned, (ulong)floats.Length), $"take the {field}s");
        }
    }

    private static BoosterHandle CreateBooster(MatrixHandle? matrix)
    {
        nint raw = matrix?.DangerousGetHandle() ?? 0;
        Check(BoosterCreate(matrix is null ? null : &raw, matrix is null ? 0UL : 1UL, out nint booster), "create a booster");
        return new(booster);
    }

    private sealed class Fitted(BoosterHandle booster, int columns, IReadOnlyList<string> names) : IFittedModel
    {
        private const string MarginConfig =
            """{"type":1,"training":false,"iteration_begin":0,"iteration_end":0,"missing":NaN,"strict_shape":false,"cache_id":0}""";

        private readonly Lock gate = new();

        public int Columns => columns;

        public double[] Scores(DenseRows rows)
        {
            if (rows.Columns != columns)
            {
                throw new ArgumentException($"The model was fitted on {columns} columns, was given {rows.Columns}.", nameof(rows));
            }

            double[] scores = new double[rows.Rows];
            if (rows.Rows == 0)
            {
                return scores;
            }

            // The result lives in the booster until its next call.
            lock (gate)
            {
                fixed (float* values = rows.Values)
                {
                    Check(BoosterPredict(booster, ArrayInterface(values, rows.Rows, columns), MarginConfig, 0, out _, out _, out float* result), "predict");
                    for (int i = 0; i < scores.Length; i++)
                    {
                        scores[i] = result[i];
                    }
                }
            }

            return scores;
        }

        public double[] TotalGain()
        {
            double[] gain = new double[columns];
            lock (gate)
            {
                Check(BoosterFeatureScore(booster, """{"importance_type":"total_gain"}""", out ulong count, out nint* found, out _, out _, out float* scores), "score the columns");
                for (ulong i = 0; i < count; i++)
                {
                    // The library names unnamed columns f0, f1, … and leaves out those that no tree uses.
                    string name = Marshal.PtrToStringUTF8(found[i])!;
                    gain[names.Count == 0 ? int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture) : names.ToList().IndexOf(name)] = scores[i];
                }
            }

            return gain;
        }

        public byte[] ToBytes()
        {
            lock (gate)
            {
                Check(BoosterSave(booster, """{"format":"json"}""", out ulong length, out byte* bytes), "write the model");
                return new ReadOnlySpan<byte>(bytes, (int)length).ToArray();
            }
        }

        public void Dispose() => booster.Dispose();
    }
}
