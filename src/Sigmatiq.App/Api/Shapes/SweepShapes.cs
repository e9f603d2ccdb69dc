using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>A sweep that is asked for (spec 02 §2.1).</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Parameters">Lists of values by parameter: <c>thresholds</c> (fractions), <c>allowed_hours</c>, <c>position_size_pct</c> and others (keys in <c>_pct</c> are percent).</param>
/// <param name="SweepType"><c>simple</c> or another kind of the plan.</param>
/// <param name="DateRange">Days with <c>start</c> and <c>end</c>; without it all there are.</param>
/// <param name="QualityGates">Thresholds of the gates: <c>min_trades</c>, <c>min_sharpe</c>, <c>max_drawdown_pct</c> (percent), <c>min_win_rate</c> (percent).</param>
/// <param name="Tag">Word to find it by.</param>
/// <param name="Seed">Its chance; 42 without it.</param>
/// <param name="Holdout">Share of the days held out, 0 to below 1, or the word <c>after</c>; 0.2 without it.</param>
/// <param name="OnCapExceeded">What happens to a grid beyond the plan's cap.</param>
/// <param name="Confidence">What thresholds are compared with: <c>classifier</c>, <c>rule</c> or <c>none</c>.</param>
/// <param name="EarlyStop">Ends when the best have settled.</param>
/// <param name="Refine">Looks closer around the best.</param>
/// <param name="Detail">How much is kept of each combo.</param>
/// <param name="Force">Runs although the same request ran before.</param>
public sealed record SweepAsked(
    string ModelId, JsonObject Parameters, string? SweepType = null, JsonObject? DateRange = null, JsonObject? QualityGates = null, string? Tag = null, int? Seed = null, JsonNode? Holdout = null,
    string? OnCapExceeded = null, string? Confidence = null, bool? EarlyStop = null, bool? Refine = null, string? Detail = null, bool? Force = null);

/// <summary>A sweep that was asked for; the earlier one where the same was asked for before.</summary>
/// <param name="SweepId">Its id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="TotalCombinations">Combos that run.</param>
/// <param name="GridSize">Combos of the whole grid.</param>
/// <param name="Cap">The plan's cap; null without.</param>
/// <param name="Warnings">What its maker should know.</param>
public sealed record SweepQueued(string SweepId, string Status, int TotalCombinations, long GridSize, int? Cap, IReadOnlyList<ProblemLine> Warnings);

/// <summary>A sweep, whatever its state.</summary>
/// <param name="Id">The sweep.</param>
/// <param name="SweepId">The same.</param>
/// <param name="ModelId">Its model.</param>
/// <param name="Pack">The pack with its version.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="Synthetic">Whether the simulator made the bars.</param>
/// <param name="Tag">Word to find it by.</param>
/// <param name="Status"><c>queued, running, completed, failed</c> or <c>cancelled</c>.</param>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="EtaSeconds">How long it still takes while it runs; null where nobody can tell.</param>
/// <param name="TotalCombinations">Combos that run.</param>
/// <param name="Evaluated">Combos evaluated so far.</param>
/// <param name="GridSize">Combos of the whole grid.</param>
/// <param name="Cap">The plan's cap; null without.</param>
/// <param name="CreatedBy">Who asked.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="Best">Its best combo; null before it has one.</param>
public sealed record SweepShown(
    string Id, string SweepId, string ModelId, string Pack, string DataSnapshotId, bool Synthetic, string? Tag, string Status, double Progress, double? EtaSeconds, int TotalCombinations,
    int Evaluated, long GridSize, int? Cap, string CreatedBy, string CreatedAt, string? StartedAt, string? FinishedAt, ProblemStored? Problem, SweepBest? Best);

