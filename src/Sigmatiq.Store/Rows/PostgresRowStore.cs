using System.Collections;
using System.Globalization;
using Npgsql;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Migrations;

namespace Sigmatiq.Store.Rows;

/// <summary>Rows in one database of a PostgreSQL server, shared by the processes of a team.</summary>
/// <remarks>
/// <para>What SQLite gives by having one writer, an advisory lock of the database gives here: <see cref="InTransactionAsync{T}"/> takes it for itself,
/// <see cref="BesideOthersAsync{T}"/> and single statements share it. So work that reads and then writes never meets another writer, and work that
/// its own rows protect does not wait for its like.</para>
/// <para>A session that does nothing inside a transaction for some seconds is ended by the server: a process that froze there holds nobody up, and
/// finds its transaction undone when it wakes.</para>
/// </remarks>
public sealed class PostgresRowStore : ITableStore, IDisposable
{
    // "SIGMATIQ" in ASCII.
    private const long LockKey = 0x5349474D41544951;

    // For the reads that a transaction makes beside itself.
    private const int ReservedConnections = 4;
    private const int TriesMax = 5;

    private static readonly string Alone = string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({LockKey})");
    private static readonly string Beside = string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock_shared({LockKey})");

    private readonly NpgsqlDataSource source;
    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly SemaphoreSlim writersBeside;
    private readonly AsyncLocal<bool> insideTransaction = new();

    private PostgresRowStore(PostgresAddress address)
    {
        RowTypes.Ready();
        Address = address;
        writersBeside = new(Math.Max(1, address.PoolSize - ReservedConnections));
        source = new NpgsqlDataSourceBuilder(address.ConnectionString).Build();
    }

    /// <summary>Where it lies.</summary>
    public PostgresAddress Address { get; }

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.Postgres;

    /// <summary>Opens the database and brings its schema to this program's version, which only its owner may do.</summary>
    /// <exception cref="ProblemException">STO-1002 to STO-1004: see <see cref="Migrator"/>. STO-1009: no server answers. STO-1010: it refuses the
    /// sign-in. STO-1011: the schema is of an earlier version, and this user may not change it.</exception>
    public static async Task<PostgresRowStore> OpenAsync(PostgresAddress address, TimeProvider clock, CancellationToken ct)
    {
        PostgresRowStore store = OpenUnmigrated(address);
        try
        {
            await Migrator.RunAsync(store, Migration.Embedded(SqlDialect.Postgres), clock, ct);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens a store that is there as it is, of whichever release: to read it.</summary>
    /// <exception cref="ProblemException">STO-1006: the database holds no store. STO-1009, STO-1010: see <see cref="OpenAsync"/>.</exception>
    public static async Task<PostgresRowStore> OpenAsItIsAsync(PostgresAddress address, CancellationToken ct)
    {
        PostgresRowStore store = new(address);
        try
        {
            return await store.FirstAsync<long>(SqlDialect.Postgres.HasMigrations, null, ct) > 0
                ? store : throw new ProblemException("STO-1006", "There is no store to read.", address.Shown, "Name the database of one with --store.");
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens a database as it is, also one that holds nothing yet; nothing is asked of the server.</summary>
    public static PostgresRowStore OpenUnmigrated(PostgresAddress address) => new(address);

    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => IsReading(sql)
        ? Guarded(async () =>
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
            return await Statements.QueryAsync<T>(connection, null, Dialect.Expand(sql), args, ct);
        })
        : BesideOthersAsync(tx => tx.QueryAsync<T>(sql, args, ct), ct);

    /// <inheritdoc/>
    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => IsReading(sql)
        ? Guarded(async () =>
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
            return await Statements.FirstOrDefaultAsync<T>(connection, null, Dialect.Expand(sql), args, ct);
        })
        : BesideOthersAsync(tx => tx.FirstOrDefaultAsync<T>(sql, args, ct), ct);

    /// <inheritdoc/>
    public async Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct)
    {
        if (args is IEnumerable and not string)
        {
            return await BesideOthersAsync(tx => tx.ExecuteAsync(sql, args, ct), ct);
        }

        RefuseInside();
        // Lock and statement travel together and are one transaction.
        string both = $"{Beside};\n{Dialect.Expand(sql)}";
        for (int i = 1; ; i++)
        {
            try
            {
                return await Guarded(async () =>
                {
                    await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
                    return await Statements.ExecuteAsync(connection, null, both, args, ct);
                });
            }
            catch (ProblemException e) when (i < TriesMax && e.InnerException is { } inner && PostgresProblems.IsPassing(inner))
            {
                // A statement by itself was undone as a whole and knows of nothing else: it may simply be repeated.
            }
        }
    }

    /// <inheritdoc/>
    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => RunAsync(Alone, writer, work, ct);

    /// <inheritdoc/>
    public Task<T> BesideOthersAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => RunAsync(Beside, writersBeside, work, ct);

    /// <inheritdoc/>
    public async Task<IPresence?> StayAsync(string name, CancellationToken ct)
    {
        PostgresPresence presence = new(new NpgsqlConnectionStringBuilder(Address.ConnectionString) { Pooling = false }.ConnectionString, name);
        return await Guarded(async () =>
        {
            await presence.RenewAsync(ct);
            return presence;
        });
    }

    /// <inheritdoc/>
    public Task<T> AtOneInstantAsync<T>(Func<ITableSource, Task<T>> read, CancellationToken ct) => Guarded(async () =>
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        // It holds nobody up, and files are looked at between its statements.
        await Statements.ExecuteAsync(connection, transaction, "set transaction read only; set local idle_in_transaction_session_timeout = 0", null, ct);
        return await read(new PostgresTables(connection, transaction));
    });

