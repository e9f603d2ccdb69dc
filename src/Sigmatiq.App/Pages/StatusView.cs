namespace Sigmatiq.App.Pages;

/// <summary>State of a stage, run, gate or vote as a page shows it: each has a colour, a glyph and a word.</summary>
public enum Mark
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Being worked on.</summary>
    Running,

    /// <summary>Waits for a person.</summary>
    Waiting,

    /// <summary>Succeeded, passed, approved.</summary>
    Ok,

    /// <summary>Marginal, or to be looked at.</summary>
    Caution,

    /// <summary>Failed, refused, rejected.</summary>
    Bad,

    /// <summary>Left out, with the reason.</summary>
    Skipped,
}

/// <summary>All that the status page shows; every figure comes from the store, none is computed for the page.</summary>
/// <param name="NowUtc">When it was read.</param>
/// <param name="Operator">Who is signed in.</param>
/// <param name="Run">The latest lifecycle run, null where there is none.</param>
/// <param name="Data">What the numbers were computed from, null before the data are aligned.</param>
/// <param name="Sweep">The run's sweep, null before it is done.</param>
/// <param name="Evidence">The run's evidence, null before it is written.</param>
/// <param name="Approval">The run's request for a vote, null before it is made.</param>
/// <param name="Deployment">What the vote led to, null before.</param>
public sealed record StatusView(
    DateTimeOffset NowUtc, string Operator, LifecycleView? Run = null, DataView? Data = null, SweepView? Sweep = null, EvidenceView? Evidence = null,
    ApprovalView? Approval = null, DeploymentView? Deployment = null);

/// <summary>A run and its eight stages.</summary>
/// <param name="Id">Id of the run.</param>
/// <param name="Title">Instrument and strategy, e.g. <c>MKT.SYN momentum swing</c>.</param>
/// <param name="Workflow">Workflow as <c>id@version</c>.</param>
/// <param name="Pack">Pack as <c>id@version</c>.</param>
/// <param name="State">Where the run stands.</param>
/// <param name="StateWord">The same in one or two words.</param>
/// <param name="RequestedUtc">When it was asked for.</param>
/// <param name="Stages">The eight stages of spec 04 §4.1, in order.</param>
/// <param name="Failure">Why it failed, with code and remedy; null otherwise.</param>
public sealed record LifecycleView(
    string Id, string Title, string Workflow, string Pack, Mark State, string StateWord, DateTimeOffset RequestedUtc, IReadOnlyList<StageView> Stages,
    string? Failure = null);

/// <summary>One stage of the board.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Word">The same as a word, e.g. <c>Trained</c>.</param>
/// <param name="Fact">Its most telling fact, e.g. <c>AUC 0.61</c>.</param>
/// <param name="Share">How much of it is done, 0 to 1; null where not known.</param>
public sealed record StageView(string Name, Mark State, string Word, string Fact = "", double? Share = null);

/// <summary>The bars behind the numbers.</summary>
/// <param name="IsSynthetic">Made by the simulator.</param>
/// <param name="PlantedEffect">The simulator's planted effect, in words; null for real bars.</param>
/// <param name="Symbol">Instrument.</param>
/// <param name="Interval">Length of a bar; like the rest null before the data are aligned.</param>
/// <param name="From">First session.</param>
/// <param name="To">Last session.</param>
/// <param name="SnapshotId">Id of the snapshot.</param>
public sealed record DataView(bool IsSynthetic, string? PlantedEffect, string Symbol, string? Interval, DateOnly? From, DateOnly? To, string? SnapshotId);

/// <summary>A sweep's outcome.</summary>
/// <param name="Id">Sweep id.</param>
/// <param name="Evaluated">Combos evaluated.</param>
/// <param name="Passed">Combos that pass every gate.</param>
/// <param name="Marginal">Combos that pass the critical ones or narrowly.</param>
/// <param name="Failed">Combos that fail.</param>
/// <param name="Window">The selection window in words.</param>
/// <param name="Rows">Combos by rank.</param>
/// <param name="Confidence">What thresholds compare with, and its skill, in words.</param>
/// <param name="RanksNoise">Whether that confidence shows no skill.</param>
/// <param name="Doubt">Trials on the idea and probability of overfitting, in words.</param>
public sealed record SweepView(string Id, int Evaluated, int Passed, int Marginal, int Failed, string Window, IReadOnlyList<ComboView> Rows, string Doubt = "",
    string Confidence = "", bool RanksNoise = false);

