namespace Sigmatiq.App.Api.Shapes;

/// <summary>A request for a vote in the inbox. Returns and shares are fractions.</summary>
/// <param name="Id">The request.</param>
/// <param name="RunId">The run that waits for it.</param>
/// <param name="StrategyName">Name of what asks.</param>
/// <param name="Pack">Its pack with the version.</param>
/// <param name="Target"><c>paper</c> or <c>live</c>: where an approval leads.</param>
/// <param name="Status"><c>pending_approval, approved, rejected</c> or <c>live</c>.</param>
/// <param name="Recommendation">Vote 1: <c>promote, review</c> or <c>reject</c>.</param>
/// <param name="GatesPassed">Gates that pass.</param>
/// <param name="Gates">All gates.</param>
/// <param name="Return">Return on the hold-out.</param>
/// <param name="Sharpe">Sharpe ratio on the hold-out.</param>
/// <param name="SharpeLow">Low end of its 95 % interval.</param>
/// <param name="SharpeHigh">High end.</param>
/// <param name="CreatedUtc">When it was asked.</param>
/// <param name="ExpiresUtc">When silence becomes a rejection.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="DecidedBy">Who decided; null before.</param>
/// <param name="DecidedUtc">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="SelfApproved">Whether somebody approved it who had a part in it.</param>
/// <param name="GateFailed">Whether a quality gate refused the combo.</param>
/// <param name="Difference">What in the store is no longer what the request was made for; null where all is. Only for a request that waits.</param>
/// <param name="Barrier">Why whoever asks has no vote on it; null where they have.</param>
public sealed record ReviewListed(
    string Id, string RunId, string StrategyName, string Pack, string Target, string Status, string Recommendation, int GatesPassed, int Gates, double? Return, double? Sharpe, double? SharpeLow,
    double? SharpeHigh, DateTimeOffset CreatedUtc, DateTimeOffset ExpiresUtc, string RequestedBy, string? DecidedBy, DateTimeOffset? DecidedUtc, string? Reason, bool SelfApproved,
    bool GateFailed, string? Difference, ProblemLine? Barrier);

/// <summary>All that a person reads before a vote, out of the stored evidence. Returns, shares and drawdowns are fractions.</summary>
/// <param name="Head">The request as the inbox shows it.</param>
/// <param name="RunId">The run that waits for it.</param>
/// <param name="ComboId">The combo of its sweep; null where the evidence names none.</param>
/// <param name="StrategyId">Id of the strategy.</param>
/// <param name="Digest">Digest over the exact content; a vote says it.</param>
/// <param name="BundleHash">Hash of the evidence; a vote says it.</param>
/// <param name="FourEyes"><c>strict</c> or <c>relaxed</c>.</param>
/// <param name="Quorum">How many persons must approve.</param>
/// <param name="ReasonMin">Least length of a reason to approve: longer against vote 1.</param>
/// <param name="IsSynthetic">Whether the bars were made by the simulator.</param>
/// <param name="Missing">Files of the evidence that cannot be read; with one missing nobody may vote.</param>
/// <param name="Figures">The hold-out in figures; null where the evidence cannot be read.</param>
/// <param name="Gates">Gates of vote 1, those that fail first.</param>
/// <param name="Luck">What speaks for luck, each with what is wanted and plain words.</param>
/// <param name="Cautions">Further cautions, in words.</param>
/// <param name="Changes">What changed since the version that was approved last; null where none was.</param>
/// <param name="Content">What exactly is voted on.</param>
/// <param name="Parties">Who had a part in it.</param>
/// <param name="Votes">Votes counted so far.</param>
/// <param name="Rules">Its rules; null where the evidence cannot be read.</param>
/// <param name="Months">Return of each month of the hold-out.</param>
/// <param name="ExitReasons">How many trades of the hold-out ended for which reason.</param>
/// <param name="Flags">What its training flagged.</param>
/// <param name="DeploymentId">What an approval started; null without.</param>
/// <param name="Replaces">What trades for the strategy now and retires when this is approved and deployed; null where nothing does, or it is decided.</param>
public sealed record ReviewShown(
    ReviewListed Head, string RunId, int? ComboId, string StrategyId, string Digest, string BundleHash, string FourEyes, int Quorum, int ReasonMin, bool IsSynthetic, IReadOnlyList<string> Missing,
    ReviewFigures? Figures, IReadOnlyList<ReviewGate> Gates, IReadOnlyList<LuckShown> Luck, IReadOnlyList<string> Cautions, ReviewChanges? Changes, IReadOnlyList<ContentLine> Content,
    IReadOnlyList<PartyShown> Parties, IReadOnlyList<VoteShown> Votes, ReviewRules? Rules, IReadOnlyList<MonthShown> Months, IReadOnlyDictionary<string, int> ExitReasons,
    IReadOnlyList<string> Flags, string? DeploymentId, string? Replaces);

