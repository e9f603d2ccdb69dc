using Sigmatiq.Store.Leases;

namespace Sigmatiq.Store.Rows;

/// <summary>Statements on rows: one DML for SQLite and PostgreSQL.</summary>
/// <remarks>
/// <para>Parameters are the public properties of <c>args</c>, written <c>@Name</c>; a list spreads in <c>in @Ids</c>. The words in
/// braces of <see cref="SqlDialect"/> are replaced.</para>
/// <para>Columns are snake_case and match PascalCase. A positional record is filled through its constructor when the statement selects
/// its columns <b>in the constructor's order</b>; a class or record with settable properties takes them in any order.</para>
/// <para>Types at rest: ids, hashes and JSON are text; <see cref="DateTimeOffset"/> is UTC text of fixed width (<see cref="UtcText"/>),
/// so it sorts by time; <see cref="DateOnly"/> is <c>yyyy-MM-dd</c>; <see cref="decimal"/> is text; <see cref="bool"/> is 0 or 1;
/// <see cref="Guid"/> is lower-case text. Write an enum as its own text; text reads back into an enum.</para>
/// </remarks>
public interface IRows
{
    /// <summary>Which engine, for the few statements that differ.</summary>
    SqlDialect Dialect { get; }

    /// <summary>All rows of a statement, also of an <c>insert … returning</c>.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct);

    /// <summary>The first row, or the default value of <typeparamref name="T"/> where there is none.</summary>
    Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct);

    /// <summary>Runs a statement; a list as <paramref name="args"/> runs it once per element.</summary>
    /// <returns>How many rows it touched: a guarded update is to be believed by this count.</returns>
    Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct);
}

/// <summary>Rows inside one writing transaction; never used after the work that received it has returned.</summary>
public interface IRowTransaction : IRows
{
    /// <summary>Does something once the transaction is committed, and nothing where it is rolled back. A process that dies between the two
    /// leaves it undone, so it must be something that can be caught up.</summary>
    void OnCommitted(Action effect);

    /// <summary>Runs statements in their order, in one journey where there is a way to the server.</summary>
    /// <remarks>Where one must touch a row and does not, its <see cref="RowStatement.Otherwise"/> is thrown, whatever became of those after it: the
    /// transaction is to be given up.</remarks>
    async Task ExecuteAllAsync(IReadOnlyList<RowStatement> statements, CancellationToken ct)
    {
        foreach (RowStatement statement in statements)
        {
            if (await ExecuteAsync(statement.Sql, statement.Args, ct) == 0 && statement.Otherwise is { } otherwise)
            {
                throw otherwise();
            }
        }
    }
}

/// <summary>The rows of the store; every statement outside <see cref="InTransactionAsync{T}"/> is a transaction of its own.</summary>
/// <exception cref="Errors.ProblemException">STO-1005: the database stayed locked. STO-1006: the file is damaged or no database.
/// STO-1007: a constraint of the schema refused the row. STO-1008: the file cannot be written. STO-1009: the server cannot be reached. STO-1010: it refuses the sign-in. STO-1011: its
/// user has no right to this.</exception>
public interface IRowStore : IRows
{
    /// <summary>Runs the work in one writing transaction: commits when it returns, rolls back when it throws.</summary>
    /// <remarks>Writers queue; keep the work short and inside the database. Calling the store itself for a write inside the work is a
    /// programming error and throws <see cref="InvalidOperationException"/>: use the transaction that was handed in.</remarks>
    Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct);

    /// <summary>As <see cref="InTransactionAsync{T}"/>, except that transactions of this kind may run beside each other where the engine has many
    /// writers; never beside one of that kind, from its first statement on.</summary>
    /// <remarks>For work that its own rows protect: it changes only rows that it locked first by a guarded update, an upsert or <c>{lock}</c>, and
    /// decides by nothing else that it read. Each statement sees what was committed before it.</remarks>
    Task<T> BesideOthersAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => InTransactionAsync(work, ct);

    /// <summary>Lets the others of the store know under a name that this process lives, until it is disposed or dies.</summary>
    /// <returns>Null where the store has no server that would notice.</returns>
    Task<IPresence?> StayAsync(string name, CancellationToken ct) => Task.FromResult<IPresence?>(null);
}

/// <summary>Shorthands.</summary>
public static class RowStores
{
    /// <summary>A transaction without a result.</summary>
    public static Task InTransactionAsync(this IRowStore store, Func<IRowTransaction, Task> work, CancellationToken ct) =>
        store.InTransactionAsync(async tx =>
        {
            await work(tx);
            return true;
        }, ct);

    /// <summary>A transaction beside others without a result.</summary>
    public static Task BesideOthersAsync(this IRowStore store, Func<IRowTransaction, Task> work, CancellationToken ct) =>
        store.BesideOthersAsync(async tx =>
        {
            await work(tx);
            return true;
        }, ct);

    /// <summary>The one row that must be there.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static async Task<T> FirstAsync<T>(this IRows rows, string sql, object? args, CancellationToken ct)
    {
        IReadOnlyList<T> found = await rows.QueryAsync<T>(sql, args, ct);
        return found.Count > 0 ? found[0] : throw new InvalidOperationException($"No row where one must be: {sql}");
    }
}
