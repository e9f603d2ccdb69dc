using System.Data.Common;
using Dapper;

namespace Sigmatiq.Store.Rows;

/// <summary>The calls into Dapper that every engine shares.</summary>
internal static class Statements
{
    public static async Task<IReadOnlyList<T>> QueryAsync<T>(
        DbConnection connection, DbTransaction? transaction, string sql, object? args, CancellationToken ct) =>
        (await connection.QueryAsync<T>(new CommandDefinition(sql, args, transaction, cancellationToken: ct))).AsList();

    public static Task<T?> FirstOrDefaultAsync<T>(
        DbConnection connection, DbTransaction? transaction, string sql, object? args, CancellationToken ct) =>
        connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, args, transaction, cancellationToken: ct));

    public static Task<int> ExecuteAsync(
        DbConnection connection, DbTransaction? transaction, string sql, object? args, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(sql, args, transaction, cancellationToken: ct));
}
