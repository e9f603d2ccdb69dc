using System.Globalization;

namespace Sigmatiq.Benchmarks;

/// <summary>What <c>sweep</c> was asked for.</summary>
/// <param name="Bars">File of bars, <c>.parquet</c> or <c>.csv</c>.</param>
/// <param name="Grid"><c>large</c>, <c>sizefree</c> or <c>small</c>.</param>
/// <param name="Threads">Threads of the engine.</param>
/// <param name="Reps">Timed runs.</param>
/// <param name="Out">File for the metrics of every combo, or null.</param>
/// <param name="Trades">Folder for trade lists, or null.</param>
/// <param name="Ids">Combos whose trade lists are written; null for the 20 that the oracle writes.</param>
/// <param name="Runner">Whether the whole sweep runner is timed too.</param>
internal sealed record SweepArguments(string Bars, string Grid, int Threads, int Reps, string? Out, string? Trades, IReadOnlyList<int>? Ids, bool Runner)
{
    public const string Usage =
        "sweep --bars FILE.parquet|csv [--grid large|sizefree|small] [--threads N] [--reps R] [--out metrics.csv] [--trades DIR] [--ids 1,2,3] [--runner]";

    private static readonly string[] Names = ["--bars", "--grid", "--threads", "--reps", "--out", "--trades", "--ids"];

    /// <summary>Reads the command line.</summary>
    /// <exception cref="UsageException">Something is missing, unknown or out of range.</exception>
    public static SweepArguments Parse(IReadOnlyList<string> args)
    {
        Dictionary<string, string> given = [];
        bool runner = false;
        for (int i = 0; i < args.Count; i++)
        {
            if (args[i] == "--runner")
            {
                runner = true;
                continue;
            }

            if (!Names.Contains(args[i]))
            {
                throw new UsageException($"There is no option '{args[i]}'.");
            }

            if (i + 1 == args.Count || Names.Contains(args[i + 1]))
            {
                throw new UsageException($"{args[i]} needs a value.");
            }

            if (!given.TryAdd(args[i], args[++i]))
            {
                throw new UsageException($"{args[i - 1]} stands twice.");
            }
        }

        string bars = given.GetValueOrDefault("--bars") ?? throw new UsageException("--bars FILE is missing.");
        string grid = given.GetValueOrDefault("--grid", "large");
        if (!SweepGrid.Names.Contains(grid))
        {
            throw new UsageException($"There is no grid '{grid}'; use {string.Join(", ", SweepGrid.Names)}.");
        }

        string? trades = given.GetValueOrDefault("--trades"), ids = given.GetValueOrDefault("--ids");
        if (ids is not null && trades is null)
        {
            throw new UsageException("--ids says whose trade lists are written, so it needs --trades DIR.");
        }

        return new(
            bars, grid, Count(given, "--threads", 1, 256), Count(given, "--reps", 5, 100_000), given.GetValueOrDefault("--out"), trades,
            ids is null ? null : [.. ids.Split(',').Select(id => Whole("--ids", id.Trim(), 0, int.MaxValue))], runner);
    }

    private static int Count(Dictionary<string, string> given, string name, int without, int most) =>
        given.TryGetValue(name, out string? text) ? Whole(name, text, 1, most) : without;

    private static int Whole(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new UsageException($"{name} takes whole numbers from {least} to {most}, was '{text}'.");
}

/// <summary>The command cannot run as it was asked; the message is a sentence for the person who asked.</summary>
internal sealed class UsageException(string message) : Exception(message);
