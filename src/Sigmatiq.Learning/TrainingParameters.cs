using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning;

/// <summary>The <c>training_params</c> of a request (spec 03 §3.3 to §3.5).</summary>
/// <param name="Hyperparameters">How the classifier is fitted.</param>
/// <param name="Validation">How it is validated: <c>time_series_split</c>, the one there is.</param>
/// <param name="TestSize">Share of the range, by time and at its end, that is held out.</param>
/// <param name="Calibration"><c>sigmoid</c> (Platt), or <c>none</c>: the logistic of the raw score.</param>
/// <param name="Tune">Whether the small grid of §3.3 is tried; otherwise the hyperparameters are used as given.</param>
/// <param name="PermutationImportance">By which loss permutation importance is measured: <c>log_loss</c>, <c>auc</c>, or <c>none</c>.</param>
public sealed record TrainingParameters(
    Hyperparameters Hyperparameters, string Validation = TrainingParameters.TimeSeriesSplit, double TestSize = 0.2,
    string Calibration = TrainingParameters.Sigmoid, bool Tune = false, string PermutationImportance = Importance.PermutationImportance.LogLoss)
{
    /// <summary>The one validation.</summary>
    public const string TimeSeriesSplit = "time_series_split";

    /// <summary>Platt's sigmoid.</summary>
    public const string Sigmoid = "sigmoid";

    /// <summary>No calibration.</summary>
    public const string NoCalibration = "none";

    private static readonly string[] Names = ["validation", "test_size", "calibration", "tune", "permutation_importance"];

    private static readonly string[] HyperparameterNames = [.. new Hyperparameters().ToJson().Select(p => p.Key)];

    private static readonly string[] Losses =
        [Importance.PermutationImportance.LogLoss, Importance.PermutationImportance.Auc, Importance.PermutationImportance.None];

    /// <summary>All defaults.</summary>
    public static TrainingParameters Default { get; } = new(new Hyperparameters());

    /// <summary>Reads a request; what is missing keeps its default. Hyperparameters stand beside the other keys or in an object
    /// <c>hyperparameters</c>.</summary>
    /// <exception cref="ProblemException">TRN-1001 unknown algorithm, TRN-1002 unknown or wrong hyperparameter, TRN-1003 another key
    /// with a wrong value; all at once.</exception>
    public static TrainingParameters Parse(JsonObject request)
    {
        List<Problem> problems = [];
        TrainingParameters read = Default;
        JsonObject hyper = [];
        foreach (var (key, value) in request)
        {
            switch (key)
            {
                case "validation" or "validation_method":
                    read = read with { Validation = Word(key, value, [TimeSeriesSplit], read.Validation) };
                    break;
                case "calibration" or "calibration_method":
                    read = read with { Calibration = Word(key, value, [Sigmoid, NoCalibration], read.Calibration) };
                    break;
                case "permutation_importance":
                    read = read with { PermutationImportance = Word(key, value, Losses, read.PermutationImportance) };
                    break;
                case "test_size":
                    read = read with { TestSize = Share(key, value) };
                    break;
                case "tune":
                    read = read with { Tune = Flag(key, value) };
                    break;
                case "hyperparameters" when value is JsonObject inner:
                    foreach (var (name, setting) in inner)
                    {
                        hyper[name] = setting?.DeepClone();
                    }

                    break;
                default:
                    if (HyperparameterNames.Contains(key))
                    {
                        hyper[key] = value?.DeepClone();
                        break;
                    }

                    problems.Add(new(
                        "TRN-1002", $"'{key}' is not a setting of a training.", key, $"Use one of: {string.Join(", ", [.. Names, .. HyperparameterNames])}.", ExitCode.BadUsage));
                    break;
            }
        }

        try
        {
            read = read with { Hyperparameters = read.Hyperparameters.With(hyper) };
        }
        catch (ProblemException e)
        {
            problems.AddRange(e.All);
        }

        return problems.Count == 0 ? read : throw new ProblemException(problems);

        string Word(string key, JsonNode? node, string[] words, string otherwise)
        {
            if (node?.GetValueKind() == JsonValueKind.String && words.Contains(node.GetValue<string>()))
            {
                return node.GetValue<string>();
            }

            Refuse(key, node, string.Join(" or ", words));
            return otherwise;
        }

        double Share(string key, JsonNode? node)
        {
            if (node?.GetValueKind() == JsonValueKind.Number
                && double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) is var share and >= 0.05 and <= 0.5)
            {
                return share;
            }

            Refuse(key, node, "a share from 0.05 to 0.5");
            return Default.TestSize;
        }

        bool Flag(string key, JsonNode? node)
        {
            if (node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
            {
                return node.GetValue<bool>();
            }

            Refuse(key, node, "true or false");
            return false;
        }

        void Refuse(string key, JsonNode? node, string must) =>
            problems.Add(new("TRN-1003", $"{key} must be {must}, was {node?.ToJsonString() ?? "null"}.", key, $"Set {key} to {must}.", ExitCode.BadUsage));
    }

    /// <summary>As JSON: what <see cref="Parse"/> reads.</summary>
    public JsonObject ToJson() => new()
    {
        ["validation"] = Validation, ["test_size"] = TestSize, ["calibration"] = Calibration, ["tune"] = Tune,
        ["permutation_importance"] = PermutationImportance, ["hyperparameters"] = Hyperparameters.ToJson(),
    };
}
