using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests;

/// <summary>A PostgreSQL server of this test program: started at the first need, gone with the program however that ends. It listens on a socket
/// in its own folder alone, so that it meets no other.</summary>
public sealed class PrivatePostgres
{
    /// <summary>Owns the tables of every database.</summary>
    public const string Owner = "sigmatiq_owner";

    private const string Template = "sigmatiq_template";
    private const int UsesMax = 50;

    // What migrations put into tables, kept to be put there again.
    private const string KeepSeeds = """
        create schema pristine;
        do $$
        declare
            t record;
            has_rows boolean;
        begin
            for t in select tablename from pg_tables where schemaname = 'public' loop
                execute format('select exists (select 1 from public.%I)', t.tablename) into has_rows;
                if has_rows then
                    execute format('create table pristine.%1$I as table public.%1$I', t.tablename);
                end if;
            end loop;
        end
        $$
        """;

    // Much quicker than another copy of the template.
    private const string Reset = """
        do $$
        declare
            t record;
            has_rows boolean;
        begin
            set local session_replication_role = replica;
            for t in select tablename from pg_tables where schemaname = 'public' loop
                execute format('select exists (select 1 from public.%I)', t.tablename) into has_rows;
                if has_rows then
                    execute format('delete from public.%I', t.tablename);
                end if;
            end loop;
            for t in select tablename from pg_tables where schemaname = 'pristine' loop
                execute format('insert into public.%1$I select * from pristine.%1$I', t.tablename);
            end loop;
            perform setval(format('%I.%I', schemaname, sequencename), 1, false) from pg_sequences where last_value is not null;
        end
        $$
        """;

    private const string Shape = """
        select (select count(*) from pg_class where relnamespace = 'public'::regnamespace) || '/' || (select count(*) from pg_trigger where tgenabled = 'O')
            || '/' || (select count(*) from pg_class where relacl is not null and relnamespace = 'public'::regnamespace)
        """;

    private static readonly Lazy<Task<PrivatePostgres?>> TheOne = new(StartAsync);
    private static int databases;

    private readonly string folder;
    private readonly ConcurrentBag<(string Name, int Uses)> clean = [];
    private string shape = "";

    private PrivatePostgres(string folder) => this.folder = folder;

    /// <summary>Where Debian keeps it, newest first, else what the path finds.</summary>
    private static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb")))
            .OrderByDescending(d => int.TryParse(Path.GetFileName(Path.GetDirectoryName(d)), out int version) ? version : 0).FirstOrDefault()
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")));

    /// <summary>The server; a test that asks for it where none is installed is skipped, which <c>./test.sh</c> counts.</summary>
    public static async Task<PrivatePostgres> RunningAsync()
    {
        Assert.SkipWhen(Programs is null, "PostgreSQL is not installed; ./test.sh installs it.");
        return (await TheOne.Value)!;
    }

    /// <summary>The address of a database of this server.</summary>
    public string UrlOf(string database, string user = Owner) => $"postgres://{user}@/{database}?host={folder}";

