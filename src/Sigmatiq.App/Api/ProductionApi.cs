using System.Security.Claims;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.App.Api;

/// <summary>Sets a decided request aside and asks anew, see <see cref="Reapproval.AskAsync"/>.</summary>
internal delegate Task<RunId> Reasking(Approval latest, string by, string reason, CancellationToken ct);

/// <summary><c>/api/production</c> (spec 04 §4.9): approval state, vote and deployment for programs. A vote here is the same vote as on
/// the page, and waking the run that waits for it starts the deployment.</summary>
internal sealed class ProductionApi(DataDirectory data, IRowStore rows, ApprovalService approvals, DeploymentService deployments, Reasking reask)
{
    private readonly ProductionReader reader = new(data, rows, approvals, deployments);

    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/production");
        group.MapGet("/status", StatusAsync)
            .Operation("getApproval", "approvals", "The latest request for a vote with what it rests on").Takes("strategy", "Id of a strategy; without it the latest request of all.").Needs(Right.Read);
        group.MapPost("/approve", VoteAsync).Operation("vote", "approvals", "Approves or rejects").Body<VoteCast>().Needs(Right.Approve);
        group.MapPost("/delegate", DelegateAsync).Operation("delegateVote", "approvals", "Hands a vote to somebody else").Body<VoteHandedOn>().Needs(Right.Approve);
        group.MapPost("/reset", ResetAsync).Operation("resetApproval", "approvals", "Sets a decided request aside and asks anew").Body<ApprovalReset>().Needs(Right.Approve);
        group.MapPost("/promote", PromoteAsync)
            .Operation("promote", "approvals", "Takes an approved strategy live, or says what is missing: strict votes on live, a complete deployment, a paper session that passed").Body<LiveAsked>().Needs(Right.Operate);
        group.MapPost("/deploy", DeployAsync)
            .Operation("deploy", "approvals", "Whether what was approved may be deployed; the vote itself has started it").Body<DeployAsked>(required: false).Needs(Right.Operate);
        group.MapGet("/deploy/status", () => new Answer<DeployProgress>(DeployStatus())).Operation("getDeployStatus", "approvals", "How far the latest deployment is").Needs(Right.Read);
        group.MapGet("/strategies", StrategiesAsync).Operation("listStrategies", "approvals", "The strategies that were ever asked about, newest first").Needs(Right.Read);
        group.MapGet("/standings", async (CancellationToken ct) => new Answer<IReadOnlyList<ProductionStanding>>(await reader.ReadAsync(ct)))
            .Operation("listProductionStandings", "approvals", "What was approved and what became of it: vote, deployment, guardrails with their distance, open positions").Needs(Right.Read);
        group.MapGet("/monitor", MonitorAsync).Operation("listDeployments", "approvals", "Deployments with their latest guardrail readings").Needs(Right.Read);
    }

    private async Task<Answer<ApprovalShown>> StatusAsync(string? strategy, CancellationToken ct)
    {
        JsonObject state = ApprovalStateFile.Json(await FindAsync(strategy, ct));
        state["deploy_status"] = DeployStatus();
        return new(state);
    }

    private async Task<Answer<ApprovalShown>> VoteAsync(HttpContext context, CancellationToken ct)
    {
        JsonNode? body = await Bodies.JsonAsync(context.Request, ct);
        string? action = body.Text("action");
        if (action is not ("approve" or "reject"))
        {
            throw new ProblemException("APP-2008", $"A vote is 'approve' or 'reject', was '{action}'.", "action", "Send \"action\": \"approve\" or \"reject\".", ExitCode.BadUsage);
        }

        Approval asked = body.Text("approval") is { } id ? await approvals.GetAsync(id, ct) : await FindAsync(body.Text("strategy"), ct);
        if (body.Text("bundle_hash") != asked.Subject.BundleHash)
        {
            throw new ProblemException("APP-2012", $"The vote is on bundle '{body.Text("bundle_hash")}', the request on {asked.Subject.BundleHash}.", "bundle_hash",
                "Read the status again and vote on what it says.");
        }

        // A bundle may be asked about more than once, after a reset or with other limits: who saw the digest says so.
        if (body.Text("digest") is { } digest && digest != asked.Digest)
        {
            throw new ProblemException("APP-2012", $"The vote is on digest '{digest}', the request stands at {asked.Digest}.", "digest",
                "Read the status again and vote on what it says.");
        }

        VoteChoice choice = action == "approve" ? VoteChoice.Approve : VoteChoice.Reject;
        string notes = body.Text("notes") ?? "";
        int least = VoteReason.LeastOf(asked.Recommendation, choice);
        if (VoteReason.LengthOf(notes) is > 0 and var length && length < least)
        {
            throw new ProblemException("APP-1163", $"The reason has {length} characters, needed are {least} to {VoteReason.Most}.", "notes",
                choice == VoteChoice.Approve && asked.Recommendation == Recommendation.Reject ? "Say why it is approved though the gates say reject." : "Say what speaks for this vote.", ExitCode.BadUsage);
        }

        // Once sent, a vote is not withdrawn because the caller went away.
        Approval decided = await approvals.CastAsync(asked.Id, choice, context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, notes, asked.Digest, CancellationToken.None);
        return new(ApprovalStateFile.Json(decided));
    }

    private async Task<Accepted<DeployProgress>> DeployAsync(HttpContext context, CancellationToken ct)
    {
        JsonNode? body = context.Request.HasJsonContentType() ? await Bodies.JsonAsync(context.Request, ct) : null;
        Approval approval = await FindAsync(body.Text("strategy"), ct);
        if (approval.Status is not (ApprovalStatus.Approved or ApprovalStatus.Live))
        {
            throw new ProblemException("APP-2013", $"Strategy {approval.Subject.StrategyId} is not approved.", "strategy", "Vote on it first.", ExitCode.ApprovalMissing);
        }

        // The vote has woken the run that deploys; whoever asks here is told whether it may, by the checks of the deployment itself.
        await deployments.EnsureAllowedAsync(approval.Id, approval.Subject.Target, ct);
        JsonNode status = DeployStatus();
        return status.Text("status") == "running" && status.Text("runner") == approval.RunId
            ? throw new ProblemException("APP-2016", $"Strategy {approval.Subject.StrategyId} is being deployed.", "strategy", "See /api/production/deploy/status.")
            : new(status);
    }

    private async Task<Answer<ApprovalShown>> DelegateAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["strategy", "to", "reason"], ct);
        Approval asked = await FindAsync(body.Text("strategy"), ct);
        Approval handed = await approvals.DelegateAsync(
            asked.Id, context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, body.Text("to") ?? "", body.Text("reason") ?? "", CancellationToken.None);
        return new(ApprovalStateFile.Json(handed));
    }

    private async Task<Accepted<ApprovalAskedAnew>> ResetAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["strategy", "reason"], ct);
        Approval latest = await FindAsync(body.Text("strategy"), ct);
        RunId run = await reask(latest, context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, body.Text("reason") ?? "", CancellationToken.None);
        return new(new ApprovalAskedAnew(latest.Id, run.Value));
    }

    private async Task<Answer<ApprovalShown>> PromoteAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["strategy", "reason"], ct);
        Approval latest = await FindAsync(body.Text("strategy"), ct);
        return new(ApprovalStateFile.Json(await Promotion.RunAsync(
            approvals, deployments, latest.Id, context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, body.Text("reason") ?? "", CancellationToken.None)));
    }

    private async Task<Answer<StrategiesListed>> StrategiesAsync(CancellationToken ct)
    {
        string[] deployed = [.. (await deployments.ListAsync(ct)).Where(d => d.IsActive).Select(d => d.StrategyId)];
        Approval[] newest = [.. (await approvals.ListAsync(ct)).GroupBy(a => a.Subject.StrategyId).Select(g => Standing(g)!)];
        List<StrategyListed> strategies = [];
        foreach (Approval approval in newest)
        {
            JsonObject state = ApprovalStateFile.Json(approval);
            strategies.Add(new(
                approval.Subject.StrategyId, approval.Subject.StrategyName, state.Text("status")!, state["backtest_year"]?.GetValue<int>(), Figure(approval.Metrics["return_pct"]), true,
                deployed.Contains(approval.Subject.StrategyId, StringComparer.Ordinal)));
        }

        return new(new StrategiesListed(strategies, deployed.FirstOrDefault() ?? newest.FirstOrDefault()?.Subject.StrategyId));
    }

    private async Task<Answer<IReadOnlyList<DeploymentWatched>>> MonitorAsync(CancellationToken ct)
    {
        List<DeploymentWatched> answer = [];
        foreach (Deployment deployment in await deployments.ListAsync(ct))
        {
            string? readings = await rows.FirstOrDefaultAsync<string>(
                "select body from guardrail_readings where deployment_id = @Id order by evaluated_utc desc limit 1", new { deployment.Id }, ct);
            answer.Add(new(deployment.Id, deployment.StrategyId, deployment.Mode, deployment.Status, readings is null ? null : JsonNode.Parse(readings)));
        }

        return new(answer);
    }

    private async Task<Approval> FindAsync(string? strategy, CancellationToken ct) => strategy is null
        ? await approvals.GetAsync(null, ct)
        : Standing((await approvals.ListAsync(ct)).Where(a => a.Subject.StrategyId == strategy))
            ?? throw new ProblemException("APR-1001", $"No approval has been asked for strategy '{strategy}'.", "strategy", "See /api/production/strategies.", ExitCode.BadUsage);

    // Of a strategy's requests, newest first: the one that waits, else what is approved, which a later rejection does not undo, else the newest.
    private static Approval? Standing(IEnumerable<Approval> requests)
    {
        Approval[] all = [.. requests];
        return all.FirstOrDefault(a => a.Status == ApprovalStatus.PendingApproval)
            ?? all.Where(a => a.Status is ApprovalStatus.Approved or ApprovalStatus.Live).MaxBy(a => a.DecidedUtc) ?? all.FirstOrDefault();
    }

    // Whole or not, and whether it was read or computed.
    private static double? Figure(JsonNode? value) => value is null ? null : double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private JsonNode DeployStatus() =>
        JsonReading.File(Path.Combine(data.Public, "data", "production", "deploy_status.json")) ?? new JsonObject { ["status"] = "idle" };
}
