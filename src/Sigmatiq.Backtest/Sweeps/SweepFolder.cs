using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>What a sweep has done so far, <c>sweeps/{id}/work/</c>: finished confidence columns and evaluated chunks. A sweep that was killed or
/// cancelled goes on from here; a completed one has none.</summary>
/// <remarks>Every file is named by its place and carries the key of its content (the work's hash among it), so that files of other work are
/// never taken for ours.</remarks>
internal sealed class SweepFolder(DataDirectory data, string sweepId)
{
    // Named literals would never arise (02: null for what is undefined), but a figure that is infinite must come back as it was.
    private static readonly JsonSerializerOptions Exact = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private volatile bool hasStored;

    /// <summary>Whether anything was stored through this object: an attempt that only found what others stored has brought the sweep no further.</summary>
    public bool HasStored => hasStored;

    /// <summary>The confidence column of a key, or null where it is not finished.</summary>
    public ConfidenceColumn? FindConfidence(ContentHash key)
    {
        if (SealedFile.Read(ConfidencePath(key), key) is not { } content)
        {
            return null;
        }

        var (text, at) = SealedFile.Split(content);
        return JsonSerializer.Deserialize<ConfidenceColumn>(text.Span, Exact)! with { Values = MemoryMarshal.Cast<byte, double>(content.AsSpan(at)).ToArray() };
    }

    public void PutConfidence(ContentHash key, ConfidenceColumn column) =>
        Put(ConfidencePath(key), key, SealedFile.Join(JsonSerializer.SerializeToUtf8Bytes(column with { Values = [] }, Exact), column.Values));

    /// <summary>Hash of the file of a confidence column; null where it is not finished.</summary>
    public string? HashOfConfidence(ContentHash key) => SealedFile.HashOf(ConfidencePath(key), key);

    /// <summary>Hash of the file of a chunk; null where it is not evaluated.</summary>
    public string? HashOfChunk(int number, ContentHash key) => SealedFile.HashOf(ChunkPath(number), key);

    /// <summary>Says that others have stored something.</summary>
    public void NoteStored() => hasStored = true;

    /// <summary>Whether any chunk was evaluated.</summary>
    public bool HasChunks => Directory.Exists(Root) && Directory.EnumerateFiles(Root, "chunk-*.bin").Any();

    /// <summary>The files of the chunks that are evaluated, in the order of their numbers.</summary>
    public IReadOnlyList<string> ChunkPaths => Directory.Exists(Root) ? [.. Directory.EnumerateFiles(Root, "chunk-*.bin").Order(StringComparer.Ordinal)] : [];

    /// <summary>The figures of a chunk's file, without returns, for a look; null where it is gone or not whole.</summary>
    public static ComboFigures[]? Look(string path) =>
        SealedFile.Read(path) is { } content ? JsonSerializer.Deserialize<ComboFigures[]>(SealedFile.Split(content).Text.Span, Exact) : null;

    /// <summary>The figures of a chunk, without returns, or null where it is not evaluated.</summary>
    public ComboFigures[]? FindChunk(int number, ContentHash key) =>
        SealedFile.Read(ChunkPath(number), key) is { } content ? JsonSerializer.Deserialize<ComboFigures[]>(SealedFile.Split(content).Text.Span, Exact) : null;

    public void PutChunk(int number, ContentHash key, ComboFigures[] figures)
    {
        int days = figures[0].DailyReturns.Length;
        double[] returns = new double[figures.Length * days];
        for (int k = 0; k < figures.Length; k++)
        {
            figures[k].DailyReturns.CopyTo(returns, k * days);
        }

        Put(ChunkPath(number), key, SealedFile.Join(JsonSerializer.SerializeToUtf8Bytes(figures, Exact), returns));
    }

    /// <summary>The daily returns of one row of a chunk.</summary>
    public double[] ReturnsOf(int number, int row, int days)
    {
        using FileStream file = new(ChunkPath(number), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Span<byte> length = stackalloc byte[sizeof(int)];
        file.Position = SealedFile.ContentAt;
        file.ReadExactly(length);
        file.Position = SealedFile.ContentAt + sizeof(int) + BitConverter.ToInt32(length) + ((long)row * days * sizeof(double));
        double[] returns = new double[days];
        file.ReadExactly(MemoryMarshal.AsBytes(returns.AsSpan()));
        return returns;
    }

    /// <summary>Forgets the work of a sweep that is completed.</summary>
    public void Remove()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private void Put(string path, ContentHash key, byte[] content)
    {
        SealedFile.Write(path, key, content);
        hasStored = true;
    }

    private string Root => Path.Combine(data.Sweeps, sweepId, "work");

    private string ConfidencePath(ContentHash key) => data.File("sweeps", sweepId, "work", DataDirectory.HashedName("confidence", key, ".bin"));

    private string ChunkPath(int number) => data.File("sweeps", sweepId, "work", string.Create(CultureInfo.InvariantCulture, $"chunk-{number:00000}.bin"));
}

/// <summary>A confidence source that keeps every column it was given and does not ask for it twice, also after a kill.</summary>
internal sealed class StoredConfidence(IConfidenceSource source, SweepFolder folder, ContentHash work) : IConfidenceSource
{
    public string KeyOf(EffectiveConfig config) => source.KeyOf(config);

    public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct)
    {
        if (Find(pair) is { } known)
        {
            return known;
        }

        ContentHash key = ContentKeyOf(pair);
        folder.PutConfidence(key, source.For(pair, ct));
        return folder.FindConfidence(key)!;
    }

    public ConfidenceColumn? Find(ConfidencePair pair) => folder.FindConfidence(ContentKeyOf(pair));

    /// <summary>What the file of a pair's column holds.</summary>
    public ContentHash ContentKeyOf(ConfidencePair pair) =>
        ContentHash.OfJson(new JsonObject { ["work"] = work.Hex, ["source"] = source.GetType().Name, ["pair"] = source.KeyOf(pair.Config) });
}

/// <summary>Daily returns in the files of the chunks: read one combo at a time.</summary>
internal sealed class ReturnsInChunks(SweepFolder folder) : IDailyReturns
{
    private readonly Dictionary<int, (int Chunk, int Row, int Days)> placeOf = [];

    public void Add(int chunk, ComboFigures[] figures, int days)
    {
        for (int row = 0; row < figures.Length; row++)
        {
            placeOf[figures[row].ComboId] = (chunk, row, days);
        }
    }

    public double[] Of(int comboId)
    {
        var (chunk, row, days) = placeOf[comboId];
        return folder.ReturnsOf(chunk, row, days);
    }
}
