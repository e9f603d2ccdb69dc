using Microsoft.Data.Sqlite;

namespace Sigmatiq.Store.Rows;

/// <summary>A connection that is lent out again and again, with the statements that writers repeat: each is parsed once.</summary>
internal sealed class SqliteKeptConnection(string connectionString, int opening) : SqliteConnection(connectionString)
{
    // Statements come from the program's own text, so there are some hundreds at the most; what is made at run time must not pile up.
    private const int KeptMost = 200;

    private readonly Dictionary<string, (SqliteCommand Command, RowParameters Parameters)> kept = new(StringComparer.Ordinal);

    /// <summary>Which opening of the file it belongs to, see <see cref="SqliteConnections.Renew"/>.</summary>
    public int Opening => opening;

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it touched.</returns>
    public int Execute(SqliteTransaction transaction, string sql, RowParameters parameters, object args)
    {
        SqliteCommand command = Prepared(sql, parameters, args);
        command.Transaction = transaction;
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Prepared(string sql, RowParameters parameters, object args)
    {
        if (kept.TryGetValue(sql, out var found))
        {
            if (found.Parameters == parameters)
            {
                parameters.Set(found.Command.Parameters, args);
                return found.Command;
            }

            found.Command.Dispose();
        }
        else if (kept.Count >= KeptMost)
        {
            Forget();
        }

        SqliteCommand command = CreateCommand();
        command.CommandText = sql;
        parameters.Add(command.Parameters, command.CreateParameter, args);
        kept[sql] = (command, parameters);
        return command;
    }

    private void Forget()
    {
        foreach (var (command, _) in kept.Values)
        {
            command.Dispose();
        }

        kept.Clear();
    }
}
