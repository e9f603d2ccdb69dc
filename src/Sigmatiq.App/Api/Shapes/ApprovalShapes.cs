using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>A vote as the page's form sends it.</summary>
/// <param name="Choice"><c>approve</c> or <c>reject</c>.</param>
/// <param name="Reason">Why; 1 to 2000 characters.</param>
/// <param name="Digest">Digest of what the person was shown.</param>
/// <param name="Csrf">The token of the session's forms.</param>
public sealed record VoteForm(string Choice, string Reason, string Digest, string Csrf);

/// <summary>A request for a vote (spec 04 §4.7); keys in <c>_pct</c> are percent.</summary>
/// <param name="Status"><c>PENDING_APPROVAL</c>, <c>APPROVED</c>, <c>REJECTED</c> or <c>LIVE</c>.</param>
/// <param name="Strategy">Id of the strategy.</param>
/// <param name="StrategyName">Its name.</param>
/// <param name="BacktestYear">Year in which its backtest ends.</param>
/// <param name="BacktestRecommendation">What the gates recommend: <c>PROMOTE</c>, <c>REVIEW</c> or <c>REJECT</c>.</param>
/// <param name="BacktestConfidence">Share of gates that pass, a fraction.</param>
/// <param name="Gates">What each gate required and found.</param>
/// <param name="BacktestMetrics">Metrics of the evidence by name.</param>
/// <param name="DeployManifest">How it would be deployed.</param>
/// <param name="ApprovedBy">Who approved, separated by commas.</param>
/// <param name="ApprovedAt">When.</param>
/// <param name="ReviewerNotes">Why it was approved.</param>
/// <param name="RejectedBy">Who rejected.</param>
/// <param name="RejectedAt">When.</param>
/// <param name="RejectionReason">Why.</param>
/// <param name="SelfApproved">Whether whoever asked approved it too.</param>
/// <param name="ApprovalId">The request.</param>
/// <param name="Digest">Digest of all that a vote is bound to.</param>
/// <param name="BundleHash">Hash of the evidence.</param>
/// <param name="CreatedAt">When it was asked.</param>
/// <param name="LastUpdated">When it last changed.</param>
/// <param name="DeployStatus">Only in the status: how far the latest deployment is.</param>
public sealed record ApprovalShown(
    string Status, string Strategy, string StrategyName, int? BacktestYear, string BacktestRecommendation, double BacktestConfidence, JsonArray Gates, JsonObject BacktestMetrics,
    JsonObject? DeployManifest, string? ApprovedBy, string? ApprovedAt, string? ReviewerNotes, string? RejectedBy, string? RejectedAt, string? RejectionReason, bool SelfApproved,
    string ApprovalId, string Digest, string BundleHash, string CreatedAt, string LastUpdated, DeployProgress? DeployStatus = null);

/// <summary>How far the latest deployment is (spec 04 §4.5); only the status where there was none.</summary>
/// <param name="Status"><c>idle, running, completed</c> or <c>failed</c>.</param>
/// <param name="Phase"><c>validate, train, export, seed_db</c> or <c>register</c>.</param>
/// <param name="Progress">0 to 1.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Runner">The run that deploys.</param>
/// <param name="LogTail">Its last lines.</param>
/// <param name="Error">Why it failed.</param>
public sealed record DeployProgress(
    string Status, string? Phase = null, double? Progress = null, string? StartedAt = null, string? FinishedAt = null, string? Runner = null, JsonNode? LogTail = null, string? Error = null);

/// <summary>A vote of a program.</summary>
/// <param name="Action"><c>approve</c> or <c>reject</c>.</param>
/// <param name="Notes">Why.</param>
/// <param name="BundleHash">Hash of the evidence that the voter saw.</param>
/// <param name="Strategy">Id of the strategy; without it the latest request.</param>
/// <param name="Digest">Digest of what the voter saw, where the bundle may have been asked about more than once.</param>
/// <param name="Approval">Id of the request, where a strategy may have more than one; without it the strategy's latest.</param>
public sealed record VoteCast(string Action, string Notes, string BundleHash, string? Strategy = null, string? Digest = null, string? Approval = null);

