using System.Globalization;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Models;

/// <summary>A model that passed every check, with what its maker should know.</summary>
public sealed record ModelDraft(ModelConfig Config, IReadOnlyList<Problem> Warnings);

/// <summary>A request and a pack to a model's config; the one validator for client and server (01 §1.13 to §1.15).</summary>
public static class ModelBuilder
{
    /// <summary>Builds the config of a request.</summary>
    /// <returns>The draft, or MDL-1003, MDL-1005 to MDL-1008, MKT-1001; EXP codes where the pack itself does not compile. Dependencies that
    /// were not selected become hidden inputs with an MDL-1004 warning.</returns>
    public static ParseResult<ModelDraft> Build(ModelRequest request, Pack pack, DateTimeOffset createdAtUtc)
    {
        List<Problem> problems = [];
        CheckIds(request, problems);
        Symbol? ticker = TickerOf(request, problems);
        InstrumentType instrument = InstrumentOf(request, pack, problems);
        RiskProfile profile = ProfileOf(request, problems);
        PackStrategy? strategy = StrategyOf(request, pack, problems);
        if (request.SelectedIndicators.Count == 0)
        {
            problems.Add(new("MDL-1007", "No indicator is selected.", "selected_indicators", "Select at least one.", ExitCode.BadUsage));
        }

        CheckSelection(request.SelectedIndicators, pack.Indicators.Select(i => i.Id), "indicator", "selected_indicators", pack, problems);
        CheckSelection(request.SelectedFeatures, pack.Features.Select(f => f.Id), "feature", "selected_features", pack, problems);
        if (problems.Count > 0 || strategy is null || ticker is null)
        {
            return ParseResult<ModelDraft>.Refused(problems);
        }

        Needs needs = Needs.Of(pack, strategy, request.SelectedFeatures);
        if (needs.Problems.Count > 0)
        {
            return ParseResult<ModelDraft>.Refused(needs.Problems);
        }

        IReadOnlyList<HiddenInput> hidden = HiddenInput.Of(pack, needs, request.SelectedIndicators, request.SelectedFeatures);
        string[] hiddenIndicators = [.. hidden.Where(h => h.Kind == "indicator").Select(h => h.Id)], hiddenFeatures = [.. hidden.Where(h => h.Kind == "feature").Select(h => h.Id)];
        Overrides overrides = Overrides.Read(request.ParameterOverrides, pack, [.. request.SelectedIndicators, .. hiddenIndicators], problems);
        if (problems.Count > 0)
        {
            return ParseResult<ModelDraft>.Refused(problems);
        }

        PackGates gates = RiskProfiles.Gates(pack.Gates, profile);
        ModelConfig config = new()
        {
            Id = request.ModelId,
            UserId = request.UserId,
            PackId = pack.Id,
            PackVersion = pack.Version,
            RiskProfile = profile,
            CreatedAtUtc = createdAtUtc.ToUniversalTime(),
            Instrument = new(instrument, ticker.Value.Value),
            Strategy = new(strategy.Id, strategy.EntryLogic, strategy.ExitLogic, strategy.Side),
            Indicators = [.. request.SelectedIndicators.Select(id => overrides.Apply(pack.FindIndicator(id)!))],
            HiddenInputs = [.. hiddenIndicators.Select(id => overrides.Apply(pack.FindIndicator(id)!))],
            Features = [.. request.SelectedFeatures],
            HiddenFeatures = hiddenFeatures,
            Risk = overrides.Apply(RiskProfiles.Risk(pack, profile)),
            Execution = pack.Policies.Execution,
            Gates = gates,
        };
        return ParseResult<ModelDraft>.Ok(new(config, [.. hidden.Select(Warning)]));
    }

