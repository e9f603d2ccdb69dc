using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary>How a command line says which sweep is meant: the JSON of <c>POST /sweeps</c>, or options; without parameters the simple sweep.</summary>
internal sealed class SweepRequestOptions
{
    private readonly Option<string?> request = new("--request") { Description = "JSON file as POST /sweeps takes it" };
    private readonly Option<string?> model = new("--model") { Description = "Id of a model (default: the latest)" };
    private readonly Option<string[]> vary = new("--vary") { Description = "Values of a parameter, e.g. rsi_period=14,21,28; without any, the simple sweep of 45", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> from = new("--from") { Description = "First date, e.g. 2022-01-01" };
    private readonly Option<string?> to = new("--to") { Description = "Last date" };
    private readonly Option<string?> holdout = new("--holdout") { Description = "Share that is never seen, or 'after' (default: 0.2)" };
    private readonly Option<string?> tag = new("--tag") { Description = "Word to find the sweep by" };
    private readonly Option<string?> confidence = new("--confidence") { Description = "What thresholds compare with: classifier (default) or rule" };
    private readonly Option<string?> caps = new("--caps") { Description = "Cap the grid as a plan does: free, premium, pro or unlimited (default: unlimited)" };
    private readonly Option<string?> onCapExceeded = new("--on-cap-exceeded") { Description = "Above the cap: reject, or sample" };
    private readonly Option<bool> earlyStop = new("--early-stop") { Description = "End once the ten best stay the same over three windows of 100 combos" };
    private readonly Option<bool> refine = new("--refine") { Description = "Of a sample's budget keep a fifth for the neighbours of its best" };
    private readonly Option<string?> detail = new("--detail") { Description = "Store the trades of all combos, or of the pareto front only (default: all up to 1,000 combos)" };
    private readonly Option<long> seed = new("--seed") { Description = "Seed of everything that is drawn", DefaultValueFactory = _ => 42 };

    private IEnumerable<Option> All => [request, model, vary, from, to, holdout, tag, seed, confidence, caps, onCapExceeded, earlyStop, refine, detail];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>Refuses what would be ignored: options that say what a sweep is beside one that names a sweep.</summary>
    /// <exception cref="ProblemException">SWS-1001: there are some.</exception>
    public void RefuseBeside(ParseResult parse, Option named, params Option[] further) => Refuse(
        parse, named, All.Concat(further), $"A sweep that goes on is what it was asked for; leave {named.Name} out to ask for another one.");

    private static void Refuse(ParseResult parse, Option named, IEnumerable<Option> others, string remedy)
    {
        string[] idle = [.. others.Where(o => parse.GetResult(o) is { Implicit: false }).Select(o => o.Name)];
        if (idle.Length > 0)
        {
            throw new ProblemException("SWS-1001", $"{named.Name} and {string.Join(", ", idle)} make no sense together.", idle[0], remedy, ExitCode.BadUsage);
        }
    }

    /// <summary>The request, and whose model it names.</summary>
    public async Task<(SweepRequest Request, string UserId)> ReadAsync(ParseResult parse, ModelStore models, CancellationToken ct)
    {
        string? file = parse.GetValue(request);
        if (file is not null)
        {
            Refuse(parse, request, All.Except([request, caps]), "Write it into the file, or leave the file out.");
        }

        SweepRequest? read = file is null ? null : ReadFile(file);
        string? wanted = read?.ModelId ?? parse.GetValue(model);
        IReadOnlyList<ModelRecord> all = await models.ListAsync(ct);
        ModelRecord found = (wanted is null ? all.LastOrDefault(m => !m.IsRetired) : all.LastOrDefault(m => m.Id == wanted)?.RequireInUse()) ?? throw new ProblemException(
            "MDL-1009", $"There is no model '{wanted ?? "(latest)"}'.", "--model", "Use an id of `sigmatiq models list`, or make one with `sigmatiq models create`.", ExitCode.BadUsage);
        return (read ?? FromOptions(parse, found.Id), found.UserId);
    }

    /// <summary>The plan whose caps hold: that of who asks, or one below it that was named. The local operator has no caps.</summary>
    public async Task<Plan> CapsAsync(ParseResult parse, CommandContext context, CancellationToken ct)
    {
        Plan own = EnumWords<Plan>.Words[(await context.ActorAsync(Right.Plan, ct)).Plan];
        return Word<Plan>(parse, caps) is { } named && named < own ? named : own;
    }

    private SweepRequest FromOptions(ParseResult parse, string modelId)
    {
        Dictionary<string, JsonArray> lists = new(StringComparer.Ordinal);
        foreach (string text in parse.GetValue(vary) ?? [])
        {
            string[] parts = text.Split('=', 2);
            // As leaderboards call it.
            parts[0] = parts[0] == "threshold" ? "thresholds" : parts[0];
            if (parts.Length != 2 || !lists.TryAdd(parts[0], [.. Values(parts[1])]))
            {
                throw new ProblemException("SWS-1001", $"'{text}' does not name a parameter and its values once.", "--vary", "Write it as rsi_period=14,21,28.", ExitCode.BadUsage);
            }
        }

        SweepRequest asked = lists.Count == 0
            ? SweepRequest.Simple(modelId)
            : new() { ModelId = modelId, Type = SweepType.Custom, Parameters = lists };
        return asked with
        {
            From = Date(parse, from), To = Date(parse, to), HoldoutShare = Holdout(parse.GetValue(holdout)), Tag = parse.GetValue(tag), Seed = parse.GetValue(seed),
            Confidence = Kind(parse.GetValue(confidence)), OnCapExceeded = Word<OnCapExceeded>(parse, onCapExceeded),
            EarlyStop = parse.GetValue(earlyStop), Refine = parse.GetValue(refine), Detail = Word<SweepDetail>(parse, detail),
        };
    }

    // Hours of one filter are joined by '+', since commas separate the values.
    private static IEnumerable<JsonNode?> Values(string text) => text.Split(',').Select(v => v.Contains('+', StringComparison.Ordinal)
        ? new JsonArray([.. v.Split('+').Select(Value)])
        : Value(v));

    private static JsonNode? Value(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(text.Trim());

    private static DateOnly? Date(ParseResult parse, Option<string?> option) =>
        parse.GetValue(option) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date
        : throw new ProblemException("SWS-1001", $"'{text}' is not a date.", option.Name, "Write it as 2022-01-01.", ExitCode.BadUsage);

    private static double? Holdout(string? text) =>
        text is null ? 0.2
        : text == "after" ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and < 1 ? share
        : throw new ProblemException("SWS-1001", $"'{text}' is not a hold-out.", "--holdout", "Use a share from 0 to below 1, e.g. 0.2, or 'after'.", ExitCode.BadUsage);

    /// <summary>What thresholds compare with, by its word.</summary>
    /// <exception cref="ProblemException">SWS-1001: no such word.</exception>
    internal static ConfidenceKind Kind(string? text) => text switch
    {
        null or "classifier" => ConfidenceKind.Classifier,
        "rule" => ConfidenceKind.Rule,
        _ => throw new ProblemException("SWS-1001", $"There is no confidence '{text}'.", "--confidence", "Use classifier or rule.", ExitCode.BadUsage),
    };

    private static T? Word<T>(ParseResult parse, Option<string?> option)
        where T : struct, Enum => parse.GetValue(option) is not { } text ? null
        : EnumWords<T>.Words.TryGetValue(text, out T value) ? value
        : throw new ProblemException("SWS-1001", $"There is no '{text}' here.", option.Name, $"Use one of: {string.Join(", ", EnumWords<T>.Words.Keys)}.", ExitCode.BadUsage);

    private static SweepRequest ReadFile(string file)
    {
        try
        {
            return SweepRequest.Parse(JsonText.Parse(File.ReadAllText(file))).Value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ProblemException(new Problem("SWS-1001", $"The request cannot be read: {e.Message.TrimEnd('.')}.", file, "Name a JSON file as POST /sweeps takes it.", ExitCode.BadUsage), e);
        }
    }
}
