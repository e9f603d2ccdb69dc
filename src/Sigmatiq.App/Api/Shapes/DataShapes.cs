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

/// <summary>A file that was sent to be imported.</summary>
/// <param name="Id">SHA-256 of its bytes; the import names it by this.</param>
/// <param name="Name">Its name as places in it are told.</param>
/// <param name="Bytes">Its length.</param>
public sealed record UploadShown(string Id, string Name, long Bytes);

/// <summary>An import, or its preview.</summary>
/// <param name="Upload">Id of the upload.</param>
/// <param name="Reason">Why; kept with the import and with what is waived. A preview needs it for waivers only.</param>
/// <param name="Symbol">Name of the bars, or which symbol where the file holds several.</param>
/// <param name="Interval">Length of the bars, where their times do not tell.</param>
/// <param name="AssetClass">What the bars are of: <c>equity, index, fx, cfd, synthetic</c>; without it from the symbol.</param>
/// <param name="Zone">IANA name of the zone of times that name none; UTC where left out.</param>
/// <param name="Columns">Names of columns that differ, e.g. <c>close=adj_close,ts=Date</c>.</param>
/// <param name="Waive">Rules whose broken facts are let pass in this import alone.</param>
public sealed record ImportAsked(
    string Upload, string? Reason = null, string? Symbol = null, string? Interval = null, string? AssetClass = null, string? Zone = null, string? Columns = null, IReadOnlyList<string>? Waive = null);

/// <summary>What an upload holds, and what becomes of it.</summary>
/// <param name="Upload">Id of the upload.</param>
/// <param name="Name">Its name.</param>
/// <param name="Preview">Whether nothing was written.</param>
/// <param name="Series">Its series, one for each symbol.</param>
/// <param name="Problems">Why the file is not understood, with the place of each; empty where it is.</param>
public sealed record ImportShown(string Upload, string Name, bool Preview, IReadOnlyList<ImportedSeriesShown> Series, IReadOnlyList<ProblemLine> Problems);

/// <summary>One symbol of an upload.</summary>
/// <param name="Symbol">Whose bars.</param>
/// <param name="Interval">How long they are.</param>
/// <param name="Bars">How many.</param>
/// <param name="First">Start of the first.</param>
/// <param name="Last">Start of the last.</param>
/// <param name="Added">Bars at times that were not there.</param>
/// <param name="Corrected">Bars that take the place of different ones.</param>
/// <param name="Unchanged">Bars that say what was known.</param>
/// <param name="State"><c>refused</c>, <c>known</c> where nothing changes, <c>would_be_taken_in</c> or <c>taken_in</c>.</param>
/// <param name="Findings">What the quality rules found: bars by rule.</param>
/// <param name="RefusedRows">How many rows are refused.</param>
/// <param name="Refused">These rows, at most 500, in the order of the file.</param>
/// <param name="Waivable">Rules that found something and may be let pass.</param>
/// <param name="Refusals">The refusals in words, with what to do.</param>
/// <param name="Snapshot">The series' state after the import; null in a preview.</param>
/// <param name="KeptFactors">Bars that keep their stored adjustment factor, since the file has none.</param>
/// <param name="RepeatedTimes">Bars in an hour that the file's clock shows twice, taken in the order of the file.</param>
/// <param name="Rows">Its first and last rows as they are understood.</param>
public sealed record ImportedSeriesShown(
    string Symbol, string Interval, int Bars, DateTimeOffset First, DateTimeOffset Last, int Added, int Corrected, int Unchanged, string State, IReadOnlyDictionary<string, int> Findings,
    int RefusedRows, IReadOnlyList<RefusedRow> Refused, IReadOnlyList<string> Waivable, IReadOnlyList<ProblemLine> Refusals, string? Snapshot, int KeptFactors, int RepeatedTimes, IReadOnlyList<UnderstoodRow> Rows);

/// <summary>A row that is refused.</summary>
/// <param name="Row">Line of a CSV (the header is 1), row of a Parquet from 1.</param>
/// <param name="AtUtc">Start of its bar.</param>
/// <param name="Rule">Which rule refuses it.</param>
/// <param name="Code">Its code.</param>
/// <param name="Meaning">What it says.</param>
/// <param name="Detail">The values.</param>
public sealed record RefusedRow(int Row, DateTimeOffset AtUtc, string Rule, string Code, string Meaning, string Detail);

/// <summary>A row as it is understood, prices as in the file.</summary>
/// <param name="Row">Its line.</param>
/// <param name="AtUtc">Start of its bar.</param>
/// <param name="ExchangeTime">The same on the exchange's clock, or its session.</param>
/// <param name="Open">Open.</param>
/// <param name="High">High.</param>
/// <param name="Low">Low.</param>
/// <param name="Close">Close.</param>
/// <param name="Volume">Volume.</param>
public sealed record UnderstoodRow(int Row, DateTimeOffset AtUtc, string ExchangeTime, double? Open, double? High, double? Low, double? Close, double? Volume);

/// <summary>Lets a broken fact of a series pass.</summary>
/// <param name="Rule">The rule, e.g. <c>high_below_body</c>.</param>
/// <param name="Reason">Why; it is kept.</param>
public sealed record WaiverAsked(string Rule, string Reason);

