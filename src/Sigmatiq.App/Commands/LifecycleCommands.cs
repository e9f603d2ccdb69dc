using System.CommandLine;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq lifecycle run / status / check</c>: one pack model through the eight stages, and where it stands.</summary>
internal static class LifecycleCommands
{
    private const string Workflow = "lifecycle";

    public static Command Create(CommandHost host) => new(Workflow, "One pack model through the eight stages, up to your vote") { Run(host), Status(host), LifecycleCheckCommand.Create(host) };

    private static Command Run(CommandHost host)
    {
        var options = new LifecycleOptions();
        Command run = new("run", "Run the eight stages; ends with exit 3 when the run waits for your vote");
        options.AddTo(run);
        host.Run(run, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            AskedLifecycle asked = options.Read(parse);
            string by = (await context.ActorAsync(Right.Run, ct)).Id;
            RunId id = await UnderWayAsync(context, platform, asked, ct) ?? await AskAsync(platform, asked, by, ct);
            RunView view = await RunWatch.BringToRestAsync(context, id, waitsFrom: 0, ct);
            RunsCommands.Print(context, view);
            if (RunWatch.ProblemOf(view.State) is { } problem)
            {
                throw new ProblemException(problem);
            }

            if (view.State.Status == RunStatus.Waiting)
            {
                context.Output.Note("The run waits for your vote: 'sigmatiq approvals show', then 'sigmatiq approvals approve --reason TEXT' or 'reject'.");
            }

            return RunWatch.ExitOf(view.State);
        });
        return run;
    }

    /// <summary>Asks for a lifecycle run; the same key finds the run that was asked for under it.</summary>
    /// <param name="platform">The store.</param>
    /// <param name="asked">What to run.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="ct">Cancels before the request is written.</param>
    internal static async Task<RunId> AskAsync(Platform platform, AskedLifecycle asked, string by, CancellationToken ct)
    {
        WorkflowDefinition workflow = platform.Workflows.Load(Workflow);
        JsonObject given = asked.Parameters;
        Pack chosen = platform.Packs.Load((given["pack"] ?? workflow.Parameters.First(p => p.Name == "pack").Default)!.GetValue<string>());
        given["pack"] = chosen.Reference;
        if (await FindAsync(platform, asked.Key, ct) is { } known)
        {
            return known;
        }

        return await platform.Engine.Requests.StartAsync(
            new(workflow, given, by) { AsOfUtc = asked.AsOfUtc, Until = asked.Until, Pins = Pins(chosen, asked.Key) }, ct);
    }

    private static Command Status(CommandHost host)
    {
        var id = new Argument<string?>("id") { Description = "The run (default: the latest)", Arity = ArgumentArity.ZeroOrOne };
        Command status = new("status", "Show where the latest lifecycle run stands") { id };
        host.RunOnStore(status, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            RunId run = await platform.Engine.Views.MeantAsync(parse.GetValue(id), Workflow, ct);
            RunsCommands.Print(context, await platform.Engine.Views.ShowAsync(run, ct));
            return ExitCode.Ok;
        });
        return status;
    }

    // The same words again while their run is under way: it was killed, or another process is at it; in both cases it is that run.
    private static async Task<RunId?> UnderWayAsync(CommandContext context, Platform platform, AskedLifecycle asked, CancellationToken ct)
    {
        if (asked.Key is not null)
        {
            return null;
        }

        WorkflowDefinition workflow = platform.Workflows.Load(Workflow);
        JsonObject given = asked.Parameters.DeepClone().AsObject();
        Pack chosen = platform.Packs.Load((given["pack"] ?? workflow.Parameters.First(p => p.Name == "pack").Default)!.GetValue<string>());
        given["pack"] = chosen.Reference;
        JsonObject wanted = RunParameters.Complete(workflow, given), pins = Pins(chosen, null);
        foreach (RunSummary summary in (await platform.Engine.Views.ListAsync(Workflow, int.MaxValue, ct)).Where(r => r.Status is "queued" or "running"))
        {
            RunRequest request = (await platform.Engine.Views.ShowAsync(new(summary.Id), ct)).State.Request;
            if (request.WorkflowHash == workflow.Hash && request.Until == asked.Until && (asked.AsOfUtc is null || asked.AsOfUtc == request.AsOfUtc)
                && JsonNode.DeepEquals(request.Parameters, wanted) && JsonNode.DeepEquals(request.Pins, pins))
            {
                context.Output.Note($"{summary.Id} was asked for with the same words and has not ended: it goes on. Name another run with --key.");
                return new(summary.Id);
            }
        }

        return null;
    }

    private static JsonObject Pins(Pack pack, string? key)
    {
        JsonObject pins = new() { ["pack_hash"] = pack.Hash.Hex };
        if (key is not null)
        {
            pins["key"] = key;
        }

        return pins;
    }

    private static async Task<RunId?> FindAsync(Platform platform, string? key, CancellationToken ct)
    {
        if (key is null)
        {
            return null;
        }

        foreach (RunSummary summary in await platform.Engine.Views.ListAsync(Workflow, int.MaxValue, ct))
        {
            RunView run = await platform.Engine.Views.ShowAsync(new(summary.Id), ct);
            if (run.State.Request.Pins["key"]?.GetValue<string>() == key)
            {
                return new(summary.Id);
            }
        }

        return null;
    }
}