/// <summary>Hands a vote to somebody else.</summary>
/// <param name="To">Id of the person.</param>
/// <param name="Reason">Why.</param>
/// <param name="Strategy">Id of the strategy; without it the latest request.</param>
public sealed record VoteHandedOn(string To, string Reason, string? Strategy = null);

/// <summary>Sets a decided request aside and asks anew.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Strategy">Id of the strategy; without it the latest request.</param>
public sealed record ApprovalReset(string Reason, string? Strategy = null);

/// <summary>Takes an approved strategy live.</summary>
/// <param name="Reason">Why; it is kept.</param>
/// <param name="Strategy">Id of the strategy; without it the latest request.</param>
public sealed record LiveAsked(string Reason, string? Strategy = null);

/// <summary>What follows a reset.</summary>
/// <param name="Reset">The request that was set aside.</param>
/// <param name="Run">The run that asks anew.</param>
public sealed record ApprovalAskedAnew(string Reset, string Run);

/// <summary>Which strategy to deploy.</summary>
/// <param name="Strategy">Its id; without it the latest request.</param>
public sealed record DeployAsked(string? Strategy = null);

/// <summary>The strategies that were ever asked about.</summary>
/// <param name="Strategies">Newest first.</param>
/// <param name="ActiveStrategyId">The one that was deployed last and trades; where none does, the one that was asked about last.</param>
public sealed record StrategiesListed(IReadOnlyList<StrategyListed> Strategies, string? ActiveStrategyId);

/// <summary>A strategy of the selector list.</summary>
/// <param name="StrategyId">Its id.</param>
/// <param name="StrategyName">Its name.</param>
/// <param name="Status">Of the request that waits, else of what is approved, which a later rejection does not undo, else of its latest request.</param>
/// <param name="Year">Year in which its backtest ends.</param>
/// <param name="ReturnPct">Return of the evidence, percent.</param>
/// <param name="HasBacktest">Always true: without evidence nothing is asked.</param>
/// <param name="HasProduction">Whether it trades, on paper or live.</param>
public sealed record StrategyListed(string StrategyId, string StrategyName, string Status, int? Year, double? ReturnPct, bool HasBacktest, bool HasProduction);

/// <summary>A deployment with its guardrails.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="StrategyId">Its strategy.</param>
/// <param name="Mode"><c>paper</c> or <c>live</c>.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Guardrails">The latest readings as stored; null before the first.</param>
public sealed record DeploymentWatched(string Deployment, string StrategyId, string Mode, string Status, JsonNode? Guardrails);

/// <summary>A request for a vote with all that a vote is bound to.</summary>
/// <param name="Id">The request.</param>
/// <param name="RunId">The run that waits for it.</param>
/// <param name="State">The request as its strategy's status says it.</param>
/// <param name="Subject">Everything that is voted on, as the digest binds it: pack, parameters, snapshot, hashes of models and evidence, limits, target.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="FourEyes"><c>strict</c> or <c>relaxed</c>.</param>
/// <param name="Quorum">How many persons must approve; one who rejects is enough.</param>
/// <param name="ExpiresUtc">When silence becomes a rejection.</param>
/// <param name="DecidedUtc">When it was decided; null before.</param>
/// <param name="Parties">Who had a part in what is voted on, and which.</param>
/// <param name="Votes">The votes counted so far, in order.</param>
/// <param name="Delegations">Votes handed to others.</param>
public sealed record ApprovalRequest(
    string Id, string RunId, ApprovalShown State, JsonObject Subject, string RequestedBy, string FourEyes, int Quorum, DateTimeOffset ExpiresUtc, DateTimeOffset? DecidedUtc, JsonArray Parties,
    JsonArray Votes, JsonArray Delegations);
