using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning.Learners;

/// <summary>How a boosted classifier is fitted; the defaults are those of spec 03 §3.3.</summary>
/// <remarks>XGBoost reports many wrong settings only at the first tree and some never, so every value is checked here, before a
/// library sees it. <see cref="MinChildWeight"/> is not in the table of the spec; it is XGBoost's own default, written down because
/// with uniqueness weights it means "effective rows": a leaf needs about four of them.</remarks>
/// <param name="Algorithm">Which learner.</param>
/// <param name="NEstimators">Number of trees.</param>
/// <param name="MaxDepth">Depth of a tree.</param>
/// <param name="LearningRate">Shrinkage per tree, 0 &lt; x ≤ 1.</param>
/// <param name="Subsample">Share of rows per tree, 0 &lt; x ≤ 1.</param>
/// <param name="ColsampleBytree">Share of columns per tree, 0 &lt; x ≤ 1.</param>
/// <param name="RegLambda">λ in the leaf weight −ΣG/(ΣH+λ).</param>
/// <param name="Gamma">Gain that a split must bring.</param>
/// <param name="MinChildWeight">Σ hessian that a leaf must hold.</param>
/// <param name="Seed">Seed of row and column sampling.</param>
public sealed record Hyperparameters(
    string Algorithm = "xgboost", int NEstimators = 200, int MaxDepth = 5, double LearningRate = 0.01, double Subsample = 0.8,
    double ColsampleBytree = 0.8, double RegLambda = 1, double Gamma = 0, double MinChildWeight = 1, int Seed = 42)
{
    /// <summary>The algorithms that can be asked for.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["xgboost"];

    /// <summary>The one objective: binary logistic.</summary>
    public const string Objective = "binary:logistic";

    /// <summary>Reads overrides of a request over these values; keys as in the table of spec 03 §3.3.</summary>
    /// <exception cref="ProblemException">TRN-1001 unknown algorithm, TRN-1002 unknown key, wrong type or value out of range; all
    /// problems of the request at once.</exception>
    public Hyperparameters With(JsonObject overrides)
    {
        List<Problem> problems = [];
        Hyperparameters read = this;
        foreach (var (key, value) in overrides)
        {
            read = key switch
            {
                "algorithm" => read with { Algorithm = Text(key, value) },
                "n_estimators" => read with { NEstimators = Whole(key, value, read.NEstimators) },
                "max_depth" => read with { MaxDepth = Whole(key, value, read.MaxDepth) },
                "learning_rate" => read with { LearningRate = Number(key, value) },
                "subsample" => read with { Subsample = Number(key, value) },
                "colsample_bytree" => read with { ColsampleBytree = Number(key, value) },
                "reg_lambda" => read with { RegLambda = Number(key, value) },
                "gamma" => read with { Gamma = Number(key, value) },
                "min_child_weight" => read with { MinChildWeight = Number(key, value) },
                "seed" => read with { Seed = Whole(key, value, read.Seed) },
                "objective" => CheckObjective(read, value),
                _ => Unknown(read, key),
            };
        }

        problems.AddRange(read.Problems());
        return problems.Count == 0 ? read : throw new ProblemException(problems);

        string Text(string key, JsonNode? node)
        {
            if (node?.GetValueKind() == JsonValueKind.String)
            {
                return node.GetValue<string>();
            }

            problems.Add(Wrong(key, node?.ToJsonString() ?? "null", "a text"));
            return read.Algorithm;
        }

        double Number(string key, JsonNode? node)
        {
            if (node?.GetValueKind() == JsonValueKind.Number)
            {
                return double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
            }

            problems.Add(Wrong(key, node?.ToJsonString() ?? "null", "a number"));
            return 0.5;
        }

        int Whole(string key, JsonNode? node, int otherwise)
        {
            if (node?.GetValueKind() == JsonValueKind.Number
                && int.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole))
            {
                return whole;
            }

            problems.Add(Wrong(key, node?.ToJsonString() ?? "null", "a whole number"));
            return otherwise;
        }

        Hyperparameters CheckObjective(Hyperparameters sofar, JsonNode? node)
        {
            if (Text("objective", node) != Objective)
            {
                problems.Add(Wrong("objective", node?.ToJsonString() ?? "null", $"'{Objective}'"));
            }

            return sofar;
        }

        Hyperparameters Unknown(Hyperparameters sofar, string key)
        {
            problems.Add(new("TRN-1002", $"'{key}' is not a hyperparameter.", key,
                $"Use one of: {string.Join(", ", ToJson().Select(p => p.Key))}.", ExitCode.BadUsage));
            return sofar;
        }
    }

    /// <summary>What is wrong with these values; empty where nothing is.</summary>
    public IReadOnlyList<Problem> Problems()
    {
        List<Problem> problems = [];
        if (!Algorithms.Contains(Algorithm))
        {
            problems.Add(new("TRN-1001", $"Unknown algorithm '{Algorithm}'.", "algorithm",
                $"Use one of: {string.Join(", ", Algorithms)}.", ExitCode.BadUsage));
        }

        Range("n_estimators", NEstimators, 1, 10_000);
        Range("max_depth", MaxDepth, 1, 16);
        Share("learning_rate", LearningRate);
        Share("subsample", Subsample);
        Share("colsample_bytree", ColsampleBytree);
        Range("reg_lambda", RegLambda, 0, 1e6);
        Range("gamma", Gamma, 0, 1e6);
        Range("min_child_weight", MinChildWeight, 0, 1e6);
        Range("seed", Seed, 0, int.MaxValue);
        return problems;

        void Range(string key, double value, double min, double max)
        {
            if (!(value >= min && value <= max))
            {
                problems.Add(Wrong(key, Shown(value), $"from {Shown(min)} to {Shown(max)}"));
            }
        }

        void Share(string key, double value)
        {
            if (!(value > 0 && value <= 1))
            {
                problems.Add(Wrong(key, Shown(value), "above 0 and at most 1"));
            }
        }
    }

    /// <summary>As JSON with the names of spec 03 §3.3, in the order of its table.</summary>
    public JsonObject ToJson() => new()
    {
        ["algorithm"] = Algorithm,
        ["n_estimators"] = NEstimators,
        ["max_depth"] = MaxDepth,
        ["learning_rate"] = LearningRate,
        ["subsample"] = Subsample,
        ["colsample_bytree"] = ColsampleBytree,
        ["reg_lambda"] = RegLambda,
        ["gamma"] = Gamma,
        ["min_child_weight"] = MinChildWeight,
        ["objective"] = Objective,
        ["seed"] = Seed,
    };

    private static Problem Wrong(string key, string value, string must) =>
        new("TRN-1002", $"{key} must be {must}, was {value}.", key, $"The default is {new Hyperparameters().ToJson()[key]}.", ExitCode.BadUsage);

    private static string Shown(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
