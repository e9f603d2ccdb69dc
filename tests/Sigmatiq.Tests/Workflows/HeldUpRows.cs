using System.Collections.Concurrent;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Workflows;

/// <summary>Rows whose appends to journals can be held up just before they are committed, and that count the events of each.</summary>
internal sealed class HeldUpRows(IRowStore rows) : IRowStore
{
    /// <summary>Events of each transaction that wrote any, in the order of the commits.</summary>
    public ConcurrentQueue<int> Appends { get; } = new();

    /// <summary>Awaited before the commit of an append; it gets the number of its events. Throwing undoes it.</summary>
    public Func<int, Task> OnAppend { get; set; } = _ => Task.CompletedTask;

    public SqlDialect Dialect => rows.Dialect;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => rows.QueryAsync<T>(sql, args, ct);

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => rows.FirstOrDefaultAsync<T>(sql, args, ct);

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => rows.ExecuteAsync(sql, args, ct);

    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => WatchAsync(rows.InTransactionAsync, work, ct);

    public Task<T> BesideOthersAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => WatchAsync(rows.BesideOthersAsync, work, ct);

    private async Task<T> WatchAsync<T>(Func<Func<IRowTransaction, Task<T>>, CancellationToken, Task<T>> run, Func<IRowTransaction, Task<T>> work, CancellationToken ct)
    {
        int events = 0;
        T result = await run(
            async tx =>
            {
                T made = await work(new WatchedTransaction(tx, () => events++));
                if (events > 0)
                {
                    await OnAppend(events);
                }

                return made;
            }, ct);
        if (events > 0)
        {
            Appends.Enqueue(events);
        }

        return result;
    }
}