/// <summary>One line of the leaderboard; fractions, not percent.</summary>
/// <param name="Rank">1 is best.</param>
/// <param name="Combo">Combo id.</param>
/// <param name="Threshold">Confidence threshold.</param>
/// <param name="Hours">Allowed hours in words.</param>
/// <param name="Size">Share of equity in a position.</param>
/// <param name="Sharpe">Sharpe ratio on the selection window.</param>
/// <param name="Return">Total return.</param>
/// <param name="Trades">Number of trades.</param>
/// <param name="MaxDrawdown">Depth, 0 or above.</param>
/// <param name="Gate">Gate verdict.</param>
/// <param name="Reasons">Why it is not a plain pass.</param>
/// <param name="IsSelected">Chosen for training.</param>
/// <param name="IsEvidenceOnly">Chosen although a gate refused it.</param>
/// <param name="DuplicateOf">Combo with the same list of entries and exits; null where there is none.</param>
/// <param name="SharpeLow">Lower end of the Sharpe ratio's 95 % interval.</param>
/// <param name="SharpeHigh">Upper end.</param>
/// <param name="Deflated">Deflated Sharpe ratio; null below the ten best.</param>
/// <param name="BreakEvenBps">Extra cost a side that would leave no return.</param>
public sealed record ComboView(
    int Rank, int Combo, double? Threshold, string Hours, double? Size, double? Sharpe, double? Return, int Trades, double? MaxDrawdown, Mark Gate,
    IReadOnlyList<string> Reasons, bool IsSelected = false, bool IsEvidenceOnly = false, int? DuplicateOf = null,
    double? SharpeLow = null, double? SharpeHigh = null, double? Deflated = null, double? BreakEvenBps = null);

/// <summary>One gate with what it asks and what it found, both as text with unit.</summary>
/// <param name="Label">Name of the gate.</param>
/// <param name="Required">E.g. <c>at least 30</c>.</param>
/// <param name="Actual">E.g. <c>80</c>.</param>
/// <param name="State">Verdict.</param>
/// <param name="IsCritical">Failing it alone means reject.</param>
/// <param name="WithoutSkill">How often a strategy without skill passes, in words.</param>
public sealed record GateView(string Label, string Required, string Actual, Mark State, bool IsCritical = false, string WithoutSkill = "");

/// <summary>One headline figure.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The figure with unit.</param>
/// <param name="Context">What puts it in proportion.</param>
public sealed record FigureView(string Label, string Value, string Context = "");

/// <summary>The evidence that a person decides on.</summary>
/// <param name="Window">The hold-out in words.</param>
/// <param name="Figures">Headline figures on the hold-out.</param>
/// <param name="Gates">Gates of vote 1.</param>
/// <param name="Cautions">Doubts in plain words.</param>
/// <param name="Equity">The picture's points, oldest first.</param>
/// <param name="Training">Figures of the trained models.</param>
public sealed record EvidenceView(
    string Window, IReadOnlyList<FigureView> Figures, IReadOnlyList<GateView> Gates, IReadOnlyList<string> Cautions, IReadOnlyList<EquityPoint> Equity,
    IReadOnlyList<FigureView> Training);

/// <summary>A point of the equity picture, as fractions gained since the first point.</summary>
/// <param name="At">When.</param>
/// <param name="Strategy">Gain of the strategy.</param>
/// <param name="Benchmark">Gain of buy and hold; null where there is none.</param>
public readonly record struct EquityPoint(DateTimeOffset At, double Strategy, double? Benchmark);

/// <summary>The request for a vote.</summary>
/// <param name="Id">Id of the request.</param>
/// <param name="Title">What asks.</param>
/// <param name="Target"><c>paper</c> or <c>live</c>.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Recommendation">Vote 1: PROMOTE, REVIEW or REJECT.</param>
/// <param name="Digest">Digest of exactly what is shown.</param>
/// <param name="CreatedUtc">When it was asked.</param>
/// <param name="ExpiresUtc">When silence becomes a rejection.</param>
/// <param name="Content">What is approved, as label and value.</param>
/// <param name="DecidedBy">Who decided; null while pending.</param>
/// <param name="DecidedUtc">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="IsSelfApproved">Decided by who asked for the run.</param>
/// <param name="IsGateFailed">A quality gate refused the combo: paper only.</param>
public sealed record ApprovalView(
    string Id, string Title, string Target, Mark State, string Recommendation, string Digest, DateTimeOffset CreatedUtc, DateTimeOffset ExpiresUtc,
    IReadOnlyList<FigureView> Content, string? DecidedBy = null, DateTimeOffset? DecidedUtc = null, string? Reason = null, bool IsSelfApproved = false,
    bool IsGateFailed = false);

/// <summary>A deployment and its guardrails.</summary>
/// <param name="Id">Id of the deployment.</param>
/// <param name="Mode"><c>paper</c> or <c>live</c>.</param>
/// <param name="Facts">Dates and limits.</param>
/// <param name="Guardrails">Readings of the guardrails.</param>
public sealed record DeploymentView(string Id, string Mode, IReadOnlyList<FigureView> Facts, IReadOnlyList<GateView> Guardrails);
