using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;
using Sigmatiq.App.Auth;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.App.Commands;

/// <summary>What one invocation works with; nothing is opened or created before it is asked for.</summary>
public sealed class CommandContext : IAsyncDisposable
{
    /// <summary>The environment variable that names the store.</summary>
    public const string StoreVariable = "SIGMATIQ_STORE";

    /// <summary>The environment variable that names the file of the store's password.</summary>
    public const string StorePasswordVariable = "SIGMATIQ_STORE_PASSWORD_FILE";

    private readonly CommandHost host;
    private readonly Lazy<SerilogLoggerFactory> logs;
    private readonly Lazy<DataDirectory> data;
    private readonly Lazy<PostgresAddress?> postgres;
    private IRowStore? rows;
    private Platform? platform;

    internal CommandContext(CommandHost host, Output output, string? dataFolder, string? storeUrl, string? auditKey = null, string? storePassword = null, string? outsideFile = null, string? plugins = null)
    {
        this.host = host;
        Output = output;
        StoreUrl = storeUrl ?? Named(StoreVariable);
        postgres = new(() => StoreUrl is not null && PostgresAddress.IsMeant(StoreUrl) ? PostgresAddress.Parse(StoreUrl, storePassword ?? Named(StorePasswordVariable)) : null);
        PluginFolder = plugins ?? Named(PluginVariable);
        AuditKeyFile = auditKey ?? Named(AuditSeal.KeyVariable) ?? AuditSeal.DefaultKeyPath;
        IsDataNamed = dataFolder is not null;
        DataFolder = dataFolder is null ? UsualFolders.Data : Path.GetFullPath(dataFolder);
        string? settings = outsideFile ?? Named(OutsideFile.Variable);
        IsOutsideNamed = settings is not null;
        Outside = new(settings is null ? Path.Combine(DataFolder, OutsideFile.DefaultName) : Path.GetFullPath(settings));
        logs = new(OpenLogs);
        data = new(OpenData);
    }

    /// <summary>The folder that holds <c>packs/</c> and <c>workflows/</c>: the checkout the program was built in, else the program's own.</summary>
    public static string HomeFolder => UsualFolders.Checkout ?? AppContext.BaseDirectory;

    /// <summary>Environment variable that names the folder of workflow files.</summary>
    public const string WorkflowsVariable = "SIGMATIQ_WORKFLOWS";

    /// <summary>The folder of workflow files: the one that is named, else <c>workflows/</c> of <see cref="HomeFolder"/>.</summary>
    public static string WorkflowsFolder => Named(WorkflowsVariable) is { } named ? Path.GetFullPath(named) : Path.Combine(HomeFolder, "workflows");

