namespace Sigmatiq.Store.Leases;

/// <summary>The right to do a piece of work that one process at a time may do, such as a sweep, until it is given back.</summary>
public interface IWorkClaim : IWriteClaim, IAsyncDisposable
{
    /// <summary>Cancelled once another may have the work: it is to be stopped, and what it still tries to write is refused.</summary>
    CancellationToken Lost { get; }
}

/// <summary>Who may do which work: the processes of one machine by files, the nodes of a cluster by rows of their store.</summary>
public interface IWorkClaims
{
    /// <summary>Takes the work whose unfinished state lies in a folder.</summary>
    /// <param name="folder">The folder below the data directory; its path is the work's name.</param>
    /// <param name="ct">Stops before it is taken.</param>
    /// <returns>The claim; null while somebody living does the work.</returns>
    Task<IWorkClaim?> TryTakeAsync(string[] folder, CancellationToken ct);

    /// <summary>Whether somebody living does the work of a folder.</summary>
    Task<bool> IsHeldAsync(string[] folder, CancellationToken ct);
}

/// <summary>The files of one machine say who works: see <see cref="WorkLock"/>.</summary>
/// <param name="data">The data directory, on a local disk.</param>
public sealed class FileClaims(DataDirectory data) : IWorkClaims
{
    /// <inheritdoc/>
    public Task<IWorkClaim?> TryTakeAsync(string[] folder, CancellationToken ct) => Task.FromResult<IWorkClaim?>(WorkLock.TryTake(data, folder));

    /// <inheritdoc/>
    public Task<bool> IsHeldAsync(string[] folder, CancellationToken ct) => Task.FromResult(WorkLock.IsHeld(data, folder));
}

/// <summary>What every taker of work does.</summary>
public static class WorkClaims
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes the work of a folder, waiting while somebody living does it.</summary>
    /// <param name="claims">Who may do which work.</param>
    /// <param name="folder">The folder below the data directory.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="onWait">Called at every look that finds the work taken; reads how far it is.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>The claim, and whether somebody else had it meanwhile.</returns>
    /// <exception cref="Errors.ProblemException">STO-1008: the lock of a local store cannot be had for another reason.</exception>
    public static async Task<(IWorkClaim Held, bool HasWaited)> TakeAsync(
        this IWorkClaims claims, string[] folder, TimeProvider clock, Func<Task> onWait, CancellationToken ct)
    {
        for (bool hasWaited = false; ; hasWaited = true)
        {
            if (await claims.TryTakeAsync(folder, ct) is { } held)
            {
                return (held, hasWaited);
            }

            await onWait();
            await Task.Delay(LookEvery, clock, ct);
        }
    }

    /// <summary>Runs the work in a transaction that is refused where another has taken over.</summary>
    /// <exception cref="Errors.ProblemException">STO-5001: another has taken over.</exception>
    public static Task<T> WriteAsync<T>(this IWorkClaim claim, Rows.IRowStore rows, Func<Rows.IRowTransaction, Task<T>> work, CancellationToken ct) => rows.InTransactionAsync(async tx =>
    {
        await claim.EnsureHeldAsync(tx, ct);
        return await work(tx);
    }, ct);

    /// <summary>Runs one statement that is refused where another has taken over.</summary>
    /// <exception cref="Errors.ProblemException">STO-5001: another has taken over.</exception>
    public static Task<int> ExecuteAsync(this IWorkClaim claim, Rows.IRowStore rows, string sql, object? args, CancellationToken ct) =>
        claim.WriteAsync(rows, tx => tx.ExecuteAsync(sql, args, ct), ct);
}