    /// <summary>The model of <c>lifecycle run</c>: the pack's default strategy, every feature, every indicator that they need.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="ticker">Ticker.</param>
    /// <param name="userId">Whose model.</param>
    /// <param name="overrides">Overrides from <c>--set key=value</c>.</param>
    /// <param name="strategyId">Another strategy than the default.</param>
    /// <param name="riskProfile">Another risk profile than balanced.</param>
    /// <remarks>The id names ticker, strategy, pack and, where there are choices beyond them, their hash, so that the same call means the
    /// same model.</remarks>
    /// <exception cref="ProblemException">PCK-1003: the pack has no strategy. MDL-1003: it has none of that id. MKT-1001: no ticker.</exception>
    public static ModelRequest Default(
        Pack pack, string ticker, string userId, IReadOnlyList<KeyValuePair<string, double>> overrides, string? strategyId = null, string? riskProfile = null)
    {
        Symbol symbol = Symbol.Parse(ticker);
        PackStrategy strategy = pack.Strategies.Count == 0
            ? throw new ProblemException("PCK-1003", $"Pack {pack.Reference} has no strategy.", "strategies", "Add one.")
            : strategyId is null ? pack.Strategies[0] : pack.FindStrategy(strategyId) ?? throw new ProblemException(
                "MDL-1003", $"Pack {pack.Reference} has no strategy '{strategyId}'.", "strategy", $"Use one of: {string.Join(", ", pack.Strategies.Select(s => s.Id))}.", ExitCode.BadUsage);
        string[] features = [.. pack.Features.Select(f => f.Id)];
        Needs needs = Needs.Of(pack, strategy, features);
        string[] choices =
        [
            .. overrides.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Key}={o.Value:R}")),
            .. riskProfile is null or "balanced" ? (string[])[] : [riskProfile],
        ];
        string slug = $"{symbol.Value.ToLowerInvariant().Replace('.', '-')}_{strategy.Id}_{pack.Id}-{pack.Version.ToString().Replace('.', '-')}";
        return new()
        {
            ModelId = Fitting((char.IsAsciiLetter(slug[0]) ? "" : "t") + slug, choices.Length == 0 ? "" : "-" + ContentHash.Of(string.Join(";", choices)).Hex[..8]),
            Pack = pack.Reference,
            UserId = userId,
            Name = $"{symbol} {strategy.Name}, {pack.Reference}{(choices.Length == 0 ? "" : $" ({string.Join(", ", choices)})")}",
            Description = strategy.Description,
            Ticker = symbol.Value,
            StrategyId = strategy.Id,
            SelectedIndicators = [.. pack.Indicators.Select(i => i.Id).Where(needs.Indicators.ContainsKey)],
            SelectedFeatures = features,
            RiskProfile = riskProfile ?? "balanced",
            ParameterOverrides = overrides,
        };
    }

    // Ids are folder names of at most 64 characters; a longer one keeps its beginning and a hash of the whole.
    private static string Fitting(string stem, string suffix)
    {
        string whole = stem + suffix;
        return whole.Length <= 64 ? whole : $"{stem[..(64 - 9 - suffix.Length)]}-{ContentHash.Of(stem).Hex[..8]}{suffix}";
    }

    /// <summary>Reads <c>rsi_period=21</c> of a command line.</summary>
    /// <exception cref="ProblemException">MDL-1005: not of that form.</exception>
    public static KeyValuePair<string, double> ParseOverride(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new(text[..at].Trim(), value)
            : throw new ProblemException("MDL-1005", $"'{text}' is not an override.", "--set", "Write key=number, e.g. rsi_period=21.", ExitCode.BadUsage);
    }

    private static void CheckIds(ModelRequest request, List<Problem> problems)
    {
        foreach (var (field, id) in new[] { ("model_id", request.ModelId), ("user_id", request.UserId) })
        {
            // Both become folder names.
            if (!PackFolder.IsSlug(id))
            {
                problems.Add(new("MDL-1008", $"{field} '{id}' is not a slug.", field, "Use lower-case letters, digits, dashes or underscores, a letter first, up to 64.", ExitCode.BadUsage));
            }
        }

        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 500)
        {
            problems.Add(new("MDL-1008", "The name is empty or longer than 500 characters.", "name", "Give a short name.", ExitCode.BadUsage));
        }
    }

    private static Symbol? TickerOf(ModelRequest request, List<Problem> problems)
    {
        try
        {
            return Symbol.Parse(request.Ticker);
        }
        catch (ProblemException refused)
        {
            problems.AddRange(refused.All.Select(p => p with { Where = "ticker" }));
            return null;
        }
    }

    private static InstrumentType InstrumentOf(ModelRequest request, Pack pack, List<Problem> problems)
    {
        string word = request.Instrument ?? EnumWords<InstrumentType>.Text(pack.DefaultInstrument);
        if (EnumWords<InstrumentType>.Words.TryGetValue(word, out InstrumentType type) && pack.SupportedInstruments.Contains(type))
        {
            return type;
        }

        problems.Add(new(
            "MDL-1006", $"Pack {pack.Reference} does not support the instrument '{word}'.", "instrument",
            $"Use one of: {string.Join(", ", pack.SupportedInstruments.Select(EnumWords<InstrumentType>.Text))}.", ExitCode.BadUsage));
        return default;
    }

    private static RiskProfile ProfileOf(ModelRequest request, List<Problem> problems)
    {
        if (EnumWords<RiskProfile>.Words.TryGetValue(request.RiskProfile, out RiskProfile profile))
        {
            return profile;
        }

        problems.Add(new("MDL-1008", $"There is no risk profile '{request.RiskProfile}'.", "risk_profile", $"Use one of: {string.Join(", ", EnumWords<RiskProfile>.Words.Keys)}.", ExitCode.BadUsage));
        return default;
    }

    private static PackStrategy? StrategyOf(ModelRequest request, Pack pack, List<Problem> problems)
    {
        PackStrategy? strategy = request.StrategyId is null ? pack.Strategies.FirstOrDefault() : pack.FindStrategy(request.StrategyId);
        if (strategy is null)
        {
            problems.Add(new(
                "MDL-1003", $"Pack {pack.Reference} has no strategy '{request.StrategyId}'.", "strategy_id",
                $"Use one of: {string.Join(", ", pack.Strategies.Select(s => s.Id))}.", ExitCode.BadUsage));
        }

        return strategy;
    }

    private static void CheckSelection(IReadOnlyList<string> selected, IEnumerable<string> offered, string what, string field, Pack pack, List<Problem> problems)
    {
        HashSet<string> known = [.. offered], seen = [];
        foreach (string id in selected)
        {
            if (!known.Contains(id))
            {
                problems.Add(new("MDL-1003", $"Pack {pack.Reference} has no {what} '{id}'.", field, $"Use some of: {string.Join(", ", known)}.", ExitCode.BadUsage));
            }
            else if (!seen.Add(id))
            {
                problems.Add(new("MDL-1008", $"The {what} '{id}' is selected twice.", field, "Name it once.", ExitCode.BadUsage));
            }
        }
    }

    private static Problem Warning(HiddenInput hidden) => new(
        "MDL-1004", $"The {hidden.NeededBy} needs the {hidden.Kind} {hidden.Id}, which was not selected.", $"selected_{hidden.Kind}s",
        $"It was added as a hidden {(hidden.Kind == "indicator" ? "input" : "feature")}.");
}
