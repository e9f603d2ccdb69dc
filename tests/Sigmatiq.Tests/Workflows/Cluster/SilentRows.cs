using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Workflows.Cluster;

/// <summary>Rows that cannot be reached while they are silent.</summary>
internal sealed class SilentRows(IRowStore rows) : IRowStore
{
    public bool IsSilent { get; set; }

    public SqlDialect Dialect => rows.Dialect;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => Reached.QueryAsync<T>(sql, args, ct);

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => Reached.FirstOrDefaultAsync<T>(sql, args, ct);

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => Reached.ExecuteAsync(sql, args, ct);

    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => Reached.InTransactionAsync(work, ct);

    private IRowStore Reached => IsSilent ? throw new ProblemException("STO-1005", "The database stayed locked by another writer.") : rows;
}
