using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Models;

/// <summary>What a user asks for when making a model (01 §1.13).</summary>
public sealed record ModelRequest
{
    /// <summary>Id of the model, unique for the user.</summary>
    public required string ModelId { get; init; }

    /// <summary><c>swingsigma</c> (the newest) or <c>swingsigma@1.1.0</c>.</summary>
    public required string Pack { get; init; }

    /// <summary>Whose model.</summary>
    public required string UserId { get; init; }

    /// <summary>Name for people, unique for the user.</summary>
    public required string Name { get; init; }

    /// <summary>One line for people.</summary>
    public string Description { get; init; } = "";

    /// <summary><c>stocks</c>, <c>options</c> or <c>futures</c>; null takes the pack's default.</summary>
    public string? Instrument { get; init; }

    /// <summary>Ticker.</summary>
    public required string Ticker { get; init; }

    /// <summary>Strategy of the pack; null takes its default.</summary>
    public string? StrategyId { get; init; }

    /// <summary>Ids of indicators.</summary>
    public required IReadOnlyList<string> SelectedIndicators { get; init; }

    /// <summary>Ids of features.</summary>
    public IReadOnlyList<string> SelectedFeatures { get; init; } = [];

    /// <summary>Risk profile.</summary>
    public string RiskProfile { get; init; } = "balanced";

    /// <summary>Overrides by key (01 §1.15), in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> ParameterOverrides { get; init; } = [];

    /// <summary>Reads the JSON of <c>POST /models</c>; MDL-1008 where it is malformed.</summary>
    public static ParseResult<ModelRequest> Parse(JsonNode? json)
    {
        if (json is not JsonObject body)
        {
            return ParseResult<ModelRequest>.Refused(Malformed("body", "The request must be a JSON object."));
        }

        List<Problem> problems = [];
        string[] keys =
        [
            "model_id", "pack_id", "pack_version", "user_id", "name", "description", "instrument", "ticker", "strategy_id", "selected_indicators",
            "selected_features", "risk_profile", "parameter_overrides",
        ];
        foreach (string key in body.Select(p => p.Key).Where(k => !keys.Contains(k) && !k.StartsWith("x_", StringComparison.Ordinal)))
        {
            problems.Add(Malformed(key, $"There is no field '{key}'."));
        }

        string? version = Text("pack_version", false);
        ModelRequest request = new()
        {
            ModelId = Text("model_id", true) ?? "",
            Pack = (Text("pack_id", true) ?? "") + (version is null ? "" : "@" + version),
            UserId = Text("user_id", true) ?? "",
            Name = Text("name", false) ?? Text("model_id", false) ?? "",
            Description = Text("description", false) ?? "",
            Instrument = Text("instrument", false),
            Ticker = Text("ticker", true) ?? "",
            StrategyId = Text("strategy_id", false),
            SelectedIndicators = Texts("selected_indicators"),
            SelectedFeatures = Texts("selected_features"),
            RiskProfile = Text("risk_profile", false) ?? "balanced",
            ParameterOverrides = Overrides(),
        };
        return problems.Count == 0 ? ParseResult<ModelRequest>.Ok(request) : ParseResult<ModelRequest>.Refused(problems);

        string? Text(string key, bool required)
        {
            if (body[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String)
            {
                return value.GetValue<string>();
            }

            if (body[key] is not null || required)
            {
                problems.Add(Malformed(key, body[key] is null ? $"'{key}' is missing." : $"'{key}' must be text, was {body[key]!.ToJsonString()}."));
            }

            return null;
        }

        List<string> Texts(string key)
        {
            if (body[key] is JsonArray list && list.All(i => i?.GetValueKind() == JsonValueKind.String))
            {
                return [.. list.Select(i => i!.GetValue<string>())];
            }

            if (body[key] is not null)
            {
                problems.Add(Malformed(key, $"'{key}' must be a list of texts."));
            }

            return [];
        }

        List<KeyValuePair<string, double>> Overrides()
        {
            List<KeyValuePair<string, double>> values = [];
            if (body["parameter_overrides"] is not JsonObject given)
            {
                if (body["parameter_overrides"] is not null)
                {
                    problems.Add(Malformed("parameter_overrides", "'parameter_overrides' must be an object of numbers."));
                }

                return values;
            }

            foreach (var (key, value) in given)
            {
                if (value?.GetValueKind() == JsonValueKind.Number)
                {
                    values.Add(new(key, double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)));
                }
                else
                {
                    problems.Add(new("MDL-1005", $"The override {key} must be a number.", $"parameter_overrides.{key}", "Write a number.", ExitCode.BadUsage));
                }
            }

            return values;
        }
    }

    private static Problem Malformed(string field, string message) => new("MDL-1008", message, field, "Correct the request, e.g. {\"model_id\": \"mine\", \"pack_id\": \"swingsigma\", \"pack_version\": \"1.1.0\", \"user_id\": \"operator\", \"name\": \"Mine\", \"ticker\": \"SPY\", \"selected_indicators\": [\"rsi\"]}.", ExitCode.BadUsage);
}
