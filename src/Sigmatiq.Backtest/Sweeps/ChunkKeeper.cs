using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Keeps what was evaluated, chunk by chunk.</summary>
internal interface IChunkKeeper
{
    /// <summary>Where the daily returns of kept chunks are read.</summary>
    IDailyReturns Returns { get; }

    /// <summary>The figures of a chunk, without returns; null where it is not kept and must not be evaluated.</summary>
    /// <param name="setup">The sweep.</param>
    /// <param name="number">The chunk's number, from 0.</param>
    /// <param name="chunk">Positions of its combos.</param>
    ComboFigures[]? Take(SweepSetup setup, int number, int[] chunk);
}

/// <summary>A sweep that nobody stores.</summary>
internal sealed class ChunksInMemory(Func<SweepSetup, int[], ComboFigures[]> evaluate) : IChunkKeeper
{
    private readonly ReturnsInMemory returns = new();

    public IDailyReturns Returns => returns;

    public ComboFigures[] Take(SweepSetup setup, int number, int[] chunk)
    {
        ComboFigures[] figures = evaluate(setup, chunk);
        foreach (ComboFigures f in figures)
        {
            returns.Add(f);
        }

        return [.. figures.Select(f => f with { DailyReturns = [] })];
    }
}

/// <summary>A sweep whose chunks are files. Figures count as they were read back, so that an interruption cannot change them.</summary>
/// <param name="folder">Where they are.</param>
/// <param name="work">Identity of the work.</param>
/// <param name="evaluate">Evaluates a chunk that is not there; null where only what is there counts.</param>
/// <param name="skipped">Told how many combos a chunk had that was there.</param>
/// <param name="others">Knows what others were counted with; null where nothing was spread.</param>
internal sealed class ChunksInFolder(
    SweepFolder folder, ContentHash work, Func<SweepSetup, int[], ComboFigures[]>? evaluate, Action<int>? skipped, SpreadSweep? others) : IChunkKeeper
{
    private readonly ReturnsInChunks returns = new(folder);

    public IDailyReturns Returns => returns;

    public ComboFigures[]? Take(SweepSetup setup, int number, int[] chunk)
    {
        ContentHash key = KeyOf(work, setup, chunk);
        ComboFigures[]? figures = folder.FindChunk(number, key);
        if (figures is not null)
        {
            skipped?.Invoke(figures.Length);
        }
        else if (evaluate is not null)
        {
            folder.PutChunk(number, key, evaluate(setup, chunk));
            figures = folder.FindChunk(number, key)!;
        }

        if (figures is not null)
        {
            others?.RequireCounted(number, key);
            returns.Add(number, figures, setup.Days.Length);
        }

        return figures;
    }

    /// <summary>What a chunk's file holds: the combos, and everything that their figures follow from.</summary>
    public static ContentHash KeyOf(ContentHash work, SweepSetup setup, int[] chunk) => ContentHash.OfJson(new JsonObject
    {
        ["work"] = work.Hex, ["start"] = setup.Start, ["score_source"] = setup.ScoreSource,
        ["combos"] = new JsonArray([.. setup.IdsOf(chunk).Select(i => (JsonNode?)i)]),
    });
}
