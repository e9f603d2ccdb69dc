using System.CommandLine;
using Sigmatiq.App.Commands;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Commands;

/// <summary>One command line run inside the test: its exit code and its two streams.</summary>
public sealed record CommandLineRun(int ExitCode, string Out, string Error)
{
    /// <summary>Makes an empty store in a data directory, for commands that look at one.</summary>
    public static async Task MakeStoreAsync(string data, CancellationToken ct) => (await SqliteRowStore.OpenAsync(new DataDirectory(data), TimeProvider.System, ct)).Dispose();

    /// <summary>Runs <c>sigmatiq</c> with these arguments; other verbs of a test may join by <paramref name="nouns"/>.</summary>
    public static Task<CommandLineRun> OfAsync(string[] args, CancellationToken ct, params Func<CommandHost, Command>[] nouns) => OfAsync(null, args, ct, nouns);

    /// <summary>The same in the name of a key's owner.</summary>
    public static async Task<CommandLineRun> OfAsync(string? key, string[] args, CancellationToken ct, params Func<CommandHost, Command>[] nouns)
    {
        using StringWriter output = new(), error = new();
        // Secrets of two commands must differ, other than their ids.
        IdSource ids = args is ["keys" or "users", ..] ? IdSource.FromSystem(TimeProvider.System) : IdSource.FromSeed(TimeProvider.System, 7);
        var host = new CommandHost(TimeProvider.System, ids, new(output, error)) { Key = key };
        int exit = await CommandLine.RunAsync(args, host, ct, nouns);
        return new(exit, output.ToString(), error.ToString());
    }
}