/// <summary>The best-ranked combo of a sweep: the best of many, so its interval stands beside it.</summary>
/// <param name="ComboId">The combo.</param>
/// <param name="Gate"><c>PASS</c>, <c>MARGINAL</c> or <c>FAIL</c>; FAIL says that no combo passes.</param>
/// <param name="Sharpe">Sharpe ratio a year.</param>
/// <param name="SharpeLow">Lower end of its 95 % interval.</param>
/// <param name="SharpeHigh">Upper end.</param>
/// <param name="Return">Total return, a fraction.</param>
/// <param name="Trades">Closed trades.</param>
public sealed record SweepBest(int ComboId, string Gate, double? Sharpe, double? SharpeLow, double? SharpeHigh, double? Return, int Trades);

/// <summary>What a sweep of a model may vary.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Pack">The pack with its version.</param>
/// <param name="Ticker">What it trades.</param>
/// <param name="Interval">Length of its bars.</param>
/// <param name="Synthetic">Whether the simulator makes its bars.</param>
/// <param name="UsesConfidence">Whether thresholds are compared with a confidence.</param>
/// <param name="FirstDay">First day of its bars; null where there are none.</param>
/// <param name="LastDay">Last day.</param>
/// <param name="Plan">The caller's plan.</param>
/// <param name="SimpleCap">Combos of a simple sweep at most; null without a cap.</param>
/// <param name="CustomCap">Combos of a custom sweep at most; null without a cap.</param>
/// <param name="MayCustom">Whether the plan allows custom sweeps.</param>
/// <param name="MaySettle">Whether it allows <c>early_stop</c> and <c>refine</c>.</param>
/// <param name="Parameters">In the order in which combos are numbered.</param>
public sealed record SweepForm(
    string ModelId, string Pack, string Ticker, string Interval, bool Synthetic, bool UsesConfidence, string? FirstDay, string? LastDay, string Plan, int? SimpleCap, int? CustomCap,
    bool MayCustom, bool MaySettle, IReadOnlyList<SweepableParameter> Parameters);

/// <summary>One parameter that a sweep may vary; keys in <c>_pct</c> are percent.</summary>
/// <param name="Key">Key in the request.</param>
/// <param name="ComboKey">Key in a combo.</param>
/// <param name="Simple">Whether a simple sweep varies it.</param>
/// <param name="Kind"><c>number</c> or <c>hours</c>.</param>
/// <param name="Whole">Whether it counts in whole numbers.</param>
/// <param name="Min">Least value; null for hours.</param>
/// <param name="Max">Greatest value.</param>
/// <param name="AboveMin">Whether it lies above the least value, not on it.</param>
/// <param name="AllowsNone">Whether <c>none</c> switches it off.</param>
/// <param name="Now">The model's own value.</param>
/// <param name="SimpleValues">Its values in the simple sweep; null where that does not vary it.</param>
public sealed record SweepableParameter(
    string Key, string ComboKey, bool Simple, string Kind, bool Whole, double? Min, double? Max, bool AboveMin, bool AllowsNone, double? Now, JsonArray? SimpleValues);

/// <summary>What a sweep would be; nothing was changed.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Pack">The pack with its version.</param>
/// <param name="Ticker">What it trades.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="Synthetic">Whether the simulator made them.</param>
/// <param name="TotalCombinations">Combos that would run, exactly.</param>
/// <param name="GridSize">Combos of the whole grid.</param>
/// <param name="Cap">The plan's cap; null without.</param>
/// <param name="Sample">Drawn out of the grid; null where all run.</param>
/// <param name="RefineBudget">Of these, kept for the neighbours of the best.</param>
/// <param name="Detail">Of which combos trades are kept: <c>all</c> or <c>pareto</c>.</param>
/// <param name="Parameters">What is varied.</param>
/// <param name="Cost">What there would be to do.</param>
/// <param name="First">The first combos.</param>
/// <param name="Last">The last combos that are not among the first.</param>
/// <param name="QualityGates">The thresholds of the gates; fractions.</param>
/// <param name="Window">Selection window and hold-out, as days.</param>
/// <param name="Same">The earlier sweep that asking for this would give; null where there would be a new one.</param>
/// <param name="Warnings">What its maker should know.</param>
public sealed record SweepPlanned(
    string ModelId, string Pack, string Ticker, string DataSnapshotId, bool Synthetic, int TotalCombinations, long GridSize, int? Cap, int? Sample, int RefineBudget, string Detail,
    IReadOnlyList<PlannedParameter> Parameters, PlannedCost Cost, IReadOnlyList<PlannedCombo> First, IReadOnlyList<PlannedCombo> Last, JsonObject QualityGates, JsonObject Window, SameSweep? Same,
    IReadOnlyList<ProblemLine> Warnings);

