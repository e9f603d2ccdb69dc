using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq NOUN VERB</c> (spec 08 §8.5): the list of nouns, and the way from arguments to an exit code.</summary>
/// <remarks>
/// A noun is a file <c>Commands/{Noun}Commands.cs</c> with one factory, entered in <see cref="Nouns"/>:
/// <code>
/// internal static class PacksCommands
/// {
///     public static Command Create(CommandHost host)
///     {
///         var folder = new Argument&lt;string&gt;("folder") { Description = "Folder of a pack" };
///         Command lint = new("lint", "Check a pack and name every finding") { folder };
///         host.Run(lint, async (parse, context, ct) =>
///         {
///             context.Output.List(findings, new("code", f => f.Code), new("message", f => f.Message));
///             return ExitCode.Ok;
///         });
///         return new("packs", "Packs and their versions") { lint };
///     }
/// }
/// </code>
/// A refusal is a <see cref="ProblemException"/>; the frame prints it and turns it into its exit code.
/// </remarks>
public static partial class CommandLine
{
    /// <summary>One factory per noun, in the order of the help text.</summary>
    internal static readonly Func<CommandHost, Command>[] Nouns =
    [
        UpCommand.Create,
        ServeCommand.Create,
        DoctorCommand.Create,
        TrainingCommands.Create,
        TrainedModelsCommands.Create,
        VersionCommand.Create,
        BackupCommand.Create,
        BackupCommand.CreateRestore,
        PruneCommand.Create,
        DataCommands.Create,
        IndicatorsCommands.Create,
        RulesCommands.Create,
        MetricsCommands.Create,
        PacksCommands.Create,
        ModelsCommands.Create,
        SweepsCommands.Create,
        WorkflowsCommands.Create,
        RunsCommands.Create,
        LifecycleCommands.Create,
        PipelineCommand.Create,
        ShortcutCommands.Bootstrap,
        ShortcutCommands.Run,
        ApprovalsCommands.Create,
        AuditCommands.Create,
        UsersCommands.Create,
        KeysCommands.Create,
        StoreCommands.Create,
        NodesCommands.Create,
        OutboxCommands.Create,
        ReproduceCommand.Create,
        ApiCommands.Create,
    ];

    private const string PipelineAlias = "_pipeline";

    /// <summary>Parses and runs one command line.</summary>
    /// <returns>The process exit code (spec 08 §8.5).</returns>
    public static async Task<int> RunAsync(string[] args, CommandHost host)
    {
        using var cancel = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(args, host, cancel.Token).ConfigureAwait(false);

        void Stop(PosixSignalContext signal)
        {
            // The first signal asks for a tidy end; a second one, with nobody listening any more, ends the process.
            signal.Cancel = !cancel.IsCancellationRequested;
            cancel.Cancel();
        }
    }

    /// <summary>The same with a token instead of signals.</summary>
    public static async Task<int> RunAsync(string[] args, CommandHost host, CancellationToken ct, params Func<CommandHost, Command>[] furtherNouns)
    {
        RootCommand root = CreateRoot(host, furtherNouns);
        args = InFull(args);
        ParseResult parse = root.Parse(args);
        if (parse.Errors.Count > 0 && parse.Action is not HelpAction)
        {
            string command = string.Join(' ', Path(parse.CommandResult).Append("sigmatiq").Reverse());
            // "Required command was not provided" is the echo of a word that is no command.
            IEnumerable<string> messages = parse.Errors.Select(e => string.Join(' ', e.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            string[] own = [.. parse.UnmatchedTokens.Count > 0 ? messages.Where(m => !m.StartsWith("Required command", StringComparison.Ordinal)) : messages];
            // Behind a word that is no command, the rest of the line means nothing.
            own = parse.CommandResult.Command.Subcommands.Count > 0 ? own[..1] : own;
            if (args is [{ } first, ..] && !first.StartsWith('-') && parse.UnmatchedTokens.Contains(first) && own.FirstOrDefault(m => m.Contains($"'{first}'", StringComparison.Ordinal)) is { } lost)
            {
                // A slip in the noun, and a verb behind it that is a command of its own.
                (own, command) = ([lost], "sigmatiq");
            }

            host.OutputOf(parse).Problems([.. own.Select(m => new Problem("APP-1001", InWords(m), null, $"See '{command} --help'.", ExitCode.BadUsage))]);
            return (int)ExitCode.BadUsage;
        }

        if (SlippedOption(parse) is { } slip)
        {
            host.OutputOf(parse).Problems([new("APP-1001", $"'{slip}' is no option here.", null, $"See '{string.Join(' ', Path(parse.CommandResult).Append("sigmatiq").Reverse())} --help'.", ExitCode.BadUsage)]);
            return (int)ExitCode.BadUsage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = host.Streams.Out,
            Error = host.Streams.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parse.InvokeAsync(configuration, ct).ConfigureAwait(false);
    }

    /// <summary>The tree of all commands.</summary>
    internal static RootCommand CreateRoot(CommandHost host, params Func<CommandHost, Command>[] furtherNouns)
    {
        var root = new RootCommand("""
            Sigmatiq: from trading idea to monitored trading, in eight stages.

            Exit codes: 0 done; 1 failed; 2 the command line or request is wrong; 3 a run waits, for a vote or something else outside; 4 data are stale or refused; 130 stopped or cancelled.
            """);
        host.AddGlobalOptions(root);
        foreach (Func<CommandHost, Command> create in Nouns.Concat(furtherNouns))
        {
            root.Add(create(host));
        }

        return root;
    }

    // The library takes an option that it does not know for the value of an argument that may be left out. Behind "--" it is meant so.
    private static string? SlippedOption(ParseResult parse) => parse.Action is HelpAction || parse.Tokens.Any(t => t.Type == TokenType.DoubleDash) ? null
        : parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).FirstOrDefault(t => t.Value.StartsWith("--", StringComparison.Ordinal))?.Value;

    // Spec 04 §4.3: {strategy}_pipeline is another way to say pipeline {strategy}.
    private static string[] InFull(string[] args) =>
        args is [{ } first, .. var rest] && first.EndsWith(PipelineAlias, StringComparison.Ordinal) && first.Length > PipelineAlias.Length
            ? ["pipeline", first[..^PipelineAlias.Length], .. rest]
            : args;

    // The library names types as the runtime does.
    private static string InWords(string message) => TypeName().Replace(message, match => match.Value switch
    {
        var type when type.Contains("Int32", StringComparison.Ordinal) || type.Contains("Int64", StringComparison.Ordinal) => "as a whole number",
        var type when type.Contains("Double", StringComparison.Ordinal) || type.Contains("Decimal", StringComparison.Ordinal) => "as a number",
        var type when type.Contains("Date", StringComparison.Ordinal) => "as a date such as 2024-07-01",
        _ => "as what is expected there",
    });

    [GeneratedRegex(@"as expected type '[^']*'")]
    private static partial Regex TypeName();

    private static IEnumerable<string> Path(CommandResult result)
    {
        for (SymbolResult? part = result; part is not null; part = part.Parent)
        {
            if (part is CommandResult { Command: not RootCommand } command)
            {
                yield return command.Command.Name;
            }
        }
    }
}
