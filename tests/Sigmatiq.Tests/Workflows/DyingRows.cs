using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Workflows;

/// <summary>The process is gone.</summary>
internal sealed class ProcessGoneException : Exception;

/// <summary>Rows of a process that dies right after so many events have been committed: from then on nothing it does arrives.</summary>
internal sealed class DyingRows(IRowStore rows, int eventsLeft) : IRowStore
{
    private int left = eventsLeft;

    public SqlDialect Dialect => rows.Dialect;

    public bool IsDead => Volatile.Read(ref left) <= 0;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => Alive().QueryAsync<T>(sql, args, ct);

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => Alive().FirstOrDefaultAsync<T>(sql, args, ct);

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => Alive().ExecuteAsync(sql, args, ct);

    public async Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct)
    {
        bool isEvent = false;
        T result = await Alive().InTransactionAsync(tx => work(new WatchedTransaction(tx, () => isEvent = true)), ct);
        if (isEvent && Interlocked.Decrement(ref left) <= 0)
        {
            throw new ProcessGoneException();
        }

        return result;
    }

    private IRowStore Alive() => IsDead ? throw new ProcessGoneException() : rows;
}
