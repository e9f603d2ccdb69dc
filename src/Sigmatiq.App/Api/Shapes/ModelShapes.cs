using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>A model that is asked for. Keys that begin with <c>x_</c> are let through.</summary>
/// <param name="ModelId">Id, unique for the user.</param>
/// <param name="PackId">The pack.</param>
/// <param name="UserId">Whose model.</param>
/// <param name="Ticker">Ticker, underlying or contract.</param>
/// <param name="PackVersion">Its version; without it the newest usable one.</param>
/// <param name="Name">Name for people, unique for the user; without it the id.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Instrument"><c>stocks</c>, <c>options</c> or <c>futures</c>.</param>
/// <param name="StrategyId">One of the pack's strategies.</param>
/// <param name="SelectedIndicators">Indicators of the pack to use.</param>
/// <param name="SelectedFeatures">Features of the pack to use.</param>
/// <param name="RiskProfile"><c>conservative</c>, <c>balanced</c> or <c>aggressive</c>.</param>
/// <param name="ParameterOverrides">Parameters that differ from the pack's defaults, as numbers; keys that end in <c>_pct</c> are percent.</param>
public sealed record ModelAsked(
    string ModelId, string PackId, string UserId, string Ticker, string? PackVersion = null, string? Name = null, string? Description = null, string? Instrument = null,
    string? StrategyId = null, IReadOnlyList<string>? SelectedIndicators = null, IReadOnlyList<string>? SelectedFeatures = null, string? RiskProfile = null,
    IReadOnlyDictionary<string, double>? ParameterOverrides = null);

/// <summary>A model as it was made.</summary>
/// <param name="Success">Always true.</param>
/// <param name="Model">How far it has come.</param>
public sealed record ModelMade(bool Success, ModelStanding Model);

/// <summary>A model with its config.</summary>
/// <param name="Success">Always true.</param>
/// <param name="Model">How far it has come.</param>
/// <param name="Config">The config it is pinned to, as stored: pack, instrument, strategy, risk (keys in <c>_pct</c> are percent), indicators and features.</param>
public sealed record ModelShown(bool Success, ModelStanding Model, JsonObject Config);

/// <summary>How far a model has come.</summary>
/// <param name="Id">The model.</param>
/// <param name="Status"><c>created</c>, <c>configured</c>, <c>published</c> or <c>retired</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="NextStep">What its user does next, e.g. <c>configure_sweep</c>, <c>run_sweep</c>, <c>select_configs</c>, <c>train</c>, <c>review</c>, <c>publish</c>.</param>
public sealed record ModelStanding(string Id, string Status, string CreatedAt, string NextStep);
