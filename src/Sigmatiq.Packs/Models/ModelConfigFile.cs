using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Packs.Models;

/// <summary><c>config.yaml</c> of a model, written and read (01 §1.14).</summary>
public static class ModelConfigFile
{
    /// <summary>The file's text: the same config gives the same bytes.</summary>
    public static string Write(ModelConfig model) => YamlWriter.Write(ToJson(model));

    /// <summary>The file's content as JSON, keys in the file's order.</summary>
    public static JsonObject ToJson(ModelConfig model)
    {
        JsonObject instrument = new() { ["type"] = EnumWords<InstrumentType>.Text(model.Instrument.Type), ["ticker"] = model.Instrument.Ticker };
        foreach (var (key, value) in model.Instrument.Specifics ?? [])
        {
            instrument[key] = value?.DeepClone();
        }

        JsonObject strategy = new()
        {
            ["id"] = model.Strategy.Id,
            ["entry_rules"] = TextList(model.Strategy.EntryRules),
            ["exit_rules"] = TextList(model.Strategy.ExitRules),
        };
        if (model.Strategy.Side != StrategySide.Long)
        {
            strategy["side"] = EnumWords<StrategySide>.Text(model.Strategy.Side);
        }

        JsonObject json = new()
        {
            ["model"] = new JsonObject
            {
                ["id"] = model.Id,
                ["pack_id"] = model.PackId,
                ["pack_version"] = model.PackVersion.ToString(),
                ["user_id"] = model.UserId,
                ["risk_profile"] = EnumWords<RiskProfile>.Text(model.RiskProfile),
                ["created_at"] = model.CreatedAtUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["config_version"] = model.ConfigVersion,
            },
            ["instrument"] = instrument,
            ["strategy"] = strategy,
            ["indicators"] = Instances(model.Indicators),
        };
        if (model.HiddenInputs.Count > 0)
        {
            json["hidden_inputs"] = Instances(model.HiddenInputs);
        }

        json["features"] = TextList(model.Features);
        if (model.HiddenFeatures.Count > 0)
        {
            json["hidden_features"] = TextList(model.HiddenFeatures);
        }

        json["risk_management"] = RiskJson(model.Risk);
        json["execution"] = ExecutionJson(model.Execution);
        json["gates"] = GatesJson(model.Gates);
        return json;
    }

    internal static JsonObject RiskJson(ModelRisk risk) => new()
    {
        ["stop_loss_pct"] = OrNone(risk.StopLossPct),
        ["take_profit_pct"] = OrNone(risk.TakeProfitPct),
        ["max_position_pct"] = risk.MaxPositionPct,
        ["trailing_stop"] = risk.TrailingStop,
        ["trailing_stop_pct"] = OrNone(risk.TrailingStopPct),
        ["time_stop_days"] = OrNone(risk.TimeStopDays),
        ["max_positions"] = risk.MaxPositions,
    };

    internal static JsonObject ExecutionJson(ExecutionPolicy execution) => new()
    {
        ["order_type"] = EnumWords<OrderType>.Text(execution.OrderType),
        ["time_in_force"] = EnumWords<TimeInForce>.Text(execution.TimeInForce),
        ["wait_for_confirmation"] = execution.WaitForConfirmation,
        ["partial_fills_allowed"] = execution.PartialFillsAllowed,
    };

    internal static JsonObject GatesJson(PackGates gates) => new()
    {
        ["quality"] = new JsonObject
        {
            ["min_trades"] = gates.Quality.MinTrades,
            ["min_sharpe"] = gates.Quality.MinSharpe,
            ["max_drawdown_pct"] = gates.Quality.MaxDrawdownPct,
            ["min_win_rate"] = gates.Quality.MinWinRatePct,
        },
        ["execution"] = new JsonObject
        {
            ["max_slippage_bps"] = gates.Execution.MaxSlippageBps,
            ["min_volume"] = gates.Execution.MinVolume,
            ["max_spread_pct"] = gates.Execution.MaxSpreadPct,
        },
        ["risk"] = new JsonObject
        {
            ["max_position_size_pct"] = gates.Risk.MaxPositionSizePct,
            ["max_correlation"] = gates.Risk.MaxCorrelation,
            ["max_var_95"] = gates.Risk.MaxVar95Pct,
        },
    };

