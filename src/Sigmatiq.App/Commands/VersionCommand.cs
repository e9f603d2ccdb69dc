using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(CommandHost host)
    {
        Command version = new("version", "Print the version of the program and of its runtime");
        host.Run(version, (_, context) =>
        {
            string text = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
            // The part after the plus sign is the commit the program was built from.
            string[] parts = text.Split('+', 2);
            var versions = new
            {
                Version = parts[0],
                Commit = parts.Length > 1 ? parts[1] : null,
                Runtime = RuntimeInformation.FrameworkDescription,
                Platform = RuntimeInformation.RuntimeIdentifier,
                Store = context.StoreShown,
            };
            context.Output.Item(versions, ("sigmatiq", versions.Version), ("commit", versions.Commit), ("runtime", versions.Runtime), ("platform", versions.Platform),
                ("store", versions.Store));
            return ExitCode.Ok;
        });
        return version;
    }
}
