using System.CommandLine;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq bootstrap</c> and <c>sigmatiq run SCRIPT</c>: short for the first stage of the lifecycle, and for starting a workflow
/// (spec 04 §4.1, §4.3).</summary>
internal static class ShortcutCommands
{
    /// <summary>Stage 0 alone.</summary>
    public static Command Bootstrap(CommandHost host)
    {
        Command bootstrap = new("bootstrap", "Stage 0 alone: publish the packs and make the sample market where there are no bars");
        host.Run(bootstrap, async (_, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            RunId run = await platform.Engine.Requests.StartAsync(
                new(platform.Workflows.Load("lifecycle"), [], (await context.ActorAsync(Right.Run, ct)).Id) { Until = "bootstrap" }, ct);
            return RunWatch.Close(context, await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct));
        });
        return bootstrap;
    }

    /// <summary>A workflow by its id.</summary>
    public static Command Run(CommandHost host) => WorkflowsCommands.Trigger(host, "run", "Start a workflow by its id and bring it to rest: short for 'workflows trigger'");
}
