using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Workflows;

/// <summary>A transaction that says when an event is written to a journal.</summary>
internal sealed class WatchedTransaction(IRowTransaction tx, Action onEvent) : IRowTransaction
{
    public SqlDialect Dialect => tx.Dialect;

    public void OnCommitted(Action effect) => tx.OnCommitted(effect);

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => tx.QueryAsync<T>(sql, args, ct);

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => tx.FirstOrDefaultAsync<T>(sql, args, ct);

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct)
    {
        if (sql.StartsWith("insert into run_events", StringComparison.Ordinal))
        {
            onEvent();
        }

        return tx.ExecuteAsync(sql, args, ct);
    }
}
