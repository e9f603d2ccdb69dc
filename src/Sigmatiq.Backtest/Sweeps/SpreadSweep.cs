using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>A piece of a sweep that any process can do: a fitted confidence column or a chunk of combos.</summary>
/// <param name="Sweep">Id of the sweep.</param>
/// <param name="Work">Hash of its work: whoever does a piece must come to the same.</param>
/// <param name="Stage"><c>column</c> or <c>chunk</c>.</param>
/// <param name="Number">Which column or chunk, from 0.</param>
/// <param name="Key">Key of what the piece's file holds.</param>
public sealed record SweepPiece(
    [property: JsonPropertyName("sweep")] string Sweep, [property: JsonPropertyName("work")] string Work, [property: JsonPropertyName("stage")] string Stage,
    [property: JsonPropertyName("number")] int Number, [property: JsonPropertyName("key")] string Key)
{
    /// <summary>Name of what does pieces, for <see cref="ISpread.Do"/>.</summary>
    public const string Part = "backtest.sweep_piece";

    /// <summary>The stage of confidence columns.</summary>
    public const string Column = "column";

    /// <summary>The stage of combos.</summary>
    public const string Chunk = "chunk";

    internal JsonObject ToJson() => JsonSerializer.SerializeToNode(this)!.AsObject();
}

/// <summary>Has the pieces of one sweep done by others, and knows what each was counted with.</summary>
internal sealed class SpreadSweep(string sweepId, ContentHash work, SweepFolder folder, ISpread spread)
{
    private readonly ConcurrentDictionary<ContentHash, string> counted = new();

    /// <summary>Returns once every column is in the sweep's folder.</summary>
    public void HaveColumns(
        IReadOnlyList<(string Key, ConfidencePair Pair)> pairs, StoredConfidence source, Action<SweepProgress>? progress, CancellationToken ct)
    {
        ContentHash[] keys = [.. pairs.Select(p => source.ContentKeyOf(p.Pair))];
        Do(SweepPiece.Column, keys, n => progress?.Invoke(SweepProgress.OfConfidence(n, keys.Length)), ct);
        for (int n = 0; n < keys.Length; n++)
        {
            Require(string.Create(CultureInfo.InvariantCulture, $"Confidence column {n} of {sweepId}"), folder.HashOfConfidence(keys[n]), keys[n]);
        }
    }

    /// <summary>Returns once every chunk is in the sweep's folder.</summary>
    public void HaveChunks(SweepSetup setup, Action<int> combos, CancellationToken ct)
    {
        ContentHash[] keys = [.. setup.Chunks.Select(c => ChunksInFolder.KeyOf(work, setup, c))];
        Do(SweepPiece.Chunk, keys, n => combos((int)((long)setup.Count * n / keys.Length)), ct);
    }

    /// <summary>Refuses a chunk whose file is not the one that was counted.</summary>
    /// <exception cref="Store.Errors.ProblemException">CLU-2005: it is another.</exception>
    public void RequireCounted(int number, ContentHash key) =>
        Require(string.Create(CultureInfo.InvariantCulture, $"Chunk {number} of {sweepId}"), folder.HashOfChunk(number, key), key);

    // A single piece is done sooner here than it is handed on.
    private void Do(string stage, ContentHash[] keys, Action<int> done, CancellationToken ct)
    {
        if (keys.Length < 2)
        {
            return;
        }

        int first = -1;
        IReadOnlyList<string> hashes = spread.Do(
            SweepPiece.Part, [.. keys.Select((key, n) => new SweepPiece(sweepId, work.Hex, stage, n, key.Hex).ToJson())],
            n =>
            {
                if (first < 0)
                {
                    first = n;
                }
                else if (n > first)
                {
                    folder.NoteStored();
                }

                done(n);
            }, ct);
        for (int n = 0; n < keys.Length; n++)
        {
            counted[keys[n]] = hashes[n];
        }
    }

    // A file that is missing or damaged is done again by whoever needs it, and held against the same hash then.
    private void Require(string what, string? found, ContentHash key)
    {
        if (found is not null && counted.TryGetValue(key, out string? hash))
        {
            Spread.RequireSame(what, found, hash);
        }
    }
}
