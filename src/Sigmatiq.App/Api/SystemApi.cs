using System.Reflection;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.App.Api;

/// <summary><c>/system</c>, <c>/nodes</c>, <c>/outbox</c>, <c>/audit</c>: the store and all that works on it, as <c>sigmatiq nodes / outbox / audit</c> show it.</summary>
internal sealed class SystemApi(Platform platform)
{
    private const int AuditPage = 100;
    private const string Decision = "A decision about the platform";
    private readonly BackupFolder backups = new(platform);
    private readonly StoreSizes sizes = new(platform);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/system", ShowAsync).Operation("getSystem", "system", "The program, its store, and what is under way").Needs(Right.Read);
        routes.MapGet("/system/store", async (CancellationToken ct) => new Answer<StoreShown>(await sizes.ReadAsync(ct)))
            .Operation("getStore", "system", "How much room the store takes, measured at most once a minute").Needs(Right.Read);
        routes.MapGet("/backups", async (CancellationToken ct) => new Answer<BackupsShown>(await backups.ShowAsync(ct)))
            .Operation("listBackups", "system", "The backups that were made at a server, newest first").Needs(Right.Read);
        routes.MapPost("/backups", BackUpAsync).Operation("createBackup", "system", "Makes a backup in the folder that the server was started with, one at a time").Body<BackupAsked>().Needs(Right.Operate);
        routes.MapPost("/nodes/{id}/drain", DrainAsync)
            .Operation("drainNode", "system", "Has a node leave its work to the others and take no more; it stays until it is stopped").Body<NodeDecision>().Needs(Right.Operate);
        routes.MapPost("/outbox/retry", RetryAsync)
            .Operation("retryMessages", "system", "Sends again what was given up or failed; its age and attempts count anew").Body<MessageRetry>().Needs(Right.Operate);
        routes.MapGet("/nodes", NodesAsync).Operation("listNodes", "system", "The processes that work on a shared store; none on a local one").Needs(Right.Read);
        routes.MapGet("/outbox", OutboxAsync)
            .Operation("listMessages", "system", "Messages on their way or given up, newest first").TakesLimit(100).Takes("all", "Those that have arrived or nobody wanted, too.", "true", "false").Needs(Right.Read);
        routes.MapGet("/audit", AuditAsync)
            .Operation("listAudit", "system", "The hash-linked record of who decided what, oldest first, a page at a time").TakesLimit(AuditPage).TakesCursor()
            .Takes("subject", "Only about this subject with its kind, e.g. approval:apr_1; all of them at once.")
            .Takes("order", "The newest first: then by before, not by cursor.", "oldest", "newest").TakesNumber("before", "Only records before this number, of the newest first.", 1, 9_007_199_254_740_991)
            .Takes("actor", "Only what this user did, of the newest first.").Takes("action", "Only actions that begin so, e.g. approval, of the newest first.")
            .Takes("about", "Only about subjects that hold this text, of the newest first.").Needs(Right.Read);
        routes.MapGet("/audit/verify", VerifyAsync).Operation("verifyAudit", "system", "Checks every link and signature of the record").Needs(Right.Read);
    }

    private async Task<Answer<SystemShown>> ShowAsync(CancellationToken ct)
    {
        string[] parts = (typeof(SystemApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+', 2);
        StoreFigures figures = await StoreFigures.ReadAsync(platform.Rows, platform.Clock, ct);
        return new(new SystemShown(
            parts[0], parts.Length > 1 ? parts[1] : null, platform.Rows.Dialect.Name, figures.Took.TotalSeconds, platform.Clock.GetUtcNow(), figures.Runs,
            figures.OutboxWaiting, figures.Fires));
    }

    private async Task<Answer<IReadOnlyList<NodeListed>>> NodesAsync(CancellationToken ct)
    {
        DateTimeOffset now = await platform.Engine.Nodes.NowAsync(ct);
        return new((await platform.Engine.Nodes.ListAsync(ct)).Select(n => new NodeListed(
            n.NodeId, n.SeenAt(now), n.Roles, n.Version, n.Build, n.Address, n.Claims, n.StartedAtUtc, n.SignAtUtc)));
    }

    private async Task<Answer<IReadOnlyList<MessageListed>>> OutboxAsync(string? all, ListLimit limit, CancellationToken ct)
    {
        bool everything = all == "true";
        int most = limit.Or(100);
        IReadOnlyList<DeliveryView> sent = await platform.Deliveries.ListAsync(everything, most, ct), waiting = await platform.Deliveries.UnroutedAsync(everything, most, ct);
        return new(waiting.Concat(sent).Take(most).Select(d => new MessageListed(
            d.Key, d.Channel, d.Kind, d.Subject, OutboxWords.StatusOf(d), d.Attempts, d.EnqueuedAtUtc, d.NextAttemptAtUtc, d.LastError, d.DeliveredAtUtc, d.GivenUpAtUtc)));
    }

    private async Task<Accepted<BackupListed>> BackUpAsync(HttpContext context, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["reason", "with_bars", "accept_damage"], ct);
        return new(backups.Begin(context.Caller().Person.Id, Bodies.ReasonOf(body, Decision), body.Truth("with_bars") != false, body.Truth("accept_damage") == true, lifetime.ApplicationStopping));
    }

    private async Task<Answer<NodesDrained>> DrainAsync(HttpContext context, string id, CancellationToken ct)
    {
        string reason = Bodies.ReasonOf(await Bodies.ObjectAsync(context.Request, ["reason"], ct), Decision);
        IReadOnlyList<string> asked = await platform.Engine.Nodes.DrainAsync(id, ct);
        await platform.RecordAsync(context, "node.drained", $"node:{id}", reason, null, ct);
        return new(new NodesDrained(asked));
    }

    private async Task<Answer<MessagesRetried>> RetryAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["reason", "id"], ct);
        string reason = Bodies.ReasonOf(body, Decision);
        int opened = await platform.Deliveries.RetryAsync(body.Text("id"), ct);
        await platform.RecordAsync(context, "outbox.retried", body.Text("id") is { } key ? $"message:{key}" : "outbox", reason, new JsonObject { ["opened"] = opened }, ct);
        return new(new MessagesRetried(opened));
    }

    private async Task<Answer<IReadOnlyList<AuditListed>>> AuditAsync(
        HttpContext context, ListLimit limit, PageCursor cursor, string? subject, string? order, string? actor, string? action, string? about, CancellationToken ct)
    {
        int most = limit.Or(AuditPage);
        List<AuditRecord> page = [];
        if (order == "newest")
        {
            AuditFilter filter = new(actor ?? "", action ?? "", about ?? "");
            page.AddRange(await AuditChain.NewestAsync(platform.Rows, filter, QueryNumber.Read(context.Request, "before", 1, long.MaxValue) ?? long.MaxValue, most, ct));
        }
        else if (subject is not null)
        {
            page.AddRange(await AuditChain.OfSubjectAsync(platform.Rows, subject, ct));
        }
        else
        {
            await foreach (AuditRecord record in AuditChain.ReadAsync(platform.Rows, cursor.Number, ct))
            {
                page.Add(record);
                if (page.Count == most)
                {
                    break;
                }
            }

            PageCursor.Tell(context, page, most, r => r.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return new(page.Select(r => new AuditListed(
            r.Seq, r.AtUtc, r.Actor, r.Action, r.Subject, r.Reason, JsonNode.Parse(r.Payload), r.PrevHash, r.Hash, r.Mac is not null)));
    }

    private async Task<Answer<AuditVerified>> VerifyAsync(CancellationToken ct)
    {
        AuditVerdict verdict = await platform.Audit.VerifyAsync(platform.Rows, ct);
        IReadOnlyList<string> forged = verdict.FirstBreak is null ? await ApprovalService.UnrecordedAsync(platform.Rows, ct) : [];
        return new(new AuditVerified(
            verdict.Intact && forged.Count == 0, verdict.Records, verdict.Head.Seq, verdict.Head.Hash, verdict.FirstBreak is { } broken ? Answers.LineOf(broken) : null, forged));
    }
}
