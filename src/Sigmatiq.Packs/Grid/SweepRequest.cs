using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Grid;

/// <summary>Simple sweeps vary threshold, hours and size; custom ones everything in the registry.</summary>
public enum SweepType { Simple, Custom }

/// <summary>What happens to a grid above the plan's cap.</summary>
public enum OnCapExceeded { Reject, Sample }

/// <summary>What thresholds are compared with (02 §2.6): the out-of-fold probability of a classifier, or the score of the rules.</summary>
public enum ConfidenceKind { Classifier, Rule }

/// <summary>Of which combos the trades are stored (02 §2.4); figures, ledger row and daily returns are stored of every one.</summary>
public enum SweepDetail { All, Pareto }

/// <summary>A sweep as it is asked for (02 §2.1).</summary>
public sealed record SweepRequest
{
    /// <summary>The model.</summary>
    public required string ModelId { get; init; }

    /// <summary>Simple or custom.</summary>
    public required SweepType Type { get; init; }

    /// <summary>First and last date, or null for all stored bars.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last date, or null for all stored bars.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Values by parameter, as JSON lists.</summary>
    public required IReadOnlyDictionary<string, JsonArray> Parameters { get; init; }

    /// <summary>Gates of the request, or null.</summary>
    public QualityGates? QualityGates { get; init; }

    /// <summary>Word to filter by.</summary>
    public string? Tag { get; init; }

    /// <summary>Seed of everything that is drawn.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Share of the range that is cut off before the sweep; 0 cuts nothing, null is the word <c>after</c>.</summary>
    public double? HoldoutShare { get; init; } = 0.2;

    /// <summary>What thresholds are compared with, where the pack uses a confidence.</summary>
    public ConfidenceKind Confidence { get; init; } = ConfidenceKind.Classifier;

    /// <summary>What to do above the cap; null takes the plan's default.</summary>
    public OnCapExceeded? OnCapExceeded { get; init; }

    /// <summary>Whether the sweep ends once its ten best combos stay the same (02 §2.4).</summary>
    public bool EarlyStop { get; init; }

    /// <summary>Whether a fifth of a sample's budget goes to the neighbours of the best combos (02 §2.4).</summary>
    public bool Refine { get; init; }

    /// <summary>Of which combos the trades are stored; null leaves it to the size of the sweep.</summary>
    public SweepDetail? Detail { get; init; }

    /// <summary>The 45 combos of the sources (02 §2.1) for a model.</summary>
    public static SweepRequest Simple(string modelId, DateOnly? from = null, DateOnly? to = null) => new()
    {
        ModelId = modelId,
        Type = SweepType.Simple,
        From = from,
        To = to,
        Parameters = new Dictionary<string, JsonArray>
        {
            ["thresholds"] = [0.50, 0.55, 0.60, 0.65, 0.70],
            ["allowed_hours"] = ["all_day", "morning_only", "afternoon_only"],
            ["position_size_pct"] = [1, 2, 3],
        },
    };

