using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Pages;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Api;

/// <summary>What differs between two requests for the same strategy, with what the difference does.</summary>
internal static class SettingChanges
{
    private const string Lower = "lower", Higher = "higher", None = "none";

    private sealed record Meaning(string Name, string IfLess, string IfMore, string RiskIfMore);

    private static readonly Dictionary<string, Meaning> Known = new(StringComparer.Ordinal)
    {
        ["threshold"] = new("Threshold", "More, less certain entries", "Fewer, more certain entries", None),
        ["stop_loss_pct"] = new("Stop loss", "Less risk per trade", "More risk per trade", Higher),
        ["take_profit_pct"] = new("Take profit", "Gains are taken sooner", "Gains are let run further", None),
        ["trailing_stop_pct"] = new("Trailing stop", "Ends sooner after a fall", "Holds through deeper falls", Higher),
        ["time_stop_days"] = new("Time stop, days", "Positions end sooner", "Positions are held longer", None),
        ["position_size_pct"] = new("Position size", "Less money per trade", "More money per trade", Higher),
        ["max_position_pct"] = new("Largest position", "Less money per trade", "More money per trade", Higher),
        ["max_positions"] = new("Open positions at most", "Less money at work at once", "More money at work at once", Higher),
        ["losing_streak"] = new("Losing streak that stops it", "Stops sooner", "Stops later", Higher),
        ["drawdown_limit"] = new("Drawdown that stops it", "Stops sooner", "Stops later", Higher),
    };

    // What a difference in a part of the config does; parts that are not named here are told by parameters and limits.
    private static readonly (string Part, string Effect)[] Parts =
    [
        ("strategy", "Other entries or exits"), ("indicators", "Rules and features read other figures"), ("features", "The trained model has other inputs"),
        ("risk_management", ""), ("execution", "Orders are placed otherwise"), ("risk_gates", ""), ("execution_gates", "Other orders are held back"), ("engine", "Fills and figures are simulated otherwise"),
    ];

    /// <summary>The differences, what changes the risk first.</summary>
    /// <param name="before">The version that was approved.</param>
    /// <param name="now">The request.</param>
    /// <param name="configBefore">The whole config of the first, by its evidence; null where that cannot be read.</param>
    /// <param name="configNow">The same of the second.</param>
    public static ReviewChanges Between(Approval before, Approval now, JsonNode? configBefore, JsonNode? configNow)
    {
        ApprovalSubject a = before.Subject, b = now.Subject;
        List<SettingChange> found = [];
        Compare(found, "", a.Parameters, b.Parameters);
        Compare(found, "Limit: ", a.Limits, b.Limits);
        if (configBefore is not null && configNow is not null)
        {
            HashSet<string> told = [.. new[] { a.Parameters, b.Parameters, a.Limits, b.Limits }.SelectMany(o => o.Select(p => p.Key))];
            foreach ((string part, string effect) in Parts)
            {
                CompareLeaves(found, part == "indicators" ? "" : part, "", JsonReading.Field(configBefore, part), JsonReading.Field(configNow, part), effect, told);
            }
        }

        Add(found, "Pack", a.Pack, b.Pack, "Another version of the pack");
        Add(found, "Target", a.Target, b.Target, b.Target == "live" ? "Real money" : "Simulated orders", b.Target == "live" ? Higher : Lower);
        Add(found, "Data range", PageText.Dates(a.DataRange), PageText.Dates(b.DataRange), "Other bars behind every figure");
        if (found.All(c => c.Setting != "Pack") && a.PackHash != b.PackHash)
        {
            Add(found, "Pack content", PageText.Short(a.PackHash), PageText.Short(b.PackHash), "The pack's rules, gates or features");
        }

        Add(found, "Trained model", Short(a.ArtifactHashes), Short(b.ArtifactHashes), "Trained anew, so scores differ");
        if (found.Count == 0 && a.ConfigHash != b.ConfigHash)
        {
            Add(found, "Config", PageText.Short(a.ConfigHash), PageText.Short(b.ConfigHash), "A setting of the model that is no parameter");
        }

        return new(before.Id, before.DecidedUtc, before.DecidedBy, [.. found.OrderBy(c => c.Risk == None ? 1 : 0)]);
    }