    /// <summary>A database of its own for one test, already migrated unless it shall be empty.</summary>
    public async Task<PrivateDatabase> NewDatabaseAsync(bool empty = false)
    {
        if (!empty && clean.TryTake(out (string Name, int Uses) used))
        {
            return new(this, used.Name, used.Uses + 1);
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref databases)}");
        await AdministerAsync($"create database {name} owner {Owner} template {(empty ? "template0" : Template)}");
        return new(this, name, empty ? UsesMax : 1);
    }

    /// <summary>Takes a database back: emptied for another test, or dropped where the test has changed more than rows.</summary>
    internal async Task ReturnAsync(string name, int uses)
    {
        if (uses < UsesMax && await AskAsync(Shape, name) == shape)
        {
            await AdministerAsync(Reset, name);
            clean.Add((name, uses));
            return;
        }

        await AdministerAsync($"drop database {name} with (force)");
    }

    /// <summary>What the server has logged so far.</summary>
    public string Log => File.ReadAllText(Path.Combine(folder, "log"));

    /// <summary>Runs a statement as the server's administrator.</summary>
    public Task AdministerAsync(string sql, string database = "postgres") => AskAsync(sql, database);

    private async Task<string?> AskAsync(string sql, string database)
    {
        await using NpgsqlConnection connection = new($"Host={folder};Username=postgres;Database={database};Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync() as string;
    }

    private static async Task<PrivatePostgres?> StartAsync()
    {
        if (Programs is null)
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("sigmatiq-pg-").FullName;
        // It refuses to run as root. The shell notices the end of this program, ends the server and clears up.
        string asOther = Environment.UserName == "root" ? "--reuid=postgres --regid=postgres --clear-groups" : "";
        string script = $"""
            trap 'kill -QUIT $server 2>/dev/null' TERM
            {Programs}/postgres -D {folder}/data -k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB -c autovacuum=off -c max_wal_size=4GB >{folder}/log 2>&1 &
            server=$!
            wait $server; wait $server 2>/dev/null
            rm -rf {folder}/data {folder}/log {folder}/.s.*
            rmdir {folder}
            """;
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", $"postgres {folder}");
        }

        await RunAsync("setpriv", $"{asOther} {Programs}/initdb -D {folder}/data -U postgres -A trust --no-sync --locale=C -E UTF8".TrimStart());

        // Whoever is of this group must give a password.
        string access = Path.Combine(folder, "data", "pg_hba.conf");
        await File.WriteAllTextAsync(access, "local all +guarded scram-sha-256\n" + await File.ReadAllTextAsync(access));

        // The server's end is bound to the thread that starts it, so that thread stays.
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread keeper = new(() =>
        {
            ProcessStartInfo start = new("setpriv") { UseShellExecute = false, WorkingDirectory = "/tmp" };
            foreach (string word in $"{asOther} --pdeathsig TERM sh -c".Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(script))
            {
                start.ArgumentList.Add(word);
            }

            using Process server = Process.Start(start)!;
            started.SetResult();
            server.WaitForExit();
        })
        { IsBackground = true, Name = "keeps PostgreSQL" };
        keeper.Start();
        await started.Task;

        PrivatePostgres running = new(folder);
        await running.WaitAsync();
        await running.AdministerAsync("create role guarded");
        await running.AdministerAsync($"create role {Owner} login createrole");
        await running.AdministerAsync($"create database {Template} owner {Owner} template template0");
        using (await PostgresRowStore.OpenAsync(PostgresAddress.Parse(running.UrlOf(Template)), TimeProvider.System, CancellationToken.None))
        {
        }

        await running.AdministerAsync(KeepSeeds, Template);
        running.shape = (await running.AskAsync(Shape, Template))!;
        return running;
    }

    private async Task WaitAsync()
    {
        for (int i = 0; ; i++)
        {
            try
            {
                await AdministerAsync("select 1");
                return;
            }
            catch (NpgsqlException) when (i < 1_200)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task RunAsync(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/tmp" })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {arguments}: {await output}{await errors}");
        }
    }
}

/// <summary>A database that lives as long as its test.</summary>
/// <param name="server">Where it lies.</param>
/// <param name="name">Its name.</param>
/// <param name="uses">The tests it has served, this one included.</param>
public sealed class PrivateDatabase(PrivatePostgres server, string name, int uses) : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its address for the owner of its tables.</summary>
    public string Url => server.UrlOf(name);

    /// <summary>Its address, parsed.</summary>
    public PostgresAddress Address => PostgresAddress.Parse(Url);

    /// <summary>Its address for another user.</summary>
    public string UrlFor(string user) => server.UrlOf(name, user);

    /// <summary>Runs a statement as the server's administrator.</summary>
    public Task AdministerAsync(string sql) => server.AdministerAsync(sql, name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await server.ReturnAsync(name, uses);
}
