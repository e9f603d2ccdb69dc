using System.CommandLine;
using Sigmatiq.App.Api;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq api schema</c>: the HTTP interface described.</summary>
internal static class ApiCommands
{
    public static Command Create(CommandHost host)
    {
        Command schema = new("schema", "Print the OpenAPI document of the HTTP interface, from which clients are made");
        host.Run(schema, async (_, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            context.Output.Text(await TextAsync(platform, ct));
            return ExitCode.Ok;
        });
        return new("api", "The HTTP interface") { schema };
    }

    /// <summary>The document of what <see cref="ServedStore"/> serves.</summary>
    internal static Task<string> TextAsync(Platform platform, CancellationToken ct) => WebServer.DocumentAsync(
        platform.People, new StatusReader(platform).ReadAsync, (_, _, _, _, _, _) => Task.CompletedTask, ServedStore.Routes(platform), platform.Rows, platform.Clock, platform.Logs, ct);
}
