using System.Text;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Leases;

/// <summary>The outcome of asking for the engine of a local store.</summary>
/// <param name="Lease">Held by this process from now on; dispose it to give it back.</param>
/// <param name="HeldBy">Or the process that has it; null for a moment while that one starts.</param>
public sealed record EngineClaim(EngineLease? Lease, LeaseHolder? HeldBy);

/// <summary>The one engine of a local store (spec 08 §8.1).</summary>
/// <remarks>A locked file decides who lives: the kernel frees it with the process, also on <c>kill -9</c>, so the next start takes
/// over at once instead of waiting for an expiry. The row in <c>leases</c> says who and where, and its fencing number protects
/// the writes.</remarks>
public sealed class EngineLease : IWriteClaim, IAsyncDisposable
{
    /// <summary>The name of the row.</summary>
    public const string Name = "engine";

    // The file is the expiry; the row's only has to outlive it.
    private static readonly TimeSpan RowTerm = TimeSpan.FromDays(36_500);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(20);
    private const int TriesMax = 10;

    private readonly FileStream file;
    private readonly Lease lease;

    private EngineLease(FileStream file, Lease lease)
    {
        this.file = file;
        this.lease = lease;
    }

    /// <inheritdoc/>
    public long Fence => lease.Fence;

    /// <summary>Takes the engine when no living process has it, and removes what killed writers left aside in the data directory.</summary>
    /// <param name="data">The data directory, on a local disk.</param>
    /// <param name="store">Its rows.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="owner">This process, e.g. <c>machine/4711</c>.</param>
    /// <param name="ct">Stops the attempt.</param>
    /// <exception cref="Errors.ProblemException">STO-1008: the disk is full or read-only.</exception>
    public static async Task<EngineClaim> TryTakeAsync(DataDirectory data, IRowStore store, TimeProvider clock, string owner, CancellationToken ct)
    {
        LeaseTable leases = new(store, clock);
        FileStream? file = await LockAsync(data, clock, ct);
        if (file is null)
        {
            return new(null, await leases.HolderAsync(Name, ct));
        }

        try
        {
            Lease lease = await leases.TakeOverAsync(Name, owner, null, RowTerm, ct);
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(owner + "\n"));
            file.Flush();
            AtomicFile.RemoveLeftovers(data.Root, clock.GetUtcNow());
            return new(new(file, lease), null);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who has the engine now, or null when no living process has.</summary>
    /// <exception cref="Errors.ProblemException">STO-1008: the disk is full or read-only.</exception>
    public static async Task<LeaseHolder?> HolderAsync(DataDirectory data, IRowStore store, TimeProvider clock, CancellationToken ct)
    {
        FileStream? file = await LockAsync(data, clock, ct);
        if (file is not null)
        {
            await file.DisposeAsync();
            return null;
        }

        return await new LeaseTable(store, clock).HolderAsync(Name, ct);
    }

    /// <summary>Whether a living process has the engine now.</summary>
    /// <exception cref="Errors.ProblemException">STO-1008: the disk is full or read-only.</exception>
    public static async Task<bool> IsHeldAsync(DataDirectory data, TimeProvider clock, CancellationToken ct)
    {
        await using FileStream? file = await LockAsync(data, clock, ct);
        return file is null;
    }

    /// <summary>Says where this engine answers, once it does.</summary>
    /// <exception cref="Errors.ProblemException">STO-5001: another has taken over.</exception>
    public Task AnnounceAsync(string address, CancellationToken ct) => lease.AnnounceAsync(address, ct);

    /// <inheritdoc/>
    public RowStatement Held => lease.Held;

    /// <summary>Gives the engine back: the row first, so that whoever gets the file finds it free.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await lease.ReleaseAsync(CancellationToken.None);
        }
        catch (Errors.ProblemException e) when (DiskFull.Is(e))
        {
            // The file is what counts: whoever gets it takes the row over.
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    // Who only asks holds the file for an instant too, and a killed process dies for an instant: hence the tries.
    private static async Task<FileStream?> LockAsync(DataDirectory data, TimeProvider clock, CancellationToken ct)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return new(data.EngineLockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (WorkLock.IsTaken(e))
            {
                if (i == TriesMax)
                {
                    return null;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw WorkLock.Refusal(data.EngineLockFile, e);
            }

            await Task.Delay(RetryAfter, clock, ct);
        }
    }
}
