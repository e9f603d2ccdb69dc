using System.Text.Json.Nodes;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Packs;

/// <summary>JSON Schemas (draft 2020-12) of the six files of a pack: an editor completes keys by them and marks slips while one types.</summary>
/// <remarks>What a schema cannot say (expressions, settings of indicators, references) the linter does. A test holds every key, word and
/// range of it against the reader.</remarks>
public static class PackSchema
{
    private const string Slug = "^[a-z][a-z0-9_-]{0,63}$";

    /// <summary>The schema of one file.</summary>
    /// <param name="fileName">One of <see cref="PackFolder.FileNames"/>.</param>
    public static JsonObject Of(string fileName)
    {
        JsonObject schema = new() { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = fileName };
        foreach (var (key, value) in Root(fileName))
        {
            schema[key] = value?.DeepClone();
        }

        return schema;
    }

    private static JsonObject Root(string fileName) => fileName switch
    {
        "pack.yaml" => PackFile(),
        "indicators.yaml" => Map(("indicators", Map("By group.", [.. Groups.Select(g => (g, Indicators(g), false))]), true)),
        "features.yaml" => Map(("features", Many(Map(
            ("id", Text("Id in rules.", Slug), true), ("name", Text("Name for people."), true), ("calculation", Text($"Expression; functions: {Functions}."), true),
            ("scale", Number("Learning and displays use value / scale, clipped to [-1, 1].", 0, null, isOpen: true), false)), PackFolder.FeaturesMax), true)),
        "strategies.yaml" => Map(("strategies", Many(Map(
            ("id", Text("Id in models; the first strategy is the default.", Slug), true), ("name", Text("Name for people."), true), ("description", Text("One line for people."), true),
            ("entry_logic", Many(Text("Expression; all lines must hold."), PackFolder.LinesMax), true),
            ("exit_logic", Many(Text("Expression; any line closes. May use position.return, position.days, position.best."), PackFolder.LinesMax), true),
            ("side", Word<StrategySide>("Which way it may be positioned; long where left out."), false)), PackFolder.StrategiesMax), true)),
        "gates.yaml" => GatesFileSchema(),
        "policies.yaml" => PoliciesFileSchema(),
        _ => throw new ArgumentOutOfRangeException(nameof(fileName), fileName, "Not a file of a pack."),
    };

    private static IReadOnlyList<string> Groups { get; } = ["momentum", "trend", "volatility", "volume"];

    private static string Functions => string.Join(", ", RuleFunctions.All.Keys);

    private static JsonObject PackFile() => Map(
        ("pack", Map(
            ("id", Text("Unique among packs; the name of its folder.", Slug), true), ("name", Text("Name for people."), true),
            ("version", Text("Semantic version; a published one never changes.", @"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(-[0-9A-Za-z.-]+)?$"), true),
            ("description", Text("One line for people."), true), ("author", Text("Who wrote it."), true),
            ("created_at", Text("When it was first written, as 2024-01-01.", @"^\d{4}-\d{2}-\d{2}$"), true)), true),
        ("metadata", Map(
            ("vibe", Map(
                ("time_horizon", Word<TimeHorizon>("How long a position lives; days and longer have rules on daily bars."), true),
                ("risk_appetite", Word<RiskAppetite>("How much it may hurt."), true), ("decision_style", Word<DecisionStyle>("What decides."), true),
                ("market_preference", Word<MarketPreference>("Which market it likes."), true), ("execution_character", Word<ExecutionCharacter>("How it trades."), true)), true),
            ("tags", Many(Text("Read here too, as in version 1.0.0 of swingsigma."), null), false)), true),
        ("tags", Many(Text("Words to find it by."), null), false),
        ("supported_instruments", Many(Word<InstrumentType>("What it can trade."), null), true),
        ("default_instrument", Word<InstrumentType>("What it trades unless a model says otherwise; one of the supported."), true));

