using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Workflows;

/// <summary>Rows that another writer holds now and then: every nth writing transaction is refused.</summary>
internal sealed class LockedRows(IRowStore rows, int everyNth) : IRowStore
{
    private int count;

    public SqlDialect Dialect => rows.Dialect;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => rows.QueryAsync<T>(sql, args, ct);

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => rows.FirstOrDefaultAsync<T>(sql, args, ct);

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => rows.ExecuteAsync(sql, args, ct);

    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) =>
        Interlocked.Increment(ref count) % everyNth == 0
            ? throw new ProblemException("STO-1005", "The database stayed locked by another writer.")
            : rows.InTransactionAsync(work, ct);
}
