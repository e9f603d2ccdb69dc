using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Workflows;

/// <summary>Rows on a disk that is full for one write: the nth writing transaction is refused and leaves nothing.</summary>
internal sealed class FullRows(IRowStore rows, int nth) : IRowStore
{
    private int count;

    public bool HasRefused => Volatile.Read(ref count) >= nth;

    public SqlDialect Dialect => rows.Dialect;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => rows.QueryAsync<T>(sql, args, ct);

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => rows.FirstOrDefaultAsync<T>(sql, args, ct);

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => rows.ExecuteAsync(sql, args, ct);

    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) =>
        Interlocked.Increment(ref count) == nth ? throw new ProblemException(DiskFull.Problem("rows")) : rows.InTransactionAsync(work, ct);
}