/// <summary>A parameter of a planned sweep.</summary>
/// <param name="Key">Key in the request.</param>
/// <param name="ComboKey">Key in a combo.</param>
/// <param name="Values">How many values it has.</param>
public sealed record PlannedParameter(string Key, string ComboKey, int Values);

/// <summary>What a sweep would have to do.</summary>
/// <param name="IndicatorSets">Distinct sets of indicator parameters.</param>
/// <param name="ConfidenceFits">Classifiers to fit.</param>
/// <param name="SignalSets">Distinct decisions.</param>
/// <param name="Paths">Distinct trade lists at most; sizes share them.</param>
/// <param name="Seconds">A rough estimate on one thread.</param>
/// <param name="Basis">What the estimate rests on.</param>
public sealed record PlannedCost(int IndicatorSets, int ConfidenceFits, int SignalSets, int Paths, double Seconds, string Basis);

/// <summary>A combo of a planned sweep.</summary>
/// <param name="ComboId">Its id, from 1.</param>
/// <param name="Config">Its parameters, presets expanded; keys in <c>_pct</c> are percent.</param>
public sealed record PlannedCombo(int ComboId, JsonObject Config);

/// <summary>An earlier sweep of the same request.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Status">Where it stands.</param>
public sealed record SameSweep(string SweepId, string Status);

/// <summary>Ticks combos for training, or takes their ticks away, all or none.</summary>
/// <param name="Combos">Their ids, 1 to 1,000 of them.</param>
/// <param name="SelectionCheckbox">Whether they are ticked.</param>
public sealed record CombosTick(IReadOnlyList<int> Combos, bool SelectionCheckbox);

/// <summary>The ticked combos of a sweep.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Selected">Their ids, ascending.</param>
public sealed record CombosTicked(string SweepId, IReadOnlyList<int> Selected);

/// <summary>A sweep's leaderboard with what the store knows now (spec 02 §2.12); returns, drawdowns and rates are fractions.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="ModelId">Its model.</param>
/// <param name="TotalCombinations">Combos that were asked for.</param>
/// <param name="Evaluated">Combos evaluated.</param>
/// <param name="PassedGates">Combos with PASS.</param>
/// <param name="MarginalGates">Combos with MARGINAL.</param>
/// <param name="FailedGates">Combos with FAIL.</param>
/// <param name="ScoreSource">What thresholds were compared with: <c>rule</c>, <c>classifier</c> or <c>none</c>.</param>
/// <param name="LeaderboardHash">Identity of the result, without ids, times and ticks.</param>
/// <param name="Leaderboard">Best first.</param>
/// <param name="Status"><c>completed</c> or <c>cancelled</c>.</param>
/// <param name="GridSize">Combos of the whole grid.</param>
/// <param name="Cap">The plan's cap; null without.</param>
/// <param name="Pack">The pack with its version.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="Synthetic">Whether the simulator made the bars.</param>
/// <param name="Tag">Word to find it by.</param>
/// <param name="SelectionWindow">Which days chose, in words.</param>
/// <param name="Window">The same, as days.</param>
/// <param name="FiguresFromUtc">First bar that can be traded: indicators need bars before they say anything, and a classifier learns first.</param>
/// <param name="QualityGates">The thresholds of the gates.</param>
/// <param name="Skill">How well the confidence ranks on days it has not seen; null without one.</param>
/// <param name="Overfit">The probability of backtest overfitting.</param>
/// <param name="Course">How the combos came to be evaluated.</param>
/// <param name="Warnings">What its maker was told.</param>
/// <param name="Trials">The trials on this idea so far.</param>
public sealed record SweepResults(
    string SweepId, string ModelId, int TotalCombinations, int Evaluated, int PassedGates, int MarginalGates, int FailedGates, string ScoreSource, string LeaderboardHash,
    IReadOnlyList<LeaderboardLine> Leaderboard, string Status, long GridSize, int? Cap, string Pack, string DataSnapshotId, bool Synthetic, string? Tag, string SelectionWindow, JsonObject Window,
    DateTimeOffset FiguresFromUtc, JsonObject QualityGates, JsonNode? Skill, SweepOverfit? Overfit, JsonNode? Course, IReadOnlyList<ProblemStored> Warnings, SweepTrials Trials);

