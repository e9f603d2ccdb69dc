using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>A pack version.</summary>
/// <param name="Id">Pack and version, <c>swingsigma@1.1.0</c>.</param>
/// <param name="PackId">The pack.</param>
/// <param name="Version">The version.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Hash">Hash of its content.</param>
/// <param name="Strategies">Its strategies, the default first.</param>
public sealed record PackListed(string Id, string PackId, string Version, string Name, string Description, string Author, string Hash, IReadOnlyList<string> Strategies);

/// <summary>A pack version with its content.</summary>
/// <param name="Id">Pack and version.</param>
/// <param name="PackId">The pack.</param>
/// <param name="Version">The version.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Hash">Hash of its content.</param>
/// <param name="Strategies">Its strategies, the default first.</param>
/// <param name="Content">The six files as JSON, by name; keys in <c>_pct</c> are percent.</param>
/// <param name="Published">Whether its content can no longer change.</param>
public sealed record PackShown(
    string Id, string PackId, string Version, string Name, string Description, string Author, string Hash, IReadOnlyList<string> Strategies, JsonObject Content, bool Published);

/// <summary>The texts of a pack's files, by name: <c>pack.yaml, indicators.yaml, features.yaml, strategies.yaml, gates.yaml, policies.yaml</c>.</summary>
/// <param name="Files">Text by file name.</param>
public sealed record PackTexts(IReadOnlyDictionary<string, string> Files);

/// <summary>What is wrong with a pack, if anything; the sanity backtest of <c>sigmatiq packs lint</c> is left out.</summary>
/// <param name="Valid">Whether no finding is an error.</param>
/// <param name="Id">Pack and version; null where the files are no pack.</param>
/// <param name="Hash">Hash of its content.</param>
/// <param name="Findings">All findings in the order of the files.</param>
public sealed record PackLinted(bool Valid, string? Id, string? Hash, IReadOnlyList<PackFinding> Findings);

/// <summary>One finding.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Level"><c>error</c> or <c>warn</c>.</param>
/// <param name="Path">Where, as text.</param>
/// <param name="File">The file; null where there is no place.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remediation">What can be done.</param>
public sealed record PackFinding(string Code, string Level, string Path, string? File, int? Line, int? Column, string Message, string Remediation);

/// <summary>A pack version as a document for people: everything in it in words, with the text that decides beneath.</summary>
/// <param name="Pack">The pack version.</param>
/// <param name="Character">What it is made for.</param>
/// <param name="Published">When it was published and by whom; null where its content can still change.</param>
/// <param name="Strategies">Its strategies, the default first.</param>
/// <param name="Indicators">Its indicators in the order of the file.</param>
/// <param name="Features">Its features in the order of the file.</param>
/// <param name="Gates">What results, orders and portfolios must keep.</param>
/// <param name="Policies">How orders are made, sized and protected.</param>
/// <param name="Parameters">What a model may override and a sweep may vary, with default and bounds.</param>
/// <param name="Versions">All versions of the pack, newest first.</param>
/// <param name="Models">The models that are made of this version, newest first.</param>
public sealed record PackDocument(
    PackListed Pack, PackCharacter Character, PackPublication? Published, IReadOnlyList<PackStrategyRead> Strategies, IReadOnlyList<PackIndicatorRead> Indicators,
    IReadOnlyList<PackFeatureRead> Features, IReadOnlyList<PackGateRead> Gates, IReadOnlyList<PackPolicyRead> Policies, IReadOnlyList<PackParameterRead> Parameters,
    IReadOnlyList<PackVersionListed> Versions, IReadOnlyList<PackModelListed> Models);

/// <summary>What a pack is made for, in the words of its file.</summary>
/// <param name="TimeHorizon">How long a position lives: <c>days</c>, <c>weeks</c> …</param>
/// <param name="RiskAppetite"><c>conservative, balanced</c> or <c>aggressive</c>.</param>
/// <param name="DecisionStyle"><c>technical, fundamental, sentiment</c> or <c>flow</c>.</param>
/// <param name="MarketPreference"><c>trending, ranging, volatile</c> or <c>all_weather</c>.</param>
/// <param name="ExecutionCharacter"><c>aggressive, patient</c> or <c>adaptive</c>.</param>
/// <param name="Instruments">What it can trade, the default first.</param>
/// <param name="Tags">Words to find it by.</param>
/// <param name="Interval">The bars the engine walks, <c>1h</c>.</param>
/// <param name="RuleFrame">The bars its rules read: <c>day</c> or <c>bar</c>.</param>
/// <param name="CreatedAt">The date in its file.</param>
public sealed record PackCharacter(
    string TimeHorizon, string RiskAppetite, string DecisionStyle, string MarketPreference, string ExecutionCharacter, IReadOnlyList<string> Instruments, IReadOnlyList<string> Tags,
    string Interval, string RuleFrame, DateOnly CreatedAt);

/// <summary>That a version was published: its content can never change again.</summary>
/// <param name="By">Who published it.</param>
/// <param name="AtUtc">When.</param>
public sealed record PackPublication(string By, DateTimeOffset AtUtc);

