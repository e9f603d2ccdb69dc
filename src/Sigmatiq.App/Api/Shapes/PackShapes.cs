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