/// <summary>One combo of a leaderboard.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="ComboId">The combo, from 1.</param>
/// <param name="Config">Its swept parameters, presets expanded; keys in <c>_pct</c> are percent.</param>
/// <param name="Sharpe">Sharpe ratio a year.</param>
/// <param name="SharpeInterval">Its 95 % interval, low and high.</param>
/// <param name="Return">Total return, a fraction.</param>
/// <param name="Trades">Closed trades.</param>
/// <param name="MaxDrawdown">Deepest fall, a fraction at or below 0.</param>
/// <param name="Gate"><c>PASS</c>, <c>MARGINAL</c> or <c>FAIL</c>.</param>
/// <param name="GateReasons">Why not PASS.</param>
/// <param name="ConfigHash">Identity of the config.</param>
/// <param name="SelectionCheckbox">Whether a person ticked it for training.</param>
/// <param name="DuplicateOf">The lowest combo id with the same trades.</param>
/// <param name="ScoreSource">What thresholds were compared with.</param>
/// <param name="ExceedsModelCap">Size above the model's cap: not to be published.</param>
/// <param name="DeflatedSharpe">Probability that the Sharpe ratio is above what the best of all trials gives by chance; null where it cannot be said.</param>
/// <param name="DeflatedSharpeReason">Why it cannot be said.</param>
/// <param name="BreakEvenBps">Costs a side at which nothing is left, in basis points.</param>
/// <param name="AmbiguousBars">Bars in which both stop and target lay.</param>
/// <param name="Pessimistic">Figures with the stop first in such bars.</param>
/// <param name="Optimistic">Figures with the target first.</param>
/// <param name="NearDuplicateOf">A better-ranked combo that trades nearly the same.</param>
public sealed record LeaderboardLine(
    int Rank, int ComboId, JsonObject Config, double? Sharpe, IReadOnlyList<double?>? SharpeInterval, double? Return, int Trades, double? MaxDrawdown, string Gate, IReadOnlyList<string> GateReasons,
    string ConfigHash, bool SelectionCheckbox, int? DuplicateOf, string ScoreSource, bool ExceedsModelCap, double? DeflatedSharpe, string? DeflatedSharpeReason, double? BreakEvenBps,
    int AmbiguousBars, ComboOutcome Pessimistic, ComboOutcome Optimistic, int? NearDuplicateOf);

/// <summary>What a combo comes to under one reading of ambiguous bars.</summary>
/// <param name="Return">Total return, a fraction.</param>
/// <param name="Sharpe">Sharpe ratio a year.</param>
/// <param name="MaxDrawdown">Deepest fall, a fraction at or below 0.</param>
public sealed record ComboOutcome(double? Return, double? Sharpe, double? MaxDrawdown);