/// <summary>A broken fact that passes from now on.</summary>
/// <param name="Symbol">Whose bars.</param>
/// <param name="Interval">How long they are.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">Why.</param>
/// <param name="Findings">How many bars it finds now.</param>
public sealed record WaiverShown(string Symbol, string Interval, string Rule, string Reason, int Findings);

/// <summary>Bars of a series by month, as columns.</summary>
/// <param name="Symbol">Whose bars.</param>
/// <param name="Interval">How long they are.</param>
/// <param name="Snapshot">Of which snapshot.</param>
/// <param name="Calendar">Calendar of its sessions; null where none is known.</param>
/// <param name="Months">The months, <c>2026-01</c>, from the first bar's to the last one's.</param>
/// <param name="Bars">Bars of each.</param>
/// <param name="Expected">Those that its sessions have; null where no calendar is known.</param>
/// <param name="Missing">Those of its sessions that are not there.</param>
/// <param name="Problem">Why it could not be counted; null where it could.</param>
public sealed record SeriesCoverage(
    string Symbol, string Interval, string Snapshot, string? Calendar, IReadOnlyList<string> Months, IReadOnlyList<int> Bars, IReadOnlyList<int?> Expected, IReadOnlyList<int> Missing, ProblemLine? Problem);

/// <summary>A snapshot of bars.</summary>
/// <param name="Id">Hash of its manifest.</param>
/// <param name="Symbol">Whose bars.</param>
/// <param name="Interval">How long they are.</param>
/// <param name="Bars">How many.</param>
/// <param name="First">Start of the first.</param>
/// <param name="Last">Start of the last.</param>
/// <param name="Source">Where they come from.</param>
/// <param name="MadeAtUtc">When it was made.</param>
/// <param name="Newest">Whether it is its series' present state.</param>
/// <param name="Kept">Whether its files are still there; a pruning lets go what nothing uses.</param>
/// <param name="Sweeps">Sweeps that ran on it.</param>
/// <param name="Trainings">Trainings on it.</param>
/// <param name="TrainedModels">Trained models that learned from it.</param>
public sealed record SnapshotListed(
    string Id, string Symbol, string Interval, long Bars, DateTimeOffset First, DateTimeOffset Last, string Source, DateTimeOffset MadeAtUtc, bool Newest, bool Kept, long Sweeps, long Trainings, long TrainedModels);

/// <summary>What names a snapshot, at most a hundred of each.</summary>
/// <param name="Id">The snapshot.</param>
/// <param name="Sweeps">Sweeps.</param>
/// <param name="Trainings">Trainings.</param>
/// <param name="TrainedModels">Trained models.</param>
/// <param name="Runs">Runs whose journal or parameters name it.</param>
public sealed record SnapshotUsed(string Id, IReadOnlyList<string> Sweeps, IReadOnlyList<string> Trainings, IReadOnlyList<string> TrainedModels, IReadOnlyList<string> Runs);

/// <summary>What a pruning would let go; nothing was removed.</summary>
/// <param name="Kept">Snapshots that stay.</param>
/// <param name="Snapshots">Snapshots that nothing uses.</param>
/// <param name="Files">Files that no other snapshot names.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Token">Names exactly these; <c>POST /data/prune</c> takes it.</param>
public sealed record PrunePreview(int Kept, IReadOnlyList<string> Snapshots, int Files, long Bytes, string Token);

/// <summary>Lets go what a preview showed.</summary>
/// <param name="Token">Of the preview: exactly that goes, or nothing.</param>
/// <param name="Reason">Why; it is kept.</param>
public sealed record PruneAsked(string Token, string Reason);

/// <summary>What a pruning let go.</summary>
/// <param name="Kept">Snapshots that stay.</param>
/// <param name="Snapshots">Snapshots that went.</param>
/// <param name="Files">Files that went.</param>
/// <param name="Bytes">Their size.</param>
public sealed record PruneDone(int Kept, IReadOnlyList<string> Snapshots, int Files, long Bytes);

/// <summary>Brings series up to the last completed session.</summary>
/// <param name="Reason">Why; it is kept.</param>
/// <param name="Symbols">Which tickers; without them every series of the store.</param>
/// <param name="Interval">Length of the bars; without it 1h for a named symbol, and every length otherwise.</param>
public sealed record AlignAsked(string Reason, IReadOnlyList<string>? Symbols = null, string? Interval = null);

/// <summary>Makes the sample market.</summary>
/// <param name="Reason">Why; it is kept.</param>
public sealed record SampleAsked(string Reason);

/// <summary>A series after it was brought up to date.</summary>
/// <param name="Id">Hash of its newest snapshot.</param>
/// <param name="Symbol">Ticker.</param>
/// <param name="Interval">Length of its bars.</param>
/// <param name="Bars">How many it has.</param>
/// <param name="AddedBars">How many came in now.</param>
/// <param name="Until">The last completed session, to which it should reach.</param>
/// <param name="MissingSessions">Completed sessions after its last bar that its source could not give.</param>
/// <param name="Stale">Whether some are missing.</param>
/// <param name="Synthetic">Whether the simulator made the bars.</param>
public sealed record SeriesAligned(string Id, string Symbol, string Interval, long Bars, int AddedBars, DateOnly Until, int MissingSessions, bool Stale, bool Synthetic);
