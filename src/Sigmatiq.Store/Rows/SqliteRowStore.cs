using System.Collections;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Migrations;

namespace Sigmatiq.Store.Rows;

/// <summary>Rows in one SQLite file: write-ahead log, every commit flushed to disk, one writer at a time. Writers that queue share a flush, see
/// <see cref="SqliteWriter"/>.</summary>
/// <remarks>Calls run on the caller's thread: SQLite has no asynchronous access. Several processes may share the file.</remarks>
public sealed class SqliteRowStore : ITableStore, IDisposable
{
    // SQLite meets a full disk in its own file, in the write-ahead log, or where it wants memory to share.
    private const int ReadOnly = 8, Full = 13, WriteFailed = 778, SharedMemoryFailed = 4874;

    private readonly string path;
    private readonly string connectionString;
    private readonly SqliteConnections connections;
    private readonly SqliteWriter writer;
    private readonly AsyncLocal<bool> insideTransaction = new();

    private SqliteRowStore(string path, int lockWaitSecondsMax)
    {
        RowTypes.Ready();
        this.path = path;
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = lockWaitSecondsMax }.ToString();
        connections = new(connectionString, string.Create(CultureInfo.InvariantCulture,
            $"pragma busy_timeout={Math.Min(lockWaitSecondsMax, 5) * 1000}; pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on;"));
        writer = new(connections);
    }

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.Sqlite;

    /// <summary>Opens or makes the file and brings its schema to this program's version.</summary>
    /// <exception cref="ProblemException">STO-1002 to STO-1004: see <see cref="Migrator"/>. STO-1006: not a database.</exception>
    public static async Task<SqliteRowStore> OpenAsync(string path, TimeProvider clock, CancellationToken ct)
    {
        IReadOnlyList<Migration> migrations = Migration.Embedded(SqlDialect.Sqlite);
        SqliteRowStore store = OpenUnmigrated(path);
        // Looked at through a connection that cannot write, not even by ending: a store of a newer program keeps every byte.
        if (await store.AppliedAsync(ct) is not { } applied || Migrator.Pending(applied, migrations).Count > 0)
        {
            await Migrator.RunAsync(store, migrations, clock, ct);
        }

        return store;
    }

    /// <summary>Opens a file that is there as it is, of whichever release: to read it, or to fill it.</summary>
    /// <exception cref="ProblemException">STO-1006: no database.</exception>
    public static async Task<SqliteRowStore> OpenAsItIsAsync(string path, CancellationToken ct)
    {
        SqliteRowStore store = OpenUnmigrated(path);
        return await store.AppliedAsync(ct) is null ? throw new ProblemException("STO-1006", "There is no store to read.", path, "Name the data directory of one with --data.") : store;
    }

    /// <summary>The migrations that have run on the file; null where it is none of ours yet.</summary>
    /// <exception cref="ProblemException">STO-1006: not a database.</exception>
    private Task<IReadOnlyList<AppliedMigration>?> AppliedAsync(CancellationToken ct) => Guarded(async () =>
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return null;
        }

        using SqliteConnection connection = new(new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        return await Statements.FirstOrDefaultAsync<long>(connection, null, "select count(*) from sqlite_master where type = 'table' and name = 'migrations'", null, ct) == 0
            ? null
            : await Statements.QueryAsync<AppliedMigration>(connection, null, "select number, hash from migrations", null, ct);
    });

    /// <summary>Opens the rows of a data directory, see <see cref="OpenAsync(string, TimeProvider, CancellationToken)"/>.</summary>
    public static Task<SqliteRowStore> OpenAsync(DataDirectory data, TimeProvider clock, CancellationToken ct) =>
        OpenAsync(data.RowsFile, clock, ct);

    /// <summary>Opens or makes the file as it is.</summary>
    internal static SqliteRowStore OpenUnmigrated(string path, int lockWaitSecondsMax = 30)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new(Path.GetFullPath(path), lockWaitSecondsMax);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) =>
        ReadAsync(connection => Statements.QueryAsync<T>(connection, null, Dialect.Expand(sql), args, ct));

    /// <inheritdoc/>
    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) =>
        ReadAsync(connection => Statements.FirstOrDefaultAsync<T>(connection, null, Dialect.Expand(sql), args, ct));

    /// <inheritdoc/>
    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => WriteAsync(
        (connection, transaction, _) => ExecuteAsync(connection, transaction, sql, args, ct), ct);

    /// <inheritdoc/>
    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => WriteAsync(
        (connection, transaction, running) => work(new Transaction(connection, transaction, running)), ct);

    /// <inheritdoc/>
    public Task<T> AtOneInstantAsync<T>(Func<ITableSource, Task<T>> read, CancellationToken ct) => ReadAsync(async connection =>
    {
        // Deferred: it reads and never writes, so that writers go on; the first statement fixes the instant.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        return await read(new SqliteTables(connection, transaction));
    });

    /// <inheritdoc/>
    public Task FillAsync(Func<ITableTarget, Task> fill, CancellationToken ct) => Guarded(async () =>
    {
        RefuseInside();
        using IDisposable alone = await writer.AloneAsync(ct);
        // Not to be lent out again: it does not look at references.
        using SqliteConnection connection = connections.Take();
        // Tables are filled one after the other; references are looked at in the end. No statement within a transaction changes this.
        await Statements.ExecuteAsync(connection, null, "pragma foreign_keys=off", null, ct);
        SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        try
        {
            SqliteTables tables = new(connection, transaction);
            IReadOnlyList<string> triggers = await tables.EmptyAsync(ct);
            await fill(tables);
            await tables.GuardAsync(triggers, ct);
            transaction.Commit();
            return true;
        }
        finally
        {
            SqliteWriter.End(connection, transaction);
        }
    });

    /// <summary>Closes the connections, so that the file can be moved or deleted.</summary>
    public void Dispose()
    {
        connections.Dispose();
        writer.Dispose();
    }

    private Task<T> ReadAsync<T>(Func<SqliteConnection, Task<T>> read) => Guarded(async () =>
    {
        SqliteKeptConnection connection = connections.Take();
        try
        {
            T result = await read(connection);
            connections.Return(connection);
            return result;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });

    private Task<T> WriteAsync<T>(Func<SqliteKeptConnection, SqliteTransaction, SqliteWriter.Transaction, Task<T>> work, CancellationToken ct) => Guarded(() =>
    {
        RefuseInside();
        return writer.RunAsync(
            (connection, transaction, running) =>
            {
                insideTransaction.Value = true;
                return work(connection, transaction, running);
            }, ct);
    });

    private static Task<int> ExecuteAsync(SqliteKeptConnection connection, SqliteTransaction transaction, string sql, object? args, CancellationToken ct)
    {
        sql = SqlDialect.Sqlite.Expand(sql);
        if (args is null || args is IEnumerable || RowParameters.Of(args.GetType()) is not { } parameters)
        {
            return Statements.ExecuteAsync(connection, transaction, sql, args, ct);
        }

        try
        {
            ct.ThrowIfCancellationRequested();
            return Task.FromResult(connection.Execute(transaction, sql, parameters, args));
        }
        catch (Exception e)
        {
            return Task.FromException<int>(e);
        }
    }

    private void RefuseInside()
    {
        if (insideTransaction.Value)
        {
            throw new InvalidOperationException("A write on the store inside a transaction would wait for itself: use the transaction.");
        }
    }

    private async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
        {
            throw new ProblemException(new Problem("STO-1005", "The database stayed locked by another writer.", path,
                "Try again; if it lasts, look for a process that holds the file."), e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Full || e.SqliteExtendedErrorCode is WriteFailed or SharedMemoryFailed)
        {
            throw new ProblemException(DiskFull.Problem(path, e.Message), e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == ReadOnly)
        {
            connections.Renew();
            throw new ProblemException(new Problem("STO-1008", $"The database cannot be written: {e.Message}", path,
                "See that its folder may be written to, then try again; a file that could not be opened for a moment is opened anew."), e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 11 or 14 or 26)
        {
            throw new ProblemException(new Problem("STO-1006", $"The database cannot be read: {e.Message}", path,
                "Restore the file from a copy, or start with another data directory."), e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 19)
        {
            throw new ProblemException(new Problem("STO-1007", $"The schema refuses the row: {e.Message}", path), e);
        }
    }

    private sealed class Transaction(SqliteKeptConnection connection, SqliteTransaction transaction, SqliteWriter.Transaction running) : IRowTransaction
    {
        public SqlDialect Dialect => SqlDialect.Sqlite;

        public void OnCommitted(Action effect) => running.Committed += effect;

        public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) =>
            Statements.QueryAsync<T>(connection, transaction, Dialect.Expand(sql), args, ct);

        public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) =>
            Statements.FirstOrDefaultAsync<T>(connection, transaction, Dialect.Expand(sql), args, ct);

        public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => SqliteRowStore.ExecuteAsync(connection, transaction, sql, args, ct);
    }
}
