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
/// <param name="NextStep">What its user does next: <c>configure_sweep</c>, <c>run_sweep</c>, <c>select_configs</c>, <c>train</c>, <c>review</c>, <c>publish</c>, <c>restore</c>.</param>
public sealed record ModelStanding(string Id, string Status, string CreatedAt, string NextStep);

/// <summary>A model of the list, with how far it has come.</summary>
/// <param name="UserId">Whose model.</param>
/// <param name="Id">Id, unique for the user.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Description">One line for people.</param>
/// <param name="PackId">The pack.</param>
/// <param name="PackVersion">Its version.</param>
/// <param name="PackHash">Its content when the model was pinned to it.</param>
/// <param name="Status"><c>created</c>, <c>configured</c>, <c>published</c> or <c>retired</c>.</param>
/// <param name="NextStep">What its user does next, see <see cref="ModelStanding"/>.</param>
/// <param name="CreatedAtUtc">When it was made.</param>
/// <param name="Ticker">What it trades.</param>
/// <param name="StrategyId">Its strategy.</param>
/// <param name="Synthetic">Whether the simulator makes its bars.</param>
/// <param name="ConfigVersion">Version of its config, from 1.</param>
/// <param name="Sweeps">Sweeps of it.</param>
/// <param name="TrainedModels">Trained models of it that are not discarded.</param>
public sealed record ModelListed(
    string UserId, string Id, string Name, string Description, string PackId, string PackVersion, string PackHash, string Status, string NextStep, DateTimeOffset CreatedAtUtc, string Ticker,
    string StrategyId, bool Synthetic, int ConfigVersion, int Sweeps, int TrainedModels);

/// <summary>A model as its page shows it: what was chosen, what differs from the pack, and what was made of it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Pack">Pack and version, <c>swingsigma@1.1.0</c>.</param>
/// <param name="PackName">The pack's name.</param>
/// <param name="Instrument"><c>stocks, options</c> or <c>futures</c>.</param>
/// <param name="RiskProfile"><c>conservative, balanced</c> or <c>aggressive</c>.</param>
/// <param name="Strategy">Its rules in words.</param>
/// <param name="Settings">What its maker could choose, with what they chose.</param>
/// <param name="Inputs">Indicators and features that it reads.</param>
/// <param name="Gates">What its results are held to, the risk profile applied.</param>
/// <param name="Configs">Every config it had, newest first.</param>
/// <param name="Moves">Versions of its pack that it may be moved to.</param>
/// <param name="SettingsLocked">Why its settings can no longer change; null where they can.</param>
public sealed record ModelDocument(
    ModelListed Model, string Pack, string PackName, string Instrument, string RiskProfile, PackStrategyRead Strategy, IReadOnlyList<ModelSettingRead> Settings,
    IReadOnlyList<ModelInputRead> Inputs, IReadOnlyList<PackGateRead> Gates, IReadOnlyList<ModelConfigListed> Configs, IReadOnlyList<string> Moves, string? SettingsLocked);

/// <summary>A setting of a model; keys that end in <c>_pct</c> are percent.</summary>
/// <param name="Key">Key of the override.</param>
/// <param name="Group"><c>indicators</c> or <c>risk</c>.</param>
/// <param name="Of">What it belongs to.</param>
/// <param name="PackDefault">The pack's value; null where the pack switches it off.</param>
/// <param name="Default">The value without an override.</param>
/// <param name="Value">The value that holds.</param>
/// <param name="Source"><c>catalog, pack, profile</c> or <c>override</c>.</param>
/// <param name="Min">Least value of an override.</param>
/// <param name="MinExcluded">Whether the least value itself is refused.</param>
/// <param name="Max">Greatest value of an override.</param>
/// <param name="Whole">Whether an override must be whole.</param>
public sealed record ModelSettingRead(
    string Key, string Group, string Of, double? PackDefault, double? Default, double? Value, string Source, double Min, bool MinExcluded, double Max, bool Whole);

/// <summary>An indicator or feature that a model reads.</summary>
/// <param name="Id">Its id in the pack.</param>
/// <param name="Kind"><c>indicator</c> or <c>feature</c>.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Formula">What it computes.</param>
/// <param name="Selected">Whether its maker selected it.</param>
/// <param name="NeededBy">Who reads it, where nobody selected it: <c>feature momentum_composite</c>.</param>
public sealed record ModelInputRead(string Id, string Kind, string Name, string Formula, bool Selected, string? NeededBy);

