using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq doctor</c>: names what the machine lacks and how to get it (spec 08 §8.6).</summary>
internal static class DoctorCommand
{
    private sealed record Finding(string Id, bool Present, string Detail, string? Remedy, string Lack = "missing");

    public static Command Create(CommandHost host)
    {
        Command doctor = new("doctor", "Check that this machine has what the program needs, and say how to get what is missing");
        host.Run(doctor, async (_, context, ct) =>
        {
            Finding[] findings =
            [
                new("dotnet", Environment.Version.Major >= 10, RuntimeInformation.FrameworkDescription, "Install the .NET 10 SDK: https://dot.net/download"),
                Library("duckdb", DuckDbNames, "It comes with the build: run ./sigmatiq once with npm on the path."),
                Library("xgboost", ["libxgboost.so.0", "libxgboost.so", "libxgboost.dylib", "xgboost.dll"], Install("libxgboost0", "libomp xgboost")),
                Library("sqlite", ["libsqlite3.so.0", "libsqlite3.dylib", "sqlite3.dll", "winsqlite3.dll"], Install("libsqlite3-0", "sqlite")),
                Program("rsvg-convert", "--version", Install("librsvg2-bin", "librsvg")),
                Font(),
                await StoreAsync(context, ct),
                Outside(context),
            ];
            context.Output.List(findings,
                new("what", f => f.Id),
                new("state", f => f.Present ? "ok" : f.Lack, Tone: f => f.Present ? Tone.Ok : Tone.Bad),
                new("detail", f => f.Present ? f.Detail : f.Remedy, Tone: f => f.Present ? Tone.Quiet : Tone.Plain));
            return findings.All(f => f.Present) ? ExitCode.Ok : ExitCode.Error;
        });
        return doctor;
    }

    private static string[] DuckDbNames
    {
        get
        {
            string file = OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";
            string beside = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", file);
            string portable = Path.Combine(AppContext.BaseDirectory, "runtimes", PortableRid, "native", file);
            return [beside, portable, Path.Combine(AppContext.BaseDirectory, file)];
        }
    }

    private static string PortableRid =>
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private static string Install(string debian, string homebrew) =>
        OperatingSystem.IsMacOS() ? $"brew install {homebrew}"
        : OperatingSystem.IsWindows() ? "Run it under WSL with Debian or Ubuntu."
        : $"sudo apt-get install {debian} (Debian, Ubuntu), or your distribution's package of it";

    private static Finding Library(string id, string[] names, string remedy)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out _))
            {
                return new(id, true, Path.GetFileName(name), remedy);
            }
        }

        return new(id, false, "", remedy);
    }

    private static Finding Program(string name, string argument, string remedy) =>
        Ask(name, argument) is { } answer ? new(name, true, answer, remedy) : new(name, false, "", remedy);

    private static Finding Font()
    {
        string remedy = Install("fonts-dejavu-core", "--cask font-dejavu");
        string[] folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", @"C:\Windows\Fonts"];
        string? file = folders.Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.?t?", SearchOption.AllDirectories))
            .FirstOrDefault(f => f.EndsWith(".ttf", StringComparison.OrdinalIgnoreCase) || f.EndsWith(".otf", StringComparison.OrdinalIgnoreCase)
                || f.EndsWith(".ttc", StringComparison.OrdinalIgnoreCase));
        return new("font", file is not null, file is null ? "" : Path.GetFileName(file), remedy);
    }

    private static Finding Outside(CommandContext context)
    {
        if (!context.Outside.IsThere)
        {
            return context.IsOutsideNamed ? new("outside", false, "", context.NoOutside().Problem.ToString())
                : new("outside", true, $"nothing may be reached: there is no {context.Outside.Path}", null);
        }

        try
        {
            context.Outside.Read();
            return new("outside", true, context.Outside.Path, null);
        }
        catch (ProblemException e)
        {
            return new("outside", false, "", string.Join(" ", e.All.Select(p => p.ToString())), "wrong");
        }
    }

    // Looks and changes nothing: neither a file nor a table is made.
    private static async Task<Finding> StoreAsync(CommandContext context, CancellationToken ct)
    {
        if (context.Postgres is not { } address)
        {
            return new("store", true, context.StoreShown, null);
        }

        try
        {
            PostgresHealth health = await PostgresHealth.AskAsync(address, ct);
            string guard = health.OwnsTables ? "; its user owns the tables, so triggers alone guard what is append-only: see 'sigmatiq store prepare'" : "";
            return new("store", health.IsDurable && health.Encoding == "UTF8", $"PostgreSQL {health.Version}, migration {health.Migration:0000}, {address.Shown}{guard}",
                health.Encoding != "UTF8" ? $"Make the database with encoding 'UTF8'; {health.Encoding} does not take every text." : "Set fsync, full_page_writes and synchronous_commit to on: a crash of the server would lose what was answered.");
        }
        catch (ProblemException e)
        {
            return new("store", false, "", e.Problem.ToString());
        }
    }

    private static string? Ask(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, argument) { RedirectStandardOutput = true, RedirectStandardError = true });
            string? line = process?.StandardOutput.ReadLine();
            process?.WaitForExit();
            return process?.ExitCode == 0 ? line ?? "" : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
