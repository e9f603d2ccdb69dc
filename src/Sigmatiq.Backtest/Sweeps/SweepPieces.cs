using Sigmatiq.Packs.Grid;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Does pieces of sweeps that another process gathers. The figures of a piece are those that any process comes to; what is there already is
/// not done again.</summary>
/// <remarks>What the pieces of a sweep share is made once in a process and kept while they are done.</remarks>
/// <param name="works">Makes the work of a sweep again.</param>
/// <param name="sweeps">What was asked for.</param>
/// <param name="runner">What confidences come from.</param>
/// <param name="data">The folders of sweeps.</param>
/// <param name="clock">Says when a sweep is let go.</param>
public sealed class SweepPieces(SweepWorks works, SweepStore sweeps, SweepRunner runner, DataDirectory data, TimeProvider clock)
{
    // Longer than a look for the next piece, short enough not to keep bars of a sweep that has ended.
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(20);

    private readonly SharedPreparation<SweepPrepared> kept = new(clock, KeptFor);

    /// <summary>Does a piece and leaves its file in the sweep's folder.</summary>
    /// <returns>Hash of the file.</returns>
    /// <exception cref="ProblemException">SWS-3003: no such sweep. SWS-3004: it is other work here than there. Those of a sweep.</exception>
    public async Task<string> DoAsync(SweepPiece piece, CancellationToken ct)
    {
        SweepFolder folder = new(data, piece.Sweep);
        ContentHash key = ContentHash.Parse(piece.Key);
        if (HashOf(piece, folder, key) is { } there)
        {
            return there;
        }

        using SharedPreparation<SweepPrepared>.Use use = await kept.UseAsync($"{piece.Sweep}/{piece.Work}", async () =>
        {
            SweepWork work = await works.OfAsync(piece.Sweep, sweeps, CancellationToken.None);
            return work.Hash.Hex == piece.Work ? new(work, runner.SourceOf(work, folder), CancellationToken.None) : throw Foreign(piece);
        });
        if (piece.Stage == SweepPiece.Column)
        {
            use.Value.DoColumn(piece, key, ct);
        }
        else
        {
            use.Value.DoChunk(piece, key, folder, ct);
        }

        return HashOf(piece, folder, key)!;
    }

    private static string? HashOf(SweepPiece piece, SweepFolder folder, ContentHash key) =>
        piece.Stage == SweepPiece.Column ? folder.HashOfConfidence(key) : folder.HashOfChunk(piece.Number, key);

    private static ProblemException Foreign(SweepPiece piece) => new(
        "SWS-3004", $"{piece.Stage} {piece.Number} of {piece.Sweep} is other work in this process than in the one that asks for it.", piece.Sweep,
        "Let all nodes run one build on one data directory.");

    /// <summary>A sweep as far as its pieces need it.</summary>
    private sealed class SweepPrepared(SweepWork work, StoredConfidence source, CancellationToken ct)
    {
        private readonly Lazy<IReadOnlyList<(string Key, ConfidencePair Pair)>> pairs = new(
            () => SweepConfidences.PairsOf(work.Plan.Configs(threads: 1), SweepInputs.Prepare(work), source, work.Plan.Request.Seed, ct));

        // Asked for once all columns are there.
        private readonly Lazy<SweepSetup> setup = new(() => SweepSetup.Prepare(work, SweepInputs.Prepare(work), source, threads: 1, null, ct));

        public void DoColumn(SweepPiece piece, ContentHash key, CancellationToken stop)
        {
            if (piece.Number >= pairs.Value.Count || source.ContentKeyOf(pairs.Value[piece.Number].Pair) != key)
            {
                throw Foreign(piece);
            }

            source.For(pairs.Value[piece.Number].Pair, stop);
        }

        public void DoChunk(SweepPiece piece, ContentHash key, SweepFolder folder, CancellationToken stop)
        {
            int[]? chunk = piece.Number < setup.Value.Chunks.Count ? setup.Value.Chunks[piece.Number] : null;
            if (chunk is null || ChunksInFolder.KeyOf(work.Hash, setup.Value, chunk) != key)
            {
                throw Foreign(piece);
            }

            folder.PutChunk(piece.Number, key, setup.Value.Evaluate(chunk, threads: 1, null, stop));
        }
    }
}
