using Sigmatiq.Packs.Yaml;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Retention;

/// <summary>How long what is kept; null keeps for ever.</summary>
/// <param name="Runs">Journals of runs that ended longer ago go into an archive.</param>
/// <param name="KeepLast">The newest runs of each workflow stay in any case.</param>
/// <param name="Logs">Log lines of ended runs, and log files.</param>
/// <param name="Keys">Idempotency keys: asked again under one that is gone, a request is made anew.</param>
/// <param name="Messages">Messages that were delivered: enqueued again under the key of one that is gone, a message is sent anew.</param>
/// <param name="Snapshots">Whether bars go that no snapshot in use names.</param>
public sealed record RetentionPolicy(TimeSpan? Runs, int KeepLast, TimeSpan? Logs, TimeSpan? Keys, TimeSpan? Messages, bool Snapshots)
{
    /// <summary>Code of a policy that cannot be read.</summary>
    public const string BadPolicy = "STO-6101";

    /// <summary>Where none is named: journals for half a year and the newest twenty of each workflow, all else for three months, and bars that are used.</summary>
    public static RetentionPolicy Usual { get; } = new(TimeSpan.FromDays(180), 20, TimeSpan.FromDays(90), TimeSpan.FromDays(90), TimeSpan.FromDays(90), true);

    /// <summary>Reads a policy: what it does not name is kept for ever.</summary>
    /// <param name="text">YAML, see docs/keeping.md.</param>
    /// <param name="file">Name for places in messages.</param>
    public static ParseResult<RetentionPolicy> Parse(string text, string file)
    {
        ParseResult<YamlNode> tree = YamlText.Parse(text, file, BadPolicy);
        if (!tree.IsOk)
        {
            return ParseResult<RetentionPolicy>.Refused(tree.Problems);
        }

        YamlProblems problems = new(BadPolicy);
        var map = new YamlMapReader(tree.Value, problems, "");
        YamlMapReader? runs = map.OptionalMap("runs");
        RetentionPolicy policy = new(
            Age(runs, problems), runs?.OptionalWhole("keep_last") ?? 0, Age(map.OptionalMap("logs"), problems), Age(map.OptionalMap("keys"), problems),
            Age(map.OptionalMap("messages"), problems), map.OptionalText("snapshots") is { } word && IsUnused(word, map.PlaceOf("snapshots"), problems));
        runs?.Close();
        map.Close();
        return problems.Result(() => policy);
    }

    private static TimeSpan? Age(YamlMapReader? map, YamlProblems problems)
    {
        if (map is null)
        {
            return null;
        }

        string text = map.Text("older_than");
        if (!Duration.TryParse(text, out TimeSpan age) || age < TimeSpan.FromDays(1))
        {
            problems.Add(map.PlaceOf("older_than"), $"'{text}' is no age.", "Write whole days, as in 90d.");
        }

        if (map.What != "runs")
        {
            map.Close();
        }

        return age;
    }

    private static bool IsUnused(string word, YamlPlace place, YamlProblems problems)
    {
        if (word != "unused")
        {
            problems.Add(place, $"snapshots is '{word}'.", "Write unused, or leave it out to keep them all.");
        }

        return true;
    }
}
