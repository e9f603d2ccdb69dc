using System.CommandLine;
using Sigmatiq.App.Auth;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq up</c>: serves, and takes the built-in pack on the sample market to the point where it waits for a person.</summary>
internal static class UpCommand
{
    /// <summary>Symbol of the sample market that the built-in pack is run on.</summary>
    private const string SampleSymbol = "MKT.SYN";

    /// <summary>Names the run that <c>up</c> asks for in a store, so that the next start with the same options finds it.</summary>
    private const string RunKey = "up";

    public static Command Create(CommandHost host)
    {
        Option<string?> urls = ServeCommand.UrlsOption();
        var options = new LifecycleOptions();
        Command up = new("up", "Serve the page, prepare the sample market and run its lifecycle, or the one that the options ask for, up to your vote") { urls };
        options.AddTo(up);
        host.Run(up, (parse, context, ct) =>
        {
            AskedLifecycle asked = options.Read(parse).Named(RunKey);
            asked.Parameters["ticker"] ??= SampleSymbol;
            return ServeCommand.ServeAsync(context, parse.GetValue(urls), "Sign in to watch the run", async (platform, address) =>
            {
                // The engine lease is held, so no second start can come between looking for the run and asking for it.
                RunId run = await LifecycleCommands.AskAsync(platform, asked, (await context.ActorAsync(Right.Run, ct)).Id, ct);
                await FollowAsync(context, platform, run, address, ct);
            }, ct);
        });
        return up;
    }

    private static async Task FollowAsync(CommandContext context, Platform platform, RunId run, Uri address, CancellationToken ct)
    {
        RunView last = await ToRestAsync(context, platform, run, from: 0, ct);
        for (bool isTold = false; last.State.Status == RunStatus.Waiting; last = await ToRestAsync(context, platform, run, last.Seq, ct))
        {
            if (!isTold)
            {
                isTold = true;
                context.Output.Note($"{run} waits for your vote at {address.GetLeftPart(UriPartial.Authority)}");
                // The first link may have been used or grown old while the run went on.
                string? next = await platform.Approvals.OfRunAsync(run.Value, ct) is { } asked ? $"/dashboard/{asked.Id}" : null;
                context.Output.Line(ServeCommand.LinkText("Sign in to vote, unless you have above", await ServeCommand.LinkAsync(platform, address, ct, next)));
            }
        }

        switch (last.State.Status)
        {
            case RunStatus.Failed:
                context.Output.Warning($"{run} failed. {RunWatch.ProblemOf(last.State)}");
                break;
            case RunStatus.Paused or RunStatus.SetAside:
                context.Output.Warning($"{RunWatch.ProblemOf(last.State)}");
                break;
            default:
                context.Output.Note($"{run} is {last.Summary.Status}. Start another with 'sigmatiq lifecycle run --ticker {SampleSymbol}'.");
                break;
        }

        // Started again, it finds the run that it asked for first; what waits may be another.
        int others = (await platform.Approvals.ListAsync(ct)).Count(a => a.Status == ApprovalStatus.PendingApproval && a.RunId != run.Value);
        if (others > 0)
        {
            context.Output.Note($"{others} other {(others == 1 ? "request waits" : "requests wait")} for a vote at {address.GetLeftPart(UriPartial.Authority)}/dashboard");
        }
    }

    // Shows what happens after an event of the journal, up to the next rest.
    private static async Task<RunView> ToRestAsync(CommandContext context, Platform platform, RunId run, long from, CancellationToken ct)
    {
        RunView? last = null;
        using ProgressLine progress = context.Output.Progress("lifecycle");
        await foreach (RunView view in platform.Engine.Follower.FollowAsync(run, pastWaits: false, from, ct))
        {
            last = view;
            if (view.Seq > from)
            {
                RunWatch.Show(progress, view, platform.Clock.GetUtcNow());
            }
        }

        return last!;
    }
}
