using System.Data.Common;
using Npgsql;

namespace Sigmatiq.Store.Rows;

/// <summary>The PostgreSQL driver for a library that brings its own statements and tables, such as the scheduler.</summary>
public static class PostgresDriver
{
    /// <summary>Makes connections.</summary>
    public static DbProviderFactory Factory => NpgsqlFactory.Instance;

    /// <summary>Connection string of a store, password included: never to be shown.</summary>
    public static string ConnectionString(PostgresAddress address) => address.ConnectionString;
}