/// <summary>A strategy in words.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Side"><c>long, short</c> or <c>both</c>.</param>
/// <param name="IsDefault">Whether it is the pack's first.</param>
/// <param name="Entry">All of these must hold.</param>
/// <param name="Exit">Any of these ends a position.</param>
public sealed record PackStrategyRead(
    string Id, string Name, string Description, string Side, bool IsDefault, IReadOnlyList<RuleRead> Entry, IReadOnlyList<RuleRead> Exit);

/// <summary>An expression with its sentence.</summary>
/// <param name="Sentence">It in words.</param>
/// <param name="Expression">It as written: this decides.</param>
public sealed record RuleRead(string Sentence, string Expression);

/// <summary>An indicator of a pack.</summary>
/// <param name="Id">Id in rules, models and overrides.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Group"><c>momentum, trend, volatility</c> or <c>volume</c>.</param>
/// <param name="Settings">Its settings as the pack has them, the catalog's where it says nothing.</param>
/// <param name="Names">Its names in rules.</param>
/// <param name="Formula">The formula in one line, with its source.</param>
public sealed record PackIndicatorRead(string Id, string Name, string Group, IReadOnlyList<SettingRead> Settings, IReadOnlyList<string> Names, string Formula);

/// <summary>A setting.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value as packs write it.</param>
public sealed record SettingRead(string Name, string Value);

/// <summary>A feature of a pack.</summary>
/// <param name="Id">Id in rules.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Sentence">Its formula in words.</param>
/// <param name="Calculation">Its formula as written: this decides.</param>
/// <param name="Scale">Learning and displays use value by scale, clipped to [−1, 1]; null leaves it as it is.</param>
public sealed record PackFeatureRead(string Id, string Name, string Sentence, string Calculation, double? Scale);

/// <summary>A gate of a pack.</summary>
/// <param name="Block"><c>quality, execution</c> or <c>risk</c>.</param>
/// <param name="Key">Its key in the file.</param>
/// <param name="Label">What is held to it.</param>
/// <param name="Comparator"><c>&gt;=</c> or <c>&lt;=</c>.</param>
/// <param name="Required">The limit; shares and drawdowns are fractions. Null where the pack leaves it to the platform.</param>
/// <param name="Unit"><c>count, ratio, share, drawdown, bps</c> or <c>shares</c> (of stock a bar).</param>
public sealed record PackGateRead(string Block, string Key, string Label, string Comparator, double? Required, string Unit);

/// <summary>A policy in words.</summary>
/// <param name="Block"><c>execution, position_sizing, risk_management</c> or <c>engine</c>.</param>
/// <param name="Key">The key that it is of.</param>
/// <param name="Sentence">What it does.</param>
public sealed record PackPolicyRead(string Block, string Key, string Sentence);

/// <summary>A parameter with its bounds; keys that end in <c>_pct</c> are percent.</summary>
/// <param name="Key">Key of overrides and sweeps, <c>rsi_period</c>.</param>
/// <param name="Of">What it belongs to, by name.</param>
/// <param name="Default">The pack's value; null where the pack switches it off.</param>
/// <param name="Min">Least value.</param>
/// <param name="MinExcluded">Whether the least value itself is refused.</param>
/// <param name="Max">Greatest value.</param>
/// <param name="Whole">Whether it must be whole.</param>
public sealed record PackParameterRead(string Key, string Of, double? Default, double Min, bool MinExcluded, double Max, bool Whole);

/// <summary>A version of a pack.</summary>
/// <param name="Version">The version.</param>
/// <param name="Hash">Hash of its content; null where its files are refused.</param>
/// <param name="Published">When it was published and by whom; null where its content can still change.</param>
/// <param name="Models">How many models are pinned to it.</param>
/// <param name="Usable">Whether new models may be made of it.</param>
public sealed record PackVersionListed(string Version, string? Hash, PackPublication? Published, int Models, bool Usable);

/// <summary>A model that is made of a pack.</summary>
/// <param name="Id">The model.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="NextStep">What its user does next.</param>
public sealed record PackModelListed(string Id, string Name, string Status, string NextStep);

/// <summary>What differs between two packs.</summary>
/// <param name="Before">The one, <c>swingsigma@1.0.0</c>.</param>
/// <param name="After">The other.</param>
/// <param name="Equal">Whether nothing differs.</param>
/// <param name="Changes">Every changed value in the order of the files.</param>
public sealed record PackCompared(string Before, string After, bool Equal, IReadOnlyList<PackValueChanged> Changes);

/// <summary>A value that differs.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">Where in it.</param>
/// <param name="Before">The value before as JSON; null where it was not there.</param>
/// <param name="After">The value after as JSON; null where it is gone.</param>
public sealed record PackValueChanged(string File, string Path, string? Before, string? After);

/// <summary>Publishes a pack version; there is nothing to say.</summary>
public sealed record PackPublishing;

/// <summary>A pack version that is published.</summary>
/// <param name="Id">Pack and version.</param>
/// <param name="Hash">Hash of its content.</param>
/// <param name="Published">Always true.</param>
/// <param name="IsNew">False where it was published before with the same content.</param>
/// <param name="Warnings">What the linter and the sanity backtest warn of.</param>
public sealed record PackPublished(string Id, string Hash, bool Published, bool IsNew, IReadOnlyList<PackFinding> Warnings);
