using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Sigmatiq.Store.Rows;

/// <summary>Open connections to one file, set up once each and lent out one by one.</summary>
internal sealed class SqliteConnections(string connectionString, string pragmas) : IDisposable
{
    private const int IdleMost = 16;

    private readonly ConcurrentBag<SqliteKeptConnection> idle = [];
    private volatile bool isClosed;
    private volatile int opening;

    /// <summary>Lends a connection; give it back with <see cref="Return"/> once it has no transaction, else dispose of it.</summary>
    public SqliteKeptConnection Take()
    {
        if (idle.TryTake(out SqliteKeptConnection? kept))
        {
            return kept;
        }

        SqliteKeptConnection connection = new(connectionString, opening);
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Takes a connection back.</summary>
    public void Return(SqliteKeptConnection connection)
    {
        if (isClosed || idle.Count >= IdleMost || connection.Opening != opening)
        {
            connection.Dispose();
        }
        else
        {
            idle.Add(connection);
        }
    }

    /// <summary>Lends out none of those that are open now again. Where a file cannot be opened for writing for a moment SQLite opens it for reading, and what
    /// the connections of a process share of it stays so until the last of them is closed.</summary>
    public void Renew()
    {
        Interlocked.Increment(ref opening);
        CloseIdle();
    }

    /// <summary>Closes what is idle now; what is lent out is closed when it comes back.</summary>
    public void Dispose()
    {
        isClosed = true;
        CloseIdle();
    }

    private void CloseIdle()
    {
        while (idle.TryTake(out SqliteKeptConnection? connection))
        {
            connection.Dispose();
        }
    }
}
