using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Workflows.Shards;

/// <summary>Rows that count the writes which the fence refused.</summary>
internal sealed class RefusedRows(IRowStore rows) : IRowStore
{
    private int refused;

    public int Refused => refused;

    public SqlDialect Dialect => rows.Dialect;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => rows.QueryAsync<T>(sql, args, ct);

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => rows.FirstOrDefaultAsync<T>(sql, args, ct);

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => rows.ExecuteAsync(sql, args, ct);

    public async Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct)
    {
        try
        {
            return await rows.InTransactionAsync(work, ct);
        }
        catch (ProblemException e) when (e.Problem.Code == Lease.LostCode)
        {
            Interlocked.Increment(ref refused);
            throw;
        }
    }

    public Task<T> BesideOthersAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => rows.BesideOthersAsync(work, ct);
}
