using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sigmatiq.Benchmarks;

/// <summary>The program itself as a process of its own, ended with the benchmark.</summary>
internal sealed class BenchmarkProgram : IDisposable
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly Task reading, errors;
    private string error = "";

    private BenchmarkProgram(Process process)
    {
        this.process = process;
        reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                lock (lines)
                {
                    lines.Add(line);
                }
            }
        });
        errors = Task.Run(async () => error = await process.StandardError.ReadToEndAsync());
    }

    /// <summary>What it printed so far.</summary>
    public string Out
    {
        get
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    public static BenchmarkProgram Start(params string[] args) => new(Process.Start(Command(args))!);

    /// <summary>Starts it with one variable of its environment.</summary>
    public static BenchmarkProgram StartWith(string variable, string value, params string[] args)
    {
        ProcessStartInfo command = Command(args);
        command.Environment[variable] = value;
        return new(Process.Start(command)!);
    }

    private static ProcessStartInfo Command(string[] args) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "sigmatiq.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };

    /// <summary>Runs a command to its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<string> RunAsync(params string[] args)
    {
        using BenchmarkProgram program = Start(args);
        await program.process.WaitForExitAsync();
        await Task.WhenAll(program.reading, program.errors);
        return program.process.ExitCode == 0 ? program.Out : throw new InvalidOperationException($"{string.Join(' ', args)}\n{program.Out}\n{program.error}");
    }

    /// <summary>Waits until its output matches.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task<string> SaysAsync(string pattern)
    {
        while (true)
        {
            if (Regex.Match(Out, pattern) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }

            if (process.HasExited)
            {
                await Task.WhenAll(reading, errors);
                throw new InvalidOperationException(Out + error);
            }

            await Task.Delay(LooksEvery);
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }
}