/// <summary>The trials on an idea so far, across sweeps, people and months.</summary>
/// <param name="Raw">All.</param>
/// <param name="Different">Those that differ.</param>
/// <param name="SharpeVariance">Variance of their Sharpe ratios a period.</param>
/// <param name="Sr0PerPeriod">The Sharpe ratio a period that the best of them has by chance.</param>
public sealed record SweepTrials(int Raw, int Different, double? SharpeVariance, double? Sr0PerPeriod);

/// <summary>The probability of backtest overfitting (PBO).</summary>
/// <param name="Pbo">The probability; null where it cannot be said.</param>
/// <param name="Combos">Different combos it is over.</param>
/// <param name="Splits">Splits into halves.</param>
/// <param name="OverfitSplits">Of these with the best of one half below the median of the other.</param>
/// <param name="Blocks">Blocks of whole days.</param>
/// <param name="BlockDays">Days of a block.</param>
/// <param name="LongestHoldDays">Longest position, in days.</param>
/// <param name="BlockShorterThanHold">Whether it may read too low.</param>
/// <param name="Reason">Why it cannot be said.</param>
public sealed record SweepOverfit(
    double? Pbo, int Combos, int Splits, double OverfitSplits, int Blocks, int BlockDays, int LongestHoldDays, bool BlockShorterThanHold, string? Reason);

/// <summary>The result of one combo (spec 02 §2.10).</summary>
/// <param name="ComboId">The combo.</param>
/// <param name="ModelId">The model.</param>
/// <param name="Rank">Its rank.</param>
/// <param name="Config">Its parameters; keys in <c>_pct</c> are percent.</param>
/// <param name="Metrics">Its metrics by name, fractions.</param>
/// <param name="GateResults">What each gate required and found.</param>
/// <param name="TradesSample">Its first trades; null where its trades were not kept.</param>
/// <param name="ConfigHash">Identity of the config.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="ScoreSource">What thresholds were compared with.</param>
/// <param name="DuplicateOf">The lowest combo id with the same trades.</param>
/// <param name="ExceedsModelCap">Size above the model's cap: not to be published.</param>
/// <param name="SelectionCheckbox">Whether a person ticked it for training.</param>
/// <param name="EquityCurveUri">File of the returns below the data directory.</param>
/// <param name="Pruned">Whether its trades were not kept, since another combo beats it in everything.</param>
/// <param name="TradesUri">File of the trades below the data directory.</param>
/// <param name="ExecutionLog">The log of its sweep.</param>
public sealed record ComboShown(
    int ComboId, string ModelId, int Rank, JsonObject Config, JsonObject Metrics, JsonNode? GateResults, IReadOnlyList<TradeSample>? TradesSample, string ConfigHash, string DataSnapshotId,
    string ScoreSource, int? DuplicateOf, bool ExceedsModelCap, bool SelectionCheckbox, string EquityCurveUri, bool Pruned, string? TradesUri, IReadOnlyList<SweepLogLine> ExecutionLog);

/// <summary>One trade of a combo.</summary>
/// <param name="EntryDate">Day of entry.</param>
/// <param name="ExitDate">Day of exit.</param>
/// <param name="EntryPrice">Price of entry, in the currency of the instrument.</param>
/// <param name="ExitPrice">Price of exit.</param>
/// <param name="Return">A fraction, before costs.</param>
/// <param name="DurationDays">Calendar days held.</param>
public sealed record TradeSample(string EntryDate, string ExitDate, double EntryPrice, double ExitPrice, double Return, int DurationDays);

/// <summary>One line of a sweep's log.</summary>
/// <param name="Timestamp">When.</param>
/// <param name="Status"><c>started, processing, completed, failed</c> or <c>cancelled</c>.</param>
/// <param name="Message">What happened.</param>
public sealed record SweepLogLine(string Timestamp, string Status, string Message);

/// <summary>Ticks a combo for training, or takes the tick away.</summary>
/// <param name="SelectionCheckbox">Whether it is ticked.</param>
public sealed record ComboTick(bool SelectionCheckbox);
