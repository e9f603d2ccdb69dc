using Microsoft.Data.Sqlite;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Rows;

/// <summary>The tables of an SQLite file, read or filled within one transaction.</summary>
internal sealed class SqliteTables(SqliteConnection connection, SqliteTransaction transaction) : ITableSource, ITableTarget
{
    private const string Numbering = "select count(*) from sqlite_master where name = 'sqlite_sequence'";

    public async Task<IReadOnlyList<StoredTable>> TablesAsync(CancellationToken ct)
    {
        List<StoredTable> tables = [];
        foreach (string name in await QueryAsync<string>("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name", null, ct))
        {
            tables.Add(new(name, [.. (await QueryAsync<ColumnRow>("select name, type from pragma_table_info(@name) order by name", new { name }, ct))
                .Select(c => new StoredColumn(c.Name, KindOf(c.Type))).OrderBy(c => c.Name, StringComparer.Ordinal)]));
        }

        return [.. tables.OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    public async Task<TableSum> CopyAsync(StoredTable table, Stream to, CancellationToken ct)
    {
        await using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = TableLines.SelectOf(table);
        await using SqliteDataReader rows = await command.ExecuteReaderAsync(ct);
        return await TableLines.WriteAsync(table, rows, to, ct);
    }

    public Task<TableSum> FillAsync(StoredTable table, Stream from, CancellationToken ct) => TableLines.ReadAsync(table, from, connection, transaction, ct);

    public async Task<IReadOnlyDictionary<string, long>> CountersAsync(CancellationToken ct) =>
        (await QueryAsync<long>(Numbering, null, ct))[0] == 0 ? new Dictionary<string, long>()
            : (await QueryAsync<CounterRow>("select name, seq from sqlite_sequence order by name", null, ct)).ToDictionary(c => c.Name, c => c.Seq, StringComparer.Ordinal);

    public async Task CountFromAsync(string table, long last, CancellationToken ct)
    {
        if (await ExecuteAsync("update sqlite_sequence set seq = @last where name = @table", new { last, table }, ct) == 0)
        {
            await ExecuteAsync("insert into sqlite_sequence (name, seq) values (@table, @last)", new { table, last }, ct);
        }
    }

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) =>
        Statements.QueryAsync<T>(connection, transaction, SqlDialect.Sqlite.Expand(sql), args, ct);

    /// <summary>Empties every table and takes the triggers down.</summary>
    /// <returns>The triggers, to be put up again.</returns>
    public async Task<IReadOnlyList<string>> EmptyAsync(CancellationToken ct)
    {
        IReadOnlyList<TriggerRow> triggers = await QueryAsync<TriggerRow>("select name, sql from sqlite_master where type = 'trigger' order by name", null, ct);
        foreach (TriggerRow trigger in triggers)
        {
            await ExecuteAsync($"drop trigger {TableLines.Quoted(trigger.Name)}", null, ct);
        }

        foreach (StoredTable table in await TablesAsync(ct))
        {
            await ExecuteAsync($"delete from {TableLines.Quoted(table.Name)}", null, ct);
        }

        return [.. triggers.Select(t => t.Sql)];
    }

    /// <summary>Puts the triggers up again and looks whether every reference is met.</summary>
    public async Task GuardAsync(IReadOnlyList<string> triggers, CancellationToken ct)
    {
        foreach (string trigger in triggers)
        {
            await ExecuteAsync(trigger, null, ct);
        }

        if (await QueryAsync<ReferenceRow>("select \"table\" as child, parent from pragma_foreign_key_check limit 1", null, ct) is [var broken])
        {
            throw new ProblemException("STO-1007", $"A row of {broken.Child} refers to one of {broken.Parent} that is not there.", broken.Child);
        }
    }

    private Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => Statements.ExecuteAsync(connection, transaction, sql, args, ct);

    private static StoredKind KindOf(string type) => type.ToUpperInvariant() switch
    {
        "INTEGER" or "INT" => StoredKind.Whole,
        "REAL" => StoredKind.Real,
        "BLOB" => StoredKind.Bytes,
        _ => StoredKind.Text,
    };

    private sealed record ColumnRow(string Name, string Type);

    private sealed record CounterRow(string Name, long Seq);

    private sealed record TriggerRow(string Name, string Sql);

    private sealed record ReferenceRow(string Child, string Parent);
}
