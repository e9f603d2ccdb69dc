using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The real program as a process of its own, killed at the end of the test if it still lives.</summary>
public sealed class ProgramProcess : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new(), error = new();

    private ProgramProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, e) => Keep(output, e.Data);
        process.ErrorDataReceived += (_, e) => Keep(error, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it printed as results so far.</summary>
    public string Out => string.Join("\n", output);

    /// <summary>What else it printed so far.</summary>
    public string Error => string.Join("\n", error);

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Starts <c>sigmatiq</c> with these arguments.</summary>
    public static ProgramProcess Start(params string[] args) => StartOn(cores: null, args);

    /// <summary>Starts <c>sigmatiq</c> on a machine that seems to have so many cores.</summary>
    public static ProgramProcess StartOn(int? cores, params string[] args)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "sigmatiq.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (cores is { } count)
        {
            start.Environment["DOTNET_PROCESSOR_COUNT"] = $"{count}";
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Starts the <c>sigmatiq</c> of another folder.</summary>
    public static ProgramProcess StartAt(string folder, params string[] args) =>
        new(Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder, "sigmatiq.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!);

    /// <summary>Starts <c>sigmatiq</c> with a variable of the environment set.</summary>
    public static ProgramProcess StartWith(string variable, string value, params string[] args) => StartWith(new Dictionary<string, string> { [variable] = value }, args);

    /// <summary>Starts <c>sigmatiq</c> with variables of the environment set.</summary>
    public static ProgramProcess StartWith(IReadOnlyDictionary<string, string> variables, params string[] args)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "sigmatiq.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Waits until a line of its results matches.</summary>
    public Task<Match> SaysAsync(string pattern, TimeSpan within, CancellationToken ct) => MatchAsync(() => Out, pattern, within, ct);

    /// <summary>Waits until a line of what else it prints matches.</summary>
    public Task<Match> NotesAsync(string pattern, TimeSpan within, CancellationToken ct) => MatchAsync(() => Error, pattern, within, ct);

    private async Task<Match> MatchAsync(Func<string> text, string pattern, TimeSpan within, CancellationToken ct)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            bool hasEnded = process.HasExited;
            if (hasEnded)
            {
                await process.WaitForExitAsync(ct); // and all that it said has been read
            }

            if (Regex.Match(text(), pattern, RegexOptions.Multiline) is { Success: true } match)
            {
                return match;
            }

            if (hasEnded || TimeProvider.System.GetElapsedTime(begun) > within)
            {
                throw new Xunit.Sdk.XunitException($"It never said /{pattern}/{(hasEnded ? $" and ended with {process.ExitCode}" : "")}.\nstdout:\n{Out}\nstderr:\n{Error}");
            }

            await Task.Delay(50, ct);
        }
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<int> EndAsync(TimeSpan within, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(within);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new Xunit.Sdk.XunitException($"It did not end within {within}.\nstdout:\n{Out}\nstderr:\n{Error}");
        }

        return process.ExitCode;
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{process.Id}"])!.WaitForExit();

    /// <summary>Stops it where it stands, as a machine that is suspended.</summary>
    public void Freeze() => Process.Start("kill", ["-STOP", $"{process.Id}"])!.WaitForExit();

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Process.Start("kill", ["-CONT", $"{process.Id}"])!.WaitForExit();

    /// <summary>Kills it at once, as a crash does.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
