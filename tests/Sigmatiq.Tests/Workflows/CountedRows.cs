using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Workflows;

/// <summary>Rows that keep the statements read through them.</summary>
internal sealed class CountedRows(IRowStore rows) : IRowStore
{
    private readonly List<string> statements = [];

    public IReadOnlyList<string> Statements => statements;

    public SqlDialect Dialect => rows.Dialect;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct)
    {
        statements.Add(sql);
        return rows.QueryAsync<T>(sql, args, ct);
    }

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct)
    {
        statements.Add(sql);
        return rows.FirstOrDefaultAsync<T>(sql, args, ct);
    }

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => rows.ExecuteAsync(sql, args, ct);

    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => rows.InTransactionAsync(work, ct);
}
