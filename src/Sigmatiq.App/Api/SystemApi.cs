using System.Reflection;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Api;

/// <summary><c>/system</c>, <c>/nodes</c>, <c>/outbox</c>, <c>/audit</c>: the store and all that works on it, as <c>sigmatiq nodes / outbox / audit</c> show it.</summary>
internal sealed class SystemApi(Platform platform)
{
    private const int AuditPage = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/system", ShowAsync).Operation("getSystem", "system", "The program, its store, and what is under way").Needs(Right.Read);
        routes.MapGet("/nodes", NodesAsync).Operation("listNodes", "system", "The processes that work on a shared store; none on a local one").Needs(Right.Read);
        routes.MapGet("/outbox", OutboxAsync)
            .Operation("listMessages", "system", "Messages on their way or given up, newest first").TakesLimit(100).Takes("all", "Those that have arrived or nobody wanted, too.", "true", "false").Needs(Right.Read);
        routes.MapGet("/audit", AuditAsync)
            .Operation("listAudit", "system", "The hash-linked record of who decided what, oldest first, a page at a time").TakesLimit(AuditPage).TakesCursor()
            .Takes("subject", "Only about this subject with its kind, e.g. approval:apr_1; all of them at once.").Needs(Right.Read);
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

    private async Task<Answer<IReadOnlyList<AuditListed>>> AuditAsync(HttpContext context, ListLimit limit, PageCursor cursor, string? subject, CancellationToken ct)
    {
        int most = limit.Or(AuditPage);
        List<AuditRecord> page = [];
        if (subject is not null)
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
