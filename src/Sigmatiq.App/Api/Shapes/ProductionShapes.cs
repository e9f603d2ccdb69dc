namespace Sigmatiq.App.Api.Shapes;

/// <summary>A strategy that was approved or deployed, as it stands. Returns, drawdowns and shares are fractions.</summary>
/// <param name="StrategyId">The strategy.</param>
/// <param name="StrategyName">Its name.</param>
/// <param name="Symbol">What it trades.</param>
/// <param name="Synthetic">Whether the simulator makes its bars.</param>
/// <param name="Mode"><c>paper</c> or <c>live</c>.</param>
/// <param name="Status">Where its deployment stands, <c>paper_trading</c>; <c>approved</c> where it is approved and not deployed yet.</param>
/// <param name="Approval">Who approved what.</param>
/// <param name="Deployment">Its deployment; null where there is none yet.</param>
/// <param name="Guardrails">What would stop it, and how far that is.</param>
/// <param name="GuardrailsUtc">When they were read; null before the first time.</param>
/// <param name="OpenPositions">Positions that are open.</param>
/// <param name="ClosedTrades">Trades that were closed since it was deployed.</param>
/// <param name="Progress">How far the latest deployment of all is, where it is this one's.</param>
public sealed record ProductionStanding(
    string StrategyId, string StrategyName, string Symbol, bool Synthetic, string Mode, string Status, ProductionApproval Approval, ProductionDeployment? Deployment,
    IReadOnlyList<GuardrailShown> Guardrails, DateTimeOffset? GuardrailsUtc, IReadOnlyList<PositionShown> OpenPositions, int ClosedTrades, DeployProgress? Progress);

/// <summary>Who approved what.</summary>
/// <param name="Id">The request.</param>
/// <param name="RunId">The run that asked.</param>
/// <param name="DecidedBy">Who decided; with a quorum the last of them.</param>
/// <param name="DecidedUtc">When.</param>
/// <param name="Reason">Why, in their words.</param>
/// <param name="Digest">Digest of all that the vote is bound to.</param>
/// <param name="SelfApproved">Whether somebody approved it who had a part in it.</param>
/// <param name="GateFailed">Whether a quality gate had refused it.</param>
/// <param name="Voters">Everybody who approved.</param>
public sealed record ProductionApproval(
    string Id, string RunId, string? DecidedBy, DateTimeOffset? DecidedUtc, string? Reason, string Digest, bool SelfApproved, bool GateFailed, IReadOnlyList<string> Voters);

/// <summary>A deployment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="RunId">The run that deployed it.</param>
/// <param name="CreatedUtc">When.</param>
/// <param name="PaperStartUtc">First session open of its paper session.</param>
/// <param name="PaperEndUtc">End of it.</param>
/// <param name="LiveDateUtc">Earliest live date, not a promise.</param>
/// <param name="Pack">The pack with its version.</param>
/// <param name="ArtifactHash">Hash of the refitted model.</param>
/// <param name="ConfigHash">Hash of model config and combo.</param>
/// <param name="DataSnapshotId">Hash of the bars that the refit used.</param>
/// <param name="Limits">The limits it runs under.</param>
public sealed record ProductionDeployment(
    string Id, string RunId, DateTimeOffset CreatedUtc, DateTimeOffset PaperStartUtc, DateTimeOffset PaperEndUtc, DateTimeOffset LiveDateUtc, string Pack, string ArtifactHash, string ConfigHash,
    string DataSnapshotId, IReadOnlyList<LimitShown> Limits);

/// <summary>A limit.</summary>
/// <param name="Label">What it limits.</param>
/// <param name="Text">The limit in words.</param>
public sealed record LimitShown(string Label, string Text);

/// <summary>A guardrail with its distance to the trigger.</summary>
/// <param name="Id">Its name in the store.</param>
/// <param name="Label">What it watches.</param>
/// <param name="Window"><c>paper</c>: since it was deployed. <c>holdout</c>: on the simulated trades of the evidence.</param>
/// <param name="Unit"><c>count</c> or <c>drawdown</c>.</param>
/// <param name="Value">What was measured; null where there is no closed trade yet.</param>
/// <param name="Limit">The trigger.</param>
/// <param name="Left">How much is left until it trips, in the same unit; null where nothing was measured.</param>
/// <param name="Used">Share of the limit that is used up, 0 to 1 and beyond once it tripped.</param>
/// <param name="Tripped">Whether its trigger is met.</param>
/// <param name="Action">What happens when it trips.</param>
public sealed record GuardrailShown(string Id, string Label, string Window, string Unit, double? Value, double Limit, double? Left, double? Used, bool Tripped, string Action);

/// <summary>An open position.</summary>
/// <param name="Symbol">Of what.</param>
/// <param name="Side"><c>LONG</c> or <c>SHORT</c>.</param>
/// <param name="OpenedUtc">Since when.</param>
/// <param name="EntryPrice">At which price.</param>
/// <param name="Quantity">How many.</param>
public sealed record PositionShown(string Symbol, string Side, DateTimeOffset OpenedUtc, double EntryPrice, double Quantity);