    /// <inheritdoc/>
    public Task FillAsync(Func<ITableTarget, Task> fill, CancellationToken ct) => RunAsync(Alone, writer, async tx =>
    {
        await tx.ExecuteAsync("set local idle_in_transaction_session_timeout = 0", null, ct);
        PostgresTables tables = ((Transaction)tx).Tables;
        IReadOnlyList<string> references = await tables.EmptyAsync(ct);
        await fill(tables);
        await tables.GuardAsync(references, ct);
        return true;
    }, ct);

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        source.Dispose();
        writer.Dispose();
        writersBeside.Dispose();
    }

    // Never repeated here: the work may have left traces in memory that a second time would double.
    private Task<T> RunAsync<T>(string takeLock, SemaphoreSlim turn, Func<IRowTransaction, Task<T>> work, CancellationToken ct) => Guarded(async () =>
    {
        RefuseInside();
        await turn.WaitAsync(ct);
        try
        {
            insideTransaction.Value = true;
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
            Transaction running = new(connection, transaction, takeLock);
            if (takeLock == Alone)
            {
                await running.LockAsync(ct);
            }

            T result = await work(running);
            // Not to be called off: whoever stops waiting would not know what became of it.
            await transaction.CommitAsync(CancellationToken.None);
            running.Committed?.Invoke();
            return result;
        }
        finally
        {
            insideTransaction.Value = false;
            turn.Release();
        }
    });

    private void RefuseInside()
    {
        if (insideTransaction.Value)
        {
            throw new InvalidOperationException("A write on the store inside a transaction would wait for itself: use the transaction.");
        }
    }

    private static bool IsReading(string sql)
    {
        ReadOnlySpan<char> start = sql.AsSpan().TrimStart();
        return start.StartsWith("select", StringComparison.OrdinalIgnoreCase) || start.StartsWith("with", StringComparison.OrdinalIgnoreCase);
    }

    private async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (PostgresProblems.Of(e, Address.Shown) is not null)
        {
            throw new ProblemException(PostgresProblems.Of(e, Address.Shown)!, e);
        }
    }

    /// <summary>Work beside others takes its lock with its first statement: it may do nothing that needs it before.</summary>
    private sealed class Transaction(NpgsqlConnection connection, NpgsqlTransaction transaction, string takeLock) : IRowTransaction
    {
        private string? due = takeLock;

        public Action? Committed { get; private set; }

        public PostgresTables Tables => new(connection, transaction);

        public SqlDialect Dialect => SqlDialect.Postgres;

        public void OnCommitted(Action effect) => Committed += effect;

        public async Task LockAsync(CancellationToken ct)
        {
            if (due is { } take)
            {
                due = null;
                await Statements.ExecuteAsync(connection, transaction, take, null, ct);
            }
        }

        public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct)
        {
            await LockAsync(ct);
            return await Statements.QueryAsync<T>(connection, transaction, Dialect.Expand(sql), args, ct);
        }

        public async Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct)
        {
            await LockAsync(ct);
            return await Statements.FirstOrDefaultAsync<T>(connection, transaction, Dialect.Expand(sql), args, ct);
        }

        public async Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct)
        {
            if (args is IEnumerable and not string)
            {
                await LockAsync(ct);
            }

            string text = Dialect.Expand(sql);
            if (due is { } take)
            {
                due = null;
                text = $"{take};\n{text}";
            }

            return await Statements.ExecuteAsync(connection, transaction, text, args, ct);
        }

        public async Task ExecuteAllAsync(IReadOnlyList<RowStatement> statements, CancellationToken ct)
        {
            await using NpgsqlBatch batch = new(connection, transaction);
            if (due is { } take)
            {
                due = null;
                batch.BatchCommands.Add(new(take));
            }

            int first = batch.BatchCommands.Count;
            foreach (RowStatement statement in statements)
            {
                NpgsqlBatchCommand command = new(Dialect.Expand(statement.Sql));
                if (statement.Args is { } args)
                {
                    RowParameters parameters = RowParameters.Of(args.GetType())
                        ?? throw new ArgumentException($"Statements that travel together take no lists: {statement.Sql}", nameof(statements));
                    parameters.Add(command.Parameters, static () => new NpgsqlParameter(), args);
                }

                batch.BatchCommands.Add(command);
            }

            try
            {
                await batch.ExecuteNonQueryAsync(ct);
            }
            catch (PostgresException) when (Refused() is not null)
            {
                // What failed came after it and would not have been run by itself.
            }

            if (Refused() is { } otherwise)
            {
                throw otherwise();
            }

            // One that was not reached has touched -1.
            Func<ProblemException>? Refused() => statements.Where((s, i) => s.Otherwise is not null && batch.BatchCommands[first + i].RecordsAffected == 0).FirstOrDefault()?.Otherwise;
        }
    }
}
