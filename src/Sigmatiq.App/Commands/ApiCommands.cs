using System.CommandLine;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Api.Clients;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq api</c>: the HTTP interface described, and a client of it.</summary>
internal static class ApiCommands
{
    public static Command Create(CommandHost host) => new("api", "The HTTP interface") { Schema(host), Client(host) };

    /// <summary>The document of what <see cref="ServedStore"/> serves.</summary>
    internal static Task<string> TextAsync(Platform platform, CancellationToken ct) => WebServer.DocumentAsync(
        platform.People, new StatusReader(platform).ReadAsync, (_, _, _, _, _, _) => Task.CompletedTask, ServedStore.Routes(platform), platform.Rows, platform.Clock, platform.Logs, ct);

    private static Command Schema(CommandHost host)
    {
        Command schema = new("schema", "Print the OpenAPI document of the HTTP interface, from which clients are made");
        host.Run(schema, async (_, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            context.Output.Text(await TextAsync(platform, ct));
            return ExitCode.Ok;
        });
        return schema;
    }

    private static Command Client(CommandHost host)
    {
        var space = new Option<string>("--namespace") { Description = "Namespace of the client", DefaultValueFactory = _ => "Sigmatiq.Client" };
        var file = new Option<string?>("--out") { Description = "File to write (default: standard output)" };
        Command client = new("client", "Write a C# client of the HTTP interface: one file that needs nothing beside .NET 10") { space, file };
        host.Run(client, async (parse, context, ct) =>
        {
            string named = parse.GetRequiredValue(space);
            if (!CSharpNames.IsNamespace(named))
            {
                throw new ProblemException("APP-1160", $"'{named}' is no namespace.", "--namespace", "Give words of letters, digits and _ with dots between them, such as My.Desk.", ExitCode.BadUsage);
            }

            OutFile? to = OutFile.Of(parse, context, file);
            Platform platform = await context.PlatformAsync(ct);
            string text = CSharpClient.Of(JsonNode.Parse(await TextAsync(platform, ct))!.AsObject(), named);
            if (to is null)
            {
                context.Output.Text(text);
            }
            else
            {
                to.Write(text);
                context.Output.Note($"The client is in {to.Path}.");
            }

            return ExitCode.Ok;
        });
        return client;
    }
}