    private static void Compare(List<SettingChange> found, string kind, JsonObject before, JsonObject now)
    {
        foreach (string key in before.Select(p => p.Key).Union(now.Select(p => p.Key)))
        {
            string? was = Value(key, before[key]), isNow = Value(key, now[key]);
            if (was == isNow)
            {
                continue;
            }

            Meaning? known = Known.GetValueOrDefault(key);
            double? from = before.Number(key), to = now.Number(key);
            string effect = known is null ? key == "allowed_hours" ? HoursEffect(before.List(key), now.List(key)) : ""
                : from is { } less && to is { } more ? more < less ? known.IfLess : known.IfMore
                : to is null ? "No longer set" : "Newly set";
            string risk = known is null || known.RiskIfMore == None || from is null || to is null ? None : to > from ? Higher : Lower;
            found.Add(new(kind + NameOf(key), was, isNow, effect, risk));
        }
    }

    // Down to values and lists; a key that parameters or limits told is not told again.
    private static void CompareLeaves(List<SettingChange> found, string path, string key, JsonNode? before, JsonNode? now, string effect, IReadOnlySet<string> told)
    {
        if (before is JsonObject || now is JsonObject)
        {
            JsonObject was = before as JsonObject ?? [], isNow = now as JsonObject ?? [];
            foreach (string name in was.Select(p => p.Key).Union(isNow.Select(p => p.Key)).Where(k => !told.Contains(k)))
            {
                CompareLeaves(found, path.Length == 0 ? name : $"{path}_{name}", name, was[name], isNow[name], effect, told);
            }

            return;
        }

        if (!JsonNode.DeepEquals(before, now))
        {
            found.Add(new(NameOf(path), Leaf(key, before), Leaf(key, now), effect, None));
        }
    }

    private static string? Leaf(string key, JsonNode? value) => value is JsonArray list ? string.Join("; ", list.Select(v => Value("", v) ?? "none")) : Value(key, value);

    private static string HoursEffect(JsonArray before, JsonArray now) => now.Count < before.Count ? "Entries in fewer hours" : now.Count > before.Count ? "Entries in more hours" : "Entries in other hours";

    private static void Add(List<SettingChange> found, string setting, string before, string now, string effect, string risk = None)
    {
        if (before != now)
        {
            found.Add(new(setting, before, now, effect, risk));
        }
    }

    private static string Short(IReadOnlyList<string> hashes) => hashes.Count == 0 ? "none" : string.Join(", ", hashes.Select(PageText.Short));

    /// <summary>A parameter or limit as people read it: keys that end in <c>_pct</c> are percent, hours that follow each other are a range.</summary>
    public static string? Value(string key, JsonNode? value) => value switch
    {
        null => null,
        JsonArray hours when key == "allowed_hours" => Hours(hours),
        JsonArray list => string.Join(" ", list.Select(v => Value("", v) ?? "none")),
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.Number && key.EndsWith("_pct", StringComparison.Ordinal) => PageText.Rate(Number(v) / 100, 2),
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.Number && key == "drawdown_limit" => PageText.Rate(Number(v), 2),
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.Number && key == "threshold" => PageText.Ratio(Number(v)),
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.String => v.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>The name of a parameter or limit for people.</summary>
    public static string NameOf(string key) => Known.GetValueOrDefault(key)?.Name ?? Words(key);

    private static string Words(string key)
    {
        string words = (key.EndsWith("_pct", StringComparison.Ordinal) ? key[..^4] : key).Replace('_', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static string Hours(JsonArray hours)
    {
        int[] all = [.. hours.Select(h => (int)Number(h!.AsValue())).Order()];
        return all.Length == 0 ? "none"
            : all.Length > 1 && all[^1] - all[0] == all.Length - 1 ? string.Create(CultureInfo.InvariantCulture, $"{all[0]:00}:00 to {all[^1]:00}:59")
            : string.Join(", ", all.Select(h => h.ToString("00", CultureInfo.InvariantCulture)));
    }
}
