using System.Globalization;
using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>What is known of the skill of a sweep's confidences, put together and in words (spec 02 §2.6, "Skill shown").</summary>
public static class ConfidenceSkills
{
    /// <summary>The skill of all columns: that of the one where there is one, else of the one whose AUC is in the middle, with how many there are, how
    /// many have an interval above 0.5, and each of them. Null where no column tells its skill.</summary>
    public static JsonObject? Summary(IReadOnlyDictionary<string, ConfidenceColumn> columns)
    {
        List<(string Key, JsonObject Skill)> told = [.. columns.Where(c => c.Value.Skill is not null).Select(c => (c.Key, c.Value.Skill!)).OrderBy(c => c.Key, StringComparer.Ordinal)];
        if (told.Count == 0)
        {
            return null;
        }

        var ranked = told.OrderBy(c => Number(c.Skill["auc"]) ?? 0).ThenBy(c => c.Key, StringComparer.Ordinal).ToList();
        JsonObject summary = ranked[(ranked.Count - 1) / 2].Skill.DeepClone().AsObject();
        summary["columns"] = told.Count;
        summary["columns_with_skill"] = told.Count(c => HasSkill(c.Skill));
        if (told.Count > 1)
        {
            summary["auc_min"] = Number(ranked[0].Skill["auc"]);
            summary["auc_max"] = Number(ranked[^1].Skill["auc"]);
            summary["by_column"] = new JsonObject(told.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)new JsonObject
            {
                ["auc"] = c.Skill["auc"]?.DeepClone(), ["auc_low"] = c.Skill["auc_low"]?.DeepClone(), ["auc_high"] = c.Skill["auc_high"]?.DeepClone(),
                ["effective_rows"] = c.Skill["effective_rows"]?.DeepClone(),
            })));
        }

        return summary;
    }

    /// <summary>Whether the interval of the AUC lies above 0.5: then higher thresholds pick better bars, else they rank noise.</summary>
    public static bool HasSkill(JsonObject skill) => Number(skill["auc_low"]) is > 0.5;

    /// <summary>One or two sentences for a table's foot, a page or an evidence; null where nothing is known.</summary>
    /// <param name="skill">A column's skill, or the summary of several.</param>
    /// <param name="measured">What was measured, as the sentence begins.</param>
    public static string? Words(JsonObject? skill, string measured = "Out-of-fold AUC")
    {
        if (skill is null)
        {
            return null;
        }

        if (Number(skill["auc"]) is not { } auc)
        {
            return "The classifier's ranking could not be judged: its scored bars knew one kind of outcome only.";
        }

        string interval = skill["auc_low"] is null ? "no interval" : string.Create(
            CultureInfo.InvariantCulture, $"95 % interval {Number(skill["auc_low"]):0.000} to {Number(skill["auc_high"]):0.000}");
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{measured} {auc:0.000} ({interval}) on {Number(skill["rows"]):0} bars, worth {Number(skill["effective_rows"]):0} independent ones.");
        if (Number(skill["columns"]) is > 1 and { } columns)
        {
            text += string.Create(
                CultureInfo.InvariantCulture, $" That is the middle one of {columns:0} classifiers, {Number(skill["auc_min"]):0.000} to {Number(skill["auc_max"]):0.000}; the interval lies above 0.5 for {Number(skill["columns_with_skill"]):0} of them.");
        }

        return text + (HasSkill(skill) ? " Bars with a higher confidence gained more often."
            : Number(skill["auc_high"]) is < 0.5 ? " The interval lies below 0.5: bars with a higher confidence gained less often."
            : " The interval holds 0.5: thresholds rank noise.");
    }

    /// <summary>What a sweep's thresholds were compared with, and its skill, in words.</summary>
    public static string Sentence(StoredSweep sweep) => sweep.ScoreSource switch
    {
        ConfidenceColumn.Rule => "Thresholds compare with a rule score, not a probability.",
        ConfidenceColumn.Classifier => $"Thresholds compare with an out-of-fold probability. {Words(sweep.Skill)}".TrimEnd(),
        _ => "No confidence takes part: rules alone decide.",
    };

    private static double? Number(JsonNode? node) => node is null ? null : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
}