/// <summary>A config that a model has or had.</summary>
/// <param name="Version">From 1.</param>
/// <param name="Pack">The pack it was pinned to.</param>
/// <param name="Restores">The version it repeats, where it went back.</param>
/// <param name="MadeAtUtc">When.</param>
public sealed record ModelConfigListed(int Version, string Pack, int? Restores, DateTimeOffset MadeAtUtc);

/// <summary>What a request for a model would give; nothing is made. What is wrong is an answer here.</summary>
/// <param name="Valid">Whether it could be made.</param>
/// <param name="Problems">What is wrong, each with the field in <c>where</c>.</param>
/// <param name="Warnings">What its maker should know: inputs that are added by themselves.</param>
/// <param name="Pack">Pack and version.</param>
/// <param name="Strategy">The strategy that is asked for, or the pack's default.</param>
/// <param name="Settings">What may be chosen, with what is asked for.</param>
/// <param name="Inputs">Indicators and features of the pack: selected, added, or neither.</param>
/// <param name="Gates">What results are held to, the risk profile applied.</param>
/// <param name="Config">The config it would have; null where it is refused.</param>
public sealed record ModelDrafted(
    bool Valid, IReadOnlyList<ProblemLine> Problems, IReadOnlyList<ProblemLine> Warnings, string Pack, PackStrategyRead? Strategy, IReadOnlyList<ModelSettingRead> Settings,
    IReadOnlyList<ModelInputRead> Inputs, IReadOnlyList<PackGateRead> Gates, JsonObject? Config);

/// <summary>A model that was changed.</summary>
/// <param name="Id">The model.</param>
/// <param name="ConfigVersion">Version of its config now.</param>
/// <param name="Changed">Whether its config changed; else only name and description.</param>
/// <param name="Warnings">What its maker should know.</param>
public sealed record ModelChanged(string Id, int ConfigVersion, bool Changed, IReadOnlyList<ProblemLine> Warnings);

/// <summary>Retires a model or brings it back.</summary>
/// <param name="Reason">Why; it is kept in the audit chain.</param>
public sealed record ModelRetiring(string? Reason = null);

/// <summary>Moves a model to another version of its pack, or back.</summary>
/// <param name="To">The version; null with <paramref name="Rollback"/>.</param>
/// <param name="Rollback">Goes back to the config before the last change.</param>
/// <param name="DryRun">Shows what would change, and changes nothing.</param>
public sealed record ModelMoveAsked(string? To = null, bool? Rollback = null, bool? DryRun = null);

/// <summary>What moving a model changes.</summary>
/// <param name="Id">The model.</param>
/// <param name="From">The pack it was pinned to.</param>
/// <param name="To">The pack it is pinned to.</param>
/// <param name="PackHash">Content of the latter.</param>
/// <param name="ConfigVersion">Version of its config then.</param>
/// <param name="Written">False for a dry run, and where nothing changes.</param>
/// <param name="Changes">Every changed value, in the file's order.</param>
/// <param name="CheckedOn">The bars on which the inputs were compared, in words.</param>
/// <param name="Checks">Every input, computed on both versions.</param>
public sealed record ModelMoved(
    string Id, string From, string To, string PackHash, int ConfigVersion, bool Written, IReadOnlyList<ModelValueChanged> Changes, string CheckedOn, IReadOnlyList<ModelInputChecked> Checks);

/// <summary>A value of a config that changes.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Before">The value before as JSON; null where it was not there.</param>
/// <param name="After">The value after as JSON; null where it is gone.</param>
public sealed record ModelValueChanged(string Path, string? Before, string? After);

/// <summary>An input of a model, computed before and after.</summary>
/// <param name="Name">Its name in rules.</param>
/// <param name="Kind"><c>indicator</c> or <c>feature</c>.</param>
/// <param name="Bars">Bars compared.</param>
/// <param name="Defined">Bars on which it was defined.</param>
/// <param name="Differing">Bars on which it differs in any bit.</param>
public sealed record ModelInputChecked(string Name, string Kind, int Bars, int Defined, int Differing);