/// <summary>The hold-out in figures, each with the one that puts it in proportion.</summary>
/// <param name="Start">First day.</param>
/// <param name="End">Last day.</param>
/// <param name="SelectionStart">First day of the window that the combo was chosen on.</param>
/// <param name="SelectionEnd">Its last day.</param>
/// <param name="Return">Return.</param>
/// <param name="SelectionReturn">Return on the selection window: the best of many, biased upward.</param>
/// <param name="HoldReturn">Return of the instrument held over the hold-out with the whole account.</param>
/// <param name="Sharpe">Sharpe ratio.</param>
/// <param name="SharpeLow">Low end of its 95 % interval.</param>
/// <param name="SharpeHigh">High end.</param>
/// <param name="WinRate">Share of trades won.</param>
/// <param name="Wins">Trades won.</param>
/// <param name="Trades">Closed trades.</param>
/// <param name="MaxDrawdown">Deepest fall, above 0.</param>
/// <param name="HoldDrawdown">That of the instrument, above 0.</param>
/// <param name="PValue">Chance of such a mean trade without an edge.</param>
/// <param name="PWanted">What it is to be below.</param>
public sealed record ReviewFigures(
    string? Start, string? End, string? SelectionStart, string? SelectionEnd, double? Return, double? SelectionReturn, double? HoldReturn, double? Sharpe, double? SharpeLow, double? SharpeHigh,
    double? WinRate, int? Wins, int? Trades, double? MaxDrawdown, double? HoldDrawdown, double? PValue, double PWanted);

/// <summary>A gate of vote 1.</summary>
/// <param name="Name">Its stable name.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Status"><c>pass</c>, <c>fail</c>, or <c>no_value</c>, which fails.</param>
/// <param name="Critical">Whether failing it alone rejects.</param>
/// <param name="Comparator">How actual is to stand to required.</param>
/// <param name="Unit"><c>count, share, drawdown, whole_share, probability, p</c> or <c>ratio</c>; shares and drawdowns are fractions.</param>
/// <param name="Required">The limit.</param>
/// <param name="Actual">What came out.</param>
/// <param name="Window"><c>selection</c> or <c>holdout</c>.</param>
/// <param name="Sample">What it rests on: trades, returns or combos.</param>
/// <param name="Low">Low end of its 95 % interval.</param>
/// <param name="High">High end.</param>
/// <param name="FalsePass">Chance that a strategy without skill passes; null where none is known.</param>
/// <param name="WithoutSkill">Why there is none: <c>count</c>, <c>damage</c> or <c>unknown</c>; <c>chance</c> where there is one.</param>
public sealed record ReviewGate(
    string Name, string Label, string Status, bool Critical, string Comparator, string Unit, double? Required, double? Actual, string? Window, int? Sample, double? Low, double? High,
    double? FalsePass, string WithoutSkill);

/// <summary>One figure of luck or overfitting.</summary>
/// <param name="Id">Its stable name.</param>
/// <param name="Title">Its name.</param>
/// <param name="Verdict"><c>ok</c>, <c>caution</c> or <c>not_computed</c>, which is a caution too.</param>
/// <param name="Unit"><c>probability, whole_share, ratio</c> or <c>count</c>.</param>
/// <param name="Value">The figure.</param>
/// <param name="Wanted">What is wanted, in words after the figure.</param>
/// <param name="Words">What it means, for whoever is no statistician.</param>
public sealed record LuckShown(string Id, string Title, string Verdict, string Unit, double? Value, string Wanted, string Words);

