using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary>A lifecycle run as a command line asks for it.</summary>
/// <param name="Parameters">Parameters that differ from the workflow's.</param>
/// <param name="Key">The caller's name for the run; null asks for a new one.</param>
/// <param name="AsOfUtc">The run's now; null is now.</param>
/// <param name="Until">Last step to run; null runs all.</param>
internal sealed record AskedLifecycle(JsonObject Parameters, string? Key, DateTimeOffset? AsOfUtc, string? Until)
{
    /// <summary>The same, under a name: the given one, or one that follows from what is asked for, so that the same words find the same run.</summary>
    public AskedLifecycle Named(string word) => this with
    {
        Key = Key ?? (Parameters.Count == 0 && AsOfUtc is null && Until is null ? word
            : $"{word} {ContentHash.OfValue(new { Parameters, AsOfUtc, Until }).Short}"),
    };
}

/// <summary>The options by which <c>lifecycle run</c> and <c>up</c> say what to run.</summary>
internal sealed class LifecycleOptions
{
    private readonly Option<string?> ticker = new("--ticker") { Description = "Symbol: stored bars, or a synthetic one (default: MKT.SYN)" };

    private readonly Option<string?> pack = new("--pack") { Description = "Pack, as id or id@version (default: the workflow's)" };

    private readonly Option<string[]> set = new("--set") { Description = "Model parameter that differs from the pack, e.g. rsi_period=21; may be repeated" };

    private readonly Option<string?> from = new("--from") { Description = "First session, yyyy-MM-dd (default: all stored bars)" };

    private readonly Option<string?> to = new("--to") { Description = "Last session, yyyy-MM-dd (default: the last completed one)" };

    private readonly Option<int?> select = new("--select") { Description = "Best combos to train, 1 to 5 (default: 2)" };

    private readonly Option<string[]> train = new("--train") { Description = "training_params, e.g. tune=true n_estimators=100", AllowMultipleArgumentsPerToken = true };

    private readonly Option<string?> confidence = new("--confidence") { Description = "What thresholds of the sweep compare with: classifier (default) or rule" };

    private readonly Option<string?> until = new("--until") { Description = "Last stage to run, e.g. bootstrap, align, train" };

    private readonly Option<string?> asOf = new("--as-of") { Description = "The run's now, ISO 8601 (default: now); later bars are not seen" };

    private readonly Option<string?> key = new("--key") { Description = "A name of yours: asking again with the same name goes on with the same run" };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { ticker, pack, set, from, to, select, train, confidence, until, asOf, key })
        {
            verb.Add(option);
        }
    }

    /// <summary>What the options ask for.</summary>
    /// <exception cref="ProblemException">MDL-1005, SWS-1001, APP-1011, or of a training parameter: a word that cannot be read.</exception>
    public AskedLifecycle Read(ParseResult parse)
    {
        JsonObject given = [];
        Give(given, "ticker", parse.GetValue(ticker)?.Trim().ToUpperInvariant());
        Give(given, "from", parse.GetValue(from));
        Give(given, "to", parse.GetValue(to));
        if (parse.GetValue(select) is { } best)
        {
            given["select"] = best;
        }

        if (parse.GetValue(set) is { Length: > 0 } overrides)
        {
            given["set"] = new JsonObject(overrides.Select(o => ModelBuilder.ParseOverride(o)).Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value)));
        }

        if (parse.GetValue(train) is { Length: > 0 } training)
        {
            given["training"] = TrainingCommands.Pairs(training, "--train");
        }

        Give(given, "confidence", parse.GetValue(confidence) is { } kind ? EnumWords<ConfidenceKind>.Text(SweepRequestOptions.Kind(kind)) : null);
        Give(given, "pack", parse.GetValue(pack));
        return new(given, parse.GetValue(key), parse.GetValue(asOf) is { } text ? Instant(text) : null, parse.GetValue(until));
    }

    private static void Give(JsonObject to, string name, string? value)
    {
        if (value is not null)
        {
            to[name] = value;
        }
    }

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? at.ToUniversalTime()
            : throw new ProblemException("APP-1011", $"'{text}' is no instant.", "--as-of", "Write it as 2024-07-01T12:00:00Z.", ExitCode.BadUsage);
}
