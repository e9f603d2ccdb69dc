using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Sigmatiq.Benchmarks;

/// <summary>A PostgreSQL server of a benchmark's own, on a socket in its own folder, that flushes every commit to the disk.</summary>
internal sealed class BenchmarkPostgres : IDisposable
{
    private const string Owner = "sigmatiq_owner";

    // One row added and one of a thousand changed in a transaction: what a light step costs a store at the least.
    private const string Script = """
        \set id random(1, 1000)
        begin;
        insert into bench_added (name, note) values ('effect', 'one row');
        update bench_changed set note = 'changed', at_utc = now()::text where id = :id;
        commit;
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("sigmatiq-pgbench-").FullName;
    private readonly Process server;

    private BenchmarkPostgres()
    {
        if (IsRoot)
        {
            Do("chown", $"postgres {folder}");
        }

        Do("setpriv", $"{AsOther} {Programs}/initdb -D {folder}/data -U postgres -A trust --locale=C -E UTF8".TrimStart());
        // It ends with this program, however that ends.
        server = Process.Start(new ProcessStartInfo("setpriv",
            $"{AsOther} --pdeathsig TERM {Programs}/postgres -D {folder}/data -k {folder} -c listen_addresses= -c max_connections=200".TrimStart())
        { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/tmp" })!;
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        for (int i = 0; i < 200 && !Try("psql", $"-h {folder} -U postgres -c select"); i++)
        {
            Thread.Sleep(50);
        }

        Do("psql", $"-h {folder} -U postgres -c", $"create role {Owner} login createrole");
        Do("psql", $"-h {folder} -U postgres -c", $"create database bench owner {Owner} template template0");
    }

    /// <summary>Where its programs are; null where none is installed.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
        : null;

    /// <summary>The address of its database.</summary>
    public string Url => $"postgres://{Owner}@/bench?host={folder}";

    private static bool IsRoot => Environment.UserName == "root";

    private static string AsOther => IsRoot ? "--reuid=postgres --regid=postgres --clear-groups" : "";

    public static BenchmarkPostgres Start() => new();

    /// <summary>Transactions a second that pgbench reaches with an insert and an update each.</summary>
    public double PgbenchRate(int clients, int seconds)
    {
        Do("psql", $"-h {folder} -U {Owner} bench -c",
            "create table if not exists bench_added (id bigint generated always as identity primary key, name text, note text);"
            + "create table if not exists bench_changed (id int primary key, note text, at_utc text); insert into bench_changed select i, '', '' from generate_series(1, 1000) i on conflict do nothing");
        string file = Path.Combine(Path.GetTempPath(), $"{Path.GetFileName(folder)}.sql");
        File.WriteAllText(file, Script);
        string said = Do(Path.Combine(Programs!, "pgbench"), $"-h {folder} -U {Owner} -n -f {file} -c {clients} -j 2 -T {seconds} bench");
        File.Delete(file);
        return double.Parse(Regex.Match(said, @"tps = ([\d.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        Do("kill", $"-QUIT {server.Id}");
        server.WaitForExit();
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static bool Try(string program, string arguments)
    {
        try
        {
            Do(program, arguments);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Do(string program, string arguments, params string[] last)
    {
        ProcessStartInfo start = new(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/tmp" };
        foreach (string word in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(last))
        {
            start.ArgumentList.Add(word);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {arguments}: {output}{error.Result}");
    }
}