/// <summary>What changed since the version that was approved last.</summary>
/// <param name="Since">That request.</param>
/// <param name="ApprovedUtc">When it was approved.</param>
/// <param name="ApprovedBy">By whom.</param>
/// <param name="Settings">What differs, risk first; empty where nothing does.</param>
public sealed record ReviewChanges(string Since, DateTimeOffset? ApprovedUtc, string? ApprovedBy, IReadOnlyList<SettingChange> Settings);

/// <summary>A setting that differs.</summary>
/// <param name="Setting">Its name.</param>
/// <param name="Before">What was approved; null where there was none.</param>
/// <param name="Now">What is asked; null where there is none.</param>
/// <param name="Effect">What the difference does.</param>
/// <param name="Risk"><c>lower</c>, <c>higher</c>, or <c>none</c> where it cannot be said.</param>
public sealed record SettingChange(string Setting, string? Before, string? Now, string Effect, string Risk);

/// <summary>One line of the content that is voted on.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Text">The content in words; null where it is a digest alone.</param>
/// <param name="Digest">Its hash or id, in full; null without.</param>
public sealed record ContentLine(string Label, string? Text, string? Digest);

/// <summary>Somebody who had a part in what is voted on.</summary>
/// <param name="Part"><c>requester, trainer, deployer</c> or <c>author</c>.</param>
/// <param name="Name">Who.</param>
public sealed record PartyShown(string Part, string Name);

/// <summary>A vote that was counted.</summary>
/// <param name="Choice"><c>approve</c> or <c>reject</c>.</param>
/// <param name="Name">Who voted.</param>
/// <param name="Role">In which role.</param>
/// <param name="Reason">Why.</param>
/// <param name="AtUtc">When.</param>
/// <param name="For">Whose vote it was, where it had been handed over.</param>
public sealed record VoteShown(string Choice, string Name, string Role, string Reason, DateTimeOffset AtUtc, string? For);

/// <summary>What makes its trades begin and end. Percent keys are fractions here.</summary>
/// <param name="Entry">All of these must hold.</param>
/// <param name="Exit">One of these ends a position.</param>
/// <param name="Threshold">Least score; null without.</param>
/// <param name="StopLoss">Fall from the entry that ends a position.</param>
/// <param name="TakeProfit">Rise that ends it.</param>
/// <param name="TrailingStop">Fall from its best price that ends it.</param>
/// <param name="TimeStopDays">Trading days after which it ends.</param>
/// <param name="Features">What the score is made from.</param>
/// <param name="Interval">Length of its bars.</param>
/// <param name="Symbol">Its instrument.</param>
public sealed record ReviewRules(
    IReadOnlyList<string> Entry, IReadOnlyList<string> Exit, double? Threshold, double? StopLoss, double? TakeProfit, double? TrailingStop, int? TimeStopDays, IReadOnlyList<string> Features,
    string? Interval, string? Symbol);

/// <summary>A month of the hold-out.</summary>
/// <param name="Month">yyyy-MM.</param>
/// <param name="Return">Return of the account.</param>
/// <param name="Trades">Trades closed in it.</param>
public sealed record MonthShown(string Month, double? Return, int? Trades);

/// <summary>What was known when a trade was decided and when it ended, as the evidence keeps it. Nothing in it depends on a later bar.</summary>
/// <param name="Trade">Its number on the window, from 1.</param>
/// <param name="Window"><c>holdout</c> or <c>selection</c>.</param>
/// <param name="IsKept">Whether the evidence keeps it: evidence that was made before such values were kept does not, and then all that follows is null or empty.</param>
/// <param name="Prices"><c>adjusted</c> for splits and dividends, or <c>raw</c>: what the model trades on and what the bars show.</param>
/// <param name="ScoreSource"><c>classifier</c> (a probability), <c>rule</c> (how clearly the rules held, no probability), or <c>none</c> where rules alone decide; null where that is not known.</param>
/// <param name="Score">The score at the decision; null without one.</param>
/// <param name="Threshold">What the score had to reach; null without one.</param>
/// <param name="Entry">The bar on whose close the entry was decided.</param>
/// <param name="Exit">The bar on whose close a rule decided the exit, or in which a level ended it; null for an open position.</param>
/// <param name="Features">The model's features at the decision of the entry, as computed; a classifier scales some of them.</param>
public sealed record TradeKnown(
    int Trade, string Window, bool IsKept, string? Prices, string? ScoreSource, double? Score, double? Threshold, MomentKnown? Entry, MomentKnown? Exit, IReadOnlyList<ValueKnown> Features);

