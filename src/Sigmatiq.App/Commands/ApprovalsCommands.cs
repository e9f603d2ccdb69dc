using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Pages;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq approvals list / show / approve / reject / delegate / reset / promote</c>: the same votes as on the page, with the same checks.</summary>
internal static class ApprovalsCommands
{
    public static Command Create(CommandHost host) =>
        new("approvals", "Requests for a person's vote, and the votes") { List(host), Show(host), Cast(host, VoteChoice.Approve), Cast(host, VoteChoice.Reject), Delegate(host), Reset(host), Promote(host) };

    private static Command List(CommandHost host)
    {
        Command list = new("list", "List the requests, newest first");
        host.RunOnStore(list, async (_, context, ct) =>
        {
            IReadOnlyList<Approval> approvals = await (await context.PlatformAsync(ct)).Approvals.ListAsync(ct);
            context.Output.List(
                approvals, approvals.Select(Json).ToArray(),
                new("approval", a => a.Id, Weight: Weight.Key), new("status", a => Word(a.Status), Tone: a => ToneOf(a.Status), Weight: Weight.Key), new("what", a => a.Subject.StrategyName), new("strategy", a => PipelineCommand.PackPrefix + a.Subject.StrategyId),
                new("target", a => a.Subject.Target), new("recommendation", a => Word(a.Recommendation)),
                new("expires", a => Time(a.Subject.ExpiresUtc)), new("decided by", a => a.SelfApproved ? $"{a.DecidedBy} (self-approved)" : a.DecidedBy, Tone: a => a.SelfApproved ? Tone.Bad : Tone.Plain, Weight: Weight.Detail), new("reason", a => a.Reason, Weight: Weight.Detail));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Show(CommandHost host)
    {
        Argument<string?> id = Id();
        Command show = new("show", "Show what is voted on, with its gates and its digest") { id };
        host.RunOnStore(show, async (parse, context, ct) =>
        {
            Approval approval = await (await context.PlatformAsync(ct)).Approvals.GetAsync(parse.GetValue(id), ct);
            Print(context, approval);
            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Cast(CommandHost host, VoteChoice choice)
    {
        Argument<string?> id = Id();
        var reason = new Option<string?>("--reason") { Description = "Why; required" };
        var digest = new Option<string?>("--digest") { Description = "Digest of what you looked at; without it the vote binds the one that is printed; it also says which request is meant" };
        bool approve = choice == VoteChoice.Approve;
        Command cast = new(
            approve ? "approve" : "reject", approve ? "Approve exactly what the digest names; the run goes on" : "Reject it; nothing is deployed") { id, reason, digest };
        host.RunOnStore(cast, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            Approval asked = await platform.Approvals.GetAsync(parse.GetValue(id), ct, parse.GetValue(digest));
            var run = new RunId(asked.RunId);
            long seq = (await platform.Engine.Views.SummaryAsync(run, ct)).Seq;
            context.Output.Note($"Digest {asked.Digest}");
            Approval decided = await platform.Approvals.CastAsync(
                asked.Id, choice, (await context.ActorAsync(Right.Approve, ct)).Id, parse.GetValue(reason) ?? "", parse.GetValue(digest), ct);
            if (decided.Status == ApprovalStatus.PendingApproval)
            {
                context.Output.Note($"Your vote is counted: {decided.Votes.Count} of {decided.Quorum}. The run waits for the others.");
                if (context.Output.AsJson)
                {
                    context.Output.Value(Json(decided));
                }

                return ExitCode.ApprovalMissing;
            }

            context.Output.Note($"{Word(decided.Status)} by {decided.DecidedBy}{(decided.SelfApproved ? ", who had a part in it (self-approved: paper only)" : "")}.");
            RunView view = await RunWatch.BringToRestAsync(context, run, seq, ct);
            if (context.Output.AsJson)
            {
                JsonObject json = Json(decided);
                json["run_state"] = view.Summary.Status;
                context.Output.Value(json);
            }
            else
            {
                RunsCommands.Print(context, view);
            }

            return RunWatch.ExitOf(view.State);
        });
        return cast;
    }

    private static Command Delegate(CommandHost host)
    {
        Argument<string?> id = Id();
        var to = new Option<string?>("--to") { Description = "User who votes in your place on this request" };
        var reason = new Option<string?>("--reason") { Description = "Why; required" };
        Command delegated = new("delegate", "Hand your vote on one request to another user; nobody can hand over what they do not have") { id, to, reason };
        host.RunOnStore(delegated, async (parse, context, ct) =>
        {
            string user = parse.GetValue(to) is { Length: > 0 } named ? named
                : throw new ProblemException("APP-1141", "Handing over a vote needs a user.", "--to", "Name the user who votes in your place.", ExitCode.BadUsage);
            Approval approval = await (await context.PlatformAsync(ct)).Approvals.DelegateAsync(
                parse.GetValue(id), (await context.ActorAsync(Right.Approve, ct)).Id, user, parse.GetValue(reason) ?? "", ct);
            context.Output.Item(Json(approval), ("approval", approval.Id), ("your vote", $"cast by {user}"), ("digest", approval.Digest));
            return ExitCode.Ok;
        });
        return delegated;
    }

    private static Command Reset(CommandHost host)
    {
        Argument<string?> id = Id();
        var reason = new Option<string?>("--reason") { Description = "Why; required" };
        Command reset = new("reset", "Set a decision aside, stop what it deployed and ask anew on gates evaluated again; trains nothing") { id, reason };
        host.RunOnStore(reset, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            Approval latest = await platform.Approvals.GetAsync(parse.GetValue(id), ct);
            RunId run = await new Reapproval(platform).AskAsync(latest, (await context.ActorAsync(Right.Approve, ct)).Id, parse.GetValue(reason) ?? "", ct);
            ExitCode exit = RunWatch.Close(context, await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct));
            return exit == ExitCode.ApprovalMissing ? ExitCode.Ok : exit;
        });
        return reset;
    }

    private static Command Promote(CommandHost host)
    {
        Argument<string?> id = Id();
        var reason = new Option<string?>("--reason") { Description = "Why; required" };
        Command promote = new("promote", "Take an approved strategy live, or say what is missing: strict votes on live, a complete deployment, a paper session that passed") { id, reason };
        host.RunOnStore(promote, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            Approval approval = await platform.Approvals.GetAsync(parse.GetValue(id), ct);
            Approval live = await Promotion.RunAsync(platform.Approvals, platform.Deployments, approval.Id, (await context.ActorAsync(Right.Operate, ct)).Id, parse.GetValue(reason) ?? "", ct);
            context.Output.Item(Json(live), ("approval", live.Id), ("status", Word(live.Status)));
            return ExitCode.Ok;
        });
        return promote;
    }

    private static void Print(CommandContext context, Approval approval)
    {
        if (context.Output.AsJson)
        {
            context.Output.Value(Json(approval));
            return;
        }

        ApprovalSubject subject = approval.Subject;
        context.Output.Item(
            approval, ("approval", approval.Id), ("status", Word(approval.Status)), ("what", subject.StrategyName), ("strategy", PipelineCommand.PackPrefix + subject.StrategyId), ("target", subject.Target),
            ("pack", $"{subject.Pack} ({subject.PackHash[..12]})"), ("parameters", string.Join(" ", subject.Parameters.Select(p => $"{p.Key}={p.Value?.ToJsonString()}"))),
            ("bars", $"{subject.DataRange} ({subject.DataSnapshotId[..12]})"), ("evidence", $"{subject.Evidence.Count} files ({subject.BundleHash[..12]})"),
            ("recommendation", Word(approval.Recommendation)), ("gate failed", subject.GateFailed ? "yes: paper only, never towards live" : null),
            ("run", approval.RunId), ("four eyes", $"{Word(approval.FourEyes).ToLowerInvariant()}, {approval.Quorum} to approve"),
            ("no vote", approval.FourEyes == FourEyes.Strict ? string.Join(", ", approval.Parties.Select(p => $"{p.Id} ({p.Part})")) : null),
            ("votes", approval.Votes.Count == 0 ? null : string.Join("; ", approval.Votes.Select(v => $"{Word(v.Choice).ToLowerInvariant()} by {v.Voter}{(v.For is null ? "" : $" for {v.For}")}"))),
            ("delegated", approval.Delegations.Count == 0 ? null : string.Join("; ", approval.Delegations.Select(d => $"{d.From} to {d.To}"))),
            ("self approved", approval.SelfApproved ? "yes: paper only, never towards live" : null), ("expires", Time(subject.ExpiresUtc)),
            ("decided", approval.DecidedUtc is { } at ? $"{Time(at)} by {approval.DecidedBy}: {approval.Reason}" : null), ("digest", approval.Digest));
        context.Output.Line();
        // The words of the page, so that both doors show one request alike.
        FigureView[] figures = EvidenceReader.Figures(approval.Metrics);
        context.Output.List(figures, new("hold-out", f => f.Label), new("value", f => f.Value, Right: true), new("in proportion", f => f.Context));
        context.Output.Line();
        GateView[] gates = [.. approval.Gates.Select(EvidenceReader.GateOf)];
        context.Output.List(
            gates, new("gate", g => g.Label, Weight: Weight.Key), new("required", g => g.Required), new("actual", g => g.Actual, Right: true, Weight: Weight.Key),
            new("critical", g => g.IsCritical ? "yes" : ""), new("passes without skill", g => g.WithoutSkill, Weight: Weight.Detail),
            new("passed", g => g.State == Mark.Ok ? "yes" : "no", Tone: g => g.State == Mark.Ok ? Tone.Ok : Tone.Bad, Weight: Weight.Key));
        context.Output.Line();
        foreach (string caution in EvidenceReader.Cautions(approval.Metrics))
        {
            context.Output.Line($"Doubt: {caution}");
        }
    }

    private static JsonObject Json(Approval approval) => JsonSerializer.SerializeToNode(approval, ApprovalJson.Options)!.AsObject();

    private static string Word<T>(T value) where T : struct, Enum => JsonSerializer.SerializeToNode(value, ApprovalJson.Options)!.GetValue<string>();

    private static Tone ToneOf(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Approved or ApprovalStatus.Live => Tone.Ok,
        ApprovalStatus.Rejected => Tone.Bad,
        _ => Tone.Waiting,
    };

    private static Argument<string?> Id() => new("id") { Description = "The request; may be left out where one alone is pending (or none: the latest)", Arity = ArgumentArity.ZeroOrOne };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