    /// <summary>Where results, notes and progress go.</summary>
    public Output Output { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock => host.Clock;

    /// <summary>The source of new ids.</summary>
    public IdSource Ids => host.Ids;

    /// <summary>The environment variable whose key says who gives the command.</summary>
    public const string KeyVariable = "SIGMATIQ_KEY";

    /// <summary>Who gives a command that decides something: the owner of the key it is given with, by the rights that they have now; without a key the
    /// local operator, who is whoever can open the store.</summary>
    /// <exception cref="ProblemException">KEY-1005: the key is not good. USR-1010, KEY-1008: its owner or its scopes have no such right.</exception>
    public async Task<Person> ActorAsync(Right right, CancellationToken ct) => (await CallerAsync(right, ct))?.Person ?? People.LocalOperator;

    /// <summary>The id of whoever decides about a piece of work, see <see cref="OwnWork"/>.</summary>
    /// <exception cref="ProblemException">APP-1162: it is another's. Else as <see cref="ActorAsync"/>.</exception>
    internal async Task<string> DeciderAsync(string requestedBy, string work, CancellationToken ct)
    {
        Caller? caller = await CallerAsync(Right.Run, ct);
        caller?.DemandOwn(requestedBy, work);
        return (caller?.Person ?? People.LocalOperator).Id;
    }

    /// <summary>The same with what the key lets through; null for the local operator.</summary>
    /// <exception cref="ProblemException">As <see cref="ActorAsync"/>.</exception>
    internal async Task<Caller?> CallerAsync(Right right, CancellationToken ct)
    {
        if (host.Key is not { } key)
        {
            return null;
        }

        Caller caller = await new People(await RowsAsync(ct), Clock, Ids).FindKeyAsync(key, ct) ?? throw new ProblemException(KeyAuthentication.Refused(KeyVariable));
        caller.Demand(right, KeyVariable);
        return caller;
    }

    /// <summary>The data directory as an absolute path; it need not exist yet.</summary>
    public string DataFolder { get; }

    /// <summary>Whether the data directory was named, and is not the usual one.</summary>
    public bool IsDataNamed { get; }

    /// <summary>Whether <see cref="Outside"/> was named, and is not the usual one.</summary>
    public bool IsOutsideNamed { get; }

    /// <summary>The data directory, made where it is missing.</summary>
    /// <exception cref="ProblemException">APP-1014: it cannot be made, or nothing can be written to it.</exception>
    public DataDirectory Data => data.Value;

    /// <summary>The database that was asked for, null for the one in the data directory.</summary>
    public string? StoreUrl { get; }

    /// <summary>Where the store lies on PostgreSQL, null for SQLite.</summary>
    /// <exception cref="ProblemException">STO-1012: the address or the file of its password cannot be read.</exception>
    public PostgresAddress? Postgres => postgres.Value;

    /// <summary>The store's place, as it may be shown.</summary>
    public string StoreShown => Postgres?.Shown ?? StoreUrl switch
    {
        null => $"sqlite:{Path.Combine(DataFolder, "sigmatiq.db")}",
        _ when StoreUrl.StartsWith("sqlite:", StringComparison.Ordinal) => StoreUrl,
        // Whatever it is, there may be a password in it.
        _ => StoreUrl[..Math.Max(0, StoreUrl.IndexOfAny([':', '=', '/']))] + "…",
    };

    /// <summary>File of the key that signs the audit chain; it need not exist yet.</summary>
    public string AuditKeyFile { get; }

    /// <summary>What may be reached outside.</summary>
    public OutsideFile Outside { get; }

    /// <summary>Environment variable that names the folder of plug-ins.</summary>
    public const string PluginVariable = "SIGMATIQ_PLUGINS";

    /// <summary>Folder of assemblies that add step kinds; null loads none.</summary>
    public string? PluginFolder { get; }

    /// <summary>The hash-linked, signed record of decisions.</summary>
    /// <exception cref="ProblemException">STO-4009: the key would lie in the data directory.</exception>
    public AuditChain Audit => new(Clock, Seal);

    private AuditSeal Seal => new(AuditKeyFile, DataFolder);

    /// <summary>Loggers that write JSON lines to <c>logs/</c> in the data directory.</summary>
    public ILoggerFactory Logs => logs.Value;


    /// <summary>The rows of the store, opened and migrated at the first call.</summary>
    /// <exception cref="ProblemException">APP-1002: <c>--store</c> names an engine that this program does not have.</exception>
    public async Task<IRowStore> RowsAsync(CancellationToken ct) => rows ??= StoreUrl switch
    {
        null => await SqliteRowStore.OpenAsync(Data, Clock, ct).ConfigureAwait(false),
        _ when StoreUrl.StartsWith("sqlite:", StringComparison.Ordinal) =>
            await SqliteRowStore.OpenAsync(StoreUrl["sqlite:".Length..], Clock, ct).ConfigureAwait(false),
        _ when Postgres is { } address => await PostgresRowStore.OpenAsync(address, Clock, ct).ConfigureAwait(false),
        _ => throw UnknownStore(),
    };

    /// <summary>The rows as tables, of whichever release they are: nothing is migrated.</summary>
    /// <exception cref="ProblemException">APP-1002: <c>--store</c> names an engine that this program does not have. STO-1006: there is no store.</exception>
    internal async Task<ITableStore> TablesAsync(CancellationToken ct)
    {
        ITableStore opened = StoreUrl switch
        {
            null => await SqliteRowStore.OpenAsItIsAsync(Data.RowsFile, ct).ConfigureAwait(false),
            _ when StoreUrl.StartsWith("sqlite:", StringComparison.Ordinal) => await SqliteRowStore.OpenAsItIsAsync(StoreUrl["sqlite:".Length..], ct).ConfigureAwait(false),
            _ when Postgres is { } address => await PostgresRowStore.OpenAsItIsAsync(address, ct).ConfigureAwait(false),
            _ => throw UnknownStore(),
        };
        rows = opened;
        return opened;
    }

    /// <summary>The rooms put together on the store.</summary>
    /// <exception cref="ProblemException">APP-1149: the file that says what may be reached outside was named and is not there.</exception>
    public async Task<Platform> PlatformAsync(CancellationToken ct)
    {
        if (platform is null && IsOutsideNamed && !Outside.IsThere)
        {
            throw NoOutside();
        }

        return platform ??= Platform.Open(Data, await RowsAsync(ct).ConfigureAwait(false), Ids, Clock, Logs, Seal, Outside, PluginFolder, () => Api.MetricsApi.TokenOf(Named),
            Named(App.BackupFolder.Variable), limits: () => RequestLimits.Of(Named));
    }

    internal ProblemException NoOutside() => new("APP-1149", "The file that says what may be reached outside is not there.", Outside.Path,
        $"Name one that is there with --outside or {OutsideFile.Variable}, or leave it out for {OutsideFile.DefaultName} in the data directory.", ExitCode.BadUsage);

    /// <summary>Refuses to go on where there is no store; makes nothing. A server is asked by whoever opens it.</summary>
    /// <exception cref="ProblemException">APP-1150: there is no store.</exception>
    public void RefuseNoStore()
    {
        string? file = StoreUrl switch
        {
            null => Path.Combine(DataFolder, "sigmatiq.db"),
            _ when StoreUrl.StartsWith("sqlite:", StringComparison.Ordinal) => StoreUrl["sqlite:".Length..],
            _ => null,
        };
        if (file is not null && !File.Exists(file) && !File.Exists(DataFolder))
        {
            throw new ProblemException("APP-1150", "There is no store here.", StoreUrl is null ? DataFolder : file,
                $"Look for a slip in {(StoreUrl is null ? "--data" : "--store")}, or start one there: 'sigmatiq up', 'sigmatiq serve' or 'sigmatiq lifecycle run'.", ExitCode.BadUsage);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        platform?.Notifier.Dispose();
        (rows as IDisposable)?.Dispose();
        if (logs.IsValueCreated)
        {
            logs.Value.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    // A refusal that only gives a code to what nobody foresaw: its trace goes to the log, where there is one.
    internal void KeepTrace(ProblemException e)
    {
        if (e.InnerException is null || !data.IsValueCreated)
        {
            return;
        }

        try
        {
            Logs.CreateLogger("Sigmatiq.App").LogError(e, "The command ended on {Code}", e.Problem.Code);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // The reader has the message itself.
        }
    }

    // An error nobody foresaw: the trace goes to the log, the reader gets a code and the place to look.
    internal Problem Surprise(Exception e)
    {
        string reference = Ids.NextUuid().ToString();
        string details = $"Details are in {Path.Combine(DataFolder, "logs")} under reference {reference}.";
        try
        {
            Logs.CreateLogger("Sigmatiq.App").LogError(e, "Unexpected error {Reference}", reference);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            details = "There is no log of it, since the data directory cannot be written.";
        }

        return new("APP-9001", $"Unexpected error ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}).", null, details);
    }

    private ProblemException UnknownStore() => new("APP-1002", $"'{StoreShown}' is not a store this program can open.", "--store",
        "Use sqlite:FILE or postgres://USER@HOST:PORT/DATABASE, or leave it out for the one in the data directory.", ExitCode.BadUsage);

    private static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    // Tried by writing: SQLite and the log would each refuse later, one with an engine's message and one in silence.
    private DataDirectory OpenData()
    {
        try
        {
            DataDirectory opened = new(DataFolder);
            string probe = AtomicFile.Aside(Path.Combine(opened.Root, "probe"));
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return opened;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = File.Exists(DataFolder) ? "It is a file." : e is UnauthorizedAccessException ? "Access is denied." : e.Message.ReplaceLineEndings(" ");
            throw new ProblemException(new Problem("APP-1014", $"The data directory cannot be made or written to: {why}", DataFolder,
                "Name a folder that may be written to with --data.", ExitCode.BadUsage), e);
        }
    }

    private SerilogLoggerFactory OpenLogs()
    {
        string folder = Path.Combine(DataFolder, "logs");
        Directory.CreateDirectory(folder);
        // Shared: a command and the running engine may write the same day's file.
        Serilog.Core.Logger logger = new LoggerConfiguration().MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", Serilog.Events.LogEventLevel.Warning)
            .MinimumLevel.Override("Quartz", Serilog.Events.LogEventLevel.Warning)
            .WriteTo.File(new JsonFormatter(renderMessage: true), Path.Combine(folder, "sigmatiq-.jsonl"),
                rollingInterval: RollingInterval.Day, retainedFileCountLimit: 30, shared: true)
            .CreateLogger();
        return new(logger, dispose: true);
    }
}