/// <summary>What was known at one bar.</summary>
/// <param name="BarUtc">Its start.</param>
/// <param name="Open">First price.</param>
/// <param name="High">Highest.</param>
/// <param name="Low">Lowest.</param>
/// <param name="Close">Last.</param>
/// <param name="Volume">Shares traded; null where unknown.</param>
/// <param name="Hour">Its hour on the clock that allowed hours are held against; null on daily bars.</param>
/// <param name="Confirmations">How many bars before it held all entry lines too, as the model wants; null for an exit.</param>
/// <param name="Lines">The rule lines; empty where a level ended the position.</param>
/// <param name="Inputs">What the lines name.</param>
/// <param name="Position">What the position knew of itself when a rule ended it; empty otherwise.</param>
/// <param name="Levels">Prices at which it would have ended, as they stood before this bar: <c>best, stop, trail, target</c>; and <c>days</c> held. Empty for an entry.</param>
public sealed record MomentKnown(
    DateTimeOffset BarUtc, double Open, double High, double Low, double Close, double? Volume, int? Hour, int? Confirmations, IReadOnlyList<LineKnown> Lines,
    IReadOnlyList<ValueKnown> Inputs, IReadOnlyList<ValueKnown> Position, IReadOnlyList<ValueKnown> Levels);

/// <summary>A rule line at a bar.</summary>
/// <param name="Sentence">In words; the expression where the pack of that time is not there any more.</param>
/// <param name="Expression">What decides.</param>
/// <param name="Holds">Whether it held; null where a value was not defined, which counts as not.</param>
/// <param name="Parts">Its conditions from left to right.</param>
public sealed record LineKnown(string Sentence, string Expression, bool? Holds, IReadOnlyList<PartKnown> Parts);

/// <summary>A condition of a line at a bar.</summary>
/// <param name="Sentence">In words.</param>
/// <param name="Expression">What decides.</param>
/// <param name="Holds">Whether it held.</param>
/// <param name="Sides">What it compared, apart from numbers written out.</param>
public sealed record PartKnown(string Sentence, string Expression, bool? Holds, IReadOnlyList<ValueKnown> Sides);

/// <summary>A value at a bar.</summary>
/// <param name="Name">As expressions name it.</param>
/// <param name="Label">For people.</param>
/// <param name="IsFlag">Whether 1 and 0 stand for true and false.</param>
/// <param name="Value">Null where it is not defined.</param>
public sealed record ValueKnown(string Name, string Label, bool IsFlag, double? Value);

/// <summary>The texts behind a request beside those of the version that was approved last.</summary>
/// <param name="Since">That request; null where none was approved before, and then there is nothing beside them.</param>
/// <param name="Texts">Model, files of the pack, workflow.</param>
public sealed record ReviewTexts(string? Since, IReadOnlyList<TextCompared> Texts);

/// <summary>A text then and now.</summary>
/// <param name="Kind"><c>model</c> (the effective config with its combo), <c>pack</c> or <c>workflow</c>.</param>
/// <param name="Name">What it is called: the pack's file, or the name with its versions.</param>
/// <param name="IsSame">Whether nothing in it differs; then neither text is sent.</param>
/// <param name="Before">The text that was approved, as YAML; empty where it was not there.</param>
/// <param name="Now">The text that is asked for.</param>
/// <param name="Missing">Why they cannot be compared; null where they can.</param>
public sealed record TextCompared(string Kind, string Name, bool IsSame, string? Before, string? Now, string? Missing);