    /// <summary>Reads a config; block and flow style, long and short parameter names.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Name for places in messages.</param>
    /// <returns>The config, or problems coded MDL-1008.</returns>
    public static ParseResult<ModelConfig> Read(string text, string file)
    {
        ParseResult<YamlNode> parsed = YamlText.Parse(text, file, "MDL-1008");
        if (!parsed.IsOk)
        {
            return ParseResult<ModelConfig>.Refused(parsed.Problems);
        }

        YamlProblems problems = new("MDL-1008");
        YamlMapReader root = new(parsed.Value, problems, "");
        YamlMapReader head = root.Map("model");
        string versionText = head.Text("pack_version");
        if (!PackVersion.TryParse(versionText, out PackVersion version) && head.Has("pack_version"))
        {
            problems.Add(head.PlaceOf("pack_version"), $"'{versionText}' is not a semantic version.", "Write it as 1.2.3.");
        }

        string createdText = head.Text("created_at");
        if (!DateTimeOffset.TryParse(createdText, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset created) && head.Has("created_at"))
        {
            problems.Add(head.PlaceOf("created_at"), $"'{createdText}' is not an instant.", "Write it as 2024-01-15T10:00:00Z.");
        }

        var (id, packId, userId) = (head.Text("id"), head.Text("pack_id"), head.Text("user_id"));
        RiskProfile profile = head.OneOf("risk_profile", EnumWords<RiskProfile>.Words, RiskProfile.Balanced);
        int configVersion = head.OptionalWhole("config_version") ?? 1;
        head.Close();

        YamlMapReader instrument = root.Map("instrument");
        ModelInstrument traded = ReadInstrument(instrument);
        YamlMapReader strategy = root.Map("strategy");
        ModelStrategy rules = new(
            strategy.Text("id"), strategy.TextList("entry_rules"), strategy.TextList("exit_rules"),
            strategy.OneOf("side", EnumWords<StrategySide>.Words, StrategySide.Long));
        strategy.Close();
        List<IndicatorInstance> indicators = ReadInstances(root, "indicators", root.List("indicators"));
        List<IndicatorInstance> hidden = ReadInstances(root, "hidden_inputs", root.OptionalList("hidden_inputs"));
        var (features, hiddenFeatures) = (root.TextList("features"), root.OptionalTextList("hidden_features"));
        ModelRisk risk = ReadRisk(root.Map("risk_management"));
        ExecutionPolicy execution = ReadExecution(root.Map("execution"));
        PackGates gates = ReadGates(root.Map("gates"));
        root.Close();
        return problems.Result(() => new ModelConfig
        {
            Id = id,
            UserId = userId,
            PackId = packId,
            PackVersion = version,
            RiskProfile = profile,
            CreatedAtUtc = created.ToUniversalTime(),
            ConfigVersion = configVersion,
            Instrument = traded,
            Strategy = rules,
            Indicators = indicators,
            HiddenInputs = hidden,
            Features = features,
            HiddenFeatures = hiddenFeatures,
            Risk = risk,
            Execution = execution,
            Gates = gates,
        });
    }

    private static ModelInstrument ReadInstrument(YamlMapReader map)
    {
        JsonObject specifics = [];
        foreach (YamlEntry entry in map.Entries.Where(e => e.Key is not ("type" or "ticker")))
        {
            map.Optional(entry.Key);
            specifics[entry.Key] = entry.Value.ToJson();
        }

        ModelInstrument instrument = new(map.OneOf("type", EnumWords<InstrumentType>.Words), map.Text("ticker"), specifics.Count > 0 ? specifics : null);
        map.Close();
        return instrument;
    }

    private static List<IndicatorInstance> ReadInstances(YamlMapReader root, string key, IReadOnlyList<YamlNode> items)
    {
        List<IndicatorInstance> instances = [];
        foreach (YamlNode item in items)
        {
            if (item is YamlMap { Entries: [var only] })
            {
                List<IndicatorParam> values = PackFolder.ReadParams(new(only.Value, root.Problems, $"{key}.{only.Key}"));
                instances.Add(new(only.Key, [.. values.Select(v => v with { Name = LongName(v.Name) })]));
            }
            else
            {
                root.Problems.Add(item.Place, $"{key} must be a list of maps with one key each, had {item.Kind}.", "Write `- rsi: { period: 14 }`.");
            }
        }

        return instances;
    }

    // The sources' final summary shortens the names (00 §0.7 C22); the long ones are canonical.
    internal static string LongName(string name) => name switch
    {
        "fast" => "fast_period",
        "slow" => "slow_period",
        "signal" => "signal_period",
        "std" => "std_dev",
        _ => name,
    };

    private static ModelRisk ReadRisk(YamlMapReader map)
    {
        ModelRisk risk = new(
            Exit(map, "stop_loss_pct"), Exit(map, "take_profit_pct"), map.Number("max_position_pct"), map.Flag("trailing_stop"),
            Exit(map, "trailing_stop_pct"), (int?)Exit(map, "time_stop_days"), map.Whole("max_positions"));
        map.Close();
        return risk;
    }

    private static double? Exit(YamlMapReader map, string key) =>
        map.Required(key) is YamlScalar { Text: "none" } ? null : map.OptionalNumber(key);

    private static ExecutionPolicy ReadExecution(YamlMapReader map)
    {
        ExecutionPolicy execution = new(
            map.OneOf("order_type", EnumWords<OrderType>.Words), map.OneOf("time_in_force", EnumWords<TimeInForce>.Words),
            map.Flag("wait_for_confirmation"), map.Flag("partial_fills_allowed"));
        map.Close();
        return execution;
    }

    private static PackGates ReadGates(YamlMapReader map)
    {
        YamlMapReader quality = map.Map("quality"), execution = map.Map("execution"), risk = map.Map("risk");
        PackGates gates = new(
            new(quality.OptionalNumber("min_trades"), quality.OptionalNumber("min_sharpe"), quality.OptionalNumber("max_drawdown_pct"), quality.OptionalNumber("min_win_rate")),
            new(execution.Number("max_slippage_bps"), execution.Number("min_volume"), execution.Number("max_spread_pct")),
            new(risk.Number("max_position_size_pct"), risk.Number("max_correlation"), risk.Number("max_var_95")));
        quality.Close();
        execution.Close();
        risk.Close();
        map.Close();
        return gates;
    }

    private static JsonNode OrNone(double? value) => value is { } number ? JsonValue.Create(number) : JsonValue.Create("none");

    private static JsonArray TextList(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)JsonValue.Create(t))]);

    private static JsonArray Instances(IEnumerable<IndicatorInstance> instances) =>
        new([.. instances.Select(i => (JsonNode?)new JsonObject { [i.Id] = i.ParamsJson() })]);
}
