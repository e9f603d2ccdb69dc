using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sigmatiq.Store.Rows;

/// <summary>One writer at a time, and one flush for all that waited: works that queue while a transaction is under way share the next one, each
/// below a savepoint of its own, so that one that throws undoes itself alone. None is told of its end before all are flushed.</summary>
internal sealed class SqliteWriter(SqliteConnections connections) : IDisposable
{
    private const int BatchMost = 64;
    private const string Savepoint = "work";

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ConcurrentQueue<Work> waiting = new();

    /// <summary>Runs work in a transaction, perhaps together with others'.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteKeptConnection, SqliteTransaction, Transaction, Task<T>> work, CancellationToken ct)
    {
        var asked = new Work<T>(work);
        waiting.Enqueue(asked);
        try
        {
            await turn.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (!asked.TryTake())
        {
            // Somebody runs it already: what is committed cannot be called off.
            return await asked.Result;
        }

        try
        {
            while (!asked.Result.IsCompleted)
            {
                await RunBatchAsync();
            }
        }
        finally
        {
            turn.Release();
        }

        return await asked.Result;
    }

    /// <summary>Waits until nobody writes; then nobody does until the turn is given back.</summary>
    public async Task<IDisposable> AloneAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        return new Turn(turn);
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    /// <summary>Ends a transaction that may be gone: on a full disk SQLite undoes one by itself, of which it does not always tell the driver; that
    /// one then stumbles over having none to undo.</summary>
    public static void End(SqliteConnection connection, SqliteTransaction transaction)
    {
        try
        {
            transaction.Dispose();
        }
        catch (SqliteException) when (raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            raw.sqlite3_exec(connection.Handle, "begin");
            transaction.Dispose();
        }
    }

    private async Task RunBatchAsync()
    {
        List<Work> batch = [];
        while (batch.Count < BatchMost && waiting.TryDequeue(out Work? next))
        {
            if (next.TryTake())
            {
                batch.Add(next);
            }
        }

        if (batch.Count == 0)
        {
            return;
        }

        SqliteKeptConnection? connection = null;
        try
        {
            connection = connections.Take();
            // Not deferred: a transaction that starts by reading and writes later could not be retried by waiting.
            SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            try
            {
                foreach (Work work in batch)
                {
                    await RunOneAsync(connection, transaction, work, isAlone: batch.Count == 1);
                }

                if (batch.Exists(work => work.Failure is null))
                {
                    transaction.Commit();
                }
            }
            finally
            {
                End(connection, transaction);
            }
        }
        catch (Exception e)
        {
            // The transaction is gone, and with it everybody's part.
            connection?.Dispose();
            batch.ForEach(work => work.Fail(work.Failure ?? e));
            return;
        }

        connections.Return(connection);
        foreach (Work work in batch)
        {
            // While no other writer can come between.
            work.Complete();
        }
    }

    private static async Task RunOneAsync(SqliteKeptConnection connection, SqliteTransaction transaction, Work work, bool isAlone)
    {
        if (!isAlone)
        {
            transaction.Save(Savepoint);
        }

        try
        {
            await work.RunAsync(connection, transaction);
        }
        catch (Exception e)
        {
            work.Failure = e;
            // Some errors of the disk end the whole transaction.
            if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
            {
                throw;
            }

            if (!isAlone)
            {
                transaction.Rollback(Savepoint);
            }
        }

        if (!isAlone)
        {
            transaction.Release(Savepoint);
        }
    }

    /// <summary>What a work hands out for after the commit.</summary>
    internal sealed class Transaction
    {
        public Action? Committed { get; set; }
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }

    private abstract class Work
    {
        private int isTaken;

        public Exception? Failure { get; set; }

        public bool TryTake() => Interlocked.Exchange(ref isTaken, 1) == 0;

        public abstract Task RunAsync(SqliteKeptConnection connection, SqliteTransaction transaction);

        public abstract void Complete();

        public abstract void Fail(Exception e);
    }

    private sealed class Work<T>(Func<SqliteKeptConnection, SqliteTransaction, Transaction, Task<T>> work) : Work
    {
        private readonly TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ExecutionContext? caller = ExecutionContext.Capture();
        private readonly Transaction running = new();
        private T value = default!;

        public Task<T> Result => result.Task;

        public override async Task RunAsync(SqliteKeptConnection connection, SqliteTransaction transaction)
        {
            Task<T>? task = null;
            if (caller is null)
            {
                task = work(connection, transaction, running);
            }
            else
            {
                ExecutionContext.Run(caller, _ => task = work(connection, transaction, running), null);
            }

            value = await task!;
        }

        public override void Complete()
        {
            if (Failure is { } e)
            {
                result.SetException(e);
                return;
            }

            try
            {
                running.Committed?.Invoke();
                result.SetResult(value);
            }
            catch (Exception thrown)
            {
                result.SetException(thrown);
            }
        }

        public override void Fail(Exception e) => result.SetException(e);
    }
}
