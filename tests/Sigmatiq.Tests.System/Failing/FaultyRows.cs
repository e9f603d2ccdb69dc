using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.SystemTests.Failing;

/// <summary>How the nth access to the store goes wrong.</summary>
public enum Fault
{
    /// <summary>It is not done, and says that the store was locked.</summary>
    Refused,

    /// <summary>It is done, and says that the store was locked.</summary>
    DoneButLocked,

    /// <summary>It is done, and the answer is lost with an error that nobody has a code for.</summary>
    DoneButLost,
}

/// <summary>Rows whose nth access goes wrong: a read, a write, the begin of a transaction, a statement inside it or its commit.</summary>
internal sealed class FaultyRows(IRowStore rows, int nth, Fault fault) : IRowStore
{
    private int count;

    public SqlDialect Dialect => rows.Dialect;

    /// <summary>Accesses so far.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>What went wrong.</summary>
    public string? Hit { get; private set; }

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => AccessAsync(sql, () => rows.QueryAsync<T>(sql, args, ct));

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => AccessAsync(sql, () => rows.FirstOrDefaultAsync<T>(sql, args, ct));

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => AccessAsync(sql, () => rows.ExecuteAsync(sql, args, ct));

    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => TransactAsync(rows.InTransactionAsync, work, ct);

    public Task<T> BesideOthersAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => TransactAsync(rows.BesideOthersAsync, work, ct);

    private async Task<T> TransactAsync<T>(Func<Func<IRowTransaction, Task<T>>, CancellationToken, Task<T>> run, Func<IRowTransaction, Task<T>> work, CancellationToken ct)
    {
        if (IsNth("begin"))
        {
            throw Problem();
        }

        bool losesAnswer = false;
        T result = await run(
            async tx =>
            {
                T made = await work(new Faulty(tx, this));
                if (IsNth("commit"))
                {
                    losesAnswer = fault != Fault.Refused ? true : throw Problem();
                }

                return made;
            }, ct);
        return losesAnswer ? throw Problem() : result;
    }

    private async Task<T> AccessAsync<T>(string what, Func<Task<T>> access)
    {
        if (!IsNth(what))
        {
            return await access();
        }

        if (fault != Fault.Refused)
        {
            await access();
        }

        throw Problem();
    }

    private bool IsNth(string what)
    {
        if (Interlocked.Increment(ref count) != nth)
        {
            return false;
        }

        Hit = what;
        return true;
    }

    private Exception Problem() => fault == Fault.DoneButLost
        ? new IOException($"The answer to access {nth} was lost.")
        : new ProblemException("STO-1005", $"The database stayed locked by another writer at access {nth}.");

    private sealed class Faulty(IRowTransaction tx, FaultyRows faulty) : IRowTransaction
    {
        public SqlDialect Dialect => tx.Dialect;

        public void OnCommitted(Action effect) => tx.OnCommitted(effect);

        public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => faulty.AccessAsync(sql, () => tx.QueryAsync<T>(sql, args, ct));

        public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => faulty.AccessAsync(sql, () => tx.FirstOrDefaultAsync<T>(sql, args, ct));

        public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => faulty.AccessAsync(sql, () => tx.ExecuteAsync(sql, args, ct));
    }
}