    private static JsonObject Indicators(string group)
    {
        JsonObject id = Text("Name in the catalog; averages take their length, e.g. ema_20.", Slug);
        id["examples"] = new JsonArray([.. IndicatorCatalog.All.Where(i => i.Group == group).Select(i => (JsonNode?)i.Name)]);
        JsonObject settings = new()
        {
            ["type"] = "object", ["description"] = "Settings; `sigmatiq indicators list` shows them. What is left out takes the catalog's default.",
            ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("number", "boolean") },
        };
        return Many(Map(("id", id, true), ("name", Text("Name for people."), true), ("params", settings, true)), null);
    }

    private static JsonObject GatesFileSchema() => Map(("gates", Map(
        ("quality", Map(
            ("min_trades", Number("Closed trades, at least.", 0, 1e9), true), ("min_sharpe", Number("Sharpe ratio, at least.", -100, 100), true),
            ("max_drawdown_pct", Number("Largest drawdown in percent, at most.", 0, 100), true), ("min_win_rate", Number("Share of winning trades in percent, at least.", 0, 100), true)), true),
        ("execution", Map(
            ("max_slippage_bps", Number("Expected slippage in basis points, at most.", 0, 10_000), true),
            ("min_volume", Number("Mean volume of 20 bars in shares, at least.", 0, 1e12), true), ("max_spread_pct", Number("(ask - bid) / mid in percent, at most.", 0, 100), true)), true),
        ("risk", Map(
            ("max_position_size_pct", Number("Position value in percent of equity, at most.", 0, 100), true),
            ("max_correlation", Number("Absolute 60-day correlation with positions in other tickers, at most.", 0, 1), true),
            ("max_var_95", Number("One-day historical VaR 95 in percent of equity, at most.", 0, 100), true)), true)), true));

    private static JsonObject PoliciesFileSchema() => Map(("policies", Map(
        ("execution", Map(
            ("order_type", Word<OrderType>("Kind of entry order."), true), ("time_in_force", Word<TimeInForce>("How long it works."), true),
            ("wait_for_confirmation", Flag("Entry conditions must hold on one more close."), true),
            ("partial_fills_allowed", Flag("Whether a limit entry may fill in part; else all or none."), true)), true),
        ("position_sizing", Map(
            ("method", Word<SizingMethod>("How the size is found where a sweep gives none."), true),
            ("max_position_pct", Number("Cap on the share of equity, in percent.", 0, 100, isOpen: true), true),
            ("scale_in_allowed", Flag("Whether a winner may grow up to the cap, outside of sweeps."), true),
            ("max_positions", Whole("Open positions per model.", 1, 10_000), true),
            ("vol_target_pct", Number("With vol_target only: what a position may swing a year, in percent of equity.", 0, 100, isOpen: true), false)), true),
        ("risk_management", Map(
            ("stop_loss_pct", Exit(Number("Percent below the entry.", 0, 100, isOpen: true)), true),
            ("take_profit_pct", Exit(Number("Percent above the entry.", 0, 100, isOpen: true)), true),
            ("trailing_stop", Flag("Whether the trail is on."), true),
            ("trailing_stop_pct", Exit(Number("Percent below the best price since the entry.", 0, 100, isOpen: true)), true),
            ("time_stop_days", Exit(Whole("Trading days, the entry's day being 0.", 1, 10_000)), true)), true),
        ("engine", Map("The engine's terms; each may be left out.",
            [
                ("interval", Words("Bars the engine walks.", [.. Enum.GetValues<Interval>().Select(i => i.Text())]), false),
                ("rule_frame", Word<RuleFrameKind>("Bars the rules live on."), false), ("prices", Word<PriceKind>("Adjusted for splits and dividends, or raw."), false),
                ("confirmation_bars", Whole("Closes on which entry conditions must hold again.", 0, 1_000), false),
                ("starting_cash", Number("Money at the start.", 0, 1e12, isOpen: true), false), ("quantity", Word<QuantityKind>("Whole or fractional shares."), false),
                ("size_of", Word<SizeBase>("What a size is a share of."), false), ("size_price", Word<SizePrice>("At which price the quantity is worked out."), false),
                ("commission", Word<CommissionKind>("Commission model."), false), ("commission_bps", Number("Rate of the model bps.", 0, 10_000), false),
                ("slippage_bps", Number("On market, stop, trail and time-stop fills.", 0, 10_000), false), ("limit_fill", Word<LimitFill>("When a reached limit fills."), false),
                ("open_at_end", Word<OpenAtEnd>("What becomes of a position open after the last bar."), false), ("hours", Word<HoursClock>("Whose clock hour filters are read on."), false),
                ("returns", Word<ReturnSeries>("How often equity is marked."), false), ("periods_per_year", Number("Returns a year.", 0, 1e7, isOpen: true), false),
                ("confidence", Word<ConfidenceUse>("Whether an entry needs a confidence above the threshold."), false),
            ]), false)), true));

    private static JsonObject Map(params (string Key, JsonObject Schema, bool IsRequired)[] keys) => Map(null, keys);

    private static JsonObject Map(string? description, (string Key, JsonObject Schema, bool IsRequired)[] keys)
    {
        JsonObject map = new() { ["type"] = "object" };
        if (description is not null)
        {
            map["description"] = description;
        }

        map["properties"] = new JsonObject(keys.Select(k => KeyValuePair.Create(k.Key, (JsonNode?)k.Schema)));
        map["required"] = new JsonArray([.. keys.Where(k => k.IsRequired).Select(k => (JsonNode?)k.Key)]);
        map["patternProperties"] = new JsonObject { ["^x_"] = true };
        map["additionalProperties"] = false;
        return map;
    }

    private static JsonObject Many(JsonObject item, int? max)
    {
        JsonObject list = new() { ["type"] = "array", ["items"] = item };
        if (max is { } limit)
        {
            list["maxItems"] = limit;
        }

        return list;
    }

    private static JsonObject Text(string description, string? pattern = null)
    {
        JsonObject text = new() { ["type"] = "string", ["description"] = description };
        if (pattern is not null)
        {
            text["pattern"] = pattern;
        }

        return text;
    }

    private static JsonObject Flag(string description) => new() { ["type"] = "boolean", ["description"] = description };

    private static JsonObject Number(string description, double min, double? max, bool isOpen = false)
    {
        JsonObject number = new() { ["type"] = "number", ["description"] = description, [isOpen ? "exclusiveMinimum" : "minimum"] = min };
        if (max is { } top)
        {
            number["maximum"] = top;
        }

        return number;
    }

    private static JsonObject Whole(string description, int min, int max) => new() { ["type"] = "integer", ["description"] = description, ["minimum"] = min, ["maximum"] = max };

    private static JsonObject Exit(JsonObject number)
    {
        string description = number["description"]!.GetValue<string>();
        number.Remove("description");
        return new() { ["description"] = description + " The word none switches it off.", ["anyOf"] = new JsonArray(number, new JsonObject { ["const"] = "none" }) };
    }

    private static JsonObject Word<T>(string description) where T : struct, Enum => Words(description, EnumWords<T>.Words.Keys);

    private static JsonObject Words(string description, IEnumerable<string> words) =>
        new() { ["description"] = description, ["enum"] = new JsonArray([.. words.Select(w => (JsonNode?)w)]) };
}
