using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Sigmatiq.Store.Rows;

/// <summary>Open connections to one file, set up once each and lent out one by one.</summary>
internal sealed class SqliteConnections(string connectionString, string pragmas) : IDisposable
{
    private const int IdleMost = 16;

    private readonly ConcurrentBag<SqliteConnection> idle = [];
    private volatile bool isClosed;

    /// <summary>Lends a connection; give it back with <see cref="Return"/> once it has no transaction, else dispose of it.</summary>
    public SqliteConnection Take()
    {
        if (idle.TryTake(out SqliteConnection? kept))
        {
            return kept;
        }

        SqliteConnection connection = new(connectionString);
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
    public void Return(SqliteConnection connection)
    {
        if (isClosed || idle.Count >= IdleMost)
        {
            connection.Dispose();
        }
        else
        {
            idle.Add(connection);
        }
    }

    /// <summary>Closes what is idle now; what is lent out is closed when it comes back.</summary>
    public void Dispose()
    {
        isClosed = true;
        while (idle.TryTake(out SqliteConnection? connection))
        {
            connection.Dispose();
        }
    }
}