    /// <summary>Reads the JSON of <c>POST /sweeps</c>; SWS-1001 where it is malformed.</summary>
    public static ParseResult<SweepRequest> Parse(JsonNode? json)
    {
        List<Problem> problems = [];
        if (json is not JsonObject body)
        {
            return ParseResult<SweepRequest>.Refused(Malformed("body", "The request must be a JSON object.", "Send an object with model_id, sweep_type and parameters."));
        }

        string[] keys = ["model_id", "sweep_type", "date_range", "parameters", "quality_gates", "tag", "seed", "holdout", "on_cap_exceeded", "confidence", "early_stop", "refine",
            "detail", "force"];
        foreach (string key in body.Select(p => p.Key).Where(k => !keys.Contains(k) && !k.StartsWith("x_", StringComparison.Ordinal)))
        {
            problems.Add(Malformed(key, $"There is no field '{key}'.", $"Use some of: {string.Join(", ", keys)}."));
        }

        SweepRequest request = new()
        {
            ModelId = Text(body, "model_id", required: true) ?? "",
            Type = Word<SweepType>(body, "sweep_type") ?? SweepType.Simple,
            From = Date("start"),
            To = Date("end"),
            Parameters = Lists(),
            QualityGates = Gates(),
            Tag = Text(body, "tag", required: false),
            Seed = Whole("seed") ?? 42,
            HoldoutShare = Holdout(),
            Confidence = body["confidence"] is null ? ConfidenceKind.Classifier : Word<ConfidenceKind>(body, "confidence") ?? ConfidenceKind.Classifier,
            EarlyStop = Flag("early_stop"),
            Refine = Flag("refine"),
            Detail = body["detail"] is null ? null : Word<SweepDetail>(body, "detail"),
            OnCapExceeded = body["on_cap_exceeded"] is null ? null : Word<OnCapExceeded>(body, "on_cap_exceeded"),
        };
        if (request is { From: { } from, To: { } to } && from > to)
        {
            problems.Add(Malformed("date_range", $"The range starts on {from:yyyy-MM-dd}, after its end on {to:yyyy-MM-dd}.", "Swap the two dates."));
        }

        return problems.Count == 0 ? ParseResult<SweepRequest>.Ok(request) : ParseResult<SweepRequest>.Refused(problems);

        string? Text(JsonObject map, string key, bool required)
        {
            if (map[key]?.GetValueKind() == JsonValueKind.String)
            {
                return map[key]!.GetValue<string>();
            }

            if (map[key] is not null || required)
            {
                problems.Add(Malformed(key, map[key] is null ? $"'{key}' is missing." : $"'{key}' must be text.", $"Add \"{key}\" as text."));
            }

            return null;
        }

        T? Word<T>(JsonObject map, string key) where T : struct, Enum
        {
            string? text = Text(map, key, required: true);
            if (text is null)
            {
                return null;
            }

            if (EnumWords<T>.Words.TryGetValue(text, out T value))
            {
                return value;
            }

            problems.Add(Malformed(key, $"'{key}' has no value '{text}'.", $"Use one of: {string.Join(", ", EnumWords<T>.Words.Keys)}."));
            return null;
        }

        DateOnly? Date(string key)
        {
            if (body["date_range"] is null)
            {
                return null;
            }

            if (body["date_range"] is JsonObject range)
            {
                string? text = Text(range, key, required: true);
                if (text is null || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
                {
                    return text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
                }
            }

            problems.Add(Malformed($"date_range.{key}", "It is not a date.", "Write it as 2022-01-01."));
            return null;
        }

        Dictionary<string, JsonArray> Lists()
        {
            Dictionary<string, JsonArray> lists = new(StringComparer.Ordinal);
            if (body["parameters"] is not JsonObject given)
            {
                problems.Add(Malformed("parameters", "'parameters' must be an object of lists.", "Give at least one parameter with its values."));
                return lists;
            }

            foreach (var (key, value) in given)
            {
                if (value is JsonArray list)
                {
                    lists[key] = (JsonArray)list.DeepClone();
                }
                else
                {
                    problems.Add(Malformed($"parameters.{key}", "It must be a list.", "Write the values in brackets."));
                }
            }

            return lists;
        }

        QualityGates? Gates()
        {
            if (body["quality_gates"] is null)
            {
                return null;
            }

            if (body["quality_gates"] is not JsonObject given)
            {
                problems.Add(Malformed("quality_gates", "It must be an object.", "Use keys of the quality gates."));
                return null;
            }

            string[] known = ["min_trades", "min_sharpe", "max_drawdown_pct", "min_win_rate"];
            double? Gate(string key)
            {
                if (given[key]?.GetValueKind() is JsonValueKind.Number)
                {
                    return double.Parse(given[key]!.ToJsonString(), CultureInfo.InvariantCulture);
                }

                if (given[key] is not null)
                {
                    problems.Add(Malformed($"quality_gates.{key}", "It must be a number.", "Write a number."));
                }

                return null;
            }

            foreach (string key in given.Select(p => p.Key).Where(k => !known.Contains(k)))
            {
                problems.Add(Malformed($"quality_gates.{key}", "There is no such gate.", $"Use some of: {string.Join(", ", known)}."));
            }

            return new(Gate(known[0]), Gate(known[1]), Gate(known[2]), Gate(known[3]));
        }

        long? Whole(string key)
        {
            if (body[key] is null)
            {
                return null;
            }

            if (body[key]!.GetValueKind() == JsonValueKind.Number && long.TryParse(body[key]!.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            {
                return value;
            }

            problems.Add(Malformed(key, $"'{key}' must be a whole number.", "Write a whole number."));
            return null;
        }

        bool Flag(string key)
        {
            if (body[key]?.GetValueKind() is not (null or JsonValueKind.True or JsonValueKind.False))
            {
                problems.Add(Malformed(key, $"'{key}' must be true or false.", "Write true or false."));
            }

            return body[key]?.GetValueKind() == JsonValueKind.True;
        }

        double? Holdout()
        {
            switch (body["holdout"]?.GetValueKind())
            {
                case null:
                    return 0.2;
                case JsonValueKind.String when body["holdout"]!.GetValue<string>() == "after":
                    return null;
                case JsonValueKind.Number when double.Parse(body["holdout"]!.ToJsonString(), CultureInfo.InvariantCulture) is >= 0 and < 1 and var share:
                    return share;
                default:
                    problems.Add(Malformed("holdout", "'holdout' must be a share from 0 to below 1, or the word after.", "Leave it out for 0.2."));
                    return 0.2;
            }
        }
    }

    /// <summary>The request as JSON with defaults filled in: equal requests give equal hashes, whatever the order of keys (02 §2.13).</summary>
    public JsonObject ToJson() => new()
    {
        ["model_id"] = ModelId,
        ["sweep_type"] = EnumWords<SweepType>.Text(Type),
        ["date_range"] = From is null && To is null ? null : new JsonObject { ["start"] = From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["end"] = To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) },
        ["parameters"] = new JsonObject(Parameters.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value.DeepClone()))),
        ["quality_gates"] = QualityGates is not { } g ? null : new JsonObject
        {
            ["min_trades"] = g.MinTrades, ["min_sharpe"] = g.MinSharpe, ["max_drawdown_pct"] = g.MaxDrawdownPct, ["min_win_rate"] = g.MinWinRatePct,
        },
        ["tag"] = Tag,
        ["seed"] = Seed,
        ["holdout"] = HoldoutShare is { } share ? share : "after",
        ["confidence"] = EnumWords<ConfidenceKind>.Text(Confidence),
        ["early_stop"] = EarlyStop,
        ["refine"] = Refine,
        ["detail"] = Detail is { } detail ? EnumWords<SweepDetail>.Text(detail) : null,
        ["on_cap_exceeded"] = OnCapExceeded is { } action ? EnumWords<OnCapExceeded>.Text(action) : null,
    };

    /// <summary>Identity of the request.</summary>
    public ContentHash Hash => ContentHash.OfJson(ToJson());

    internal static Problem Malformed(string where, string message, string remedy) => new("SWS-1001", message, where, remedy, ExitCode.BadUsage);
}
