using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>A series of the store: the newest snapshot of a symbol's bars of one length.</summary>
/// <param name="Id">The snapshot.</param>
/// <param name="Symbol">Whose bars.</param>
/// <param name="Interval">How long they are: <c>1m</c>, <c>5m</c>, <c>1h</c>, <c>1d</c>.</param>
/// <param name="Bars">How many.</param>
/// <param name="First">Start of the first bar.</param>
/// <param name="Last">Start of the last bar.</param>
/// <param name="Source">Where they come from: <c>simulator</c>, <c>import</c> or <c>resample</c>.</param>
/// <param name="SourceVersion">Which version of it.</param>
/// <param name="Synthetic">Whether the simulator made them; every screen that shows a result of them says so.</param>
/// <param name="Findings">What the quality rules found when they came in: bars by rule.</param>
public sealed record SeriesListed(
    string Id, string Symbol, string Interval, long Bars, DateTimeOffset First, DateTimeOffset Last, string Source, string SourceVersion, bool Synthetic,
    IReadOnlyDictionary<string, int> Findings);

/// <summary>A snapshot with its files.</summary>
/// <param name="Id">Hash of the manifest.</param>
/// <param name="Snapshot">What it is of.</param>
/// <param name="Files">Its immutable files.</param>
/// <param name="Problems">Files that are not what the manifest says; empty where all are.</param>
public sealed record SnapshotShown(string Id, SeriesListed Snapshot, IReadOnlyList<SnapshotFileShown> Files, IReadOnlyList<ProblemLine> Problems);

/// <summary>A file of a snapshot.</summary>
/// <param name="Path">Below the data directory.</param>
/// <param name="Sha256">Hash of its bytes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Rows">Rows in it.</param>
public sealed record SnapshotFileShown(string Path, string Sha256, long Bytes, long Rows);

/// <summary>What the quality rules find in a series now.</summary>
/// <param name="Symbol">Whose bars.</param>
/// <param name="Interval">How long they are.</param>
/// <param name="Snapshot">Of which snapshot.</param>
/// <param name="Calendar">Calendar that hours and missing bars were held against; null where none is known.</param>
/// <param name="Bars">How many bars were looked at.</param>
/// <param name="State"><c>ok</c>, <c>flagged</c>, or <c>refused</c> where a fact is broken and nobody waived it.</param>
/// <param name="Counts">Findings by rule.</param>
/// <param name="Findings">The findings, at most 1000, oldest first.</param>
/// <param name="Waived">Rules whose findings a person let pass, with the reason.</param>
/// <param name="Damaged">Files that are not what their manifest says; then nothing was looked at.</param>
public sealed record SeriesDefects(
    string Symbol, string Interval, string Snapshot, string? Calendar, int Bars, string State, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<DefectShown> Findings,
    IReadOnlyDictionary<string, string> Waived, IReadOnlyList<ProblemLine> Damaged);

/// <summary>One finding.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Kind"><c>broken</c>, <c>flag</c> or <c>remark</c>.</param>
/// <param name="Meaning">What it says.</param>
/// <param name="AtUtc">Start of the bar.</param>
/// <param name="Bar">Number of the bar, from 0.</param>
/// <param name="Detail">The values.</param>
public sealed record DefectShown(string Rule, string Kind, string Meaning, DateTimeOffset AtUtc, int Bar, string Detail);
