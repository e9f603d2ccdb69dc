using System.Text;
using System.Text.Json;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Learning.Checkpoints;

/// <summary>Checkpoints as files below <c>training/{job_id}/</c>, one a finished step: written atomically, headed by the hash of what
/// follows, bound to the plan.</summary>
/// <remarks>A file that was damaged, or belongs to another plan, is passed over and its step done again: a checkpoint saves time and is
/// never needed for the result. Numbers are kept bit for bit.</remarks>
/// <param name="folder">The job's folder.</param>
/// <param name="plan">Hash of the plan that the states belong to; it covers the bars and the engine's version.</param>
public sealed class CheckpointFolder(string folder, ContentHash plan) : ICheckpoints
{
    private const string Head = "sigmatiq.checkpoint/1 ";
    private const int HeadBytes = 22 + 64 + 1;

    /// <summary>The folder of a job.</summary>
    public static CheckpointFolder Of(DataDirectory data, string jobId, ContentHash plan) => new(data.Folder(PathOf(jobId)), plan);

    /// <summary>Where the folder of a job lies, below the data directory.</summary>
    internal static string[] PathOf(string jobId) => ["training", jobId];

    /// <inheritdoc/>
    public T? Find<T>(string name) where T : class
    {
        string path = FileOf(name);
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < HeadBytes || Encoding.ASCII.GetString(bytes, 0, HeadBytes) != HeadOf(bytes.AsSpan(HeadBytes)))
        {
            return null;
        }

        // The hash holds, so these are bytes that Keep wrote, by this version or by another.
        try
        {
            Kept<T>? kept = JsonSerializer.Deserialize<Kept<T>>(bytes.AsSpan(HeadBytes), CheckpointJson.Options);
            return kept?.Plan == plan.Hex && kept.Name == name ? kept.State : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Keep<T>(string name, T state) where T : class
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new Kept<T>(plan.Hex, name, state), CheckpointJson.Options);
        AtomicFile.Write(FileOf(name), [.. Encoding.ASCII.GetBytes(HeadOf(body)), .. body]);
    }

    /// <summary>Hash of what is kept under a name; null where nothing is, or where it cannot be believed.</summary>
    internal string? HashOf(string name)
    {
        string path = FileOf(name);
        byte[] bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        return bytes.Length >= HeadBytes && Encoding.ASCII.GetString(bytes, 0, HeadBytes) == HeadOf(bytes.AsSpan(HeadBytes)) ? ContentHash.Of(bytes.AsSpan(HeadBytes)).Hex : null;
    }

    /// <summary>Removes the folder: the job has its result, or was given up.</summary>
    public void Remove()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string HeadOf(ReadOnlySpan<byte> body) => $"{Head}{ContentHash.Of(body).Hex}\n";

    private string FileOf(string name) => Path.Combine(folder, $"{name}.checkpoint");

    private sealed record Kept<T>(string Plan, string Name, T State);
}
