using System.CommandLine;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.App.Commands;

/// <summary>What one verb does: reads its arguments, works through the context, and says how it ended.</summary>
public delegate Task<ExitCode> CommandAction(ParseResult parse, CommandContext context, CancellationToken ct);

/// <summary>What every command is given by the program: clock, ids, streams, and the options that all verbs share.</summary>
public sealed class CommandHost(TimeProvider clock, IdSource ids, TerminalStreams streams)
{
    private readonly Option<string> output = new("--output", "-o")
    {
        Description = "How results are printed: table or json",
        DefaultValueFactory = _ => "table",
        Recursive = true,
    };

    private readonly Option<string?> data = new("--data") { Description = "Data directory (default: data beside the program's checkout)", Recursive = true };

    private readonly Option<string?> store = new("--store")
    {
        Description = $"Database of the work: sqlite:FILE or postgres://USER@HOST:PORT/DATABASE (default: ${CommandContext.StoreVariable}, else SQLite in the data directory)",
        Recursive = true,
    };

    private readonly Option<string?> storePassword = new("--store-password-file")
    {
        Description = $"File whose first line is the password of --store (default: ${CommandContext.StorePasswordVariable}, else PGPASSFILE or ~/.pgpass)", Recursive = true,
    };

    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Print results and errors only", Recursive = true };

    private readonly Option<string?> auditKey = new("--audit-key")
    {
        Description = $"Key that signs the audit chain (default: ${AuditSeal.KeyVariable}, else audit.key in your settings folder)", Recursive = true,
    };

    private readonly Option<string?> outside = new("--outside")
    {
        Description = $"File that says what may be reached outside: channels, routes, hosts (default: ${OutsideFile.Variable}, else outside.yaml in the data directory)",
        Recursive = true,
    };

    private readonly Option<string?> plugins = new("--plugins")
    {
        Description = $"Folder of assemblies that add step kinds and run with all rights of the program (default: ${CommandContext.PluginVariable}, else none)", Recursive = true,
    };

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; } = clock;

    /// <summary>The source of new ids.</summary>
    public IdSource Ids { get; } = ids;

    /// <summary>Where results, messages and progress go.</summary>
    public TerminalStreams Streams { get; } = streams;

    /// <summary>The key that the command is given with, from <see cref="CommandContext.KeyVariable"/>; null acts as the local operator.</summary>
    public string? Key { get; init; } = Environment.GetEnvironmentVariable(CommandContext.KeyVariable) is { Length: > 0 } key ? key : null;

    /// <summary>Gives a verb its action; refusals, cancellation and surprises become messages and exit codes here.</summary>
    public void Run(Command command, CommandAction action) => command.SetAction((parse, ct) => GuardAsync(parse, action, ct));

    /// <summary>Gives a verb an action that needs no waiting.</summary>
    public void Run(Command command, Func<ParseResult, CommandContext, ExitCode> action) =>
        Run(command, (parse, context, _) => Task.FromResult(action(parse, context)));

    /// <summary>The same for a verb that looks at a store or decides about what is in it: where there is none, a slip in its name is likelier than
    /// the wish for an empty one, so it is refused and nothing is made.</summary>
    /// <exception cref="ProblemException">APP-1150: there is no store.</exception>
    public void RunOnStore(Command command, CommandAction action) => Run(command, (parse, context, ct) =>
    {
        context.RefuseNoStore();
        return action(parse, context, ct);
    });

    internal void AddGlobalOptions(RootCommand root)
    {
        output.AcceptOnlyFromAmong("table", "json");
        data.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: var folder }] && string.IsNullOrWhiteSpace(folder))
            {
                given.AddError("--data needs the path of a folder, was empty.");
            }
        });
        root.Add(output);
        root.Add(data);
        root.Add(store);
        root.Add(storePassword);
        root.Add(auditKey);
        root.Add(outside);
        root.Add(plugins);
        root.Add(quiet);
    }

    // A broken --output must not hide the message about it: anything but json prints for people.
    internal Output OutputOf(ParseResult parse) =>
        new(Streams, Clock, parse.GetResult(output)?.Tokens is [{ Value: "json" }], parse.GetResult(quiet) is { } q && q.GetValueOrDefault<bool>());

    /// <summary>Whether <c>--output table</c> was written, and is not only what happens without: for what prints JSON else.</summary>
    internal bool AsksForTable(ParseResult parse) => parse.GetResult(output)?.Tokens is [{ Value: "table" }];

    private async Task<int> GuardAsync(ParseResult parse, CommandAction action, CancellationToken ct)
    {
        Output printed = OutputOf(parse);
        await using var context = new CommandContext(this, printed, parse.GetValue(data), parse.GetValue(store), parse.GetValue(auditKey), parse.GetValue(storePassword), parse.GetValue(outside), parse.GetValue(plugins));
        try
        {
            return (int)await action(parse, context, ct).ConfigureAwait(false);
        }
        catch (ProblemException e)
        {
            context.KeepTrace(e);
            printed.Problems(e.All);
            return (int)e.Problem.Exit;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            printed.Problems([new("APP-1130", "Cancelled.", Exit: ExitCode.Cancelled)]);
            return (int)ExitCode.Cancelled;
        }
        catch (Exception e) when (Store.DiskFull.Is(e))
        {
            printed.Problems([Store.DiskFull.Problem(context.DataFolder, e.Message)]);
            return (int)ExitCode.Error;
        }
        catch (Exception e)
        {
            printed.Problems([context.Surprise(e)]);
            return (int)ExitCode.Error;
        }
    }
}
