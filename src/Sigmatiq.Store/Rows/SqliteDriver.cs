using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Sigmatiq.Store.Rows;

/// <summary>The SQLite driver for a library that brings its own statements and tables, such as the scheduler.</summary>
public static class SqliteDriver
{
    /// <summary>Makes connections, on the system's SQLite.</summary>
    public static DbProviderFactory Factory => SqliteFactory.Instance;

    /// <summary>Connection string of a file of its own, which is made when first opened.</summary>
    public static string ConnectionString(string path) =>
        new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString();

    /// <summary>Closes the pooled connections to a file, so that it can be moved or deleted.</summary>
    public static void Release(string path)
    {
        using SqliteConnection connection = new(ConnectionString(path));
        SqliteConnection.ClearPool(connection);
    }
}
